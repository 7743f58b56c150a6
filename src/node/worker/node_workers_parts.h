/**
 * What the core's side of the workers is made of: for node_workers*.c alone.
 */
#ifndef CW_NODE_WORKER_NODE_WORKERS_PARTS_H
#define CW_NODE_WORKER_NODE_WORKERS_PARTS_H

#include "base/child.h"
#include "node/worker/node_workers.h"
#include "node/worker/worker_lane.h"

/* Against a worker that tells ever more. */
#define CW_NODE_WORKERS_LIVE_MAX 8000
#define CW_NODE_WORKERS_CHAIN_MAX 16
/* Lines a second; what is more is counted. */
#define CW_NODE_WORKERS_LINES_MAX 200

/* A peer with a certificate. */
struct cw_node_worker_live {
	unsigned id;
	enum cw_link_kind kind;
	json_t *chain; /* of hexadecimal texts, as it was told */
};

struct cw_node_worker {
	struct cw_node_workers *workers;
	unsigned number;
	struct cw_child child;
	struct cw_worker_channel *channel; /* NULL: there is none */
	struct event *ended, *again;
	bool ready;
	bool sent[CW_WORKER_LANES_MAX];	  /* the lane was given to it */
	bool opened[CW_WORKER_LANES_MAX]; /* and it has said that it serves it */
	unsigned taken;			  /* number of the snapshot that it has said to have */
	cw_time began, asked;		  /* `asked`: a status that has not come yet; 0: none */
	unsigned wait;			  /* seconds before the next one is started */
	unsigned ends;			  /* how many have ended since one stayed */
	unsigned total;
	json_t *told; /* its lanes' status */
	struct cw_node_worker_live *live;
	size_t live_count, live_capacity;
	cw_time second;
	unsigned lines, not_shown;
	char trouble[300]; /* what it could not do; "" */
};

struct cw_node_workers {
	struct cw_node_core *core;
	struct cw_node_worker *items;
	size_t count;
	int sockets[CW_WORKER_LANES_MAX]; /* -1: not wanted */
	bool wanted[CW_WORKER_LANES_MAX];
	char trouble[CW_WORKER_LANES_MAX][300];				   /* why there is no socket; "" */
	size_t clients[CW_WORKER_LANES_MAX], refused[CW_WORKER_LANES_MAX]; /* of workers that have ended */
	json_t *ended[CW_WORKER_LANES_MAX]; /* {"counts"} of them; NULL: none has told any */
	json_t *shared;
};

/* --- node_workers_process.c --- */

/** Starts its process and says hello; where that fails, again later. */
void cw_node_workers_start(struct cw_node_worker *worker);
/** Without another one after it. */
void cw_node_workers_stop(struct cw_node_worker *worker);
/** It is of no use: another one takes its place. `why` is a sentence. */
void cw_node_workers_replace(struct cw_node_worker *worker, const char *why);
/** Sends the snapshot of now to it, and opens and closes its lanes. */
void cw_node_workers_bring(struct cw_node_worker *worker, const json_t *frame, int file);

/* --- node_workers_hear.c --- */

/** `said` of its channel; the context is the worker. */
void cw_node_workers_hear(void *context, const json_t *frame, int *files, size_t count);
/** What it told is forgotten; its counts are kept. */
void cw_node_workers_forget(struct cw_node_worker *worker);

#endif
