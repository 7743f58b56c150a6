#include "support/http_trace.h"

#include "http/http_write.h"

#include <string.h>

static void add(struct cw_buffer *buffer, struct cw_http_text text)
{
	if (text.length)
		cw_buffer_append(buffer, text.at, text.length);
}

static void trace_head(const struct cw_http_head *head, struct cw_buffer *ret)
{
	static const char *const framings[] = {"none", "length", "chunks", "close"};
	if (head->kind == CW_HTTP_REQUEST) {
		cw_buffer_text(ret, cw_http_head_method_name(head->start.method));
		cw_buffer_char(ret, ' ');
		add(ret, head->start.target.path);
		if (head->start.target.query.length)
			cw_buffer_char(ret, '?');
		add(ret, head->start.target.query);
		cw_buffer_printf(ret, " port=%u host=", head->host.port);
		add(ret, head->host.name);
	} else {
		cw_buffer_printf(ret, "%u ", head->start.status);
		add(ret, head->start.phrase);
	}
	cw_buffer_printf(ret, " minor=%u framing=%s length=%llu keep=%d continue=%d\n",
		head->start.version_minor, framings[head->framing], (unsigned long long)head->length,
		head->keep_alive, head->expects_continue);
	for (size_t i = 0; i < head->field_count; i++) {
		struct cw_http_field field = cw_http_head_field(head, i);
		add(ret, field.name);
		cw_buffer_text(ret, ": ");
		add(ret, field.value);
		cw_buffer_char(ret, '\n');
	}
}

struct trace {
	struct cw_http_reader *reader;
	struct cw_buffer *ret;
	struct cw_buffer body;
	bool over;
};

static void trace_end(struct trace *trace)
{
	cw_buffer_printf(trace->ret, "body=%zu ", trace->body.length);
	add(trace->ret, (struct cw_http_text){trace->body.data, trace->body.length});
	cw_buffer_text(trace->ret, "\nend\n");
	trace->body.length = 0;
	cw_http_reader_next(trace->reader);
}

static void trace_refusal(struct trace *trace)
{
	cw_buffer_printf(trace->ret, "after=%zu ", trace->body.length);
	add(trace->ret, (struct cw_http_text){trace->body.data, trace->body.length});
	cw_buffer_printf(
		trace->ret, "\nrefused %s\n", cw_http_reason_name(cw_http_reader_reason(trace->reader)));
	trace->over = true;
}

static void trace_piece(struct trace *trace, struct cw_http_text input)
{
	struct cw_http_text piece;
	while (!trace->over) {
		switch (cw_http_reader_read(trace->reader, &input, &piece)) {
		case CW_HTTP_READ_MORE:
			if (input.length)
				abort();
			return;
		case CW_HTTP_READ_HEAD:
			trace_head(cw_http_reader_head(trace->reader), trace->ret);
			break;
		case CW_HTTP_READ_BODY:
			if (!piece.length)
				abort();
			add(&trace->body, piece);
			break;
		case CW_HTTP_READ_END:
			trace_end(trace);
			break;
		case CW_HTTP_READ_REFUSED:
			trace_refusal(trace);
			break;
		}
	}
}

static void feed(struct trace *trace, struct cw_http_text bytes)
{
	AUTO(free) char *copy = malloc(bytes.length ? bytes.length : 1);
	if (!copy)
		abort();
	memcpy(copy, bytes.at, bytes.length);
	trace_piece(trace, (struct cw_http_text){copy, bytes.length});
}

static void trace_close(struct trace *trace)
{
	switch (cw_http_reader_close(trace->reader)) {
	case CW_HTTP_READ_END:
		trace_end(trace);
		break;
	case CW_HTTP_READ_REFUSED:
		trace_refusal(trace);
		break;
	case CW_HTTP_READ_MORE:
	case CW_HTTP_READ_HEAD:
	case CW_HTTP_READ_BODY:
		break;
	}
	cw_buffer_text(trace->ret, "closed\n");
}

void test_http_trace(
	enum cw_http_kind kind, struct cw_http_text bytes, struct test_cut cut, struct cw_buffer *ret)
{
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(kind, TEST_BODY_MAX);
	struct trace trace = {.reader = reader, .ret = ret};
	if (!reader)
		abort();
	for (size_t at = 0, size = cut.first; at < bytes.length && !trace.over; size = cut.then) {
		struct cw_http_text piece = cw_http_text_part(bytes, at, size ? size : CW_HTTP_REST);
		feed(&trace, piece);
		at += piece.length;
	}
	if (!trace.over)
		trace_close(&trace);
	cw_buffer_finish(&trace.body);
}

enum cw_http_reason test_http_reason(enum cw_http_kind kind, struct cw_http_text bytes)
{
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(kind, TEST_BODY_MAX);
	AUTO_BUFFER text = {0};
	struct trace trace = {.reader = reader, .ret = &text};
	if (!reader)
		abort();
	trace_piece(&trace, bytes);
	if (!trace.over)
		trace_close(&trace);
	cw_buffer_finish(&trace.body);
	return cw_http_reader_reason(reader);
}

/* False: with its framing it has outgrown a bound. */
static bool write_message(
	const struct cw_http_head *head, const struct cw_buffer *body, struct cw_buffer *ret)
{
	struct cw_error error;
	size_t from = ret->length;
	bool worked;
	AUTO(free)
	char *phrase =
		head->start.phrase.length ? strndup(head->start.phrase.at, head->start.phrase.length) : NULL;
	if (head->kind == CW_HTTP_REQUEST)
		worked = cw_http_write_request(ret, head->start.method, head->start.target_text, &error);
	else
		worked = cw_http_write_status(ret, head->start.status, phrase ? phrase : "", &error);
	if (!worked || !cw_http_write_fields(ret, head, NULL, &error))
		abort();
	if (head->framing == CW_HTTP_NO_BODY)
		cw_http_write_framing(ret, head);
	else
		cw_http_write_length(ret, body->length);
	if (!cw_http_write_head_end(ret, from, &error)) {
		if (error.code != CW_E_LIMIT)
			abort();
		return false;
	}
	add(ret, (struct cw_http_text){body->data, body->length});
	return true;
}

bool test_http_rebuild(enum cw_http_kind kind, struct cw_http_text bytes, struct cw_buffer *ret)
{
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(kind, TEST_BODY_MAX);
	AUTO_BUFFER body = {0};
	struct cw_http_text piece;
	if (!reader)
		abort();
	for (;;) {
		enum cw_http_read step = cw_http_reader_read(reader, &bytes, &piece);
		if (step == CW_HTTP_READ_MORE) {
			step = cw_http_reader_close(reader);
			if (step == CW_HTTP_READ_MORE)
				return true;
		}
		if (step == CW_HTTP_READ_REFUSED)
			return false;
		add(&body, piece);
		if (step != CW_HTTP_READ_END)
			continue;
		if (!write_message(cw_http_reader_head(reader), &body, ret))
			return false;
		body.length = 0;
		cw_http_reader_next(reader);
	}
}
