/**
 * Where logs come from: files, folders, standard input; as they are, packed (gzip, bzip2, xz, zstd), or in
 * archives (tar, zip), packed logs in archives too. What a file is, its bytes tell, not its name. Of packet
 * captures the refusals count. Nothing is ever written, so no name in an archive is a path.
 */
#ifndef CW_OBSERVE_LOG_LOG_SOURCE_H
#define CW_OBSERVE_LOG_LOG_SOURCE_H

#include "observe/log/log_scan.h"

/* A box's archive has some tens of files. */
#define CW_LOG_ENTRIES_MAX 100000
/* Against archives that unpack to far more than they are: logs pack 10 to 40 times, and a few MB more. */
#define CW_LOG_RATIO_MAX 400
#define CW_LOG_UNPACKED_FREE ((uint64_t)256 * 1024 * 1024)
#define CW_LOG_UNPACKED_MAX ((uint64_t)64 * 1024 * 1024 * 1024)
/* An archive in an archive in an archive is nobody's log. */
#define CW_LOG_NESTING_MAX 3
#define CW_LOG_FOLDER_DEPTH_MAX 8

/**
 * Reads all of `path` ("-": standard input; a folder: the files in it and below, by name) into `scan`.
 * CW_E_IO: the path cannot be read. What of an archive cannot be read (cut, damaged, encrypted, over a limit)
 * is told in `troubles`, a sentence each, and the rest is read all the same.
 */
CW_MUST_USE bool cw_log_source_read(
	struct cw_log_scan *scan, const char *path, struct cw_strings *troubles, struct cw_error *error);

/** The same for bytes in memory, for tests and for members of other readers' archives. */
CW_MUST_USE bool cw_log_source_bytes(struct cw_log_scan *scan, const char *name, const void *data,
	size_t length, struct cw_strings *troubles, struct cw_error *error);

#endif
