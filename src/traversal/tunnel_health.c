#include "traversal/tunnel_health.h"

static void ask(struct cw_tunnel_health *health);

static void lose(struct cw_tunnel_health *health, enum cw_tunnel_reason reason)
{
	cw_tunnel_health_stop(health);
	health->owner.lost(health->owner.context, reason);
}

static void ask_after(struct cw_tunnel_health *health, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	if (event_add(health->timer, &wait) < 0)
		lose(health, CW_TUNNEL_LOST);
}

/* Before the first answer: the port is there as soon as the peer has asked for it. */
static void try_sooner(struct cw_tunnel_health *health)
{
	if (health->waited >= health->limits->begin) {
		lose(health, CW_TUNNEL_LOST);
		return;
	}
	unsigned wait = health->wait;
	health->waited += wait;
	if (health->wait < health->limits->probe_first * 10)
		health->wait *= 2;
	ask_after(health, wait);
}

static void on_answer(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	(void)socket;
	struct cw_tunnel_health *health = context;
	bool came_up = end == CW_TUNNEL_DIAL_AGREED && !health->up;
	health->dial = NULL;
	if (end == CW_TUNNEL_DIAL_AGREED) {
		health->misses = 0;
		health->up = true;
		ask_after(health, health->limits->probe);
		if (came_up && health->timer)
			health->owner.up(health->owner.context);
	} else if (end == CW_TUNNEL_DIAL_OTHER) {
		lose(health, CW_TUNNEL_IMPOSTOR);
	} else if (!health->up && end != CW_TUNNEL_DIAL_TIME) {
		try_sooner(health);
	} else if (++health->misses >= health->limits->misses) {
		lose(health, CW_TUNNEL_LOST);
	} else {
		ask_after(health, health->limits->probe);
	}
}

static void ask(struct cw_tunnel_health *health)
{
	struct cw_error error;
	struct cw_tunnel_dial_setup setup = {.base = health->base,
		.to = &health->port,
		.secret = health->secret,
		.purpose = CW_TUNNEL_PROBE,
		.milliseconds = health->limits->exchange,
		.owner = {on_answer, health}};
	if (!cw_tunnel_dial_open(&setup, &health->dial, &error))
		on_answer(health, CW_TUNNEL_DIAL_BROKEN, -1);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	ask(context);
}

bool cw_tunnel_health_start(
	struct cw_tunnel_health *health, const struct sockaddr_in *port, const uint8_t *secret)
{
	cw_tunnel_health_stop(health);
	health->port = *port;
	health->secret = secret;
	health->up = false;
	health->misses = health->waited = 0;
	health->wait = health->limits->probe_first;
	health->timer = evtimer_new(health->base, on_time, health);
	if (!health->timer)
		return false;
	event_active(health->timer, EV_TIMEOUT, 0);
	return true;
}

void cw_tunnel_health_stop(struct cw_tunnel_health *health)
{
	cw_tunnel_dial_free(health->dial);
	health->dial = NULL;
	if (health->timer)
		event_free(health->timer);
	health->timer = NULL;
}
