#include "node/node_dial_parts.h"
#include "node/node_effect.h"
#include "report/json.h"

#include <string.h>

/* --- all of them --- */

static struct cw_node_dial *find_dial(
	const struct cw_node_core *core, const struct cw_zone *zone, const char *address)
{
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		if (strcmp(dial->zone_name, zone->name) == 0 && strcmp(dial->address, address) == 0)
			return dial;
	return NULL;
}

static unsigned free_place(const struct cw_node_core *core)
{
	unsigned place = 0;
	for (const struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		if (dial->place >= place)
			place = dial->place + 1;
	return place;
}

static bool add_dial(struct cw_node_core *core, const struct cw_zone *zone, const char *address)
{
	struct cw_node_dial *dial = calloc(1, sizeof *dial);
	if (!dial)
		return false;
	dial->core = core;
	dial->place = free_place(core);
	dial->since = cw_time_now();
	dial->zone_name = strdup(zone->name);
	dial->address = strdup(address);
	dial->timer = evtimer_new(core->base, cw_node_dial_on_timer, dial);
	if (!dial->zone_name || !dial->address || !dial->timer) {
		cw_node_dial_free(dial);
		return false;
	}
	struct cw_node_dial **end = &core->dials;
	while (*end)
		end = &(*end)->next;
	*end = dial;
	cw_node_dial_set_timer(dial, 0);
	return true;
}

static void drop_gone(struct cw_node_core *core)
{
	struct cw_node_dial **place = &core->dials;
	while (*place) {
		struct cw_node_dial *dial = *place;
		if (!dial->gone) {
			place = &dial->next;
			continue;
		}
		*place = dial->next;
		cw_node_core_say(core, "zone to %s: Off: it is not in peers any more", dial->address);
		cw_node_dial_free(dial);
	}
}

static bool keep_or_add(struct cw_node_core *core, const struct cw_zone *zone)
{
	for (size_t i = 0; i < zone->peer_count; i++) {
		struct cw_node_dial *dial = find_dial(core, zone, zone->peers[i].address);
		if (dial)
			dial->gone = false;
		else if (!add_dial(core, zone, zone->peers[i].address))
			return false;
	}
	return true;
}

bool cw_node_dial_begin(struct cw_node_core *core, struct cw_error *error)
{
	const struct cw_node_file *file = core->snapshot->file;
	const struct cw_zone *zone = NULL;
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		dial->gone = true;
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone)))
		if (!keep_or_add(core, zone))
			return cw_error_memory(error);
	drop_gone(core);
	return true;
}

void cw_node_dial_end(struct cw_node_core *core)
{
	while (core->dials) {
		struct cw_node_dial *dial = core->dials;
		core->dials = dial->next;
		cw_node_dial_free(dial);
	}
}

static void judge_again(struct cw_node_dial *dial)
{
	if (!dial->connection || !dial->chain_count || dial->status.state != CW_ZONE_ACTIVE)
		return;
	dial->judged = dial->core->snapshot->number;
	cw_node_dial_ask(dial, CW_LINK_TRAVERSAL, &dial->zone);
	if (dial->zone.refuses)
		cw_connection_refuse(dial->connection, dial->zone.detail);
	else
		cw_node_dial_tunnel(dial);
	if (!dial->zone.refuses)
		cw_node_dial_service(dial);
}

void cw_node_dial_judge(struct cw_node_core *core)
{
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		judge_again(dial);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The zone of that name, as a snapshot has it; NULL: it has none. */
static const struct cw_zone *zone_in(const struct cw_snapshot *snapshot, const char *name)
{
	const struct cw_node_file *file = snapshot->file;
	const struct cw_zone *zone = NULL;
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone)))
		if (strcmp(zone->name, name) == 0)
			return zone;
	return NULL;
}

const struct cw_zone *cw_node_dial_zone(const struct cw_node_dial *dial)
{
	return zone_in(dial->core->snapshot, dial->zone_name);
}

const struct cw_link *cw_node_dial_link(const struct cw_node_dial *dial, enum cw_link_kind kind)
{
	return cw_snapshot_link(dial->core->snapshot, kind, cw_node_dial_zone(dial), dial->address);
}

/* What Expressway-E was shown, or told, is another now: the connection is made anew. */
static bool presents_another(
	const struct cw_node_dial *dial, const struct cw_snapshot *before, const struct cw_snapshot *after)
{
	const struct cw_zone *old = zone_in(before, dial->zone_name), *now = zone_in(after, dial->zone_name);
	return cw_snapshot_other_identity(before, after) || !old || !now || old->port != now->port ||
		cw_snapshot_versions(before) != cw_snapshot_versions(after) ||
		!same_text(old->on_c.username, now->on_c.username) ||
		!same_text(old->on_c.password, now->on_c.password);
}

/* The conversation borrowed them from the snapshot that goes. */
static void borrow(struct cw_node_dial *dial)
{
	const struct cw_zone *zone = cw_node_dial_zone(dial);
	struct cw_conversation *conversation = &dial->conversation;
	conversation->username = zone ? zone->on_c.username : NULL;
	conversation->password = zone ? zone->on_c.password : NULL;
	if (conversation->client.username)
		conversation->client.username = conversation->username;
	conversation->client.password = conversation->password;
}

void cw_node_dial_cancel(struct cw_node_core *core)
{
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		cw_node_find_cancel(&dial->find);
}

void cw_node_dial_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	struct cw_error error;
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next) {
		bool another = presents_another(dial, before, core->snapshot);
		borrow(dial);
		cw_node_dial_renew_tunnel(dial);
		if (!cw_node_dial_zone(dial))
			continue; /* it goes below */
		if (dial->status.state == CW_ZONE_ACTIVE && !another) {
			judge_again(dial);
			continue;
		}
		cw_node_dial_tunnel_down(dial, "the traversal zone is dialled anew");
		cw_node_dial_connect(dial);
	}
	if (!cw_node_dial_begin(core, &error))
		cw_node_core_say(core, "peers cannot be dialled: %s", error.message);
}

