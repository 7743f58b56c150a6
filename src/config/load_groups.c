#include "config/load_parts.h"

#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct cw_value_word preferences[] = {{"rsa", CW_PREFER_RSA}, {"ecdsa", CW_PREFER_ECDSA}};
static const struct cw_value_word switches[] = {
	{"on", CW_SWITCH_ON}, {"off", CW_SWITCH_OFF}, {"unknown", CW_SWITCH_UNKNOWN}};
static const struct cw_value_word revocations[] = {
	{"off", CW_SWITCH_OFF}, {"crl", CW_SWITCH_ON}, {"unknown", CW_SWITCH_UNKNOWN}};
static const struct cw_value_word fallbacks[] = {{"fail", false}, {"ignore", true}};
static const struct cw_value_word cluster_modes[] = {{"on", true}, {"permissive", false}};

struct cw_group_source *cw_load_group_new(struct cw_loader *loader, enum cw_node_kind kind)
{
	struct cw_deployment *deployment = loader->deployment;
	struct cw_group *group = NULL;
	if (cw_memory_grow(&deployment->groups, &deployment->group_capacity, deployment->group_count,
		    sizeof(struct cw_group *)) &&
		cw_memory_grow(&loader->groups, &loader->group_capacity, loader->group_count,
			sizeof *loader->groups))
		group = calloc(1, sizeof *group);
	if (!group) {
		loader->problems.no_memory = true;
		return NULL;
	}
	group->kind = kind;
	deployment->groups[deployment->group_count++] = group;
	struct cw_group_source *source = &loader->groups[loader->group_count++];
	*source = (struct cw_group_source){.group = group};
	return source;
}

static void choose(struct cw_problems *problems, const struct cw_yaml *value,
	const struct cw_value_word choices[2], bool *ret)
{
	int chosen = *ret;
	cw_value_choice(problems, value, choices, 2, &chosen);
	*ret = chosen;
}

static bool add_tunnel_key(const char *text, struct cw_group *group)
{
	for (int key = 0; key < CW_TUNNEL_KEY_COUNT; key++)
		if (strcasecmp(cw_node_tunnel_key_name((enum cw_tunnel_key)key), text) == 0) {
			group->tunnel_keys |= 1U << key;
			return true;
		}
	return false;
}

static void load_tunnel_keys(
	struct cw_problems *problems, const struct cw_yaml *value, struct cw_group *group)
{
	static const char *const wanted = "RSA, nistp256, nistp384 or nistp521";
	if (!cw_value_is_list(problems, value, "a list of RSA, nistp256, nistp384 and nistp521"))
		return;
	if (!value->count)
		cw_problem(problems, value, "wanted at least one of %s, found an empty list", wanted);
	for (size_t i = 0; i < value->count; i++) {
		const struct cw_yaml *item = &value->entries[i].value;
		const char *text = cw_value_text(problems, item, wanted);
		if (text && !add_tunnel_key(text, group))
			cw_value_wrong(problems, item, wanted, true);
	}
}

/* A release of the future is no mistake for certain, and one that is judged as another is told. */
static void load_release(
	struct cw_loader *loader, const struct cw_yaml *value, bool expressway, struct cw_release *ret)
{
	AUTO_BUFFER sentence = {0};
	cw_value_release(&loader->problems, value, expressway, ret);
	if (!value)
		return;
	bool unknown = expressway ? cw_release_is_unknown(*ret, &sentence)
				  : cw_release_cucm_is_unknown(*ret, &sentence);
	if (unknown)
		cw_problem(&loader->notes, value, "%s", cw_buffer_string(&sentence));
}

static void load_revocation(struct cw_problems *problems, const struct cw_yaml *value, struct cw_group *group)
{
	int chosen = CW_SWITCH_OFF;
	cw_value_choice(problems, value, revocations, COUNT(revocations), &chosen);
	group->revocation = chosen == CW_SWITCH_ON;
	group->revocation_unknown = chosen == CW_SWITCH_UNKNOWN;
}

