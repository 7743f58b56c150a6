/**
 * A log: one line an event, with a level and fields that programs can select by.
 *
 * For main loops; libraries return what they have to say. To standard error (with a level in front that systemd
 * understands where it listens), to syslog, or to the journal with its fields as its own. Nothing blocks and nothing
 * fails: a line that its receiver does not take is lost, and the next one that gets through says how many were. Text
 * and values are made safe to show here (base/escape.h); passwords and keys are the caller's to leave out.
 */
#ifndef CW_BASE_LOG_H
#define CW_BASE_LOG_H

#include "base/time.h"

#include <stdarg.h>
#include <stddef.h>

/* Severities of syslog (RFC 5424 section 6.2.1). */
enum cw_log_level {
	CW_LOG_ERROR = 3,
	CW_LOG_WARNING = 4,
	CW_LOG_NOTICE = 5,
	CW_LOG_INFO = 6,
	CW_LOG_DEBUG = 7
};

enum cw_log_receiver { CW_LOG_STANDARD_ERROR, CW_LOG_SYSLOG, CW_LOG_JOURNAL };

/* A longer line is cut. */
#define CW_LOG_LINE_MAX 4096
#define CW_LOG_FIELDS_MAX 16

/** "PEER" and "c1.acme.test": capitals, digits and underscores, as the journal wants them. */
struct cw_log_field {
	const char *name;
	const char *value; /* NULL: the field is left out */
};

struct cw_log_setup {
	enum cw_log_receiver receiver;
	enum cw_log_level most;	       /* what is less severe is not written */
	const char *identifier;	       /* "causeway-node"; the log's own copy is made */
	const char *path;	       /* of the receiver's socket; NULL: the system's */
	int descriptor;		       /* CW_LOG_STANDARD_ERROR: where to write */
	bool with_levels;	       /* CW_LOG_STANDARD_ERROR: "<4>" in front, for systemd */
	cw_time (*now)(void *context); /* CW_LOG_STANDARD_ERROR: in front of a line; NULL: no time there */
	void *context;
};

struct cw_log;

/** CW_E_IO where the receiver is not there. */
CW_MUST_USE bool cw_log_open(const struct cw_log_setup *setup, struct cw_log **ret, struct cw_error *error);
void cw_log_free(struct cw_log *log);
CW_DEFINE_AUTO(struct cw_log *, cw_log_free)

/** Writes an event; `log` may be NULL. Of more fields than CW_LOG_FIELDS_MAX the first count. */
void cw_log_event(struct cw_log *log, enum cw_log_level level, const struct cw_log_field *fields,
	size_t count, const char *format, ...) CW_PRINTF(5, 6);

/** "error", "warning", "notice", "info", "debug". */
const char *cw_log_level_name(enum cw_log_level level);

#endif
