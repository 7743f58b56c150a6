/**
 * The parts of a renewal, for its files (renewal*.c) only.
 */
#ifndef CW_PLAN_RENEWAL_PARTS_H
#define CW_PLAN_RENEWAL_PARTS_H

#include "plan/renewal.h"

struct renewing {
	const struct cw_deployment *deployment;
	const struct cw_check_options *options;
	struct cw_check *before;
	EVP_PKEY *key; /* of stand-ins */
	struct cw_renewal *renewal;
	struct cw_error *error;
};

/** Steps in an order; they belong to whoever made them. */
struct renewal_order {
	struct cw_repair_step **items;
	size_t count, capacity;
};

CW_MUST_USE bool renewal_order_put(
	struct renewal_order *order, struct cw_repair_step *step, size_t place, struct cw_error *error);
void renewal_order_take(struct renewal_order *order, size_t place);
void renewal_order_finish(struct renewal_order *order);

/** The check after the first `count` steps of `order`. The caller frees both. */
CW_MUST_USE bool renewal_judge(struct renewing *renewing, const struct renewal_order *order, size_t count,
	struct cw_whatif **ret_changed, struct cw_check **ret);

/** How many links that worked do not in `now`. */
size_t renewal_count_broken(const struct renewing *renewing, const struct cw_check *now);

/**
 * Sorts list changes into those that can be made on any day (`early`: no link is worse after them) and the others, and
 * puts these into `window` where they keep the fewest links down for the fewest steps.
 */
CW_MUST_USE bool renewal_place_lists(struct renewing *renewing, const struct renewal_order *lists,
	struct renewal_order *early, struct renewal_order *window);

/** Judges every state of the plan; finds what breaks, and what is wrong with the certificates. */
CW_MUST_USE bool renewal_judge_states(
	struct renewing *renewing, const struct cw_renewal_cert *certs, size_t count);

#endif
