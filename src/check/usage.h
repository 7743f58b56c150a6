/**
 * Who needs an entry of a trust list: the paths that links were judged by, and the chain that the node itself
 * sends.
 *
 * Private to the deploy layer.
 */
#ifndef CW_CHECK_USAGE_H
#define CW_CHECK_USAGE_H

#include "check/check.h"

enum cw_usage { CW_UNUSED, CW_USED, CW_USAGE_UNKNOWN };

/** CW_USAGE_UNKNOWN: a link that asks this store is not known in full, or nobody asks it at all. */
enum cw_usage cw_usage_of(const struct cw_check *check, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_cert *cert);

#endif
