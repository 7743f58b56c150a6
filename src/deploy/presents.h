/**
 * What a node shows on a link: which of its identities, and the chain that it puts on the wire.
 */
#ifndef CW_DEPLOY_PRESENTS_H
#define CW_DEPLOY_PRESENTS_H

#include "deploy/check.h"

/** Which identity the link's server (else its client) presents. False: that end never shows one (endpoints).
 */
bool cw_link_presents(const struct cw_link *link, bool server, enum cw_identity_kind *ret);

/** One of the link's ends asks for the other's certificate and looks at it. */
bool cw_link_end_asks(const struct cw_link *link, bool client);

/**
 * The chain that the node sends for an identity that is known (`sends`, design.md §3; rule 16: the leaf alone
 * where its list is unknown). Borrowed, leaf first; returns the number.
 */
size_t cw_node_sends(
	const struct cw_node *node, enum cw_identity_kind kind, struct cw_cert *ret[CW_PATH_DEPTH_MAX]);

/** Expressway-C or -E; false for NULL. */
bool cw_node_is_expressway(const struct cw_node *node);

#endif
