#include "config/load_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_PORT 7001 /* docs/sources.md: the vendor's default of the first traversal zone */

/* The groups of one kind, as the zones see them. */
struct side {
	const struct cw_group_source *first;
	const struct cw_group_source *second; /* or NULL */
	size_t count;
};

static struct side side_of(const struct cw_loader *loader, enum cw_node_kind kind)
{
	struct side side = {0};
	for (size_t i = 0; i < loader->group_count; i++) {
		if (loader->groups[i].group->kind != kind)
			continue;
		side.count++;
		if (side.count == 1)
			side.first = &loader->groups[i];
		else if (side.count == 2)
			side.second = &loader->groups[i];
	}
	return side;
}

static const struct cw_group_source *source_of(const struct cw_loader *loader, const struct cw_group *group)
{
	for (size_t i = 0; i < loader->group_count; i++)
		if (loader->groups[i].group == group)
			return &loader->groups[i];
	return NULL;
}

static struct cw_zone *zone_new(struct cw_loader *loader)
{
	struct cw_deployment *deployment = loader->deployment;
	if (!cw_memory_grow(&deployment->zones, &deployment->zone_capacity, deployment->zone_count,
		    sizeof *deployment->zones)) {
		loader->problems.no_memory = true;
		return NULL;
	}
	struct cw_zone *zone = &deployment->zones[deployment->zone_count++];
	*zone = (struct cw_zone){.port = DEFAULT_PORT};
	return zone;
}

/* --- peers --- */

static struct cw_node *peer_node(const struct cw_group *e, const char *address)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcasecmp(e->nodes[i]->fqdn, address) == 0)
			return e->nodes[i];
	for (size_t i = 0; i < e->count; i++)
		if (cw_strings_contain_name(&e->nodes[i]->addresses, address))
			return e->nodes[i];
	return e->count == 1 ? e->nodes[0] : NULL;
}

static const char *suggest_peer(const struct cw_group *e, const char *address)
{
	const char *meant = NULL;
	for (size_t i = 0; i < e->count && !meant; i++) {
		const char *fqdn = e->nodes[i]->fqdn;
		meant = cw_strings_suggest(address, &fqdn, 1);
		for (size_t j = 0; j < e->nodes[i]->addresses.count && !meant; j++) {
			const char *other = e->nodes[i]->addresses.items[j];
			meant = cw_strings_suggest(address, &other, 1);
		}
	}
	return meant;
}

static void report_stranger(struct cw_loader *loader, const struct cw_yaml *value, const struct cw_group *e)
{
	char quoted[CW_QUOTED_SIZE], hint[CW_QUOTED_SIZE + 64];
	const struct cw_group_source *source = source_of(loader, e);
	if (!source || source->incomplete)
		return;
	const char *meant = suggest_peer(e, value->text);
	snprintf(hint, sizeof hint, "give the node that it reaches an \"address\"");
	if (meant)
		snprintf(hint, sizeof hint, "did you mean \"%s\"?", meant);
	const char *name = source->name ? e->name : "";
	cw_problem(&loader->problems, value, "no node of expressway-e%s%s has the fqdn or address %s; %s",
		*name ? " " : "", name, cw_problem_quote(value->text, quoted), hint);
}

static void add_peer(struct cw_loader *loader, const struct cw_yaml *value, struct cw_zone *zone)
{
	const char *address = cw_value_host(&loader->problems, value);
	if (!address || !zone->e || !zone->e->name)
		return;
	for (size_t i = 0; i < zone->peer_count; i++)
		if (strcasecmp(zone->peers[i].address, address) == 0) {
			char quoted[CW_QUOTED_SIZE];
			cw_problem(&loader->problems, value, "peer %s is repeated",
				cw_problem_quote(address, quoted));
			return;
		}
	struct cw_node *node = peer_node(zone->e, address);
	if (!node) {
		report_stranger(loader, value, zone->e);
		return;
	}
	char *copy = NULL;
	if (cw_memory_grow(&zone->peers, &zone->peer_capacity, zone->peer_count, sizeof *zone->peers))
		copy = strdup(address);
	if (copy)
		zone->peers[zone->peer_count++] = (struct cw_peer){copy, node};
	else
		loader->problems.no_memory = true;
}

static void load_peers(struct cw_loader *loader, const struct cw_yaml *value, struct cw_zone *zone)
{
	if (!cw_value_is_list(&loader->problems, value, "a list of addresses of Expressway-E"))
		return;
	if (!value->count)
		cw_problem(&loader->problems, value, "wanted at least one peer, found an empty list");
	if (value->count > CW_PEERS_MAX)
		cw_problem(&loader->problems, value, "more than %d peers; a cluster has 6 at most",
			CW_PEERS_MAX);
	for (size_t i = 0; i < value->count && i < CW_PEERS_MAX; i++)
		add_peer(loader, &value->entries[i].value, zone);
}

