#include "node/node_reach.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_status.h"
#include "node/work/work_yaml.h"

#include <string.h>
#include <strings.h>

static bool put_servers(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	if (!cw_work_status_read(call, &status))
		return false;
	cw_work_call_put(call, "servers", cw_work_status_servers(call, status));
	return true;
}

bool cw_work_do_servers(struct cw_work_call *call)
{
	return put_servers(call);
}

bool cw_work_do_servers_refresh(struct cw_work_call *call)
{
	struct cw_node_core *core = call->core;
	if (!core->base)
		return cw_work_call_refuse(call, 409, NULL, "this node does not run: nothing is dialled");
	cw_node_reach_cancel(core);
	return cw_node_reach_reload(core, core->snapshot, call->error) && put_servers(call);
}

/* --- adding and removing --- */

static bool read_address(struct cw_work_call *call, const char *key, bool wanted, const char **ret)
{
	if (!(wanted ? cw_work_call_want(call, key, ret) : cw_work_call_text(call, key, ret)))
		return false;
	return !*ret || cw_work_call_is_host(*ret) ||
		cw_work_call_refuse(
			call, 400, NULL, "%s: wanted a host name or an address, found \"%.100s\"", key, *ret);
}

static bool is_server(const struct cw_node *node, const char *address)
{
	return strcasecmp(node->fqdn, address) == 0 || cw_strings_contain_name(&node->addresses, address);
}

static struct cw_group *find_group(const struct cw_deployment *deployment, const char *address, size_t *place)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0;
			deployment->groups[i]->kind == CW_NODE_CUCM && k < deployment->groups[i]->count; k++)
			if (is_server(deployment->groups[i]->nodes[k], address)) {
				*place = k;
				return deployment->groups[i];
			}
	return NULL;
}

/* The cluster that new servers belong to: the first, else a new one as CUCM comes. */
static struct cw_group *cluster_of(struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i]->kind == CW_NODE_CUCM)
			return deployment->groups[i];
	struct cw_group *group = calloc(1, sizeof *group);
	if (!group || !(group->name = strdup(cw_node_kind_name(CW_NODE_CUCM))) ||
		!cw_memory_grow(&deployment->groups, &deployment->group_capacity, deployment->group_count,
			sizeof(struct cw_group *))) {
		if (group)
			free(group->name);
		free(group);
		return NULL;
	}
	group->kind = CW_NODE_CUCM;
	group->release = cw_release_cucm_default();
	deployment->groups[deployment->group_count++] = group;
	return group;
}

static struct cw_node *make_server(const char *fqdn, const char *address)
{
	struct cw_node *node = calloc(1, sizeof *node);
	if (!node)
		return NULL;
	node->kind = CW_NODE_CUCM;
	for (unsigned i = CW_IDENTITY_TOMCAT; i < CW_IDENTITY_KIND_COUNT; i++)
		if (i == CW_IDENTITY_TOMCAT || i == CW_IDENTITY_CALLMANAGER)
			node->identities[i].state = CW_UNKNOWN;
	node->stores[CW_STORE_TOMCAT_TRUST].state = CW_UNKNOWN;
	node->stores[CW_STORE_CALLMANAGER_TRUST].state = CW_UNKNOWN;
	node->fqdn = strdup(fqdn);
	bool same = strcasecmp(fqdn, address) == 0;
	if (node->fqdn && (same || cw_strings_add(&node->addresses, address)))
		return node;
	cw_node_free(node);
	return NULL;
}

static bool add_server(
	struct cw_work_call *call, struct cw_deployment *deployment, const char *fqdn, const char *address)
{
	struct cw_group *group = cluster_of(deployment);
	struct cw_node *node = group ? make_server(fqdn, address) : NULL;
	if (!node ||
		!cw_memory_grow(&group->nodes, &group->capacity, group->count, sizeof(struct cw_node *))) {
		cw_node_free(node);
		return cw_work_call_memory(call);
	}
	node->group = group;
	node->publisher = !group->count;
	group->nodes[group->count++] = node;
	return true;
}

static bool apply(struct cw_work_call *call, const struct cw_snapshot *after, bool tries)
{
	const struct cw_work_yaml_change change = {.model = after, .tries = tries};
	return cw_work_yaml_apply(call, &change) && put_servers(call);
}

bool cw_work_do_servers_add(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	const char *address, *fqdn;
	bool tries = false, verifies = true;
	size_t place;
	if (!read_address(call, "address", true, &address) || !read_address(call, "fqdn", false, &fqdn) ||
		!cw_work_call_switch(call, "tls_verify", &verifies) ||
		!cw_work_call_switch(call, "try", &tries) || !cw_work_apply_read(call, &after))
		return false;
	struct cw_deployment *deployment = after->file->deployment;
	if (find_group(deployment, address, &place) || (fqdn && find_group(deployment, fqdn, &place)))
		return cw_work_call_refuse(call, 409, NULL, "address: %.100s is there already", address);
	if (!add_server(call, deployment, fqdn && *fqdn ? fqdn : address, address))
		return false;
	after->node->group->cucm_tls_verify = verifies ? CW_SWITCH_ON : CW_SWITCH_OFF;
	return apply(call, after, tries);
}

static void drop_group(struct cw_deployment *deployment, const struct cw_group *group)
{
	size_t kept = 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i] != group)
			deployment->groups[kept++] = deployment->groups[i];
	deployment->group_count = kept;
}

bool cw_work_do_servers_remove(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	const char *address;
	bool tries = false;
	size_t place;
	if (!read_address(call, "address", true, &address) || !cw_work_call_switch(call, "try", &tries) ||
		!cw_work_apply_read(call, &after))
		return false;
	struct cw_group *group = find_group(after->file->deployment, address, &place);
	if (!group)
		return cw_work_call_refuse(
			call, 404, NULL, "no Unified CM server has the address \"%.100s\"", address);
	struct cw_node *gone = group->nodes[place];
	for (size_t i = place; i + 1 < group->count; i++)
		group->nodes[i] = group->nodes[i + 1];
	group->count--;
	if (gone->publisher && group->count)
		group->nodes[0]->publisher = true;
	struct cw_group *empty = group->count ? NULL : group;
	if (empty)
		drop_group(after->file->deployment, empty);
	bool done = apply(call, after, tries);
	cw_node_free(gone);
	if (empty) {
		free(empty->name);
		free(empty->cluster);
		free(empty->nodes);
		cw_strings_finish(&empty->phone_profiles);
		free(empty);
	}
	return done;
}
