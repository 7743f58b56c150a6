#include "plan/whatif_parts.h"

#include <string.h>
#include <strings.h>

/* What a setting changes: the group, the node or the zone that is meant, and where its value goes. */
struct setting {
	struct cw_whatif *whatif;
	const struct cw_whatif_change *change;
	struct cw_group *group;
	struct whatif_node *node;
	struct cw_endpoint *endpoint;
	struct cw_zone *zone;
	struct cw_error *error;
};

enum scope { OF_C = 1, OF_E = 2, OF_CUCM = 4, OF_ZONE = 8, OF_NODE = 16, OF_ENDPOINT = 32 };

static bool refuse(const struct setting *setting, const char *wanted)
{
	return cw_error_set(setting->error, CW_E_USAGE, "%s: wanted %s, found \"%s\"",
		setting->change->setting, wanted, setting->change->value ? setting->change->value : "");
}

static bool read_switch(const struct setting *setting, bool *ret)
{
	static const char *const on[] = {"on", "true", "yes"}, *const off[] = {"off", "false", "no"};
	const char *value = setting->change->value ? setting->change->value : "";
	for (size_t i = 0; i < 3; i++) {
		if (strcasecmp(value, on[i]) == 0 || strcasecmp(value, off[i]) == 0) {
			*ret = strcasecmp(value, on[i]) == 0;
			return true;
		}
	}
	return refuse(setting, "on or off");
}

static bool set_cucm_tls_verify(struct setting *setting)
{
	bool on;
	if (!read_switch(setting, &on))
		return false;
	setting->group->cucm_tls_verify = on ? CW_SWITCH_ON : CW_SWITCH_OFF;
	return true;
}

static bool set_verify_origin_server(struct setting *setting)
{
	return read_switch(setting, &setting->group->verify_origin_server);
}

static bool set_eku_check(struct setting *setting)
{
	return read_switch(setting, &setting->group->eku_check);
}

static bool set_server_eku_upload(struct setting *setting)
{
	return read_switch(setting, &setting->group->server_eku_upload);
}

static bool set_secure_registration(struct setting *setting)
{
	bool on;
	if (!read_switch(setting, &on))
		return false;
	setting->group->secure_registration = on ? CW_SWITCH_ON : CW_SWITCH_OFF;
	return true;
}

/* One of two words. */
static bool read_word(const struct setting *setting, const char *yes, const char *no, bool *ret)
{
	const char *value = setting->change->value ? setting->change->value : "";
	if (strcasecmp(value, yes) == 0 || strcasecmp(value, no) == 0) {
		*ret = strcasecmp(value, yes) == 0;
		return true;
	}
	char wanted[64];
	snprintf(wanted, sizeof wanted, "%s or %s", yes, no);
	return refuse(setting, wanted);
}

static bool set_cluster_tls_verify(struct setting *setting)
{
	return read_word(setting, "on", "permissive", &setting->group->cluster_tls_verify);
}

static bool set_revocation(struct setting *setting)
{
	if (!read_word(setting, "crl", "off", &setting->group->revocation))
		return false;
	setting->group->revocation_unknown = false;
	return true;
}

static bool set_revocation_fallback(struct setting *setting)
{
	return read_word(setting, "ignore", "fail", &setting->group->revocation_missing_passes);
}

static bool set_prefer(struct setting *setting)
{
	bool rsa;
	if (!read_word(setting, "rsa", "ecdsa", &rsa))
		return false;
	setting->group->prefer = rsa ? CW_PREFER_RSA : CW_PREFER_ECDSA;
	return true;
}

static bool set_release(struct setting *setting)
{
	return cw_release_parse(setting->change->value ? setting->change->value : "",
		&setting->group->release, setting->error);
}

static bool keep_value(struct setting *setting, char **ret)
{
	char *copy = whatif_keep_text(setting->whatif, setting->change->value ? setting->change->value : "");
	if (!copy)
		return cw_error_memory(setting->error);
	*ret = copy;
	return true;
}

static bool set_tls_verify_name(struct setting *setting)
{
	return keep_value(setting, &setting->zone->tls_verify_name);
}

/* An address belongs to the E node of that name or address; where there is one E node, to it. */
static struct cw_node *peer_of(const struct cw_group *e, const char *address)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcasecmp(e->nodes[i]->fqdn, address) == 0 ||
			cw_strings_contain_name(&e->nodes[i]->addresses, address))
			return e->nodes[i];
	return e->count == 1 ? e->nodes[0] : NULL;
}

static bool set_peers(struct setting *setting)
{
	const char *former = setting->change->replaces, *address = setting->change->value;
	struct cw_node *node = address ? peer_of(setting->zone->e, address) : NULL;
	if (!node)
		return refuse(setting, "an fqdn or address of an Expressway-E node");
	for (size_t i = 0; i < setting->zone->peer_count; i++) {
		struct cw_peer *peer = &setting->zone->peers[i];
		if (former ? strcasecmp(peer->address, former) != 0 : peer->node != node)
			continue;
		peer->node = node;
		return keep_value(setting, &peer->address);
	}
	return refuse(setting, "an address in place of one that is among the peers");
}

