/**
 * A whole deployment as running nodes on this machine: each node a process of its own (node/node_run.h), all on one
 * loopback network that nobody else has, until the caller ends it.
 *
 * While it runs, files can be changed: those of the nodes (each node notices its own), and those of the deployment it was
 * made from, whose changes are carried over (lab_files.h): so faults are planted and repaired. A node that ends comes
 * back, and that counts as a restart.
 *
 * Nothing is left behind: processes end first by SIGTERM, then by SIGKILL, and the folder of the lab is removed unless
 * the caller named one.
 */
#ifndef CW_LABRUN_LAB_UP_H
#define CW_LABRUN_LAB_UP_H

#include "base/strings.h"
#include "lab/lab.h"
#include "model/deployment.h"

struct cw_lab_up_row {
	const char *node, *role, *address;
	char zone[200], tunnel[200]; /* states, with the code: "Failed root-missing"; "": it has none */
	size_t restarts;
};

struct cw_lab_up_owner {
	/* the network is there: where the nodes' folders are, and what else there is to say (lines; or "") */
	void (*begun)(void *context, const char *folder, const char *more);
	/* a line of a node's log; of the lab itself where the node is "lab" */
	void (*line)(void *context, const char *node, const char *line);
	/* states are others than before */
	void (*table)(void *context, const struct cw_lab_up_row *rows, size_t count);
	void *context;
};

struct cw_lab_up_options {
	const char *path;		  /* of the deployment; NULL: a lab is made in the folder */
	const struct cw_lab_options *lab; /* then: how; its folder and faults do not count */
	size_t exercise;		  /* then: the number of lab_exercise.h, from 1; 0: none */
	const char *program;		  /* causeway itself, an absolute path */
	const char *folder;  /* for the nodes' folders, kept at the end; NULL: one below TMPDIR, removed */
	const char *keylog;  /* TLS secrets of every connection, for Wireshark; or NULL */
	const char *packets; /* a capture of the lab's network; or NULL */
	const char
		*listen; /* "192.0.2.1" or "192.0.2.1:20000": the nodes' ports for other machines; or NULL */
	struct cw_lab_up_owner owner;
};

/**
 * Returns after SIGINT, SIGTERM or SIGHUP. False: `problems` hold what is wrong with the deployment, or none and `error`
 * says what else.
 */
CW_MUST_USE bool cw_lab_up(
	const struct cw_lab_up_options *options, struct cw_strings *problems, struct cw_error *error);

#endif
