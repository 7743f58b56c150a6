#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/list_diff.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT,
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static enum cw_exit trust_diff(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	AUTO_LIST a = {0}, b = {0};
	struct cw_error error;
	if (!cw_workbench_call_open(call, &workbench, &error) ||
		!cw_workbench_call_list(&workbench, call->arguments.words[0], false, &a, &error) ||
		!cw_workbench_call_list(&workbench, call->arguments.words[1], false, &b, &error))
		return cw_call_trouble(call, &error);
	struct cw_list_diff diff = cw_list_diff(&a, &b);
	if (!workbench.json)
		cw_list_diff_text(&workbench.text, &a, &b);
	else if (!cw_workbench_call_json(&workbench, cw_list_diff_json(&a, &b), false, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, diff.content || diff.order ? CW_EXIT_REFUSED : CW_EXIT_GOOD);
}

const struct cw_verb cw_verb_trust_diff = {
	.name = "trust",
	.sub = "diff",
	.summary = "compare two trust lists, by what they hold and by its order",
	.words = "LIST LIST",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about =
		"The trusted CA list is not replicated between the peers of a cluster, so they drift. Lists\n"
		"are files or folders, or with --deployment nodes. Exit status 1 where they differ.\n",
	.example =
		"$ causeway lab new demo --fault trust-lists-differ\n"
		"$ causeway trust diff -d demo c1.acme.test c2.acme.test\n"
		"- c1.acme.test trusted-ca (4)\n"
		"+ c2.acme.test trusted-ca (4)\n"
		"  ~ 2 C=US, O=Acme, CN=Acme Root CA (sha256 a4b4081e251ffb44...) is entry 1 there, before what\n"
		"      stands above it here\n"
		"  Only the order differs, and no two entries share a subject: nothing is judged differently\n",
	.run = trust_diff,
};
