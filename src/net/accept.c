#include "net/accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Below what stands in the middle, where every other event is. */
#define PRIORITIES 3
#define PRIORITY (PRIORITIES - 1)

struct cw_accept {
	struct cw_accept_owner owner;
	evutil_socket_t socket;
	struct event *ready, *pause, *due;
	size_t pauses;
	bool stopped;
	bool *freed; /* set while a call to the owner is out that may free this */
};

struct event_base *cw_accept_base_new(void)
{
	struct event_base *base = event_base_new();
	if (!base || event_base_priority_init(base, PRIORITIES) == 0)
		return base;
	event_base_free(base);
	return NULL;
}

void cw_accept_free(struct cw_accept *accept)
{
	if (!accept)
		return;
	if (accept->freed)
		*accept->freed = true;
	if (accept->ready)
		event_free(accept->ready);
	if (accept->pause)
		event_free(accept->pause);
	if (accept->due)
		event_free(accept->due);
	if (accept->socket >= 0)
		evutil_closesocket(accept->socket);
	free(accept);
}

static void rest(struct cw_accept *accept)
{
	static const struct timeval pause = {0, CW_ACCEPT_PAUSE_MILLISECONDS * 1000};
	if (event_add(accept->pause, &pause) != 0)
		return;
	event_del(accept->ready);
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
	int next = fcntl(accept->socket, F_DUPFD_CLOEXEC, 0);
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
	if (accept->stopped)
		return;
	/* Switched on again by itself: where that fails, the pause goes on. */
	if (is_next_scarce(accept) || event_add(accept->ready, NULL) != 0)
		rest(accept);
}

/* Who waited too long and left: serving it would take the time of those behind it. */
static bool has_left(evutil_socket_t socket_)
{
	struct tcp_info info;
	socklen_t size = sizeof info;
	return getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
		(info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE);
}

static void take(struct cw_accept *accept, evutil_socket_t socket_, const struct sockaddr *from, int length)
{
	const struct cw_accept_owner *owner = &accept->owner;
	if (is_scarce(socket_))
		rest(accept); /* this one is taken; the others wait in the system's queue */
	if (has_left(socket_) || (owner->count && owner->count(owner->context) >= owner->count_max))
		evutil_closesocket(socket_);
	else
		owner->accepted(owner->context, socket_, from, length);
}

static bool is_passing(int why)
{
	return why == EAGAIN || why == EWOULDBLOCK || why == EINTR || why == ECONNABORTED;
}

static void on_ready(evutil_socket_t listens, short what, void *context)
{
	struct cw_accept *accept = context;
	bool freed = false;
	(void)what;
	accept->freed = &freed;
	for (unsigned i = 0; i < CW_ACCEPT_AT_ONCE && !freed && event_pending(accept->ready, EV_READ, NULL);
		i++) {
		struct sockaddr_storage from = {0};
		socklen_t length = sizeof from;
		int socket_ =
			accept4(listens, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (socket_ < 0) {
			if (!is_passing(errno))
				rest(accept);
			break;
		}
		take(accept, socket_, (const struct sockaddr *)&from, (int)length);
	}
	if (!freed)
		accept->freed = NULL;
}

/* At the priority of all others: one who always has something to do keeps nobody out. */
static void on_due(evutil_socket_t none, short what, void *context)
{
	const struct cw_accept *accept = context;
	(void)none;
	on_ready(accept->socket, what, context);
}

static bool listen_on(struct cw_accept *accept, struct event_base *base)
{
	static const struct timeval due = {0, CW_ACCEPT_DUE_MILLISECONDS * 1000};
	accept->pause = evtimer_new(base, on_pause_over, accept);
	accept->ready = event_new(base, accept->socket, EV_READ | EV_PERSIST, on_ready, accept);
	accept->due = event_new(base, -1, EV_PERSIST, on_due, accept);
	if (!accept->pause || !accept->ready || !accept->due)
		return false;
	/* a loop that has no priorities goes without */
	if (event_priority_set(accept->ready, PRIORITY) == 0 && event_add(accept->due, &due) != 0)
		return false;
	return event_add(accept->ready, NULL) == 0;
}

bool cw_accept_adopt(struct event_base *base, evutil_socket_t socket, const struct cw_accept_owner *owner,
	struct cw_accept **ret, struct cw_error *error)
{
	AUTO(cw_accept_free) struct cw_accept *accept = calloc(1, sizeof *accept);
	if (accept)
		*accept = (struct cw_accept){.owner = *owner, .socket = socket};
	else
		evutil_closesocket(socket);
	if (!accept || !listen_on(accept, base)) {
		errno = ENOMEM;
		return cw_error_memory(error);
	}
	*ret = TAKE(accept);
	return true;
}

bool cw_accept_open(struct event_base *base, const struct sockaddr *address, socklen_t length,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error)
{
	evutil_socket_t made;
	return cw_accept_listen(address, length, &made, error) &&
		cw_accept_adopt(base, made, owner, ret, error);
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
	int why = errno;
	cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(why));
	if (made >= 0)
		close(made);
	errno = why;
	return false;
}

evutil_socket_t cw_accept_socket(const struct cw_accept *accept)
{
	return accept->socket;
}

void cw_accept_stop(struct cw_accept *accept)
{
	accept->stopped = true;
	event_del(accept->pause);
	event_del(accept->ready);
}

void cw_accept_go_on(struct cw_accept *accept)
{
	accept->stopped = false;
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
