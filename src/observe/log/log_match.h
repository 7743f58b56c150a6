/**
 * Which row of the table of log lines (observe/log/log_row.h) a line is: the patterns, compiled once, and the
 * filter over all their literals in front of them.
 *
 * Lines come from outside: steps, depth and memory of a match are bounded, and of a very long line the part
 * around the literal is looked at. What runs into a bound counts as no match.
 */
#ifndef CW_OBSERVE_LOG_LOG_MATCH_H
#define CW_OBSERVE_LOG_LOG_MATCH_H

#include "observe/log/log_filter.h"
#include "observe/log/log_line.h"
#include "observe/log/log_row.h"

/* How much of one line a pattern sees. Real ones have some hundred bytes; a traced message body a few
 * thousand. */
#define CW_LOG_SEEN_MAX ((size_t)64 * 1024)
/* Against lines made to backtrack: a real one needs some hundreds of steps. */
#define CW_LOG_STEPS_MAX 200000
#define CW_LOG_DEPTH_MAX 2000
#define CW_LOG_HEAP_KIB 4096

struct cw_log_matcher;

/** Compiles the table. CW_E_MEMORY, or CW_E_USAGE where a row is no pattern (a fault of the program). */
CW_MUST_USE bool cw_log_match_new(struct cw_log_matcher **ret, struct cw_error *error);
void cw_log_match_free(struct cw_log_matcher *matcher);
CW_DEFINE_AUTO(struct cw_log_matcher *, cw_log_match_free)

/** The filter over all rows' literals: a line without any of them is no row's. */
const struct cw_log_filter *cw_log_match_filter(const struct cw_log_matcher *matcher);

struct cw_log_match {
	const struct cw_log_row *row;
	struct cw_log_text peer;   /* the row's groups, in the line; empty where it has none */
	struct cw_log_text wanted; /* likewise */
	struct cw_log_text refuser;
};

/**
 * The first row that matches the line (without its newline). `seen` says which contexts were set by lines
 * near before it, by enum cw_log_context: rows that hang on another one are passed over. False: none.
 */
bool cw_log_match_find(struct cw_log_matcher *matcher, const char *line, size_t length,
	const bool seen[CW_LOG_CONTEXT_COUNT], struct cw_log_match *ret);

#endif
