/**
 * history.db: what happened to a node, kept in SQLite.
 *
 * Events have a kind (start, stop, state, alarm-raised, alarm-lowered, change, change-refused, refused, log-in,
 * log-in-refused, log-out), what they are about, who did it, what was before and after (of log-ins: from where). No
 * passwords and no keys are ever among them. An event that is written twice (its writer died between writing and saying
 * so) is there once. Alarms that were raised and not lowered are kept over a restart of the node. Waits for the disk: for the writer process and for verbs, never for an event loop.
 */
#ifndef CW_NODE_HISTORY_HISTORY_STORE_H
#define CW_NODE_HISTORY_HISTORY_STORE_H

#include "base/buffer.h"
#include "base/time.h"

#include <jansson.h>

#define CW_HISTORY_STORE_VERSION 1

struct cw_history_store;

/* Texts are borrowed; NULL: none. */
struct cw_history_event {
	const char *boot; /* of the run of the node; with the number it tells events apart */
	uint64_t number;
	cw_time at;
	const char *kind, *about, *who, *before, *after, *text;
};

/** Opens the database, makes or migrates it. CW_E_IO; CW_E_FORMAT: one of a newer version. */
CW_MUST_USE bool cw_history_store_open(
	const char *path, struct cw_history_store **ret, struct cw_error *error);
void cw_history_store_close(struct cw_history_store *store);
CW_DEFINE_AUTO(struct cw_history_store *, cw_history_store_close)

/** Between begin and commit; what is committed is on the disk. */
CW_MUST_USE bool cw_history_store_begin(struct cw_history_store *store, struct cw_error *error);
CW_MUST_USE bool cw_history_store_add(
	struct cw_history_store *store, const struct cw_history_event *event, struct cw_error *error);
CW_MUST_USE bool cw_history_store_commit(struct cw_history_store *store, struct cw_error *error);

/** Older events than `before` go, and the oldest of them where the file is over `bytes`. */
CW_MUST_USE bool cw_history_store_trim(
	struct cw_history_store *store, cw_time before, uint64_t bytes, struct cw_error *error);

/** Appends {"key","number","severity","text","raised"} for each alarm that was raised and not lowered. */
CW_MUST_USE bool cw_history_store_alarms(struct cw_history_store *store, json_t *ret, struct cw_error *error);

/**
 * Appends the newest events, at most `most`, from the time `since` on, oldest first:
 * {"at","kind","about","who","before","after","text"}.
 */
CW_MUST_USE bool cw_history_store_read(
	struct cw_history_store *store, cw_time since, unsigned most, json_t *ret, struct cw_error *error);

#endif
