/**
 * What stands in a log line beside its meaning: the time, the host and process that wrote it, values of keys,
 * the two ends of a connection. A line is bytes of somebody else's: lengths count, nothing is ended by a NUL,
 * and what is not there is empty. Judges nothing.
 */
#ifndef CW_OBSERVE_LOG_LOG_LINE_H
#define CW_OBSERVE_LOG_LOG_LINE_H

#include "base/buffer.h"
#include "base/time.h"

/* Bytes of a line, not owned. */
struct cw_log_text {
	const char *data; /* may be NULL where length is 0 */
	size_t length;
};

enum cw_log_time_form {
	CW_LOG_TIME_NONE,
	CW_LOG_TIME_CLOCK, /* a time of day; seconds since midnight */
	CW_LOG_TIME_LOCAL, /* a date and time without a zone; as if it were UTC */
	CW_LOG_TIME_UTC,
};

/** When a line was written, as far as it says so. Only times of one form can be compared. */
struct cw_log_time {
	enum cw_log_time_form form;
	cw_time seconds;
};

#define CW_LOG_TIME_SIZE 40

/** "2026-11-20T11:00:00Z", without the Z where the zone is not known, "11:00:00", or "". Returns `text`. */
const char *cw_log_line_time(const struct cw_log_time *time, char text[CW_LOG_TIME_SIZE]);

/** One end of a connection: an address as the line has it, and a port. */
struct cw_log_end {
	struct cw_log_text address;
	struct cw_log_text port;
};

struct cw_log_line {
	struct cw_log_text text; /* the whole line */
	struct cw_log_time time;
	struct cw_log_text host;    /* who wrote it, or empty */
	struct cw_log_text process; /* without the number in brackets, or empty */
	struct cw_log_end local;    /* of the box that wrote the line */
	struct cw_log_end remote;
};

/**
 * Reads a line. Times: UTCTime="…" before an ISO 8601 time at the beginning (with or without a zone), then
 * that of syslog (without a year: none), of SDL traces (a time of day) and "Nov 20 2026 11:00:00 UTC". Ends
 * of the connection: localAddress and remoteAddress, else Src-ip and Dst-ip; the remote one is the source of
 * an Inbound event and the destination of an Outbound one, and otherwise the source unless its port is in
 * Expressway's outbound range (25000 to 29999).
 */
void cw_log_line_read(const char *data, size_t length, struct cw_log_line *ret);

/** The value of key="value" without the blanks around it; empty where there is none. */
struct cw_log_text cw_log_line_value(const struct cw_log_text *line, const char *key);

bool cw_log_line_is(const struct cw_log_text *text, const char *wanted);

#endif
