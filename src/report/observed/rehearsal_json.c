#include "pki/alert.h"
#include "report/observed/rehearsal_report.h"
#include "report/report_json.h"

static json_t *alert_name(int alert)
{
	char text[CW_ALERT_TEXT_SIZE];
	return cw_json_text(alert < 0 ? NULL : cw_alert_text(alert, text));
}

static json_t *end_object(const struct cw_observed_end *end)
{
	if (!end->connected)
		return json_null();
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "judged", json_boolean(end->judged));
	cw_json_put(&json, object, "handshake_done", json_boolean(end->handshake_done));
	cw_json_put(&json, object, "alert_sent", alert_name(end->alert_sent));
	cw_json_put(&json, object, "alert_received", alert_name(end->alert_received));
	cw_json_put(&json, object, "end", cw_json_text(end->reason));
	return json.failed ? NULL : TAKE(object);
}

/* Findings name the originals: stand-in certificates never leave the rehearsal. */
static json_t *findings(const struct cw_observed_set *set, const struct cw_observed *observed)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	const struct cw_complaints *complaints = &observed->seen->complaints;
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		struct cw_finding finding = complaint->finding; /* a view */
		if (finding.cert)
			finding.cert = (struct cw_cert *)cw_observed_original(set, finding.cert);
		cw_json_add(&json, array, cw_report_json_finding(&finding, complaint));
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *link_object(const struct cw_observed_set *set, const struct cw_observed *observed)
{
	const struct cw_link *link = observed->link;
	bool decided = observed->state == CW_OBSERVED_UP || observed->state == CW_OBSERVED_REFUSED;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	AUTO(json_decref) json_t *predicted = json_object();
	cw_json_put(&json, predicted, "verdict", cw_json_text(cw_finding_verdict_name(link->verdict)));
	cw_json_put(&json, predicted, "refused_by", cw_json_text(link->refused_by));
	cw_json_put(&json, object, "id", cw_json_text(link->id));
	cw_json_put(&json, object, "kind", cw_json_text(cw_link_kind_name(link->kind)));
	cw_json_put(&json, object, "client", cw_json_text(link->client.name));
	cw_json_put(&json, object, "server", cw_json_text(link->server.name));
	cw_json_put(&json, object, "address", cw_json_text(link->address));
	cw_json_put(&json, object, "port", link->port ? cw_json_count(link->port) : json_null());
	cw_json_put(&json, object, "predicted", TAKE(predicted));
	cw_json_put(&json, object, "state", cw_json_text(cw_observed_state_name(observed->state)));
	cw_json_put(&json, object, "verdict",
		cw_json_text(decided ? cw_finding_verdict_name(observed->verdict) : NULL));
	cw_json_put(&json, object, "refused_by", cw_json_text(observed->refused_by));
	cw_json_put(&json, object, "layer",
		cw_json_text(observed->state == CW_OBSERVED_REFUSED ? cw_finding_layer_name(observed->layer)
								    : NULL));
	bool tls = link->kind != CW_LINK_TUNNEL && *observed->version;
	cw_json_put(&json, object, "tls", cw_json_text(tls ? observed->version : NULL));
	cw_json_put(&json, object, "ssh_reason", cw_json_text(observed->ssh_reason));
	cw_json_put(&json, object, "client_end", end_object(&observed->client));
	cw_json_put(&json, object, "server_end", end_object(&observed->server));
	cw_json_put(&json, object, "findings", findings(set, observed));
	cw_json_put(&json, object, "note", cw_json_text(*observed->note ? observed->note : NULL));
	cw_json_put(&json, object, "differences", cw_json_texts(&observed->differences));
	return json.failed ? NULL : TAKE(object);
}

static json_t *summary(const struct cw_observed_set *set)
{
	static const char *const keys[] = {"up", "refused", "failed", "not_rehearsable"};
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "links", cw_json_count(set->check->link_count));
	cw_json_put(&json, object, "made", cw_json_count(cw_observed_made(set)));
	for (int state = CW_OBSERVED_UP; state <= CW_OBSERVED_NOT_REHEARSABLE; state++)
		cw_json_put(&json, object, keys[state],
			cw_json_count(cw_observed_count(set, (enum cw_observed_state)state)));
	cw_json_put(&json, object, "tunnels_down_zone_up", cw_json_count(cw_observed_tunnels_down(set)));
	cw_json_put(&json, object, "differing", cw_json_count(cw_observed_differing(set)));
	return json.failed ? NULL : TAKE(object);
}

bool cw_rehearsal_report_json(
	const struct cw_observed_set *set, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_check *check = set->check;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	AUTO(json_decref) json_t *links = json_array();
	for (size_t i = 0; i < check->link_count; i++)
		cw_json_add(&json, links, link_object(set, &set->items[i]));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(check->deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(check->at));
	cw_json_put(&json, object, "summary", summary(set));
	cw_json_put(&json, object, "services", cw_report_json_services(check));
	cw_json_put(&json, object, "links", TAKE(links));
	return cw_json_print(&json, object, false, ret, error);
}
