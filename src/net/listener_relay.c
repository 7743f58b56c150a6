#include "net/listener_relay.h"

#include "net/send_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"

#define PIECE ((size_t)16384)
/* For what is still to be sent once who serves has closed. */
#define LAST_MS 30000

struct cw_listener_relay {
	struct cw_listener_peer *peer;
	int socket; /* to who serves */
	struct event *reads, *writes;
	struct cw_buffer out; /* what who serves has not taken yet */
	struct cw_listener_relay_owner owner;
};

void cw_listener_relay_free(struct cw_listener_relay *relay)
{
	if (!relay)
		return;
	if (relay->reads)
		event_free(relay->reads);
	if (relay->writes)
		event_free(relay->writes);
	if (relay->socket >= 0)
		close(relay->socket);
	cw_buffer_finish(&relay->out);
	free(relay);
}

void cw_listener_relay_close(struct cw_listener_peer *peer)
{
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	cw_connection_set_idle(connection, LAST_MS); /* who does not take the rest is no reason to wait */
	cw_connection_close(connection);
}

/* --- to the peer --- */

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_listener_relay *relay = context;
	char piece[PIECE];
	(void)what;
	ssize_t got = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		struct cw_listener_peer *peer = relay->peer;
		relay->owner.over(relay->owner.context);
		cw_listener_relay_close(peer);
		return;
	}
	if (!cw_connection_send(cw_listener_peer_connection(relay->peer), piece, (size_t)got))
		event_del(relay->reads); /* until it is drained */
}

void cw_listener_relay_drained(struct cw_listener_relay *relay)
{
	event_add(relay->reads, NULL);
}

/* --- to who serves --- */

static void flush(struct cw_listener_relay *relay)
{
	bool good = cw_send_out(relay->socket, &relay->out);
	cw_connection_pause(cw_listener_peer_connection(relay->peer), relay->out.length > 0);
	if (good && relay->out.length)
		event_add(relay->writes, NULL);
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	flush(context);
}

void cw_listener_relay_said(struct cw_listener_relay *relay, const char *data, size_t length)
{
	relay->out.secret = true;
	cw_buffer_append(&relay->out, data, length);
	flush(relay);
}

/* --- the beginning --- */

static bool watch(struct cw_listener_relay *relay, struct event_base *base, struct cw_error *error)
{
	relay->reads = event_new(base, relay->socket, EV_READ | EV_PERSIST, on_reads, relay);
	relay->writes = event_new(base, relay->socket, EV_WRITE, on_writes, relay);
	return relay->reads && relay->writes && event_add(relay->reads, NULL) == 0 ? true
										   : cw_error_memory(error);
}

bool cw_listener_relay_new(struct event_base *base, struct cw_listener_peer *peer,
	const struct cw_listener_relay_owner *owner, struct cw_listener_relay **ret, int *ret_socket,
	struct cw_error *error)
{
	AUTO(cw_listener_relay_free) struct cw_listener_relay *relay = calloc(1, sizeof *relay);
	int ends[2];
	if (!relay)
		return cw_error_memory(error);
	relay->socket = -1;
	relay->peer = peer;
	relay->owner = *owner;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
		return cw_error_set(error, CW_E_IO, "no socket for it: %s", strerror(errno));
	relay->socket = ends[0];
	if (!watch(relay, base, error)) {
		close(ends[1]);
		return false;
	}
	cw_connection_set_idle(cw_listener_peer_connection(peer), 0);
	*ret_socket = ends[1];
	*ret = TAKE(relay);
	return true;
}
