#include "admin/page/lab/front_answer.h"

#include "check/service.h"
#include "report/html/map.h"
#include "report/json.h"

/* The worst of the links to which it owes its state; NULL: it works. */
static const struct cw_link *deciding_link(const struct cw_service *service)
{
	const struct cw_link *worst = NULL;
	for (size_t i = 0; i < service->because_count; i++)
		if (!worst || service->because[i]->verdict > worst->verdict)
			worst = service->because[i];
	return worst;
}

/* The Expressway-E, or what stands before it, that the endpoint comes to. */
static const char *server_of(const struct cw_check *check, const struct cw_endpoint *endpoint)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (link->kind == CW_LINK_EDGE_HTTPS && link->client.endpoint == endpoint)
			return link->server.name;
	}
	return NULL;
}

static json_t *row_of(const struct cw_check *check, const struct cw_service *service)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *row = json_object();
	const struct cw_link *link = deciding_link(service);
	const struct cw_complaint *why = link ? cw_map_deciding(link) : NULL;
	cw_json_put(&json, row, "name", cw_json_text(service->endpoint->name));
	cw_json_put(&json, row, "kind", cw_json_text(cw_endpoint_kind_name(service->endpoint->kind)));
	cw_json_put(&json, row, "domain", cw_json_text(service->domain->name));
	cw_json_put(&json, row, "server", cw_json_text(server_of(check, service->endpoint)));
	cw_json_put(&json, row, "state", cw_json_text(cw_service_state_name(service->state)));
	cw_json_put(&json, row, "link", cw_json_text(link ? cw_link_kind_name(link->kind) : NULL));
	cw_json_put(&json, row, "code", cw_json_text(why ? cw_finding_code_name(why->finding.code) : NULL));
	cw_json_put(&json, row, "why", cw_json_text(why ? why->finding.detail : NULL));
	return json.failed ? NULL : TAKE(row);
}

json_t *cw_front_answer_endpoints(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < check->service_count; i++)
		cw_json_add(&json, rows, row_of(check, &check->services[i]));
	return json.failed ? NULL : TAKE(rows);
}