static bool set_username(struct setting *setting)
{
	return keep_value(setting, &setting->zone->on_c.username) &&
		keep_value(setting, &setting->zone->on_e.username);
}

/* As the account on E has them: nobody prints or types a password here. */
static bool set_credentials(struct setting *setting)
{
	setting->zone->on_c = setting->zone->on_e;
	return true;
}

static bool set_address(struct setting *setting)
{
	struct cw_strings *addresses = &setting->node->node.addresses;
	whatif_changed_of(setting->whatif, setting->node)->rest = true;
	char **items = whatif_keep_block(setting->whatif, addresses->count + 1, sizeof *items);
	if (!items)
		return cw_error_memory(setting->error);
	size_t count = 1;
	for (size_t i = 1; i < addresses->count; i++)
		items[count++] = addresses->items[i];
	*addresses = (struct cw_strings){items, count, count};
	return keep_value(setting, &items[0]);
}

static bool set_sends(struct setting *setting)
{
	static const char *const words[] = {
		[CW_SENDS_AUTO] = "auto", [CW_SENDS_LEAF] = "leaf", [CW_SENDS_FILE] = "file"};
	const char *value = setting->change->value ? setting->change->value : "";
	whatif_changed_of(setting->whatif, setting->node)->rest = true;
	for (int i = 0; i < 3; i++) {
		if (strcasecmp(value, words[i]) == 0) {
			setting->node->node.sends = (enum cw_sends)i;
			return true;
		}
	}
	return refuse(setting, "auto, leaf or file");
}

/* The links that it registers over; the name of a phone profile must be one that is known. */
static bool set_profile(struct setting *setting)
{
	const char *value = setting->change->value ? setting->change->value : "";
	bool oauth = strcasecmp(value, "oauth") == 0;
	setting->whatif->others_changed = true;
	if (!oauth && strcasecmp(value, "none") != 0)
		return refuse(setting, "oauth or none");
	setting->endpoint->sip = oauth ? CW_ENDPOINT_SIP_OAUTH : CW_ENDPOINT_SIP_NONE;
	setting->endpoint->profile = NULL;
	return true;
}

static void take_out_of_group(struct cw_group *group, const struct cw_node *node)
{
	size_t kept = 0;
	for (size_t i = 0; i < group->count; i++)
		if (group->nodes[i] != node)
			group->nodes[kept++] = group->nodes[i];
	group->count = kept;
}

static bool take_out_of_zones(struct setting *setting, const struct cw_node *node)
{
	for (size_t i = 0; i < setting->whatif->changed.zone_count; i++) {
		struct cw_zone *zone = &setting->whatif->changed.zones[i];
		size_t kept = 0;
		for (size_t k = 0; k < zone->peer_count; k++)
			if (zone->peers[k].node != node)
				zone->peers[kept++] = zone->peers[k];
		if (!kept)
			return refuse(setting, "another peer in each of its zones");
		zone->peer_count = kept;
	}
	return true;
}

/* A peer in maintenance mode takes part in nothing. */
static bool set_maintenance_mode(struct setting *setting)
{
	bool on;
	struct cw_node *node = &setting->node->node;
	if (!read_switch(setting, &on))
		return false;
	if (!on)
		return true;
	if (!cw_node_is_expressway(node) || node->group->count < 2)
		return refuse(setting, "a peer of an Expressway cluster of two or more");
	setting->whatif->others_changed = true;
	take_out_of_group(node->group, node);
	return take_out_of_zones(setting, node);
}

