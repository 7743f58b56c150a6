#include "capture/packet/stream.h"

#include "base/forward.h"

#include <string.h>

/* How far b is after a, around the end of the number space (RFC 9293 §3.4). */
static int32_t distance(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a);
}

static size_t cost(const struct cw_stream_piece *piece)
{
	return sizeof *piece + piece->length;
}

void cw_stream_piece_free(struct cw_stream_piece *piece)
{
	free(piece);
}

/*
 * How a stream is put together. `next` is the sequence number up to which the bytes were handed on; everything
 * that came early waits behind it in `pieces`. A segment that begins at `next` is handed on at once, as a run;
 * one that lies ahead is kept (keep); one that lies behind was read already and is cut off (trim). After each
 * run the caller takes what now follows without a hole (cw_stream_take) until there is a hole or nothing waits.
 * A hole is not filled by guessing: the caller waits for it, or gives it up (cw_stream_skip_hole), which moves
 * `next` to the first waiting piece. `next` never moves back but for bytes that are given back, and every run,
 * skipped hole and dropped piece consumes something that waits, so reading ends with what came.
 */

static struct cw_stream_piece *unlink_first(struct cw_stream *stream, struct cw_budget *budget)
{
	struct cw_stream_piece *piece = stream->pieces;
	stream->pieces = piece->next;
	if (!stream->pieces)
		stream->last = NULL;
	stream->waiting -= (uint32_t)cost(piece);
	budget->used -= cost(piece);
	return piece;
}

void cw_stream_clear(struct cw_stream *stream, struct cw_budget *budget)
{
	while (stream->pieces)
		cw_stream_piece_free(unlink_first(stream, budget));
}

/* Puts a copy of the bytes behind `before` (NULL: in front of all). */
static bool insert(struct cw_stream *stream, struct cw_budget *budget, struct cw_stream_piece *before,
	const struct cw_stream_part *part, struct cw_error *error)
{
	struct cw_stream_piece *piece = malloc(sizeof *piece + part->length);
	if (!piece)
		return cw_error_memory(error);
	piece->frame = part->frame;
	piece->sequence = part->sequence;
	piece->length = (uint32_t)part->length;
	memcpy(piece->data, part->data, part->length);
	struct cw_stream_piece **place = before ? &before->next : &stream->pieces;
	piece->next = *place;
	*place = piece;
	if (!piece->next)
		stream->last = piece;
	stream->waiting += (uint32_t)cost(piece);
	budget->used += cost(piece);
	return true;
}

/* The first bytes of the part are at hand twice: in the piece and here. */
static void count_conflicts(struct cw_stream *stream, const struct cw_stream_piece *piece,
	const struct cw_stream_part *part, size_t length)
{
	const uint8_t *kept = piece->data + distance(piece->sequence, part->sequence);
	for (size_t i = 0; i < length; i++)
		stream->conflicting += kept[i] != part->data[i];
}

/* Drops the first bytes of the part. */
static void advance(struct cw_stream_part *part, size_t length)
{
	part->sequence += (uint32_t)length;
	part->data += length;
	part->length -= length;
}

/* How many bytes of the part lie before the piece (NULL: all do). */
static size_t length_before(const struct cw_stream_part *part, const struct cw_stream_piece *piece)
{
	int32_t ahead = piece ? distance(part->sequence, piece->sequence) : INT32_MAX;
	if (ahead <= 0)
		return 0;
	return (size_t)ahead < part->length ? (size_t)ahead : part->length;
}

/*
 * Keeps those bytes of the part that no waiting piece has already. The pieces are in the order of their
 * sequence numbers and do not overlap, and this keeps them so: the part is walked from its first byte to its
 * last, together with the pieces. Each round passes the pieces that end before the rest of the part, copies
 * what lies in the gap before the next piece, and drops what that piece has (the bytes that came first are
 * kept; a difference is counted). A round without a gap is one inside of a piece, so every round shortens the
 * part, and the loop ends.
 */
static bool keep(struct cw_stream *stream, struct cw_budget *budget, struct cw_stream_part part,
	struct cw_error *error)
{
	struct cw_stream_piece *before = NULL, *piece = stream->pieces;
	/* Mostly the segment comes behind all others. */
	if (stream->last && distance(stream->last->sequence + stream->last->length, part.sequence) >= 0) {
		before = stream->last;
		piece = NULL;
	}
	size_t unread = CW_FORWARD_BEGIN;
	while (part.length && cw_forward(&unread, part.length)) {
		/* ends: each turn is at the next piece */
		while (piece && distance(piece->sequence + piece->length, part.sequence) >= 0) {
			before = piece;
			piece = piece->next;
		}
		struct cw_stream_part gap = part;
		gap.length = length_before(&part, piece);
		if (gap.length && !insert(stream, budget, before, &gap, error))
			return false;
		advance(&part, gap.length);
		if (!part.length || !piece)
			return true;
		size_t covered = (size_t)distance(part.sequence, piece->sequence + piece->length);
		if (covered > part.length)
			covered = part.length;
		count_conflicts(stream, piece, &part, covered);
		advance(&part, covered);
	}
	return true;
}

