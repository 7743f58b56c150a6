/**
 * What changed between two checks, for people and for programs: the answers of whatif and diff.
 */
#ifndef CW_REPORT_PLAN_COMPARE_REPORT_H
#define CW_REPORT_PLAN_COMPARE_REPORT_H

#include "base/buffer.h"
#include "plan/compare.h"
#include "report/text/layout.h"

/** `before` and `after` are the checks that were compared. */
CW_MUST_USE bool cw_compare_report_text(const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_layout_look look, struct cw_buffer *ret,
	struct cw_error *error);
CW_MUST_USE bool cw_compare_report_json(const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_buffer *ret, struct cw_error *error);

#endif
