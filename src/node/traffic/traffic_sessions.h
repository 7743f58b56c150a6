/**
 * Who is signed in at an Expressway-C: "provisioning sessions", as its status page calls them.
 *
 * One session is a user with a client at an address through one Expressway-E; who signs in again goes on with it. It is
 * over when its cookie is: nobody signs out of an edge. Keeps no password and no cookie, and decides nothing: whether a
 * session is good is a matter of its cookie alone (edge_cookie.h). Forgotten at a restart, while cookies go on.
 */
#ifndef CW_NODE_TRAFFIC_TRAFFIC_SESSIONS_H
#define CW_NODE_TRAFFIC_TRAFFIC_SESSIONS_H

#include "base/memory.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>

/* Against clients who sign in without end; the vendor's largest box has 7,000. One more, and the oldest is not shown. */
#define CW_TRAFFIC_SESSIONS_MAX 10000

struct cw_traffic_sessions_row {
	char user[256];
	char client[16]; /* "jabber" */
	char agent[128]; /* its User-Agent */
	char address[64];
	char edge[256]; /* as this node calls it: the address of the zone's peer */
	cw_time since, until;
};

struct cw_traffic_sessions_place;

/* Zeros are an empty one. */
struct cw_traffic_sessions {
	struct cw_traffic_sessions_place *places;
	size_t count, capacity;
};
void cw_traffic_sessions_finish(struct cw_traffic_sessions *sessions);

/** Somebody signed in. False: no memory. */
CW_MUST_USE bool cw_traffic_sessions_take(
	struct cw_traffic_sessions *sessions, const struct cw_traffic_sessions_row *row, cw_time now);

/** How many there are; those that are over are forgotten. */
size_t cw_traffic_sessions_count(struct cw_traffic_sessions *sessions, cw_time now);

/**
 * At most `most` of them into `ret`, the newest first; how many. They are the table's own, until the next call with it.
 */
size_t cw_traffic_sessions_list(struct cw_traffic_sessions *sessions, cw_time now,
	const struct cw_traffic_sessions_row **ret, size_t most);

#endif
