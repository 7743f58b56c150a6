#include "plan/compare.h"

#include "base/buffer.h"
#include "check/service.h"

#include <string.h>

void cw_compare_finish(struct cw_compare *compare)
{
	for (size_t i = 0; i < compare->count; i++)
		free(compare->rows[i].id);
	free(compare->rows);
	*compare = (struct cw_compare){0};
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cert(const struct cw_cert *a, const struct cw_cert *b)
{
	return a == b || (a && b && cw_cert_same(a, b));
}

bool cw_compare_same_complaint(const struct cw_complaint *a, const struct cw_complaint *b)
{
	return a->finding.code == b->finding.code && a->finding.severity == b->finding.severity &&
		same_text(a->judge, b->judge) && same_text(a->store, b->store) &&
		same_text(a->finding.name, b->finding.name) &&
		same_text(a->finding.subject, b->finding.subject) &&
		same_cert(a->finding.cert, b->finding.cert);
}

bool cw_compare_same_reason(const struct cw_complaint *a, const struct cw_complaint *b)
{
	return a->finding.code == b->finding.code && same_text(a->judge, b->judge) &&
		same_text(a->store, b->store) && same_text(a->finding.name, b->finding.name) &&
		same_text(a->finding.subject, b->finding.subject);
}

bool cw_compare_has_reason(const struct cw_complaints *complaints, const struct cw_complaint *wanted)
{
	for (size_t i = 0; complaints && i < complaints->count; i++)
		if (cw_compare_same_reason(&complaints->items[i], wanted))
			return true;
	return false;
}

bool cw_compare_has_complaint(const struct cw_complaints *complaints, const struct cw_complaint *wanted)
{
	for (size_t i = 0; complaints && i < complaints->count; i++)
		if (cw_compare_same_complaint(&complaints->items[i], wanted))
			return true;
	return false;
}

const struct cw_link *cw_compare_find_link(const struct cw_check *check, const char *id, size_t near)
{
	if (near < check->link_count && strcmp(check->links[near]->id, id) == 0)
		return check->links[near];
	for (size_t i = 0; i < check->link_count; i++)
		if (strcmp(check->links[i]->id, id) == 0)
			return check->links[i];
	return NULL;
}

static bool add(struct cw_compare *compare, struct cw_compare_row row, const char *first, const char *second,
	struct cw_error *error)
{
	if (!cw_memory_grow(&compare->rows, &compare->capacity, compare->count, sizeof *compare->rows))
		return cw_error_memory(error);
	AUTO_BUFFER id = {0};
	cw_buffer_text(&id, first);
	if (second)
		cw_buffer_printf(&id, " %s", second);
	row.id = cw_buffer_steal(&id);
	if (!row.id)
		return cw_error_memory(error);
	compare->rows[compare->count++] = row;
	compare->better += row.change == CW_COMPARE_BETTER;
	compare->worse += row.change == CW_COMPARE_WORSE;
	compare->other += row.change == CW_COMPARE_OTHER;
	return true;
}

static bool same_complaints(const struct cw_complaints *a, const struct cw_complaints *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!cw_compare_has_complaint(b, &a->items[i]) || !cw_compare_has_complaint(a, &b->items[i]))
			return false;
	return true;
}

static enum cw_compare_change direction(int before, int after)
{
	if (after < before)
		return CW_COMPARE_BETTER;
	return after > before ? CW_COMPARE_WORSE : CW_COMPARE_OTHER;
}

/* A link that is new and refused is worse, one that is gone was needed by nobody any more. */
static enum cw_compare_change link_change(const struct cw_link *before, const struct cw_link *after)
{
	if (before && after)
		return direction((int)before->verdict, (int)after->verdict);
	if (after)
		return after->verdict == CW_VERDICT_PASS ? CW_COMPARE_OTHER : CW_COMPARE_WORSE;
	return CW_COMPARE_OTHER;
}

static bool add_link(struct cw_compare *compare, const struct cw_link *before, const struct cw_link *after,
	struct cw_error *error)
{
	struct cw_compare_row row = {.kind = CW_COMPARE_LINK,
		.change = link_change(before, after),
		.link_before = before,
		.link_after = after};
	if (before) {
		row.before = cw_finding_verdict_name(before->verdict);
		row.complaints_before = &before->complaints;
	}
	if (after) {
		row.after = cw_finding_verdict_name(after->verdict);
		row.complaints_after = &after->complaints;
	}
	return add(compare, row, before ? before->id : after->id, NULL, error);
}

static bool compare_links(const struct cw_check *before, const struct cw_check *after,
	struct cw_compare *compare, struct cw_error *error)
{
	for (size_t i = 0; i < before->link_count; i++) {
		const struct cw_link *old = before->links[i];
		const struct cw_link *new = cw_compare_find_link(after, old->id, i);
		bool same = new &&new->verdict ==
			old->verdict &&same_complaints(&old->complaints, &new->complaints);
		if (!same && !add_link(compare, old, new, error))
			return false;
	}
	for (size_t i = 0; i < after->link_count; i++)
		if (!cw_compare_find_link(before, after->links[i]->id, i) &&
			!add_link(compare, NULL, after->links[i], error))
			return false;
	return true;
}

