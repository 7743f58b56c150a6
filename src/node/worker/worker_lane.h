/**
 * Lanes: what edge workers serve, a row each. A lane has one half in each worker, which reads peers' bytes, and one in the
 * core, which has what the worker must not have.
 *
 * A new lane is a row in worker_lane.c, and a file with its functions. The core binds its port (struct cw_node_file_listen)
 * and hands the listening socket to every worker; a lane without a port is handed what it needs by frames. Functions run
 * in the event loop and never block.
 *
 *     core    binds the port ─ snapshot ─► worker: begin … reload … judge … status … end
 *             cw_node_workers_send ──────► frame
 *             heard ◄───────────────────── cw_worker_send
 *             lost: the worker is gone; another one will come, with everything anew
 */
#ifndef CW_NODE_WORKER_WORKER_LANE_H
#define CW_NODE_WORKER_WORKER_LANE_H

#include "node/worker/worker.h"

struct cw_node_core;

#define CW_WORKER_LANE_NO_PORT SIZE_MAX
#define CW_WORKER_LANES_MAX 16

struct cw_worker_lane {
	const char *name; /* in frames, status and log */
	enum cw_node_kind role;
	size_t listen; /* offset in struct cw_node_file_listen, or CW_WORKER_LANE_NO_PORT */
	bool (*wanted)(const struct cw_snapshot *snapshot);

	/* --- in the worker --- */

	/** `socket` listens, and does not block; it is closed after the lane's end (-1: no port). */
	bool (*begin)(struct cw_worker *worker, int socket, void **ret, struct cw_error *error);
	void (*end)(void *lane);
	/** The snapshot is another one, or what is shared (then `before` is NULL): borrows anew, judges everybody again. */
	bool (*reload)(void *lane, const struct cw_snapshot *before, struct cw_error *error);
	/** Everybody is judged again, by the time of now. */
	void (*judge)(void *lane);
	/** From the core's half. `files` are closed afterwards, but for those that are -1 by then. NULL: none comes. */
	void (*frame)(void *lane, const json_t *with, int *files, size_t file_count);
	/**
	 * Puts "clients", "refused" (counts since its beginning) and "reason" (of the last refusal); what else is to be counted
	 * since the node's beginning, whichever worker ends meanwhile, in "counts": an object of numbers.
	 */
	void (*status)(const void *lane, json_t *ret);

	/* --- in the core; NULL: nothing to do --- */

	/** From the half in that worker: hostile bytes may stand behind it. */
	void (*heard)(struct cw_node_core *core, unsigned worker, const json_t *with, int *files,
		size_t file_count);
	void (*lost)(struct cw_node_core *core, unsigned worker);
};

/** All of them; `ret_count` of them. */
const struct cw_worker_lane *const *cw_worker_lanes(size_t *ret_count);

/** The place in the table of the lane of that name and role; the count: there is none. */
size_t cw_worker_lane_find(enum cw_node_kind role, const char *name);

#endif
