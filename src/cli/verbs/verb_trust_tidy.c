#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/tidy.h"
#include "workbench/node_files.h"

static const struct cw_option options[] = {
	{"node", 0, "NODE", NULL, false, "the lists of this node only"},
	{"apply", 0, NULL, NULL, false, "take out what is proven to be of no use"},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool tidy_lists(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *name = cw_arguments_value(arguments, "node");
	bool apply = cw_arguments_given(arguments, "apply");
	const struct cw_node *node = NULL;
	size_t removed;
	AUTO_TIDY tidy = {0};
	if (!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		(name && !cw_node_files_choose_node(workbench->deployment, name, &node, error)) ||
		!cw_tidy_find(workbench->deployment, node, workbench->at, &tidy, error) ||
		(apply && !cw_tidy_apply(workbench->deployment, &tidy, workbench->pool, &removed, error)))
		return false;
	cw_tidy_text(&workbench->text, &tidy, apply);
	return true;
}

static enum cw_exit trust_tidy(struct cw_call *call)
{
	return cw_workbench_call_do(call, tidy_lists);
}

const struct cw_verb cw_verb_trust_tidy = {
	.name = "trust",
	.sub = "tidy",
	.summary = "what can go from the trust lists of a deployment, proven by the judge",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"Proposes entries that are duplicate, shadowed, expired or needed by no link, and judges the\n"
		"whole deployment without them: only what changes no verdict is proposed. A shadowed entry\n"
		"that is the right one is kept; there the upper one has to go.\n",
	.example = "$ causeway trust tidy demo\n"
		   "c1.acme.test trusted-ca\n"
		   "  remove 5  CN=Old Root CA (sha256 77e13fa94c0d12ab...): expired on 2026-11-19\n"
		   "Proof: judged without that entry, all 13 links have the verdict that they have now.\n"
		   "$ causeway trust tidy demo --apply\n",
	.run = trust_tidy,
};
