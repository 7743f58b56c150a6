#include "report/observed/rehearsal_words.h"

#include "pki/alert.h"

static const char *layer_words(enum cw_layer layer)
{
	switch (layer) {
	case CW_LAYER_DIGEST:
		return "the zone's digest";
	case CW_LAYER_SIP:
		return "SIP";
	case CW_LAYER_SSH:
		return "SSH";
	case CW_LAYER_TLS:
	case CW_LAYER_FILE:
		return "TLS";
	}
	return "TLS";
}

void cw_rehearsal_words_how(struct cw_buffer *ret, const struct cw_observed *observed)
{
	if (observed->state == CW_OBSERVED_UP)
		cw_buffer_printf(ret, "up, %s", observed->version);
	else if (observed->state == CW_OBSERVED_REFUSED)
		cw_buffer_printf(ret, "in %s", layer_words(observed->layer));
}

static void list_codes(struct cw_buffer *text, const struct cw_observed *observed)
{
	const struct cw_complaints *complaints = &observed->seen->complaints;
	const char *between = ": ";
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		if (!complaint->finding.reached || complaint->finding.severity == CW_SEVERITY_INFO)
			continue;
		cw_buffer_printf(text, "%s%s", between, cw_finding_code_name(complaint->finding.code));
		between = ", ";
	}
}

static void alert(struct cw_buffer *text, const struct cw_observed *observed)
{
	bool client = observed->refused_by == observed->link->client.name;
	const struct cw_observed_end *refusing = client ? &observed->client : &observed->server;
	const struct cw_observed_end *other = client ? &observed->server : &observed->client;
	const char *name = client ? observed->link->server.name : observed->link->client.name;
	char sent[CW_ALERT_TEXT_SIZE], seen[CW_ALERT_TEXT_SIZE];
	if (refusing->alert_sent < 0)
		return;
	if (refusing->alert_sent == other->alert_received) {
		cw_buffer_printf(
			text, "; alert %s, sent and seen", cw_alert_text(refusing->alert_sent, sent));
		return;
	}
	cw_buffer_printf(text, "; sent the alert %s, %s saw %s", cw_alert_text(refusing->alert_sent, sent),
		name, other->alert_received < 0 ? "none" : cw_alert_text(other->alert_received, seen));
}

void cw_rehearsal_words_detail(struct cw_buffer *ret, const struct cw_observed *observed)
{
	if (observed->state == CW_OBSERVED_REFUSED) {
		cw_buffer_printf(ret, "%s refused", observed->refused_by);
		list_codes(ret, observed);
		alert(ret, observed);
		if (*observed->note)
			cw_buffer_printf(ret, "; %s", observed->note);
	} else if (observed->state == CW_OBSERVED_UP && observed->verdict != CW_VERDICT_PASS) {
		cw_buffer_text(ret, "came up");
		list_codes(ret, observed);
		if (*observed->note)
			cw_buffer_printf(ret, "; %s", observed->note);
	} else {
		cw_buffer_text(ret, observed->note);
	}
}

void cw_rehearsal_words_summary(struct cw_buffer *ret, const struct cw_observed_set *set)
{
	size_t down = cw_observed_tunnels_down(set);
	size_t cannot = cw_observed_count(set, CW_OBSERVED_NOT_REHEARSABLE);
	cw_buffer_printf(ret, "%zu of %zu links were made for real: %zu came up, %zu refused.",
		cw_observed_made(set), set->check->link_count, cw_observed_count(set, CW_OBSERVED_UP),
		cw_observed_count(set, CW_OBSERVED_REFUSED));
	if (down)
		cw_buffer_printf(ret,
			" SSH tunnels that are down although their traversal zone is up: %zu; nobody signs in through "
			"such a pair.",
			down);
	if (cannot)
		cw_buffer_printf(ret, " %zu cannot be rehearsed, which is no pass.", cannot);
}

void cw_rehearsal_words_agreement(struct cw_buffer *ret, const struct cw_observed_set *set)
{
	size_t differing = cw_observed_differing(set);
	if (differing)
		cw_buffer_printf(ret,
			"PREDICTION AND REALITY DIFFER on %zu link%s: this is a bug in Causeway. Please "
			"report it.",
			differing, differing == 1 ? "" : "s");
	else if (cw_observed_count(set, CW_OBSERVED_NOT_REHEARSABLE))
		cw_buffer_text(ret, "What could be made went as predicted.");
	else
		cw_buffer_text(ret, "Everything went as predicted.");
}
