#include "net/connection.h"

#include "base/buffer.h"
#include "net/connection_parts.h"
#include "pki/error_mark.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

const struct cw_limits cw_limits_default = {
	.connect = 5000, .handshake = 10000, .first_byte = 10000, .idle = 30000, .drain = 2000};

#define READ_SIZE 4096
/* One record of TLS: what is out is known piece by piece. */
#define WRITE_SIZE 16384
/* Against one peer that keeps the loop to itself. */
#define TURNS_AT_ONCE_MAX 16
#define DRAIN_BYTES_MAX (256 * 1024)

static void on_ready(evutil_socket_t socket, short what, void *context);

void cw_connection_free(struct cw_connection *connection)
{
	if (!connection)
		return;
	if (connection->ready)
		event_free(connection->ready);
	if (connection->timer)
		event_free(connection->timer);
	SSL_free(connection->ssl);
	if (connection->socket >= 0)
		evutil_closesocket(connection->socket);
	cw_buffer_finish(&connection->out);
	free(connection);
}

void cw_connection_finish(struct cw_connection *connection)
{
	if (connection->step == CW_STEP_OVER)
		return;
	connection->step = CW_STEP_OVER;
	connection->owner.ended(connection->owner.context, connection, &connection->report);
	cw_connection_free(connection);
}

void cw_connection_say(struct cw_connection *connection, enum cw_end end, const char *format, ...)
{
	struct cw_connection_report *report = &connection->report;
	if (connection->told)
		return;
	connection->told = true;
	report->end = end;
	report->step = connection->step;
	va_list args;
	va_start(args, format);
	vsnprintf(report->reason, sizeof report->reason, format, args);
	va_end(args);
}

/* A connection that nobody would wake again, or not in time, is over. */
static void lose(struct cw_connection *connection)
{
	cw_connection_say(connection, CW_END_MEMORY, "out of memory");
	connection->lost = true;
	cw_connection_kick(connection);
}

static void set_timer(struct cw_connection *connection, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	if (!milliseconds)
		event_del(connection->timer);
	else if (event_add(connection->timer, &wait) < 0)
		lose(connection);
}

static void wait_for(struct cw_connection *connection, short what)
{
	if (connection->waiting == what)
		return;
	event_del(connection->ready);
	event_assign(connection->ready, connection->base, connection->socket, (short)(what | EV_PERSIST),
		on_ready, connection);
	connection->waiting = what;
	if (event_add(connection->ready, NULL) < 0)
		lose(connection);
}

static void begin_drain(struct cw_connection *connection)
{
	connection->step = CW_STEP_DRAIN;
	shutdown(connection->socket, SHUT_WR);
	set_timer(connection, connection->limits.drain);
	wait_for(connection, EV_READ);
}

/* The alert that OpenSSL wrote must reach the other side: closing with unread bytes would send a reset. */
static void drain(struct cw_connection *connection)
{
	char bytes[READ_SIZE];
	for (;;) {
		ssize_t got = recv(connection->socket, bytes, sizeof bytes, 0);
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		connection->drained += got > 0 ? (size_t)got : 0;
		if (got <= 0 || connection->drained > DRAIN_BYTES_MAX) {
			cw_connection_finish(connection);
			return;
		}
	}
}

/* OpenSSL's words for what went wrong, by its error queue. */
static void tell_failure(struct cw_connection *connection, int result)
{
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_REASON(code);
	const char *text = ERR_reason_error_string(code);
	if (connection->report.alert_received >= 0) {
		char alert[CW_ALERT_TEXT_SIZE];
		cw_connection_say(connection, CW_END_PEER_ALERT, "the other side sent the alert %s",
			cw_alert_text(connection->report.alert_received, alert));
	} else if (result == SSL_ERROR_SYSCALL || (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING && code)) {
		cw_connection_say(connection, CW_END_PEER_CLOSED,
			"the other side closed in the middle of the %s",
			cw_connection_step_name(connection->step));
	} else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		cw_connection_say(connection, CW_END_JUDGED, "the certificate was refused");
	} else if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
		cw_connection_say(connection, CW_END_NO_CERT, "the other side showed no certificate");
	} else if (reason == SSL_R_NO_SHARED_CIPHER || reason == SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM ||
		reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS) {
		cw_connection_say(connection, CW_END_NO_COMMON, "%s", text ? text : "nothing in common");
	} else if (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_WRONG_VERSION_NUMBER) {
		cw_connection_say(connection, CW_END_GARBAGE, "what came was no TLS (%s)", text ? text : "");
	} else if (reason == SSL_R_EXCESSIVE_MESSAGE_SIZE) {
		cw_connection_say(
			connection, CW_END_FLOOD, "a message over %d bytes", CW_TLS_CHAIN_BYTES_MAX);
	} else {
		cw_connection_say(connection, CW_END_GARBAGE, "%s", text ? text : "TLS failed");
	}
}

