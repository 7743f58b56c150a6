/**
 * The state folder of a node: its version, its lock, its parts.
 *
 *     node.yaml   config/node_file.h        certs/     what it presents and trusts (keys 0600)
 *     version     of the folder             secrets/   for nobody else (0700)
 *     lock        held while a node runs    run/       sockets, the tunnels' folders
 *
 * One node at a time runs on a folder: the lock goes with its process, however that ends.
 */
#ifndef CW_NODE_NODE_FOLDER_H
#define CW_NODE_NODE_FOLDER_H

#include "base/error.h"

#define CW_NODE_FOLDER_VERSION 2

struct cw_node_folder {
	char *path;   /* absolute */
	int lock;     /* -1: not held */
	int run;      /* descriptor of run/, for sockets whose path would be too long; -1: none */
	char *former; /* the folder was of an older version until now: where that is kept; NULL: it was not */
};

#define CW_NODE_FOLDER_NONE ((struct cw_node_folder){NULL, -1, -1, NULL})

void cw_node_folder_finish(struct cw_node_folder *folder);
#define AUTO_NODE_FOLDER __attribute__((cleanup(cw_node_folder_finish))) struct cw_node_folder

/** Makes the folder and its parts; it must not hold a node. CW_E_IO, CW_E_USAGE. */
CW_MUST_USE bool cw_node_folder_make(const char *path, struct cw_error *error);

/**
 * Opens a node's folder. `locks`: for running; CW_E_USAGE where a node runs on it; one of an older version becomes one of
 * this (migrate/node_migrate.h). Refused: a folder that is none of a node, and one of a newer version.
 */
CW_MUST_USE bool cw_node_folder_open(
	const char *path, bool locks, struct cw_node_folder *ret, struct cw_error *error);

/** "/proc/self/fd/N/NAME" for a file of run/, short enough for every socket. */
#define CW_NODE_FOLDER_NAME_SIZE 64
const char *cw_node_folder_run_name(
	const struct cw_node_folder *folder, const char *name, char ret[CW_NODE_FOLDER_NAME_SIZE]);

#endif
