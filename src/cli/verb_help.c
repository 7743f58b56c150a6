#include "cli/help.h"

static enum cw_exit help(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	const struct cw_verb *verb;
	size_t used;
	if (!arguments->word_count)
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
	.about = "Without a verb: the first steps and a line for every verb.\n",
	.example = "$ causeway help check\n"
		   "$ causeway check --help        # the same\n",
	.run = help,
};
