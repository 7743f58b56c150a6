#include "cli/help.h"
#include "cli/reference.h"
#include "report/findings_markdown.h"

#include <string.h>

static const struct cw_option options[] = {
	{"as", 0, "FORM", "man|bash|zsh|findings", false,
		"the man page, completion for bash or zsh, or all finding codes"},
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
	{"findings", cw_findings_markdown},
};

static void make_form(struct cw_buffer *answer, const char *name)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(forms[i].name, name) == 0)
			forms[i].make(answer);
}

static enum cw_exit help(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	const struct cw_verb *verb;
	size_t used;
	if (cw_arguments_given(arguments, "as"))
		make_form(&answer, cw_arguments_value(arguments, "as"));
	else if (!arguments->word_count)
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
	.about = "Without a verb: the first steps and a line for every verb.\n",
	.example = "$ causeway help check\n"
		   "$ causeway check --help              # the same\n"
		   "$ source <(causeway help --as bash)  # completion in this shell\n",
	.run = help,
};
