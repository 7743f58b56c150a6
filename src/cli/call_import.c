#include "cli/call_import.h"

#include "base/escape.h"
#include "cli/progress.h"
#include "import/import_report.h"
#include "import/merge.h"
#include "import/source/gather.h"
#include "report/text/layout.h"

#include <string.h>

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

/* Lines of a box's own command line, of a shell, and addresses of pages of which a part is no use. */
static bool is_to_paste(const char *line)
{
	static const char *const begins[] = {"show ", "set cli ", "run sql ", "Next: causeway "};
	line += strspn(line, " ");
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strncmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* How much of a line stands where it is: its indent, or a column and the gap behind it. */
static size_t fixed_part(const char *line, size_t length)
{
	size_t fixed = strspn(line, " ");
	for (size_t i = fixed; i + 2 < length; i++)
		if (line[i] == ' ' && line[i + 1] == ' ')
			fixed = i + strspn(line + i, " ");
	return fixed;
}

/* "  1. Which ...": what follows stands below the text. */
static size_t hang_of(const char *line, size_t fixed)
{
	size_t digits = strspn(line + fixed, "0123456789");
	if (digits && strncmp(line + fixed + digits, ". ", 2) == 0)
		return fixed + digits + 2;
	return strspn(line, " ") == fixed ? fixed + 2 : fixed;
}

static void flow(const char *line, size_t length, struct cw_buffer *ret)
{
	AUTO_BUFFER fixed = {0};
	AUTO_BUFFER rest = {0};
	size_t before = fixed_part(line, length);
	cw_buffer_append(&fixed, line, before);
	cw_buffer_append(&rest, line + before, length - before);
	cw_layout_flow(ret, cw_buffer_string(&fixed), hang_of(line, before), cw_buffer_string(&rest));
	ret->failed |= fixed.failed || rest.failed;
}

bool cw_call_import_print(struct cw_call *call, const struct cw_buffer *text, struct cw_error *error)
{
	struct cw_layout_look look = {.width = cw_call_width(call)};
	AUTO_BUFFER safe = {0}; /* names of files and in them */
	AUTO_BUFFER marked = {0};
	AUTO_BUFFER shown = {0};
	cw_escape_lines(&safe, cw_buffer_string(text), text->length);
	for (const char *line = cw_buffer_string(&safe); look.width && *line;) {
		size_t length = strcspn(line, "\n");
		if (is_to_paste(line) || !length)
			cw_buffer_printf(&marked, "%.*s\n", (int)length, line);
		else
			flow(line, length, &marked);
		line += length + (line[length] == '\n');
	}
	if (!cw_buffer_ok(&safe, error) || !cw_buffer_ok(&marked, error))
		return false;
	cw_layout_render(&marked, look, &shown);
	fputs(cw_buffer_string(look.width ? &shown : &safe), call->out);
	return cw_buffer_ok(&shown, error);
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
	if (!cw_buffer_ok(&answer, &error) || !cw_call_import_print(call, &answer, &error))
		return cw_call_trouble(call, &error);
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
