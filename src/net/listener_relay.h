/**
 * A peer's plain bytes over a socket: TLS ends in the listener, and whoever serves the bytes has an ordinary socket.
 *
 * Never more waits than either side takes: a peer that asks and does not read is not read from, and who serves is made to
 * wait. Reads nothing of what passes.
 */
#ifndef CW_NET_LISTENER_RELAY_H
#define CW_NET_LISTENER_RELAY_H

#include "net/listener.h"

struct cw_listener_relay;

struct cw_listener_relay_owner {
	/* Who serves has closed its end: the connection is being closed, and the relay is there until it is freed (also
	 * inside the call). */
	void (*over)(void *context);
	void *context;
};

/**
 * Begins for a peer that came in; from now on the peer may be silent (who serves knows what a slow client is). `*ret_socket`
 * is the other end, for who serves; the caller closes it. CW_E_IO, CW_E_MEMORY.
 */
CW_MUST_USE bool cw_listener_relay_new(struct event_base *base, struct cw_listener_peer *peer,
	const struct cw_listener_relay_owner *owner, struct cw_listener_relay **ret, int *ret_socket,
	struct cw_error *error);
/** Nothing passes any more. The connection stays; cw_listener_relay_close ends it. */
void cw_listener_relay_free(struct cw_listener_relay *relay);
CW_DEFINE_AUTO(struct cw_listener_relay *, cw_listener_relay_free)

/** The listener's `said` and `drained` of that peer. */
void cw_listener_relay_said(struct cw_listener_relay *relay, const char *data, size_t length);
void cw_listener_relay_drained(struct cw_listener_relay *relay);

/** Closes a peer's connection once it took what is still to be sent, or did not in half a minute. */
void cw_listener_relay_close(struct cw_listener_peer *peer);

#endif
