#include "cli/verbs.h"

#include "labrun/lab_exercise.h"

static const struct cw_option options[] = {
	{"hint", 0, NULL, NULL, false, "the next hint: who refuses, where it shows, the code, what to do"},
	{"check", 0, NULL, NULL, false, "judge the repair: people back, nothing worse, restarts counted"},
	{"reset", 0, NULL, NULL, false, "every node has the files of the beginning again"},
	{"solution", 0, NULL, NULL, false, "the fault, and what to do about it"},
	{"sheet", 0, NULL, NULL, false, "all exercises with their solutions, for the trainer; without DIR"},
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool given(const struct cw_call *call, const char *option)
{
	return cw_arguments_given(&call->arguments, option);
}

static bool answer_with(struct cw_call *call, struct cw_buffer *answer, bool *good, struct cw_error *error)
{
	const char *folder = call->arguments.words[0];
	if (given(call, "hint"))
		return cw_lab_exercise_hint(folder, answer, error);
	if (given(call, "check"))
		return cw_lab_exercise_check(folder, call->now, good, answer, error);
	if (given(call, "solution"))
		return cw_lab_exercise_solution(folder, answer, error);
	if (!given(call, "reset"))
		return cw_lab_exercise_task(folder, answer, error);
	cw_buffer_text(answer, "everything is as it began\n");
	return cw_lab_exercise_reset(folder, error);
}

static enum cw_exit lab_exercise(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	bool good = true, done = true;
	if (given(call, "sheet") && !call->arguments.word_count)
		cw_lab_exercise_sheet(&answer);
	else if (given(call, "sheet") || !call->arguments.word_count)
		done = cw_error_set(
			&error, CW_E_USAGE, "wanted the folder of a running exercise, or --sheet");
	else
		done = answer_with(call, &answer, &good, &error);
	if (!done || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return good ? CW_EXIT_GOOD : CW_EXIT_REFUSED;
}

const struct cw_verb cw_verb_lab_exercise = {
	.name = "lab",
	.sub = "exercise",
	.summary = "the exercise of a running lab: hints, the judge of the repair, reset, solution",
	.words = "[DIR]",
	.words_max = 1,
	.options = options,
	.about = "DIR is the folder that \"causeway lab up --exercise N\" names. Without an option: what\n"
		 "people report. --check passes where everybody is back who was there before the fault,\n"
		 "nothing is worse than with it, and zones and tunnels of the running nodes are active;\n"
		 "it counts restarts and hints. Exit status 1: not repaired yet.\n",
	.example = "$ causeway lab up --exercise random --state /tmp/ex\n"
		   "$ causeway lab exercise /tmp/ex --hint\n"
		   "$ causeway trust append /tmp/ex/c1.acme.test/certs/trusted-ca.pem missing.pem\n"
		   "$ causeway lab exercise /tmp/ex --check\n",
	.run = lab_exercise,
};
