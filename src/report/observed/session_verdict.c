#include "report/observed/session_verdict.h"

#include "report/cause_words.h"
#include "report/report_json.h"

/* Nothing was asked about certificates: none came, or none that anybody judges. */
static bool nothing_asked(const struct cw_link *link)
{
	return link->question_count == 0;
}

static void verdict_words(struct cw_buffer *out, const struct cw_link *link)
{
	cw_buffer_text(out, cw_finding_verdict_name(link->verdict));
	if (link->verdict == CW_VERDICT_REFUSED && link->refused_by)
		cw_buffer_printf(out, " by %s", link->refused_by);
}

static void complaint_lines(struct cw_buffer *out, const struct cw_link *link)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		cw_buffer_text(out, "       ");
		cw_cause_words_line(out, &link->complaints.items[i]);
		cw_buffer_char(out, '\n');
		if (finding->severity >= CW_SEVERITY_WARN)
			cw_buffer_printf(out, "         > %s\n", cw_finding_row(finding->code)->advice);
	}
}

void cw_session_verdict_text(struct cw_buffer *out, const struct cw_session_verdict *verdict)
{
	const struct cw_session_match *match = &verdict->match;
	if (!match->link) {
		cw_buffer_text(out, "   link: none of the deployment's (--host FQDN=IP names an address)\n");
		return;
	}
	cw_buffer_printf(out, "   link: %s (server known by %s", match->link->id, match->server_by);
	if (match->client_by)
		cw_buffer_printf(out, ", client by %s", match->client_by);
	cw_buffer_text(out, ")");
	if (match->others)
		cw_buffer_printf(out, ", or %zu more that look alike", match->others);
	cw_buffer_text(out, "\n     judged as sent: ");
	if (nothing_asked(verdict->judged))
		cw_buffer_text(out, "no certificate to judge");
	else
		verdict_words(out, verdict->judged);
	cw_buffer_text(out, "; check predicts: ");
	verdict_words(out, match->link);
	cw_buffer_char(out, '\n');
	complaint_lines(out, verdict->judged);
	for (size_t i = 0; i < verdict->remarks.count; i++)
		cw_buffer_printf(out, "     %s\n", verdict->remarks.items[i]);
}

static json_t *findings_json(const struct cw_link *link)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *list = json_array();
	for (size_t i = 0; i < link->complaints.count; i++)
		cw_json_add(&json, list,
			cw_report_json_finding(
				&link->complaints.items[i].finding, &link->complaints.items[i]));
	return json.failed ? NULL : TAKE(list);
}

static json_t *link_json(const struct cw_session_verdict *verdict)
{
	const struct cw_session_match *match = &verdict->match;
	const struct cw_link *judged = verdict->judged;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "id", cw_json_text(match->link->id));
	cw_json_put(&json, object, "kind", cw_json_text(cw_link_kind_name(match->link->kind)));
	cw_json_put(&json, object, "server_by", cw_json_text(match->server_by));
	cw_json_put(&json, object, "client_by", cw_json_text(match->client_by));
	cw_json_put(&json, object, "alike", cw_json_count(match->others));
	cw_json_put(&json, object, "verdict",
		cw_json_text(nothing_asked(judged) ? NULL : cw_finding_verdict_name(judged->verdict)));
	cw_json_put(&json, object, "refused_by", cw_json_text(judged->refused_by));
	cw_json_put(&json, object, "predicted", cw_json_text(cw_finding_verdict_name(match->link->verdict)));
	cw_json_put(&json, object, "predicted_refused_by", cw_json_text(match->link->refused_by));
	cw_json_put(&json, object, "differs", json_boolean(verdict->differs));
	cw_json_put(&json, object, "findings", findings_json(judged));
	cw_json_put(&json, object, "remarks", cw_json_texts(&verdict->remarks));
	return json.failed ? NULL : TAKE(object);
}

bool cw_session_verdict_json(
	struct cw_buffer *out, const struct cw_session_verdict *verdict, struct cw_error *error)
{
	if (!verdict->match.link) {
		cw_buffer_text(out, "\"link\":null");
		return true;
	}
	AUTO(json_decref) json_t *object = link_json(verdict);
	AUTO(free) char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	if (!text)
		return cw_error_memory(error);
	cw_buffer_printf(out, "\"link\":%s", text);
	return true;
}
