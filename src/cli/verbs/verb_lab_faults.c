#include "cli/verbs.h"

#include "lab/lab.h"

static enum cw_exit lab_faults(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		cw_buffer_printf(&answer, "%s%s\n    %s\n    Shows on: %s.\n", fault->code,
			fault->cluster ? " (makes a small lab a cluster)" : "", fault->plants, fault->shows);
		if (*fault->companions)
			cw_buffer_printf(&answer, "    Brings along: %s.\n", fault->companions);
	}
	size_t count;
	const struct cw_lab_exception *exceptions = cw_lab_exceptions(&count);
	for (size_t i = 0; i < count; i++)
		cw_buffer_printf(
			&answer, "\nNot planted: %s, which %s.\n", exceptions[i].code, exceptions[i].reason);
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_faults = {
	.name = "lab",
	.sub = "faults",
	.summary = "the faults that a lab can plant, and where each shows",
	.words = "",
	.about = "One entry for each finding code: what \"causeway lab new --fault CODE\" does to the\n"
		 "deployment, and where \"causeway check\" reports it.\n",
	.example = "$ causeway lab faults\n"
		   "issuer-missing\n"
		   "    E was renewed by a new issuing CA that nobody uploaded on C.\n"
		   "    Shows on: tunnel (the zone stays up: E sends the new CA along).\n"
		   "    Brings along: ca-not-needed.\n"
		   "...\n",
	.run = lab_faults,
};
