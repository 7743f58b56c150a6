#include "node/work/work_client.h"

#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_yaml.h"
#include "workbench/client_test.h"

#include <string.h>

/* --- pattern and format: the question's, else those that are kept, else as the page comes --- */

bool cw_work_client_pattern(struct cw_work_call *call, const char **ret_pattern, const char **ret_format)
{
	const struct cw_node_file *file = call->core->snapshot->file;
	if (!cw_work_call_text(call, "pattern", ret_pattern) ||
		!cw_work_call_text(call, "format", ret_format))
		return false;
	if (!*ret_pattern || !**ret_pattern)
		*ret_pattern = file->cba_pattern ? file->cba_pattern : CW_PATTERN_DEFAULT;
	if (!*ret_format || !**ret_format)
		*ret_format = file->cba_format ? file->cba_format : CW_USERNAME_DEFAULT;
	return true;
}

void cw_work_client_words(const char *mode, const char *pattern, const char *format, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "client-certificates:\n  mode: %s\n  pattern: ", mode);
	cw_work_yaml_quote(ret, pattern);
	cw_buffer_text(ret, "\n  format: ");
	cw_work_yaml_quote(ret, format);
	cw_buffer_char(ret, '\n');
}

const char *cw_work_client_mode(enum cw_node_file_cba mode)
{
	static const char *const names[] = {[CW_CBA_NOT_REQUIRED] = "not-required",
		[CW_CBA_VALIDATION] = "validation",
		[CW_CBA_AUTHENTICATION] = "authentication"};
	return names[mode];
}

/* --- the test --- */

struct tested {
	struct cw_buffer file, text; /* as it came; decoded */
	struct cw_bundle bundle;
	struct cw_cert *leaf; /* borrowed; NULL: plain text */
};

static void tested_finish(struct tested *tested)
{
	cw_buffer_finish(&tested->file);
	cw_buffer_finish(&tested->text);
	cw_bundle_finish(&tested->bundle);
}

#define AUTO_TESTED __attribute__((cleanup(tested_finish))) struct tested

/* The browser's own certificate comes as PEM, an uploaded test file in Base64. */
static bool read_source(struct cw_work_call *call, struct tested *ret)
{
	const char *browser;
	bool given;
	if (!cw_work_call_lines(call, "browser", &browser) ||
		!cw_work_call_file(call, "file", &ret->file, &given))
		return false;
	if (!given && browser)
		cw_buffer_text(&ret->file, browser);
	else if (!given)
		return cw_work_call_refuse(call, 400, "Select the file you want to test.",
			"file: wanted a client certificate, found no file");
	return cw_buffer_ok(&ret->file, call->error);
}

/* A certificate in any form, or its decoded text, which the page takes as well. */
static bool read_certificate(struct cw_work_call *call, struct cw_pool *pool, struct tested *ret)
{
	const char *text = cw_buffer_string(&ret->file), *name;
	if (!cw_work_call_file_name(call, "the test file", &name) || !read_source(call, ret))
		return false;
	text = cw_buffer_string(&ret->file);
	if (!strstr(text, "-----BEGIN") && strlen(text) == ret->file.length && strstr(text, "Subject:")) {
		cw_buffer_append(&ret->text, text, ret->file.length);
		return cw_buffer_ok(&ret->text, call->error);
	}
	const struct cw_bundle_file file = {text, ret->file.length, name};
	if (!cw_bundle_parse(&file, NULL, pool, &ret->bundle, call->error))
		return cw_work_call_failed(call, 400, "Upload the certificate as PEM.");
	if (!ret->bundle.count)
		return cw_work_call_refuse(
			call, 400, "Upload the certificate as PEM.", "%.200s: holds no certificate", name);
	ret->leaf = ret->bundle.entries[cw_bundle_leaf(&ret->bundle)].cert;
	return cw_client_test_decode(ret->leaf, &ret->text, call->error);
}

