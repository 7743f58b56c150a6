/**
 * Reports as JSON, for programs: the shape of docs/design.md. Keys may be added, never renamed; what does not
 * apply is null, never left out. Passwords are in no report.
 */
#ifndef CW_REPORT_REPORT_JSON_H
#define CW_REPORT_REPORT_JSON_H

#include "check/check.h"
#include "report/json.h"

/** Appends a whole check: indented, or in one line (several deployments: one object a line). */
CW_MUST_USE bool cw_report_json(
	const struct cw_check *check, bool one_line, struct cw_buffer *ret, struct cw_error *error);

/** Who signs in and who does not: the array `services` of a check. NULL: no memory. */
json_t *cw_report_json_services(const struct cw_check *check);

/** One finding; `complaint` gives judge, store and remedy, and may be NULL. NULL: no memory. */
json_t *cw_report_json_finding(const struct cw_finding *finding, const struct cw_complaint *complaint);

/**
 * What to do, as a remedy of a finding and as a step of a plan: `store` for a list, `identity` for a certificate,
 * `purposes` a list. null for no action. NULL: no memory.
 */
json_t *cw_report_json_remedy(const struct cw_remedy *remedy);

#endif
