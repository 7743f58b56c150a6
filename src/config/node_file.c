#include "config/node_file.h"

#include "base/file.h"
#include "config/load.h"
#include "config/load_parts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FILE_NAME "node.yaml"

void cw_node_file_free(struct cw_node_file *file)
{
	if (!file)
		return;
	cw_deployment_free(file->deployment);
	for (size_t i = 0; i < file->host_count; i++)
		free(file->hosts[i].name);
	free(file->hosts);
	free(file->user);
	free(file);
}

bool cw_node_file_find(const struct cw_node_file *file, const char *name, struct in_addr *ret)
{
	for (size_t i = 0; i < file->host_count; i++)
		if (strcasecmp(file->hosts[i].name, name) == 0) {
			*ret = file->hosts[i].address;
			return true;
		}
	return inet_pton(AF_INET, name, ret) == 1;
}

static const struct cw_zone *zone_of(const struct cw_deployment *deployment, const struct cw_group *group)
{
	for (size_t i = 0; i < deployment->zone_count; i++)
		if (deployment->zones[i].c == group || deployment->zones[i].e == group)
			return &deployment->zones[i];
	return NULL;
}

const struct cw_zone *cw_node_file_zone(const struct cw_node_file *file)
{
	return zone_of(file->deployment, file->node->group);
}

/* --- the other end of the zone --- */

static const struct cw_yaml *value_of(const struct cw_yaml *map, const char *key)
{
	for (size_t i = 0; map && map->kind == CW_YAML_MAP && i < map->count; i++)
		if (strcmp(map->entries[i].key, key) == 0)
			return &map->entries[i].value;
	return NULL;
}

static const struct cw_group_source *find_source(const struct cw_loader *loader, enum cw_node_kind kind)
{
	for (size_t i = 0; i < loader->group_count; i++)
		if (loader->groups[i].group->kind == kind)
			return &loader->groups[i];
	return NULL;
}

/* A node of which nothing but its name is known. */
static void add_stranger(struct cw_loader *loader, struct cw_group *group, const char *fqdn)
{
	AUTO(cw_node_free) struct cw_node *node = calloc(1, sizeof *node);
	if (node) {
		node->kind = group->kind;
		node->fqdn = strdup(fqdn);
		node->identities[CW_IDENTITY_SERVER].state = CW_UNKNOWN;
		node->stores[CW_STORE_TRUSTED_CA].state = CW_UNKNOWN;
	}
	if (node && node->fqdn && cw_load_group_add(group, node))
		node = NULL;
	else
		loader->problems.no_memory = true;
}

static struct cw_group *add_other(struct cw_loader *loader, enum cw_node_kind kind)
{
	struct cw_group_source *source = cw_load_group_new(loader, kind);
	if (!source)
		return NULL;
	struct cw_group *group = source->group;
	group->release = cw_release_default();
	group->eku_check = group->verify_origin_server = true;
	group->name = strdup(cw_node_kind_name(kind));
	if (!group->name)
		loader->problems.no_memory = true;
	return group;
}

static void add_expressway_e(struct cw_loader *loader, const struct cw_yaml *traversal)
{
	const struct cw_yaml *peers = value_of(traversal, "peers");
	struct cw_group *group = peers ? add_other(loader, CW_NODE_EXPRESSWAY_E) : NULL;
	for (size_t i = 0; group && peers->kind == CW_YAML_LIST && i < peers->count && i < CW_PEERS_MAX; i++)
		if (peers->entries[i].value.kind == CW_YAML_TEXT)
			add_stranger(loader, group, peers->entries[i].value.text);
}

static void add_expressway_c(struct cw_loader *loader, const struct cw_yaml *traversal)
{
	const struct cw_yaml *name = value_of(traversal, "tls-verify-name");
	struct cw_group *group = add_other(loader, CW_NODE_EXPRESSWAY_C);
	const char *fqdn = "expressway-c";
	if (name && name->kind == CW_YAML_TEXT)
		fqdn = name->text;
	if (group)
		add_stranger(loader, group, fqdn);
}

void cw_load_other_side(struct cw_loader *loader)
{
	const struct cw_group_source *c = find_source(loader, CW_NODE_EXPRESSWAY_C);
	const struct cw_group_source *e = find_source(loader, CW_NODE_EXPRESSWAY_E);
	if (c && !e)
		add_expressway_e(loader, c->traversal);
	else if (e && !c)
		add_expressway_c(loader, e->traversal);
}

