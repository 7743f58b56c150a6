#include "node/edge/edge_relay_parts.h"

#include "http/http_write.h"

#include <string.h>

static const char continues[] = "HTTP/1.1 100 Continue\r\n\r\n";

/* --- its end --- */

static void release(struct cw_edge_relay *relay)
{
	if (relay->timer)
		event_free(relay->timer);
	cw_http_reader_free(relay->reader);
	cw_http_reader_free(relay->answers);
	cw_buffer_finish(&relay->held);
	cw_buffer_finish(&relay->head);
	free(relay);
}

void cw_edge_relay_free(struct cw_edge_relay *relay)
{
	if (!relay)
		return;
	cw_edge_stream_free(relay->near);
	cw_edge_stream_free(relay->far);
	release(relay);
}

/* From the loop: whatever called us may still hold the relay in its hands. */
static void end_soon(struct cw_edge_relay *relay, const char *reason)
{
	relay->state = CW_EDGE_RELAY_OVER;
	if (relay->reason)
		return;
	relay->reason = reason;
	event_active(relay->timer, EV_TIMEOUT, 0);
}

static void give_up(struct cw_edge_relay *relay)
{
	if (relay->state == CW_EDGE_RELAY_ASKING || relay->state == CW_EDGE_RELAY_DIALLING)
		relay->setup.owner.gave_up(relay->setup.owner.context);
}

void cw_edge_relay_cut(struct cw_edge_relay *relay, const char *reason)
{
	cw_edge_relay_drop_far(relay);
	/* a body with a length or chunks is seen to be cut short; one that lasts until the end is not */
	if (relay->answering && relay->down == CW_HTTP_BY_CLOSE)
		cw_edge_stream_cut(relay->near);
	else
		cw_edge_stream_let_go(relay->near);
	relay->near = NULL;
	end_soon(relay, reason);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_edge_relay *relay = context;
	if (relay->reason) {
		relay->setup.owner.ended(relay->setup.owner.context, relay->reason);
		release(relay);
		return;
	}
	if (relay->state == CW_EDGE_RELAY_OVER || relay->state == CW_EDGE_RELAY_IN_HEAD)
		return;
	bool outer = relay->setup.is_outer;
	give_up(relay);
	if (relay->answering)
		cw_edge_relay_cut(relay, "the rest of an answer did not come in time");
	else
		cw_edge_relay_failed(relay, outer ? CW_EDGE_FAULT_TUNNEL_LATE : CW_EDGE_FAULT_SERVER_LATE);
}

void cw_edge_relay_wait(struct cw_edge_relay *relay)
{
	const struct timeval wait = {
		(time_t)(relay->setup.answer / 1000), (suseconds_t)(relay->setup.answer % 1000) * 1000};
	if (!relay->reason) /* its end is on its way */
		(void)event_add(relay->timer, &wait);
}

void cw_edge_relay_wait_no_more(struct cw_edge_relay *relay)
{
	if (!relay->reason)
		event_del(relay->timer);
}

/* --- answers --- */

/* To the next request, which may be held already. */
static void next_request(struct cw_edge_relay *relay)
{
	relay->state = CW_EDGE_RELAY_IN_HEAD;
	relay->read_whole = relay->answering = false;
	cw_buffer_finish(&relay->head);
	cw_http_reader_free(relay->answers);
	relay->answers = NULL;
	cw_http_reader_next(relay->reader);
	cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_KEPT_MS);
	cw_edge_stream_pause(relay->near, false);
	cw_edge_relay_resume(relay);
}

void cw_edge_relay_finish_answer(struct cw_edge_relay *relay, enum cw_edge_fault fault)
{
	cw_edge_relay_wait_no_more(relay);
	relay->setup.owner.answered(relay->setup.owner.context, relay->status, fault);
	if (!relay->near || relay->reason)
		return;
	if (!relay->closes) {
		next_request(relay);
		return;
	}
	relay->state = CW_EDGE_RELAY_OVER;
	cw_edge_stream_pause(relay->near, false);
	cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_BODY_MS);
	cw_edge_stream_close(relay->near);
}

static void send_bytes(struct cw_edge_relay *relay, const struct cw_buffer *bytes)
{
	cw_edge_stream_send(relay->near, bytes->data, bytes->length);
}

