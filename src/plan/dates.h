/**
 * The dates on which answers of a deployment can change by themselves: certificates and CRLs begin and end.
 */
#ifndef CW_PLAN_DATES_H
#define CW_PLAN_DATES_H

#include "check/check.h"

/** In order, none twice. */
struct cw_dates {
	cw_time *items;
	size_t count;
	size_t capacity;
};

void cw_dates_finish(struct cw_dates *dates);
#define AUTO_DATES __attribute__((cleanup(cw_dates_finish))) struct cw_dates

/** Those after `from` and up to `until`: the first second on which something has ended. */
CW_MUST_USE bool cw_dates_find(
	const struct cw_deployment *deployment, cw_time from, cw_time until, struct cw_dates *ret);

/** Adds those of what the check's paths rest on: certificates that were sent or found, and revocation lists. */
CW_MUST_USE bool cw_dates_of_paths(const struct cw_check *check, cw_time until, struct cw_dates *dates);

#endif
