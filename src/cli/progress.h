/**
 * A progress bar on standard error, for work that takes longer than two seconds.
 *
 * Shown only on a terminal, and gone when the work is done: what the program answers never holds any of it.
 */
#ifndef CW_CLI_PROGRESS_H
#define CW_CLI_PROGRESS_H

#include "cli/call.h"

#define CW_PROGRESS_AFTER 2 /* seconds: what is done sooner needs no bar */

struct cw_progress {
	FILE *err;
	const char *what; /* "keys" */
	cw_time started;
	bool terminal; /* `err` is one */
	bool shown;
	size_t said;	/* how many of cw_progress_say */
	cw_time shown_at;
};

/** Begins at the present time. */
struct cw_progress cw_progress_begin(const struct cw_call *call, const char *what);
/** Shows how far the work is at `now`. */
void cw_progress_show(struct cw_progress *progress, cw_time now, size_t done, size_t total);
/** Shows what is being worked on, where nobody knows how much there is. */
void cw_progress_say(struct cw_progress *progress, cw_time now, const char *at);
/** Takes the bar away. */
void cw_progress_end(struct cw_progress *progress);

#endif