static bool in_window(uint32_t start, uint32_t sequence)
{
	return sequence - start < CW_STREAM_WINDOW;
}

/* Cuts off what was read already. False: nothing is left, or the segment is not of this connection. */
static bool trim(const struct cw_stream *stream, struct cw_stream_part *part)
{
	int32_t ahead = distance(stream->next, part->sequence);
	if (ahead >= (int32_t)CW_STREAM_WINDOW)
		return false;
	if (ahead >= 0)
		return true;
	size_t old = (size_t) - (int64_t)ahead;
	if (old >= part->length)
		return false;
	advance(part, old);
	return true;
}

bool cw_stream_add(struct cw_stream *stream, struct cw_budget *budget, const struct cw_stream_part *segment,
	bool wait, struct cw_stream_run *run, struct cw_error *error)
{
	struct cw_stream_part part = *segment;
	*run = (struct cw_stream_run){0};
	if (part.length == 0)
		return true;
	if (!stream->started) {
		stream->early++;
		if (stream->pieces &&
			!in_window(stream->pieces->sequence - CW_STREAM_WINDOW / 2, part.sequence))
			return true;
		return keep(stream, budget, part, error);
	}
	if (!trim(stream, &part))
		return true;
	if (part.sequence != stream->next || wait)
		return keep(stream, budget, part, error);
	/* The next bytes; a waiting piece that begins inside of them came first, and its bytes count. */
	if (stream->pieces && distance(stream->pieces->sequence, part.sequence + (uint32_t)part.length) > 0)
		return keep(stream, budget, part, error);
	stream->next += (uint32_t)part.length;
	*run = (struct cw_stream_run){part.data, part.length, part.frame, NULL};
	return true;
}

bool cw_stream_take(struct cw_stream *stream, struct cw_budget *budget, struct cw_stream_run *run)
{
	/* ends: each turn takes a piece away */
	while (stream->started && stream->pieces) {
		int32_t ahead = distance(stream->next, stream->pieces->sequence);
		if (ahead > 0)
			return false;
		struct cw_stream_piece *piece = unlink_first(stream, budget);
		size_t old = (size_t) - (int64_t)ahead;
		if (old >= piece->length) {
			cw_stream_piece_free(piece);
			continue;
		}
		*run = (struct cw_stream_run){piece->data + old, piece->length - old, piece->frame, piece};
		stream->next += (uint32_t)run->length;
		return true;
	}
	return false;
}

bool cw_stream_give_back(struct cw_stream *stream, struct cw_budget *budget, const uint8_t *data,
	size_t length, uint64_t frame, struct cw_error *error)
{
	stream->next -= (uint32_t)length;
	const struct cw_stream_part part = {stream->next, data, length, frame};
	return insert(stream, budget, NULL, &part, error);
}

uint32_t cw_stream_skip_hole(struct cw_stream *stream)
{
	if (!stream->started)
		return 0;
	int32_t hole = 0;
	if (stream->pieces)
		hole = distance(stream->next, stream->pieces->sequence);
	else if (stream->ends)
		hole = distance(stream->next, stream->fin);
	if (hole <= 0)
		return 0;
	stream->next += (uint32_t)hole;
	stream->missing += (uint32_t)hole;
	return (uint32_t)hole;
}

void cw_stream_start(struct cw_stream *stream, struct cw_budget *budget, uint32_t sequence)
{
	if (stream->started)
		return;
	stream->started = true;
	stream->first = stream->next = sequence;
	/* What lies before the start, or far from it, belongs to an older connection. */
	while (stream->pieces && !in_window(sequence, stream->pieces->sequence + stream->pieces->length - 1))
		cw_stream_piece_free(unlink_first(stream, budget));
	if (stream->last && !in_window(sequence, stream->last->sequence))
		cw_stream_clear(stream, budget);
}

bool cw_stream_start_anywhere(struct cw_stream *stream)
{
	if (stream->started || !stream->pieces)
		return false;
	stream->started = true;
	stream->from_middle = true;
	stream->first = stream->next = stream->pieces->sequence;
	return true;
}

void cw_stream_end_at(struct cw_stream *stream, uint32_t sequence)
{
	if (stream->ends)
		return;
	stream->ends = true;
	stream->fin = sequence;
}

bool cw_stream_over(const struct cw_stream *stream)
{
	return stream->started && stream->ends && !stream->pieces && distance(stream->fin, stream->next) >= 0;
}
