#include "node/work/work_do.h"

bool cw_work_do_restart(struct cw_work_call *call)
{
	struct cw_node_core *core = call->core;
	cw_work_call_tell(call, "restart", NULL, "asked for");
	if (core->restart)
		core->restart(core);
	cw_work_call_put(call, "restarting", json_boolean(core->restart != NULL));
	call->status = 202;
	return true;
}