static const struct cw_service *find_service(
	const struct cw_check *check, const struct cw_service *wanted, size_t near)
{
	for (size_t i = 0; i < check->service_count; i++) {
		const struct cw_service *service = &check->services[(i + near) % check->service_count];
		if (strcmp(service->endpoint->name, wanted->endpoint->name) == 0 &&
			strcmp(service->domain->name, wanted->domain->name) == 0)
			return service;
	}
	return NULL;
}

enum cw_compare_change cw_compare_service(const struct cw_service *before, const struct cw_service *after)
{
	if (after->worst > before->worst || after->best > before->best)
		return CW_COMPARE_WORSE;
	return after->worst < before->worst || after->best < before->best ? CW_COMPARE_BETTER
									  : CW_COMPARE_OTHER;
}

static bool compare_services(const struct cw_check *before, const struct cw_check *after,
	struct cw_compare *compare, struct cw_error *error)
{
	for (size_t i = 0; i < after->service_count; i++) {
		const struct cw_service *new = &after->services[i];
		const struct cw_service *old = find_service(before, new, i);
		if (old && old->state == new->state)
			continue;
		struct cw_compare_row row = {.kind = CW_COMPARE_SERVICE,
			.change = CW_COMPARE_OTHER,
			.after = cw_service_state_name(new->state),
			.service_before = old,
			.service_after = new};
		if (old) {
			row.before = cw_service_state_name(old->state);
			row.change = cw_compare_service(old, new);
		}
		if (!add(compare, row, new->endpoint->name, new->domain->name, error))
			return false;
	}
	return true;
}

static const struct cw_node_result *find_node(
	const struct cw_check *check, const struct cw_node_result *wanted, size_t near)
{
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_node_result *result = &check->nodes[(i + near) % check->node_count];
		if (strcmp(result->node->fqdn, wanted->node->fqdn) == 0)
			return result;
	}
	return NULL;
}

/* More refused is worse, fewer is better, whatever the rest; then warnings by the same rule. */
static enum cw_compare_change node_change(
	const struct cw_complaints *before, const struct cw_complaints *after)
{
	static const enum cw_severity counted[] = {CW_SEVERITY_REFUSED, CW_SEVERITY_WARN};
	for (size_t s = 0; s < 2; s++) {
		int old = 0, new = 0;
		for (size_t i = 0; i < before->count; i++)
			old += before->items[i].finding.severity == counted[s];
		for (size_t i = 0; i < after->count; i++)
			new += after->items[i].finding.severity == counted[s];
		if (old != new)
			return direction(old, new);
	}
	return CW_COMPARE_OTHER;
}

static const char *worst_of(const struct cw_complaints *complaints)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < complaints->count; i++) {
		enum cw_verdict verdict = cw_finding_severity_verdict(complaints->items[i].finding.severity);
		worst = verdict > worst ? verdict : worst;
	}
	return cw_finding_verdict_name(worst);
}

static bool compare_nodes(const struct cw_check *before, const struct cw_check *after,
	struct cw_compare *compare, struct cw_error *error)
{
	static const struct cw_complaints none;
	for (size_t i = 0; i < after->node_count; i++) {
		const struct cw_node_result *new = &after->nodes[i];
		const struct cw_node_result *old = find_node(before, new, i);
		const struct cw_complaints *had = old ? &old->complaints : &none;
		if (same_complaints(had, &new->complaints))
			continue;
		struct cw_compare_row row = {.kind = CW_COMPARE_NODE,
			.change = node_change(had, &new->complaints),
			.before = old ? worst_of(had) : NULL,
			.after = worst_of(&new->complaints),
			.complaints_before = had,
			.complaints_after = &new->complaints};
		if (!add(compare, row, new->node->fqdn, NULL, error))
			return false;
	}
	return true;
}

bool cw_compare_checks(const struct cw_check *before, const struct cw_check *after, struct cw_compare *ret,
	struct cw_error *error)
{
	AUTO_COMPARE compare = {0};
	if (!compare_links(before, after, &compare, error) ||
		!compare_services(before, after, &compare, error) ||
		!compare_nodes(before, after, &compare, error))
		return false;
	*ret = compare;
	compare = (struct cw_compare){0};
	return true;
}

const char *cw_compare_change_name(enum cw_compare_change change)
{
	static const char *const names[] = {"better", "worse", "other"};
	return names[change];
}

const char *cw_compare_kind_name(enum cw_compare_kind kind)
{
	static const char *const names[] = {"link", "service", "node"};
	return names[kind];
}
