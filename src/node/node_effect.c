#include "node/node_effect.h"

#include "node/node_accept.h"
#include "node/node_dial.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/worker/node_workers.h"
#include "report/json.h"

#include <string.h>
#include <strings.h>

struct asking {
	const struct cw_node_core *core;
	const struct cw_snapshot *after;
	struct cw_json json;
	json_t *ends, *begins;
};

static const struct cw_zone *zone_of(const struct cw_snapshot *snapshot, const char *name)
{
	const struct cw_node_file *file = snapshot->file;
	const struct cw_zone *zone = NULL;
	while (name && (zone = cw_node_file_next_zone(file, file->deployment, zone)))
		if (strcmp(zone->name, name) == 0)
			return zone;
	return NULL;
}

/* The same link in the other snapshot. */
static const struct cw_link *link_of(const struct cw_snapshot *after, const struct cw_node_live *live)
{
	const struct cw_zone *zone = zone_of(after, live->zone);
	if (live->zone && !zone)
		return NULL;
	if (zone)
		return cw_snapshot_link(after, live->kind, zone, live->by_server ? NULL : live->peer);
	if (live->by_server)
		return cw_snapshot_link_from(after, live->kind, live->chain[0]);
	for (size_t i = 0; i < after->check->link_count; i++) {
		const struct cw_link *link = after->check->links[i];
		if (link->kind == live->kind && link->client.node == after->node &&
			strcasecmp(link->address, live->peer) == 0)
			return link;
	}
	return NULL;
}

static json_t *row_of(struct cw_json *json, const struct cw_node_live *live)
{
	json_t *row = json_object();
	cw_json_put(json, row, "link", cw_json_text(cw_link_kind_name(live->kind)));
	cw_json_put(json, row, "peer", cw_json_text(live->peer));
	return row;
}

static void add_end(
	struct asking *asking, const struct cw_node_live *live, const char *code, const char *detail)
{
	json_t *row = row_of(&asking->json, live);
	cw_json_put(&asking->json, row, "code", cw_json_text(code));
	cw_json_put(&asking->json, row, "detail", cw_json_text(detail));
	cw_json_add(&asking->json, asking->ends, row);
}

static void on_live(void *context, const struct cw_node_live *live)
{
	struct asking *asking = context;
	struct cw_snapshot_answer answer;
	struct cw_error error;
	if (!live->count)
		return;
	const struct cw_link *link = link_of(asking->after, live);
	const struct cw_snapshot_evidence evidence = {.chain = live->chain,
		.count = live->count,
		.cache = asking->core->cache,
		.now = cw_time_now()};
	if (!link) {
		if (!live->refused)
			add_end(asking, live, "", "its peer is not in node.yaml any more");
		return;
	}
	if (!cw_snapshot_ask(asking->after, link, &evidence, &answer, &error)) {
		asking->json.failed = true;
		return;
	}
	if (answer.refuses && !live->refused)
		add_end(asking, live, answer.code, answer.detail);
	else if (!answer.refuses && live->refused)
		cw_json_add(&asking->json, asking->begins, row_of(&asking->json, live));
}

json_t *cw_node_effect(const struct cw_node_core *core, const struct cw_snapshot *after)
{
	struct asking asking = {.core = core, .after = after, .ends = json_array(), .begins = json_array()};
	const struct cw_node_live_owner owner = {on_live, &asking};
	AUTO(json_decref) json_t *object = json_object();
	cw_node_dial_live(core, &owner);
	cw_node_accept_live(core, &owner);
	cw_node_reach_live(core, &owner);
	cw_node_ports_live(core, &owner);
	cw_node_workers_live(core, &owner);
	cw_json_put(&asking.json, object, "ends", asking.ends);
	cw_json_put(&asking.json, object, "begins", asking.begins);
	return asking.json.failed ? NULL : TAKE(object);
}

static void put_rows(const json_t *rows, const char *what, struct cw_buffer *ret)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const char *code = json_string_value(json_object_get(row, "code"));
		cw_buffer_printf(ret, "%s%s %s", i ? ", " : what,
			json_string_value(json_object_get(row, "link")),
			json_string_value(json_object_get(row, "peer")));
		if (code && *code)
			cw_buffer_printf(ret, " (%s)", code);
	}
}

void cw_node_effect_text(const json_t *effect, struct cw_buffer *ret)
{
	put_rows(json_object_get(effect, "ends"), "; ends: ", ret);
	put_rows(json_object_get(effect, "begins"), "; passes now: ", ret);
}