/* What is not given stays as the boxes come (docs/rules.md). */
static void load_settings(struct cw_loader *loader, const struct cw_raw_group *raw, struct cw_group *group)
{
	struct cw_problems *problems = &loader->problems;
	int verify = group->kind == CW_NODE_EXPRESSWAY_C ? CW_SWITCH_ON : CW_SWITCH_UNSET;
	int prefer = CW_PREFER_BY_RELEASE;
	int registration = CW_SWITCH_UNSET;
	bool expressway = group->kind == CW_NODE_EXPRESSWAY_C || group->kind == CW_NODE_EXPRESSWAY_E;
	group->release = expressway ? cw_release_default() : cw_release_cucm_default();
	group->verify_origin_server = true;
	group->eku_check = true;
	cw_value_host_copy(problems, raw->cluster, &group->cluster);
	load_release(loader, raw->release, expressway, &group->release);
	cw_value_choice(problems, raw->cucm_tls_verify, switches, COUNT(switches), &verify);
	cw_value_on_off(problems, raw->verify_origin_server, &group->verify_origin_server);
	cw_value_choice(problems, raw->prefer, preferences, COUNT(preferences), &prefer);
	cw_value_on_off(problems, raw->eku_check, &group->eku_check);
	cw_value_on_off(problems, raw->server_eku_upload, &group->server_eku_upload);
	load_revocation(problems, raw->revocation, group);
	choose(problems, raw->revocation_fallback, fallbacks, &group->revocation_missing_passes);
	choose(problems, raw->cluster_tls_verify, cluster_modes, &group->cluster_tls_verify);
	cw_value_choice(problems, raw->secure_registration, switches, COUNT(switches), &registration);
	cw_value_on_off(problems, raw->sip_oauth, &group->sip_oauth);
	load_tunnel_keys(problems, raw->tunnel_key_algorithms, group);
	group->secure_registration = (enum cw_switch)registration;
	group->cucm_tls_verify = (enum cw_switch)verify;
	group->prefer = (enum cw_prefer)prefer;
}

static void load_phone_profiles(struct cw_loader *loader, const struct cw_yaml *value, struct cw_group *group)
{
	const struct cw_strings *common = &loader->deployment->phone_profiles;
	cw_value_texts(&loader->problems, value, &group->phone_profiles);
	for (size_t i = 0; !value && group->kind == CW_NODE_CUCM && i < common->count; i++)
		if (!cw_strings_add(&group->phone_profiles, common->items[i]))
			loader->problems.no_memory = true;
}

bool cw_load_group_add(struct cw_group *group, struct cw_node *node)
{
	if (!cw_memory_grow(&group->nodes, &group->capacity, group->count, sizeof(struct cw_node *)))
		return false;
	node->group = group;
	group->nodes[group->count++] = node;
	return true;
}

static void look_at_publisher(
	struct cw_loader *loader, const struct cw_yaml *value, const struct cw_yaml **publisher)
{
	if (*publisher)
		cw_problem(&loader->problems, value, "a second publisher; the first is at %zu:%zu",
			(*publisher)->line, (*publisher)->column);
	else
		*publisher = value;
}

static void load_nodes(struct cw_loader *loader, const struct cw_yaml *list, struct cw_group_source *source)
{
	struct cw_group *group = source->group;
	const struct cw_yaml *publisher = NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (loader->node_count == CW_NODES_MAX) {
			cw_problem(&loader->problems, &list->entries[i].value, "more than %d nodes",
				CW_NODES_MAX);
			return;
		}
		struct cw_raw_node raw = {0};
		AUTO(cw_node_free)
		struct cw_node *node = cw_load_node(loader, &list->entries[i].value, group->kind, &raw);
		source->incomplete |= !node;
		if (!node)
			continue;
		if (node->publisher)
			look_at_publisher(loader, raw.publisher, &publisher);
		if (cw_load_group_add(group, node)) {
			node = NULL;
			continue;
		}
		loader->problems.no_memory = true;
		loader->node_count--; /* the source of the node that goes now */
	}
	if (group->kind == CW_NODE_CUCM && !publisher && group->count)
		group->nodes[0]->publisher = true;
}

