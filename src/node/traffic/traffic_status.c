#include "node/traffic/traffic_status.h"

#include "node/edge/edge_core.h"
#include "node/edge/lane_https.h"
#include "node/worker/node_workers.h"
#include "report/json.h"

#include <ctype.h>
#include <string.h>

/* --- Expressway-E: what its workers count --- */

struct counting {
	size_t active;
	json_t *counts;
	struct cw_json json;
};

static size_t count_of(const json_t *row, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(row, key));
	return count > 0 && count < INT64_MAX / 1024 ? (size_t)count : 0;
}

static void add_row(void *context, const json_t *row)
{
	struct counting *counting = context;
	json_t *counts = json_object_get(row, "counts"), *ignored;
	const char *name;
	counting->active += count_of(row, "active");
	json_object_foreach(counts, name, ignored)
	{
		size_t before = count_of(counting->counts, name);
		cw_json_put(&counting->json, counting->counts, name,
			cw_json_count(before + count_of(counts, name)));
	}
}

static bool is_status(const char *name)
{
	return strlen(name) == 3 && strspn(name, "0123456789") == 3;
}

static json_t *statuses_of(struct counting *counting)
{
	json_t *statuses = json_object(), *count;
	const char *name;
	json_object_foreach(counting->counts, name, count)
	{
		if (is_status(name))
			cw_json_put(&counting->json, statuses, name, json_incref(count));
	}
	return statuses;
}

static void put_counts(const struct cw_node_core *core, json_t *ret)
{
	static const char *const names[] = {"requests", "refused", "sign_ins", "sign_ins_refused"};
	struct counting counting = {.counts = json_object()};
	cw_node_workers_told(core, CW_LANE_HTTPS_NAME, add_row, &counting);
	cw_json_put(&counting.json, ret, "active", cw_json_count(counting.active));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cw_json_put(
			&counting.json, ret, names[i], cw_json_count(count_of(counting.counts, names[i])));
	cw_json_put(&counting.json, ret, "statuses", statuses_of(&counting));
	json_decref(counting.counts);
}

/* --- Expressway-C: who is signed in --- */

json_t *cw_traffic_status_sessions(const struct cw_node_core *core, size_t most)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	AUTO(free) const struct cw_traffic_sessions_row **found = calloc(most + 1, sizeof *found);
	size_t count = 0;
	if (!found)
		return NULL;
	if (core->edge)
		count = cw_traffic_sessions_list(cw_edge_core_sessions(core), cw_time_now(), found, most);
	for (size_t i = 0; i < count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "user", cw_json_text(found[i]->user));
		cw_json_put(&json, row, "client", cw_json_text(found[i]->client));
		cw_json_put(&json, row, "agent", cw_json_text(found[i]->agent));
		cw_json_put(&json, row, "address", cw_json_text(found[i]->address));
		cw_json_put(&json, row, "edge", cw_json_text(found[i]->edge));
		cw_json_put(&json, row, "since", cw_json_time(found[i]->since));
		cw_json_put(&json, row, "until", cw_json_time(found[i]->until));
		cw_json_add(&json, rows, row);
	}
	return json.failed ? NULL : TAKE(rows);
}

size_t cw_traffic_status_count(const struct cw_node_core *core)
{
	return core->edge ? cw_traffic_sessions_count(cw_edge_core_sessions(core), cw_time_now()) : 0;
}

void cw_traffic_status(const struct cw_node_core *core, json_t *ret)
{
	struct cw_json json = {0};
	if (!core->edge)
		return;
	if (core->snapshot->node->kind == CW_NODE_EXPRESSWAY_E)
		put_counts(core, ret);
	else
		cw_json_put(&json, ret, "sessions", cw_json_count(cw_traffic_status_count(core)));
}
