/**
 * Drives machines (web_machine.h) over connected sockets on an event loop. Whoever accepts connections, and ends TLS
 * in front of them, hands the sockets over here.
 *
 * Against clients who hold connections: there are at most so many, and so many from one address; where one more comes,
 * the oldest one makes room that waits for its client (a head, a body, the next request), never one that is being
 * answered, and one over which somebody asked who is known (cw_web_exchange_known) only where there is no other. What a client does not take within 30 seconds ends its connection.
 */
#ifndef CW_ADMIN_WEB_WEB_SERVER_H
#define CW_ADMIN_WEB_WEB_SERVER_H

#include "admin/web/web_exchange.h"

#include "base/error.h"

#include <event2/event.h>

#define CW_WEB_SERVER_CONNECTIONS 1024
#define CW_WEB_SERVER_PER_ADDRESS 64

struct cw_web_server;

struct cw_web_server_setup {
	struct event_base *base;
	const struct cw_web_site *site;		 /* borrowed until the server is freed */
	size_t connections_max, per_address_max; /* 0: the numbers above */
};

CW_MUST_USE bool cw_web_server_new(
	const struct cw_web_server_setup *setup, struct cw_web_server **ret, struct cw_error *error);
/** Drops every connection; exchanges that are not over hear of it (`over`). */
void cw_web_server_free(struct cw_web_server *server);
CW_DEFINE_AUTO(struct cw_web_server *, cw_web_server_free)

/**
 * Takes over a connected socket (also where it fails). `address`: from where it comes, for limits and logs; `note`: what
 * cw_web_exchange_note says; NULL: none.
 */
CW_MUST_USE bool cw_web_server_take(struct cw_web_server *server, evutil_socket_t socket, const char *address,
	const char *note, struct cw_error *error);

size_t cw_web_server_count(const struct cw_web_server *server);

#endif
