#include "node/edge/edge_inner_parts.h"

#include "http/http_write.h"

#include <string.h>

struct cw_edge_inner_fetch {
	struct cw_edge_inner *inner;
	struct cw_edge_inner_fetch_owner owner;
	struct cw_edge_inner_target target;
	char name[CW_EDGE_POOL_NAME_SIZE];
	struct cw_buffer head; /* with a password */
	struct cw_edge_inner_dial *dial;
	struct cw_edge_stream *stream;
	struct cw_http_reader *reader;
	struct cw_buffer body;
	struct event *timer;
};

void cw_edge_inner_fetch_free(struct cw_edge_inner_fetch *fetch)
{
	if (!fetch)
		return;
	cw_edge_inner_dial_free(fetch->dial);
	cw_edge_stream_let_go(fetch->stream);
	cw_http_reader_free(fetch->reader);
	cw_buffer_finish(&fetch->head);
	cw_buffer_finish(&fetch->body);
	if (fetch->timer)
		event_free(fetch->timer);
	free(fetch);
}

static void finish(struct cw_edge_inner_fetch *fetch, unsigned status, enum cw_edge_fault fault)
{
	const struct cw_edge_inner_fetch_owner owner = fetch->owner;
	AUTO_BUFFER body = fetch->body;
	fetch->body = (struct cw_buffer){0};
	cw_edge_inner_fetch_free(fetch);
	owner.done(owner.context, status, &body, fault);
}

static void finish_whole(struct cw_edge_inner_fetch *fetch, size_t surplus)
{
	const struct cw_http_head *head = cw_http_reader_head(fetch->reader);
	unsigned status = head->start.status;
	if (!surplus && head->keep_alive && fetch->stream) {
		cw_edge_pool_give(fetch->inner->pool, fetch->name, fetch->stream);
		fetch->stream = NULL;
	}
	finish(fetch, status, CW_EDGE_FAULT_NOTHING);
}

static void on_received(void *context, const char *data, size_t length)
{
	struct cw_edge_inner_fetch *fetch = context;
	struct cw_http_text input = {data, length}, piece;
	bool interim = false;
	for (;;) { /* ends: each turn takes bytes, or ends the answer */
		switch (cw_http_reader_read(fetch->reader, &input, &piece)) {
		case CW_HTTP_READ_MORE:
			return;
		case CW_HTTP_READ_HEAD:
			break;
		case CW_HTTP_READ_BODY:
			cw_buffer_append(&fetch->body, piece.at, piece.length);
			break;
		case CW_HTTP_READ_END:
			interim = cw_http_reader_head(fetch->reader)->start.status < 200;
			if (!interim) {
				finish_whole(fetch, input.length);
				return;
			}
			cw_http_reader_next(fetch->reader);
			break;
		case CW_HTTP_READ_REFUSED:
			finish(fetch, 0, CW_EDGE_FAULT_SERVER_BROKE);
			return;
		}
	}
}

static void on_ended(void *context, bool in_order, const char *reason)
{
	struct cw_edge_inner_fetch *fetch = context;
	fetch->stream = NULL; /* it frees itself */
	if (in_order && cw_http_reader_close(fetch->reader) == CW_HTTP_READ_END) {
		finish_whole(fetch, 0);
		return;
	}
	cw_edge_inner_tell_broken(fetch->inner, &fetch->target, reason);
	finish(fetch, 0, CW_EDGE_FAULT_SERVER_BROKE);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	finish(context, 0, CW_EDGE_FAULT_SERVER_LATE);
}

static void begin_talk(struct cw_edge_inner_fetch *fetch, struct cw_edge_stream *stream)
{
	const struct cw_edge_stream_owner owner = {
		.received = on_received, .ended = on_ended, .context = fetch};
	fetch->stream = stream;
	cw_edge_stream_set_owner(stream, &owner);
	cw_edge_stream_set_idle(stream, 0); /* the answer has its own time */
	(void)cw_edge_stream_send(stream, fetch->head.data, fetch->head.length);
	cw_buffer_finish(&fetch->head);
}

static void on_dialled(void *context, struct cw_edge_stream *stream, enum cw_edge_fault fault)
{
	struct cw_edge_inner_fetch *fetch = context;
	fetch->dial = NULL;
	if (stream)
		begin_talk(fetch, stream);
	else
		finish(fetch, 0, fault);
}

static bool write_head(struct cw_edge_inner_fetch *fetch, const char *path, const char *credentials)
{
	struct cw_error error;
	char host[CW_EDGE_UDS_HOST_SIZE + 8];
	struct cw_buffer *head = &fetch->head;
	head->secret = true;
	snprintf(host, sizeof host, "%s:%u", fetch->target.host, fetch->target.port);
	return cw_http_write_request(head, CW_HTTP_METHOD_GET, cw_http_text(path), &error) &&
		cw_http_write_named(head, "Host", host, &error) &&
		cw_http_write_named(head, "Accept", "text/xml, application/xml", &error) &&
		(!credentials || cw_http_write_named(head, "Authorization", credentials, &error)) &&
		cw_http_write_head_end(head, 0, &error);
}

void cw_edge_inner_fetch(struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	const char *path, const char *credentials, const struct cw_edge_inner_fetch_owner *owner,
	struct cw_edge_inner_fetch **ret)
{
	static const struct timeval wait = {CW_EDGE_INNER_ANSWER_MS / 1000, 0};
	struct cw_edge_inner_fetch *fetch = calloc(1, sizeof *fetch);
	*ret = NULL;
	if (fetch) {
		fetch->inner = inner;
		fetch->owner = *owner;
		fetch->target = *target;
		cw_edge_inner_name(inner, target, fetch->name);
		fetch->reader = cw_http_reader_new(CW_HTTP_RESPONSE, CW_EDGE_UDS_ANSWER_MAX);
		fetch->timer = evtimer_new(inner->setup.base, on_time, fetch);
	}
	if (!fetch || !fetch->reader || !fetch->timer || !write_head(fetch, path, credentials)) {
		cw_edge_inner_fetch_free(fetch);
		owner->done(owner->context, 0, NULL, CW_EDGE_FAULT_BUSY);
		return;
	}
	(void)event_add(fetch->timer, &wait);
	*ret = fetch; /* before anything is told: it may be gone afterwards */
	struct cw_edge_stream *kept = cw_edge_pool_take(inner->pool, fetch->name);
	if (kept) {
		begin_talk(fetch, kept);
		return;
	}
	const struct cw_edge_inner_dial_owner dial = {on_dialled, fetch};
	cw_edge_inner_dial(inner, target, &dial, &fetch->dial);
}
