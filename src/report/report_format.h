/**
 * The forms that a report of a whole check comes in: one table.
 */
#ifndef CW_REPORT_REPORT_FORMAT_H
#define CW_REPORT_REPORT_FORMAT_H

#include "base/buffer.h"
#include "check/check.h"

/* The names in the table, as --format shows them. */
#define CW_REPORT_FORMATS "text|json|html|junit"

struct cw_report_options {
	bool colour;   /* text only */
	bool all;      /* text: every link, every box, notes too */
	bool several;  /* one of several reports: text gets a title, JSON stands in one line */
	size_t number; /* which of them, from 0: HTML keeps its anchors apart by it */
};

struct cw_report_format {
	const char *name;
	/* Appends the report. Fails for want of memory only. */
	bool (*write)(const struct cw_check *check, const struct cw_report_options *options,
		struct cw_buffer *ret, struct cw_error *error);
	/* What stands before the first and behind the last report, once a call; NULL: nothing. */
	void (*begin)(struct cw_buffer *ret);
	void (*end)(struct cw_buffer *ret);
};

/** The format of this name; NULL: there is none. */
const struct cw_report_format *cw_report_format(const char *name);

#endif
