/**
 * Waits for changes of the files that a deployment is made of (inotify(7)).
 *
 * Watches folders, not files: an editor and `cp` replace a file, a watch on the old one would see nothing. Says
 * that something changed, not what: whoever waits reads everything again.
 */
#ifndef CW_CLI_FILE_WATCH_H
#define CW_CLI_FILE_WATCH_H

#include "base/time.h"
#include "model/deployment.h"

/* Against a deployment that lies in a home folder: the kernel's default is 8192 a user and more. */
#define CW_FILE_WATCH_FOLDERS_MAX 4096

struct cw_file_watch {
	int file; /* -1: not open */
	size_t folders;
};

void cw_file_watch_close(struct cw_file_watch *watch);
#define AUTO_FILE_WATCH __attribute__((cleanup(cw_file_watch_close))) struct cw_file_watch

/** Watches the deployment file's folder with all folders below it. CW_E_IO; CW_E_LIMIT for too many. */
CW_MUST_USE bool cw_file_watch_open(const char *path, struct cw_file_watch *ret, struct cw_error *error);

/** Watches the folders of all files that the deployment names, wherever they are. One that is not there is left out. */
CW_MUST_USE bool cw_file_watch_add(
	struct cw_file_watch *watch, const struct cw_deployment *deployment, struct cw_error *error);

/**
 * Returns when something has changed and then stayed as it is for a moment (a copy of ten files is one change),
 * or when `seconds` are over. `*changed` says which.
 */
CW_MUST_USE bool cw_file_watch_wait(
	struct cw_file_watch *watch, cw_time seconds, bool *changed, struct cw_error *error);

#endif
