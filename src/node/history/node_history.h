/**
 * What happens to a node goes into its history by way of a writer process: the event loop never waits for the disk.
 *
 * The writer is this program anew (node_process.h: no key is in its memory, whenever it is started), opens nothing but
 * DIR/history (Landlock, seccomp), and lives until its end of the socket is closed: what was handed to it before the node was killed is written all the same. What it has
 * not said to be on the disk is kept here, and handed to the next writer where this one dies. Where nothing can be
 * written, there is an alarm and the node goes on; of what is kept for the writer there is a bound, and what is lost
 * beyond it is counted.
 */
#ifndef CW_NODE_HISTORY_NODE_HISTORY_H
#define CW_NODE_HISTORY_NODE_HISTORY_H

#include "node/history/history_store.h"

#include <event2/event.h>

struct cw_node_history;

/* Against a disk that takes nothing, and a flood of strangers. */
#define CW_NODE_HISTORY_WAITING_MAX 10000
#define CW_NODE_HISTORY_TEXT_MAX 2000

/** Texts are copied, and cut at CW_NODE_HISTORY_TEXT_MAX; NULL: none. */
struct cw_node_history_event {
	const char *kind, *about, *who, *before, *after, *text;
};

/**
 * Opens FOLDER/history and starts the writer. Fails where the history is of a newer version or there is no memory; where
 * it cannot be written, `cw_node_history_trouble` says why. `ret_alarms`: those that are still raised, for
 * json_decref.
 */
CW_MUST_USE bool cw_node_history_open(
	const char *folder, struct cw_node_history **ret, json_t **ret_alarms, struct cw_error *error);
/** From now on it is a matter of the loop. `changed`: the trouble is another one. */
CW_MUST_USE bool cw_node_history_begin(struct cw_node_history *history, struct event_base *base,
	void (*changed)(void *context), void *context, struct cw_error *error);
/** Waits a moment for what the writer has. */
void cw_node_history_close(struct cw_node_history *history);
CW_DEFINE_AUTO(struct cw_node_history *, cw_node_history_close)

/** The bounds: from the next event on. */
void cw_node_history_bounds(struct cw_node_history *history, unsigned days, unsigned megabytes);

void cw_node_history_tell(struct cw_node_history *history, const struct cw_node_history_event *event);

/** Why nothing can be written; NULL: it can. */
const char *cw_node_history_trouble(const struct cw_node_history *history);
/** How many events wait for the disk, and how many were lost. */
size_t cw_node_history_waiting(const struct cw_node_history *history, size_t *ret_lost);
/** The process that writes; 0: none. */
pid_t cw_node_history_process(const struct cw_node_history *history);

/** The state of something that has a state, as told: an event where it is another than before. */
void cw_node_history_state(
	struct cw_node_history *history, const char *about, const char *state, const char *text);

/** Somebody was refused in a handshake: an event, but for one that is refused so again and again. `code` may be "". */
void cw_node_history_refused(struct cw_node_history *history, const char *what, const char *who,
	const char *code, const char *detail);

#endif
