#include "node/node_accept_parts.h"
#include "node/node_effect.h"
#include "report/json.h"
#include "traversal/tunnel_key.h"

#include <string.h>

/* C asks every 3 seconds; after three times without a word it is gone. */
static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 9500, .drain = 2000};

/* --- a zone's port --- */

const struct cw_zone *cw_node_accept_zone_of(const struct cw_node_accept_zone *at)
{
	const struct cw_node_file *file = at->accept->core->snapshot->file;
	const struct cw_zone *zone = NULL;
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone)))
		if (strcmp(zone->name, at->name) == 0)
			return zone;
	return NULL;
}

/* Where the first zone listens says listen:, the others beside it, on ports of their own. */
static struct sockaddr_in address_of(const struct cw_node_accept_zone *at)
{
	struct sockaddr_in address = at->accept->core->snapshot->file->listen.zone;
	if (at->number)
		address.sin_port = htons((uint16_t)at->port);
	return address;
}

static bool open_zone(struct cw_node_accept_zone *at, struct cw_error *error)
{
	struct cw_node_core *core = at->accept->core;
	struct cw_node *node = core->snapshot->node;
	struct cw_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	const struct sockaddr_in address = address_of(at);
	at->versions = cw_snapshot_versions(core->snapshot);
	const struct cw_listener_setup setup = {.base = core->base,
		.address = (const struct sockaddr *)&address,
		.length = sizeof address,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[CW_STORE_TRUSTED_CA].list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = at->versions,
		.keylog = core->keylog,
		.security_level = 0, /* the judge refuses, not the library */
		.limits = &limits,
		.owner = cw_node_accept_owner(at)};
	at->trouble[0] = '\0';
	if (cw_listener_open(&setup, &at->listener, error))
		return true;
	cw_error_prefix(error, "the zone's port %u", (unsigned)ntohs(address.sin_port));
	snprintf(at->trouble, sizeof at->trouble, "%.290s", error->message);
	return false;
}

/* Whoever is there goes with it. */
static void close_zone(struct cw_node_accept_zone *at)
{
	struct cw_node_guest *next;
	for (struct cw_node_guest *guest = at->accept->guests; guest; guest = next) {
		next = guest->next;
		if (guest->zone == at)
			cw_node_accept_forget(guest);
	}
	cw_listener_free(at->listener);
	at->listener = NULL;
}

static struct cw_node_accept_zone *find_zone(const struct cw_node_accept *accept, const char *name)
{
	for (struct cw_node_accept_zone *at = accept->zones; at; at = at->next)
		if (strcmp(at->name, name) == 0)
			return at;
	return NULL;
}

static struct cw_node_accept_zone *add_zone(struct cw_node_accept *accept, const char *name)
{
	struct cw_node_accept_zone *at = calloc(1, sizeof *at), **end = &accept->zones;
	char *copy = strdup(name);
	if (!at || !copy) {
		free(at);
		free(copy);
		return NULL;
	}
	at->accept = accept;
	at->name = copy;
	while (*end)
		end = &(*end)->next;
	*end = at;
	return at;
}

static void drop_gone(struct cw_node_accept *accept)
{
	struct cw_node_accept_zone **place = &accept->zones;
	while (*place) {
		struct cw_node_accept_zone *at = *place;
		if (!at->gone) {
			place = &at->next;
			continue;
		}
		*place = at->next;
		close_zone(at);
		free(at->name);
		free(at);
	}
}

/* The zones of the present snapshot; each has its port, or the reason why not. */
static bool update_zones(struct cw_node_accept *accept, struct cw_error *error)
{
	const struct cw_node_file *file = accept->core->snapshot->file;
	const struct cw_zone *zone = NULL;
	unsigned number = 0;
	bool good = true;
	for (struct cw_node_accept_zone *at = accept->zones; at; at = at->next)
		at->gone = true;
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone))) {
		struct cw_node_accept_zone *at = find_zone(accept, zone->name);
		if (!at && !(at = add_zone(accept, zone->name)))
			return cw_error_memory(error);
		at->gone = false;
		if (at->listener &&
			(at->number != number || at->port != zone->port ||
				at->versions != cw_snapshot_versions(accept->core->snapshot)))
			close_zone(at);
		at->number = number++;
		at->port = zone->port;
		if (!at->listener && !open_zone(at, error))
			good = false;
	}
	drop_gone(accept);
	return good;
}

/* --- the whole --- */

bool cw_node_accept_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node_accept *accept = core->accept = calloc(1, sizeof *accept);
	if (!accept)
		return cw_error_memory(error);
	accept->core = core;
	if (!update_zones(accept, error))
		return false;
	cw_node_accept_open_tunnels(accept);
	if (*accept->tunnel_trouble)
		cw_node_core_say(core, "tunnels cannot be had: %s", accept->tunnel_trouble);
	return true;
}

