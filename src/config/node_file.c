#include "config/node_file.h"

#include "base/file.h"
#include "config/load.h"
#include "config/load_parts.h"

#include <arpa/inet.h>
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
	cw_allow_list_finish(&file->allow);
	if (file->security_password)
		explicit_bzero(file->security_password, strlen(file->security_password));
	free(file->security_password);
	cw_buffer_finish(&file->text);
	free(file->cba_pattern);
	free(file->cba_format);
	free(file->crl_update.daily);
	cw_strings_finish(&file->crl_update.urls);
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

const struct cw_zone *cw_node_file_next_zone(
	const struct cw_node_file *file, const struct cw_deployment *deployment, const struct cw_zone *before)
{
	const struct cw_group *group = file->node->group;
	const struct cw_zone *zone = before ? before + 1 : deployment->zones;
	for (; zone && zone < deployment->zones + deployment->zone_count; zone++)
		if (zone->c == group || zone->e == group)
			return zone;
	return NULL;
}

const struct cw_zone *cw_node_file_zone(const struct cw_node_file *file)
{
	return cw_node_file_next_zone(file, file->deployment, NULL);
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

static void look_at_zone(struct cw_loader *loader, const struct cw_zone *zone, const struct cw_yaml *at)
{
	bool c = loader->node_file->node->kind == CW_NODE_EXPRESSWAY_C;
	const char *missing = credentials_trouble(c ? &zone->on_c : &zone->on_e);
	bool is_short = zone->name && strcmp(zone->name, "traversal") == 0;
	if (missing && is_short)
		cw_problem(&loader->problems, at,
			"the traversal zone of a running node needs a %s: traversal: {...}", missing);
	else if (missing)
		cw_problem(&loader->problems, at, "the zone \"%s\" of a running node needs a %s",
			zone->name ? zone->name : "", missing);
}

static void look_at_zones(struct cw_loader *loader, const struct cw_yaml *at)
{
	const struct cw_node_file *file = loader->node_file;
	const struct cw_zone *zone = NULL;
	while ((zone = cw_node_file_next_zone(file, loader->deployment, zone)))
		look_at_zone(loader, zone, at);
	if (!cw_node_file_next_zone(file, loader->deployment, NULL) &&
		file->node->kind == CW_NODE_EXPRESSWAY_C)
		cw_problem(&loader->problems, at, "wanted the zone of this node: traversal: {peers: [...]}");
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

/* --- what a running node knows of itself --- */

static const struct cw_yaml *group_of(const struct cw_loader *loader, const struct cw_group *group)
{
	for (size_t i = 0; i < loader->group_count; i++)
		if (loader->groups[i].group == group)
			return loader->groups[i].at;
	return NULL;
}

/* Of a switch of its own a node has one position: where a deployment that was imported leaves it open, the person who
 * runs the node says it. */
static void look_at_switches(struct cw_loader *loader, const struct cw_yaml *group)
{
	static const struct {
		const char *key, *wanted, *why;
	} rows[] = {
		{"revocation", "off or crl", "whether it checks revocation"},
		{"cucm-tls-verify", "on or off", "whether it verifies the CUCM servers"},
	};
	for (size_t i = 0; group && group->kind == CW_YAML_MAP && i < group->count; i++)
		for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++) {
			const struct cw_yaml *value = &group->entries[i].value;
			if (strcmp(group->entries[i].key, rows[j].key) == 0 && value->kind == CW_YAML_TEXT &&
				strcmp(value->text, "unknown") == 0)
				cw_problem(&loader->problems, value,
					"wanted %s, found unknown: a running node knows %s", rows[j].wanted,
					rows[j].why);
		}
}

static void look_at_own(struct cw_loader *loader, const struct cw_node *node, const struct cw_yaml *at)
{
	look_at_switches(loader, group_of(loader, node->group));
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		if (node->stores[kind].state == CW_UNKNOWN)
			cw_problem(&loader->problems, at,
				"%s: unknown: a running node judges by it; wanted its file",
				cw_node_store_name((enum cw_store_kind)kind));
	if (node->crls.unknown)
		cw_problem(&loader->problems, at,
			"crl: unknown: a running node judges by them; wanted their file, or no crl: where there are none");
}

void cw_load_node_words(
	struct cw_loader *loader, const struct cw_yaml *root, const struct cw_raw_deployment *raw)
{
	struct cw_node_file *file = loader->node_file;
	struct cw_problems *problems = &loader->problems;
	file->node = find_own(loader->deployment);
	cw_load_node_own(loader, raw);
	if (!file->node) {
		if (cw_problems_none(problems))
			cw_problem(problems, root,
				"no node here has its certificate with the private key that fits; wanted one: this node");
		return;
	}
	const struct cw_yaml *place = place_of(loader, file->node);
	if (place)
		look_at_own(loader, file->node, place);
	if (cw_node_is_expressway(file->node) && place)
		look_at_zones(loader, place);
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

bool cw_node_file_load_text(const struct cw_load_text *text, struct cw_pool *pool, struct cw_node_file **ret,
	struct cw_strings *problems)
{
	AUTO(cw_node_file_free) struct cw_node_file *file = calloc(1, sizeof *file);
	if (!file)
		return fail(problems, "out of memory");
	file->text.secret = true;
	cw_buffer_append(&file->text, text->data, text->length);
	if (file->text.failed)
		return fail(problems, "out of memory");
	if (!cw_load_whole(text, pool, file, &file->deployment, problems))
		return false;
	*ret = TAKE(file);
	return true;
}

bool cw_node_file_load(
	const char *folder, struct cw_pool *pool, struct cw_node_file **ret, struct cw_strings *problems)
{
	AUTO(free) char *yaml = cw_file_path(folder, FILE_NAME);
	struct cw_error error;
	AUTO_BUFFER content = {.secret = true};
	if (!yaml)
		return fail(problems, "out of memory");
	if (!cw_file_read(yaml, CW_DEPLOYMENT_FILE_MAX, &content, &error))
		return fail(problems, error.message);
	const struct cw_load_text text = {.data = cw_buffer_string(&content),
		.length = content.length,
		.shown = yaml,
		.folder = folder};
	return cw_node_file_load_text(&text, pool, ret, problems);
}
