/**
 * What `causeway capture` prints of a connection, and of the whole capture: text and JSON (one object a
 * line).
 */
#ifndef CW_REPORT_OBSERVED_SESSION_REPORT_H
#define CW_REPORT_OBSERVED_SESSION_REPORT_H

#include "base/buffer.h"
#include "capture/capture.h"

/** What was found in all, for the last lines. */
struct cw_session_report_tally {
	uint64_t up, refused, hidden, broken_off, unfinished, middle, resumed, certs_hidden;
	uint64_t chains;
	bool judged; /* against a deployment: */
	uint64_t matched, unmatched, refused_as_sent, differing;
	bool file_cut;	  /* the file ends inside a packet */
	bool interrupted; /* Ctrl-C */
};

void cw_session_report_tally_add(struct cw_session_report_tally *tally, const struct cw_session *connection);

/** `link`: lines about the link of a deployment, put before the outcome; "" for none. */
void cw_session_report_text(
	struct cw_buffer *out, const struct cw_session *connection, uint64_t number, const char *link);
void cw_session_report_text_end(struct cw_buffer *out, const struct cw_session_report_tally *tally,
	const struct cw_capture_counts *counts);

/** One line. `link`: a member about the link of a deployment ("link": …), or "". CW_E_MEMORY. */
CW_MUST_USE bool cw_session_report_json(struct cw_buffer *out, const struct cw_session *connection,
	uint64_t number, const char *link, struct cw_error *error);
void cw_session_report_json_end(struct cw_buffer *out, const struct cw_session_report_tally *tally,
	const struct cw_capture_counts *counts);

/** What is to be known about a connection beside its outcome: a sentence each, given to `add`. */
void cw_session_report_remarks(
	const struct cw_session *connection, void (*add)(void *context, const char *sentence), void *context);

/** The outcome as a sentence ("refused by the server: …"). */
void cw_session_report_outcome(struct cw_buffer *out, const struct cw_session *connection);

/** What to do about a refusal whose alert tells it, or NULL. */
const char *cw_session_report_todo(const struct cw_session *connection);

/** A number, without printf: there are many. */
void cw_session_report_number(struct cw_buffer *out, uint64_t number);

/** "2026-11-20T12:00:00.123456Z". */
void cw_session_report_time(struct cw_buffer *out, int64_t nanoseconds);

#endif
