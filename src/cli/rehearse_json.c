#include "cli/rehearse_report.h"
#include "report/json.h"

static json_t *alert_name(int alert)
{
	char text[CW_TLS_ALERT_TEXT_SIZE];
	return cw_json_text(alert < 0 ? NULL : cw_tls_alert_text(alert, text));
}

static json_t *end_object(const struct cw_reality_end *end)
{
	if (!end->connected)
		return json_null();
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "judged", json_boolean(end->judged));
	cw_json_put(&json, object, "handshake_done", json_boolean(end->report.handshake_done));
	cw_json_put(&json, object, "alert_sent", alert_name(end->report.alert_sent));
	cw_json_put(&json, object, "alert_received", alert_name(end->report.alert_received));
	cw_json_put(&json, object, "end", cw_json_text(end->report.reason));
	return json.failed ? NULL : TAKE(object);
}

/* Findings name the originals: shadows never leave the rehearsal. */
static json_t *findings(const struct cw_rehearsal *rehearsal, const struct cw_reality *reality)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	const struct cw_complaints *complaints = &reality->seen->complaints;
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		struct cw_finding finding = complaint->finding; /* a view */
		if (finding.cert)
			finding.cert = (struct cw_cert *)cw_twin_original(
				cw_rehearsal_twin(rehearsal), finding.cert);
		cw_json_add(&json, array, cw_json_finding(&finding, complaint));
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *link_object(const struct cw_rehearsal *rehearsal, const struct cw_reality *reality)
{
	const struct cw_link *link = reality->link;
	bool decided = reality->state == CW_REALITY_UP || reality->state == CW_REALITY_REFUSED;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	AUTO(json_decref) json_t *predicted = json_object();
	cw_json_put(&json, predicted, "verdict", cw_json_text(cw_verdict_name(link->verdict)));
	cw_json_put(&json, predicted, "refused_by", cw_json_text(link->refused_by));
	cw_json_put(&json, object, "id", cw_json_text(link->id));
	cw_json_put(&json, object, "kind", cw_json_text(cw_link_kind_name(link->kind)));
	cw_json_put(&json, object, "client", cw_json_text(link->client.name));
	cw_json_put(&json, object, "server", cw_json_text(link->server.name));
	cw_json_put(&json, object, "address", cw_json_text(link->address));
	cw_json_put(&json, object, "port", cw_json_count(link->port));
	cw_json_put(&json, object, "predicted", TAKE(predicted));
	cw_json_put(&json, object, "state", cw_json_text(cw_reality_state_name(reality->state)));
	cw_json_put(
		&json, object, "verdict", cw_json_text(decided ? cw_verdict_name(reality->verdict) : NULL));
	cw_json_put(&json, object, "refused_by", cw_json_text(reality->refused_by));
	cw_json_put(&json, object, "layer",
		cw_json_text(reality->state == CW_REALITY_REFUSED ? cw_layer_name(reality->layer) : NULL));
	cw_json_put(&json, object, "tls", cw_json_text(*reality->version ? reality->version : NULL));
	cw_json_put(&json, object, "client_end", end_object(&reality->client));
	cw_json_put(&json, object, "server_end", end_object(&reality->server));
	cw_json_put(&json, object, "findings", findings(rehearsal, reality));
	cw_json_put(&json, object, "note", cw_json_text(*reality->note ? reality->note : NULL));
	cw_json_put(&json, object, "differences", cw_json_texts(&reality->differences));
	return json.failed ? NULL : TAKE(object);
}

static size_t count_state(const struct cw_rehearsal *rehearsal, enum cw_reality_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++)
		count += cw_rehearsal_reality(rehearsal, i)->state == state;
	return count;
}

static json_t *summary(const struct cw_rehearsal *rehearsal)
{
	static const char *const keys[] = {"up", "refused", "failed", "not_rehearsable", "later"};
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "links", cw_json_count(cw_rehearsal_check(rehearsal)->link_count));
	cw_json_put(&json, object, "made", cw_json_count(cw_rehearsal_made(rehearsal)));
	for (int state = CW_REALITY_UP; state <= CW_REALITY_LATER; state++)
		cw_json_put(&json, object, keys[state],
			cw_json_count(count_state(rehearsal, (enum cw_reality_state)state)));
	cw_json_put(&json, object, "differing", cw_json_count(cw_rehearsal_differing(rehearsal)));
	return json.failed ? NULL : TAKE(object);
}

bool cw_rehearse_json(const struct cw_rehearsal *rehearsal, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_check *check = cw_rehearsal_check(rehearsal);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	AUTO(json_decref) json_t *links = json_array();
	for (size_t i = 0; i < check->link_count; i++)
		cw_json_add(&json, links, link_object(rehearsal, cw_rehearsal_reality(rehearsal, i)));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(check->deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(check->at));
	cw_json_put(&json, object, "summary", summary(rehearsal));
	cw_json_put(&json, object, "links", TAKE(links));
	return cw_json_print(&json, object, false, ret, error);
}
