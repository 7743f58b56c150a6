#include "node/edge/edge_stream.h"

#include "base/buffer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define READ_SIZE 16384
/* Against one connection that keeps the loop to itself. */
#define TURNS_MAX 8
/* So long who is told goodbye may go on sending. */
#define LINGER_MS 2000
#define LINGER_BYTES_MAX (256 * 1024)

struct cw_edge_stream {
	struct event_base *base;
	struct cw_edge_streams *streams;
	struct cw_edge_stream *next, **place;
	struct cw_edge_stream_owner owner;
	unsigned idle;
	struct cw_connection *tls; /* or NULL: in the clear, by what follows */
	evutil_socket_t socket;
	struct event *ready, *writable, *timer;
	struct cw_buffer out;
	size_t sent, lingered;
	bool paused, over_mark, closing, lingering, over;
};

static void nobody_received(void *context, const char *data, size_t length)
{
	(void)context;
	(void)data;
	(void)length;
}

static void nobody_ended(void *context, bool in_order, const char *reason)
{
	(void)context;
	(void)in_order;
	(void)reason;
}

static const struct cw_edge_stream_owner nobody = {.received = nobody_received, .ended = nobody_ended};

/* --- both kinds --- */

static void forget(struct cw_edge_stream *stream)
{
	if (stream->place) {
		*stream->place = stream->next;
		if (stream->next)
			stream->next->place = stream->place;
	}
	stream->place = NULL;
}

static void release(struct cw_edge_stream *stream)
{
	forget(stream);
	if (stream->ready)
		event_free(stream->ready);
	if (stream->writable)
		event_free(stream->writable);
	if (stream->timer)
		event_free(stream->timer);
	if (stream->socket >= 0)
		evutil_closesocket(stream->socket);
	cw_buffer_finish(&stream->out);
	free(stream);
}

void cw_edge_stream_free(struct cw_edge_stream *stream)
{
	if (!stream)
		return;
	cw_connection_free(stream->tls);
	release(stream);
}

void cw_edge_streams_finish(struct cw_edge_streams *streams)
{
	while (streams->first) /* ends: one fewer each time */
		cw_edge_stream_free(streams->first);
}

static struct cw_edge_stream *make(const struct cw_edge_stream_setup *setup, evutil_socket_t socket)
{
	struct cw_edge_stream *stream = calloc(1, sizeof *stream);
	if (!stream)
		return NULL;
	stream->base = setup->base;
	stream->streams = setup->streams;
	stream->owner = setup->owner;
	stream->idle = setup->idle;
	stream->socket = socket;
	stream->next = setup->streams->first;
	stream->place = &setup->streams->first;
	if (stream->next)
		stream->next->place = &stream->next;
	setup->streams->first = stream;
	return stream;
}

void cw_edge_stream_set_owner(struct cw_edge_stream *stream, const struct cw_edge_stream_owner *owner)
{
	stream->owner = *owner;
}

/* --- in the clear --- */

static void end(struct cw_edge_stream *stream, bool in_order, const char *reason)
{
	if (stream->over)
		return;
	stream->over = true;
	stream->owner.ended(stream->owner.context, in_order, reason);
	release(stream);
}

