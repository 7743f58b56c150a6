#include "node/work/work_working.h"

#include "node/work/node_work.h"
#include "node/work/work_recover.h"
#include "node/work/work_traversal.h"

static void take_back(struct cw_node_working *working)
{
	struct cw_node_core *core = working->core;
	struct cw_error error;
	bool undone = false;
	working->until = 0;
	if (!cw_work_recover_undo(core->folder.path, &undone, &error))
		cw_node_core_say(
			core, "a change that was not confirmed cannot be taken back: %s", error.message);
	if (!undone)
		return;
	cw_node_core_say(core, "a change was not confirmed: node.yaml is the former one");
	if (core->reload)
		json_decref(core->reload(core, "not confirmed"));
}

static void on_timer(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	take_back(context);
}

bool cw_node_work_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node_working *working = core->working = calloc(1, sizeof *core->working);
	if (!working)
		return cw_error_memory(error);
	working->core = core;
	if (core->base)
		working->timer = evtimer_new(core->base, on_timer, working);
	return working->timer || !core->base || cw_error_memory(error);
}

void cw_node_work_end(struct cw_node_core *core)
{
	struct cw_node_working *working = core->working;
	core->working = NULL;
	if (!working)
		return;
	cw_work_traversal_free(working->traversal);
	if (working->timer)
		event_free(working->timer);
	free(working);
}

void cw_node_work_cancel(struct cw_node_core *core)
{
	if (core->working)
		cw_work_traversal_cancel(core->working->traversal);
}

bool cw_work_working_await(
	struct cw_node_core *core, cw_time until, uint64_t connection, struct cw_error *error)
{
	struct cw_node_working *working = core->working;
	const struct timeval wait = {until > cw_time_now() ? until - cw_time_now() : 0, 0};
	if (!working)
		return true;
	working->until = until;
	working->connection = connection;
	return !working->timer || event_add(working->timer, &wait) == 0 || cw_error_memory(error);
}

void cw_work_working_confirmed(struct cw_node_core *core)
{
	struct cw_node_working *working = core->working;
	if (!working)
		return;
	working->until = 0;
	if (working->timer)
		event_del(working->timer);
}
