/**
 * What a node shows on a link: which of its identities, and the chain that it puts on the wire.
 */
#ifndef CW_MODEL_PRESENTED_H
#define CW_MODEL_PRESENTED_H

#include "model/link.h"

/** Which identity the link's server (else its client) presents. False: that end never shows one (endpoints).
 */
bool cw_presented_identity(const struct cw_link_ends *ends, bool server, enum cw_identity_kind *ret);

/** The node's list from which it fills up what it sends behind this identity. */
enum cw_store_kind cw_presented_store(enum cw_identity_kind identity);

/** One of the link's ends asks for the other's certificate and looks at it. */
bool cw_presented_asked(const struct cw_link_ends *ends, bool client);

/**
 * The chain that the node sends for an identity that is known (`sends`, docs/rules.md; rule 16: the leaf alone
 * where its list is unknown). Borrowed, leaf first; returns the number.
 */
size_t cw_presented_chain(
	const struct cw_node *node, enum cw_identity_kind kind, struct cw_cert *ret[CW_PATH_DEPTH_MAX]);

#endif
