/**
 * A folder for files that live as long as a process: the next one of its kind removes it where this process is killed.
 *
 * The process holds a lock (flock) on it, which goes with it. Whoever makes the next folder of the same kind removes
 * those that are this user's and that nobody holds; what stands in them that is not of this kind stays, and keeps its
 * folder.
 */
#ifndef CW_BASE_PASSING_FOLDER_H
#define CW_BASE_PASSING_FOLDER_H

#include "base/error.h"

#include <sys/types.h>

#define CW_PASSING_FOLDER_PATH 512

struct cw_passing_folder {
	char path[CW_PASSING_FOLDER_PATH]; /* "": none */
	int lock;			   /* -1: none */
};

#define CW_PASSING_FOLDER_NONE ((struct cw_passing_folder){"", -1})

/* What a kind of process keeps in its folder. */
struct cw_passing_folder_kind {
	const char *place;  /* the folder in which it is made; NULL: TMPDIR, or /tmp */
	const char *prefix; /* of its name */
	mode_t mode;
	/* Removes one entry of a folder that was left, if it is of this kind. False: look no further. */
	bool (*remove_entry)(const char *path, const char *name);
};

/** Removes the folders of this kind that were left, and makes one. CW_E_IO. */
CW_MUST_USE bool cw_passing_folder_make(
	const struct cw_passing_folder_kind *kind, struct cw_passing_folder *ret, struct cw_error *error);

/** Removes the folder, whose files are gone, and gives up the lock. CW_E_IO where it stays. */
CW_MUST_USE bool cw_passing_folder_finish(struct cw_passing_folder *folder, struct cw_error *error);

#endif
