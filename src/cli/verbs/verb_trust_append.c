#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/append.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT,
	{"from", 0, "DIR", NULL, false,
		"every certificate that the files of DIR hold (\"upload all certificates\")"},
	{"replace", 0, NULL, NULL, false, "an entry of the same subject is taken away, its place taken"},
	{"allow-same-subject", 0, NULL, NULL, false,
		"append behind an entry of the same subject all the same"},
	{"only", 0, "SHA256", NULL, true, "take only the certificate whose SHA-256 begins so"},
	{"leaves", 0, NULL, NULL, false, "also certificates that are no CA and not self-signed"},
	{"dry-run", 'n', NULL, NULL, false, "say what would happen and change nothing"},
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

struct sources {
	struct cw_bundle *bundles;
	size_t count;
};

static void sources_finish(struct sources *sources)
{
	cw_append_bundles_free(sources->bundles, sources->count);
}

#define AUTO_SOURCES __attribute__((cleanup(sources_finish))) struct sources

static bool read_words(struct cw_workbench_call *workbench, struct sources *ret, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	ret->bundles = calloc(arguments->word_count, sizeof *ret->bundles);
	if (!ret->bundles)
		return cw_error_memory(error);
	for (size_t i = 1; i < arguments->word_count; i++) {
		const char *path = arguments->words[i];
		if (!cw_bundle_read(path, path, NULL, workbench->pool, &ret->bundles[ret->count], error))
			return false;
		if (!ret->bundles[ret->count++].count)
			return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	}
	return true;
}

static bool tell_skipped(const struct cw_call *call, const char *why, struct cw_error *error)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "left out: %s", why);
	if (!cw_buffer_ok(&line, error))
		return false;
	cw_call_tell(call, cw_buffer_string(&line));
	return true;
}

static bool read_sources(struct cw_workbench_call *workbench, struct sources *ret, struct cw_error *error)
{
	const char *folder = cw_arguments_value(&workbench->call->arguments, "from");
	AUTO_STRINGS skipped = {0};
	if (!folder && workbench->call->arguments.word_count < 2)
		return cw_error_set(
			error, CW_E_USAGE, "trust append: wanted certificates, as files or with --from DIR");
	if (folder && workbench->call->arguments.word_count > 1)
		return cw_error_set(error, CW_E_USAGE, "trust append: wanted files or --from DIR, not both");
	if (!folder)
		return read_words(workbench, ret, error);
	if (!cw_append_folder(folder, workbench->pool, &ret->bundles, &ret->count, &skipped, error))
		return false;
	for (size_t i = 0; i < skipped.count; i++)
		if (!tell_skipped(workbench->call, skipped.items[i], error))
			return false;
	return true;
}

static enum cw_same_subject same_subject(const struct cw_arguments *arguments)
{
	if (cw_arguments_given(arguments, "replace"))
		return CW_SAME_REPLACE;
	return cw_arguments_given(arguments, "allow-same-subject") ? CW_SAME_ALLOW : CW_SAME_REFUSE;
}

static bool read_only(const struct cw_arguments *arguments, struct cw_strings *ret, struct cw_error *error)
{
	const char *digits;
	for (size_t i = 0; (digits = cw_arguments_nth(arguments, "only", i)); i++) {
		if (strlen(digits) < 8 || strspn(digits, "0123456789abcdef") != strlen(digits))
			return cw_error_set(error, CW_E_USAGE,
				"--only: wanted at least eight hexadecimal digits of a SHA-256, found \"%s\"",
				digits);
		if (!cw_strings_add(ret, digits))
			return cw_error_memory(error);
	}
	return true;
}

static enum cw_exit trust_append(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	AUTO_LIST list = {0};
	AUTO_SOURCES sources = {0};
	AUTO_APPEND append = {0};
	AUTO_STRINGS only = {0};
	struct cw_error error;
	const struct cw_append_options options_of = {
		same_subject(&call->arguments), cw_arguments_given(&call->arguments, "leaves"), &only};
	/* The words are split here: the first is the list, the others are files. */
	const char *word = call->arguments.words[0];
	bool dry = cw_arguments_given(&call->arguments, "dry-run");
	if (!cw_workbench_call_open(call, &workbench, &error) ||
		!cw_workbench_call_list_locked(&workbench, word, true, !dry, &list, &error) ||
		!read_sources(&workbench, &sources, &error) || !read_only(&call->arguments, &only, &error) ||
		!cw_append_run(&list, sources.bundles, sources.count, &options_of, &append, &error))
		return cw_call_trouble(call, &error);
	bool write = !append.refused && !dry;
	cw_append_text(&workbench.text, &list, &append);
	if (write && !cw_list_write(&list, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, append.refused ? CW_EXIT_REFUSED : CW_EXIT_GOOD);
}

const struct cw_verb cw_verb_trust_append = {
	.name = "trust",
	.sub = "append",
	.summary = "append CA certificates to a trust list, unless their subject is there already",
	.words = "LIST [FILE]...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about = "All certificates of all files, behind what the list holds, in one step: with one refused\n"
		 "nothing is changed. A second entry of one subject is refused, because an Expressway's\n"
		 "search stops at the first: the new one would have no effect. A list that is not there is\n"
		 "made. --from takes what a capture or a probe saved.\n",
	.example =
		"$ causeway lab new demo --fault issuer-missing\n"
		"$ causeway trust append -d demo c1.acme.test demo/e1/ca.pem\n"
		"c1.acme.test trusted-ca: 1 of 4 certificates taken; it holds 5 now\n"
		"  appended: C=US, O=Public Trust, CN=Public Trust Issuing CA G2 (sha256 db3e6f19bb0e5b85...) as\n"
		"    entry 5 [demo/e1/ca.pem]\n"
		"  already there: C=US, O=Public Trust, CN=Public Trust Root CA (sha256 957e360ffd235fe5...) is entry\n"
		"    4 [demo/e1/ca.pem]\n"
		"...\n",
	.run = trust_append,
};
