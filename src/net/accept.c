#include "net/accept.h"

#include <errno.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct cw_accept {
	struct cw_accept_owner owner;
	struct evconnlistener *events;
	struct event *pause;
	size_t pauses;
};

void cw_accept_free(struct cw_accept *accept)
{
	if (!accept)
		return;
	if (accept->events)
		evconnlistener_free(accept->events);
	if (accept->pause)
		event_free(accept->pause);
	free(accept);
}

static void rest(struct cw_accept *accept)
{
	static const struct timeval pause = {0, CW_ACCEPT_PAUSE_MILLISECONDS * 1000};
	if (event_add(accept->pause, &pause) != 0)
		return;
	evconnlistener_disable(accept->events);
	accept->pauses++;
}

/* The system gives out the lowest free number, so a high one says how many are in use. */
static bool is_scarce(evutil_socket_t socket_)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
		(rlim_t)socket_ + CW_ACCEPT_DESCRIPTORS_FREE >= limit.rlim_cur;
}

static bool is_next_scarce(const struct cw_accept *accept)
{
	int next = fcntl(evconnlistener_get_fd(accept->events), F_DUPFD_CLOEXEC, 0);
	bool scarce = next < 0 || is_scarce(next);
	if (next >= 0)
		close(next);
	return scarce;
}

static void on_pause_over(evutil_socket_t none, short what, void *context)
{
	struct cw_accept *accept = context;
	(void)none;
	(void)what;
	/* Switched on again by itself: where that fails, the pause goes on. */
	if (is_next_scarce(accept) || evconnlistener_enable(accept->events) != 0)
		rest(accept);
}

static void on_accept(struct evconnlistener *events, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	struct cw_accept *accept = context;
	const struct cw_accept_owner *owner = &accept->owner;
	(void)events;
	if (is_scarce(socket_))
		rest(accept); /* this one is taken; the others wait in the system's queue */
	if (owner->count && owner->count(owner->context) >= owner->count_max) {
		evutil_closesocket(socket_);
		return;
	}
	owner->accepted(owner->context, socket_, from, length);
}

static void on_failed(struct evconnlistener *events, void *context)
{
	(void)events;
	rest(context);
}

/* Where connections come from: an address, or (`address` NULL) a socket that listens already. */
struct accept_source {
	const struct sockaddr *address;
	socklen_t length;
	evutil_socket_t socket;
};

/* Switched on by itself: libevent does not tell where that fails. */
static struct evconnlistener *make_events(
	struct cw_accept *accept, struct event_base *base, const struct accept_source *source)
{
	static const unsigned flags =
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE | LEV_OPT_DISABLED;
	if (source->address)
		return evconnlistener_new_bind(
			base, on_accept, accept, flags, SOMAXCONN, source->address, (int)source->length);
	return evconnlistener_new(base, on_accept, accept, flags, 0, source->socket);
}

static bool listen_on(struct cw_accept *accept, struct event_base *base, const struct accept_source *source,
	struct cw_error *error)
{
	accept->pause = evtimer_new(base, on_pause_over, accept);
	if (!accept->pause) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	errno = 0;
	accept->events = make_events(accept, base, source);
	if (!accept->events && errno && errno != ENOMEM)
		return cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(errno));
	if (!accept->events || evconnlistener_enable(accept->events) != 0) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	evconnlistener_set_error_cb(accept->events, on_failed);
	return true;
}

static bool accept_from(struct event_base *base, const struct accept_source *source,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error)
{
	struct cw_accept *accept = calloc(1, sizeof *accept);
	if (!accept) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	accept->owner = *owner;
	if (!listen_on(accept, base, source, error)) {
		int why = errno;
		cw_accept_free(accept);
		errno = why;
		return false;
	}
	*ret = accept;
	return true;
}

bool cw_accept_open(struct event_base *base, const struct sockaddr *address, socklen_t length,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error)
{
	const struct accept_source source = {address, length, -1};
	return accept_from(base, &source, owner, ret, error);
}

bool cw_accept_adopt(struct event_base *base, evutil_socket_t socket, const struct cw_accept_owner *owner,
	struct cw_accept **ret, struct cw_error *error)
{
	const struct accept_source source = {NULL, 0, socket};
	struct cw_accept *accept = NULL;
	bool good = accept_from(base, &source, owner, &accept, error);
	if (good)
		*ret = accept;
	else
		evutil_closesocket(socket);
	return good;
}

bool cw_accept_listen(
	const struct sockaddr *address, socklen_t length, evutil_socket_t *ret, struct cw_error *error)
{
	static const int on = 1;
	evutil_socket_t made = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (made >= 0 && setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		bind(made, address, length) == 0 && listen(made, SOMAXCONN) == 0) {
		*ret = made;
		return true;
	}
	cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(errno));
	if (made >= 0)
		close(made);
	return false;
}

evutil_socket_t cw_accept_socket(const struct cw_accept *accept)
{
	return evconnlistener_get_fd(accept->events);
}

void cw_accept_stop(struct cw_accept *accept)
{
	event_del(accept->pause);
	evconnlistener_disable(accept->events);
}

void cw_accept_go_on(struct cw_accept *accept)
{
	on_pause_over(-1, 0, accept);
}

size_t cw_accept_pauses(const struct cw_accept *accept)
{
	return accept->pauses;
}

void cw_accept_raise_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= CW_ACCEPT_DESCRIPTORS_MAX)
		return;
	limit.rlim_cur = CW_ACCEPT_DESCRIPTORS_MAX;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* it goes on with those that it has */
}
