#include "cli/call_import.h"

#include "base/escape.h"
#include "cli/progress.h"
#include "import/import_report.h"
#include "import/merge.h"
#include "import/source/gather.h"

static void show_file(void *user, const char *file)
{
	cw_progress_say(user, cw_time_now(), file);
}

bool cw_call_import_source(
	struct cw_call *call, const char *path, struct cw_evidence *evidence, struct cw_error *error)
{
	struct cw_progress progress = cw_progress_begin(call, "files");
	bool good = cw_gather_source(evidence, path, show_file, &progress, error);
	cw_progress_end(&progress);
	return good;
}

static enum cw_exit write(struct cw_call *call, struct cw_imported *imported, const char *folder, bool all)
{
	AUTO_OUTPUT output = {0};
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!imported->group_count) {
		cw_import_report_nothing(imported, &answer);
		if (!cw_buffer_ok(&answer, &error))
			return cw_call_trouble(call, &error);
		cw_call_say(call, "causeway: ");
		cw_call_say(call, cw_buffer_string(&answer));
		return CW_EXIT_TROUBLE;
	}
	if (!cw_call_lock_made(call, folder, &error) || !cw_output_write(imported, folder, &output, &error))
		return cw_call_trouble(call, &error);
	cw_import_report_write(imported, &output, folder, all, &answer);
	AUTO_BUFFER safe = {0}; /* names of files and in them */
	cw_escape_lines(&safe, cw_buffer_string(&answer), answer.length);
	answer.failed |= safe.failed;
	if (!cw_buffer_ok(&answer, &error))
		return cw_call_trouble(call, &error);
	fputs(cw_buffer_string(&safe), call->out);
	return imported->question_count ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

enum cw_exit cw_call_import(
	struct cw_call *call, const struct cw_evidence *evidence, const char *folder, bool all)
{
	AUTO_IMPORTED imported = {0};
	struct cw_error error;
	if (!cw_merge_run(evidence, &imported, &error))
		return cw_call_trouble(call, &error);
	return write(call, &imported, folder, all);
}
