/**
 * What is said of a captured session that belongs to a link: judged as sent, beside what check predicts.
 */
#ifndef CW_REPORT_OBSERVED_SESSION_VERDICT_H
#define CW_REPORT_OBSERVED_SESSION_VERDICT_H

#include "observe/session_judge.h"

/** Lines of text, or a member of the connection's JSON object ("\"link\":{…}"), appended. */
void cw_session_verdict_text(struct cw_buffer *out, const struct cw_session_verdict *verdict);
CW_MUST_USE bool cw_session_verdict_json(
	struct cw_buffer *out, const struct cw_session_verdict *verdict, struct cw_error *error);

#endif
