/**
 * Reads logs as streams of bytes and keeps what they say as incidents (observe/log/log_incident.h).
 *
 * Where the bytes come from is the caller's business (observe/log/log_source.h knows files and archives): it
 * asks for room, puts bytes there and says how many. Lines are found around the literals of the table, so
 * that the rest of a log costs hardly more than reading it. Lines end with LF or CR LF; binary rubbish and
 * NULs are bytes like others. A line over CW_LOG_LINE_MAX is read in pieces.
 */
#ifndef CW_OBSERVE_LOG_LOG_SCAN_H
#define CW_OBSERVE_LOG_LOG_SCAN_H

#include "base/strings.h"
#include "observe/log/log_incident.h"

/* A line this long is no log's: it is cut, against files without any newline. */
#define CW_LOG_LINE_MAX ((size_t)256 * 1024)
#define CW_LOG_SAMPLES_MAX 5

/** A line about TLS or certificates that no row knows. */
struct cw_log_sample {
	struct cw_log_place place;
	char *text; /* as struct cw_log_incident has it */
};

struct cw_log_scan;

CW_MUST_USE bool cw_log_scan_new(struct cw_log_scan **ret, struct cw_error *error);
void cw_log_scan_free(struct cw_log_scan *scan);
CW_DEFINE_AUTO(struct cw_log_scan *, cw_log_scan_free)

/** Begins a stream; `name` is how places in it are told ("messages.1.gz", "bundle.tar.gz: log.txt"). */
CW_MUST_USE bool cw_log_scan_begin(struct cw_log_scan *scan, const char *name, struct cw_error *error);

/** Room for at least one byte of the stream; `*ret_size` says for how many. */
char *cw_log_scan_room(struct cw_log_scan *scan, size_t *ret_size);

/** So many bytes were put there. */
CW_MUST_USE bool cw_log_scan_took(struct cw_log_scan *scan, size_t length, struct cw_error *error);

/** The stream ended: a last line without a newline counts. */
CW_MUST_USE bool cw_log_scan_end(struct cw_log_scan *scan, struct cw_error *error);

/**
 * Takes a packet capture that lies beside the logs: its refusals wait for cw_log_scan_finish. Not between begin
 * and end of a stream.
 */
CW_MUST_USE bool cw_log_scan_capture(
	struct cw_log_scan *scan, const char *name, const void *data, size_t length, struct cw_error *error);

/** All streams were read: refusals out of captures join the lines that tell them, or stand by themselves. */
CW_MUST_USE bool cw_log_scan_finish(struct cw_log_scan *scan, struct cw_error *error);

/** What was found, sorted. Belongs to the scan; no stream is begun after this. */
struct cw_log_result {
	const struct cw_log_incident *incidents;
	size_t incident_count;
	uint64_t incidents_left_out;
	const struct cw_strings *streams; /* their names, by number */
	uint64_t lines;
	uint64_t bytes;
	uint64_t matched_lines; /* that any row matched, evidence and unknown ones too */
	uint64_t unknown_lines; /* about TLS or certificates, and no row knows them */
	const struct cw_log_sample *samples;
	size_t sample_count;
	size_t faults; /* incidents that are certificate faults */
};

void cw_log_scan_result(struct cw_log_scan *scan, struct cw_log_result *ret);

#endif
