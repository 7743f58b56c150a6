/**
 * A snapshot on its way from the core to an edge worker: node.yaml without any password, and the files that it names, in
 * memory.
 *
 * The worker reads them by the same loader as the core has read the folder, so that both ask the same questions. What the
 * core holds is what is written, not what is on the disk by then: certificates and lists from their own bytes, the private
 * keys of this node opened (a key's password is one more that the worker does not have). Passwords of zones are a dash;
 * endpoints, which no running node asks about, are left out.
 *
 * The bytes travel in a memory file that has no name: nothing is on a disk, and the worker needs no folder.
 */
#ifndef CW_NODE_WORKER_WORKER_SNAPSHOT_H
#define CW_NODE_WORKER_WORKER_SNAPSHOT_H

#include "node/snapshot.h"

#include <jansson.h>

/**
 * The frame that tells of it: {"do":"snapshot","number":N,"length":…,"yaml":LENGTH,"files":[{"path","from"}]}, for
 * json_decref, and the open memory file, for close. CW_E_MEMORY, CW_E_IO, CW_E_CRYPTO.
 */
CW_MUST_USE bool cw_worker_snapshot_write(
	const struct cw_snapshot *snapshot, json_t **ret_frame, int *ret_file, struct cw_error *error);

/** The snapshot that such a frame and file are. False: `problems` say why not. */
CW_MUST_USE bool cw_worker_snapshot_read(
	const json_t *frame, int file, cw_time now, struct cw_snapshot **ret, struct cw_strings *problems);

#endif