static void set_timer(struct cw_edge_stream *stream, unsigned milliseconds)
{
	const struct timeval wait = {
		(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	if (milliseconds)
		(void)event_add(stream->timer, &wait);
	else
		event_del(stream->timer);
}

static size_t pending(const struct cw_edge_stream *stream)
{
	return stream->out.length - stream->sent;
}

/* Closing with unread bytes would reset the connection and lose what was sent last. */
static void begin_linger(struct cw_edge_stream *stream)
{
	stream->lingering = true;
	shutdown(stream->socket, SHUT_WR);
	set_timer(stream, LINGER_MS);
	(void)event_add(stream->ready, NULL);
}

static void linger(struct cw_edge_stream *stream)
{
	char bytes[READ_SIZE];
	for (unsigned turns = 0; turns < TURNS_MAX; turns++) {
		ssize_t got = recv(stream->socket, bytes, sizeof bytes, 0);
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		stream->lingered += got > 0 ? (size_t)got : 0;
		if (got <= 0 || stream->lingered > LINGER_BYTES_MAX) {
			end(stream, got == 0, "closed");
			return;
		}
	}
}

/* What is out makes room. */
static void drop_sent(struct cw_edge_stream *stream)
{
	if (stream->sent == stream->out.length) {
		cw_buffer_finish(&stream->out);
		stream->sent = 0;
	} else if (stream->sent >= CW_EDGE_STREAM_LOW) {
		stream->out.length -= stream->sent;
		memmove(stream->out.data, stream->out.data + stream->sent, stream->out.length + 1);
		stream->sent = 0;
	}
}

/* True: the stream is still there. */
static bool flush(struct cw_edge_stream *stream)
{
	if (stream->out.failed) {
		end(stream, false, "out of memory");
		return false;
	}
	while (pending(stream)) {
		ssize_t wrote =
			send(stream->socket, stream->out.data + stream->sent, pending(stream), MSG_NOSIGNAL);
		if (wrote < 0 && errno == EINTR)
			continue; /* ends: the signal is over */
		if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			(void)event_add(stream->writable, NULL);
			break;
		}
		if (wrote < 0) {
			end(stream, false, strerror(errno));
			return false;
		}
		stream->sent += (size_t)wrote;
		drop_sent(stream);
		set_timer(stream, stream->idle);
	}
	if (!pending(stream) && stream->closing && !stream->lingering)
		begin_linger(stream);
	return true;
}

static void on_writable(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_edge_stream *stream = context;
	if (!flush(stream) || !stream->over_mark || pending(stream) > CW_EDGE_STREAM_LOW)
		return;
	stream->over_mark = false;
	if (stream->owner.drained)
		stream->owner.drained(stream->owner.context);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	(void)what;
	struct cw_edge_stream *stream = context;
	char bytes[READ_SIZE];
	if (stream->lingering) {
		linger(stream);
		return;
	}
	for (unsigned turns = 0; turns < TURNS_MAX && !stream->paused && !stream->lingering; turns++) {
		ssize_t got = recv(socket, bytes, sizeof bytes, 0);
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		if (got <= 0) {
			end(stream, got == 0, got == 0 ? "the other side closed" : strerror(errno));
			return;
		}
		stream->owner.received(stream->owner.context, bytes, (size_t)got);
	}
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_edge_stream *stream = context;
	if (stream->paused && !pending(stream) && !stream->lingering) {
		set_timer(stream, stream->idle); /* its owner makes it wait */
		return;
	}
	end(stream, false, "nothing came in time");
}

static bool start(struct cw_edge_stream *stream, struct cw_error *error)
{
	int on = 1;
	setsockopt(stream->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* not for Unix sockets */
	stream->ready = event_new(stream->base, stream->socket, EV_READ | EV_PERSIST, on_ready, stream);
	stream->writable = event_new(stream->base, stream->socket, EV_WRITE, on_writable, stream);
	stream->timer = evtimer_new(stream->base, on_time, stream);
	if (!stream->ready || !stream->writable || !stream->timer || event_add(stream->ready, NULL) < 0)
		return cw_error_memory(error);
	set_timer(stream, stream->idle);
	return true;
}

bool cw_edge_stream_plain(const struct cw_edge_stream_setup *setup, evutil_socket_t socket,
	struct cw_edge_stream **ret, struct cw_error *error)
{
	AUTO(cw_edge_stream_free) struct cw_edge_stream *stream = make(setup, socket);
	if (!stream) {
		evutil_closesocket(socket);
		return cw_error_memory(error);
	}
	if (evutil_make_socket_nonblocking(socket) < 0)
		return cw_error_set(error, CW_E_NETWORK, "cannot take a connection: %s", strerror(errno));
	if (!start(stream, error))
		return false;
	*ret = TAKE(stream);
	return true;
}

/* --- TLS --- */

static void tls_up(void *context, struct cw_connection *connection)
{
	struct cw_edge_stream *stream = context;
	cw_connection_set_idle(connection, stream->idle);
	if (stream->owner.up)
		stream->owner.up(stream->owner.context);
}

static void tls_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_edge_stream *stream = context;
	(void)connection;
	stream->owner.received(stream->owner.context, data, length);
}

static void tls_drained(void *context, struct cw_connection *connection)
{
	struct cw_edge_stream *stream = context;
	cw_connection_touch(connection);
	if (stream->owner.drained)
		stream->owner.drained(stream->owner.context);
}

static void tls_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_edge_stream *stream = context;
	bool told = SSL_get_shutdown(cw_connection_ssl(connection)) & SSL_RECEIVED_SHUTDOWN;
	stream->tls = NULL; /* it frees itself */
	/* without close_notify it was cut */
	end(stream, report->end == CW_END_PEER_CLOSED && told, report->reason);
}

