#include "traversal/tunnel_dial.h"

#include "traversal/tunnel_talk.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

struct cw_tunnel_dial {
	struct cw_tunnel_dial_owner owner;
	struct cw_tunnel_exchange exchange;
	evutil_socket_t socket;
	struct event *ready, *timer;
	bool connected;
	bool refused; /* at once, by connect itself */
};

void cw_tunnel_dial_free(struct cw_tunnel_dial *dial)
{
	if (!dial)
		return;
	if (dial->ready)
		event_free(dial->ready);
	if (dial->timer)
		event_free(dial->timer);
	if (dial->socket >= 0)
		evutil_closesocket(dial->socket);
	cw_tunnel_exchange_finish(&dial->exchange);
	free(dial);
}

static void finish(struct cw_tunnel_dial *dial, enum cw_tunnel_dial_end end)
{
	struct cw_tunnel_dial_owner owner = dial->owner;
	evutil_socket_t socket = -1;
	if (end == CW_TUNNEL_DIAL_AGREED && dial->exchange.purpose == CW_TUNNEL_STREAM) {
		socket = dial->socket;
		dial->socket = -1;
	}
	cw_tunnel_dial_free(dial);
	owner.ended(owner.context, end, socket);
}

static void talk(struct cw_tunnel_dial *dial)
{
	switch (cw_tunnel_talk(dial->socket, &dial->exchange)) {
	case CW_TUNNEL_TALK_MORE:
		return;
	case CW_TUNNEL_TALK_DONE:
		finish(dial, CW_TUNNEL_DIAL_AGREED);
		return;
	case CW_TUNNEL_TALK_OTHER:
		finish(dial, CW_TUNNEL_DIAL_OTHER);
		return;
	case CW_TUNNEL_TALK_BROKEN:
		finish(dial, CW_TUNNEL_DIAL_BROKEN);
	}
}

static void on_ready(evutil_socket_t socket, short what, void *context);

/* A port of the range that the system gives to dialling sockets may be given to the very socket that dials it
 * while nobody listens there: TCP's simultaneous open, and it talks to itself. */
static bool talks_to_itself(evutil_socket_t socket)
{
	struct sockaddr_in own = {0}, other = {0};
	socklen_t size = sizeof own;
	getsockname(socket, (struct sockaddr *)&own, &size);
	size = sizeof other;
	getpeername(socket, (struct sockaddr *)&other, &size);
	return own.sin_port == other.sin_port && own.sin_addr.s_addr == other.sin_addr.s_addr;
}

/* Connected: from now on what comes is of interest. */
static void on_connected(struct cw_tunnel_dial *dial)
{
	int trouble = 0;
	socklen_t size = sizeof trouble;
	struct event_base *base = event_get_base(dial->ready);
	getsockopt(dial->socket, SOL_SOCKET, SO_ERROR, &trouble, &size);
	if (trouble && trouble != ECONNREFUSED) {
		finish(dial, CW_TUNNEL_DIAL_BROKEN);
		return;
	}
	if (trouble || dial->refused || talks_to_itself(dial->socket)) {
		finish(dial, CW_TUNNEL_DIAL_NOBODY);
		return;
	}
	dial->connected = true;
	event_del(dial->ready);
	event_assign(dial->ready, base, dial->socket, EV_READ | EV_PERSIST, on_ready, dial);
	if (event_add(dial->ready, NULL) < 0)
		finish(dial, CW_TUNNEL_DIAL_BROKEN);
	else
		talk(dial);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_tunnel_dial *dial = context;
	if (dial->connected)
		talk(dial);
	else
		on_connected(dial);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	finish(context, CW_TUNNEL_DIAL_TIME);
}

static bool connect_out(struct cw_tunnel_dial *dial, const struct sockaddr_in *to, struct cw_error *error)
{
	const int on = 1;
	dial->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->socket < 0)
		return cw_error_set(error, CW_E_NETWORK, "no socket for a new stream: %s", strerror(errno));
	setsockopt(dial->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(dial->socket, (const struct sockaddr *)to, sizeof *to) == 0 || errno == EINPROGRESS)
		return true;
	dial->refused = errno == ECONNREFUSED;
	if (dial->refused)
		return true;
	return cw_error_set(error, CW_E_NETWORK, "port %u of the tunnel cannot be dialled: %s",
		(unsigned)ntohs(to->sin_port), strerror(errno));
}

bool cw_tunnel_dial_open(
	const struct cw_tunnel_dial_setup *setup, struct cw_tunnel_dial **ret, struct cw_error *error)
{
	AUTO(cw_tunnel_dial_free) struct cw_tunnel_dial *dial = calloc(1, sizeof *dial);
	if (!dial)
		return cw_error_memory(error);
	dial->socket = -1;
	dial->owner = setup->owner;
	if (!cw_tunnel_exchange_dial(&dial->exchange, setup->secret, setup->purpose, error) ||
		!connect_out(dial, setup->to, error))
		return false;
	struct timeval wait = {
		(time_t)(setup->milliseconds / 1000), (suseconds_t)(setup->milliseconds % 1000) * 1000};
	dial->timer = evtimer_new(setup->base, on_time, dial);
	dial->ready = event_new(setup->base, dial->socket, EV_WRITE | EV_PERSIST, on_ready, dial);
	if (!dial->timer || !dial->ready || event_add(dial->timer, &wait) < 0 ||
		event_add(dial->ready, NULL) < 0)
		return cw_error_memory(error);
	if (dial->refused) /* the owner hears of it from the loop, as of everything */
		event_active(dial->ready, EV_WRITE, 0);
	*ret = TAKE(dial);
	return true;
}
