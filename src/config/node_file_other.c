#include "config/load_parts.h"
#include "config/node_file.h"

#include <string.h>

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
