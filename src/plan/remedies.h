/**
 * What repairs each finding of a check: one remedy a complaint, an action on a named store of a named node.
 *
 * Finding by finding, not proven as a whole: that is what plans are for. struct cw_remedy is in check/remedy.h.
 */
#ifndef CW_PLAN_REMEDIES_H
#define CW_PLAN_REMEDIES_H

#include "check/check.h"

/** Fills the remedy of every complaint. `cache`: what the check was made with, or NULL. */
CW_MUST_USE bool cw_remedies_find(struct cw_check *check, struct cw_cache *cache, struct cw_error *error);

/** A check (cw_check_run) with the remedies of all that it found. */
CW_MUST_USE bool cw_remedies_check(const struct cw_deployment *deployment,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error);

#endif