static bool floods(struct cw_connection *connection)
{
	uint64_t raw = BIO_number_read(SSL_get_rbio(connection->ssl));
	if (raw < connection->received + CW_CONNECTION_OVERHEAD_MAX)
		return false;
	cw_connection_say(
		connection, CW_END_FLOOD, "over %d bytes that carry nothing", CW_CONNECTION_OVERHEAD_MAX);
	return true;
}

/* What an SSL call answered: wait, or the end. */
static void after_call(struct cw_connection *connection, int result)
{
	switch (result) {
	case SSL_ERROR_WANT_READ:
		if (floods(connection)) {
			begin_drain(connection);
			return;
		}
		wait_for(connection,
			EV_READ); /* OpenSSL reads no further than it must: the rest is in the socket */
		return;
	case SSL_ERROR_WANT_WRITE:
		/* for nothing else: what a peer that does not read may send would wake the loop for ever */
		wait_for(connection, EV_WRITE);
		return;
	case SSL_ERROR_ZERO_RETURN:
		cw_connection_say(connection, CW_END_PEER_CLOSED, "the other side closed");
		SSL_shutdown(connection->ssl);
		break;
	default:
		tell_failure(connection, result);
	}
	ERR_clear_error();
	begin_drain(connection);
}

/* True: the step is done and the next one may begin. */
static bool handshake(struct cw_connection *connection)
{
	ERR_clear_error();
	int done = SSL_do_handshake(connection->ssl);
	if (done != 1) {
		after_call(connection, SSL_get_error(connection->ssl, done));
		return false;
	}
	connection->step = CW_STEP_TALK;
	connection->report.handshake_done = true;
	set_timer(connection, connection->limits.first_byte);
	connection->owner.up(connection->owner.context, connection);
	return true;
}

/* Who refuses in TLS 1.3 and closes without draining resets the connection: writing then fails, and the alert
 * is still there to be read. */
static void look_for_alert(struct cw_connection *connection, int wrote)
{
	char byte;
	if (SSL_get_error(connection->ssl, wrote) == SSL_ERROR_SYSCALL) {
		ERR_clear_error();
		(void)!SSL_read(connection->ssl, &byte, 1);
	}
}

/* What is out makes room, a piece at a time. */
static void drop_sent(struct cw_connection *connection)
{
	struct cw_buffer *out = &connection->out;
	if (connection->sent < CW_CONNECTION_OUTPUT_LOW || connection->sent == out->length)
		return;
	out->length -= connection->sent;
	memmove(out->data, out->data + connection->sent, out->length + 1);
	connection->sent = 0;
}

/* True: everything is out. */
static bool flush(struct cw_connection *connection)
{
	struct cw_buffer *out = &connection->out;
	if (out->failed) {
		cw_connection_say(connection, CW_END_MEMORY, "out of memory");
		begin_drain(connection);
		return false;
	}
	if (connection->overflowed) {
		cw_connection_say(connection, CW_END_NOT_READ,
			"the other side does not read what is sent: over %d bytes wait",
			CW_CONNECTION_OUTPUT_MAX);
		begin_drain(connection);
		return false;
	}
	while (connection->sent < out->length) {
		ERR_clear_error();
		size_t left = out->length - connection->sent;
		int wrote = SSL_write(connection->ssl, out->data + connection->sent,
			(int)(left < WRITE_SIZE ? left : WRITE_SIZE));
		if (wrote <= 0) {
			look_for_alert(connection, wrote);
			after_call(connection, SSL_get_error(connection->ssl, wrote));
			return false;
		}
		connection->sent += (size_t)wrote;
		drop_sent(connection);
	}
	cw_buffer_finish(out);
	connection->sent = 0;
	return true;
}