void cw_node_accept_end(struct cw_node_core *core)
{
	struct cw_node_accept *accept = core->accept;
	core->accept = NULL;
	if (!accept)
		return;
	cw_tunnel_server_free(accept->tunnels);
	accept->tunnels = NULL;
	for (struct cw_node_accept_zone *at = accept->zones; at; at = at->next)
		at->gone = true;
	drop_gone(accept);
	EVP_PKEY_free(accept->tunnel_key);
	free(accept);
}

void cw_node_accept_judge(struct cw_node_core *core)
{
	struct cw_error error;
	const struct cw_trust_list *list = &core->snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	struct cw_node_accept_zone *at = core->accept ? core->accept->zones : NULL;
	for (; at; at = at->next)
		if (at->listener && !cw_listener_set_list(at->listener, list, &error))
			cw_node_core_say(core, "links cannot be judged again: %s", error.message);
}

/* Who is there was shown the old certificate, and is to judge the new one. */
static void show_another(struct cw_node_accept *accept)
{
	struct cw_identity *identity = &accept->core->snapshot->node->identities[CW_IDENTITY_SERVER];
	struct cw_error error;
	for (struct cw_node_accept_zone *at = accept->zones; at; at = at->next)
		if (at->listener &&
			!cw_listener_set_identity(
				at->listener, identity->leaf, identity->private_key, &error))
			cw_node_core_say(
				accept->core, "the new certificate cannot be shown: %s", error.message);
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		cw_connection_refuse(
			cw_listener_peer_connection(guest->peer), "this node shows another certificate now");
}

/* With another key, or other algorithms, it is another server: its tunnels come back by the documents. */
static void renew_tunnels(struct cw_node_accept *accept)
{
	const struct cw_node *node = accept->core->snapshot->node;
	EVP_PKEY *key = node->identities[CW_IDENTITY_SERVER].private_key;
	if (accept->tunnels && EVP_PKEY_eq(accept->tunnel_key, key) == 1 &&
		accept->tunnel_algorithms == cw_tunnel_key_allowed(node->group))
		return;
	cw_node_accept_open_tunnels(accept);
	if (*accept->tunnel_trouble)
		cw_node_core_say(accept->core, "tunnels cannot be had: %s", accept->tunnel_trouble);
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		guest->own.listen.sin_port = 0; /* a port of the one that is gone */
}

/* Borrowed from the snapshot that goes; the next OPTIONS is asked with the new ones. */
static void borrow(struct cw_node_guest *guest)
{
	const struct cw_zone *zone = cw_node_accept_zone_of(guest->zone);
	guest->conversation.username = zone ? zone->on_e.username : NULL;
	guest->conversation.password = zone ? zone->on_e.password : NULL;
	guest->conversation.host = guest->accept->core->snapshot->node->fqdn;
}

void cw_node_accept_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	struct cw_node_accept *accept = core->accept;
	struct cw_error error;
	if (!accept)
		return;
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		borrow(guest);
	if (!update_zones(accept, &error))
		cw_node_core_say(core, "a zone cannot be had: %s", error.message);
	renew_tunnels(accept);
	cw_node_accept_judge(core);
	if (cw_snapshot_other_identity(before, core->snapshot))
		show_another(accept);
}

/* --- what is told of them --- */

static const char *zone_state(const struct cw_node_accept_zone *zone)
{
	for (const struct cw_node_guest *guest = zone->accept->guests; guest; guest = guest->next)
		if (guest->active && guest->zone == zone)
			return "Active";
	return zone->refused || !zone->listener ? "Failed" : "On";
}

static void look_at_zone(struct cw_node_core *core, const struct cw_node_accept_zone *zone)
{
	char key[200];
	snprintf(key, sizeof key, "zone %.150s", zone->name);
	if (!zone->listener)
		cw_node_core_alarm(core, NULL, "Alert", key, "the zone %.100s cannot be had: %s", zone->name,
			zone->trouble);
	else if (strcmp(zone_state(zone), "Failed") == 0)
		cw_node_core_alarm(core, NULL, "Alert", key, "the traversal zone has failed: %s%s%s",
			zone->code, *zone->code ? ": " : "", zone->reason);
}

void cw_node_accept_look(struct cw_node_core *core)
{
	const struct cw_node_accept *accept = core->accept;
	char key[200];
	if (!accept)
		return;
	if (*accept->tunnel_trouble)
		cw_node_core_alarm(
			core, NULL, "Alert", "tunnels", "%s: %s", CW_NODE_NO_TUNNELS, accept->tunnel_trouble);
	for (const struct cw_node_accept_zone *zone = accept->zones; zone; zone = zone->next)
		look_at_zone(core, zone);
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next) {
		const struct cw_tunnel_status *status = cw_node_accept_tunnel_of(guest);
		if (!guest->active ||
			(status &&
				(status->state == CW_TUNNEL_ACTIVE || status->state == CW_TUNNEL_CHECKING)))
			continue;
		snprintf(key, sizeof key, "tunnel %s", guest->name);
		cw_node_core_alarm(core, NULL, "Alert", key,
			"%s: the zone from %s is active and its tunnel is not", CW_NODE_NO_TUNNELS,
			guest->name);
	}
}

