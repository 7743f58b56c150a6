#include "check/service.h"
#include "report/observed/sign_in_report.h"
#include "report/report_json.h"

static json_t *findings_json(const struct cw_link *seen)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; seen && i < seen->complaints.count; i++) {
		const struct cw_complaint *complaint = &seen->complaints.items[i];
		cw_json_add(&json, array, cw_report_json_finding(&complaint->finding, complaint));
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *step_json(const struct cw_sign_in_step *step)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "name", cw_json_text(cw_sign_in_place_name(step->place)));
	cw_json_put(&json, object, "asked", cw_json_text(step->asked));
	cw_json_put(&json, object, "answer", cw_json_text(step->answer));
	cw_json_put(&json, object, "means", cw_json_text(step->means));
	cw_json_put(&json, object, "next", cw_json_text(step->next));
	cw_json_put(&json, object, "ms", cw_json_count(step->milliseconds));
	cw_json_put(&json, object, "verdict", cw_json_text(cw_finding_verdict_name(step->verdict)));
	cw_json_put(&json, object, "findings", findings_json(step->seen));
	return json.failed ? NULL : TAKE(object);
}

static json_t *predicted_json(const struct cw_service *service)
{
	struct cw_json json = {0};
	if (!service)
		return json_null();
	AUTO(json_decref) json_t *object = json_object();
	json_t *because = json_array();
	for (size_t i = 0; i < service->because_count; i++)
		cw_json_add(&json, because, cw_json_text(service->because[i]->id));
	cw_json_put(&json, object, "endpoint", cw_json_text(service->endpoint->name));
	cw_json_put(&json, object, "state", cw_json_text(cw_service_state_name(service->state)));
	cw_json_put(&json, object, "because", because);
	return json.failed ? NULL : TAKE(object);
}

bool cw_sign_in_report_json(
	const struct cw_sign_in_report *report, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_sign_in *sign_in = report->sign_in;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *steps = json_array();
	for (size_t i = 0; i < sign_in->count; i++)
		cw_json_add(&json, steps, step_json(&sign_in->steps[i]));
	cw_json_put(&json, object, "causeway", cw_json_count(1));
	cw_json_put(&json, object, "user", cw_json_text(sign_in->user));
	cw_json_put(&json, object, "domain", cw_json_text(sign_in->domain));
	cw_json_put(&json, object, "as", cw_json_text(cw_endpoint_kind_name(sign_in->kind)));
	cw_json_put(&json, object, "state", cw_json_text(cw_service_state_name(sign_in->state)));
	cw_json_put(&json, object, "ended_at",
		cw_json_text(sign_in->ended ? cw_sign_in_place_name(sign_in->ended_at) : NULL));
	cw_json_put(&json, object, "registered",
		sign_in->register_left_out ? json_null() : json_boolean(sign_in->registered));
	cw_json_put(&json, object, "predicted", predicted_json(report->predicted));
	cw_json_put(&json, object, "steps", steps);
	return cw_json_print(&json, object, false, ret, error);
}
