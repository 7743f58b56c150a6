/**
 * Who needs an entry of a trust list: the paths that links were judged by, and the chain that the node itself
 * sends.
 *
 * Found once for a node, in one walk over the links, so that lists of many thousand entries cost no more than their
 * length. Private to the check and plan layers and to what proposes removals.
 */
#ifndef CW_CHECK_USAGE_H
#define CW_CHECK_USAGE_H

#include "check/check.h"

enum cw_usage { CW_UNUSED, CW_USED, CW_USAGE_UNKNOWN };

/** What the lists of one node are needed for. Borrows from the check. */
struct cw_usage_set {
	const struct cw_cert **items[CW_STORE_KIND_COUNT]; /* needed in that list; a few, each once */
	size_t counts[CW_STORE_KIND_COUNT];
	size_t capacities[CW_STORE_KIND_COUNT];
	bool asked[CW_STORE_KIND_COUNT];
	bool unknown[CW_STORE_KIND_COUNT]; /* a link that asks this list is not known in full */
};

void cw_usage_set_finish(struct cw_usage_set *set);
#define AUTO_USAGE_SET __attribute__((cleanup(cw_usage_set_finish))) struct cw_usage_set

/** Looks at every link. `cache` (may be NULL) is that of the check. False: no memory. */
CW_MUST_USE bool cw_usage_set_find(const struct cw_check *check, const struct cw_node *node,
	struct cw_cache *cache, struct cw_usage_set *ret);

/** CW_USAGE_UNKNOWN: a link that asks this store is not known in full, or nobody asks it at all. */
enum cw_usage cw_usage_in(
	const struct cw_usage_set *set, enum cw_store_kind kind, const struct cw_cert *cert);

/** The same for one entry of one node, where no more than that is asked. */
enum cw_usage cw_usage_of(const struct cw_check *check, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_cert *cert);

#endif
