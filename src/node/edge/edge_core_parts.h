/**
 * What the core's half is made of: for edge_core*.c alone.
 */
#ifndef CW_NODE_EDGE_EDGE_CORE_PARTS_H
#define CW_NODE_EDGE_EDGE_CORE_PARTS_H

#include "node/edge/edge_core.h"
#include "node/edge/edge_rate.h"
#include "node/edge/edge_share.h"
#include "node/node_find.h"
#include "traversal/tunnel_dial.h"

/* A stream that a worker of Expressway-E waits for. */
struct cw_edge_core_opening {
	struct cw_edge_core *edge;
	unsigned worker, id;
	struct cw_tunnel_dial *dial; /* NULL: its turn has not come */
	struct cw_edge_core_opening *next, **place;
};

/* A connection that a worker of Expressway-C waits for. */
struct cw_edge_core_dialling {
	struct cw_edge_core *edge;
	const char *lane; /* whose */
	unsigned worker, id;
	unsigned port;
	struct cw_node_find find;
	int socket; /* -1: its address is not known yet */
	struct event *ready, *timer;
	struct cw_edge_core_dialling *next, **place;
};

struct cw_edge_core {
	struct cw_node_core *core;
	struct cw_edge_key_signer signer; /* Expressway-C */
	struct cw_edge_share share;
	char allow[CW_EDGE_TOLD_HASH_SIZE];
	struct cw_traffic_sessions sessions; /* Expressway-C */
	struct cw_edge_rate *rate;	     /* Expressway-E: of all workers together */
	unsigned next_worker;		     /* that the next stream goes to */
	struct cw_edge_core_opening *openings;
	size_t opening, waiting;
	struct cw_edge_core_dialling *diallings;
	size_t dialling;
};

/* One word to a worker's lane. */
struct cw_edge_core_word {
	unsigned worker;
	const char *lane, *word;
	unsigned id;
	const char *why;  /* or NULL */
	unsigned wait;	  /* seconds; 0: not said */
	const char *edge; /* or NULL */
	int file;	  /* goes with it, and is closed; -1: none */
};
void cw_edge_core_say(struct cw_node_core *core, const struct cw_edge_core_word *word);

/** Drops those of that worker; CW_NODE_WORKERS_ALL: all. */
void cw_edge_core_drop_openings(struct cw_edge_core *edge, unsigned worker);
void cw_edge_core_drop_diallings(struct cw_edge_core *edge, unsigned worker);

#endif
