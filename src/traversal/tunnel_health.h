/**
 * Whether bytes go through a tunnel and back, asked again and again from Expressway-E's side.
 *
 * A probe is the exchange that every stream begins with (traversal/tunnel_exchange.h) and nothing more. The first
 * one is repeated quickly, since only the tunnel itself shows when its port is there.
 */
#ifndef CW_TRAVERSAL_TUNNEL_HEALTH_H
#define CW_TRAVERSAL_TUNNEL_HEALTH_H

#include "traversal/tunnel_dial.h"
#include "traversal/tunnel_limits.h"
#include "traversal/tunnel_words.h"

struct cw_tunnel_health_owner {
	void (*up)(void *context);				   /* the first probe was answered */
	void (*lost)(void *context, enum cw_tunnel_reason reason); /* asked no longer */
	void *context;
};

struct cw_tunnel_health {
	struct event_base *base;
	const struct cw_tunnel_limits *limits;
	struct cw_tunnel_health_owner owner;
	struct sockaddr_in port;
	const uint8_t *secret; /* borrowed */
	struct cw_tunnel_dial *dial;
	struct event *timer; /* NULL: not asking */
	bool up;
	unsigned misses, wait, waited;
};

/** Begins to ask; `secret` must stay until it is stopped. False: no memory. */
CW_MUST_USE bool cw_tunnel_health_start(
	struct cw_tunnel_health *health, const struct sockaddr_in *port, const uint8_t *secret);
/** Asks no longer, without a word to the owner. */
void cw_tunnel_health_stop(struct cw_tunnel_health *health);

#endif
