/**
 * A deployment opened for a verb: the pool that its certificates live in, and the deployment.
 */
#ifndef CW_CLI_OPENED_H
#define CW_CLI_OPENED_H

#include "cli/verb.h"
#include "deploy/load.h"

struct cw_opened {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
};

void cw_opened_finish(struct cw_opened *opened);
#define AUTO_OPENED __attribute__((cleanup(cw_opened_finish))) struct cw_opened

/** Loads `path`. False: every problem has been told on standard error, a line each. */
CW_MUST_USE bool cw_opened_load(const struct cw_call *call, const char *path, struct cw_opened *ret);

#endif