void cw_edge_relay_answer(struct cw_edge_relay *relay, const struct cw_edge_fault_answer *answer)
{
	const struct cw_http_head *head = cw_http_reader_head(relay->reader);
	struct cw_edge_fault_answer own = *answer;
	struct cw_error error;
	AUTO_BUFFER bytes = {0};
	if (!relay->near)
		return;
	bool understood = answer->fault != CW_EDGE_FAULT_MALFORMED;
	relay->closes =
		!understood || !relay->read_whole || !head->keep_alive || !cw_edge_fault_keeps(answer->fault);
	own.closes = relay->closes;
	own.is_http_1_0 = understood && head->start.version_minor == 0;
	own.is_head = understood && head->start.method == CW_HTTP_METHOD_HEAD;
	relay->status = cw_edge_fault_status(&own);
	if (!cw_edge_fault_write(&own, &bytes, &error)) {
		cw_edge_relay_cut(relay, "no answer could be made");
		return;
	}
	send_bytes(relay, &bytes);
	cw_edge_relay_finish_answer(relay, answer->fault);
}

void cw_edge_relay_reply(struct cw_edge_relay *relay, unsigned status, const struct cw_buffer *bytes)
{
	if (!relay->near)
		return;
	const struct cw_http_head *head = cw_http_reader_head(relay->reader);
	relay->closes = !relay->read_whole || !head->keep_alive;
	relay->status = status;
	send_bytes(relay, bytes);
	cw_edge_relay_finish_answer(relay, CW_EDGE_FAULT_NOTHING);
}

void cw_edge_relay_failed(struct cw_edge_relay *relay, enum cw_edge_fault fault)
{
	const struct cw_edge_fault_answer answer = {.fault = fault};
	cw_edge_relay_drop_far(relay);
	cw_edge_relay_answer(relay, &answer);
}

/* --- requests --- */

static void begin_request(struct cw_edge_relay *relay)
{
	const struct cw_http_head *head = cw_http_reader_head(relay->reader);
	struct cw_http_text nothing = {0}, piece;
	relay->state = CW_EDGE_RELAY_ASKING;
	relay->closes = !head->keep_alive;
	cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_BODY_MS);
	cw_edge_stream_pause(relay->near, true); /* until it is known where the body goes */
	if (head->framing == CW_HTTP_NO_BODY || (head->framing == CW_HTTP_BY_LENGTH && !head->length))
		relay->read_whole = cw_http_reader_read(relay->reader, &nothing, &piece) == CW_HTTP_READ_END;
	cw_edge_relay_wait(relay);
	relay->setup.owner.asked(relay->setup.owner.context, head);
}

static void refuse_request(struct cw_edge_relay *relay)
{
	const struct cw_edge_fault_answer answer = {
		.fault = CW_EDGE_FAULT_MALFORMED, .reason = cw_http_reader_reason(relay->reader)};
	if (relay->answering)
		cw_edge_relay_cut(relay, "a request broke off while it was answered");
	else {
		cw_edge_relay_drop_far(relay);
		cw_edge_relay_answer(relay, &answer);
	}
}

static bool wants_more(const struct cw_edge_relay *relay)
{
	if (relay->reason || !relay->near)
		return false;
	if (relay->state == CW_EDGE_RELAY_IN_HEAD)
		return true;
	/* an early answer: what is left of the request goes nowhere any more */
	return relay->state == CW_EDGE_RELAY_FORWARDING && !relay->read_whole && !relay->answering;
}

/* Ends: each turn takes bytes, or changes the state to one that wants no more. */
static void feed(struct cw_edge_relay *relay, struct cw_http_text *input)
{
	struct cw_http_text piece;
	while (wants_more(relay)) { /* ends: see above */
		switch (cw_http_reader_read(relay->reader, input, &piece)) {
		case CW_HTTP_READ_MORE:
			return;
		case CW_HTTP_READ_HEAD:
			begin_request(relay);
			break;
		case CW_HTTP_READ_BODY:
			cw_edge_relay_send_piece(relay, piece);
			break;
		case CW_HTTP_READ_END:
			relay->read_whole = true;
			cw_edge_relay_send_end(relay);
			break;
		case CW_HTTP_READ_REFUSED:
			refuse_request(relay);
			return;
		}
	}
}

static void keep(struct cw_edge_relay *relay, struct cw_http_text rest)
{
	struct cw_buffer old = relay->held; /* what `rest` may point into */
	relay->held = (struct cw_buffer){0};
	if (rest.length && relay->state != CW_EDGE_RELAY_OVER)
		cw_buffer_append(&relay->held, rest.at, rest.length);
	cw_buffer_finish(&old);
	if (relay->held.failed)
		cw_edge_relay_cut(relay, "out of memory");
}