static struct cw_connection_setup tls_setup(
	struct cw_edge_stream *stream, const struct cw_edge_stream_tls *tls)
{
	return (struct cw_connection_setup){.base = stream->base,
		.tls = tls->context,
		.judge = tls->judge,
		.limits = tls->limits,
		.owner = {tls_up, tls_received, tls_ended, tls_drained, stream}};
}

bool cw_edge_stream_accept(const struct cw_edge_stream_setup *setup, const struct cw_edge_stream_tls *tls,
	evutil_socket_t socket, struct cw_edge_stream **ret, struct cw_error *error)
{
	AUTO(cw_edge_stream_free) struct cw_edge_stream *stream = make(setup, -1);
	if (!stream) {
		evutil_closesocket(socket);
		return cw_error_memory(error);
	}
	const struct cw_connection_setup connection = tls_setup(stream, tls);
	if (!cw_connection_accept(&connection, socket, &stream->tls, error))
		return false;
	*ret = TAKE(stream);
	return true;
}

bool cw_edge_stream_begin(const struct cw_edge_stream_setup *setup, const struct cw_edge_stream_tls *tls,
	evutil_socket_t socket, const char *name, struct cw_edge_stream **ret, struct cw_error *error)
{
	AUTO(cw_edge_stream_free) struct cw_edge_stream *stream = make(setup, -1);
	if (!stream) {
		evutil_closesocket(socket);
		return cw_error_memory(error);
	}
	const struct cw_connection_setup connection = tls_setup(stream, tls);
	if (!cw_connection_begin(&connection, socket, name, &stream->tls, error))
		return false;
	*ret = TAKE(stream);
	return true;
}

/* --- what an owner does --- */

bool cw_edge_stream_send(struct cw_edge_stream *stream, const void *data, size_t length)
{
	if (stream->tls)
		return cw_connection_send(stream->tls, data, length);
	if (stream->over || stream->closing)
		return true;
	cw_buffer_append(&stream->out, data, length);
	if (pending(stream) > CW_EDGE_STREAM_HIGH)
		stream->over_mark = true;
	(void)event_add(stream->writable, NULL);
	return !stream->over_mark;
}

void cw_edge_stream_pause(struct cw_edge_stream *stream, bool paused)
{
	if (stream->tls) {
		cw_connection_pause(stream->tls, paused);
		return;
	}
	if (stream->paused == paused || stream->lingering)
		return;
	stream->paused = paused;
	if (paused)
		event_del(stream->ready);
	else
		(void)event_add(stream->ready, NULL);
}

void cw_edge_stream_close(struct cw_edge_stream *stream)
{
	if (stream->tls) {
		cw_connection_close(stream->tls);
		return;
	}
	stream->closing = true;
	event_active(stream->writable, EV_WRITE, 0);
}

void cw_edge_stream_set_idle(struct cw_edge_stream *stream, unsigned milliseconds)
{
	stream->idle = milliseconds;
	if (stream->tls)
		cw_connection_set_idle(stream->tls, milliseconds);
	else if (!stream->lingering)
		set_timer(stream, milliseconds);
}

void cw_edge_stream_let_go(struct cw_edge_stream *stream)
{
	if (!stream)
		return;
	stream->owner = nobody;
	cw_edge_stream_pause(stream, false);
	cw_edge_stream_close(stream);
}

void cw_edge_stream_cut(struct cw_edge_stream *stream)
{
	const struct linger now = {1, 0};
	if (!stream)
		return;
	stream->owner = nobody;
	evutil_socket_t socket = stream->tls ? cw_connection_socket(stream->tls) : stream->socket;
	setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	shutdown(socket, SHUT_RDWR); /* the loop finds it at its end */
	cw_edge_stream_pause(stream, false);
}

bool cw_edge_stream_is_quiet(const struct cw_edge_stream *stream)
{
	char byte;
	evutil_socket_t socket = stream->tls ? cw_connection_socket(stream->tls) : stream->socket;
	if (stream->tls && SSL_has_pending(cw_connection_ssl(stream->tls)))
		return false;
	return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
		(errno == EAGAIN || errno == EWOULDBLOCK);
}
