/**
 * What else would do besides a plan, in words: alternatives to its steps, and workarounds until it is done.
 */
#ifndef CW_REPORT_PLAN_PLAN_ALTERNATIVES_H
#define CW_REPORT_PLAN_PLAN_ALTERNATIVES_H

#include "base/buffer.h"
#include "plan/repair.h"

/** Marked text (report/text/layout.h); nothing where there are none. */
void cw_plan_alternatives_text(
	struct cw_buffer *marked, const struct cw_deployment *deployment, const struct cw_repair *plan);

/**
 * In a report of a check, how many there are and what tells them, in one line: "2 other ways, 1
 * workaround for tonight: "causeway fix" tells all". Nothing where none was found and all was looked for.
 */
void cw_plan_alternatives_count(struct cw_buffer *ret, const struct cw_repair *plan);

/** "step 1", "steps 1, 2 and 4": in whose place an alternative is. */
void cw_plan_alternatives_instead(struct cw_buffer *ret, const struct cw_repair_alternative *alternative);

#endif
