#include "node/edge/edge_relay_parts.h"

#include "http/http_write.h"

#include <stdio.h>
#include <string.h>

static void broke(struct cw_edge_relay *relay, const char *reason)
{
	bool outer = relay->setup.is_outer;
	if (relay->answering)
		cw_edge_relay_cut(relay, reason);
	else
		cw_edge_relay_failed(relay, outer ? CW_EDGE_FAULT_TUNNEL_BROKE : CW_EDGE_FAULT_SERVER_BROKE);
}

void cw_edge_relay_drop_far(struct cw_edge_relay *relay)
{
	cw_edge_stream_let_go(relay->far);
	relay->far = NULL;
}

bool cw_edge_relay_frame(
	struct cw_edge_stream *stream, enum cw_http_framing framing, struct cw_http_text piece)
{
	char line[CW_HTTP_CHUNK_LINE_SIZE];
	if (framing != CW_HTTP_BY_CHUNKS)
		return cw_edge_stream_send(stream, piece.at, piece.length);
	(void)cw_edge_stream_send(stream, line, cw_http_write_chunk((uint32_t)piece.length, line));
	(void)cw_edge_stream_send(stream, piece.at, piece.length);
	return cw_edge_stream_send(stream, CW_HTTP_CHUNK_TAIL, sizeof CW_HTTP_CHUNK_TAIL - 1);
}

/* --- up --- */

void cw_edge_relay_send_piece(struct cw_edge_relay *relay, struct cw_http_text piece)
{
	if (!relay->far)
		return;
	cw_edge_relay_wait(relay);
	cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_BODY_MS);
	if (!cw_edge_relay_frame(relay->far, cw_http_reader_head(relay->reader)->framing, piece))
		cw_edge_stream_pause(relay->near, true);
}

void cw_edge_relay_send_end(struct cw_edge_relay *relay)
{
	if (!relay->far)
		return;
	if (cw_http_reader_head(relay->reader)->framing == CW_HTTP_BY_CHUNKS)
		(void)cw_edge_stream_send(relay->far, CW_HTTP_CHUNK_LAST, sizeof CW_HTTP_CHUNK_LAST - 1);
	cw_edge_stream_pause(relay->near, true); /* until the answer is out */
	cw_edge_relay_wait(relay);
}

/* --- down --- */

static void send_answer_head(struct cw_edge_relay *relay)
{
	const struct cw_http_head *head = cw_http_reader_head(relay->answers);
	const struct cw_http_head *asked = cw_http_reader_head(relay->reader);
	bool old = asked->start.version_minor == 0;
	struct cw_error error;
	AUTO_BUFFER bytes = {0};
	relay->down = cw_edge_message_response_framing(head, old);
	relay->closes = relay->closes || !relay->read_whole || relay->down == CW_HTTP_BY_CLOSE;
	relay->status = head->start.status;
	const struct cw_edge_message_response response = {.head = head,
		.from_server = !relay->setup.is_outer,
		.is_http_1_0 = old,
		.closes = relay->closes};
	if (!cw_edge_message_response(&response, &bytes, &error)) {
		broke(relay, "an answer's head cannot be made anew");
		return;
	}
	relay->answering = true;
	if (relay->setup.owner.begun)
		relay->setup.owner.begun(relay->setup.owner.context);
	cw_edge_stream_pause(relay->near, true);
	cw_edge_stream_send(relay->near, bytes.data, bytes.length);
}

/* What an answer's last byte leaves behind. */
static void finish(struct cw_edge_relay *relay, size_t surplus)
{
	const struct cw_http_head *head = cw_http_reader_head(relay->answers);
	struct cw_edge_stream *far = relay->far;
	bool good = far && !surplus && relay->read_whole && head->keep_alive;
	relay->far = NULL;
	if (relay->down == CW_HTTP_BY_CHUNKS)
		(void)cw_edge_stream_send(relay->near, CW_HTTP_CHUNK_LAST, sizeof CW_HTTP_CHUNK_LAST - 1);
	if (good)
		cw_edge_pool_give(relay->setup.pool, relay->name, far);
	else
		cw_edge_stream_let_go(far);
	cw_edge_relay_finish_answer(relay, CW_EDGE_FAULT_NOTHING);
}

