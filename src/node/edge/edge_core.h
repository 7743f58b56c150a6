/**
 * The core's half of the edge's HTTP lane: what workers must not have, or cannot do.
 *
 * It keeps the keys of session cookies (a file of secrets/, 0600, so that a node that starts again knows its sessions),
 * tells and hears whose keys and domains count (edge_told.h), opens streams of tunnels for Expressway-E's workers, hands
 * those that come out to Expressway-C's, and dials servers for them: by name, from the address of `listen: from:`, and
 * only hosts and ports that the allow list knows.
 */
#ifndef CW_NODE_EDGE_EDGE_CORE_H
#define CW_NODE_EDGE_EDGE_CORE_H

#include "node/node_core.h"
#include "node/traffic/traffic_sessions.h"

struct cw_edge_core;

/* The key under which it is shared with workers. */
#define CW_EDGE_CORE_SHARED "edge"
/* In secrets/. */
#define CW_EDGE_CORE_FILE "session-keys"
/* Against a worker that asks without end. */
#define CW_EDGE_CORE_WAITING_MAX 4000
/* Expressway-C turns away more than 64 that open at once (tunnel_relay.h); two Expressway-E share that. */
#define CW_EDGE_CORE_OPENING_MAX 24

/** After the workers have begun. CW_E_MEMORY; a file of keys that cannot be read or written is told, and new ones are made. */
CW_MUST_USE bool cw_edge_core_begin(struct cw_node_core *core, struct cw_error *error);
/** Before the workers end. */
void cw_edge_core_end(struct cw_node_core *core);

/** Names that are asked for are not any more: who waits for them is told that it failed. */
void cw_edge_core_cancel(struct cw_node_core *core);
/** Time went by: the next key. */
void cw_edge_core_turn(struct cw_node_core *core);

/** Expressway-C: "edge" of its documents, for json_decref; NULL: none. */
json_t *cw_edge_core_told(const struct cw_node_core *core);
/** `node` told this document: Expressway-C over the zone, or a peer of the cluster. */
void cw_edge_core_hear(struct cw_node_core *core, const char *node, const char *data, size_t length);

/** Expressway-C: a stream came out of the tunnel to the peer of that address; the socket is the lane's. */
void cw_edge_core_stream(struct cw_node_core *core, const char *edge, evutil_socket_t socket);

/** Expressway-C: who is signed in. Only of a node that has begun (core->edge). */
struct cw_traffic_sessions *cw_edge_core_sessions(const struct cw_node_core *core);

/* A connection that a worker's lane of Expressway-C wants. */
struct cw_edge_core_want {
	unsigned worker;
	const char *lane; /* fixed text */
	unsigned id;
	const char *host;
	unsigned port;
};
/** Dials; the lane is told {"connected": id} with the socket, or {"failed": id, "why"}. Who asks has checked host and port. */
void cw_edge_core_dial(struct cw_node_core *core, const struct cw_edge_core_want *want);
/** It may not be dialled. */
void cw_edge_core_dial_refused(
	struct cw_node_core *core, const struct cw_edge_core_want *want, const char *why);

/* --- from workers --- */

void cw_edge_core_outer_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count);
void cw_edge_core_outer_lost(struct cw_node_core *core, unsigned worker);
void cw_edge_core_inner_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count);
void cw_edge_core_inner_lost(struct cw_node_core *core, unsigned worker);

#endif
