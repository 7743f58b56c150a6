/**
 * The order of a chain: the leaf, then who issued it, up to the root; by names and signatures, nothing
 * judged.
 */
#ifndef CW_WORKBENCH_CHAIN_ORDER_H
#define CW_WORKBENCH_CHAIN_ORDER_H

#include "pki/pool.h"
#include "trust/judge.h"

struct cw_chain_order {
	struct cw_cert *steps[CW_PATH_DEPTH_MAX]; /* borrowed, leaf first */
	size_t count;
	bool complete; /* ends in a self-signed certificate */
};

/** Follows the issuers of `leaf` through the pool: right name, and a signature that verifies. */
void cw_chain_order_follow(const struct cw_pool *pool, struct cw_cert *leaf, struct cw_chain_order *ret);

/** Index of the entry that stands lowest: the one that issued no other of the bundle. */
size_t cw_chain_order_leaf(const struct cw_bundle *bundle);

#endif
