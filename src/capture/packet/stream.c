#include "capture/packet/stream.h"

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

static struct cw_stream_piece *unlink_first(struct cw_stream *stream, struct cw_budget *budget)
{
	struct cw_stream_piece *piece = stream->pieces;
	stream->pieces = piece->next;
	if (!stream->pieces)
		stream->last = NULL;
	stream->held -= (uint32_t)cost(piece);
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
	uint32_t sequence, const uint8_t *data, size_t length, uint64_t frame, struct cw_error *error)
{
	struct cw_stream_piece *piece = malloc(sizeof *piece + length);
	if (!piece)
		return cw_error_memory(error);
	piece->frame = frame;
	piece->sequence = sequence;
	piece->length = (uint32_t)length;
	memcpy(piece->data, data, length);
	struct cw_stream_piece **link = before ? &before->next : &stream->pieces;
	piece->next = *link;
	*link = piece;
	if (!piece->next)
		stream->last = piece;
	stream->held += (uint32_t)cost(piece);
	budget->used += cost(piece);
	return true;
}

static void count_conflicts(struct cw_stream *stream, const struct cw_stream_piece *piece,
	const uint8_t *data, uint32_t sequence, size_t length)
{
	const uint8_t *kept = piece->data + distance(piece->sequence, sequence);
	for (size_t i = 0; i < length; i++)
		stream->conflicting += kept[i] != data[i];
}

/* Keeps those of the bytes that no waiting piece has already. */
static bool keep(struct cw_stream *stream, struct cw_budget *budget, uint32_t sequence, const uint8_t *data,
	size_t length, uint64_t frame, struct cw_error *error)
{
	struct cw_stream_piece *before = NULL, *piece = stream->pieces;
	/* Mostly the segment comes behind all others. */
	if (stream->last && distance(stream->last->sequence + stream->last->length, sequence) >= 0) {
		before = stream->last;
		piece = NULL;
	}
	while (length) {
		while (piece && distance(piece->sequence + piece->length, sequence) >= 0) {
			before = piece;
			piece = piece->next;
		}
		size_t gap = length;
		if (piece && distance(sequence, piece->sequence) < (int32_t)length)
			gap = distance(sequence, piece->sequence) > 0
				? (size_t)distance(sequence, piece->sequence)
				: 0;
		if (gap && !insert(stream, budget, before, sequence, data, gap, frame, error))
			return false;
		sequence += (uint32_t)gap;
		data += gap;
		length -= gap;
		if (!length || !piece)
			return true;
		size_t covered = (size_t)distance(sequence, piece->sequence + piece->length);
		if (covered > length)
			covered = length;
		count_conflicts(stream, piece, data, sequence, covered);
		sequence += (uint32_t)covered;
		data += covered;
		length -= covered;
	}
	return true;
}

static bool in_window(uint32_t start, uint32_t sequence)
{
	return sequence - start < CW_STREAM_WINDOW;
}

/* Cuts off what was read already. False: nothing is left, or the segment is not of this connection. */
static bool trim(const struct cw_stream *stream, uint32_t *sequence, const uint8_t **data, size_t *length)
{
	int32_t ahead = distance(stream->next, *sequence);
	if (ahead >= (int32_t)CW_STREAM_WINDOW)
		return false;
	if (ahead >= 0)
		return true;
	size_t old = (size_t) - (int64_t)ahead;
	if (old >= *length)
		return false;
	*sequence += (uint32_t)old;
	*data += old;
	*length -= old;
	return true;
}

bool cw_stream_add(struct cw_stream *stream, struct cw_budget *budget, uint32_t sequence, const uint8_t *data,
	size_t length, uint64_t frame, bool hold, struct cw_stream_run *run, struct cw_error *error)
{
	*run = (struct cw_stream_run){0};
	if (length == 0)
		return true;
	if (!stream->started) {
		stream->early++;
		if (stream->pieces && !in_window(stream->pieces->sequence - CW_STREAM_WINDOW / 2, sequence))
			return true;
		return keep(stream, budget, sequence, data, length, frame, error);
	}
	if (!trim(stream, &sequence, &data, &length))
		return true;
	if (sequence != stream->next || hold)
		return keep(stream, budget, sequence, data, length, frame, error);
	/* The next bytes; a waiting piece that begins inside of them has those that it has. */
	if (stream->pieces && distance(stream->pieces->sequence, sequence + (uint32_t)length) > 0) {
		if (!keep(stream, budget, sequence, data, length, frame, error))
			return false;
		return true;
	}
	stream->next += (uint32_t)length;
	*run = (struct cw_stream_run){data, length, frame, NULL};
	return true;
}

bool cw_stream_take(struct cw_stream *stream, struct cw_budget *budget, struct cw_stream_run *run)
{
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
	return insert(stream, budget, NULL, stream->next, data, length, frame, error);
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
