/**
 * The forms that a report of a whole check comes in: one table.
 */
#ifndef CW_REPORT_REPORT_FORMAT_H
#define CW_REPORT_REPORT_FORMAT_H

#include "base/buffer.h"
#include "check/check.h"
#include "report/text/layout.h"

struct cw_horizon;

/* The names in the table, as --format shows them. */
#define CW_REPORT_FORMATS "text|json|html|junit|openmetrics|nagios"

struct cw_report_options {
	struct cw_layout_look look; /* text only */
	bool quiet;		    /* text: one line, the answer */
	bool all;		    /* text: every link, every box, notes too */
	bool several;		    /* one of several reports: text gets a title, JSON stands in one line */
	size_t number;		    /* which of them, from 0: HTML keeps its anchors apart by it */
	const struct cw_horizon *horizon; /* of this deployment, for formats that look ahead; or NULL */
};

struct cw_report_format {
	const char *name;
	/* Appends the report. Fails for want of memory only. */
	bool (*write)(const struct cw_check *check, const struct cw_report_options *options,
		struct cw_buffer *ret, struct cw_error *error);
	/* What stands before the first and behind the last report, once a call; NULL: nothing. */
	void (*begin)(struct cw_buffer *ret);
	void (*end)(struct cw_buffer *ret);
	bool looks_ahead; /* wants options->horizon */
	bool has_room;	  /* tells of alternatives and workarounds */
	/* For formats with exit statuses of their own (monitoring plugins); NULL: those of the program. */
	int (*status)(const struct cw_check *check, const struct cw_report_options *options);
	/* The line of a deployment that could not be judged, where the reader sees standard output only; or NULL.
	 * `trouble_status` is the exit status then. */
	void (*trouble)(struct cw_buffer *ret, const char *path);
	int trouble_status;
	bool one; /* takes one deployment a call */
};

/** The format of this name; NULL: there is none. */
const struct cw_report_format *cw_report_format(const char *name);

#endif
