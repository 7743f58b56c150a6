#include "http/http_reader.h"
#include "http/http_chunked.h"

#include "base/buffer.h"

#define KEPT_MAX ((size_t)4096) /* of the head's memory on an idle connection */

enum reader_stage { READER_IN_HEAD, READER_AT_BODY, READER_IN_BODY, READER_AT_END, READER_REFUSED };

struct cw_http_reader {
	enum reader_stage stage;
	enum cw_http_reason reason;
	enum cw_http_kind kind;
	enum cw_http_method asked;
	uint64_t body_max, limit; /* of all messages, of this one */
	uint64_t body;		  /* bytes so far; with chunks: announced so far */
	struct cw_http_chunked chunked;
	struct cw_buffer bytes; /* of the head */
	struct cw_http_head head;
};

struct cw_http_reader *cw_http_reader_new(enum cw_http_kind kind, uint64_t body_max)
{
	struct cw_http_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		return NULL;
	reader->kind = kind;
	reader->body_max = body_max;
	reader->stage = READER_AT_END;
	cw_http_reader_next(reader);
	return reader;
}

void cw_http_reader_free(struct cw_http_reader *reader)
{
	if (!reader)
		return;
	cw_buffer_finish(&reader->bytes);
	free(reader);
}

void cw_http_reader_next(struct cw_http_reader *reader)
{
	if (reader->stage != READER_AT_END)
		return;
	if (reader->bytes.capacity > KEPT_MAX)
		cw_buffer_finish(&reader->bytes);
	reader->bytes.length = 0;
	reader->limit = reader->body_max;
	reader->body = 0;
	reader->chunked = (struct cw_http_chunked){0};
	reader->stage = READER_IN_HEAD;
	cw_http_head_start(&reader->head, reader->kind, reader->asked);
}

void cw_http_reader_asked(struct cw_http_reader *reader, enum cw_http_method method)
{
	reader->asked = method;
	reader->head.asked = method;
}

void cw_http_reader_limit(struct cw_http_reader *reader, uint64_t body_max)
{
	if (reader->stage == READER_AT_BODY)
		reader->limit = body_max;
}

const struct cw_http_head *cw_http_reader_head(const struct cw_http_reader *reader)
{
	return &reader->head;
}

enum cw_http_reason cw_http_reader_reason(const struct cw_http_reader *reader)
{
	return reader->reason;
}

bool cw_http_reader_is_idle(const struct cw_http_reader *reader)
{
	return reader->stage == READER_IN_HEAD && !reader->bytes.length;
}

static enum cw_http_read refuse(struct cw_http_reader *reader, enum cw_http_reason reason)
{
	reader->stage = READER_REFUSED;
	reader->reason = reason;
	return CW_HTTP_READ_REFUSED;
}

static enum cw_http_read end(struct cw_http_reader *reader)
{
	reader->stage = READER_AT_END;
	return CW_HTTP_READ_END;
}

/*
 * What came is copied behind the part of the head that is there, and no more than the longest head can have.
 * Where the head turns out to end within it, what was copied too much is still in the input and stays there.
 */
static enum cw_http_read read_head(struct cw_http_reader *reader, struct cw_http_text *input)
{
	size_t before = reader->bytes.length;
	struct cw_http_text taken = cw_http_text_part(*input, 0, CW_HTTP_HEAD_MAX - before);
	enum cw_http_reason reason = CW_HTTP_BAD_NO_MEMORY;
	if (!taken.length)
		return CW_HTTP_READ_MORE;
	cw_buffer_append(&reader->bytes, taken.at, taken.length);
	if (reader->bytes.failed)
		return refuse(reader, reason);
	const struct cw_http_text bytes = {reader->bytes.data, reader->bytes.length};
	switch (cw_http_head_parse(&reader->head, bytes, &reason)) {
	case CW_HTTP_OPEN:
		*input = cw_http_text_part(*input, taken.length, input->length);
		return CW_HTTP_READ_MORE;
	case CW_HTTP_WHOLE:
		*input = cw_http_text_part(*input, reader->head.parsed - before, input->length);
		reader->stage = READER_AT_BODY;
		return CW_HTTP_READ_HEAD;
	case CW_HTTP_REFUSED:
		break;
	}
	return refuse(reader, reason);
}

