/**
 * An edge worker as its lanes see it: what a process holds that stands between peers' bytes and the core.
 *
 * It holds the snapshot (worker_snapshot.h): this node's certificates and their keys, lists, revocation lists and the words
 * of node.yaml, and no password. It opens no file, starts no program, binds no address: what it has was handed to it.
 * What it has to say goes to the core: lines of the log, refused peers, and whatever its lanes tell their other halves.
 * The core believes none of it: it bounds and shows it.
 *
 * For lanes (worker_lane.h) and for worker_run.c.
 */
#ifndef CW_NODE_WORKER_WORKER_H
#define CW_NODE_WORKER_WORKER_H

#include "net/recent_certs.h"
#include "node/history/node_history.h"
#include "node/snapshot.h"
#include "node/worker/worker_channel.h"

/* Of a line; what is longer is cut. */
#define CW_WORKER_TEXT_MAX 4000

struct cw_worker {
	struct event_base *base;
	unsigned number;	      /* which of its node's workers, from 0: sip_flow's `worker` */
	struct cw_snapshot *snapshot; /* never NULL in a lane; lanes borrow it until their `reload` */
	struct cw_cache *cache;
	struct cw_recent_certs *recent;
	FILE *keylog; /* labs only; or NULL */
	struct cw_worker_channel *channel;
	json_t *shared; /* what the core shares with all workers, by key */
};

/** A line for the node's log. */
void cw_worker_say(struct cw_worker *worker, const char *format, ...) CW_PRINTF(2, 3);

/** Somebody was refused in a handshake: the history counts those that are refused so again and again. */
void cw_worker_refused(
	struct cw_worker *worker, const char *what, const char *who, const char *code, const char *detail);

/** Tells the other half of this lane, in the core, something. Borrows the frame; copies are made of the files. */
void cw_worker_send(
	struct cw_worker *worker, const char *lane, json_t *with, const int *files, size_t file_count);

/** What the core shares under this key (cw_node_workers_share); NULL: nothing. */
const json_t *cw_worker_shared(const struct cw_worker *worker, const char *key);

/**
 * A peer with a certificate is in, so that the core knows whom a change would end (node_effect.h): `id` is this lane's
 * own. `count` 0: it has gone.
 */
void cw_worker_live(struct cw_worker *worker, enum cw_link_kind kind, unsigned id,
	struct cw_cert *const *chain, size_t count);

/** Asks what a link of that kind asks about the chain that a client showed, by the snapshot of now. No such link: passes. */
CW_MUST_USE bool cw_worker_ask(const struct cw_worker *worker, enum cw_link_kind kind,
	struct cw_cert *const *chain, size_t count, struct cw_snapshot_answer *ret, struct cw_error *error);

#endif
