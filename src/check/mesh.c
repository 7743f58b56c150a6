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
	free(mesh->serves);
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

static void enter_link(const struct making *making, const struct cw_link *link, struct cw_mesh *mesh)
{
	size_t c = index_of(mesh->c, mesh->c_count, link->client.node);
	if (c == mesh->c_count)
		return;
	if (link->kind == CW_LINK_TUNNEL && is_up(making, link)) {
		size_t e = index_of(mesh->e, mesh->e_count, link->server.node);
		mesh->crosses[c * mesh->e_count + e] =
			true; /* a tunnel is refused where its traversal link is */
	}
	if ((link->kind == CW_LINK_TOMCAT || link->kind == CW_LINK_TFTP) && !is_up(making, link)) {
		size_t server = index_of(mesh->servers, mesh->server_count, link->server.node);
		mesh->serves[c * mesh->server_count + server] = false;
	}
}

static bool link_is_up(const struct making *making, enum cw_link_kind kind, const struct cw_node *client,
	const struct cw_node *server)
{
	for (size_t i = 0; i < making->check->link_count; i++) {
		const struct cw_link *link = making->check->links[i];
		if (link->kind == kind && link->client.node == client && link->server.node == server)
			return is_up(making, link);
	}
	return false;
}

/* Registration is answered over a second connection: both directions are needed (seed 000, "two handshakes").
 */
static bool sip_is_up(const struct making *making, const struct cw_mesh *mesh, const struct cw_group *cucm)
{
	for (size_t c = 0; c < mesh->c_count; c++)
		for (size_t i = 0; i < cucm->count; i++)
			if (link_is_up(making, CW_LINK_SIP_OUT, mesh->c[c], cucm->nodes[i]) &&
				link_is_up(making, CW_LINK_SIP_IN, cucm->nodes[i], mesh->c[c]))
				return true;
	return false;
}

static bool any_sip_down(const struct making *making, const struct cw_mesh *mesh)
{
	const struct cw_deployment *deployment = making->check->deployment;
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->kind == CW_NODE_CUCM && group->secure_registration && mesh->c_count &&
			!sip_is_up(making, mesh, group))
			return true;
	}
	return false;
}

bool cw_mesh_make(
	const struct cw_check *check, bool unknown_passes, struct cw_mesh *ret, struct cw_error *error)
{
	struct making making = {check, unknown_passes};
	struct cw_mesh mesh __attribute__((cleanup(cw_mesh_finish))) = {0};
	if (!collect_nodes(check->deployment, &mesh))
		return cw_error_memory(error);
	mesh.crosses = calloc(mesh.c_count * mesh.e_count + 1, sizeof *mesh.crosses);
	mesh.serves = calloc(mesh.c_count * mesh.server_count + 1, sizeof *mesh.serves);
	if (!mesh.crosses || !mesh.serves)
		return cw_error_memory(error);
	for (size_t i = 0; i < mesh.c_count * mesh.server_count; i++)
		mesh.serves[i] = true;
	for (size_t i = 0; i < check->link_count; i++)
		enter_link(&making, check->links[i], &mesh);
	mesh.sip_down = any_sip_down(&making, &mesh);
	*ret = mesh;
	mesh = (struct cw_mesh){0};
	return true;
}
