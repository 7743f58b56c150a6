/**
 * A whole deployment as running nodes on this machine: each node a process of its own (node/node_run.h), all on one
 * loopback network that nobody else has, until the caller ends it.
 *
 * Nothing is left behind: processes end first by SIGTERM, then by SIGKILL, and the folder of the lab is removed unless
 * the caller named one. While it runs, the files in the nodes' folders can be changed: faults can be planted and
 * repaired by hand.
 */
#ifndef CW_LABRUN_LAB_UP_H
#define CW_LABRUN_LAB_UP_H

#include "base/error.h"
#include "model/deployment.h"

struct cw_lab_up_row {
	const char *node, *role, *address;
	char zone[200], tunnel[200]; /* states, with the code: "Failed root-missing"; "": it has none */
};

struct cw_lab_up_owner {
	/* the network is there: where the nodes' folders are */
	void (*begun)(void *context, const char *folder);
	/* a line of a node's log */
	void (*line)(void *context, const char *node, const char *line);
	/* states are others than before */
	void (*table)(void *context, const struct cw_lab_up_row *rows, size_t count);
	void *context;
};

struct cw_lab_up_options {
	const struct cw_deployment *deployment;
	const char *program; /* causeway itself, an absolute path */
	const char *folder;  /* for the nodes' folders, kept at the end; NULL: one below TMPDIR, removed */
	struct cw_lab_up_owner owner;
};

/** Returns after SIGINT, SIGTERM or SIGHUP, or when the last node has ended. */
CW_MUST_USE bool cw_lab_up(const struct cw_lab_up_options *options, struct cw_error *error);

#endif
