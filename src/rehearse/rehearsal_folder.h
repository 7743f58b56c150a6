/**
 * A folder for the files of one rehearsal, in TMPDIR or /tmp, that the next one removes where this process is killed.
 *
 * The process holds a lock (flock) on it, which goes with it. Whoever makes the next folder of the same kind removes
 * those that are this user's and that nobody holds; what stands in them that no rehearsal writes stays, and keeps its
 * folder.
 */
#ifndef CW_REHEARSE_REHEARSAL_FOLDER_H
#define CW_REHEARSE_REHEARSAL_FOLDER_H

#include "base/error.h"

#include <sys/types.h>

#define CW_REHEARSAL_FOLDER_PATH 512

struct cw_rehearsal_folder {
	char path[CW_REHEARSAL_FOLDER_PATH]; /* "": none */
	int lock;			     /* -1: none */
};

#define CW_REHEARSAL_FOLDER_NONE ((struct cw_rehearsal_folder){"", -1})

/* What a kind of rehearsal keeps in its folder. */
struct cw_rehearsal_folder_kind {
	const char *prefix; /* of its name */
	mode_t mode;
	/* Removes one entry of a folder that was left, if a rehearsal wrote it. False: look no further. */
	bool (*remove_entry)(const char *path, const char *name);
};

/** Removes the folders of this kind that were left, and makes one. CW_E_IO. */
CW_MUST_USE bool cw_rehearsal_folder_make(
	const struct cw_rehearsal_folder_kind *kind, struct cw_rehearsal_folder *ret, struct cw_error *error);

/** Removes the folder, whose files are gone, and gives up the lock. CW_E_IO where it stays. */
CW_MUST_USE bool cw_rehearsal_folder_finish(struct cw_rehearsal_folder *folder, struct cw_error *error);

#endif
