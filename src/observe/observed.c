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

/* Of the same link, made out of the same evidence. */
static bool equal_complaint(const struct cw_complaint *a, const struct cw_complaint *b)
{
	return a == b ||
		(a->finding.code == b->finding.code && a->finding.depth == b->finding.depth &&
			same_text(a->finding.name, b->finding.name) && same_text(a->store, b->store) &&
			same_text(a->judge, b->judge) && a->finding.cert == b->finding.cert &&
			a->finding.layer == b->finding.layer);
}

/* The predicted link or the observed one, and a finding of one of the two. */
struct findings {
	const struct cw_link *link;
	bool observed; /* `link` is the observed one */
};

static bool matches(const struct cw_observed_set *set, const struct findings *in,
	const struct cw_complaint *complaint, const struct cw_complaint *wanted, bool wanted_observed)
{
	if (in->observed == wanted_observed)
		return equal_complaint(complaint, wanted);
	return in->observed ? same_complaint(set, wanted, complaint) : same_complaint(set, complaint, wanted);
}

/* How often a finding of either link is among those that one link reached. */
static size_t count_of(const struct cw_observed_set *set, const struct findings *in,
	const struct cw_complaint *wanted, bool wanted_observed)
{
	size_t count = 0;
	for (size_t i = 0; i < in->link->complaints.count; i++) {
		const struct cw_complaint *complaint = &in->link->complaints.items[i];
		count += complaint->finding.reached && matches(set, in, complaint, wanted, wanted_observed);
	}
	return count;
}

static bool add_difference(
	struct cw_observed *observed, const struct cw_complaint *complaint, bool observed_only)
{
	const struct cw_finding *finding = &complaint->finding;
	const char *subject = finding->subject ? finding->subject : "-";
	const char *where = observed_only ? "found by the real handshake only" : "predicted only";
	return cw_strings_addf(&observed->differences, "%s by %s (%s, depth %u, %s) was %s",
		cw_finding_code_name(finding->code), complaint->judge,
		cw_finding_severity_name(finding->severity), finding->depth, subject, where);
}

/* Every finding that one link reached is among those of the other, as often. `observed_first`: which one. */
static bool compare_findings(
	struct cw_observed *observed, const struct cw_observed_set *set, bool observed_first)
{
	const struct findings predicted = {observed->link, false}, really = {observed->seen, true};
	const struct findings *from = observed_first ? &really : &predicted;
	const struct findings *other = observed_first ? &predicted : &really;
	for (size_t i = 0; i < from->link->complaints.count; i++) {
		const struct cw_complaint *complaint = &from->link->complaints.items[i];
		if (complaint->finding.reached &&
			count_of(set, from, complaint, observed_first) !=
				count_of(set, other, complaint, observed_first) &&
			!add_difference(observed, complaint, observed_first))
			return false;
	}
	return true;
}

static const char *name_or_nobody(const char *name)
{
	return name ? name : "nobody";
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
		name_or_nobody(link->refused_by), name_or_nobody(observed->refused_by));
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
	if (observed->state == CW_OBSERVED_NOT_REHEARSABLE)
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
	return set->check->link_count - cw_observed_count(set, CW_OBSERVED_NOT_REHEARSABLE);
}

size_t cw_observed_differing(const struct cw_observed_set *set)
{
	size_t count = 0;
	for (size_t i = 0; i < set->check->link_count; i++)
		count += set->items[i].differences.count > 0;
	return count;
}

static bool is_up(const struct cw_observed_set *set, const struct cw_link *link)
{
	for (size_t i = 0; link && i < set->check->link_count; i++)
		if (set->check->links[i] == link)
			return set->items[i].state == CW_OBSERVED_UP;
	return false;
}

size_t cw_observed_tunnels_down(const struct cw_observed_set *set)
{
	size_t count = 0;
	for (size_t i = 0; i < set->check->link_count; i++) {
		const struct cw_observed *observed = &set->items[i];
		bool down = observed->state == CW_OBSERVED_REFUSED || observed->state == CW_OBSERVED_FAILED;
		count +=
			observed->link->kind == CW_LINK_TUNNEL && down && is_up(set, observed->link->carrier);
	}
	return count;
}

void cw_observed_ends(struct cw_buffer *ret, const struct cw_link *link)
{
	cw_buffer_printf(ret, "%s -> %s", link->client.name, link->server.name);
	if (strcasecmp(link->address, link->server.name) != 0)
		cw_buffer_printf(ret, " (as %s)", link->address);
	if (link->port)
		cw_buffer_printf(ret, ":%u", link->port);
}

const char *cw_observed_outcome(const struct cw_observed *observed)
{
	return observed->state == CW_OBSERVED_UP ? cw_finding_verdict_name(observed->verdict)
						 : cw_observed_state_name(observed->state);
}
