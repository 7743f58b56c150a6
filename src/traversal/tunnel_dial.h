/**
 * A new stream through a tunnel, from Expressway-E's side: connects to the tunnel's port and shows the key.
 *
 * Hands over a socket only after the other end has shown that it holds the key. A probe is the same and ends
 * there.
 */
#ifndef CW_TRAVERSAL_TUNNEL_DIAL_H
#define CW_TRAVERSAL_TUNNEL_DIAL_H

#include "traversal/tunnel_exchange.h"

#include <event2/event.h>
#include <netinet/in.h>

struct cw_tunnel_dial;

enum cw_tunnel_dial_end {
	CW_TUNNEL_DIAL_AGREED,
	CW_TUNNEL_DIAL_NOBODY, /* nobody listens on the port */
	CW_TUNNEL_DIAL_OTHER,  /* who listens there does not hold the key */
	CW_TUNNEL_DIAL_BROKEN, /* the connection broke before both sides agreed */
	CW_TUNNEL_DIAL_TIME,   /* no answer in time */
};

/* The last call; the dial is freed when it returns. */
struct cw_tunnel_dial_owner {
	/* `socket` is the owner's from now on: nonblocking, TCP_NODELAY; -1 for a probe, and where it failed */
	void (*ended)(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket);
	void *context;
};

struct cw_tunnel_dial_setup {
	struct event_base *base;
	const struct sockaddr_in *to;
	const uint8_t *secret; /* CW_TUNNEL_SECRET_SIZE bytes */
	enum cw_tunnel_purpose purpose;
	unsigned milliseconds; /* that it may take */
	struct cw_tunnel_dial_owner owner;
};

/** Begins. Fails (CW_E_NETWORK, CW_E_MEMORY, CW_E_CRYPTO) without a call of the owner. */
CW_MUST_USE bool cw_tunnel_dial_open(
	const struct cw_tunnel_dial_setup *setup, struct cw_tunnel_dial **ret, struct cw_error *error);

/** Gives up without a word to the owner. */
void cw_tunnel_dial_free(struct cw_tunnel_dial *dial);
CW_DEFINE_AUTO(struct cw_tunnel_dial *, cw_tunnel_dial_free)

#endif
