#include "cli/progress.h"

#include "base/escape.h"

#include <string.h>
#include <unistd.h>

#define BAR_WIDTH 40
#define NAME_WIDTH 60 /* of a long path its end, which tells most */
#define CLEAR_LINE "\r\033[K"

struct cw_progress cw_progress_begin(const struct cw_call *call, const char *what)
{
	int file = fileno(call->err); /* -1 for a stream in memory */
	return (struct cw_progress){.err = call->err,
		.what = what,
		.started = cw_time_now(),
		.terminal = file >= 0 && isatty(file)};
}

void cw_progress_show(struct cw_progress *progress, cw_time now, size_t done, size_t total)
{
	if (!progress->terminal || !total || now - progress->started < CW_PROGRESS_AFTER)
		return;
	char bar[BAR_WIDTH + 1];
	for (size_t i = 0; i < BAR_WIDTH; i++)
		bar[i] = i * total < done * BAR_WIDTH ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	fprintf(progress->err, CLEAR_LINE "%s %zu of %zu %s", bar, done, total, progress->what);
	fflush(progress->err);
	progress->shown = true;
}

/* Once a second: what changes faster is not read. */
void cw_progress_say(struct cw_progress *progress, cw_time now, const char *at)
{
	size_t length = strlen(at);
	progress->said++;
	if (!progress->terminal || now - progress->started < CW_PROGRESS_AFTER || now == progress->shown_at)
		return;
	AUTO_BUFFER end = {0};
	const char *tail = length > NAME_WIDTH ? at + length - NAME_WIDTH : at;
	cw_escape(&end, tail, strlen(tail), "");
	fprintf(progress->err, CLEAR_LINE "%zu %s: %s", progress->said, progress->what,
		cw_buffer_string(&end));
	fflush(progress->err);
	progress->shown = true;
	progress->shown_at = now;
}

void cw_progress_end(struct cw_progress *progress)
{
	if (!progress->shown)
		return;
	fputs(CLEAR_LINE, progress->err);
	fflush(progress->err);
	progress->shown = false;
}
