/**
 * What lives between two questions: a change that waits to be confirmed, a traversal test that runs. For src/node/work
 * alone.
 */
#ifndef CW_NODE_WORK_WORK_WORKING_H
#define CW_NODE_WORK_WORK_WORKING_H

#include "node/node_core.h"

/* Seconds in which a change that could lock its maker out is to be confirmed. */
#define CW_WORK_WORKING_CONFIRM 300

struct cw_work_traversal;

struct cw_node_working {
	struct cw_node_core *core;
	struct event *timer;
	cw_time until; /* 0: nothing waits */
	uint64_t connection;
	struct cw_work_traversal *traversal; /* or NULL */
};

/** The change over that connection waits until then. */
CW_MUST_USE bool cw_work_working_await(
	struct cw_node_core *core, cw_time until, uint64_t connection, struct cw_error *error);
/** It waits no more. */
void cw_work_working_confirmed(struct cw_node_core *core);

#endif