/* The owner's word, at most once for each time that it had to wait. */
static void tell_drained(struct cw_connection *connection)
{
	if (!connection->over_mark || cw_connection_pending(connection) > CW_CONNECTION_OUTPUT_LOW)
		return;
	connection->over_mark = false;
	if (connection->owner.drained)
		connection->owner.drained(connection->owner.context, connection);
}

static void close_in_order(struct cw_connection *connection)
{
	cw_connection_say(connection, CW_END_CLOSED, "closed");
	ERR_clear_error();
	SSL_shutdown(connection->ssl);
	ERR_clear_error();
	begin_drain(connection);
}

/* Everything is out, and nothing else comes before reading. */
static bool may_read(struct cw_connection *connection)
{
	if (connection->closing) {
		close_in_order(connection);
		return false;
	}
	if (connection->paused) { /* woken again by its owner, or by its timer */
		event_del(connection->ready);
		connection->waiting = 0;
		return false;
	}
	return true;
}

static void talk(struct cw_connection *connection)
{
	char bytes[READ_SIZE];
	for (unsigned turns = 0; connection->step == CW_STEP_TALK; turns++) {
		bool flushed = flush(connection);
		if (connection->step != CW_STEP_TALK)
			return;
		tell_drained(connection);
		if (!flushed)
			return;
		if (turns == TURNS_AT_ONCE_MAX) {
			event_active(connection->ready, EV_READ, 0);
			return;
		}
		if (cw_connection_pending(connection))
			continue; /* the owner had waited for room */
		if (!may_read(connection))
			return;
		ERR_clear_error();
		int got = SSL_read(connection->ssl, bytes, sizeof bytes);
		if (got <= 0) {
			after_call(connection, SSL_get_error(connection->ssl, got));
			return;
		}
		connection->received += (uint64_t)got;
		connection->owner.received(connection->owner.context, connection, bytes, (size_t)got);
	}
}

static void finish_connect(struct cw_connection *connection)
{
	int trouble = 0;
	socklen_t size = sizeof trouble;
	getsockopt(connection->socket, SOL_SOCKET, SO_ERROR, &trouble, &size);
	if (trouble) {
		cw_connection_say(connection, CW_END_NETWORK, "connecting failed: %s", strerror(trouble));
		cw_connection_finish(connection);
		return;
	}
	connection->step = CW_STEP_HANDSHAKE;
	set_timer(connection, connection->limits.handshake);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_connection *connection = context;
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	if (connection->lost) {
		cw_connection_finish(connection);
		return;
	}
	if (connection->step == CW_STEP_CONNECT) {
		finish_connect(connection);
		return;
	}
	if (connection->step == CW_STEP_DRAIN) {
		drain(connection);
		return;
	}
	if (connection->step == CW_STEP_HANDSHAKE && !handshake(connection))
		return;
	if (connection->step == CW_STEP_TALK)
		talk(connection);
}

void cw_connection_kick(struct cw_connection *connection)
{
	event_active(connection->ready, EV_READ, 0);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_connection *connection = context;
	bool drained = connection->step == CW_STEP_DRAIN;
	if (connection->paused && connection->step == CW_STEP_TALK && !cw_connection_pending(connection)) {
		set_timer(connection, connection->limits.idle); /* its owner makes it wait */
		return;
	}
	cw_connection_say(connection, CW_END_TIME, "nothing came in time (%s)",
		cw_connection_step_name(connection->step));
	if (drained || connection->step == CW_STEP_CONNECT)
		cw_connection_finish(connection);
	else
		begin_drain(connection);
}

bool cw_connection_start(struct cw_connection *connection, struct cw_error *error)
{
	bool connecting = connection->step == CW_STEP_CONNECT;
	connection->timer = evtimer_new(connection->base, on_time, connection);
	connection->waiting = connecting ? EV_WRITE : EV_READ; /* in TLS the client speaks first */
	connection->ready = event_new(connection->base, connection->socket,
		(short)(connection->waiting | EV_PERSIST), on_ready, connection);
	if (!connection->timer || !connection->ready || event_add(connection->ready, NULL) < 0)
		return cw_error_memory(error);
	set_timer(connection, connecting ? connection->limits.connect : connection->limits.handshake);
	return true;
}

void cw_connection_touch(struct cw_connection *connection)
{
	if (connection->step == CW_STEP_TALK)
		set_timer(connection, connection->limits.idle);
}

void cw_connection_set_idle(struct cw_connection *connection, unsigned milliseconds)
{
	connection->limits.idle = milliseconds;
	cw_connection_touch(connection);
}
