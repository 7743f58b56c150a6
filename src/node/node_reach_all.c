#include "node/node_effect.h"
#include "node/node_reach_parts.h"
#include "report/json.h"

#include <string.h>

static void reach_free(struct cw_node_reach *reach)
{
	cw_node_find_cancel(&reach->find);
	cw_node_reach_drop(reach);
	cw_node_reach_forget(reach);
	if (reach->timer)
		event_free(reach->timer);
	free(reach->id);
	free(reach);
}

static void keep_alive(struct cw_node_reach *reach)
{
	AUTO_BUFFER out = {0};
	if (reach->sip.state != CW_CONVERSATION_UP)
		return;
	cw_conversation_ask(&reach->sip, &out); /* the answer to the document sets the timer again */
	if (!out.failed)
		cw_connection_send(reach->connection, out.data, out.length);
}

static void on_timer(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_reach *reach = context;
	(void)socket;
	(void)what;
	if (reach->connection)
		keep_alive(reach);
	else
		cw_node_reach_try(reach);
}

/* --- all of them --- */

static bool is_wanted(const struct cw_node_core *core, const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
	case CW_LINK_SIP_OAUTH:
	case CW_LINK_CLUSTER:
		return link->client.node == core->snapshot->node;
	default:
		return false;
	}
}

static bool add(struct cw_node_core *core, const struct cw_link *link)
{
	static const struct timeval now = {0, 0};
	struct cw_node_reach *reach = calloc(1, sizeof *reach);
	if (!reach)
		return false;
	reach->core = core;
	reach->link = link;
	reach->id = strdup(link->id);
	reach->since = cw_time_now();
	snprintf(reach->state, sizeof reach->state, "Checking");
	reach->timer = evtimer_new(core->base, on_timer, reach);
	if (!reach->id || !reach->timer || event_add(reach->timer, &now) < 0) {
		reach_free(reach);
		return false;
	}
	struct cw_node_reach **end = &core->reach;
	while (*end)
		end = &(*end)->next;
	*end = reach;
	return true;
}

static struct cw_node_reach *find(const struct cw_node_core *core, const char *id)
{
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next)
		if (strcmp(reach->id, id) == 0)
			return reach;
	return NULL;
}

static void drop_gone(struct cw_node_core *core)
{
	struct cw_node_reach **place = &core->reach;
	while (*place) {
		struct cw_node_reach *reach = *place;
		if (reach->link) {
			place = &reach->next;
			continue;
		}
		*place = reach->next;
		reach_free(reach);
	}
}

bool cw_node_reach_begin(struct cw_node_core *core, struct cw_error *error)
{
	const struct cw_check *check = core->snapshot->check;
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next)
		reach->link = NULL;
	for (size_t i = 0; i < check->link_count; i++) {
		struct cw_node_reach *reach = find(core, check->links[i]->id);
		if (!is_wanted(core, check->links[i]))
			continue;
		if (reach)
			reach->link = check->links[i];
		else if (!add(core, check->links[i]))
			return cw_error_memory(error);
	}
	drop_gone(core);
	return true;
}

void cw_node_reach_end(struct cw_node_core *core)
{
	while (core->reach) {
		struct cw_node_reach *reach = core->reach;
		core->reach = reach->next;
		reach_free(reach);
	}
}

static void judge_again(struct cw_node_reach *reach)
{
	if (reach->connection && reach->answered && !cw_node_reach_passes(reach))
		cw_connection_refuse(reach->connection, reach->answer.detail);
}

void cw_node_reach_tell(struct cw_node_core *core)
{
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next)
		if (reach->connection && reach->link && cw_node_reach_keeps(reach))
			cw_node_reach_refresh(reach);
}

void cw_node_reach_judge(struct cw_node_core *core)
{
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next)
		judge_again(reach);
}

void cw_node_reach_cancel(struct cw_node_core *core)
{
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next)
		cw_node_find_cancel(&reach->find);
}

bool cw_node_reach_reload(struct cw_node_core *core, const struct cw_snapshot *before, struct cw_error *error)
{
	bool another = cw_snapshot_other_identity(before, core->snapshot);
	if (!cw_node_reach_begin(core, error))
		return false;
	for (struct cw_node_reach *reach = core->reach; reach; reach = reach->next) {
		if (reach->connection && reach->answered && cw_node_reach_keeps(reach) && !another) {
			cw_node_reach_refresh(reach);
			judge_again(reach);
			continue;
		}
		cw_node_reach_drop(reach);
		cw_node_reach_try(reach);
	}
	return true;
}

/* --- what is told of them --- */

void cw_node_reach_look(struct cw_node_core *core)
{
	for (const struct cw_node_reach *reach = core->reach; reach; reach = reach->next) {
		if (reach->heard)
			cw_node_core_compare_list(core, &reach->theirs);
		if (strcmp(reach->state, "Failed") != 0)
			continue;
		cw_node_core_alarm(core, NULL, "Alert", reach->id, "%s to %s: %s %s",
			cw_link_kind_name(reach->link->kind), reach->link->address, reach->code,
			reach->reason);
	}
}

bool cw_node_reach_status(const struct cw_node_core *core, json_t *services)
{
	struct cw_json json = {0};
	for (const struct cw_node_reach *reach = core->reach; reach; reach = reach->next) {
		json_t *row = json_object();
		char name[300];
		snprintf(name, sizeof name, "%s %.250s", cw_link_kind_name(reach->link->kind),
			reach->link->address);
		cw_json_put(&json, row, "peer", cw_json_text(name));
		cw_json_put(&json, row, "state", cw_json_text(reach->state));
		cw_json_put(&json, row, "code", cw_json_text(*reach->code ? reach->code : NULL));
		cw_json_put(&json, row, "reason", cw_json_text(reach->reason));
		cw_json_put(&json, row, "since", cw_json_time(reach->since));
		cw_json_add(&json, services, row);
	}
	return !json.failed;
}

void cw_node_reach_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner)
{
	for (const struct cw_node_reach *reach = core->reach; reach; reach = reach->next) {
		const struct cw_node_live live = {.kind = reach->link->kind,
			.peer = reach->link->address,
			.chain = reach->shown,
			.count = reach->shown_count,
			.refused = reach->shown_refused};
		if (reach->shown_refused || strcmp(reach->state, "Active") == 0)
			owner->each(owner->context, &live);
	}
}
