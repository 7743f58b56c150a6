#include "check/mesh.h"

struct making {
	const struct cw_check *check;
	bool unknown_passes;
};

void cw_mesh_finish(struct cw_mesh *mesh)
{
	free(mesh->c);
	free(mesh->e);
	free(mesh->servers);
	free(mesh->crosses);
	free(mesh->vouches);
	for (size_t i = 0; i < CW_MESH_SIP_COUNT; i++)
		free(mesh->sip[i]);
	free(mesh->serves);
	free(mesh->files);
	free(mesh->entries);
	*mesh = (struct cw_mesh){0};
}

static bool is_up(const struct making *making, const struct cw_link *link)
{
	return link->verdict < CW_VERDICT_UNKNOWN ||
		(link->verdict == CW_VERDICT_UNKNOWN && making->unknown_passes);
}

static size_t index_of(const struct cw_node *const *nodes, size_t count, const struct cw_node *node)
{
	size_t i = 0;
	while (i < count && nodes[i] != node)
		i++;
	return i;
}

static bool add_group(const struct cw_node ***nodes, size_t *count, const struct cw_group *group)
{
	const struct cw_node **grown = realloc(*nodes, (*count + group->count + 1) * sizeof *grown);
	if (!grown)
		return false;
	*nodes = grown;
	for (size_t i = 0; i < group->count; i++)
		grown[(*count)++] = group->nodes[i];
	return true;
}

/* Groups stand in the order C, E, CUCM, IM&P, Unity. */
static bool collect_group(struct cw_mesh *mesh, const struct cw_group *group)
{
	if (group->kind == CW_NODE_EXPRESSWAY_C)
		return add_group(&mesh->c, &mesh->c_count, group);
	if (group->kind == CW_NODE_EXPRESSWAY_E)
		return add_group(&mesh->e, &mesh->e_count, group);
	return add_group(&mesh->servers, &mesh->server_count, group);
}

static bool collect_nodes(const struct cw_deployment *deployment, struct cw_mesh *mesh)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (!collect_group(mesh, group))
			return false;
		if (group->kind == CW_NODE_CUCM)
			mesh->cucm_count = mesh->server_count;
	}
	return true;
}

static void enter_zone_link(const struct making *making, const struct cw_link *link, struct cw_mesh *mesh)
{
	bool tunnel = link->kind == CW_LINK_TUNNEL; /* it is refused where its traversal link is */
	size_t c = index_of(mesh->c, mesh->c_count, (tunnel ? link->client : link->server).node);
	size_t e = index_of(mesh->e, mesh->e_count, (tunnel ? link->server : link->client).node);
	if (c == mesh->c_count || e == mesh->e_count || !is_up(making, link))
		return;
	if (tunnel)
		mesh->crosses[c * mesh->e_count + e] = true;
	else
		mesh->vouches[c * mesh->e_count + e] = true;
}

static void enter_origin_link(const struct making *making, const struct cw_link *link, struct cw_mesh *mesh)
{
	size_t c = index_of(mesh->c, mesh->c_count, link->client.node);
	size_t server = index_of(mesh->servers, mesh->server_count, link->server.node);
	if (c == mesh->c_count || is_up(making, link))
		return;
	if (link->kind == CW_LINK_TOMCAT && server < mesh->server_count)
		mesh->serves[c * mesh->server_count + server] = false;
	else if (link->kind == CW_LINK_TFTP && server < mesh->cucm_count)
		mesh->files[c * mesh->cucm_count + server] = false;
}

static void enter_sip_link(const struct cw_link *link, enum cw_mesh_sip kind, struct cw_mesh *mesh)
{
	bool in = kind == CW_MESH_SIP_IN;
	size_t c = index_of(mesh->c, mesh->c_count, (in ? link->server : link->client).node);
	size_t server = index_of(mesh->servers, mesh->cucm_count, (in ? link->client : link->server).node);
	if (c < mesh->c_count && server < mesh->cucm_count)
		mesh->sip[kind][c * mesh->cucm_count + server] = link;
}

static void enter_link(const struct making *making, const struct cw_link *link, struct cw_mesh *mesh)
{
	switch (link->kind) {
	case CW_LINK_SERVICE:
	case CW_LINK_TUNNEL:
		enter_zone_link(making, link, mesh);
		break;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
		enter_origin_link(making, link, mesh);
		break;
	case CW_LINK_SIP_OUT:
		enter_sip_link(link, CW_MESH_SIP_OUT, mesh);
		break;
	case CW_LINK_SIP_IN:
		enter_sip_link(link, CW_MESH_SIP_IN, mesh);
		break;
	case CW_LINK_SIP_OAUTH:
		enter_sip_link(link, CW_MESH_SIP_OAUTH, mesh);
		break;
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
		mesh->entries[mesh->entry_count++] = link;
		break;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		break;
	}
}

static bool make_room(struct cw_mesh *mesh, size_t links)
{
	size_t pairs = mesh->c_count * mesh->e_count, servers = mesh->c_count * mesh->server_count,
	       cucms = mesh->c_count * mesh->cucm_count;
	mesh->crosses = calloc(pairs + 1, sizeof *mesh->crosses);
	mesh->vouches = calloc(pairs + 1, sizeof *mesh->vouches);
	mesh->serves = calloc(servers + 1, sizeof *mesh->serves);
	mesh->files = calloc(cucms + 1, sizeof *mesh->files);
	mesh->entries = calloc(links + 1, sizeof(struct cw_link *));
	bool room = mesh->crosses && mesh->vouches && mesh->serves && mesh->files && mesh->entries;
	for (size_t i = 0; i < CW_MESH_SIP_COUNT; i++) {
		mesh->sip[i] = calloc(cucms + 1, sizeof(struct cw_link *));
		room = room && mesh->sip[i];
	}
	for (size_t i = 0; room && i < servers; i++)
		mesh->serves[i] = true;
	for (size_t i = 0; room && i < cucms; i++)
		mesh->files[i] = true;
	return room;
}

bool cw_mesh_make(
	const struct cw_check *check, bool unknown_passes, struct cw_mesh *ret, struct cw_error *error)
{
	struct making making = {check, unknown_passes};
	struct cw_mesh mesh __attribute__((cleanup(cw_mesh_finish))) = {0};
	if (!collect_nodes(check->deployment, &mesh))
		return cw_error_memory(error);
	if (!make_room(&mesh, check->link_count))
		return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++)
		enter_link(&making, check->links[i], &mesh);
	*ret = mesh;
	mesh = (struct cw_mesh){0};
	return true;
}
