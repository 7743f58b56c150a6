/**
 * The sides of a link: who asks what about whose certificate, and how severe the answers are (design.md §4).
 *
 * One table holds it: identity, store, purpose, names, and every override of severity (Jabber, permissive
 * clusters, CUCM's clientAuth, discovery). Nothing else in Causeway knows them. Private to the deploy layer.
 */
#ifndef CW_DEPLOY_SIDE_H
#define CW_DEPLOY_SIDE_H

#include "deploy/check.h"

/** Asks every question of the link; fills its sides and adds their complaints, not yet in handshake order. */
CW_MUST_USE bool cw_link_ask(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_link *link, struct cw_error *error);

#endif