/* --- what is told of them --- */

/* The zone is up and nothing is being tried that could still become a tunnel. */
static bool has_no_tunnel(const struct cw_node_dial *dial)
{
	const struct cw_tunnel_status *tunnel = dial->tunnel ? cw_tunnel_client_status(dial->tunnel) : NULL;
	if (dial->status.state != CW_ZONE_ACTIVE)
		return false;
	if (dial->tunnel_answer.refuses || (dial->theirs_document.tunnel && !dial->theirs_document.passes))
		return true;
	return tunnel && tunnel->state != CW_TUNNEL_ACTIVE && tunnel->state != CW_TUNNEL_CHECKING;
}

/* Between two tries it stays failed: what counts is why. */
static bool is_failed(const struct cw_node_dial *dial)
{
	return dial->status.state == CW_ZONE_FAILED ||
		(dial->status.state == CW_ZONE_CHECKING && dial->status.failures);
}

static void look(struct cw_node_dial *dial)
{
	char key[200];
	if (dial->service.refuses && dial->status.state == CW_ZONE_ACTIVE) {
		snprintf(key, sizeof key, "service %.140s", dial->address);
		cw_node_core_alarm(dial->core, NULL, "Alert", key,
			"the certificate of %s in SERVICE is refused, nobody registers over it: %s: %.200s",
			dial->address, dial->service.code, dial->service.detail);
	}
	if (is_failed(dial)) {
		snprintf(key, sizeof key, "zone %.140s", dial->address);
		cw_node_core_alarm(dial->core, NULL, "Alert", key,
			"the traversal zone to %s has failed: %.200s%s%.100s", dial->address, dial->code,
			*dial->code ? ": " : "", dial->reason);
	} else if (has_no_tunnel(dial)) {
		snprintf(key, sizeof key, "tunnel %.140s", dial->address);
		cw_node_core_alarm(dial->core, NULL, "Alert", key,
			"%s: the zone to %s is active and its tunnel is not", CW_NODE_NO_TUNNELS,
			dial->address);
	}
}

void cw_node_dial_look(struct cw_node_core *core)
{
	for (struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		look(dial);
}

static bool zone_status(const struct cw_node_dial *dial, json_t *zones)
{
	struct cw_json json = {0};
	json_t *row = json_object();
	cw_json_put(&json, row, "zone", cw_json_text(dial->zone_name));
	cw_json_put(&json, row, "peer", cw_json_text(dial->address));
	const char *state = cw_zone_state_name(dial->status.state);
	if (is_failed(dial))
		state = cw_zone_state_name(CW_ZONE_FAILED);
	cw_json_put(&json, row, "state", cw_json_text(state));
	cw_json_put(&json, row, "code", cw_json_text(*dial->code ? dial->code : NULL));
	cw_json_put(&json, row, "reason", cw_json_text(dial->reason));
	cw_json_put(&json, row, "since", cw_json_time(dial->since));
	cw_json_add(&json, zones, row);
	return !json.failed;
}

static bool service_status(const struct cw_node_dial *dial, json_t *services)
{
	const struct cw_link *link = cw_node_dial_service_link(dial);
	const char *state = dial->service.refuses ? "Failed" : "Active";
	struct cw_json json = {0};
	char name[300];
	if (!link)
		return true;
	json_t *row = json_object();
	snprintf(name, sizeof name, "service %.250s", link->client.node->fqdn);
	cw_json_put(&json, row, "peer", cw_json_text(name));
	cw_json_put(&json, row, "state", cw_json_text(dial->service.asked ? state : "Off"));
	cw_json_put(&json, row, "code", cw_json_text(dial->service.refuses ? dial->service.code : NULL));
	cw_json_put(&json, row, "reason",
		cw_json_text(
			dial->service.asked ? dial->service.detail : "the traversal zone is not active"));
	cw_json_put(
		&json, row, "since", dial->service_since ? cw_json_time(dial->service_since) : json_null());
	cw_json_add(&json, services, row);
	return !json.failed;
}

bool cw_node_dial_services(const struct cw_node_core *core, json_t *services)
{
	for (const struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		if (!service_status(dial, services))
			return false;
	return true;
}

bool cw_node_dial_status(const struct cw_node_core *core, json_t *zones, json_t *tunnels)
{
	for (const struct cw_node_dial *dial = core->dials; dial; dial = dial->next)
		if (!zone_status(dial, zones) || !cw_node_dial_tunnel_status(dial, tunnels))
			return false;
	return true;
}

void cw_node_dial_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner)
{
	for (const struct cw_node_dial *dial = core->dials; dial; dial = dial->next) {
		bool active = dial->status.state == CW_ZONE_ACTIVE;
		struct cw_node_live live = {.kind = CW_LINK_TRAVERSAL,
			.zone = dial->zone_name,
			.peer = dial->address,
			.chain = dial->chain,
			.count = dial->chain_count,
			.refused = dial->zone.refuses};
		if (active || live.refused)
			owner->each(owner->context, &live);
		live.kind = CW_LINK_TUNNEL;
		live.refused = dial->tunnel_answer.refuses;
		if (active && dial->tunnel_answer.asked)
			owner->each(owner->context, &live);
		live.kind = CW_LINK_SERVICE; /* found by its client's name (node_effect.c) */
		live.by_server = true;
		live.zone = NULL;
		live.count = 1;
		live.refused = dial->service.refuses;
		if (active && dial->service.asked)
			owner->each(owner->context, &live);
	}
}