static void load_group(
	struct cw_loader *loader, const struct cw_yaml *value, enum cw_node_kind kind, bool in_list)
{
	struct cw_problems *problems = &loader->problems;
	const struct cw_schema *schema = cw_deployment_keys_group(kind);
	struct cw_raw_group raw = {0};
	struct cw_group_source *source = cw_load_group_new(loader, kind);
	if (!source)
		return;
	struct cw_group *group = source->group;
	source->at = value;
	source->incomplete = true; /* until its nodes are there */
	if (!cw_schema_read(problems, schema, value, &raw))
		return;
	source->name = raw.name;
	source->traversal = raw.traversal;
	if (in_list)
		cw_schema_want(problems, schema, value, raw.name, "name");
	cw_value_copy(problems, raw.name, "a name", &group->name);
	load_settings(loader, &raw, group);
	load_phone_profiles(loader, raw.phone_profiles, group);
	if (!cw_schema_want(problems, schema, value, raw.nodes, "nodes") ||
		!cw_value_is_list(problems, raw.nodes, "a list of nodes"))
		return;
	if (!raw.nodes->count)
		cw_problem(problems, raw.nodes, "wanted at least one node, found an empty list");
	source->incomplete = false;
	load_nodes(loader, raw.nodes, source);
}

static void load_kind(struct cw_loader *loader, const struct cw_yaml *value, enum cw_node_kind kind)
{
	if (!value)
		return;
	if (value->kind == CW_YAML_MAP)
		load_group(loader, value, kind, false);
	else if (value->kind != CW_YAML_LIST)
		cw_value_wrong(&loader->problems, value, "a map, or a list of maps", false);
	else
		for (size_t i = 0; i < value->count; i++)
			load_group(loader, &value->entries[i].value, kind, true);
}

/* A group without a name of its own is called by its key. */
static void name_groups(struct cw_loader *loader)
{
	for (size_t i = 0; i < loader->group_count; i++) {
		struct cw_group *group = loader->groups[i].group;
		if (!group->name)
			group->name = strdup(cw_node_kind_name(group->kind));
		if (!group->name)
			loader->problems.no_memory = true;
	}
}

static void check_group_names(struct cw_loader *loader, enum cw_node_kind kind)
{
	AUTO(free) struct cw_named *names = calloc(loader->group_count + 1, sizeof *names);
	size_t count = 0;
	if (!names)
		loader->problems.no_memory = true;
	for (size_t i = 0; names && i < loader->group_count; i++) {
		const struct cw_group_source *source = &loader->groups[i];
		if (source->group->kind == kind && source->group->name && source->name)
			names[count++] = (struct cw_named){source->group->name, source->name};
	}
	cw_load_unique(loader, names, count, "name");
}

static void check_node_names(struct cw_loader *loader)
{
	AUTO(free) struct cw_named *names = calloc(loader->node_count + 1, sizeof *names);
	if (!names) {
		loader->problems.no_memory = true;
		return;
	}
	for (size_t i = 0; i < loader->node_count; i++)
		names[i] = (struct cw_named){loader->nodes[i].node->fqdn, loader->nodes[i].fqdn};
	cw_load_unique(loader, names, loader->node_count, "fqdn");
}

void cw_load_groups(struct cw_loader *loader, const struct cw_raw_deployment *raw)
{
	for (size_t i = CW_NODE_EXPRESSWAY_C; i < CW_NODE_FRONT; i++)
		load_kind(loader, raw->groups[i], (enum cw_node_kind)i);
	cw_load_front(loader, raw->groups[CW_NODE_FRONT]);
	name_groups(loader);
	for (size_t i = CW_NODE_EXPRESSWAY_C; i < CW_NODE_FRONT; i++)
		check_group_names(loader, (enum cw_node_kind)i);
	check_node_names(loader);
	cw_load_same_as(loader);
}
