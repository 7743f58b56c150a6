/**
 * Orders that do no harm: of what a check would have deleted by itself, what may be told.
 *
 * While something is refused no deletion is ordered but by a plan: what stands in a list may be the way back. Else
 * the deletions are laid over the deployment together, and where something is worse then, now or at a date of the
 * next CW_REPAIR_DAYS days on which something changes, one after the other; those after which it is are not told.
 */
#ifndef CW_PLAN_HARMLESS_H
#define CW_PLAN_HARMLESS_H

#include "plan/repair.h"

/** Takes the remedies away that would do harm. `options` are those of the check. */
CW_MUST_USE bool cw_harmless_remedies(
	struct cw_check *check, const struct cw_check_options *options, struct cw_error *error);

/** A deployment and its answers now and at dates to come: for proofs of many changes. */
struct cw_harmless_proof;

CW_MUST_USE bool cw_harmless_proof_new(const struct cw_deployment *deployment,
	const struct cw_check_options *options, struct cw_harmless_proof **ret, struct cw_error *error);
void cw_harmless_proof_free(struct cw_harmless_proof *proof);
CW_DEFINE_AUTO(struct cw_harmless_proof *, cw_harmless_proof_free)

/**
 * What is worse with these changes: "tunnel c1 e1 would be refused from 2027-01-05 on, is pass"; NULL: nothing. The
 * caller frees it.
 */
CW_MUST_USE bool cw_harmless_proof_ask(struct cw_harmless_proof *proof,
	const struct cw_whatif_change *changes, size_t count, char **ret, struct cw_error *error);

/** How many dates are looked at besides now. */
size_t cw_harmless_proof_dates(const struct cw_harmless_proof *proof);

#endif
