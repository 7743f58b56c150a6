/**
 * Where the streams of a tunnel come out, on Expressway-C: a Unix socket in a folder that nobody else enters.
 *
 * A stream is handed over only after who opened it has shown that it holds the key; a probe is told of and
 * closed. Knows nothing of what goes through.
 */
#ifndef CW_TRAVERSAL_TUNNEL_RELAY_H
#define CW_TRAVERSAL_TUNNEL_RELAY_H

#include "traversal/tunnel_exchange.h"

#include <event2/event.h>
#include <sys/types.h>

struct cw_tunnel_relay;

/* Against streams that are opened and say nothing. */
#define CW_TUNNEL_RELAY_PENDING_MAX 64

struct cw_tunnel_relay_owner {
	/* a stream begins: the socket is the owner's, nonblocking. NULL: streams are closed */
	void (*stream)(void *context, evutil_socket_t socket);
	/* bytes went through and back; NULL: nobody asks */
	void (*probed)(void *context);
	/* somebody came who does not hold the key, or too many did; NULL: nobody asks */
	void (*turned_away)(void *context, const char *why);
	void *context;
};

struct cw_tunnel_relay_setup {
	struct event_base *base;
	const char *path;
	gid_t group;	       /* that may connect besides this process's user; (gid_t)-1: none */
	unsigned milliseconds; /* that an exchange may take */
	struct cw_tunnel_relay_owner owner;
};

/** Listens; a socket that an earlier process left there is replaced. CW_E_NETWORK, CW_E_MEMORY. */
CW_MUST_USE bool cw_tunnel_relay_open(
	const struct cw_tunnel_relay_setup *setup, struct cw_tunnel_relay **ret, struct cw_error *error);

/** Closes, also what has not agreed yet, and removes the socket. */
void cw_tunnel_relay_free(struct cw_tunnel_relay *relay);
CW_DEFINE_AUTO(struct cw_tunnel_relay *, cw_tunnel_relay_free)

/** From now on this key counts; NULL: none, and everybody is turned away. */
void cw_tunnel_relay_set_secret(struct cw_tunnel_relay *relay, const uint8_t *secret);

#endif
