#include "observe/observed.h"

#include "pki/alert.h"

#include <string.h>
#include <strings.h>

void cw_observed_finish(struct cw_observed *observed)
{
	cw_link_free(observed->seen);
	cw_strings_finish(&observed->differences);
	*observed = (struct cw_observed){0};
}

const char *cw_observed_state_name(enum cw_observed_state state)
{
	switch (state) {
	case CW_OBSERVED_UP:
		return "up";
	case CW_OBSERVED_REFUSED:
		return "refused";
	case CW_OBSERVED_FAILED:
		return "failed";
	case CW_OBSERVED_NOT_REHEARSABLE:
		return "not rehearsable";
	case CW_OBSERVED_LATER:
		return "later";
	}
	return "";
}

int cw_observed_alert(const struct cw_link *link, const char *judge)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (complaint->judge == judge && complaint->finding.layer == CW_LAYER_TLS &&
			complaint->finding.severity == CW_SEVERITY_REFUSED)
			return cw_alert_number(cw_finding_row(complaint->finding.code)->alert);
	}
	return -1;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cert(
	const struct cw_observed_set *set, const struct cw_cert *predicted, const struct cw_cert *seen)
{
	if (!predicted || !seen)
		return !predicted && !seen;
	return cw_cert_same(predicted, cw_observed_original(set, seen));
}

static bool same_complaint(const struct cw_observed_set *set, const struct cw_complaint *predicted,
	const struct cw_complaint *seen)
{
	const struct cw_finding *a = &predicted->finding, *b = &seen->finding;
	return a->code == b->code && a->severity == b->severity && a->own_severity == b->own_severity &&
		a->layer == b->layer && a->depth == b->depth && a->place == b->place &&
		same_text(predicted->judge, seen->judge) && same_text(predicted->store, seen->store) &&
		same_text(a->subject, b->subject) && same_text(a->name, b->name) &&
		same_cert(set, a->cert, b->cert);
}

/* The same one as often on both sides. */
static size_t count_of(const struct cw_observed_set *set, const struct cw_link *link, bool seen,
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
			: seen ? same_complaint(set, wanted, other)
			       : same_complaint(set, other, wanted);
		count += same;
	}
	return count;
}

/* Every finding of `from` that was reached is among those of the other. */
static bool compare_findings(struct cw_observed *observed, const struct cw_observed_set *set, bool from_seen)
{
	const struct cw_link *from = from_seen ? observed->seen : observed->link;
	const struct cw_link *other = from_seen ? observed->link : observed->seen;
	for (size_t i = 0; i < from->complaints.count; i++) {
		const struct cw_complaint *complaint = &from->complaints.items[i];
		const struct cw_finding *finding = &complaint->finding;
		if (!finding->reached ||
			count_of(set, from, from_seen, complaint, from_seen) ==
				count_of(set, other, !from_seen, complaint, from_seen))
			continue;
		if (!cw_strings_addf(&observed->differences, "%s by %s (%s, depth %u, %s) was %s",
			    cw_finding_code_name(finding->code), complaint->judge,
			    cw_finding_severity_name(finding->severity), finding->depth,
			    finding->subject ? finding->subject : "-",
			    from_seen ? "found by the real handshake only" : "predicted only"))
			return false;
	}
	return true;
}

static bool compare_verdict(struct cw_observed *observed)
{
	const struct cw_link *link = observed->link;
	if (observed->state == CW_OBSERVED_FAILED)
		return cw_strings_addf(&observed->differences, "the link failed: %s", observed->note);
	if (observed->verdict != link->verdict &&
		!cw_strings_addf(&observed->differences, "predicted %s, really %s",
			cw_finding_verdict_name(link->verdict), cw_finding_verdict_name(observed->verdict)))
		return false;
	if (same_text(observed->refused_by, link->refused_by))
		return true;
	return cw_strings_addf(&observed->differences, "predicted to be refused by %s, really by %s",
		link->refused_by ? link->refused_by : "nobody",
		observed->refused_by ? observed->refused_by : "nobody");
}

static bool compare_alert(struct cw_observed *observed, const struct cw_observed_end *refusing,
	const struct cw_observed_end *other, const char *judge)
{
	if (!refusing->judge_refused)
		return true;
	char sent[CW_ALERT_TEXT_SIZE], wanted[CW_ALERT_TEXT_SIZE];
	int expected = cw_observed_alert(observed->seen, judge);
	if (refusing->alert_sent != expected &&
		!cw_strings_addf(&observed->differences, "%s sent the alert %s, wanted %s", judge,
			cw_alert_text(refusing->alert_sent, sent), cw_alert_text(expected, wanted)))
		return false;
	if (other->alert_received == refusing->alert_sent)
		return true;
	return cw_strings_addf(&observed->differences, "%s sent the alert %s, the other side saw %s", judge,
		cw_alert_text(refusing->alert_sent, sent),
		other->alert_received < 0 ? "none" : cw_alert_text(other->alert_received, wanted));
}

bool cw_observed_compare(struct cw_observed *observed, const struct cw_observed_set *set)
{
	if (observed->state == CW_OBSERVED_NOT_REHEARSABLE || observed->state == CW_OBSERVED_LATER)
		return true;
	if (!compare_verdict(observed))
		return false;
	if (observed->state == CW_OBSERVED_FAILED)
		return true;
	return compare_findings(observed, set, false) && compare_findings(observed, set, true) &&
		compare_alert(observed, &observed->client, &observed->server, observed->link->client.name) &&
		compare_alert(observed, &observed->server, &observed->client, observed->link->server.name);
}

const struct cw_cert *cw_observed_original(const struct cw_observed_set *set, const struct cw_cert *seen)
{
	return set->original ? set->original(set->context, seen) : seen;
}

size_t cw_observed_count(const struct cw_observed_set *set, enum cw_observed_state state)
{
	size_t count = 0;
	for (size_t i = 0; i < set->check->link_count; i++)
		count += set->items[i].state == state;
	return count;
}

size_t cw_observed_made(const struct cw_observed_set *set)
{
	return set->check->link_count - cw_observed_count(set, CW_OBSERVED_NOT_REHEARSABLE) -
		cw_observed_count(set, CW_OBSERVED_LATER);
}

size_t cw_observed_differing(const struct cw_observed_set *set)
{
	size_t count = 0;
	for (size_t i = 0; i < set->check->link_count; i++)
		count += set->items[i].differences.count > 0;
	return count;
}

void cw_observed_ends(struct cw_buffer *ret, const struct cw_link *link)
{
	cw_buffer_printf(ret, "%s -> %s", link->client.name, link->server.name);
	if (strcasecmp(link->address, link->server.name) != 0)
		cw_buffer_printf(ret, " (as %s)", link->address);
	cw_buffer_printf(ret, ":%u", link->port);
}

const char *cw_observed_outcome(const struct cw_observed *observed)
{
	return observed->state == CW_OBSERVED_UP ? cw_finding_verdict_name(observed->verdict)
						 : cw_observed_state_name(observed->state);
}
