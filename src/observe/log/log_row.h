/**
 * What a log line can say: one row for each shape of a line that is known, with what it means for the
 * certificates of a deployment and where that is known from.
 *
 * A row's pattern is written in what POSIX extended regular expressions and PCRE have in common, so that
 * `grep -E` finds the same lines. The first row of the table that matches a line is the line's meaning:
 * special shapes stand before general ones. A line that no row knows means nothing here; no cause is made up
 * for it. The table holds no code that looks at lines (observe/log/log_match.h) or counts them
 * (observe/log/log_incident.h).
 */
#ifndef CW_OBSERVE_LOG_LOG_ROW_H
#define CW_OBSERVE_LOG_LOG_ROW_H

#include "trust/finding.h"

/* The shortest literal that the filter can look for (observe/log/log_filter.h says why). */
#define CW_LOG_LITERAL_MIN 11
#define CW_LOG_LITERALS_A_ROW 4

/* No finding code: no certificate fault, or a line that proves a refusal and not its cause. */
#define CW_LOG_NO_CODE CW_CODE_COUNT

enum cw_log_kind {
	CW_LOG_FAULT,	 /* a certificate fault */
	CW_LOG_OTHER,	 /* looks like one and is none, or a state that people ask about */
	CW_LOG_EVIDENCE, /* says something about other lines; never told by itself */
	CW_LOG_UNKNOWN,	 /* about TLS or certificates, and no row above knows it */
};

enum cw_log_side {
	CW_LOG_NOBODY, /* nobody refused a certificate */
	CW_LOG_LOCAL,  /* the box (or endpoint) that wrote the line */
	CW_LOG_REMOTE, /* the other end of its connection */
};

/* What an earlier line (at most CW_LOG_NEAR_LINES before) said that a later one hangs on. */
enum cw_log_context {
	CW_LOG_ANYWHERE,
	CW_LOG_HTTP_401,     /* a server answered 401 */
	CW_LOG_UDS_REQUEST,  /* C asked CUCM's user data services */
	CW_LOG_REQUEST_SENT, /* traffic server sent a request; its port names the service */
};
#define CW_LOG_CONTEXT_COUNT 4

struct cw_log_row {
	const char *name; /* stable, unique */
	const char *component;
	enum cw_log_kind kind;
	enum cw_log_side refused_by;
	enum cw_code code;
	/* One of these stands in every line that the pattern matches; the rest are NULL. */
	const char *literals[CW_LOG_LITERALS_A_ROW];
	const char *pattern;
	struct {
		/* groups of the pattern, 0: none. The other end's name; the name that was wanted or is at
		 * fault; who refused, where the line is nobody's own */
		unsigned char peer, wanted, refuser;
	} group;
	struct {
		/* Several lines of one refusal: a companion is told only where no line that says more is
		 * near. Companions of one family belong together, those without one by their sockets. */
		bool companion;
		const char *family;
		enum cw_log_context after, sets;
	} near;
	const char *means;    /* one or two sentences */
	const char *misleads; /* what the text is mistaken for, or NULL */
	const char *next;     /* what to do or look at, or NULL: the finding code's advice says it */
	const char *source;   /* document and section */
	const char *example;
};

/** The rows in the order in which they are tried. */
const struct cw_log_row *cw_log_row(size_t index);
size_t cw_log_row_count(void);

/** The row of this name, or NULL. */
const struct cw_log_row *cw_log_row_find(const char *name);

/** True for a row that tells a certificate fault. */
bool cw_log_row_is_fault(const struct cw_log_row *row);

#endif
