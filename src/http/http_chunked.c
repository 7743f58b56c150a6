#include "http/http_chunked.h"

#include "base/forward.h"

/* One byte of the size line. */
static enum cw_http_reason take_size(struct cw_http_chunked *chunked, char byte)
{
	int digit = cw_http_text_hex(byte);
	if (digit >= 0 && chunked->digits < CW_HTTP_CHUNK_DIGITS_MAX) {
		chunked->size = chunked->size << 4 | (unsigned)digit;
		chunked->digits++;
		return CW_HTTP_BAD_NOTHING;
	}
	if (!chunked->digits || digit >= 0)
		return CW_HTTP_BAD_CHUNK_SIZE;
	if (byte == '\r') {
		chunked->place = CW_HTTP_CHUNK_AT_SIZE_LF;
		return CW_HTTP_BAD_NOTHING;
	}
	bool extension = byte == ';' || byte == ' ' || byte == '\t';
	return extension ? CW_HTTP_BAD_CHUNK_EXTENSION : CW_HTTP_BAD_CHUNK_SIZE;
}

static enum cw_http_reason expect(
	struct cw_http_chunked *chunked, bool met, enum cw_http_chunk_place next, enum cw_http_reason reason)
{
	if (!met)
		return reason;
	chunked->place = next;
	return CW_HTTP_BAD_NOTHING;
}

static enum cw_http_reason take_size_lf(struct cw_http_chunked *chunked, char byte)
{
	enum cw_http_chunk_place next = chunked->size ? CW_HTTP_CHUNK_AT_DATA : CW_HTTP_CHUNK_AT_END_CR;
	chunked->announced = chunked->size > 0;
	chunked->digits = 0;
	return expect(chunked, byte == '\n', next, CW_HTTP_BAD_CHUNK_SIZE);
}

/* One byte of everything but data. */
static enum cw_http_reason take(struct cw_http_chunked *chunked, char byte)
{
	switch (chunked->place) {
	case CW_HTTP_CHUNK_AT_SIZE:
		return take_size(chunked, byte);
	case CW_HTTP_CHUNK_AT_SIZE_LF:
		return take_size_lf(chunked, byte);
	case CW_HTTP_CHUNK_AT_DATA_CR:
		return expect(chunked, byte == '\r', CW_HTTP_CHUNK_AT_DATA_LF, CW_HTTP_BAD_CHUNK_END);
	case CW_HTTP_CHUNK_AT_DATA_LF:
		return expect(chunked, byte == '\n', CW_HTTP_CHUNK_AT_SIZE, CW_HTTP_BAD_CHUNK_END);
	case CW_HTTP_CHUNK_AT_END_CR:
		return expect(chunked, byte == '\r', CW_HTTP_CHUNK_AT_END_LF, CW_HTTP_BAD_TRAILER);
	case CW_HTTP_CHUNK_AT_END_LF:
		return expect(chunked, byte == '\n', CW_HTTP_CHUNK_AT_END, CW_HTTP_BAD_TRAILER);
	case CW_HTTP_CHUNK_AT_DATA:
	case CW_HTTP_CHUNK_AT_END:
		break;
	}
	return CW_HTTP_BAD_NOTHING;
}

static void take_data(
	struct cw_http_chunked *chunked, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	size_t length = input->length < chunked->size ? input->length : (size_t)chunked->size;
	*ret_piece = cw_http_text_part(*input, 0, length);
	*input = cw_http_text_part(*input, length, input->length);
	chunked->size -= length;
	if (!chunked->size)
		chunked->place = CW_HTTP_CHUNK_AT_DATA_CR;
}

enum cw_http_progress cw_http_chunked_read(struct cw_http_chunked *chunked, struct cw_http_text *input,
	struct cw_http_text *ret_piece, enum cw_http_reason *ret_reason)
{
	*ret_piece = (struct cw_http_text){0};
	size_t unread = CW_FORWARD_BEGIN;
	while (input->length && chunked->place != CW_HTTP_CHUNK_AT_END && !chunked->announced &&
		cw_forward(&unread, input->length)) {
		if (chunked->place == CW_HTTP_CHUNK_AT_DATA) {
			take_data(chunked, input, ret_piece);
			return CW_HTTP_OPEN;
		}
		enum cw_http_reason reason = take(chunked, *input->at);
		if (reason != CW_HTTP_BAD_NOTHING) {
			*ret_reason = reason;
			return CW_HTTP_REFUSED;
		}
		*input = cw_http_text_part(*input, 1, input->length);
	}
	return chunked->place == CW_HTTP_CHUNK_AT_END ? CW_HTTP_WHOLE : CW_HTTP_OPEN;
}
