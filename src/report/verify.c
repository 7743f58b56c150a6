#include "report/verify.h"

#include "report/chain_text.h"
#include "report/text/layout.h"

const char *cw_verify_purpose_name(enum cw_purpose purpose)
{
	switch (purpose) {
	case CW_PURPOSE_ANY:
		return "any";
	case CW_PURPOSE_SERVER:
		return "server";
	case CW_PURPOSE_CLIENT:
		return "client";
	case CW_PURPOSE_EITHER:
		break;
	}
	return "either";
}

static void headline(struct cw_buffer *ret, const struct cw_verify *verify)
{
	const struct cw_judge_question *question = verify->question;
	char at[CW_TIME_TEXT_SIZE], release[CW_RELEASE_TEXT_SIZE];
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s: %s%s" CW_MARK_END " (%s, purpose %s", verify->path,
		cw_layout_verdict_mark(verify->judgement->verdict),
		cw_finding_verdict_name(verify->judgement->verdict), cw_cert_label(question->chain[0]),
		cw_verify_purpose_name(question->purpose));
	for (size_t i = 0; i < question->name_count; i++)
		cw_buffer_printf(&line, ", name %s", question->names[i].names[0]);
	cw_buffer_printf(&line, ", profile %s, release %s, as of %s)",
		cw_judge_profile_name(question->profile), cw_release_text(verify->release, release),
		cw_time_format(question->at, at));
	cw_layout_wrap(ret, "", 2, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void finding_text(struct cw_buffer *ret, const struct cw_finding *finding)
{
	const struct cw_finding_row *row = cw_finding_row(finding->code);
	AUTO_BUFFER line = {0};
	cw_finding_line(&line, finding, NULL);
	cw_layout_wrap(ret, "  ", 4, cw_buffer_string(&line));
	cw_layout_wrap(ret, "    > ", 6, row->advice);
	ret->failed |= line.failed;
}

/* The first finding that a drawing of the chain makes clearer. */
static const struct cw_finding *drawn_finding(const struct cw_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (cw_chain_text_matters(findings->items[i].code))
			return &findings->items[i];
	return NULL;
}

void cw_verify_text(struct cw_buffer *ret, const struct cw_verify *verify)
{
	const struct cw_findings *findings = &verify->judgement->findings;
	headline(ret, verify);
	for (size_t i = 0; i < findings->count; i++)
		finding_text(ret, &findings->items[i]);
	cw_buffer_char(ret, '\n');
	cw_chain_text(ret, 2, &verify->judgement->path, drawn_finding(findings));
	for (size_t i = 0; verify->notes && i < verify->notes->count; i++)
		cw_layout_wrap(ret, "  note: ", 4, verify->notes->items[i]);
}
