/**
 * Runs one node in this process, until SIGTERM or SIGINT.
 *
 * Its state folder (node_folder.h) says what it is. SIGHUP, or a file that is another one, makes it read everything
 * anew: what cannot be read changes nothing and is told; else every live link is judged again, those that are refused
 * end, and the others stay. Where systemd waits (NOTIFY_SOCKET, WATCHDOG_USEC) it is told.
 */
#ifndef CW_NODE_NODE_RUN_H
#define CW_NODE_NODE_RUN_H

#include "base/error.h"
#include "base/strings.h"

#include <stdio.h>

/* The whole line that a node says last before it begins anew: a restart that was asked for, in the same process. */
#define CW_NODE_RUN_AGAIN "stopped, to begin anew"

struct cw_node_run_owner {
	/* one line of the log, without a line end; may hold texts from outside */
	void (*say)(void *context, const char *line);
	void *context;
	FILE *keylog; /* gets the TLS secrets of every connection: labs only; NULL: nobody does */
};

/**
 * Returns after a clean stop: true. False: it could not begin; `problems` (of node.yaml) or `error` say why: where
 * there are problems, `error` holds nothing.
 */
CW_MUST_USE bool cw_node_run(const char *folder, const struct cw_node_run_owner *owner,
	struct cw_strings *problems, struct cw_error *error);

#endif