static void send_answer_piece(struct cw_edge_relay *relay, struct cw_http_text piece)
{
	cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_BODY_MS);
	cw_edge_relay_wait(relay);
	if (cw_edge_relay_frame(relay->near, relay->down, piece))
		return;
	cw_edge_relay_wait_no_more(relay); /* it is the client that lets wait */
	cw_edge_stream_pause(relay->far, true);
}

static void take_head(struct cw_edge_relay *relay)
{
	relay->interim = cw_http_reader_head(relay->answers)->start.status < 200;
	if (relay->interim)
		return; /* the client had its own, or none */
	cw_edge_relay_wait(relay);
	send_answer_head(relay);
}

/* An interim answer is read over; the time for the answer goes on. */
static void take_interim(struct cw_edge_relay *relay)
{
	cw_http_reader_next(relay->answers);
	cw_http_reader_asked(relay->answers, cw_edge_relay_method(relay));
}

static void far_received(void *context, const char *data, size_t length)
{
	struct cw_edge_relay *relay = context;
	struct cw_http_text input = {data, length}, piece;
	while (relay->far && !relay->reason) { /* ends: each turn takes bytes, or ends the answer */
		switch (cw_http_reader_read(relay->answers, &input, &piece)) {
		case CW_HTTP_READ_MORE:
			return;
		case CW_HTTP_READ_HEAD:
			take_head(relay);
			break;
		case CW_HTTP_READ_BODY:
			send_answer_piece(relay, piece);
			break;
		case CW_HTTP_READ_END:
			if (!relay->interim) {
				finish(relay, input.length);
				return;
			}
			take_interim(relay);
			break;
		case CW_HTTP_READ_REFUSED:
			broke(relay, "what came behind an answer's head is none of its body");
			return;
		}
	}
}

static void far_drained(void *context)
{
	struct cw_edge_relay *relay = context;
	if (relay->near && !relay->read_whole && !relay->answering)
		cw_edge_stream_pause(relay->near, false);
}

static void far_ended(void *context, bool in_order, const char *reason)
{
	struct cw_edge_relay *relay = context;
	relay->far = NULL; /* it frees itself */
	if (!relay->near)
		return;
	snprintf(relay->trouble, sizeof relay->trouble, "%s", reason);
	bool lasted = relay->answering && cw_http_reader_head(relay->answers)->framing == CW_HTTP_BY_CLOSE;
	if (lasted && in_order && cw_http_reader_close(relay->answers) == CW_HTTP_READ_END)
		finish(relay, 0);
	else
		broke(relay, "the connection ended within an answer");
}

void cw_edge_relay_far_go_on(struct cw_edge_relay *relay)
{
	if (!relay->far)
		return;
	cw_edge_relay_wait(relay);
	cw_edge_stream_pause(relay->far, false);
}

void cw_edge_relay_send_head(struct cw_edge_relay *relay, struct cw_edge_stream *stream)
{
	const struct cw_edge_stream_owner owner = {
		.received = far_received, .drained = far_drained, .ended = far_ended, .context = relay};
	relay->far = stream;
	relay->trouble[0] = '\0';
	relay->answering = relay->interim = false;
	cw_edge_stream_set_owner(stream, &owner);
	cw_edge_stream_set_idle(stream, 0); /* the answer has its own time */
	cw_http_reader_free(relay->answers);
	relay->answers = cw_http_reader_new(CW_HTTP_RESPONSE, CW_EDGE_RELAY_RESPONSE_MAX);
	if (!relay->answers || relay->head.failed) {
		cw_edge_relay_failed(relay, CW_EDGE_FAULT_BUSY);
		return;
	}
	cw_http_reader_asked(relay->answers, cw_edge_relay_method(relay));
	(void)cw_edge_stream_send(stream, relay->head.data, relay->head.length);
	cw_buffer_finish(&relay->head);
}
