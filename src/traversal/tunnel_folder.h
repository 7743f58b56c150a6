/**
 * The folder of one side of a tunnel: keys, lines that let a peer in, the relay's socket.
 *
 * sshd's own check of owners and modes (StrictModes) is off, since it demands a home folder; this one is in its
 * place: nobody but root and this process's user can change the folder, what is in it, or which folder its
 * path leads to. Where this process is root, files belong to root and the account's group may read them: what
 * sshd lets in, sshd cannot change.
 *
 * A file is put in its place in one step. Nothing here waits for the disk: the folder is made again at every
 * start.
 */
#ifndef CW_TRAVERSAL_TUNNEL_FOLDER_H
#define CW_TRAVERSAL_TUNNEL_FOLDER_H

#include "traversal/tunnel_account.h"

#include <stddef.h>

/* A configuration file and command lines hold the path. */
#define CW_TUNNEL_FOLDER_MAX 512

struct cw_tunnel_folder {
	char path[CW_TUNNEL_FOLDER_MAX];
	struct cw_tunnel_account account;
};

/**
 * Makes the folder (its parent must be there), or takes over the one of an earlier process after checking it;
 * files of this module's that an earlier process left in it are removed. CW_E_IO names the folder of the path
 * that others could change, or that the account cannot enter; CW_E_USAGE a path that is not absolute or has
 * characters that ssh would take for its own (letters, digits and "/._-+=,@" are good).
 */
CW_MUST_USE bool cw_tunnel_folder_open(const char *path, const struct cw_tunnel_account *account,
	struct cw_tunnel_folder *ret, struct cw_error *error);

/** Writes `name`, readable for the account alone. */
CW_MUST_USE bool cw_tunnel_folder_write(const struct cw_tunnel_folder *folder, const char *name,
	const void *data, size_t length, struct cw_error *error);

/** Removes `name`; needs no space on the disk. False: it is still there. */
CW_MUST_USE bool cw_tunnel_folder_remove(const struct cw_tunnel_folder *folder, const char *name);

/** "FOLDER/name" into `ret`. Returns `ret`. */
#define CW_TUNNEL_PATH_SIZE (CW_TUNNEL_FOLDER_MAX + 32)
const char *cw_tunnel_folder_path(
	const struct cw_tunnel_folder *folder, const char *name, char ret[CW_TUNNEL_PATH_SIZE]);

#endif
