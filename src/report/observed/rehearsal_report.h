/**
 * The report of a rehearsal: the table of `check` with a second column, what really happened.
 */
#ifndef CW_REPORT_OBSERVED_REHEARSAL_REPORT_H
#define CW_REPORT_OBSERVED_REHEARSAL_REPORT_H

#include "base/buffer.h"
#include "observe/observed.h"
#include "report/text/layout.h"

/** Appends the text, with colour or without. Fails for want of memory only. */
CW_MUST_USE bool cw_rehearsal_report_text(const struct cw_observed_set *set, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error);

/** Appends one JSON object. Keys may be added, never renamed. */
CW_MUST_USE bool cw_rehearsal_report_json(
	const struct cw_observed_set *set, struct cw_buffer *ret, struct cw_error *error);

/** Appends a page: the rehearsal's table, then the report of the check. */
CW_MUST_USE bool cw_rehearsal_report_html(
	const struct cw_observed_set *set, struct cw_buffer *ret, struct cw_error *error);

#endif
