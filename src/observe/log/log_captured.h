/**
 * Refusals out of packet captures that lie beside logs: who sent which alert to whom, and when.
 *
 * A diagnostic archive holds both the log and the packets of one time. The same refusal stands in both; by the
 * ends of its connection it is counted once. Certificates are for `causeway capture`; nothing is judged here.
 */
#ifndef CW_OBSERVE_LOG_LOG_CAPTURED_H
#define CW_OBSERVE_LOG_LOG_CAPTURED_H

#include "base/time.h"
#include "capture/session.h"

/* A box's capture has at most 20 MB. */
#define CW_LOG_CAPTURE_MAX ((size_t)128 * 1024 * 1024)
/* Against captures made of refusals; a box that retries each 10 seconds makes 360 an hour. */
#define CW_LOG_REFUSALS_MAX 50000

struct cw_log_refusal {
	size_t file;	/* number of the stream */
	uint64_t frame; /* of the alert, or of the last packet */
	cw_time at;
	int alert; /* -1: it is encrypted */
	/* ends: who refused, and the other; as the log writes addresses and ports */
	char sender[CW_ADDRESS_TEXT_SIZE], other[CW_ADDRESS_TEXT_SIZE];
	unsigned sender_port, other_port;
};

struct cw_log_refusals {
	struct cw_log_refusal *items;
	size_t count, capacity;
};

void cw_log_captured_finish(struct cw_log_refusals *refusals);

/**
 * Adds the refusals of a capture file in memory. What is no capture, or a damaged one, gives those before the
 * damage: no error. CW_E_MEMORY.
 */
CW_MUST_USE bool cw_log_captured_read(
	const void *data, size_t length, size_t file, struct cw_log_refusals *ret, struct cw_error *error);

#endif
