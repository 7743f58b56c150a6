/**
 * A rehearsal that stays up: traversal zones keep themselves alive, and whoever comes is judged and told of.
 *
 * For poking at the twin with other tools. Ends on SIGINT, SIGTERM or SIGHUP.
 */
#ifndef CW_LIVE_HOLD_H
#define CW_LIVE_HOLD_H

#include "live/rehearsal.h"
#include "live/zone.h"

#include <netinet/in.h>

/* Against a tool gone wild. */
#define CW_HOLD_GUESTS_MAX 64

struct cw_hold_options {
	/* once, when signals are looked after: the place to write files that must go away again */
	bool (*ready)(void *context, struct cw_error *error);
	/* something happened: one line for people */
	void (*told)(void *context, const char *line);
	void *context;
	const struct cw_zone_times *times; /* NULL: the default */
};

/** After cw_rehearsal_run. Returns when a signal came, or where `ready` or memory failed. */
CW_MUST_USE bool cw_rehearsal_hold(
	struct cw_rehearsal *rehearsal, const struct cw_hold_options *options, struct cw_error *error);

/** Where the link's server listens; NULL: nowhere (tunnels). */
const struct sockaddr_in *cw_rehearsal_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link);

/**
 * Where the link's client connects from (port 0). A guest that comes from there is judged as this client on
 * its link; one from elsewhere as the first client that the server has. False: it has no address.
 */
bool cw_rehearsal_client_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link, struct sockaddr_in *ret);

#endif
