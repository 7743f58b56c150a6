/**
 * What `causeway capture` prints of a connection, and of the whole capture: text and JSON (one object a
 * line).
 */
#ifndef CW_CLI_CAPTURE_OUTPUT_H
#define CW_CLI_CAPTURE_OUTPUT_H

#include "base/buffer.h"
#include "capture/capture.h"

/** What was found in all, for the last lines. */
struct cw_capture_tally {
	uint64_t up, refused, hidden, broken_off, unfinished, middle, resumed, certs_hidden;
	uint64_t chains;
	bool judged; /* against a deployment: */
	uint64_t matched, unmatched, refused_as_sent, differing;
	bool file_cut;	  /* the file ends inside a packet */
	bool interrupted; /* Ctrl-C */
};

void cw_capture_tally_add(struct cw_capture_tally *tally, const struct cw_connection *connection);

/** `link`: lines about the link of a deployment, put before the outcome; "" for none. */
void cw_capture_text(
	struct cw_buffer *out, const struct cw_connection *connection, uint64_t number, const char *link);
void cw_capture_text_end(
	struct cw_buffer *out, const struct cw_capture_tally *tally, const struct cw_capture_counts *counts);

/** One line. `link`: a member about the link of a deployment ("link": …), or "". CW_E_MEMORY. */
CW_MUST_USE bool cw_capture_json(struct cw_buffer *out, const struct cw_connection *connection,
	uint64_t number, const char *link, struct cw_error *error);
void cw_capture_json_end(
	struct cw_buffer *out, const struct cw_capture_tally *tally, const struct cw_capture_counts *counts);

/** What is to be known about a connection beside its outcome: a sentence each, given to `add`. */
void cw_capture_remarks(const struct cw_connection *connection,
	void (*add)(void *context, const char *sentence), void *context);

/** The outcome as a sentence ("refused by the server: …"). */
void cw_capture_outcome_text(struct cw_buffer *out, const struct cw_connection *connection);

/** A number, without printf: there are many. */
void cw_capture_number(struct cw_buffer *out, uint64_t number);

/** "2026-11-20T12:00:00.123456Z". */
void cw_capture_time(struct cw_buffer *out, int64_t nanoseconds);

#endif
