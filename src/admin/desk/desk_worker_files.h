/**
 * The files of a session, by paths below its folder. Private to the session's process.
 *
 * A path is names with "/" between them: no name is empty, "." or "..", none begins with a dot.
 */
#ifndef CW_ADMIN_DESK_DESK_WORKER_FILES_H
#define CW_ADMIN_DESK_DESK_WORKER_FILES_H

#include "base/buffer.h"

/* Against folders in one another, and files, without end. */
#define CW_DESK_WORKER_FILES_DEPTH 16
#define CW_DESK_WORKER_FILES_MAX 20000

/** Writes a file (0600) with the folders above it. CW_E_USAGE for a path that is none, CW_E_IO. */
CW_MUST_USE bool cw_desk_worker_files_put(
	const char *path, const struct cw_buffer *data, struct cw_error *error);

CW_MUST_USE bool cw_desk_worker_files_get(const char *path, struct cw_buffer *ret, struct cw_error *error);

/** The files below a folder, by their paths in it, sorted, a line each; nothing where it is not there. */
CW_MUST_USE bool cw_desk_worker_files_list(const char *path, struct cw_buffer *ret, struct cw_error *error);

/** The same files as a .tar.gz, below the folder's own name: commands that name it work where it is unpacked. */
CW_MUST_USE bool cw_desk_worker_files_pack(const char *path, struct cw_buffer *ret, struct cw_error *error);

/** Removes a file, or a folder with what is in it; nothing where it is not there. */
CW_MUST_USE bool cw_desk_worker_files_remove(const char *path, struct cw_error *error);

#endif
