#include "report/report_json.h"

#include "check/doubt.h"
#include "check/service.h"
#include "report/cause_words.h"
#include "report/causes.h"
#include "report/plan/plan_report.h"

static json_t *summary(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "links", cw_json_count(check->link_count));
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++)
		cw_json_put(&json, object, cw_finding_verdict_name((enum cw_verdict)verdict),
			cw_json_count(check->verdicts[verdict]));
	return json.failed ? NULL : TAKE(object);
}

static json_t *service(const struct cw_service *service)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "endpoint", cw_json_text(service->endpoint->name));
	cw_json_put(&json, object, "domain", cw_json_text(service->domain->name));
	cw_json_put(&json, object, "service", cw_json_text("sign-in"));
	cw_json_put(&json, object, "state", cw_json_text(cw_service_state_name(service->state)));
	json_t *because = json_array();
	for (size_t i = 0; i < service->because_count; i++)
		cw_json_add(&json, because, cw_json_text(service->because[i]->id));
	cw_json_put(&json, object, "because", because);
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_report_json_services(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < check->service_count; i++)
		cw_json_add(&json, array, service(&check->services[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *findings(const struct cw_complaints *complaints)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < complaints->count; i++)
		cw_json_add(&json, array,
			cw_report_json_finding(&complaints->items[i].finding, &complaints->items[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *link_object(const struct cw_link *link)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "id", cw_json_text(link->id));
	cw_json_put(&json, object, "kind", cw_json_text(cw_link_kind_name(link->kind)));
	cw_json_put(&json, object, "client", cw_json_text(link->client.name));
	cw_json_put(&json, object, "server", cw_json_text(link->server.name));
	cw_json_put(&json, object, "address", cw_json_text(link->address));
	cw_json_put(&json, object, "port", link->port ? cw_json_count(link->port) : json_null());
	cw_json_put(&json, object, "verdict", cw_json_text(cw_finding_verdict_name(link->verdict)));
	cw_json_put(&json, object, "refused_by", cw_json_text(link->refused_by));
	cw_json_put(&json, object, "findings", findings(&link->complaints));
	return json.failed ? NULL : TAKE(object);
}

static json_t *links(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < check->link_count; i++)
		cw_json_add(&json, array, link_object(check->links[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *nodes(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < check->node_count; i++) {
		json_t *object = json_object();
		cw_json_put(&json, object, "node", cw_json_text(check->nodes[i].node->fqdn));
		cw_json_put(&json, object, "findings", findings(&check->nodes[i].complaints));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static bool holds_number(const json_t *array, size_t number)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_integer_value(json_array_get(array, i)) == (json_int_t)number)
			return true;
	return false;
}

static bool is_of_cause(
	const struct cw_causes *all, const struct cw_cause *cause, const struct cw_complaint *complaint)
{
	return cw_causes_index(all, complaint) == (size_t)(cause - all->items);
}

static void add_steps(struct cw_json *json, json_t *array, const struct cw_repair *plan,
	const struct cw_link *link, const struct cw_complaint *complaint)
{
	size_t index = cw_repair_step_ending(plan, link, complaint);
	if (index < plan->count && !holds_number(array, index + 1))
		cw_json_add(json, array, cw_json_count(index + 1));
}

/* The steps of the plan that end what this cause refuses. */
static json_t *cause_steps(
	const struct cw_check *check, const struct cw_causes *all, const struct cw_cause *cause)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < cause->link_count; i++) {
		const struct cw_complaints *complaints = &cause->links[i]->complaints;
		for (size_t k = 0; k < complaints->count; k++)
			if (is_of_cause(all, cause, &complaints->items[k]))
				add_steps(&json, array, check->plan, cause->links[i], &complaints->items[k]);
	}
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_complaints *complaints = &check->nodes[i].complaints;
		for (size_t k = 0; k < complaints->count; k++)
			if (is_of_cause(all, cause, &complaints->items[k]))
				add_steps(&json, array, check->plan, NULL, &complaints->items[k]);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *cause_object(
	const struct cw_check *check, const struct cw_causes *all, const struct cw_cause *cause)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	AUTO_BUFFER sentence = {0};
	json_t *link_ids = json_array(), *node_names = json_array();
	cw_cause_words_complaint(&sentence, cause->told.complaint);
	json.failed |= sentence.failed;
	for (size_t i = 0; i < cause->link_count; i++)
		cw_json_add(&json, link_ids, cw_json_text(cause->links[i]->id));
	for (size_t i = 0; i < cause->node_count; i++)
		cw_json_add(&json, node_names, cw_json_text(cause->nodes[i]->fqdn));
	cw_json_put(&json, object, "number", cw_json_count((size_t)(cause - all->items) + 1));
	cw_json_put(&json, object, "code",
		cw_json_text(cw_finding_code_name(cause->told.complaint->finding.code)));
	cw_json_put(&json, object, "severity", cw_json_text(cw_finding_severity_name(cause->severity)));
	cw_json_put(&json, object, "sentence", cw_json_text(cw_buffer_string(&sentence)));
	cw_json_put(&json, object, "links", link_ids);
	cw_json_put(&json, object, "nodes", node_names);
	cw_json_put(&json, object, "steps", cause_steps(check, all, cause));
	return json.failed ? NULL : TAKE(object);
}

static json_t *causes(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	AUTO_CAUSES all = {0};
	struct cw_error error;
	if (!cw_causes_find(check, &all, &error))
		return NULL;
	for (size_t i = 0; i < all.count; i++)
		cw_json_add(&json, array, cause_object(check, &all, &all.items[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *doubts(const struct cw_deployment *deployment)
{
	struct cw_json json = {0};
	struct cw_error error;
	AUTO_DOUBTS found = {0};
	AUTO(json_decref) json_t *array = json_array();
	if (!cw_doubt_find(deployment, &found, &error))
		return NULL;
	for (size_t i = 0; i < found.count; i++) {
		json_t *object = json_object();
		cw_json_put(&json, object, "kind", cw_json_text(cw_doubt_kind_name(found.items[i].kind)));
		cw_json_put(&json, object, "sentence", cw_json_text(found.items[i].sentence));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

bool cw_report_json(
	const struct cw_check *check, bool one_line, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(check->deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(check->at));
	cw_json_put(&json, object, "summary", summary(check));
	cw_json_put(&json, object, "services", cw_report_json_services(check));
	cw_json_put(&json, object, "links", links(check));
	cw_json_put(&json, object, "nodes", nodes(check));
	if (check->plan) {
		cw_json_put(&json, object, "doubts", doubts(check->deployment));
		cw_json_put(&json, object, "causes", causes(check));
		cw_json_put(&json, object, "plan", cw_plan_report_object(check->deployment, check->plan));
		cw_json_put(&json, object, "alternatives",
			cw_plan_report_alternatives(check->deployment, check->plan, false));
		cw_json_put(&json, object, "workarounds",
			cw_plan_report_alternatives(check->deployment, check->plan, true));
		cw_json_put(&json, object, "alternatives_cut", json_boolean(check->plan->alternatives_cut));
	}
	return cw_json_print(&json, object, one_line, ret, error);
}