static void load_credentials(
	struct cw_loader *loader, const struct cw_raw_zone *raw, struct cw_credentials *ret)
{
	cw_value_copy(&loader->problems, raw->username, "a user name", &ret->username);
	cw_value_copy(&loader->problems, raw->password, "a password", &ret->password);
	if (!raw->password_file)
		return;
	if (raw->password)
		cw_problem(&loader->problems, raw->password_file,
			"\"password\" is given too (%zu:%zu); wanted one of the two", raw->password->line,
			raw->password->column);
	AUTO_SECRET secret = cw_load_secret(loader, raw->password_file, "zone");
	cw_load_secret_path(loader, &secret, &ret->password_path);
	if (secret.text && !ret->password && !(ret->password = strdup(secret.text)))
		loader->problems.no_memory = true;
}

/* --- the short form: `traversal:` on both sides --- */

static void read_traversal(struct cw_loader *loader, const struct cw_group_source *source,
	const struct cw_schema *schema, struct cw_raw_zone *raw)
{
	if (source && source->traversal)
		cw_schema_read(&loader->problems, schema, source->traversal, raw);
}

static void load_ports(struct cw_loader *loader, const struct cw_raw_zone *on_c,
	const struct cw_raw_zone *on_e, struct cw_zone *zone)
{
	unsigned c = zone->port, e = zone->port;
	cw_value_port(&loader->problems, on_c->port, &c);
	cw_value_port(&loader->problems, on_e->port, &e);
	if (on_c->port && on_e->port && c != e)
		cw_problem(&loader->problems, on_e->port,
			"port %u here, but port %u on expressway-c (%zu:%zu)", e, c, on_c->port->line,
			on_c->port->column);
	zone->port = on_c->port ? c : e;
}

static void fill_short_zone(struct cw_loader *loader, const struct cw_raw_zone *on_c,
	const struct cw_raw_zone *on_e, struct cw_zone *zone)
{
	zone->name = strdup("traversal");
	if (!zone->name)
		loader->problems.no_memory = true;
	load_ports(loader, on_c, on_e, zone);
	load_peers(loader, on_c->peers, zone);
	cw_value_host_copy(&loader->problems, on_e->tls_verify_name, &zone->tls_verify_name);
	load_credentials(loader, on_c, &zone->on_c);
	load_credentials(loader, on_e, &zone->on_e);
}

/* Both sides are there and nothing says how one reaches the other. What was reported already (a group or a
 * traversal that is no map, a key mistyped) is not said twice. */
static void report_no_peers(struct cw_loader *loader, const struct cw_group_source *c)
{
	if (c->traversal && c->traversal->kind == CW_YAML_MAP)
		cw_schema_want(&loader->problems, &cw_traversal_c_schema, c->traversal, NULL, "peers");
	else if (!c->traversal && c->at->kind == CW_YAML_MAP &&
		!cw_schema_mistyped(cw_deployment_keys_group(CW_NODE_EXPRESSWAY_C), c->at, "traversal"))
		cw_problem(&loader->problems, c->at,
			"nothing says how expressway-c reaches expressway-e; wanted \"traversal: {peers: "
			"[...]}\"");
}

/* Keeps the zone where it has two ends. One that has not is read all the same: for its problems. */
static void load_short_zone(struct cw_loader *loader, const struct side *c, const struct side *e)
{
	struct cw_raw_zone on_c = {0}, on_e = {0};
	read_traversal(loader, c->first, &cw_traversal_c_schema, &on_c);
	read_traversal(loader, e->first, &cw_traversal_e_schema, &on_e);
	struct cw_zone read = {.port = DEFAULT_PORT};
	if (c->first)
		read.c = c->first->group;
	if (e->first)
		read.e = e->first->group;
	fill_short_zone(loader, &on_c, &on_e, &read);
	if (read.c && read.e && !on_c.peers && c->first->at) /* a group that nobody wrote has no place */
		report_no_peers(loader, c->first);
	if (!read.e && on_c.peers)
		cw_problem(&loader->problems, on_c.peers,
			"these peers belong to no node: there is no expressway-e");
	struct cw_zone *zone = read.c && read.e ? zone_new(loader) : NULL;
	if (zone)
		*zone = read;
	else
		cw_deployment_zone_finish(&read);
}

/* --- the long form: `zones:` --- */

static const char *suggest_group(const struct cw_loader *loader, enum cw_node_kind kind, const char *word)
{
	const char *meant = NULL;
	for (size_t i = 0; i < loader->group_count && !meant; i++) {
		const char *name = loader->groups[i].group->name;
		if (loader->groups[i].group->kind == kind && name)
			meant = cw_strings_suggest(word, &name, 1);
	}
	return meant;
}

static struct cw_group *find_group(const struct cw_loader *loader, enum cw_node_kind kind, const char *name)
{
	for (size_t i = 0; i < loader->group_count; i++) {
		struct cw_group *group = loader->groups[i].group;
		if (group->kind == kind && group->name && strcmp(group->name, name) == 0)
			return group;
	}
	return NULL;
}

