/**
 * The processes of a lab's nodes: started, started again when they end, ended together.
 *
 * A node that ends by itself or is killed comes back after a second, as a service manager would do it; one that ends five
 * times in a row within five seconds of its start waits ten. Every start but the first counts as a restart.
 */
#ifndef CW_LABRUN_LAB_NODES_H
#define CW_LABRUN_LAB_NODES_H

#include "labrun/lab_folders.h"

#include <event2/event.h>

struct cw_lab_nodes;

struct cw_lab_nodes_owner {
	/* a line of a node's log */
	void (*line)(void *context, const char *node, const char *line);
	/* something was said, began or ended: states may be others */
	void (*news)(void *context);
	/* a node began anew */
	void (*restarted)(void *context, const char *node);
	void *context;
};

/* Everything borrowed, and there until the end. */
struct cw_lab_nodes_setup {
	struct event_base *base;
	const char *program; /* causeway itself, an absolute path */
	const char *keylog;  /* for the nodes' TLS secrets; or NULL */
	const struct cw_lab_folders *folders;
	struct cw_lab_nodes_owner owner;
};

/** Starts every node that can run. CW_E_USAGE where none can. */
CW_MUST_USE bool cw_lab_nodes_begin(
	const struct cw_lab_nodes_setup *setup, struct cw_lab_nodes **ret, struct cw_error *error);
/** Ends all: SIGTERM, and SIGKILL five seconds later. */
void cw_lab_nodes_end(struct cw_lab_nodes *nodes);
CW_DEFINE_AUTO(struct cw_lab_nodes *, cw_lab_nodes_end)

/** The node at `place` of the folders runs now. */
bool cw_lab_nodes_runs(const struct cw_lab_nodes *nodes, size_t place);
/** How often it was started again. */
size_t cw_lab_nodes_restarts(const struct cw_lab_nodes *nodes, size_t place);
/** It reads its files anew. */
void cw_lab_nodes_reload(struct cw_lab_nodes *nodes, size_t place);
/** It ends and is started again at once; one that could not run before is started. */
void cw_lab_nodes_restart(struct cw_lab_nodes *nodes, size_t place);

#endif
