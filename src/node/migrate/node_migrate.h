/**
 * A state folder of an older version becomes one of this version: as a whole, or not at all.
 *
 * A copy is made beside it (FOLDER.migrating), changed step by step, brought to the disk, and exchanged with the folder in
 * one step of the file system. Killed at any moment, the folder is the old one or the new one. The former is kept as
 * FOLDER.version-N: it holds keys and passwords as the new one does, and is for a person to remove.
 *
 *     1 → 2   the history lies in history/, which its writer alone can open; keys and secrets are their owner's alone
 */
#ifndef CW_NODE_MIGRATE_NODE_MIGRATE_H
#define CW_NODE_MIGRATE_NODE_MIGRATE_H

#include "base/error.h"

#include <stddef.h>

/* Against folders that lead in a circle, or hold what is none of a node. */
#define CW_NODE_MIGRATE_DEPTH_MAX 8
#define CW_NODE_MIGRATE_FILES_MAX 100000

/**
 * `path` (absolute) is of version `from`, and its lock is held. `ret_lock`: the lock of the new folder, held, for close.
 * `ret_former`: where the former is, for free. CW_E_IO says what could not be done: then the folder is as it was.
 */
CW_MUST_USE bool cw_node_migrate(
	const char *path, long from, int *ret_lock, char **ret_former, struct cw_error *error);

/** What a migration left that was killed after its exchange: the former folder gets its name. NULL: nothing. */
char *cw_node_migrate_finish(const char *path);

#endif
