#include "node/traffic/traffic_status.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_status.h"

#include <string.h>

/* Of a page: the newest. */
#define SESSIONS_MAX 500

static json_t *release_of(const struct cw_node *node)
{
	char text[CW_RELEASE_TEXT_SIZE];
	if (cw_node_is_expressway(node))
		return cw_json_text(cw_release_text(node->group->release, text));
	return cw_json_text(cw_release_cucm_text(node->group->release, text));
}

static json_t *identities_of(const struct cw_node *node)
{
	struct cw_json json = {0};
	cw_time now = cw_time_now();
	AUTO(json_decref) json_t *rows = json_array();
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_cert *leaf = node->identities[i].leaf;
		if (!leaf)
			continue;
		json_t *row = json_object();
		cw_json_put(&json, row, "identity",
			cw_json_text(cw_node_identity_name((enum cw_identity_kind)i)));
		cw_json_put(&json, row, "not_after", cw_json_time(cw_cert_not_after(leaf)));
		cw_json_put(&json, row, "days_left", json_integer((cw_cert_not_after(leaf) - now) / CW_DAY));
		cw_json_add(&json, rows, row);
	}
	return json.failed ? NULL : TAKE(rows);
}

bool cw_work_do_overview(struct cw_work_call *call)
{
	const struct cw_node *node = call->core->snapshot->node;
	AUTO_BUFFER restart = {0};
	AUTO(json_decref) json_t *status = NULL;
	if (!cw_work_status_read(call, &status))
		return false;
	if (json_object_update(call->answer, status) != 0)
		return cw_work_call_memory(call);
	cw_work_apply_restart_wanted(call->core, &restart);
	cw_work_call_put(call, "release", release_of(node));
	cw_work_call_put(
		call, "restart_wanted", cw_json_text(restart.length ? cw_buffer_string(&restart) : NULL));
	cw_work_call_put(call, "identities", identities_of(node));
	cw_work_call_put(call, "checklist",
		cw_node_is_expressway(node) ? cw_work_status_checklist(call, status) : json_array());
	return true;
}

bool cw_work_do_zones(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	if (!cw_work_status_read(call, &status))
		return false;
	cw_work_call_put(call, "zones", cw_work_status_zones(call, status));
	return true;
}

bool cw_work_do_zone(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL, *zones = NULL;
	const char *name, *found;
	size_t i;
	json_t *zone;
	if (!cw_work_call_want(call, "name", &name) || !cw_work_status_read(call, &status))
		return false;
	zones = cw_work_status_zones(call, status);
	if (!zones)
		return cw_work_call_memory(call);
	json_array_foreach(zones, i, zone)
	{
		found = json_string_value(json_object_get(zone, "name"));
		if (found && strcmp(found, name) == 0) {
			cw_work_call_put(call, "zone", json_incref(zone));
			return true;
		}
	}
	return cw_work_call_refuse(call, 404, "The list of zones names those there are.",
		"no zone has the name \"%.100s\"", name);
}

bool cw_work_do_tunnels(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	if (!cw_work_status_read(call, &status))
		return false;
	json_t *tunnels = cw_work_status_tunnels(call, status);
	cw_work_call_put(call, "none",
		cw_json_text(cw_work_status_count(tunnels, "Active") ? NULL : CW_NODE_NO_TUNNELS));
	cw_work_call_put(call, "tunnels", tunnels);
	cw_work_call_put(call, "checklist", cw_work_status_checklist(call, status));
	return true;
}

/* --- Unified Communications status --- */

static size_t count_nodes(const struct cw_deployment *deployment, enum cw_node_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i]->kind == kind)
			count += deployment->groups[i]->count;
	return count;
}

static json_t *counts_of(struct cw_work_call *call, const json_t *status)
{
	const struct cw_node_file *file = call->core->snapshot->file;
	const struct cw_zone *zone = NULL;
	size_t zones = 0;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *counts = json_object();
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone)))
		zones++;
	cw_json_put(&json, counts, "cucm", cw_json_count(count_nodes(file->deployment, CW_NODE_CUCM)));
	cw_json_put(&json, counts, "imp", cw_json_count(count_nodes(file->deployment, CW_NODE_IMP)));
	cw_json_put(&json, counts, "domains", cw_json_count(file->deployment->domain_count));
	cw_json_put(&json, counts, "zones", cw_json_count(zones));
	cw_json_put(&json, counts, "zones_active",
		cw_json_count(cw_work_status_count(json_object_get(status, "zones"), "Active")));
	cw_json_put(&json, counts, "tunnels_active",
		cw_json_count(cw_work_status_count(json_object_get(status, "tunnels"), "Active")));
	bool keeps = call->core->snapshot->node->kind == CW_NODE_EXPRESSWAY_C;
	cw_json_put(&json, counts, "sessions",
		keeps ? cw_json_count(cw_traffic_status_count(call->core)) : json_null());
	return json.failed ? NULL : TAKE(counts);
}

static json_t *messages_of(const json_t *status)
{
	const json_t *alarms = json_object_get(status, "alarms");
	struct cw_json json = {0};
	AUTO(json_decref) json_t *messages = json_array();
	size_t i;
	json_t *alarm;
	json_array_foreach(alarms, i, alarm)
	{
		json_t *row = json_object();
		cw_json_put(&json, row, "text", json_incref(json_object_get(alarm, "text")));
		cw_json_put(&json, row, "severity", json_incref(json_object_get(alarm, "severity")));
		cw_json_add(&json, messages, row);
	}
	return json.failed ? NULL : TAKE(messages);
}

bool cw_work_do_uc(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	bool client = call->core->snapshot->node->kind == CW_NODE_EXPRESSWAY_C;
	if (!cw_work_status_read(call, &status))
		return false;
	json_t *edge = json_object_get(status, "edge");
	cw_work_call_put(call, "counts", counts_of(call, status));
	cw_work_call_put(call, "domains", cw_work_status_domains(call));
	cw_work_call_put(call, "servers", client ? cw_work_status_servers(call, status) : json_array());
	cw_work_call_put(call, "zones", cw_work_status_zones(call, status));
	cw_work_call_put(call, "tunnels", cw_work_status_tunnels(call, status));
	cw_work_call_put(call, "messages", messages_of(status));
	cw_work_call_put(call, "traffic", edge ? json_incref(edge) : json_null());
	return true;
}

bool cw_work_do_sessions(struct cw_work_call *call)
{
	json_t *sessions = cw_traffic_status_sessions(call->core, SESSIONS_MAX);
	if (!sessions)
		return cw_work_call_memory(call);
	cw_work_call_put(call, "count", cw_json_count(cw_traffic_status_count(call->core)));
	cw_work_call_put(call, "sessions", sessions);
	return true;
}
