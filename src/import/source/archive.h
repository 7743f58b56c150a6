/**
 * Archives, file by file, from memory or a path: tar (plain, gzip, bzip2, xz), zip, 7z, and single files that
 * are packed with one of these.
 *
 * An archive is hostile. Nothing is ever unpacked to disk, and no name in it is used as a path: a file is
 * bytes in memory and a name to show. Of each file the beginning is looked at, and only what is of use is
 * read further (sniff.h). Links, devices and encrypted files are passed over and told. Each limit has the
 * attack beside it; where one is met, what was read before stays.
 */
#ifndef CW_IMPORT_SOURCE_ARCHIVE_H
#define CW_IMPORT_SOURCE_ARCHIVE_H

#include "base/time.h"
#include "import/source/sniff.h"

#include "base/error.h"

/* Against an archive of endless headers; a diagnostic archive holds under 100 files, an export of all trust
 * certificates of a cluster some thousands. */
#define CW_ARCHIVE_ENTRIES_MAX 20000
/* Against bombs: gzip packs zeros 1:1032. Logs and captures pack up to 1:60. */
#define CW_ARCHIVE_RATIO_MAX 300
#define CW_ARCHIVE_RATIO_FROM ((long long)64 * 1024 * 1024)
/* Against bombs that keep the ratio; 20 captures of 20 MB on four interfaces and a log are 2 GB. */
#define CW_ARCHIVE_BYTES_MAX ((long long)8 * 1024 * 1024 * 1024)
/* Against names made to fill a screen, and against comparing deep paths. */
#define CW_ARCHIVE_NAME_MAX 1024
#define CW_ARCHIVE_DEPTH_MAX 32

struct cw_archive_file {
	const char *name; /* inside the archive, escaped, without "./" and doubled slashes */
	cw_time time;	  /* 0: not said */
	enum cw_sniff_kind kind;
	const char *data; /* followed by a NUL that does not count */
	size_t length;
	bool whole; /* false: the beginning only (CW_SNIFF_HEAD), since no more is of use */
};

/** Called for each regular file, and for each one that cannot be used (`why`). False stops the reading. */
struct cw_archive_reader {
	void *context;
	bool (*file)(void *context, const struct cw_archive_file *file, struct cw_error *error);
	bool (*unused)(void *context, const char *name, const char *why, struct cw_error *error);
};

/** The most that is read of a file of this kind; 0: its beginning only. */
size_t cw_archive_limit(enum cw_sniff_kind kind);

/**
 * Reads the archive at `path`. False where a callback failed, for lack of memory, and where the file cannot
 * be opened. What is wrong inside is told to `unused`.
 */
CW_MUST_USE bool cw_archive_read(
	const char *path, const struct cw_archive_reader *reader, struct cw_error *error);

/** The same for bytes in memory. */
CW_MUST_USE bool cw_archive_read_memory(
	const void *data, size_t length, const struct cw_archive_reader *reader, struct cw_error *error);

#endif
