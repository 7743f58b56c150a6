/**
 * Whole files: bounded reading, and writing that leaves either the old file or the new one.
 */
#ifndef CW_BASE_FILE_H
#define CW_BASE_FILE_H

#include "base/buffer.h"

#include <sys/types.h>

/**
 * Reads a regular file of at most `limit` bytes ("-": standard input). Errors name the path: CW_E_IO, and
 * CW_E_LIMIT for a longer one (against an endless or huge file).
 */
CW_MUST_USE bool cw_file_read(const char *path, size_t limit, struct cw_buffer *ret, struct cw_error *error);

/**
 * Writes a file in one step (base/draft.h): killed at any moment, the old file or the new one stands there,
 * never half of one.
 */
CW_MUST_USE bool cw_file_write(
	const char *path, const void *data, size_t length, mode_t mode, struct cw_error *error);

/**
 * Writes a file that is not there yet, without waiting for the disk: for what can be made again as a whole. A
 * file of that name is CW_E_IO; after a failure a part of the new one may stand there.
 */
CW_MUST_USE bool cw_file_create(
	const char *path, const void *data, size_t length, mode_t mode, struct cw_error *error);

/** Makes a folder and its missing parents (0755). It may exist. */
CW_MUST_USE bool cw_file_make_folder(const char *path, struct cw_error *error);

/** `path` seen from `folder`: itself where it is absolute or
 * `folder` is empty. The caller frees it; NULL: no memory. */
CW_MUST_USE char *cw_file_path(const char *folder, const char *path);

/** The folder part of `path` with no slash at the end: "" where
 * it has none, "/" for "/x". NULL: no memory. */
CW_MUST_USE char *cw_file_folder(const char *path);

/** Something is there that is no regular file (/dev/stdout, a
 * FIFO): one writes to it, and never renames over it. */
bool cw_file_is_special(const char *path);

#endif
