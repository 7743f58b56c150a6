#include "cli/rehearse_words.h"

#include <strings.h>

void cw_rehearse_ends(struct cw_buffer *ret, const struct cw_link *link)
{
	cw_buffer_printf(ret, "%s -> %s", link->client.name, link->server.name);
	if (strcasecmp(link->address, link->server.name) != 0)
		cw_buffer_printf(ret, " (as %s)", link->address);
	cw_buffer_printf(ret, ":%u", link->port);
}

const char *cw_rehearse_outcome(const struct cw_reality *reality)
{
	return reality->state == CW_REALITY_UP ? cw_verdict_name(reality->verdict)
					       : cw_reality_state_name(reality->state);
}

void cw_rehearse_how(struct cw_buffer *ret, const struct cw_reality *reality)
{
	if (reality->state == CW_REALITY_UP)
		cw_buffer_printf(ret, "up, %s", reality->version);
	else if (reality->state == CW_REALITY_REFUSED)
		cw_buffer_printf(ret, "in %s",
			reality->layer == CW_LAYER_DIGEST	 ? "the zone's digest"
				: reality->layer == CW_LAYER_SIP ? "SIP"
								 : "TLS");
}

static void list_codes(struct cw_buffer *text, const struct cw_reality *reality)
{
	const struct cw_complaints *complaints = &reality->seen->complaints;
	const char *between = ": ";
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		if (!complaint->finding.reached || complaint->finding.severity == CW_SEVERITY_INFO)
			continue;
		cw_buffer_printf(text, "%s%s", between, cw_code_name(complaint->finding.code));
		between = ", ";
	}
}

static void alert(struct cw_buffer *text, const struct cw_reality *reality)
{
	bool client = reality->refused_by == reality->link->client.name;
	const struct cw_reality_end *refusing = client ? &reality->client : &reality->server;
	const struct cw_reality_end *other = client ? &reality->server : &reality->client;
	const char *name = client ? reality->link->server.name : reality->link->client.name;
	char sent[CW_TLS_ALERT_TEXT_SIZE], seen[CW_TLS_ALERT_TEXT_SIZE];
	if (refusing->report.alert_sent < 0)
		return;
	if (refusing->report.alert_sent == other->report.alert_received) {
		cw_buffer_printf(text, "; alert %s, sent and seen",
			cw_tls_alert_text(refusing->report.alert_sent, sent));
		return;
	}
	cw_buffer_printf(text, "; sent the alert %s, %s saw %s",
		cw_tls_alert_text(refusing->report.alert_sent, sent), name,
		other->report.alert_received < 0 ? "none"
						 : cw_tls_alert_text(other->report.alert_received, seen));
}

void cw_rehearse_detail(struct cw_buffer *ret, const struct cw_reality *reality)
{
	if (reality->state == CW_REALITY_REFUSED) {
		cw_buffer_printf(ret, "%s refused", reality->refused_by);
		list_codes(ret, reality);
		alert(ret, reality);
	} else if (reality->state == CW_REALITY_UP && reality->verdict != CW_VERDICT_PASS) {
		cw_buffer_text(ret, "came up");
		list_codes(ret, reality);
		if (*reality->note)
			cw_buffer_printf(ret, "; %s", reality->note);
	} else if (reality->state != CW_REALITY_LATER) {
		cw_buffer_text(ret, reality->note);
	}
}

static size_t count_state(const struct cw_rehearsal *rehearsal, enum cw_reality_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++)
		count += cw_rehearsal_reality(rehearsal, i)->state == state;
	return count;
}

void cw_rehearse_summary(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal)
{
	size_t later = count_state(rehearsal, CW_REALITY_LATER);
	size_t cannot = count_state(rehearsal, CW_REALITY_NOT_REHEARSABLE);
	cw_buffer_printf(ret, "%zu of %zu links were made for real: %zu came up, %zu refused.",
		cw_rehearsal_made(rehearsal), cw_rehearsal_check(rehearsal)->link_count,
		count_state(rehearsal, CW_REALITY_UP), count_state(rehearsal, CW_REALITY_REFUSED));
	if (later)
		cw_buffer_printf(ret, " SSH tunnels (%zu) are not rehearsed yet.", later);
	if (cannot)
		cw_buffer_printf(ret, " %zu cannot be rehearsed, which is no pass.", cannot);
}

void cw_rehearse_agreement(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal)
{
	size_t differing = cw_rehearsal_differing(rehearsal);
	if (differing)
		cw_buffer_printf(ret,
			"PREDICTION AND REALITY DIFFER on %zu link%s: this is a bug in Causeway. Please "
			"report it.",
			differing, differing == 1 ? "" : "s");
	else
		cw_buffer_text(ret, "Everything went as predicted.");
}