static json_t *captures_of(const struct cw_client_answer *answer)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < answer->pattern.names.count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "name", cw_json_text(answer->pattern.names.items[i]));
		cw_json_put(&json, row, "value", cw_json_text(answer->pattern.values.items[i]));
		cw_json_add(&json, rows, row);
	}
	return json.failed ? NULL : TAKE(rows);
}

static void put_answer(struct cw_work_call *call, const struct cw_client_question *question,
	const struct cw_client_answer *answer)
{
	cw_work_call_put(call, "page_text", cw_json_text(answer->page));
	cw_work_call_put(call, "meaning", cw_json_text(cw_client_test_meaning(question, answer)));
	cw_work_call_put(call, "good", answer->judged ? json_boolean(answer->good) : json_null());
	cw_work_call_put(call, "only_crl_missing", json_boolean(answer->crl_only));
	cw_work_call_put(call, "findings", cw_work_json_findings(&answer->judgement.findings));
	cw_work_call_put(call, "decoded", cw_json_text(question->text));
	cw_work_call_put(call, "captures", captures_of(answer));
	cw_work_call_put(call, "matched", json_boolean(answer->pattern.matched));
	cw_work_call_put(call, "string", cw_json_text(answer->pattern.username));
	cw_work_call_put(call, "pattern", cw_json_text(question->pattern));
	cw_work_call_put(call, "format", cw_json_text(question->format));
	cw_work_call_put(call, "certificate", cw_work_json_cert_or_null(question->cert, question->at));
}

/* "Make these settings permanent" */
static bool make_permanent(struct cw_work_call *call, const struct cw_client_question *question)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_BUFFER words = {0};
	if (call->who->role != CW_ROLE_READ_WRITE)
		return cw_work_call_refuse(call, 403, "Ask an administrator whose role is read-write.",
			"permanent: wanted a role that may change settings, found %s",
			cw_node_work_role_name(call->who->role));
	if (!cw_work_apply_read(call, &after))
		return false;
	cw_work_client_words(
		cw_work_client_mode(after->file->cba), question->pattern, question->format, &words);
	if (words.failed)
		return cw_work_call_memory(call);
	const struct cw_work_yaml_own own = {"client-certificates", cw_buffer_string(&words)};
	const struct cw_work_yaml_change change = {.model = after, .own = &own, .own_count = 1};
	cw_work_call_tell(call, "client certificate pattern", NULL, question->pattern);
	return cw_work_yaml_apply(call, &change);
}

bool cw_work_do_client_test(struct cw_work_call *call)
{
	static const char *const words[] = {"page", "none", "leaf", "all"};
	static const enum cw_client_revocation revocations[] = {CW_CLIENT_REVOCATION_AS_PAGE,
		CW_CLIENT_REVOCATION_NONE, CW_CLIENT_REVOCATION_LEAF, CW_CLIENT_REVOCATION_ALL};
	const struct cw_snapshot *snapshot = call->core->snapshot;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_TESTED tested = {0};
	AUTO_CLIENT_ANSWER answer = {0};
	struct cw_client_question question = {.list = &snapshot->node->stores[CW_STORE_TRUSTED_CA].list,
		.crls = snapshot->node->crls.items,
		.crl_count = snapshot->node->crls.count,
		.at = cw_time_now()};
	size_t revocation = 0;
	bool permanent = false;
	if (!pool)
		return cw_work_call_memory(call);
	if (!cw_work_client_pattern(call, &question.pattern, &question.format) ||
		!cw_work_call_word(call, "revocation", words, 4, &revocation) ||
		!cw_work_call_switch(call, "permanent", &permanent) || !read_certificate(call, pool, &tested))
		return false;
	question.cert = tested.leaf;
	question.text = cw_buffer_string(&tested.text);
	question.text_length = tested.text.length;
	question.revocation = revocations[revocation];
	question.known = snapshot->pool;
	if (!cw_client_test(&question, &answer, call->error))
		return cw_work_call_failed(call, 400, "Correct the pattern or the username format.");
	put_answer(call, &question, &answer);
	return !permanent || make_permanent(call, &question);
}
