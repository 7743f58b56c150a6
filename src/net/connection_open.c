#include "net/connection_parts.h"
#include "pki/error_mark.h"
#include "trust/names.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

static void on_info(const SSL *ssl, int where, int value)
{
	struct cw_connection *connection = SSL_get_app_data(ssl);
	int alert = value & 0xff;
	if (!(where & SSL_CB_ALERT) || alert == SSL_AD_CLOSE_NOTIFY)
		return;
	if (where & SSL_CB_READ)
		connection->report.alert_received = alert;
	else
		connection->report.alert_sent = alert;
}

static bool set_up_tls(
	struct cw_connection *connection, const struct cw_connection_setup *setup, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	connection->judge = setup->judge;
	connection->ssl = SSL_new(setup->tls);
	if (!connection->ssl || !cw_tls_set_judge(connection->ssl, &connection->judge) ||
		SSL_set_fd(connection->ssl, (int)connection->socket) != 1)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "TLS cannot be started");
	SSL_set_app_data(connection->ssl, connection);
	SSL_set_info_callback(connection->ssl, on_info);
	return true;
}

static struct cw_connection *make(const struct cw_connection_setup *setup, evutil_socket_t socket)
{
	struct cw_connection *connection = calloc(1, sizeof *connection);
	if (!connection)
		return NULL;
	connection->socket = socket;
	connection->base = setup->base;
	connection->limits = setup->limits ? *setup->limits : cw_limits_default;
	connection->owner = setup->owner;
	connection->report.alert_sent = connection->report.alert_received = -1;
	int on = 1;
	if (socket >= 0)
		setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return connection;
}

static bool system_error(struct cw_error *error, const char *what)
{
	return cw_error_set(error, CW_E_NETWORK, "%s: %s", what, strerror(errno));
}

/* SNI is for host names only (RFC 6066 §3). */
static void send_name(SSL *ssl, const char *name)
{
	uint8_t ip[16];
	size_t length;
	if (name && *name && !cw_name_is_ip(name, ip, &length))
		SSL_set_tlsext_host_name(ssl, name);
}

static bool begin_connect(
	struct cw_connection *connection, const struct cw_connection_route *route, struct cw_error *error)
{
	int on = 1;
	setsockopt(connection->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (route->from && bind(connection->socket, route->from, route->length) < 0)
		return system_error(error, "cannot bind");
	if (connect(connection->socket, route->to, route->length) < 0 && errno != EINPROGRESS)
		return system_error(error, "cannot connect");
	return true;
}

bool cw_connection_open(const struct cw_connection_setup *setup, const struct cw_connection_route *route,
	struct cw_connection **ret, struct cw_error *error)
{
	evutil_socket_t socket_ = socket(route->to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (socket_ < 0)
		return system_error(error, "no socket");
	AUTO(cw_connection_free) struct cw_connection *connection = make(setup, socket_);
	if (!connection) {
		evutil_closesocket(socket_);
		return cw_error_memory(error);
	}
	if (!set_up_tls(connection, setup, error) || !begin_connect(connection, route, error))
		return false;
	SSL_set_connect_state(connection->ssl);
	send_name(connection->ssl, route->server_name);
	connection->step = CW_STEP_CONNECT;
	if (!cw_connection_start(connection, error))
		return false;
	*ret = TAKE(connection);
	return true;
}

/* Takes over a socket that is connected, as the one side or the other. */
static bool take_over(const struct cw_connection_setup *setup, evutil_socket_t socket_, bool server,
	struct cw_connection **ret, struct cw_error *error)
{
	AUTO(cw_connection_free) struct cw_connection *connection = make(setup, socket_);
	if (!connection) {
		evutil_closesocket(socket_);
		return cw_error_memory(error);
	}
	if (evutil_make_socket_nonblocking(socket_) < 0)
		return system_error(error, "cannot take a connection");
	if (!set_up_tls(connection, setup, error))
		return false;
	if (server)
		SSL_set_accept_state(connection->ssl);
	else
		SSL_set_connect_state(connection->ssl);
	connection->step = CW_STEP_HANDSHAKE;
	if (!cw_connection_start(connection, error))
		return false;
	*ret = TAKE(connection);
	return true;
}

bool cw_connection_accept(const struct cw_connection_setup *setup, evutil_socket_t socket_,
	struct cw_connection **ret, struct cw_error *error)
{
	return take_over(setup, socket_, true, ret, error);
}

bool cw_connection_begin(const struct cw_connection_setup *setup, evutil_socket_t socket_,
	const char *server_name, struct cw_connection **ret, struct cw_error *error)
{
	if (!take_over(setup, socket_, false, ret, error))
		return false;
	send_name((*ret)->ssl, server_name);
	cw_connection_kick(*ret); /* the client speaks first */
	return true;
}

size_t cw_connection_pending(const struct cw_connection *connection)
{
	return connection->out.length - connection->sent;
}

bool cw_connection_send(struct cw_connection *connection, const void *data, size_t length)
{
	if (length > CW_CONNECTION_OUTPUT_MAX - cw_connection_pending(connection))
		connection->overflowed = true;
	else
		cw_buffer_append(&connection->out, data, length);
	if (connection->overflowed || cw_connection_pending(connection) > CW_CONNECTION_OUTPUT_HIGH)
		connection->over_mark = true;
	if (connection->step == CW_STEP_TALK)
		cw_connection_kick(connection);
	return !connection->over_mark;
}

void cw_connection_pause(struct cw_connection *connection, bool paused)
{
	connection->paused = paused;
	if (connection->step == CW_STEP_TALK)
		cw_connection_kick(connection);
}

void cw_connection_close(struct cw_connection *connection)
{
	connection->closing = true;
	if (connection->step == CW_STEP_TALK)
		cw_connection_kick(connection);
}

void cw_connection_refuse(struct cw_connection *connection, const char *reason)
{
	cw_connection_say(connection, CW_END_OWNER_REFUSED, "%s", reason);
	cw_connection_close(connection);
}

SSL *cw_connection_ssl(const struct cw_connection *connection)
{
	return connection->ssl;
}

evutil_socket_t cw_connection_socket(const struct cw_connection *connection)
{
	return connection->socket;
}

const char *cw_connection_step_name(enum cw_connection_step step)
{
	switch (step) {
	case CW_STEP_CONNECT:
		return "connecting";
	case CW_STEP_HANDSHAKE:
		return "handshake";
	case CW_STEP_TALK:
		return "conversation";
	case CW_STEP_DRAIN:
	case CW_STEP_OVER:
		return "end";
	}
	return "";
}
