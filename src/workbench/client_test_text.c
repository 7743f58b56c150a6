#include "report/text/layout.h"
#include "workbench/client_test.h"
#include "workbench/crl/crl_note.h"

#define LABEL_WIDTH 20

static void labelled(struct cw_buffer *ret, const char *label, const char *text)
{
	AUTO_BUFFER prefix = {0};
	cw_buffer_printf(&prefix, "  %-*s", LABEL_WIDTH, label);
	cw_layout_wrap(ret, cw_buffer_string(&prefix), LABEL_WIDTH + 2, text);
	ret->failed |= prefix.failed;
}

const char *cw_client_test_meaning(
	const struct cw_client_question *question, const struct cw_client_answer *answer)
{
	if (!answer->judged)
		return "A decoded certificate is text: only the pattern was tried. Give the certificate "
		       "itself (PEM) to have it tested.";
	if (answer->crl_only)
		return "No CRL is in use here. Then this text means that the certificate would be trusted "
		       "and has passed all other verification checks.";
	if (answer->good && question->revocation == CW_CLIENT_REVOCATION_NONE)
		return "The certificate is trusted. Revocation was not looked at.";
	if (answer->good)
		return "The certificate is trusted, and no CRL revokes it.";
	return "The certificate would be refused. The page gives one reason; these are all of them:";
}

static void reasons(struct cw_buffer *ret, const struct cw_client_answer *answer)
{
	for (size_t i = 0; i < answer->judgement.findings.count; i++) {
		const struct cw_finding *finding = &answer->judgement.findings.items[i];
		const struct cw_finding_row *row = cw_finding_row(finding->code);
		AUTO_BUFFER line = {0};
		if (finding->severity < CW_SEVERITY_WARN)
			continue;
		cw_finding_line(&line, finding, NULL);
		cw_layout_wrap(ret, "  ", 4, cw_buffer_string(&line));
		cw_layout_wrap(ret, "    > ", 6, row->advice);
		ret->failed |= line.failed;
	}
}

static void groups(struct cw_buffer *ret, const struct cw_client_question *question,
	const struct cw_client_answer *answer)
{
	AUTO_BUFFER line = {0};
	if (!answer->pattern.matched) {
		cw_buffer_printf(&line, "The pattern %s matches nothing in the decoded certificate.",
			question->pattern);
		cw_layout_wrap(ret, "  ", 2, cw_buffer_string(&line));
	}
	for (size_t i = 0; answer->pattern.matched && i < answer->pattern.names.count; i++)
		cw_buffer_printf(ret, "  #%s# is \"%s\"\n", answer->pattern.names.items[i],
			answer->pattern.values.items[i]);
	ret->failed |= line.failed;
}

/* The answer in one line, before the page's words, which say "Invalid" of what is fine. */
static void headline(struct cw_buffer *ret, const struct cw_client_answer *answer)
{
	const char *name = answer->pattern.username;
	AUTO_BUFFER line = {0};
	if (!answer->judged)
		cw_buffer_text(&line, "Not judged");
	else
		cw_buffer_text(&line, answer->good ? "Trusted" : "Refused");
	if (name && *name)
		cw_buffer_printf(&line, "; the user name that comes out: %s", name);
	else
		cw_buffer_text(&line, "; no user name comes out");
	cw_buffer_text(ret, CW_MARK_BOLD);
	cw_layout_wrap(ret, "", 2, cw_buffer_string(&line));
	cw_buffer_text(ret, CW_MARK_END "\n");
	ret->failed |= line.failed;
}

void cw_client_test_text(struct cw_buffer *ret, const struct cw_client_question *question,
	const struct cw_client_answer *answer)
{
	headline(ret, answer);
	cw_buffer_text(ret, "Certificate test results, as the page has them\n");
	labelled(ret, "Valid certificate:", answer->page);
	labelled(ret, "Resulting string:", answer->pattern.username ? answer->pattern.username : "");
	cw_buffer_text(ret, "\nWhat that means\n");
	cw_layout_wrap(ret, "  ", 2, cw_client_test_meaning(question, answer));
	reasons(ret, answer);
	groups(ret, question, answer);
	for (size_t i = 0; i < question->crl_count; i++)
		cw_crl_note(ret, question->crls[i]);
}

void cw_client_test_decoded(struct cw_buffer *ret, const struct cw_client_question *question)
{
	cw_buffer_text(ret, "\nThe certificate, decoded\n");
	cw_buffer_append(ret, question->text, question->text_length);
	if (question->text_length && question->text[question->text_length - 1] != '\n')
		cw_buffer_char(ret, '\n');
}

json_t *cw_client_test_json(const struct cw_client_answer *answer)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *codes = json_array();
	json_t *named = json_object();
	for (size_t i = 0; i < answer->judgement.findings.count; i++)
		cw_json_add(&json, codes,
			cw_json_text(cw_finding_code_name(answer->judgement.findings.items[i].code)));
	for (size_t i = 0; i < answer->pattern.names.count; i++)
		cw_json_put(&json, named, answer->pattern.names.items[i],
			cw_json_text(answer->pattern.values.items[i]));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "valid_certificate", cw_json_text(answer->page));
	cw_json_put(&json, object, "trusted", answer->judged ? json_boolean(answer->good) : json_null());
	cw_json_put(&json, object, "only_crl_missing", json_boolean(answer->crl_only));
	cw_json_put(&json, object, "codes", codes);
	cw_json_put(&json, object, "pattern_matched", json_boolean(answer->pattern.matched));
	cw_json_put(&json, object, "groups", named);
	cw_json_put(&json, object, "resulting_string", cw_json_text(answer->pattern.username));
	return json.failed ? NULL : TAKE(object);
}
