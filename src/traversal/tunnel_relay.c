#include "traversal/tunnel_relay.h"

#include "traversal/tunnel_talk.h"

#include <errno.h>
#include <event2/listener.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct pending {
	struct cw_tunnel_relay *relay;
	struct cw_tunnel_exchange exchange;
	evutil_socket_t socket;
	struct event *ready, *timer;
	struct pending *next, **place;
};

struct cw_tunnel_relay {
	struct cw_tunnel_relay_setup setup;
	char path[sizeof((struct sockaddr_un *)0)->sun_path];
	bool has_secret;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	struct evconnlistener *listener;
	struct event *pause;
	struct pending *pending;
	size_t pending_count;
};

static void drop(struct pending *pending)
{
	*pending->place = pending->next;
	if (pending->next)
		pending->next->place = pending->place;
	pending->relay->pending_count--;
	if (pending->ready)
		event_free(pending->ready);
	if (pending->timer)
		event_free(pending->timer);
	if (pending->socket >= 0)
		evutil_closesocket(pending->socket);
	cw_tunnel_exchange_finish(&pending->exchange);
	free(pending);
}

void cw_tunnel_relay_free(struct cw_tunnel_relay *relay)
{
	if (!relay)
		return;
	while (relay->pending)
		drop(relay->pending);
	if (relay->listener) {
		evconnlistener_free(relay->listener);
		unlink(relay->path);
	}
	if (relay->pause)
		event_free(relay->pause);
	OPENSSL_cleanse(relay->secret, sizeof relay->secret);
	free(relay);
}

static void turn_away(struct cw_tunnel_relay *relay, const char *why)
{
	if (relay->setup.owner.turned_away)
		relay->setup.owner.turned_away(relay->setup.owner.context, why);
}

static void agreed(struct pending *pending)
{
	struct cw_tunnel_relay_owner owner = pending->relay->setup.owner;
	bool is_stream = pending->exchange.purpose == CW_TUNNEL_STREAM;
	evutil_socket_t socket = -1;
	if (is_stream && owner.stream) {
		socket = pending->socket;
		pending->socket = -1;
	}
	drop(pending);
	if (socket >= 0)
		owner.stream(owner.context, socket);
	else if (!is_stream && owner.probed)
		owner.probed(owner.context);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	(void)what;
	struct pending *pending = context;
	struct cw_tunnel_relay *relay = pending->relay;
	switch (cw_tunnel_talk(socket, &pending->exchange)) {
	case CW_TUNNEL_TALK_MORE:
		return;
	case CW_TUNNEL_TALK_DONE:
		agreed(pending);
		return;
	case CW_TUNNEL_TALK_OTHER:
		drop(pending);
		turn_away(relay, "somebody opened a stream without the key of the tunnel");
		return;
	case CW_TUNNEL_TALK_BROKEN:
		drop(pending);
	}
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct pending *pending = context;
	struct cw_tunnel_relay *relay = pending->relay;
	drop(pending);
	turn_away(relay, "somebody opened a stream and did not show the key of the tunnel in time");
}

static bool take(struct cw_tunnel_relay *relay, struct pending *pending, struct cw_error *error)
{
	struct timeval wait = {(time_t)(relay->setup.milliseconds / 1000),
		(suseconds_t)(relay->setup.milliseconds % 1000) * 1000};
	pending->timer = evtimer_new(relay->setup.base, on_time, pending);
	pending->ready =
		event_new(relay->setup.base, pending->socket, EV_READ | EV_PERSIST, on_ready, pending);
	if (!pending->timer || !pending->ready || event_add(pending->timer, &wait) < 0 ||
		event_add(pending->ready, NULL) < 0)
		return cw_error_memory(error);
	return cw_tunnel_exchange_answer(&pending->exchange, relay->secret, error);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *from,
	int length, void *context)
{
	(void)listener;
	(void)from;
	(void)length;
	struct cw_tunnel_relay *relay = context;
	struct cw_error error;
	struct pending *pending = NULL;
	if (relay->has_secret && relay->pending_count < CW_TUNNEL_RELAY_PENDING_MAX)
		pending = calloc(1, sizeof *pending);
	if (!pending) {
		evutil_closesocket(socket);
		turn_away(relay,
			relay->has_secret ? "too many streams are being opened at once"
					  : "a stream was opened while no key is agreed");
		return;
	}
	pending->relay = relay;
	pending->socket = socket;
	pending->next = relay->pending;
	pending->place = &relay->pending;
	if (pending->next)
		pending->next->place = &pending->next;
	relay->pending = pending;
	relay->pending_count++;
	if (!take(relay, pending, &error))
		drop(pending);
}

/* Against streams that use up the descriptors: the one who cannot be let in would wake the loop for ever. */
static void on_accept_failed(struct evconnlistener *listener, void *context)
{
	struct cw_tunnel_relay *relay = context;
	static const struct timeval pause = {0, 100000};
	if (event_add(relay->pause, &pause) == 0)
		evconnlistener_disable(listener);
}

static void on_pause_over(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_tunnel_relay *relay = context;
	evconnlistener_enable(relay->listener);
}

static bool bind_here(struct cw_tunnel_relay *relay, int *ret, struct cw_error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, relay->path, sizeof address.sun_path);
	struct stat status;
	if (lstat(relay->path, &status) == 0 && S_ISSOCK(status.st_mode))
		unlink(relay->path); /* of a process that was killed: nobody else has this folder */
	int made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t mode = relay->setup.group == (gid_t)-1 ? 0600 : 0660;
	if (made < 0 || bind(made, (struct sockaddr *)&address, sizeof address) != 0 ||
		(relay->setup.group != (gid_t)-1 &&
			lchown(relay->path, (uid_t)-1, relay->setup.group) != 0) ||
		chmod(relay->path, mode) != 0) {
		cw_error_set(error, CW_E_NETWORK, "%s: cannot listen: %s", relay->path, strerror(errno));
		if (made >= 0)
			close(made);
		return false;
	}
	*ret = made;
	return true;
}

bool cw_tunnel_relay_open(
	const struct cw_tunnel_relay_setup *setup, struct cw_tunnel_relay **ret, struct cw_error *error)
{
	AUTO(cw_tunnel_relay_free) struct cw_tunnel_relay *relay = calloc(1, sizeof *relay);
	if (!relay)
		return cw_error_memory(error);
	relay->setup = *setup;
	relay->setup.path = relay->path;
	size_t length = strlen(setup->path);
	if (length >= sizeof relay->path)
		return cw_error_set(error, CW_E_NETWORK,
			"%s: too long for a Unix socket, which may have %zu bytes; choose a shorter folder",
			setup->path, sizeof relay->path - 1);
	memcpy(relay->path, setup->path, length + 1);
	int listening;
	if (!bind_here(relay, &listening, error))
		return false;
	relay->pause = evtimer_new(setup->base, on_pause_over, relay);
	if (relay->pause)
		relay->listener = evconnlistener_new(setup->base, on_accept, relay,
			LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 64, listening);
	if (!relay->listener) {
		close(listening);
		unlink(relay->path);
		return cw_error_memory(error);
	}
	evconnlistener_set_error_cb(relay->listener, on_accept_failed);
	*ret = TAKE(relay);
	return true;
}

void cw_tunnel_relay_set_secret(struct cw_tunnel_relay *relay, const uint8_t *secret)
{
	while (relay->pending) /* they were to show another one */
		drop(relay->pending);
	relay->has_secret = secret != NULL;
	if (secret)
		memcpy(relay->secret, secret, sizeof relay->secret);
	else
		OPENSSL_cleanse(relay->secret, sizeof relay->secret);
}
