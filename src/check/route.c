#include "check/route.h"

#include <string.h>
#include <strings.h>

#define COLLAB_EDGE "collab-edge."

static const char *bare_domain(const char *name)
{
	return strncasecmp(name, COLLAB_EDGE, strlen(COLLAB_EDGE)) == 0 ? name + strlen(COLLAB_EDGE) : name;
}

bool cw_route_concerns(const struct cw_route *route, const struct cw_finding *finding)
{
	if (!finding->name)
		return true;
	if (finding->code == CW_PHONE_PROFILE_MISSING)
		return !route->endpoint->profile || strcasecmp(finding->name, route->endpoint->profile) == 0;
	if (finding->code != CW_EDGE_DOMAIN_MISSING)
		return true;
	return strcasecmp(finding->name, route->domain->name) == 0 ||
		strcasecmp(bare_domain(finding->name), route->domain->name) == 0;
}

static bool registers_by(const struct cw_route *route, enum cw_endpoint_sip sip)
{
	return route->endpoint->sip == CW_ENDPOINT_SIP_ALL || route->endpoint->sip == sip;
}

bool cw_route_uses(const struct cw_route *route, const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
		return link->client.endpoint == route->endpoint;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_SERVICE:
	case CW_LINK_TUNNEL:
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_FRONT:
		return true;
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
		return registers_by(route, CW_ENDPOINT_SIP_SECURE);
	case CW_LINK_SIP_OAUTH:
		return registers_by(route, CW_ENDPOINT_SIP_OAUTH);
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return false;
	}
	return false;
}

bool cw_route_passes(const struct cw_route *route, const struct cw_link *link)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		enum cw_verdict verdict = cw_finding_severity_verdict(finding->severity);
		if (verdict > worst && cw_route_concerns(route, finding))
			worst = verdict;
	}
	return worst < CW_VERDICT_UNKNOWN || (worst == CW_VERDICT_UNKNOWN && route->unknown_passes);
}

/*
 * Which E nodes the endpoint gets into, through the front where there is one: those where every edge link, and every
 * link of the front, passes. One walk over the links, whatever is asked of it later.
 */
static bool *find_entered(
	const struct cw_check *check, const struct cw_mesh *mesh, const struct cw_route *route)
{
	const struct cw_node *front = check->deployment->front;
	bool *entered = malloc(mesh->e_count + 1);
	for (size_t e = 0; entered && e < mesh->e_count; e++)
		entered[e] = true;
	for (size_t i = 0; entered && i < mesh->entry_count; i++) {
		const struct cw_link *link = mesh->entries[i];
		bool edge = link->kind != CW_LINK_FRONT;
		if (!cw_route_uses(route, link) || cw_route_passes(route, link))
			continue;
		for (size_t e = 0; e < mesh->e_count; e++)
			if (link->server.node == (edge && front ? front : mesh->e[e]))
				entered[e] = false;
	}
	return entered;
}

static bool any_set(const bool *flags, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (flags[i])
			return true;
	return false;
}

/* C has people's devices and profile from some CUCM node, and their configuration from some: it need not be the same one. */
static bool reads_cucm(const struct cw_mesh *mesh, size_t c, bool *devices, bool *files)
{
	*devices = *devices || any_set(&mesh->serves[c * mesh->server_count], mesh->cucm_count);
	*files = *files || any_set(&mesh->files[c * mesh->cucm_count], mesh->cucm_count);
	return *devices && *files;
}

/* Those C behind this E reach CUCM; where the deployment names no node of it, every C does. */
static bool reaches_cucm(const struct cw_mesh *mesh, size_t e)
{
	bool devices = false, files = false;
	for (size_t c = 0; c < mesh->c_count; c++) {
		if (!mesh->crosses[c * mesh->e_count + e])
			continue;
		if (mesh->cucm_count == 0 || reads_cucm(mesh, c, &devices, &files))
			return true;
	}
	return false;
}

/* This C is behind an E node that can be entered. */
static bool is_behind(const struct cw_mesh *mesh, const bool *entered, size_t c)
{
	for (size_t e = 0; e < mesh->e_count; e++)
		if (mesh->crosses[c * mesh->e_count + e] && entered[e])
			return true;
	return false;
}

/* Such C reach this server, and, where it is a CUCM node, its files. */
static bool server_reached(const struct cw_mesh *mesh, const bool *entered, size_t server)
{
	bool pages = false, files = server >= mesh->cucm_count;
	for (size_t c = 0; c < mesh->c_count && !(pages && files); c++) {
		if (!is_behind(mesh, entered, c))
			continue;
		pages = pages || mesh->serves[c * mesh->server_count + server];
		files = files || mesh->files[c * mesh->cucm_count + server];
	}
	return pages && files;
}

static bool any_cucm(const struct cw_mesh *mesh)
{
	bool devices = false, files = false;
	for (size_t c = 0; c < mesh->c_count; c++)
		if (reads_cucm(mesh, c, &devices, &files))
			return true;
	return mesh->cucm_count == 0;
}

static bool sip_link_is_up(
	const struct cw_mesh *mesh, const struct cw_route *route, enum cw_mesh_sip kind, size_t place)
{
	const struct cw_link *link = mesh->sip[kind][place];
	return !link || !cw_route_uses(route, link) || cw_route_passes(route, link);
}

