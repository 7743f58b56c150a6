/**
 * The core's side of the edge workers: starts them, gives them the snapshot and their ports, hears them, and starts
 * another one where one dies.
 *
 * A worker that ends, does not answer, or sends what is no frame is replaced, at once the first time, then after 1, 2, 4 … 30
 * seconds; an alarm says so where it happens again and again, and where no worker serves. Listening sockets are the core's:
 * who connects meanwhile waits in the system's queue. What a worker says is bounded and shown; nothing is decided by it.
 *
 * An Expressway has `workers:` of them where one of its lanes (worker_lane.h) is wanted, and none else.
 */
#ifndef CW_NODE_WORKER_NODE_WORKERS_H
#define CW_NODE_WORKER_NODE_WORKERS_H

#include "node/node_core.h"

#define CW_NODE_WORKERS_ALL UINT_MAX

/** Binds the ports of this role's lanes, and starts the workers. CW_E_NETWORK where a port is taken. */
CW_MUST_USE bool cw_node_workers_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_workers_end(struct cw_node_core *core);

/** The snapshot is another one: it is sent to all of them, who judge everybody again, and say when they have. */
void cw_node_workers_reload(struct cw_node_core *core);
/** Who is there is judged again, by the time of now. Once in a while: a worker that does not answer is replaced. */
void cw_node_workers_judge(struct cw_node_core *core);

/** Raises what the workers told, and what is to be told of them. */
void cw_node_workers_look(struct cw_node_core *core);
/** Appends a row for each lane to `services`, and one for each worker to `workers`. */
bool cw_node_workers_status(const struct cw_node_core *core, json_t *services, json_t *workers);
/**
 * Calls `each` with what each worker's lane of that name told as its status, and with one row {"counts"} of workers that have
 * ended. Rows are bounded by nobody.
 */
void cw_node_workers_told(const struct cw_node_core *core, const char *lane,
	void (*each)(void *context, const json_t *row), void *context);
/** Calls the owner for each peer with a certificate that is in (node_effect.h). */
void cw_node_workers_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner);

/**
 * To a lane's half in one worker, or in all of them; what is sent before a worker is up is lost (a lane shares what each
 * must know). Borrows `with`; copies are made of the files.
 */
void cw_node_workers_send(struct cw_node_core *core, unsigned worker, const char *lane, json_t *with,
	const int *files, size_t file_count);

/** The number of a worker that serves, from the `turn`th on: for what any of them can take. CW_NODE_WORKERS_ALL: none. */
unsigned cw_node_workers_serving(const struct cw_node_core *core, unsigned turn);

/** That worker serves the lane of that name: what is sent to it is not lost, unless it ends. */
bool cw_node_workers_serves(const struct cw_node_core *core, unsigned worker, const char *lane);

/** What every worker is to know, also one that starts later; the lanes' `reload` is called. Takes `value`. */
void cw_node_workers_share(struct cw_node_core *core, const char *key, json_t *value);

#endif
