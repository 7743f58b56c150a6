/**
 * A repair plan for people and for programs: the answer of `fix`, and the plan inside every report of a check.
 */
#ifndef CW_REPORT_PLAN_PLAN_REPORT_H
#define CW_REPORT_PLAN_PLAN_REPORT_H

#include "plan/renewal.h"
#include "report/json.h"
#include "report/text/layout.h"

/**
 * Marked text (report/text/layout.h): the steps phase by phase, in it box by box; nothing for no steps. `whole`
 * false: those of the first box, and how many more there are.
 */
void cw_plan_report_steps(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair *plan, bool whole);
/** Marked text: what no plan ends, and who must decide; nothing where there is none. */
void cw_plan_report_leaves(struct cw_buffer *marked, const struct cw_repair *plan);

CW_MUST_USE bool cw_plan_report_text(const struct cw_check *check, const struct cw_repair *plan,
	struct cw_layout_look look, struct cw_buffer *ret, struct cw_error *error);
/** `line`: on one line, as of several deployments. */
CW_MUST_USE bool cw_plan_report_json(const struct cw_check *check, const struct cw_repair *plan, bool line,
	struct cw_buffer *ret, struct cw_error *error);

/** A renewal: its steps, and what is down after each. */
CW_MUST_USE bool cw_plan_report_renewal_text(const struct cw_deployment *deployment,
	const struct cw_renewal *renewal, struct cw_layout_look look, struct cw_buffer *ret,
	struct cw_error *error);
CW_MUST_USE bool cw_plan_report_renewal_json(const struct cw_deployment *deployment, cw_time at,
	const struct cw_renewal *renewal, struct cw_buffer *ret, struct cw_error *error);

/** The value of "plan"; NULL: no memory. */
json_t *cw_plan_report_object(const struct cw_deployment *deployment, const struct cw_repair *plan);
/** The value of "alternatives", or of "workarounds"; NULL: no memory. */
json_t *cw_plan_report_alternatives(
	const struct cw_deployment *deployment, const struct cw_repair *plan, bool workarounds);
/** One step of the plan (NULL: of none) as programs read it; NULL: no memory. */
json_t *cw_plan_report_step(const struct cw_deployment *deployment, const struct cw_repair_step *step,
	size_t number, const struct cw_repair *plan);

#endif