/* --- listen, hosts --- */

static bool to_port(const char *text, in_port_t *ret)
{
	unsigned long port = 0;
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 5 || text[digits])
		return false;
	port = strtoul(text, NULL, 10);
	*ret = htons((uint16_t)port);
	return port <= 65535;
}

/* "192.0.2.1", "7001" or "192.0.2.1:7001". Port 0: any that is free. */
static bool to_address(const char *text, struct sockaddr_in *ret)
{
	char address[INET_ADDRSTRLEN];
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	if (!colon && to_port(text, &ret->sin_port))
		return true;
	if (length >= sizeof address)
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	return inet_pton(AF_INET, address, &ret->sin_addr) == 1 &&
		(!colon || to_port(colon + 1, &ret->sin_port));
}

static void load_address(struct cw_loader *loader, const struct cw_yaml *value, struct sockaddr_in *ret)
{
	static const char wanted[] = "an IPv4 address, a port, or both (192.0.2.1:7001)";
	const char *text = cw_value_text(&loader->problems, value, wanted);
	struct sockaddr_in address = *ret;
	if (text && to_address(text, &address))
		*ret = address;
	else if (text)
		cw_value_wrong(&loader->problems, value, wanted, true);
}

static struct sockaddr_in anywhere(unsigned port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
}

static void load_listen(
	struct cw_loader *loader, const struct cw_yaml *value, struct cw_node_file_listen *ret)
{
	struct cw_raw_listen raw = {0};
	struct sockaddr_in from = anywhere(0);
	ret->zone = anywhere(loader->deployment->zone_count ? loader->deployment->zones[0].port : 7001);
	ret->tunnels = anywhere(2222);
	ret->streams = anywhere(0);
	ret->streams.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ret->https = anywhere(8443);
	ret->tftp = anywhere(6972);
	ret->sip = anywhere(5061);
	if (!value || !cw_schema_read(&loader->problems, &cw_listen_schema, value, &raw))
		return;
	load_address(loader, raw.from, &from);
	ret->from = from.sin_addr;
	load_address(loader, raw.zone, &ret->zone);
	load_address(loader, raw.tunnels, &ret->tunnels);
	load_address(loader, raw.streams, &ret->streams);
	load_address(loader, raw.https, &ret->https);
	load_address(loader, raw.tftp, &ret->tftp);
	load_address(loader, raw.sip, &ret->sip);
}

static void add_host(struct cw_loader *loader, const struct cw_yaml_entry *entry)
{
	struct cw_node_file *file = loader->node_file;
	struct in_addr address;
	const char *text = cw_value_text(&loader->problems, &entry->value, "an IPv4 address");
	if (!text)
		return;
	if (inet_pton(AF_INET, text, &address) != 1) {
		cw_value_wrong(&loader->problems, &entry->value, "an IPv4 address", true);
		return;
	}
	char *name = strdup(entry->key);
	if (!name ||
		!cw_memory_grow(&file->hosts, &file->host_capacity, file->host_count, sizeof *file->hosts)) {
		free(name);
		loader->problems.no_memory = true;
		return;
	}
	file->hosts[file->host_count++] = (struct cw_node_file_host){name, address};
}

static void load_hosts(struct cw_loader *loader, const struct cw_yaml *value)
{
	if (!value)
		return;
	if (value->kind != CW_YAML_MAP) {
		cw_value_wrong(&loader->problems, value, "a map: name to IPv4 address", false);
		return;
	}
	if (value->count > CW_NODE_FILE_HOSTS_MAX)
		cw_problem(&loader->problems, value, "more than %d hosts", CW_NODE_FILE_HOSTS_MAX);
	for (size_t i = 0; i < value->count && i < CW_NODE_FILE_HOSTS_MAX; i++)
		add_host(loader, &value->entries[i]);
}

/* --- what a node cannot do without --- */

