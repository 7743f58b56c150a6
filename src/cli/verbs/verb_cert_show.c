#include "base/folder.h"
#include "cli/verbs.h"

#include "report/cert_report.h"
#include "report/text/layout.h"
#include "workbench/client_test.h"
#include "workbench/cucm_text.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json"),
	{"style", 0, "STYLE", "people|openssl|cucm", false,
		"people (default); openssl: as \"Show decoded\"; cucm: as CUCM's page"},
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_PASSWORD,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

static bool show_json(
	const struct cw_bundle *bundle, bool one_line, struct cw_buffer *answer, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = cw_cert_report_json(bundle);
	return cw_json_print(&json, object, one_line, answer, error);
}

/* As the boxes show certificates: for comparing a screen with a file. */
static bool show_styled(
	const struct cw_bundle *bundle, const char *style, struct cw_buffer *text, struct cw_error *error)
{
	for (size_t i = 0; i < bundle->count; i++)
		if (strcmp(style, "cucm") == 0
				? !cw_cucm_text(text, bundle->entries[i].cert, bundle->path, error)
				: !cw_client_test_decode(bundle->entries[i].cert, text, error))
			return false;
	return true;
}

/* Files as typed, and those of folders; `*ret_folder`: there is one, whose odd files are told and no trouble. */
static bool find_files(
	const struct cw_call *call, struct cw_strings *ret, bool *ret_folder, struct cw_error *error)
{
	for (size_t i = 0; i < call->arguments.word_count; i++) {
		const char *word = call->arguments.words[i];
		AUTO_STRINGS files = {0};
		bool ordered;
		if (!cw_folder_is(word)) {
			if (!cw_strings_add(ret, word))
				return cw_error_memory(error);
			continue;
		}
		*ret_folder = true;
		if (!cw_folder_files(word, &files, &ordered, error))
			return false;
		for (size_t k = 0; k < files.count; k++)
			if (!cw_strings_add(ret, files.items[k]))
				return cw_error_memory(error);
	}
	return true;
}

/* A file that cannot be read keeps no other from being shown. */
static bool show_files(const struct cw_call *call, const struct cw_strings *files, const char *password,
	cw_time at, struct cw_buffer *answer)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const char *style = cw_arguments_value(&call->arguments, "style");
	bool json = format && strcmp(format, "json") == 0;
	bool styled = !json && style && strcmp(style, "people") != 0;
	bool good = true;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUFFER text = {0};
	for (size_t i = 0; pool && i < files->count; i++) {
		const char *path = files->items[i];
		AUTO_BUNDLE bundle = {0};
		struct cw_error error;
		if (!cw_bundle_read(path, path, password, pool, &bundle, &error) ||
			(json && !show_json(&bundle, files->count > 1, answer, &error)) ||
			(styled && !show_styled(&bundle, style, &text, &error))) {
			cw_call_trouble(call, &error);
			good = false;
		} else if (!json && !styled) {
			cw_cert_report_text(&text, &bundle, at);
		}
	}
	cw_layout_render(&text, cw_call_look(call), answer);
	answer->failed |= !pool;
	return good;
}

static enum cw_exit cert_show(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	AUTO_PASSWORD password = NULL;
	struct cw_error error;
	cw_time at;
	AUTO_STRINGS files = {0};
	bool folder = false;
	if (!cw_call_time(call, &at, &error) || !cw_call_password(call, &password, &error) ||
		!find_files(call, &files, &folder, &error))
		return cw_call_trouble(call, &error);
	bool good = show_files(call, &files, password, at, &answer) || (folder && answer.length);
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return good ? CW_EXIT_GOOD : CW_EXIT_TROUBLE;
}

const struct cw_verb cw_verb_cert_show = {
	.name = "cert",
	.sub = "show",
	.summary = "what certificate files hold: who, for whom, until when, for what, signed by whom",
	.words = "FILE...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about = "Reads PEM, DER, PKCS#7 and PKCS#12, whatever could be exported, and shows every\n"
		 "certificate and revocation list in the order of the file, and of every file of a folder.\n"
		 "Judges nothing. With several files -f json prints one object a line.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway cert show demo/e1/server.pem\n"
		"demo/e1/server.pem, certificate 1 of 1 (line 1)\n"
		"  Who        C=US, O=Acme, CN=e1.acme.test\n"
		"  For        e1.acme.test, acme.test, collab-edge.acme.test, im.acme.test, conference.acme.test\n"
		"  Valid      2026-11-27 to 2027-11-28T17:33:50Z: 364 days left\n"
		"  Good for   server and client (serverAuth, clientAuth)\n"
		"  Key usage  digitalSignature, keyEncipherment\n"
		"...\n",
	.run = cert_show,
};