static const struct row {
	const char *key;
	unsigned scope;
	bool (*set)(struct setting *setting);
} rows[] = {
	{"cucm-tls-verify", OF_C | OF_CUCM, set_cucm_tls_verify},
	{"verify-origin-server", OF_C, set_verify_origin_server},
	{"eku-check", OF_C | OF_E, set_eku_check},
	{"server-eku-upload", OF_E, set_server_eku_upload},
	{"secure-registration", OF_CUCM, set_secure_registration},
	{"cluster-tls-verify", OF_C | OF_E, set_cluster_tls_verify},
	{"revocation", OF_C | OF_E, set_revocation},
	{"revocation-fallback", OF_C | OF_E, set_revocation_fallback},
	{"prefer", OF_C, set_prefer},
	{"release", OF_C | OF_E, set_release},
	{"tls-verify-name", OF_ZONE, set_tls_verify_name},
	{"peers", OF_ZONE, set_peers},
	{"peer address", OF_ZONE, set_peers},
	{"username", OF_ZONE, set_username},
	{"traversal zone user name and password", OF_ZONE, set_credentials},
	{"address", OF_NODE, set_address},
	{"server address", OF_NODE, set_address},
	{"sends", OF_NODE, set_sends},
	{"maintenance-mode", OF_NODE, set_maintenance_mode},
	{"profile", OF_ENDPOINT, set_profile},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static bool unknown_setting(const char *key, struct cw_error *error)
{
	const char *keys[ROW_COUNT];
	for (size_t i = 0; i < ROW_COUNT; i++)
		keys[i] = rows[i].key;
	const char *meant = cw_strings_suggest(key, keys, ROW_COUNT);
	if (meant)
		return cw_error_set(
			error, CW_E_USAGE, "unknown setting \"%s\"; did you mean \"%s\"?", key, meant);
	return cw_error_set(error, CW_E_USAGE,
		"unknown setting \"%s\"; wanted a key of a group, node or zone of the deployment file", key);
}

static unsigned scope_of(const struct cw_group *group)
{
	switch (group->kind) {
	case CW_NODE_EXPRESSWAY_C:
		return OF_C;
	case CW_NODE_EXPRESSWAY_E:
		return OF_E;
	case CW_NODE_CUCM:
		return OF_CUCM;
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
	case CW_NODE_FRONT:
	case CW_NODE_KIND_COUNT:
		break;
	}
	return 0;
}

static bool names_group(const struct cw_group *group, const char *name)
{
	if (!name || strcmp(group->name, name) == 0 || strcmp(cw_node_kind_name(group->kind), name) == 0)
		return true;
	for (size_t i = 0; i < group->count; i++)
		if (strcasecmp(group->nodes[i]->fqdn, name) == 0)
			return true;
	return false;
}

static bool names_zone(const struct cw_zone *zone, const char *name)
{
	return !name || strcmp(zone->name, name) == 0 || names_group(zone->c, name) ||
		names_group(zone->e, name);
}

/* A peer is one address of one zone: the first zone that has it. */
static bool zone_has_peer(const struct cw_zone *zone, const char *address)
{
	for (size_t i = 0; address && i < zone->peer_count; i++)
		if (strcasecmp(zone->peers[i].address, address) == 0)
			return true;
	return !address;
}

static bool set_in_zones(struct setting *setting, const struct row *row, size_t *count)
{
	const struct cw_whatif_change *change = setting->change;
	for (size_t i = 0; i < setting->whatif->changed.zone_count; i++) {
		setting->zone = &setting->whatif->changed.zones[i];
		if (!names_zone(setting->zone, change->node) ||
			!zone_has_peer(setting->zone, change->replaces))
			continue;
		if (!row->set(setting))
			return false;
		setting->whatif->changed_zones[i] = true;
		++*count;
	}
	return true;
}

static bool set_in_groups(struct setting *setting, const struct row *row, size_t *count)
{
	for (size_t i = 0; i < setting->whatif->changed.group_count; i++) {
		setting->group = setting->whatif->changed.groups[i];
		if (!(row->scope & scope_of(setting->group)) ||
			!names_group(setting->group, setting->change->node))
			continue;
		if (!row->set(setting))
			return false;
		setting->whatif->changed_groups[i] = true;
		++*count;
	}
	return true;
}

static bool set_on_endpoints(struct setting *setting, const struct row *row, size_t *count)
{
	const char *name = setting->change->node;
	for (size_t i = 0; i < setting->whatif->changed.endpoint_count; i++) {
		setting->endpoint = &setting->whatif->changed.endpoints[i];
		if (name && strcmp(setting->endpoint->name, name) != 0)
			continue;
		if (!row->set(setting))
			return false;
		++*count;
	}
	return true;
}

bool whatif_set(struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	struct setting setting = {.whatif = whatif, .change = change, .error = error};
	const char *key = change->kind == CW_WHATIF_RELEASE ? "release" : change->setting;
	const struct row *row = NULL;
	size_t count = 0;
	for (size_t i = 0; i < ROW_COUNT && !row; i++)
		row = strcmp(rows[i].key, key) == 0 ? &rows[i] : NULL;
	if (!row)
		return unknown_setting(key, error);
	bool good = true;
	if (row->scope & OF_ZONE) {
		good = set_in_zones(&setting, row, &count);
	} else if (row->scope & OF_ENDPOINT) {
		good = set_on_endpoints(&setting, row, &count);
	} else if (row->scope & OF_NODE) {
		setting.node = whatif_node_named(whatif, change->node);
		good = !setting.node || row->set(&setting);
		count = setting.node ? 1 : 0;
	} else {
		good = set_in_groups(&setting, row, &count);
	}
	if (good && !count)
		return cw_error_set(error, CW_E_USAGE,
			"%s: nothing of %s is called \"%s\" and has this setting", key,
			whatif->original->name, change->node ? change->node : "");
	return good;
}