static bool guest_status(const struct cw_node_guest *guest, json_t *zones, json_t *tunnels)
{
	struct cw_json json = {0};
	json_t *zone = json_object(), *tunnel = json_object();
	const struct cw_tunnel_status *status = cw_node_accept_tunnel_of(guest);
	const char *code = NULL, *refused_by = NULL, *reason = status ? status->text : "";
	/* what they said last may be older than the tunnel */
	bool active = status && status->state == CW_TUNNEL_ACTIVE;
	if (guest->tunnel_answer.refuses) {
		code = guest->tunnel_answer.code;
		reason = guest->tunnel_answer.detail;
		refused_by = guest->accept->core->snapshot->node->fqdn;
	} else if (guest->theirs.tunnel && !guest->theirs.passes && !active) {
		code = guest->theirs.code;
		reason = guest->theirs.detail;
		refused_by = guest->theirs.node;
	} else if (status && status->state == CW_TUNNEL_FAILED) {
		code = cw_tunnel_words_name(status->reason);
	}
	cw_json_put(&json, zone, "zone", cw_json_text(guest->zone->name));
	cw_json_put(&json, zone, "peer", cw_json_text(guest->name));
	cw_json_put(&json, zone, "subject", cw_json_text(guest->subject));
	cw_json_put(&json, zone, "state", cw_json_text(guest->active ? "Active" : "Checking"));
	cw_json_put(&json, zone, "code", json_null());
	cw_json_put(&json, zone, "reason", cw_json_text(""));
	cw_json_put(&json, zone, "since", cw_json_time(guest->since));
	cw_json_add(&json, zones, zone);
	cw_json_put(&json, tunnel, "peer", cw_json_text(guest->name));
	cw_json_put(&json, tunnel, "state",
		cw_json_text(cw_tunnel_status_name(status ? status->state : CW_TUNNEL_OFF)));
	cw_json_put(&json, tunnel, "code", cw_json_text(code));
	cw_json_put(&json, tunnel, "refused_by", cw_json_text(refused_by));
	cw_json_put(&json, tunnel, "reason", cw_json_text(reason));
	cw_json_put(&json, tunnel, "since", json_null());
	cw_json_add(&json, tunnels, tunnel);
	return !json.failed;
}

static bool idle_status(const struct cw_node_accept_zone *zone, json_t *zones)
{
	struct cw_json json = {0};
	json_t *row = json_object();
	const char *reason = *zone->reason ? zone->reason : "nobody has come yet";
	if (!zone->listener)
		reason = zone->trouble;
	cw_json_put(&json, row, "zone", cw_json_text(zone->name));
	cw_json_put(&json, row, "peer", json_null());
	cw_json_put(&json, row, "state", cw_json_text(zone_state(zone)));
	cw_json_put(&json, row, "code", cw_json_text(*zone->code ? zone->code : NULL));
	cw_json_put(&json, row, "reason", cw_json_text(reason));
	cw_json_put(&json, row, "since", zone->refused ? cw_json_time(zone->refused) : json_null());
	cw_json_add(&json, zones, row);
	return !json.failed;
}

bool cw_node_accept_status(const struct cw_node_core *core, json_t *zones, json_t *tunnels)
{
	const struct cw_node_accept *accept = core->accept;
	if (!accept)
		return true;
	for (const struct cw_node_accept_zone *zone = accept->zones; zone; zone = zone->next)
		if (strcmp(zone_state(zone), "Active") != 0 && !idle_status(zone, zones))
			return false;
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		if (!guest_status(guest, zones, tunnels))
			return false;
	return true;
}

void cw_node_accept_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner)
{
	const struct cw_node_guest *guest = core->accept ? core->accept->guests : NULL;
	for (; guest; guest = guest->next) {
		size_t count;
		struct cw_cert *const *chain = cw_listener_peer_chain(guest->peer, &count);
		struct cw_node_live live = {.kind = CW_LINK_TRAVERSAL,
			.by_server = true,
			.zone = guest->zone->name,
			.peer = guest->name,
			.chain = chain,
			.count = count};
		if (!guest->active)
			continue;
		owner->each(owner->context, &live);
		live.kind = CW_LINK_TUNNEL;
		live.refused = guest->tunnel_answer.refuses;
		if (guest->tunnel_answer.asked)
			owner->each(owner->context, &live);
	}
}
