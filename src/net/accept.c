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

static bool listen_on(struct cw_accept *accept, struct event_base *base, const struct sockaddr *address,
	socklen_t length, struct cw_error *error)
{
	accept->pause = evtimer_new(base, on_pause_over, accept);
	if (!accept->pause) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	/* Switched on by itself: libevent does not tell where that fails. */
	errno = 0;
	accept->events = evconnlistener_new_bind(base, on_accept, accept,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE | LEV_OPT_DISABLED, -1,
		address, (int)length);
	if (!accept->events && errno && errno != ENOMEM)
		return cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(errno));
	if (!accept->events || evconnlistener_enable(accept->events) != 0) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	evconnlistener_set_error_cb(accept->events, on_failed);
	return true;
}

bool cw_accept_open(struct event_base *base, const struct sockaddr *address, socklen_t length,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error)
{
	struct cw_accept *accept = calloc(1, sizeof *accept);
	if (!accept) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	accept->owner = *owner;
	if (!listen_on(accept, base, address, length, error)) {
		int why = errno;
		cw_accept_free(accept);
		errno = why;
		return false;
	}
	*ret = accept;
	return true;
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
