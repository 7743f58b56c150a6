#include "report/observed/session_verdict.h"

#include <jansson.h>

CW_DEFINE_AUTO(json_t *, json_decref)

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
		const struct cw_complaint *complaint = &link->complaints.items[i];
		const struct cw_finding *finding = &complaint->finding;
		cw_buffer_printf(out, "       %s %s", cw_finding_severity_name(finding->severity),
			cw_finding_code_name(finding->code));
		if (complaint->store)
			cw_buffer_printf(out, " (%s of %s)", complaint->store, complaint->judge);
		cw_buffer_printf(out, ": %s\n",
			finding->detail ? finding->detail : cw_finding_row(finding->code)->sentence);
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
	json_t *list = json_array();
	for (size_t i = 0; list && i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		const struct cw_finding *finding = &complaint->finding;
		json_t *one = json_pack("{s:s, s:s, s:s, s:s?, s:i, s:s?, s:s?}", "code",
			cw_finding_code_name(finding->code), "severity",
			cw_finding_severity_name(finding->severity), "judge", complaint->judge, "store",
			complaint->store, "depth", (int)finding->depth, "subject", finding->subject, "detail",
			finding->detail);
		if (!one || json_array_append_new(list, one) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *remarks_json(const struct cw_strings *remarks)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < remarks->count; i++)
		if (json_array_append_new(list, json_string(remarks->items[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

bool cw_session_verdict_json(
	struct cw_buffer *out, const struct cw_session_verdict *verdict, struct cw_error *error)
{
	const struct cw_session_match *match = &verdict->match;
	if (!match->link) {
		cw_buffer_text(out, "\"link\":null");
		return true;
	}
	const struct cw_link *judged = verdict->judged;
	AUTO(json_decref)
	json_t *object = json_pack("{s:s, s:s, s:s?, s:s?, s:i, s:s?, s:s?, s:s, s:s?, s:b, s:o, s:o}", "id",
		match->link->id, "kind", cw_link_kind_name(match->link->kind), "server_by", match->server_by,
		"client_by", match->client_by, "alike", (int)match->others, "verdict",
		nothing_asked(judged) ? NULL : cw_finding_verdict_name(judged->verdict), "refused_by",
		judged->refused_by, "predicted", cw_finding_verdict_name(match->link->verdict),
		"predicted_refused_by", match->link->refused_by, "differs", verdict->differs, "findings",
		findings_json(judged), "remarks", remarks_json(&verdict->remarks));
	AUTO(free) char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	if (!text)
		return cw_error_memory(error);
	cw_buffer_printf(out, "\"link\":%s", text);
	return true;
}
