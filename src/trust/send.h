/**
 * What a box puts on the wire: its leaf, followed by those of its issuers that stand in its own trust store.
 *
 * sources F1.3: boxes send by name, without a look at signatures, so a stale CA of the right name goes out
 * as well.
 */
#ifndef CW_TRUST_SEND_H
#define CW_TRUST_SEND_H

#include "trust/judge.h"

/**
 * The chain that a node with this list sends, leaf first, up to the root where the list holds it. `profile`
 * is the node's own search. At most CW_PATH_DEPTH_MAX certificates, borrowed, into `ret`; returns their
 * number.
 */
size_t cw_send_chain(struct cw_cert *leaf, const struct cw_trust_list *list, enum cw_profile profile,
	struct cw_cert *ret[CW_PATH_DEPTH_MAX]);

#endif
