/**
 * A deployment loaded for a verb: the pool that its certificates live in, and the deployment.
 */
#ifndef CW_CLI_CALL_DEPLOYMENT_H
#define CW_CLI_CALL_DEPLOYMENT_H

#include "cli/call.h"
#include "config/load.h"

struct cw_call_deployment {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
};

void cw_call_deployment_finish(struct cw_call_deployment *loaded);
#define AUTO_CALL_DEPLOYMENT __attribute__((cleanup(cw_call_deployment_finish))) struct cw_call_deployment

/** Tells on standard error what its reader must know and nothing depends on. */
void cw_call_deployment_tell(const struct cw_call *call, const struct cw_deployment *deployment);

/** Loads `path`. False: every problem has been told on standard error, a line each. */
CW_MUST_USE bool cw_call_deployment_load(
	const struct cw_call *call, const char *path, struct cw_call_deployment *ret);

#endif
