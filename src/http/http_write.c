#include "http/http_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_END "\r\n"

static void append(struct cw_buffer *buffer, struct cw_http_text text)
{
	if (text.length)
		cw_buffer_append(buffer, text.at, text.length);
}

const char *cw_http_write_phrase(unsigned status)
{
	static const struct {
		unsigned status;
		const char *phrase;
	} rows[] = {
		{100, "Continue"},
		{200, "OK"},
		{201, "Created"},
		{202, "Accepted"},
		{204, "No Content"},
		{301, "Moved Permanently"},
		{302, "Found"},
		{303, "See Other"},
		{304, "Not Modified"},
		{307, "Temporary Redirect"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{411, "Length Required"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{415, "Unsupported Media Type"},
		{417, "Expectation Failed"},
		{421, "Misdirected Request"},
		{422, "Unprocessable Content"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].status == status)
			return rows[i].phrase;
	}
	return "";
}

bool cw_http_write_request(struct cw_buffer *buffer, enum cw_http_method method, struct cw_http_text target,
	struct cw_error *error)
{
	struct cw_http_target parts;
	enum cw_http_reason reason = CW_HTTP_BAD_TARGET_LONG;
	if (target.length > CW_HTTP_TARGET_MAX || !cw_http_target_parse(target, &parts, &reason))
		return cw_error_set(
			error, CW_E_HTTP, "the target cannot be sent: %s", cw_http_reason_text(reason));
	append(buffer, cw_http_text(cw_http_head_method_name(method)));
	cw_buffer_char(buffer, ' ');
	append(buffer, target);
	append(buffer, cw_http_text(" HTTP/1.1" LINE_END));
	return true;
}

bool cw_http_write_status(
	struct cw_buffer *buffer, unsigned status, const char *phrase, struct cw_error *error)
{
	if (!phrase)
		phrase = cw_http_write_phrase(status);
	struct cw_http_text text = cw_http_text(phrase);
	if (status < 100 || status > 599 || cw_http_text_run(text, 0, CW_HTTP_IN_VALUE) != text.length)
		return cw_error_set(error, CW_E_HTTP,
			"the status %u cannot be sent: it wants 100 to 599 and a phrase without control "
			"bytes",
			status);
	cw_buffer_printf(buffer, "HTTP/1.1 %03u ", status);
	append(buffer, text);
	append(buffer, cw_http_text(LINE_END));
	return true;
}

/* Read back it is the same: no control byte, nothing at the ends that would be taken away. */
static bool is_value(struct cw_http_text value)
{
	return cw_http_text_run(value, 0, CW_HTTP_IN_VALUE) == value.length &&
		cw_http_text_trim(value).length == value.length;
}

static bool is_framing(enum cw_http_known known)
{
	return known == CW_HTTP_FIELD_CONTENT_LENGTH || known == CW_HTTP_FIELD_TRANSFER_ENCODING ||
		known == CW_HTTP_FIELD_TRAILER || known == CW_HTTP_FIELD_UPGRADE;
}

static void write_line(struct cw_buffer *buffer, struct cw_http_text name, struct cw_http_text value)
{
	append(buffer, name);
	cw_buffer_append(buffer, ": ", 2);
	append(buffer, value);
	cw_buffer_append(buffer, LINE_END, sizeof LINE_END - 1);
}

/* A field of a head that was read: where it stands there as it would be written, its line is copied whole.
 * Behind a value there is always a line end in those bytes. */
static void copy_line(struct cw_buffer *buffer, const struct cw_http_field *field)
{
	const char *value = field->name.at + field->name.length + 2,
		   *end = field->value.at + field->value.length;
	if (field->value.length && field->value.at == value && value[-1] == ' ' && *end == '\r')
		cw_buffer_append(
			buffer, field->name.at, (size_t)(end - field->name.at) + sizeof LINE_END - 1);
	else
		write_line(buffer, field->name, field->value);
}

bool cw_http_write_field(
	struct cw_buffer *buffer, struct cw_http_text name, struct cw_http_text value, struct cw_error *error)
{
	if (name.length > CW_HTTP_FIELD_NAME_MAX || !cw_http_text_is(name, CW_HTTP_IN_TOKEN))
		return cw_error_set(error, CW_E_HTTP, "a field cannot be sent: its name is no token");
	if (is_framing(cw_http_field_known(name)))
		return cw_error_set(
			error, CW_E_HTTP, "the field %.*s is the writer's own", (int)name.length, name.at);
	if (!is_value(value))
		return cw_error_set(error, CW_E_HTTP,
			"the field %.*s cannot be sent: control bytes in its value, or spaces around it",
			(int)name.length, name.at);
	write_line(buffer, name, value);
	return true;
}

bool cw_http_write_named(
	struct cw_buffer *buffer, const char *name, const char *value, struct cw_error *error)
{
	return cw_http_write_field(buffer, cw_http_text(name), cw_http_text(value), error);
}

static bool is_among(enum cw_http_known known, const enum cw_http_known *list)
{
	for (; list && *list != CW_HTTP_FIELD_OTHER; list++) {
		if (*list == known)
			return true;
	}
	return false;
}

bool cw_http_write_fields(struct cw_buffer *buffer, const struct cw_http_head *head,
	const enum cw_http_known *without, struct cw_error *error)
{
	for (size_t i = 0; i < head->field_count; i++) {
		struct cw_http_field field = cw_http_head_field(head, i);
		if (cw_http_field_is_for_connection(field.known) || is_among(field.known, without))
			continue;
		/* names and values were checked when they were read */
		copy_line(buffer, &field);
	}
	return cw_buffer_ok(buffer, error);
}

void cw_http_write_length(struct cw_buffer *buffer, uint64_t length)
{
	cw_buffer_printf(buffer, "Content-Length: %" PRIu64 LINE_END, length);
}

void cw_http_write_chunked(struct cw_buffer *buffer)
{
	cw_buffer_text(buffer, "Transfer-Encoding: chunked" LINE_END);
}

void cw_http_write_framing(struct cw_buffer *buffer, const struct cw_http_head *head)
{
	switch (head->framing) {
	case CW_HTTP_BY_LENGTH:
		cw_http_write_length(buffer, head->length);
		break;
	case CW_HTTP_BY_CHUNKS:
		cw_http_write_chunked(buffer);
		break;
	case CW_HTTP_NO_BODY: /* an answer to HEAD, and 304, state a length without a body */
		if (head->length)
			cw_http_write_length(buffer, head->length);
		break;
	case CW_HTTP_BY_CLOSE:
		break;
	}
}

void cw_http_write_close(struct cw_buffer *buffer)
{
	cw_buffer_text(buffer, "Connection: close" LINE_END);
}

/* Lines less the first one and the empty one. */
static size_t count_fields(struct cw_http_text head)
{
	size_t lines = 0;
	for (size_t at = 0; at < head.length; lines++) {
		struct cw_http_text rest = cw_http_text_part(head, at, CW_HTTP_REST);
		at += cw_http_text_find(rest, '\n') + 1;
	}
	return lines > 2 ? lines - 2 : 0;
}

bool cw_http_write_head_end(struct cw_buffer *buffer, size_t head_from, struct cw_error *error)
{
	cw_buffer_text(buffer, LINE_END);
	if (!cw_buffer_ok(buffer, error))
		return false;
	const struct cw_http_text head = {buffer->data + head_from, buffer->length - head_from};
	if (head.length > CW_HTTP_HEAD_MAX)
		return cw_error_set(error, CW_E_LIMIT, "a head of %zu bytes; at most %zu can be sent",
			head.length, CW_HTTP_HEAD_MAX);
	size_t fields = count_fields(head);
	if (fields > CW_HTTP_FIELDS_MAX)
		return cw_error_set(error, CW_E_LIMIT, "a head of %zu fields; at most %zu can be sent",
			fields, CW_HTTP_FIELDS_MAX);
	return true;
}

size_t cw_http_write_chunk(uint32_t length, char ret[CW_HTTP_CHUNK_LINE_SIZE])
{
	int written = snprintf(ret, CW_HTTP_CHUNK_LINE_SIZE, "%" PRIx32 LINE_END, length);
	return written > 0 ? (size_t)written : 0;
}