/* Registration is answered over a second connection: both directions are needed (the MRA certificates guide, "two handshakes").
 */
static bool sip_is_up(const struct cw_mesh *mesh, const struct cw_route *route, size_t c, size_t server)
{
	size_t place = c * mesh->cucm_count + server;
	return sip_link_is_up(mesh, route, CW_MESH_SIP_OUT, place) &&
		sip_link_is_up(mesh, route, CW_MESH_SIP_IN, place) &&
		sip_link_is_up(mesh, route, CW_MESH_SIP_OAUTH, place);
}

static bool any_sip_up(const struct cw_mesh *mesh, const struct cw_route *route, size_t c)
{
	for (size_t server = 0; server < mesh->cucm_count; server++)
		if (sip_is_up(mesh, route, c, server))
			return true;
	return mesh->cucm_count == 0;
}

/* Some C behind this E lets a device that comes over it register with a CUCM node. */
static bool registers_over(const struct cw_mesh *mesh, const struct cw_route *route, size_t e)
{
	for (size_t c = 0; c < mesh->c_count; c++) {
		size_t pair = c * mesh->e_count + e;
		if (mesh->crosses[pair] && mesh->vouches[pair] && any_sip_up(mesh, route, c))
			return true;
	}
	return false;
}

/* Where sign-in crosses, E's certificate is good for registrations as well. */
static bool all_vouch(const struct cw_mesh *mesh, size_t e)
{
	for (size_t c = 0; c < mesh->c_count; c++)
		if (mesh->crosses[c * mesh->e_count + e] && !mesh->vouches[c * mesh->e_count + e])
			return false;
	return true;
}

/* Some C that is behind an E node that can be entered has SIP up with this CUCM node. */
static bool server_registers(
	const struct cw_mesh *mesh, const bool *entered, const struct cw_route *route, size_t server)
{
	for (size_t c = 0; c < mesh->c_count; c++) {
		if (!sip_is_up(mesh, route, c, server))
			continue;
		for (size_t e = 0; e < mesh->e_count; e++)
			if (mesh->vouches[c * mesh->e_count + e] && entered[e])
				return true;
	}
	return false;
}

static bool no_registration(const struct cw_mesh *mesh, const struct cw_route *route)
{
	for (size_t c = 0; c < mesh->c_count; c++)
		if (any_set(&mesh->vouches[c * mesh->e_count], mesh->e_count) && any_sip_up(mesh, route, c))
			return false;
	return true;
}

static bool every_server(const struct cw_mesh *mesh, const bool *entered, const struct cw_route *route)
{
	for (size_t server = 0; server < mesh->server_count; server++)
		if (!server_reached(mesh, entered, server) ||
			(server < mesh->cucm_count && !server_registers(mesh, entered, route, server)))
			return false;
	return true;
}

bool cw_route_reach(const struct cw_check *check, const struct cw_mesh *mesh, const struct cw_route *route,
	struct cw_reach *ret)
{
	AUTO(free) bool *entered = find_entered(check, mesh, route);
	if (!entered)
		return false;
	*ret = (struct cw_reach){.all = true, .edge_down = true};
	for (size_t e = 0; e < mesh->e_count; e++) {
		bool inside = entered[e];
		bool whole = inside && reaches_cucm(mesh, e);
		bool registers = whole && registers_over(mesh, route, e);
		ret->edge_down = ret->edge_down && !inside;
		ret->any = ret->any || whole;
		ret->registers = ret->registers || registers;
		ret->all = ret->all && registers && all_vouch(mesh, e);
	}
	ret->zone_down = !any_set(mesh->crosses, mesh->c_count * mesh->e_count);
	ret->cucm_down = !any_cucm(mesh);
	ret->sip_down = no_registration(mesh, route);
	ret->all = ret->all && every_server(mesh, entered, route);
	return true;
}

bool cw_route_must_register(const struct cw_route *route)
{
	switch (route->endpoint->kind) {
	case CW_ENDPOINT_JABBER:
	case CW_ENDPOINT_WEBEX:
		return false;
	case CW_ENDPOINT_TELEPRESENCE:
	case CW_ENDPOINT_PHONE_7800:
	case CW_ENDPOINT_PHONE_8800:
	case CW_ENDPOINT_PHONE_9800:
		return true;
	}
	return true;
}

/* The stages that are down everywhere are to blame alone. */
bool cw_route_blames(const struct cw_route *route, const struct cw_reach *reach, enum cw_link_kind kind)
{
	bool one_stage = !reach->any && (reach->edge_down || reach->zone_down || reach->cucm_down);
	bool only_sip = reach->any && !reach->registers && reach->sip_down && cw_route_must_register(route);
	switch (kind) {
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
		return !only_sip && (!one_stage || reach->edge_down);
	case CW_LINK_TRAVERSAL:
	case CW_LINK_TUNNEL:
		return !only_sip && (!one_stage || reach->zone_down);
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
		return !only_sip && (!one_stage || reach->cucm_down);
	case CW_LINK_SERVICE:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
	case CW_LINK_SIP_OAUTH:
		return reach->any;
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return false;
	}
	return false;
}
