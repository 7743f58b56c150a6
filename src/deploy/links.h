/**
 * Which links a deployment has: who connects to whom, by which address and port (design.md §4).
 *
 * Derives, and judges nothing. Private to the deploy layer; results in check.h.
 */
#ifndef CW_DEPLOY_LINKS_H
#define CW_DEPLOY_LINKS_H

#include "deploy/check.h"

/** Fills check->links, in the order of the table of design.md §4, each with an id that never repeats. */
CW_MUST_USE bool cw_links_derive(struct cw_check *check, struct cw_error *error);

void cw_link_free(struct cw_link *link);

/** C has switched on "TLS verify mode" for this CUCM (the CUCM cluster's own setting goes before C's; default
 * on). */
bool cw_cucm_tls_verify(const struct cw_group *c, const struct cw_group *cucm);

#endif
