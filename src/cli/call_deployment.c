#include "cli/call_deployment.h"

void cw_call_deployment_finish(struct cw_call_deployment *loaded)
{
	cw_deployment_free(loaded->deployment);
	cw_pool_free(loaded->pool); /* outlives the deployment */
	*loaded = (struct cw_call_deployment){0};
}

void cw_call_deployment_tell(const struct cw_call *call, const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->notes.count; i++)
		cw_call_tell(call, deployment->notes.items[i]);
}

bool cw_call_deployment_load(const struct cw_call *call, const char *path, struct cw_call_deployment *ret)
{
	AUTO_STRINGS problems = {0};
	struct cw_error error;
	ret->pool = cw_pool_new();
	if (!ret->pool) {
		cw_error_memory(&error);
		cw_call_trouble(call, &error);
		return false;
	}
	if (cw_load_deployment(path, ret->pool, &ret->deployment, &problems)) {
		cw_call_deployment_tell(call, ret->deployment);
		return true;
	}
	for (size_t i = 0; i < problems.count; i++)
		cw_call_tell(call, problems.items[i]);
	if (!problems.count) { /* there was no memory even to say so */
		cw_error_memory(&error);
		cw_call_trouble(call, &error);
	}
	return false;
}
