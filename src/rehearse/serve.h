/**
 * A rehearsal that stays up: traversal zones keep themselves alive, and whoever comes is judged and told of.
 *
 * For trying the rehearsal with other tools. Ends on SIGINT, SIGTERM or SIGHUP.
 */
#ifndef CW_REHEARSE_SERVE_H
#define CW_REHEARSE_SERVE_H

#include "rehearse/rehearsal.h"
#include "traversal/zone.h"

#include <netinet/in.h>

/* Against a tool gone wild. */
#define CW_SERVE_CLIENTS_MAX 64

struct cw_serve_options {
	/* once, when signals are looked after: the place to write files that must go away again */
	bool (*ready)(void *context, struct cw_error *error);
	/* something happened: one line for people */
	void (*told)(void *context, const char *line);
	void *context;
	const struct cw_zone_times *times; /* NULL: the default */
};

/** After cw_rehearsal_run. Returns when a signal came, or where `ready` or memory failed. */
CW_MUST_USE bool cw_serve_rehearsal(
	struct cw_rehearsal *rehearsal, const struct cw_serve_options *options, struct cw_error *error);

/** Where the link's server listens; NULL: nowhere (tunnels). */
const struct sockaddr_in *cw_serve_address(const struct cw_rehearsal *rehearsal, const struct cw_link *link);

/**
 * Where the link's client connects from (port 0). A outside that comes from there is judged as this client on
 * its link; one from elsewhere as the first client that the server has. False: it has no address.
 */
bool cw_serve_client_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link, struct sockaddr_in *ret);

#endif
