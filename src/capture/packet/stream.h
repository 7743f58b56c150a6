/**
 * One direction of a TCP connection: segments in any order become bytes in their order.
 *
 * Policy: of overlapping segments the bytes that came first in the capture are kept (a difference is counted
 * where both are still at hand). Missing bytes are waited for until the peer's end, until more than
 * CW_STREAM_WAITING_MAX bytes wait behind them, or until memory is short; then the hole is told to the reader
 * with its length, and never filled. A stream whose SYN was not seen waits a little for what should come
 * before its first segment.
 *
 * In-order segments are handed on without a copy; only what waits is copied.
 */
#ifndef CW_CAPTURE_PACKET_STREAM_H
#define CW_CAPTURE_PACKET_STREAM_H

#include "base/error.h"

#include <stdint.h>

/* What may wait behind a hole in one direction: reordering over longer distances does not happen. Against a
 * flow that leaves a hole and sends on. Bookkeeping counts. */
#define CW_STREAM_WAITING_MAX ((size_t)512 * 1024)
/* Segments that a stream without a SYN waits for an earlier one. */
#define CW_STREAM_START_WAIT 16
/* A segment further ahead is no part of this connection: the largest window there is (RFC 7323 §2.3). */
#define CW_STREAM_WINDOW ((uint32_t)1 << 30)

/** Bytes that wait in all streams and unfinished messages of a run together. */
struct cw_budget {
	size_t used, limit;
};

/** A segment's payload, and where it belongs in the stream. */
struct cw_stream_part {
	uint32_t sequence; /* of the first byte */
	const uint8_t *data;
	size_t length;
	uint64_t frame;
};

/** Bytes that wait, in the order of their sequence numbers and without overlap. */
struct cw_stream_piece {
	struct cw_stream_piece *next;
	uint64_t frame;
	uint32_t sequence;
	uint32_t length;
	uint8_t data[];
};

struct cw_stream {
	struct cw_stream_piece *pieces, *last;
	uint32_t first;	      /* the sequence number of the first byte, where `started` */
	uint32_t next;	      /* the one that comes next */
	uint32_t fin;	      /* where the stream ends, where `ends` */
	uint32_t waiting;     /* bytes in `pieces`, with bookkeeping */
	uint32_t early;	      /* segments that came before the start was known */
	bool started;	      /* `next` is known */
	bool ends;	      /* a FIN was seen */
	bool from_middle;     /* the start was taken from the first segment there was */
	uint64_t missing;     /* bytes in holes given up */
	uint64_t conflicting; /* bytes that differed between overlapping segments */
};

/** A run of bytes to be read now. */
struct cw_stream_run {
	const uint8_t *data;
	size_t length;
	uint64_t frame;
	/* To be released with cw_stream_piece_free; NULL where the bytes are the packet's own. */
	struct cw_stream_piece *piece;
};

/** The stream's first byte has this sequence number. What came before it is dropped. */
void cw_stream_start(struct cw_stream *stream, struct cw_budget *budget, uint32_t sequence);

/** Takes the lowest sequence number that came as the start. False: nothing came. */
bool cw_stream_start_anywhere(struct cw_stream *stream);

/**
 * Takes a segment. Where it is next, `run` are its new bytes, without a copy; else they are kept, and
 * `run->length` is 0. `wait`: they are kept in any case, for the direction cannot be read yet. Fails for lack
 * of memory only.
 */
CW_MUST_USE bool cw_stream_add(struct cw_stream *stream, struct cw_budget *budget,
	const struct cw_stream_part *part, bool wait, struct cw_stream_run *run, struct cw_error *error);

/** The stream ends at this sequence number. */
void cw_stream_end_at(struct cw_stream *stream, uint32_t sequence);

/** The next bytes among those that wait. False: a hole, or nothing waits. */
bool cw_stream_take(struct cw_stream *stream, struct cw_budget *budget, struct cw_stream_run *run);

/** Gives the unread end of a run back: it will be taken again. */
CW_MUST_USE bool cw_stream_give_back(struct cw_stream *stream, struct cw_budget *budget, const uint8_t *data,
	size_t length, uint64_t frame, struct cw_error *error);

/** Gives up the hole before the first waiting piece, or before the end. Returns its length; 0: no hole. */
uint32_t cw_stream_skip_hole(struct cw_stream *stream);

/** All bytes up to the FIN were read. */
bool cw_stream_over(const struct cw_stream *stream);

void cw_stream_piece_free(struct cw_stream_piece *piece);

/** Drops what waits. The counters stay. */
void cw_stream_clear(struct cw_stream *stream, struct cw_budget *budget);

#endif
