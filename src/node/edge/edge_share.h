/**
 * What a node's core shares with its edge workers about the HTTP lane: whose session cookies count, the domains that people
 * sign in with, and, on Expressway-C, the keys that cookies are signed with.
 *
 *     {"signer":"…","sources":[{"node":"c1.acme.test","domains":["acme.test"],"cookies":[{"key":"…","until":1794960000}]}]}
 *
 * Written by the core and read by a worker of the same program: bounds are those of edge_told.h.
 */
#ifndef CW_NODE_EDGE_EDGE_SHARE_H
#define CW_NODE_EDGE_EDGE_SHARE_H

#include "node/edge/edge_told.h"

/* Against an Expressway-C that comes under ever another name. */
#define CW_EDGE_SHARE_SOURCES_MAX 64

/* Who told what, last. */
struct cw_edge_share_source {
	char node[64];
	struct cw_edge_told told;
};

struct cw_edge_share {
	struct cw_edge_share_source sources[CW_EDGE_SHARE_SOURCES_MAX];
	size_t count;
};

void cw_edge_share_finish(struct cw_edge_share *share);

/** Takes what `node` told, which is empty afterwards. Returns whether it is another thing than before. */
bool cw_edge_share_take(struct cw_edge_share *share, const char *node, struct cw_edge_told *told);

/** For json_decref; NULL: no memory. `signer` is secret text, or NULL. */
json_t *cw_edge_share_write(const struct cw_edge_share *share, const char *signer);

/** Reads it into a ring, and the domains of all (NULL: they are not wanted). False: no memory. */
CW_MUST_USE bool cw_edge_share_read(
	const json_t *shared, cw_time now, struct cw_edge_key_ring *ring, struct cw_strings *domains);

#endif
