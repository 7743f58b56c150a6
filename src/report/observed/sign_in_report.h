/**
 * A sign-in from outside, in text for people and in JSON for programs.
 *
 * Names and phrases that came over the network are others' text and are escaped.
 */
#ifndef CW_REPORT_OBSERVED_SIGN_IN_REPORT_H
#define CW_REPORT_OBSERVED_SIGN_IN_REPORT_H

#include "base/buffer.h"
#include "observe/sign_in.h"
#include "report/text/layout.h"

struct cw_sign_in_report {
	const struct cw_sign_in *sign_in;
	const struct cw_service *predicted; /* what a check of the deployment's files says of it; or NULL */
};

CW_MUST_USE bool cw_sign_in_report_text(const struct cw_sign_in_report *report, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error);
CW_MUST_USE bool cw_sign_in_report_json(
	const struct cw_sign_in_report *report, struct cw_buffer *ret, struct cw_error *error);

#endif