/* Before the first byte of the body, when the caller has seen the head. */
static enum cw_http_read begin_body(struct cw_http_reader *reader)
{
	bool none = reader->head.framing == CW_HTTP_NO_BODY;
	bool stated = reader->head.framing == CW_HTTP_BY_LENGTH;
	if (stated && reader->head.length > reader->limit)
		return refuse(reader, CW_HTTP_BAD_BODY_LONG);
	if (none || (stated && !reader->head.length))
		return end(reader);
	reader->stage = READER_IN_BODY;
	return CW_HTTP_READ_MORE;
}

static enum cw_http_read read_plain(
	struct cw_http_reader *reader, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	bool stated = reader->head.framing == CW_HTTP_BY_LENGTH;
	uint64_t left = (stated ? reader->head.length : reader->limit) - reader->body;
	if (!left && stated)
		return end(reader);
	if (!input->length)
		return CW_HTTP_READ_MORE;
	if (!left)
		return refuse(reader, CW_HTTP_BAD_BODY_LONG);
	*ret_piece = cw_http_text_part(*input, 0, left < input->length ? (size_t)left : input->length);
	*input = cw_http_text_part(*input, ret_piece->length, input->length);
	reader->body += ret_piece->length;
	return CW_HTTP_READ_BODY;
}

/* A size line was read: is there room for what it announces? */
static bool has_room(struct cw_http_reader *reader)
{
	if (!reader->chunked.announced)
		return true;
	reader->chunked.announced = false;
	if (reader->chunked.size > reader->limit - reader->body)
		return false;
	reader->body += reader->chunked.size;
	return true;
}

static enum cw_http_read read_chunked(
	struct cw_http_reader *reader, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	for (;;) { /* ends: cw_http_chunked_read takes at least the line of a chunk where it gives no data */
		enum cw_http_reason reason;
		switch (cw_http_chunked_read(&reader->chunked, input, ret_piece, &reason)) {
		case CW_HTTP_WHOLE:
			return end(reader);
		case CW_HTTP_REFUSED:
			return refuse(reader, reason);
		case CW_HTTP_OPEN:
			break;
		}
		if (!has_room(reader))
			return refuse(reader, CW_HTTP_BAD_BODY_LONG);
		if (ret_piece->length)
			return CW_HTTP_READ_BODY;
		if (!input->length)
			return CW_HTTP_READ_MORE;
	}
}

enum cw_http_read cw_http_reader_read(
	struct cw_http_reader *reader, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	*ret_piece = (struct cw_http_text){0};
	if (reader->stage == READER_IN_HEAD)
		return read_head(reader, input);
	if (reader->stage == READER_REFUSED)
		return CW_HTTP_READ_REFUSED;
	if (reader->stage == READER_AT_BODY) {
		enum cw_http_read begun = begin_body(reader);
		if (begun != CW_HTTP_READ_MORE)
			return begun;
	}
	if (reader->stage == READER_AT_END)
		return CW_HTTP_READ_END;
	if (reader->head.framing == CW_HTTP_BY_CHUNKS)
		return read_chunked(reader, input, ret_piece);
	return read_plain(reader, input, ret_piece);
}

enum cw_http_read cw_http_reader_close(struct cw_http_reader *reader)
{
	struct cw_http_text nothing = {0}, piece;
	if (reader->stage == READER_REFUSED)
		return CW_HTTP_READ_REFUSED;
	if (cw_http_reader_is_idle(reader))
		return CW_HTTP_READ_MORE;
	if (cw_http_reader_read(reader, &nothing, &piece) == CW_HTTP_READ_END)
		return CW_HTTP_READ_END;
	bool lasts_until_close = reader->stage == READER_IN_BODY && reader->head.framing == CW_HTTP_BY_CLOSE;
	return lasts_until_close ? end(reader) : refuse(reader, CW_HTTP_BAD_CUT_SHORT);
}
