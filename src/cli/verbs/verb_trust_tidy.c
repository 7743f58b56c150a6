#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/tidy.h"
#include "workbench/node_files.h"

static const struct cw_option options[] = {
	{"node", 0, "NODE", NULL, false, "the lists of this node only"},
	{"apply", 0, NULL, NULL, false, "take out what is proven to be of no use"},
	{"unused", 0, NULL, NULL, false,
		"also what is never found, and what no link of the deployment needs"},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool tidy_lists(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *name = cw_arguments_value(arguments, "node");
	bool apply = cw_arguments_given(arguments, "apply");
	struct cw_tidy_question question = {
		.at = workbench->at, .unused = cw_arguments_given(arguments, "unused")};
	size_t removed;
	AUTO_TIDY tidy = {0};
	if (!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		(name && !cw_node_files_choose_node(workbench->deployment, name, &question.only, error)) ||
		!cw_tidy_find(workbench->deployment, &question, &tidy, error) ||
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
		"Proposes entries that stand there twice, and those that have expired and whose successor is\n"
		"in the list; with --unused also those that are never found behind another of their name and\n"
		"those that no link needs (hybrid services, LDAP, syslog or Exchange may need them). The\n"
		"whole deployment is judged without them, now and at the dates of the next 400 days on which\n"
		"something ends: only what makes nothing worse is proposed. A shadowed entry that is the right\n"
		"one is kept; there the upper one has to go.\n",
	.example = "$ causeway trust tidy demo --unused\n"
		   "c1.acme.test trusted-ca\n"
		   "  remove 5  CN=Old Root CA (sha256 77e13fa94c0d12ab...): expired on 2026-11-19\n"
		   "Proof: judged without that entry, none of 13 links is worse, now and at 2 dates on which "
		   "something ends.\n"
		   "$ causeway trust tidy demo --apply\n",
	.run = trust_tidy,
};
