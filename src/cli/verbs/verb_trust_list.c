#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/list_report.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT,
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

static bool show(struct cw_workbench_call *workbench, const char *word, bool several, struct cw_error *error)
{
	AUTO_LIST list = {0};
	if (!cw_workbench_call_list(workbench, word, false, &list, error))
		return false;
	if (workbench->json)
		return cw_workbench_call_json(
			workbench, cw_list_report_json(&list, workbench->at), several, error);
	cw_buffer_text(&workbench->text, workbench->text.length ? "\n" : "");
	cw_list_report_text(&workbench->text, &list, workbench->at);
	return true;
}

static enum cw_exit trust_list(struct cw_call *call)
{
	return cw_workbench_call_show_all(call, show);
}

const struct cw_verb cw_verb_trust_list = {
	.name = "trust",
	.sub = "list",
	.summary = "a trust list in its order, every entry with its place and what is odd about it",
	.words = "LIST...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"LIST is a file (PEM, DER, PKCS#7; - is standard input) or a folder of such files; with\n"
		"--deployment it is NODE or NODE:STORE, as in pub.acme.test:tomcat-trust. The order decides:\n"
		"an Expressway's search stops at the first entry whose subject matches. Entries that are\n"
		"never found because of that are marked. A folder has the order of the box only where the\n"
		"name of each file begins with a number (1.pem, 02-root.pem, 10_issuing.cer), or where its\n"
		"file order.txt tells it: file names, one a line, first to last.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway trust list -d demo c1.acme.test\n"
		   "c1.acme.test trusted-ca: 4 certificates\n"
		   "   1  C=US, O=Acme, CN=Acme Issuing CA\n"
		   "      signed by C=US, O=Acme, CN=Acme Root CA, RSA 2048, until 2031-11-27, sha256\n"
		   "...\n",
	.run = trust_list,
};