void cw_edge_relay_resume(struct cw_edge_relay *relay)
{
	if (relay->feeding)
		return;
	struct cw_http_text input = {relay->held.data, relay->held.length};
	relay->feeding = true;
	feed(relay, &input);
	relay->feeding = false;
	keep(relay, input);
}

static void near_received(void *context, const char *data, size_t length)
{
	struct cw_edge_relay *relay = context;
	struct cw_http_text input = {data, length};
	if (relay->state == CW_EDGE_RELAY_OVER)
		return;
	if (relay->held.length) {
		cw_buffer_append(&relay->held, data, length);
		input = (struct cw_http_text){relay->held.data, relay->held.length};
	}
	/* the head has so long from its first byte on */
	if (relay->state == CW_EDGE_RELAY_IN_HEAD && cw_http_reader_is_idle(relay->reader))
		cw_edge_stream_set_idle(relay->near, CW_EDGE_RELAY_HEAD_MS);
	relay->feeding = true;
	feed(relay, &input);
	relay->feeding = false;
	keep(relay, input);
}

static void near_drained(void *context)
{
	cw_edge_relay_far_go_on(context);
}

static void near_ended(void *context, bool in_order, const char *reason)
{
	struct cw_edge_relay *relay = context;
	(void)in_order;
	(void)reason;
	relay->near = NULL;
	give_up(relay);
	cw_edge_relay_drop_far(relay);
	end_soon(relay, "the other side has left");
}

/* --- where it goes --- */

void cw_edge_relay_forward(struct cw_edge_relay *relay, const char *name, const struct cw_buffer *head)
{
	if (!relay->near)
		return;
	snprintf(relay->name, sizeof relay->name, "%s", name);
	cw_buffer_append(&relay->head, head->data, head->length);
	relay->state = CW_EDGE_RELAY_DIALLING;
	struct cw_edge_stream *kept = cw_edge_pool_take(relay->setup.pool, relay->name);
	if (kept)
		cw_edge_relay_dialled(relay, kept);
	else
		relay->setup.owner.dial(relay->setup.owner.context);
}

void cw_edge_relay_dialled(struct cw_edge_relay *relay, struct cw_edge_stream *stream)
{
	const struct cw_http_head *head = cw_http_reader_head(relay->reader);
	if (!relay->near || relay->state != CW_EDGE_RELAY_DIALLING) {
		cw_edge_stream_let_go(stream);
		return;
	}
	relay->state = CW_EDGE_RELAY_FORWARDING;
	cw_edge_relay_send_head(relay, stream);
	if (relay->reason)
		return;
	if (relay->read_whole) {
		cw_edge_relay_wait(relay);
		return; /* its connection waits until the answer is out */
	}
	if (head->expects_continue && !relay->held.length)
		cw_edge_stream_send(relay->near, continues, sizeof continues - 1);
	cw_edge_stream_pause(relay->near, false);
	cw_edge_relay_resume(relay);
}

struct cw_edge_stream_owner cw_edge_relay_stream_owner(struct cw_edge_relay *relay)
{
	return (struct cw_edge_stream_owner){
		.received = near_received, .drained = near_drained, .ended = near_ended, .context = relay};
}

struct cw_edge_relay *cw_edge_relay_new(const struct cw_edge_relay_setup *setup)
{
	struct cw_edge_relay *relay = calloc(1, sizeof *relay);
	if (!relay)
		return NULL;
	relay->setup = *setup;
	relay->timer = evtimer_new(setup->base, on_time, relay);
	relay->reader = cw_http_reader_new(CW_HTTP_REQUEST, CW_EDGE_RELAY_REQUEST_MAX);
	if (relay->timer && relay->reader)
		return relay;
	release(relay);
	return NULL;
}

void cw_edge_relay_begin(struct cw_edge_relay *relay, struct cw_edge_stream *stream)
{
	relay->near = stream;
	cw_edge_stream_set_idle(stream, CW_EDGE_RELAY_KEPT_MS);
}

const char *cw_edge_relay_trouble(const struct cw_edge_relay *relay)
{
	return relay->trouble;
}

enum cw_http_method cw_edge_relay_method(const struct cw_edge_relay *relay)
{
	return cw_http_reader_head(relay->reader)->start.method;
}

const struct cw_http_head *cw_edge_relay_request(const struct cw_edge_relay *relay)
{
	return cw_http_reader_head(relay->reader);
}
