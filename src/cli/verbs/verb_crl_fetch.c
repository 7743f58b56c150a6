#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "report/text/layout.h"
#include "workbench/crl/crl_fetch.h"
#include "workbench/node_files.h"

static const struct cw_option options[] = {
	{"store", 0, "FILE", NULL, false, "where the lists are kept, in PEM (the deployment's `crl:`)"},
	{"node", 0, "NODE", NULL, false, "only what the certificates of this node name"},
	{"max-size", 0, "KB", NULL, false, "give up on a longer file (default 16384)"},
	{"private", 0, NULL, NULL, false, "also from private networks and from this machine"},
	{"proxy", 0, "URL", NULL, false, "through this proxy: http://HOST:PORT (default: none)"},
	{"timeout", 0, "SECONDS", NULL, false, "give up on a slower server (default 30)"},
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

#define SIZE_KB_MAX 65536
#define SECONDS_MAX 600

static bool number(const struct cw_arguments *arguments, const char *name, long fallback, long most,
	long *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(arguments, name);
	char *end;
	*ret = text ? strtol(text, &end, 10) : fallback;
	if (text && (end == text || *end || *ret < 1 || *ret > most))
		return cw_error_set(error, CW_E_USAGE, "--%s: wanted a number from 1 to %ld, found \"%s\"",
			name, most, text);
	return true;
}

static void row_text(struct cw_buffer *ret, const struct cw_crl_row *row)
{
	static const char *const words[] = {"stored", "kept", "refused", "failed"};
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s: %s: %s", words[row->outcome], row->url, row->detail);
	cw_layout_wrap(ret, "", 4, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static bool fetch(struct cw_workbench_call *workbench, bool *all_good, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *path = cw_arguments_value(arguments, "store"),
		   *name = cw_arguments_value(arguments, "node");
	const struct cw_node *node = NULL;
	long kilobytes, seconds;
	AUTO_STRINGS urls = {0};
	AUTO_CRL_ROWS rows = {0};
	if (!path)
		return cw_error_set(error, CW_E_USAGE, "crl fetch: wanted --store FILE");
	if (!number(arguments, "max-size", 16384, SIZE_KB_MAX, &kilobytes, error) ||
		!number(arguments, "timeout", 30, SECONDS_MAX, &seconds, error) ||
		!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		(name && !cw_node_files_choose_node(workbench->deployment, name, &node, error)) ||
		!cw_crl_fetch_addresses(workbench->deployment, node, &urls, error))
		return false;
	const struct cw_crl_fetch_options fetching = {.path = path,
		.limits = {(size_t)kilobytes * 1024, seconds, cw_arguments_given(arguments, "private"),
			cw_arguments_value(arguments, "proxy")},
		.at = workbench->at};
	if (!cw_call_lock_for(workbench->call, path, error) ||
		!cw_crl_fetch(workbench->deployment, &urls, &fetching, &rows, error))
		return false;
	*all_good = true;
	for (size_t i = 0; i < rows.count; i++) {
		row_text(&workbench->text, &rows.items[i]);
		*all_good = *all_good && rows.items[i].outcome <= CW_CRL_KEPT;
	}
	if (!urls.count)
		cw_buffer_text(&workbench->text, "No certificate of this deployment names a CRL address.\n");
	return true;
}

static enum cw_exit crl_fetch(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	bool all_good = false;
	if (!cw_workbench_call_open(call, &workbench, &error) || !fetch(&workbench, &all_good, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, all_good ? CW_EXIT_GOOD : CW_EXIT_REFUSED);
}

const struct cw_verb cw_verb_crl_fetch = {
	.name = "crl",
	.sub = "fetch",
	.summary = "get the revocation lists that a deployment's certificates name, verify and store them",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "The one verb that goes to the network, and never from within a judgement. Only http\n"
		 "addresses (a CRL carries its own signature); size, time and redirects are limited, and\n"
		 "no certificate leads into a private network or to this machine without --private. A list\n"
		 "is stored if a CA of the deployment signed it, it is in date and newer than the stored "
		 "one.\n"
		 "Name the file as `crl:` of a node to have it judged.\n",
	.example = "$ causeway crl fetch demo --store demo/c1/crl.pem\n"
		   "stored: http://crl.acme.test/issuing.crl: CN=Acme Issuing CA, of 2026-11-20\n",
	.run = crl_fetch,
};
