/**
 * The one way to listen: accepts connections, with a cap, a descriptor budget and a pause.
 *
 * Against peers who use up connections or descriptors: where the owner has as many connections as it wants, the next
 * one is closed at once; where descriptors get scarce, so that files, logs and the owner's own connections would fail,
 * nothing is accepted until some are free again; where accepting fails, nothing is accepted for a while either,
 * instead of waking the loop for ever. What is not accepted waits in the system's queue. Knows no TLS.
 *
 * When thousands come at once (their Expressway-E is gone), each of them served a little would be all of them served too
 * late. So a few are accepted at a time, on a loop of cw_accept_base_new when nobody who is there has anything to do, or
 * every CW_ACCEPT_DUE_MILLISECONDS where somebody always has (a long download, say); who has left the queue meanwhile is
 * closed unserved. Who came and says nothing keeps nobody waiting.
 */
#ifndef CW_NET_ACCEPT_H
#define CW_NET_ACCEPT_H

#include "base/error.h"

#include <event2/event.h>
#include <event2/util.h>
#include <stddef.h>
#include <sys/socket.h>

/* Descriptors that stay free for everything else. */
#define CW_ACCEPT_DESCRIPTORS_FREE 16
#define CW_ACCEPT_PAUSE_MILLISECONDS 100
/* In one turn of the loop. */
#define CW_ACCEPT_AT_ONCE 16
/* Somebody new is taken in that often at least. */
#define CW_ACCEPT_DUE_MILLISECONDS 100

struct cw_accept;

#define CW_ACCEPT_DESCRIPTORS_MAX 65536

struct cw_accept_owner {
	/* Takes the socket over: a non-blocking one. */
	void (*accepted)(void *context, evutil_socket_t socket, const struct sockaddr *from, int length);
	/* How many connections are up; NULL: the owner has no cap, or its own. */
	size_t (*count)(void *context);
	size_t count_max;
	void *context;
};

/** A loop on which who is there goes before who comes. NULL: no memory. */
CW_MUST_USE struct event_base *cw_accept_base_new(void);

/**
 * Listens on an address. CW_E_NETWORK says why not; the system's number for it stays in errno, for who tries another
 * port. The caller frees it.
 */
CW_MUST_USE bool cw_accept_open(struct event_base *base, const struct sockaddr *address, socklen_t length,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error);
/** The same on a socket that listens already, and does not block; it is taken over, also where this fails. */
CW_MUST_USE bool cw_accept_adopt(struct event_base *base, evutil_socket_t socket,
	const struct cw_accept_owner *owner, struct cw_accept **ret, struct cw_error *error);

/** Makes such a socket, for another process; the caller closes it. CW_E_NETWORK says why not. */
CW_MUST_USE bool cw_accept_listen(
	const struct sockaddr *address, socklen_t length, evutil_socket_t *ret, struct cw_error *error);
void cw_accept_free(struct cw_accept *accept);
CW_DEFINE_AUTO(struct cw_accept *, cw_accept_free)

/** The socket that listens. */
evutil_socket_t cw_accept_socket(const struct cw_accept *accept);

/** Accepts nothing until it goes on; who comes waits. */
void cw_accept_stop(struct cw_accept *accept);
void cw_accept_go_on(struct cw_accept *accept);

/** How often accepting was stopped for a while. */
size_t cw_accept_pauses(const struct cw_accept *accept);

/** For a process that serves many: as many descriptors as the system lets it have, at most CW_ACCEPT_DESCRIPTORS_MAX. Where a
 * shell gives out 1,024, whoever opens connections would have them all. */
void cw_accept_raise_limit(void);

#endif
