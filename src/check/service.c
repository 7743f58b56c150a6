#include "check/service.h"

#include "check/route.h"

struct meshes {
	struct cw_mesh optimistic;
	struct cw_mesh pessimistic;
};

static void meshes_finish(struct meshes *meshes)
{
	cw_mesh_finish(&meshes->optimistic);
	cw_mesh_finish(&meshes->pessimistic);
}

const char *cw_service_state_name(enum cw_service_state state)
{
	static const char *const names[] = {"works", "prompts", "degraded", "unknown", "dead"};
	return names[state];
}

/* Jabber asks its user where another client would have refused (the MRA certificates guide, the Expressway troubleshooting guide). */
static bool edge_prompts(const struct cw_route *route, const struct cw_link *link)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		if (finding->own_severity == CW_SEVERITY_REFUSED && finding->severity == CW_SEVERITY_WARN &&
			cw_route_concerns(route, finding))
			return true;
	}
	return false;
}

static bool is_edge(const struct cw_link *link)
{
	return link->kind == CW_LINK_EDGE_HTTPS || link->kind == CW_LINK_EDGE_SIP;
}

static bool any_prompt(const struct cw_mesh *mesh, const struct cw_route *route)
{
	for (size_t i = 0; i < mesh->entry_count; i++)
		if (is_edge(mesh->entries[i]) && cw_route_uses(route, mesh->entries[i]) &&
			edge_prompts(route, mesh->entries[i]))
			return true;
	return false;
}

/* Whoever cannot register has no phone services: all that a phone is for, and one of Jabber's. */
static enum cw_service_state state_of(const struct cw_route *route, const struct cw_reach *reach)
{
	if (!reach->any || (!reach->registers && cw_route_must_register(route)))
		return CW_SERVICE_DEAD;
	return reach->all ? CW_SERVICE_WORKS : CW_SERVICE_DEGRADED;
}

/*
 * Unknown links once as down, once as up: where that makes a difference, nobody can say. Route and reach are
 * left as they are with unknown links up, so that what is blamed is refused for sure.
 */
static bool judge_service(const struct cw_check *check, const struct meshes *meshes, struct cw_route *route,
	struct cw_reach *reach, struct cw_service *ret)
{
	route->unknown_passes = false;
	if (!cw_route_reach(check, &meshes->pessimistic, route, reach))
		return false;
	ret->worst = state_of(route, reach);
	route->unknown_passes = true;
	if (!cw_route_reach(check, &meshes->optimistic, route, reach))
		return false;
	ret->best = state_of(route, reach);
	if (ret->best == CW_SERVICE_WORKS && any_prompt(&meshes->optimistic, route)) {
		ret->best = CW_SERVICE_PROMPTS;
		ret->worst = ret->worst == CW_SERVICE_WORKS ? CW_SERVICE_PROMPTS : ret->worst;
	}
	ret->state = ret->best == ret->worst ? ret->best : CW_SERVICE_UNKNOWN;
	return true;
}

static bool add_because(struct cw_service *service, const struct cw_link *link)
{
	if (!cw_memory_grow(&service->because, &service->because_capacity, service->because_count,
		    sizeof *service->because))
		return false;
	service->because[service->because_count++] = link;
	return true;
}

/* What only waits for its traversal link owes nothing itself. */
static bool only_follows(const struct cw_link *link)
{
	return link->complaints.count > 0 && link->complaints.items[0].finding.code == CW_TRAVERSAL_REFUSED;
}

static bool owes(const struct cw_service *service, const struct cw_route *route, const struct cw_reach *reach,
	const struct cw_link *link)
{
	if (!cw_route_uses(route, link) || only_follows(link))
		return false;
	switch (service->state) {
	case CW_SERVICE_WORKS:
		return false;
	case CW_SERVICE_PROMPTS:
		return is_edge(link) && edge_prompts(route, link);
	case CW_SERVICE_UNKNOWN:
		return link->verdict == CW_VERDICT_UNKNOWN;
	case CW_SERVICE_DEGRADED:
	case CW_SERVICE_DEAD:
		return !cw_route_passes(route, link) && cw_route_blames(route, reach, link->kind);
	}
	return false;
}

static bool judge_one(struct cw_check *check, const struct meshes *meshes, const struct cw_endpoint *endpoint,
	const struct cw_domain *domain, struct cw_error *error)
{
	if (!cw_memory_grow(&check->services, &check->service_capacity, check->service_count,
		    sizeof *check->services))
		return cw_error_memory(error);
	struct cw_service *service = &check->services[check->service_count++];
	*service = (struct cw_service){.endpoint = endpoint, .domain = domain};
	struct cw_route route = {.endpoint = endpoint, .domain = domain};
	struct cw_reach reach;
	if (!judge_service(check, meshes, &route, &reach, service))
		return cw_error_memory(error);
	for (size_t i = 0; service->state != CW_SERVICE_WORKS && i < check->link_count; i++)
		if (owes(service, &route, &reach, check->links[i]) && !add_because(service, check->links[i]))
			return cw_error_memory(error);
	return true;
}

bool cw_services_derive(struct cw_check *check, struct cw_error *error)
{
	const struct cw_deployment *deployment = check->deployment;
	struct meshes meshes __attribute__((cleanup(meshes_finish))) = {0};
	if (!cw_mesh_make(check, true, &meshes.optimistic, error) ||
		!cw_mesh_make(check, false, &meshes.pessimistic, error))
		return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		for (size_t d = 0; d < deployment->domain_count; d++)
			if (endpoint->domains[d] && deployment->domains[d].edge != CW_EDGE_NONE &&
				!judge_one(check, &meshes, endpoint, &deployment->domains[d], error))
				return false;
	}
	return true;
}