/* This node is the one whose private key is here. */
static struct cw_node *find_own(const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			for (size_t kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
				if (deployment->groups[i]->nodes[k]->identities[kind].private_key)
					return deployment->groups[i]->nodes[k];
	return NULL;
}

static const struct cw_yaml *place_of(const struct cw_loader *loader, const struct cw_node *node)
{
	for (size_t i = 0; i < loader->node_count; i++)
		if (loader->nodes[i].node == node)
			return loader->nodes[i].fqdn;
	return NULL;
}

static const char *credentials_trouble(const struct cw_credentials *own)
{
	if (!own->username && !own->password)
		return "username and password";
	if (!own->username)
		return "username";
	return own->password ? NULL : "password";
}

static void look_at_zone(struct cw_loader *loader, const struct cw_yaml *at)
{
	const struct cw_node_file *file = loader->node_file;
	const struct cw_zone *zone = zone_of(loader->deployment, file->node->group);
	bool c = file->node->kind == CW_NODE_EXPRESSWAY_C;
	if (!zone && c) {
		cw_problem(&loader->problems, at, "wanted the zone of this node: traversal: {peers: [...]}");
		return;
	}
	if (!zone)
		return;
	const char *missing = credentials_trouble(c ? &zone->on_c : &zone->on_e);
	if (missing)
		cw_problem(&loader->problems, at,
			"the traversal zone of a running node needs a %s: traversal: {...}", missing);
}

/* Expressway-C reaches this Expressway-E by some name: it need not know by which. */
static void add_own_peer(struct cw_loader *loader, struct cw_node *node)
{
	for (size_t i = 0; i < loader->deployment->zone_count; i++) {
		struct cw_zone *zone = &loader->deployment->zones[i];
		if (zone->e != node->group || zone->peer_count)
			continue;
		char *address = strdup(node->fqdn);
		if (address &&
			cw_memory_grow(
				&zone->peers, &zone->peer_capacity, zone->peer_count, sizeof *zone->peers)) {
			zone->peers[zone->peer_count++] = (struct cw_peer){address, node};
			continue;
		}
		free(address);
		loader->problems.no_memory = true;
	}
}

void cw_load_node_words(
	struct cw_loader *loader, const struct cw_yaml *root, const struct cw_raw_deployment *raw)
{
	static const struct cw_value_word words[] = {{"at-once", false}, {"restart", true}};
	struct cw_node_file *file = loader->node_file;
	struct cw_problems *problems = &loader->problems;
	int apply = false;
	load_listen(loader, raw->listen, &file->listen);
	load_hosts(loader, raw->hosts);
	cw_value_copy(problems, raw->user, "the name of an account", &file->user);
	cw_value_choice(problems, raw->apply, words, 2, &apply);
	file->after_restart = apply;
	if (raw->zones)
		cw_problem(problems, raw->zones, "a running node has one zone: wanted \"traversal\"");
	file->node = find_own(loader->deployment);
	if (!file->node) {
		if (cw_problems_none(problems))
			cw_problem(problems, root,
				"no node here has its certificate with the private key that fits; wanted one: this node");
		return;
	}
	const struct cw_yaml *place = place_of(loader, file->node);
	if (cw_node_is_expressway(file->node) && place && !raw->zones)
		look_at_zone(loader, place);
	if (file->node->kind == CW_NODE_EXPRESSWAY_E)
		add_own_peer(loader, file->node);
}

/* --- the whole --- */

static bool fail(struct cw_strings *problems, const char *message)
{
	bool added = cw_strings_add(problems, message);
	(void)added;
	return false;
}

bool cw_node_file_load(
	const char *folder, struct cw_pool *pool, struct cw_node_file **ret, struct cw_strings *problems)
{
	AUTO(cw_node_file_free) struct cw_node_file *file = calloc(1, sizeof *file);
	AUTO(free) char *yaml = cw_file_path(folder, FILE_NAME);
	struct cw_error error;
	AUTO_BUFFER content = {0};
	if (!file || !yaml)
		return fail(problems, "out of memory");
	if (!cw_file_read(yaml, CW_DEPLOYMENT_FILE_MAX, &content, &error))
		return fail(problems, error.message);
	const struct cw_load_text text = {cw_buffer_string(&content), content.length, yaml, folder};
	bool good = cw_load_whole(&text, pool, file, &file->deployment, problems);
	if (content.data)
		explicit_bzero(content.data, content.length); /* passwords */
	if (!good)
		return false;
	*ret = TAKE(file);
	return true;
}
