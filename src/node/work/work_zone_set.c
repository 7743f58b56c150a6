/*
 * A zone's settings. The password goes into a file of its own, whose name is new: node.yaml names it from the step on in
 * which it is renamed into its place, and the former file goes behind that.
 */
#include "base/file.h"
#include "config/load.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_yaml.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* Against a list of peers without end: a cluster has 6. */
#define PEERS_MAX 6

static struct cw_zone *find_zone(struct cw_snapshot *snapshot, const char *name)
{
	struct cw_deployment *deployment = snapshot->file->deployment;
	const struct cw_zone *zone = NULL;
	while ((zone = cw_node_file_next_zone(snapshot->file, deployment, zone)))
		if (strcmp(zone->name, name) == 0)
			return &deployment->zones[zone - deployment->zones];
	return NULL;
}

static bool set_text(struct cw_work_call *call, char **place, const char *text)
{
	free(*place);
	*place = text ? strdup(text) : NULL;
	return *place || !text || cw_work_call_memory(call);
}

/* --- peers --- */

static bool check_peers(struct cw_work_call *call, const struct cw_strings *peers)
{
	if (!peers->count || peers->count > PEERS_MAX)
		return cw_work_call_refuse(call, 400, NULL, "peers: wanted 1 to %d addresses, found %zu",
			PEERS_MAX, peers->count);
	for (size_t i = 0; i < peers->count; i++) {
		if (!cw_work_call_is_host(peers->items[i]))
			return cw_work_call_refuse(call, 400, NULL,
				"peers: wanted a host name or an address, found \"%.100s\"", peers->items[i]);
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(peers->items[i], peers->items[k]) == 0)
				return cw_work_call_refuse(
					call, 400, NULL, "peers: %.100s is repeated", peers->items[i]);
	}
	return true;
}

/* A peer that is new is a node of the other side of which nothing but its name is known. */
static struct cw_node *node_of(struct cw_zone *zone, const char *address)
{
	struct cw_group *group = zone->e;
	for (size_t i = 0; i < group->count; i++)
		if (strcasecmp(group->nodes[i]->fqdn, address) == 0 ||
			cw_strings_contain_name(&group->nodes[i]->addresses, address))
			return group->nodes[i];
	struct cw_node *node = calloc(1, sizeof *node);
	if (!node || !(node->fqdn = strdup(address)) ||
		!cw_memory_grow(&group->nodes, &group->capacity, group->count, sizeof(struct cw_node *))) {
		cw_node_free(node);
		return NULL;
	}
	node->kind = CW_NODE_EXPRESSWAY_E;
	node->group = group;
	node->identities[CW_IDENTITY_SERVER].state = CW_UNKNOWN;
	node->stores[CW_STORE_TRUSTED_CA].state = CW_UNKNOWN;
	return group->nodes[group->count++] = node;
}

/* Strangers that no zone names any more go, so that the file says what the page says. */
static bool is_named(const struct cw_deployment *deployment, const struct cw_node *node)
{
	for (size_t i = 0; i < deployment->zone_count; i++)
		for (size_t k = 0; k < deployment->zones[i].peer_count; k++)
			if (deployment->zones[i].peers[k].node == node)
				return true;
	return false;
}

static void drop_strangers(struct cw_deployment *deployment, struct cw_group *group)
{
	size_t kept = 0;
	for (size_t i = 0; i < group->count; i++) {
		struct cw_node *node = group->nodes[i];
		if (is_named(deployment, node) || node->identities[CW_IDENTITY_SERVER].state != CW_UNKNOWN)
			group->nodes[kept++] = node;
		else
			cw_node_free(node);
	}
	group->count = kept;
}

static bool set_peers(struct cw_work_call *call, struct cw_snapshot *after, struct cw_zone *zone)
{
	AUTO_STRINGS peers = {0};
	bool given;
	if (!cw_work_call_texts(call, "peers", &peers, &given))
		return false;
	if (!given)
		return true;
	if (after->node->kind != CW_NODE_EXPRESSWAY_C)
		return cw_work_call_refuse(call, 400, NULL, "peers: an Expressway-E dials nobody");
	if (!check_peers(call, &peers))
		return false;
	for (size_t i = 0; i < zone->peer_count; i++)
		free(zone->peers[i].address);
	zone->peer_count = 0;
	for (size_t i = 0; i < peers.count; i++) {
		struct cw_node *node = node_of(zone, peers.items[i]);
		char *address = strdup(peers.items[i]);
		if (!node || !address ||
			!cw_memory_grow(
				&zone->peers, &zone->peer_capacity, zone->peer_count, sizeof *zone->peers)) {
			free(address);
			return cw_work_call_memory(call);
		}
		zone->peers[zone->peer_count++] = (struct cw_peer){address, node};
	}
	drop_strangers(after->file->deployment, zone->e);
	return true;
}

/* --- the other fields --- */

/* Of Expressway-C a node knows the name that is verified: where nothing else is known of it, it is called by the new one. */
static bool rename_stranger(struct cw_work_call *call, const struct cw_zone *zone, const char *name)
{
	struct cw_node *node = zone->c->count == 1 ? zone->c->nodes[0] : NULL;
	bool stranger = node && node->identities[CW_IDENTITY_SERVER].state == CW_UNKNOWN &&
		zone->tls_verify_name && strcasecmp(node->fqdn, zone->tls_verify_name) == 0;
	return !stranger || set_text(call, &node->fqdn, name);
}

