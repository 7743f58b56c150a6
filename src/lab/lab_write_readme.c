#include "lab/lab_write.h"

void cw_lab_write_readme(
	const struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_buffer *ret)
{
	char text[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret,
		"A deployment made by `causeway lab new`, sound as of %s but for the faults below.\n"
		"`causeway check deployment.yaml` judges it; ca/ holds the CAs, for `causeway ca sign`.\n"
		"No key here protects anything.\n\n",
		cw_time_format(plan->at, text));
	for (size_t i = 0; i < options->fault_count; i++) {
		const struct cw_lab_fault *fault = cw_lab_fault_find(options->faults[i]);
		if (!fault)
			continue;
		cw_buffer_printf(ret, "%s: %s\n    Shows on: %s.", fault->code, fault->plants, fault->shows);
		if (*fault->companions)
			cw_buffer_printf(ret, " Brings along: %s.", fault->companions);
		cw_buffer_char(ret, '\n');
	}
	if (!options->fault_count)
		cw_buffer_text(ret, "No faults: everything passes.\n");
}
