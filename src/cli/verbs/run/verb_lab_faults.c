#include "cli/verbs.h"

#include "lab/lab.h"

#include <string.h>

static void tell_fault(struct cw_buffer *answer, const struct cw_lab_fault *fault)
{
	cw_buffer_printf(answer, "%s%s\n    %s\n    Shows on: %s.\n", fault->code,
		fault->cluster ? " (makes a small lab a cluster)" : "", fault->plants, fault->shows);
	if (*fault->companions)
		cw_buffer_printf(answer, "    Brings along: %s.\n", fault->companions);
}

static void tell_all(struct cw_buffer *answer)
{
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++)
		tell_fault(answer, fault);
	size_t count;
	const struct cw_lab_exception *exceptions = cw_lab_exceptions(&count);
	for (size_t i = 0; i < count; i++)
		cw_buffer_printf(
			answer, "\nNot planted: %s, which %s.\n", exceptions[i].code, exceptions[i].reason);
}

static bool tell_one(struct cw_buffer *answer, const char *code, struct cw_error *error)
{
	const struct cw_lab_fault *fault = cw_lab_fault_find(code);
	size_t count;
	const struct cw_lab_exception *exceptions = cw_lab_exceptions(&count);
	if (fault)
		tell_fault(answer, fault);
	for (size_t i = 0; !fault && i < count; i++)
		if (strcmp(exceptions[i].code, code) == 0) {
			cw_buffer_printf(answer, "Not planted: %s, which %s.\n", code, exceptions[i].reason);
			return true;
		}
	if (!fault)
		return cw_error_set(error, CW_E_USAGE,
			"there is no fault \"%s\"; \"causeway lab faults\" lists them", code);
	return true;
}

static enum cw_exit lab_faults(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!call->arguments.word_count)
		tell_all(&answer);
	for (size_t i = 0; i < call->arguments.word_count; i++)
		if (!tell_one(&answer, call->arguments.words[i], &error))
			return cw_call_trouble(call, &error);
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_faults = {
	.name = "lab",
	.sub = "faults",
	.summary = "the faults that a lab can plant, and where each shows",
	.words = "[CODE]...",
	.words_max = CW_WORDS_MANY,
	.about = "One entry for each finding code: what \"causeway lab new --fault CODE\" does to the\n"
		 "deployment, and where \"causeway check\" reports it. With CODE that one alone.\n",
	.example = "$ causeway lab faults issuer-missing\n"
		   "issuer-missing\n"
		   "    E was renewed by a new issuing CA that nobody uploaded on C.\n"
		   "    Shows on: tunnel (the zone stays up: E sends the new CA along).\n"
		   "    Brings along: ca-not-needed.\n",
	.run = lab_faults,
};