static bool set_verify_name(struct cw_work_call *call, const struct cw_snapshot *after, struct cw_zone *zone)
{
	const char *name;
	if (!cw_work_call_text(call, "verify_name", &name) || !name)
		return !call->status;
	if (after->node->kind != CW_NODE_EXPRESSWAY_E)
		return cw_work_call_refuse(
			call, 400, NULL, "verify_name: the TLS verify subject name is set on Expressway-E");
	if (!cw_work_call_is_host(name))
		return cw_work_call_refuse(
			call, 400, NULL, "verify_name: wanted a host name, found \"%.100s\"", name);
	return rename_stranger(call, zone, name) && set_text(call, &zone->tls_verify_name, name);
}

static bool set_port(struct cw_work_call *call, struct cw_zone *zone)
{
	size_t port = zone->port;
	if (!cw_work_call_number(call, "port", 1, 65535, &port))
		return false;
	zone->port = (unsigned)port;
	return true;
}

static bool set_user(struct cw_work_call *call, const char *name, struct cw_credentials *own)
{
	const char *user;
	if (!cw_work_call_text(call, "user", &user) || !user)
		return !call->status;
	if (!*user)
		return cw_work_call_refuse(call, 400, NULL, "user: zone \"%.60s\" needs a user name", name);
	return set_text(call, &own->username, user);
}

/* The long form of zones has one account for both ends. */
static bool share(
	struct cw_work_call *call, const struct cw_snapshot *after, struct cw_zone *zone, bool client)
{
	if (strcmp(zone->name, "traversal") == 0 && after->file->deployment->zone_count == 1)
		return true;
	const struct cw_credentials *own = client ? &zone->on_c : &zone->on_e;
	struct cw_credentials *other = client ? &zone->on_e : &zone->on_c;
	return set_text(call, &other->username, own->username) &&
		set_text(call, &other->password, own->password) &&
		set_text(call, &other->password_path, own->password_path);
}

struct password {
	char *former; /* the file that goes */
	char *path;   /* the new one; NULL: none */
};

static void password_finish(struct password *password)
{
	free(password->former);
	free(password->path);
}

#define AUTO_ZONE_PASSWORD __attribute__((cleanup(password_finish))) struct password

static bool is_inside(const char *typed)
{
	return typed && strncmp(typed, "secrets/zone-", 13) == 0 && !strstr(typed, "..");
}

/* The file is not written yet, so the model of a try has the password itself. */
static bool set_password(
	struct cw_work_call *call, struct cw_credentials *own, bool tries, struct password *ret)
{
	const char *text;
	char name[80];
	if (!cw_work_call_text(call, "password", &text) || !text)
		return !call->status;
	if (!*text)
		return cw_work_call_refuse(call, 400, NULL, "password: wanted one, found an empty text");
	if (is_inside(own->password_path) && !set_text(call, &ret->former, own->password_path))
		return false;
	free(own->password_path);
	own->password_path = NULL;
	if (!set_text(call, &own->password, text))
		return false;
	if (tries)
		return true;
	snprintf(name, sizeof name, "secrets/zone-%" PRId64 "-%u.txt", (int64_t)cw_time_now(),
		call->core->snapshot->number);
	AUTO(free) char *folder = cw_file_path(call->core->folder.path, "secrets");
	AUTO(free) char *path = cw_file_path(call->core->folder.path, name);
	AUTO_BUFFER line = {.secret = true};
	cw_buffer_printf(&line, "%s\n", text);
	if (!folder || !path || line.failed || !set_text(call, &own->password_path, name))
		return cw_work_call_memory(call);
	return set_text(call, &ret->path, name) && cw_file_make_folder(folder, call->error) &&
		cw_file_write(path, cw_buffer_string(&line), line.length, 0600, call->error);
}

/* Also where it cannot be found out. */
static bool may_be_named(const struct cw_work_call *call, const char *name)
{
	struct cw_error ignored;
	AUTO_BUFFER yaml = {.secret = true};
	AUTO(free) char *path = cw_file_path(call->core->folder.path, "node.yaml");
	return !path || !cw_file_read(path, CW_DEPLOYMENT_FILE_MAX, &yaml, &ignored) ||
		strstr(cw_buffer_string(&yaml), name);
}

/* A change may fail before node.yaml is the new one, and behind that: of the two files the one that it names stays. */
static void remove_secret(const struct cw_work_call *call, const char *name)
{
	struct cw_error ignored;
	AUTO(free) char *path =
		name && !may_be_named(call, name) ? cw_file_path(call->core->folder.path, name) : NULL;
	bool gone = path && cw_file_destroy(path, &ignored);
	(void)gone;
}

static bool change_zone(struct cw_work_call *call, bool tries)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_ZONE_PASSWORD password = {0};
	const char *name;
	if (!cw_work_call_want(call, "name", &name) || !cw_work_apply_read(call, &after))
		return false;
	struct cw_zone *zone = find_zone(after, name);
	if (!zone)
		return cw_work_call_refuse(call, 404, "The list of zones names those there are.",
			"no zone has the name \"%.100s\"", name);
	bool client = after->node->kind == CW_NODE_EXPRESSWAY_C;
	struct cw_credentials *own = client ? &zone->on_c : &zone->on_e;
	if (!set_peers(call, after, zone) || !set_verify_name(call, after, zone) || !set_port(call, zone) ||
		!set_user(call, name, own))
		return false;
	const struct cw_work_yaml_change change = {.model = after, .tries = tries};
	bool done = set_password(call, own, tries, &password) && share(call, after, zone, client) &&
		cw_work_yaml_apply(call, &change);
	if (!tries) {
		remove_secret(call, password.former);
		remove_secret(call, password.path);
	}
	return done;
}

bool cw_work_do_zone_try(struct cw_work_call *call)
{
	return change_zone(call, true);
}

bool cw_work_do_zone_set(struct cw_work_call *call)
{
	return change_zone(call, false);
}
