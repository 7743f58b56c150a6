#include "live/reality.h"

#include <string.h>

void cw_reality_finish(struct cw_reality *reality)
{
	cw_link_free(reality->seen);
	cw_strings_finish(&reality->differences);
	*reality = (struct cw_reality){0};
}

const char *cw_reality_state_name(enum cw_reality_state state)
{
	switch (state) {
	case CW_REALITY_UP:
		return "up";
	case CW_REALITY_REFUSED:
		return "refused";
	case CW_REALITY_FAILED:
		return "failed";
	case CW_REALITY_NOT_REHEARSABLE:
		return "not rehearsable";
	case CW_REALITY_LATER:
		return "later";
	}
	return "";
}

int cw_reality_alert(const struct cw_link *link, const char *judge)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (complaint->judge == judge && complaint->finding.layer == CW_LAYER_TLS &&
			complaint->finding.severity == CW_SEVERITY_REFUSED)
			return cw_tls_alert(cw_finding_row(complaint->finding.code)->alert);
	}
	return CW_TLS_ACCEPT;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cert(const struct cw_twin *twin, const struct cw_cert *predicted, const struct cw_cert *seen)
{
	if (!predicted || !seen)
		return !predicted && !seen;
	return cw_cert_same(predicted, cw_twin_original(twin, seen));
}

static bool same_complaint(
	const struct cw_twin *twin, const struct cw_complaint *predicted, const struct cw_complaint *seen)
{
	const struct cw_finding *a = &predicted->finding, *b = &seen->finding;
	return a->code == b->code && a->severity == b->severity && a->own_severity == b->own_severity &&
		a->layer == b->layer && a->depth == b->depth && a->place == b->place &&
		same_text(predicted->judge, seen->judge) && same_text(predicted->store, seen->store) &&
		same_text(a->subject, b->subject) && same_text(a->name, b->name) &&
		same_cert(twin, a->cert, b->cert);
}

/* The same one as often on both sides. */
static size_t count_of(const struct cw_twin *twin, const struct cw_link *link, bool seen,
	const struct cw_complaint *wanted, bool wanted_seen)
{
	size_t count = 0;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *other = &link->complaints.items[i];
		if (!other->finding.reached)
			continue;
		bool same = seen == wanted_seen ? other == wanted ||
				(other->finding.code == wanted->finding.code &&
					other->finding.depth == wanted->finding.depth &&
					same_text(other->finding.name, wanted->finding.name) &&
					same_text(other->store, wanted->store) &&
					same_text(other->judge, wanted->judge) &&
					other->finding.cert == wanted->finding.cert &&
					other->finding.layer == wanted->finding.layer)
			: seen ? same_complaint(twin, wanted, other)
			       : same_complaint(twin, other, wanted);
		count += same;
	}
	return count;
}

/* Every finding of `from` that was reached is among those of the other. */
static bool compare_findings(struct cw_reality *reality, const struct cw_twin *twin, bool from_seen)
{
	const struct cw_link *from = from_seen ? reality->seen : reality->link;
	const struct cw_link *other = from_seen ? reality->link : reality->seen;
	for (size_t i = 0; i < from->complaints.count; i++) {
		const struct cw_complaint *complaint = &from->complaints.items[i];
		const struct cw_finding *finding = &complaint->finding;
		if (!finding->reached ||
			count_of(twin, from, from_seen, complaint, from_seen) ==
				count_of(twin, other, !from_seen, complaint, from_seen))
			continue;
		if (!cw_strings_addf(&reality->differences, "%s by %s (%s, depth %u, %s) was %s",
			    cw_code_name(finding->code), complaint->judge,
			    cw_severity_name(finding->severity), finding->depth,
			    finding->subject ? finding->subject : "-",
			    from_seen ? "found by the real handshake only" : "predicted only"))
			return false;
	}
	return true;
}

static bool compare_verdict(struct cw_reality *reality)
{
	const struct cw_link *link = reality->link;
	if (reality->state == CW_REALITY_FAILED)
		return cw_strings_addf(&reality->differences, "the link failed: %s", reality->note);
	if (reality->verdict != link->verdict &&
		!cw_strings_addf(&reality->differences, "predicted %s, really %s",
			cw_verdict_name(link->verdict), cw_verdict_name(reality->verdict)))
		return false;
	if (same_text(reality->refused_by, link->refused_by))
		return true;
	return cw_strings_addf(&reality->differences, "predicted to be refused by %s, really by %s",
		link->refused_by ? link->refused_by : "nobody",
		reality->refused_by ? reality->refused_by : "nobody");
}

static bool compare_alert(struct cw_reality *reality, const struct cw_reality_end *refusing,
	const struct cw_reality_end *other, const char *judge)
{
	if (refusing->report.end != CW_END_JUDGED)
		return true;
	char sent[CW_TLS_ALERT_TEXT_SIZE], wanted[CW_TLS_ALERT_TEXT_SIZE];
	int expected = cw_reality_alert(reality->seen, judge);
	if (refusing->report.alert_sent != expected &&
		!cw_strings_addf(&reality->differences, "%s sent the alert %s, wanted %s", judge,
			cw_tls_alert_text(refusing->report.alert_sent, sent),
			cw_tls_alert_text(expected, wanted)))
		return false;
	if (other->report.alert_received == refusing->report.alert_sent)
		return true;
	return cw_strings_addf(&reality->differences, "%s sent the alert %s, the other side saw %s", judge,
		cw_tls_alert_text(refusing->report.alert_sent, sent),
		other->report.alert_received < 0 ? "none"
						 : cw_tls_alert_text(other->report.alert_received, wanted));
}

bool cw_reality_compare(struct cw_reality *reality, const struct cw_twin *twin)
{
	if (reality->state == CW_REALITY_NOT_REHEARSABLE || reality->state == CW_REALITY_LATER)
		return true;
	if (!compare_verdict(reality))
		return false;
	if (reality->state == CW_REALITY_FAILED)
		return true;
	return compare_findings(reality, twin, false) && compare_findings(reality, twin, true) &&
		compare_alert(reality, &reality->client, &reality->server, reality->link->client.name) &&
		compare_alert(reality, &reality->server, &reality->client, reality->link->server.name);
}
