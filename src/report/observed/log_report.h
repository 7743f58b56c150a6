/**
 * What logs say, in text for people and in JSON for programs: incidents, not lines.
 *
 * Each incident: who refused whom, how often, from when to when, what it means, what it is mistaken for and
 * what to do; what is no certificate fault stands apart. With a checked deployment (with remedies): the link,
 * what the present files say of it, the list and the page where it is repaired. Lines of a log are others' text
 * and are escaped.
 */
#ifndef CW_REPORT_OBSERVED_LOG_REPORT_H
#define CW_REPORT_OBSERVED_LOG_REPORT_H

#include "check/check.h"
#include "observe/log/log_scan.h"
#include "report/text/layout.h"

struct cw_log_report {
	const struct cw_log_result *result;
	const struct cw_strings *troubles; /* what could not be read, a sentence each */
	const struct cw_check *check;	   /* of the deployment, or NULL */
};

CW_MUST_USE bool cw_log_report_text(const struct cw_log_report *report, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error);
CW_MUST_USE bool cw_log_report_json(
	const struct cw_log_report *report, struct cw_buffer *ret, struct cw_error *error);

#endif
