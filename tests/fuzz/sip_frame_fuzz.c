/**
 * Any bytes as a SIP stream, at once and in pieces: the same things come out, and nothing is held beyond the
 * bounds.
 *
 * Input: a byte of how to cut, whose lowest bit says who dialled, then the stream.
 */
#include "sip/sip_frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Kinds, lengths and bytes of what comes out. */
static void drain(struct cw_sip_frame *frame, struct cw_buffer *out)
{
	struct cw_sip_frame_piece piece;
	while (cw_sip_frame_next(frame, &piece) != CW_SIP_FRAME_MORE) {
		cw_buffer_printf(out, "%d %zu %u ", (int)piece.kind, piece.length, piece.status);
		if (piece.length)
			cw_buffer_append(out, piece.data, piece.length);
		if (piece.kind == CW_SIP_FRAME_BROKEN) {
			cw_buffer_text(out, piece.reason);
			return;
		}
		if (!piece.length ||
			(piece.kind == CW_SIP_FRAME_MESSAGE && piece.head->length > piece.length))
			abort();
	}
}

static void run(const uint8_t *data, size_t size, uint8_t cut, bool whole, struct cw_buffer *out)
{
	struct cw_sip_frame frame = {.dialled = cut & 1};
	struct cw_error error;
	uint32_t seed = cut;
	for (size_t at = 0; at < size && !frame.broken;) {
		seed = seed * 1664525U + 1013904223U;
		size_t step = whole ? size : 1 + (seed >> 8) % (1 + cut);
		if (step > size - at)
			step = size - at;
		if (!cw_sip_frame_feed(&frame, (const char *)data + at, step, &error))
			abort();
		drain(&frame, out);
		at += step;
	}
	if (frame.in.length > (size_t)CW_SIP_HEAD_MAX + CW_SIP_BODY_MAX + size)
		abort();
	cw_sip_frame_finish(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER whole = {0};
	AUTO_BUFFER pieces = {0};
	if (size < 1 || size > 64 * 1024)
		return 0;
	run(data + 1, size - 1, data[0], true, &whole);
	run(data + 1, size - 1, data[0], false, &pieces);
	if (whole.length != pieces.length ||
		(whole.length && memcmp(whole.data, pieces.data, whole.length) != 0))
		abort();
	return 0;
}
