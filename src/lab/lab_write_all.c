#include "base/file.h"
#include "lab/lab_comments.h"
#include "lab/lab_record.h"
#include "lab/lab_write.h"

static bool write_text(
	const char *folder, const char *name, const struct cw_buffer *text, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	return cw_buffer_ok(text, error) && cw_file_write(path, text->data, text->length, 0644, error);
}

/* What this is, and a line for each planted fault. */
static void write_readme(
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

bool cw_lab_write_all(const struct cw_lab_plan *plan, const struct cw_lab_options *options,
	const char *folder, struct cw_error *error)
{
	AUTO_BUFFER yaml = {0};
	AUTO_BUFFER commented = {0};
	AUTO_BUFFER readme = {0};
	write_readme(plan, options, &readme);
	if (!cw_lab_write_yaml(plan, &yaml, error))
		return false;
	if (options->comments)
		cw_lab_comments(&yaml, &commented);
	return cw_lab_write_files(plan, folder, error) && write_text(folder, "README", &readme, error) &&
		write_text(folder, "deployment.yaml", options->comments ? &commented : &yaml, error) &&
		cw_lab_record_write(folder, options, error);
}
