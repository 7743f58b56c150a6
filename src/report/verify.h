/**
 * One certificate judged against one list (`cert verify`): the judgement for people and as JSON.
 */
#ifndef CW_REPORT_VERIFY_H
#define CW_REPORT_VERIFY_H

#include "model/release.h"
#include "report/json.h"
#include "trust/judge.h"

/** What was asked, beside the judge's question itself. */
struct cw_verify {
	const char *path; /* of the certificate's file, as typed */
	struct cw_release release;
	const struct cw_judge_question *question;
	const struct cw_judgement *judgement;
	const struct cw_strings *notes; /* what was read over or left out of the files; or NULL */
};

/** Appends marked text (report/text/layout.h): verdict, every finding, the chain as the judge sees it. */
void cw_verify_text(struct cw_buffer *ret, const struct cw_verify *verify);

/** NULL: no memory. */
json_t *cw_verify_json(const struct cw_verify *verify);

/** "any", "server", "client", "either". */
const char *cw_verify_purpose_name(enum cw_purpose purpose);

#endif