static struct cw_group *named_group(
	struct cw_loader *loader, const struct cw_yaml *value, enum cw_node_kind kind)
{
	const char *name = cw_value_text(&loader->problems, value, "the name of a group");
	struct cw_group *group = name ? find_group(loader, kind, name) : NULL;
	if (!name || group)
		return group;
	char quoted[CW_QUOTED_SIZE], suggestion[CW_SUGGESTION_SIZE];
	const char *meant = suggest_group(loader, kind, name);
	cw_problem(&loader->problems, value, "no %s has the name %s%s", cw_node_kind_name(kind),
		cw_problem_quote(name, quoted), cw_problem_did_you_mean(meant, suggestion));
	return NULL;
}

/* Who stands at one end: named, or the only one there is. */
static struct cw_group *zone_end(struct cw_loader *loader, const struct cw_yaml *zone,
	const struct cw_yaml *value, enum cw_node_kind kind, const struct side *side)
{
	const char *key = kind == CW_NODE_EXPRESSWAY_C ? "c" : "e";
	if (value)
		return named_group(loader, value, kind);
	if (side->count == 1)
		return side->first->group;
	if (side->count)
		cw_problem(&loader->problems, zone,
			"key \"%s\" is missing in a zone; there are %zu %s: say which, by its name", key,
			side->count, cw_node_kind_name(kind));
	else
		cw_problem(&loader->problems, zone, "a zone without %s: there is none in this deployment",
			cw_node_kind_name(kind));
	return NULL;
}

static void load_zone(struct cw_loader *loader, const struct cw_yaml *value, const struct side *c,
	const struct side *e, struct cw_named *name)
{
	struct cw_raw_zone raw = {0};
	if (!cw_schema_read(&loader->problems, &cw_zone_schema, value, &raw))
		return;
	struct cw_zone *zone = zone_new(loader);
	if (!zone)
		return;
	cw_schema_want(&loader->problems, &cw_zone_schema, value, raw.name, "name");
	cw_schema_want(&loader->problems, &cw_zone_schema, value, raw.peers, "peers");
	cw_value_copy(&loader->problems, raw.name, "a name", &zone->name);
	*name = (struct cw_named){zone->name, raw.name};
	zone->c = zone_end(loader, value, raw.c, CW_NODE_EXPRESSWAY_C, c);
	zone->e = zone_end(loader, value, raw.e, CW_NODE_EXPRESSWAY_E, e);
	cw_value_port(&loader->problems, raw.port, &zone->port);
	load_peers(loader, raw.peers, zone);
	cw_value_host_copy(&loader->problems, raw.tls_verify_name, &zone->tls_verify_name);
	load_credentials(loader, &raw, &zone->on_c);
	load_credentials(loader, &raw, &zone->on_e);
}

static void load_zone_list(
	struct cw_loader *loader, const struct cw_yaml *list, const struct side *c, const struct side *e)
{
	if (list->count > CW_ZONES_MAX) {
		cw_problem(&loader->problems, list, "more than %d zones", CW_ZONES_MAX);
		return;
	}
	if (!list->count && c->count && e->count)
		cw_problem(&loader->problems, list, "wanted at least one zone, found an empty list");
	AUTO(free) struct cw_named *names = calloc(list->count + 1, sizeof *names);
	if (!names) {
		loader->problems.no_memory = true;
		return;
	}
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++) {
		names[count] = (struct cw_named){0};
		load_zone(loader, &list->entries[i].value, c, e, &names[count]);
		count += names[count].name != NULL;
	}
	cw_load_unique(loader, names, count, "name");
}

/* With `zones:` a `traversal:` would be a second word on the same matter. */
static void refuse_traversal(struct cw_loader *loader)
{
	for (size_t i = 0; i < loader->group_count; i++)
		if (loader->groups[i].traversal)
			cw_problem(&loader->problems, loader->groups[i].traversal,
				"\"traversal\" stands for the one zone of a deployment without \"zones\"; "
				"move its keys "
				"into the zone");
}

void cw_load_zones(struct cw_loader *loader, const struct cw_raw_deployment *raw)
{
	struct side c = side_of(loader, CW_NODE_EXPRESSWAY_C);
	struct side e = side_of(loader, CW_NODE_EXPRESSWAY_E);
	if (raw->zones) {
		refuse_traversal(loader);
		if (cw_value_is_list(&loader->problems, raw->zones, "a list of zones"))
			load_zone_list(loader, raw->zones, &c, &e);
		return;
	}
	const struct side *several = c.second ? &c : &e;
	if (!several->second) {
		load_short_zone(loader, &c, &e);
		return;
	}
	cw_problem(&loader->problems, several->second->at,
		"a second %s; then \"zones\" must say who talks to whom: "
		"zones: [{name: NAME, c: NAME, e: NAME, peers: [...]}]",
		cw_node_kind_name(several->second->group->kind));
}
