#include "rehearse/http_talk.h"

#include "rehearse/message.h"

#include <stdio.h>
#include <string.h>

void cw_http_talk_ask(const struct cw_conversation *conversation, struct cw_buffer *out)
{
	cw_buffer_printf(out, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", conversation->host);
}

static void serve(
	struct cw_conversation *conversation, const struct cw_message *request, struct cw_buffer *out)
{
	if (!cw_message_word(request, 0, "GET") || !cw_message_word(request, 2, "HTTP/1.1")) {
		cw_conversation_break_off(conversation, "wanted an HTTP request");
	} else if (conversation->forbid) {
		cw_buffer_text(out, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
		conversation->state = CW_CONVERSATION_FORBIDDEN;
	} else {
		cw_buffer_text(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
		conversation->state = CW_CONVERSATION_UP;
	}
}

static void hear_answer(struct cw_conversation *conversation, const struct cw_message *message)
{
	unsigned status = cw_message_status(message);
	if (status / 100 == 2) {
		conversation->state = CW_CONVERSATION_UP;
	} else if (status == 403) {
		conversation->state = CW_CONVERSATION_FORBIDDEN;
		snprintf(conversation->reason, sizeof conversation->reason, "403 Forbidden");
	} else {
		cw_conversation_break_off(conversation, "wanted an answer of 200 or 403");
	}
}

static void drop(struct cw_buffer *buffer, size_t length)
{
	memmove(buffer->data, buffer->data + length, buffer->length - length + 1);
	buffer->length -= length;
}

bool cw_http_talk_take(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out)
{
	bool any = false;
	cw_buffer_append(&conversation->in, data, length);
	out->failed |= conversation->in.failed;
	while (!out->failed && conversation->in.length && conversation->state != CW_CONVERSATION_BROKEN) {
		struct cw_message message;
		const char *reason;
		switch (cw_message_read(conversation->in.data, conversation->in.length, &message, &reason)) {
		case CW_MESSAGE_PART:
			return any;
		case CW_MESSAGE_BROKEN:
			cw_conversation_break_off(conversation, reason);
			return any;
		case CW_MESSAGE_WHOLE:
			break;
		}
		any = true;
		if (conversation->server)
			serve(conversation, &message, out);
		else
			hear_answer(conversation, &message);
		drop(&conversation->in, message.length);
	}
	return any;
}
