#include "cli/call_deployment.h"
#include "cli/deployment_names.h"
#include "cli/help.h"
#include "cli/reference.h"
#include "report/findings_markdown.h"
#include "trust/citation.h"

#include <string.h>

static const struct cw_option options[] = {
	{"as", 0, "FORM",
		"man|bash|zsh|fish|findings|sources|deployment|node|node-table|schema|verbs|nodes|identities|identity-names|"
		"stores|endpoints|groups",
		false,
		"a manual page, a completion, all finding codes, keys of the deployment file, its names"},
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static const struct {
	const char *name;
	void (*make)(struct cw_buffer *ret);
} forms[] = {
	{"man", cw_reference_man},
	{"bash", cw_reference_bash},
	{"zsh", cw_reference_zsh},
	{"fish", cw_reference_fish},
	{"findings", cw_findings_markdown},
	{"sources", cw_citation_markdown},
	{"deployment", cw_reference_deployment},
	{"node", cw_reference_node},
	{"node-table", cw_reference_node_table},
	{"schema", cw_reference_schema},
	{"verbs", cw_reference_verbs},
};

static bool make_verb_page(const struct cw_call *call, struct cw_buffer *answer, struct cw_error *error)
{
	const struct cw_verb *verb;
	size_t used;
	if (!cw_verb_find(
		    (char *const *)call->arguments.words, call->arguments.word_count, &verb, &used, error))
		return false;
	cw_reference_man_verb(answer, verb);
	return true;
}

/* For completions. False: a form that is made without a deployment. */
static bool is_name_kind(const char *form)
{
	static const char *const kinds[] = {
		"nodes", "identities", "identity-names", "stores", "endpoints", "groups"};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i], form) == 0)
			return true;
	return false;
}

static bool make_names(
	const struct cw_call *call, const char *kind, struct cw_buffer *answer, struct cw_error *error)
{
	AUTO_CALL_DEPLOYMENT loaded = {0};
	if (call->arguments.word_count != 1)
		return cw_error_set(error, CW_E_USAGE, "help --as %s: wanted a DEPLOYMENT", kind);
	if (!cw_call_deployment_load(call, call->arguments.words[0], &loaded))
		return cw_error_set(error, CW_E_USAGE, "help --as %s: no deployment to take names of", kind);
	return cw_deployment_names(answer, loaded.deployment, kind);
}

static bool make_form(const struct cw_call *call, struct cw_buffer *answer, struct cw_error *error)
{
	const char *name = cw_arguments_value(&call->arguments, "as");
	if (is_name_kind(name))
		return make_names(call, name, answer, error);
	if (strcmp(name, "man") == 0 && call->arguments.word_count)
		return make_verb_page(call, answer, error);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(forms[i].name, name) == 0)
			forms[i].make(answer);
	return true;
}

static enum cw_exit help(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	const struct cw_verb *verb;
	size_t used;
	if (cw_arguments_given(arguments, "as")) {
		if (!make_form(call, &answer, &error))
			return cw_call_trouble(call, &error);
	} else if (!arguments->word_count)
		cw_help_overview(&answer);
	else if (arguments->word_count == 1 && cw_verb_is_group(arguments->words[0]))
		cw_help_group(&answer, arguments->words[0]);
	else if (cw_verb_find((char *const *)arguments->words, arguments->word_count, &verb, &used, &error))
		cw_help_verb(&answer, verb);
	else
		return cw_call_trouble(call, &error);
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_help = {
	.name = "help",
	.summary = "what Causeway is for, or all about one verb",
	.words = "[VERB]",
	.words_max = 2,
	.options = options,
	.about =
		"Without a verb: the first steps and a line for every verb.\n"
		"\n"
		"--as man is causeway(1), with a VERB behind it that verb's own page; --as deployment is\n"
		"causeway-deployment(5), every key of the deployment file, and --as schema the same as a JSON\n"
		"schema for editors. bash, zsh and fish are completions.\n",
	.example = "$ causeway help check\n"
		   "$ causeway check --help              # the same\n"
		   "$ source <(causeway help --as bash)  # completion in this shell\n",
	.run = help,
};
