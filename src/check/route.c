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
	if (finding->code != CW_EDGE_DOMAIN_MISSING || !finding->name)
		return true;
	return strcasecmp(finding->name, route->domain->name) == 0 ||
		strcasecmp(bare_domain(finding->name), route->domain->name) == 0;
}

bool cw_route_uses(const struct cw_route *route, const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
		return link->client.endpoint == route->endpoint;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_TUNNEL:
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
	case CW_LINK_FRONT:
		return true;
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

/* The endpoint gets into this E node, through the front where there is one. */
static bool enters(const struct cw_check *check, const struct cw_route *route, const struct cw_node *e)
{
	const struct cw_node *front = check->deployment->front;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		bool edge = link->kind == CW_LINK_EDGE_HTTPS || link->kind == CW_LINK_EDGE_SIP;
		if (!edge && link->kind != CW_LINK_FRONT)
			continue;
		if (link->server.node != (edge && front ? front : e) || !cw_route_uses(route, link))
			continue;
		if (!cw_route_passes(route, link))
			return false;
	}
	return true;
}

/* Some C behind this E reaches a CUCM node; where the deployment names none, every C does. */
static bool reaches_cucm(const struct cw_mesh *mesh, size_t e)
{
	for (size_t c = 0; c < mesh->c_count; c++) {
		if (!mesh->crosses[c * mesh->e_count + e])
			continue;
		if (mesh->cucm_count == 0)
			return true;
		for (size_t server = 0; server < mesh->cucm_count; server++)
			if (mesh->serves[c * mesh->server_count + server])
				return true;
	}
	return false;
}

/* Some C that is behind an E node that can be entered reaches this server. */
static bool server_reached(
	const struct cw_mesh *mesh, const struct cw_check *check, const struct cw_route *route, size_t server)
{
	for (size_t c = 0; c < mesh->c_count; c++) {
		if (!mesh->serves[c * mesh->server_count + server])
			continue;
		for (size_t e = 0; e < mesh->e_count; e++)
			if (mesh->crosses[c * mesh->e_count + e] && enters(check, route, mesh->e[e]))
				return true;
	}
	return false;
}

static bool any_set(const bool *flags, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (flags[i])
			return true;
	return false;
}

static bool any_cucm(const struct cw_mesh *mesh)
{
	for (size_t c = 0; c < mesh->c_count; c++)
		if (any_set(&mesh->serves[c * mesh->server_count], mesh->cucm_count))
			return true;
	return mesh->cucm_count == 0;
}

void cw_route_reach(const struct cw_check *check, const struct cw_mesh *mesh, const struct cw_route *route,
	struct cw_reach *ret)
{
	*ret = (struct cw_reach){.all = true, .edge_down = true, .sip_down = mesh->sip_down};
	for (size_t e = 0; e < mesh->e_count; e++) {
		bool inside = enters(check, route, mesh->e[e]);
		bool whole = inside && reaches_cucm(mesh, e);
		ret->edge_down = ret->edge_down && !inside;
		ret->any = ret->any || whole;
		ret->all = ret->all && whole;
	}
	ret->zone_down = !any_set(mesh->crosses, mesh->c_count * mesh->e_count);
	ret->cucm_down = !any_cucm(mesh);
	ret->all = ret->all && !ret->sip_down;
	for (size_t server = 0; ret->all && server < mesh->server_count; server++)
		ret->all = server_reached(mesh, check, route, server);
}

bool cw_route_blames(const struct cw_reach *reach, enum cw_link_kind kind)
{
	bool one_stage = !reach->any && (reach->edge_down || reach->zone_down || reach->cucm_down);
	switch (kind) {
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
		return !one_stage || reach->edge_down;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_TUNNEL:
		return !one_stage || reach->zone_down;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
		return !one_stage || reach->cucm_down;
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
		return reach->any && reach->sip_down;
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return false;
	}
	return false;
}
