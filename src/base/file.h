/**
 * Whole files: bounded reading, and writing that leaves either the old file or the new one.
 */
#ifndef CW_BASE_FILE_H
#define CW_BASE_FILE_H

#include "base/buffer.h"

#include <sys/types.h>

/**
 * Reads a regular file of at most `limit` bytes ("-": standard input). Errors name the path: CW_E_IO, and
 * CW_E_LIMIT for a longer one (against an endless or huge file). Pipes, devices and sockets are no files. Nobody
 * here knows whether it is a key: what is handed out is `secret`.
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

/**
 * Overwrites a file with zeros, then removes it: a file system that keeps old blocks keeps zeros. One that is not
 * there is destroyed. CW_E_IO where any step fails, and for a link, behind which the content would live on.
 */
CW_MUST_USE bool cw_file_destroy(const char *path, struct cw_error *error);

/** Overwrites an open file with zeros and waits for the disk. False: errno says why not all of it. */
CW_MUST_USE bool cw_file_overwrite(int fd);

/** Removes a file; it need not be there. CW_E_IO where it stays. */
CW_MUST_USE bool cw_file_remove(const char *path, struct cw_error *error);

/** Removes a folder of one's own with all that is in it, as far as that can be done; links are not followed. */
void cw_file_remove_folder(const char *path);

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
