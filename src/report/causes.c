#include "report/causes.h"

#include <stdlib.h>
#include <string.h>

static void cause_finish(struct cw_cause *cause)
{
	free(cause->places);
	free(cause->links);
	free(cause->followers);
	free(cause->nodes);
}

void cw_causes_finish(struct cw_causes *causes)
{
	for (size_t i = 0; i < causes->count; i++)
		cause_finish(&causes->items[i]);
	free(causes->items);
	*causes = (struct cw_causes){0};
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cert(const struct cw_cert *a, const struct cw_cert *b)
{
	return a == b || (a && b && cw_cert_same(a, b));
}

static bool same_names(const struct cw_strings *a, const struct cw_strings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

bool cw_causes_same_action(const struct cw_remedy *a, const struct cw_remedy *b)
{
	bool same_object =
		a->cert ? same_cert(a->cert, b->cert) : !b->cert && same_text(a->subject, b->subject);
	return a->action == b->action && same_object && same_cert(a->before, b->before) &&
		same_cert(a->replaces, b->replaces) && same_text(a->setting, b->setting) &&
		same_text(a->value, b->value) && same_names(&a->names, &b->names) &&
		a->server_auth == b->server_auth && a->client_auth == b->client_auth;
}

bool cw_causes_same_remedy(const struct cw_remedy *a, const struct cw_remedy *b)
{
	return cw_causes_same_action(a, b) && same_text(a->node, b->node) && same_text(a->store, b->store);
}

/* Findings about a setting have no culprit: their sentence tells one from the other, unless one change of one
 * setting puts both right (tomcat and CallManager of a server that was added by its IP address). */
static bool same_reason(const struct cw_complaint *one, const struct cw_complaint *other)
{
	const struct cw_finding *a = &one->finding, *b = &other->finding;
	if (a->code != b->code || !same_text(a->name, b->name))
		return false;
	if (one->remedy.action == CW_ACTION_SET && one->remedy.value &&
		cw_causes_same_remedy(&one->remedy, &other->remedy))
		return true;
	if (a->cert || b->cert)
		return same_cert(a->cert, b->cert);
	if (a->subject || b->subject || a->name)
		return same_text(a->subject, b->subject);
	return same_text(a->detail, b->detail);
}

size_t cw_causes_index(const struct cw_causes *causes, const struct cw_complaint *complaint)
{
	size_t i = 0;
	while (i < causes->count && !same_reason(causes->items[i].told.complaint, complaint))
		i++;
	return i;
}

/* One setting of two zones is two things to do. */
static bool same_place(const struct cw_cause_place *a, const struct cw_cause_place *b)
{
	const struct cw_zone *left = a->link ? a->link->zone : NULL;
	const struct cw_zone *right = b->link ? b->link->zone : NULL;
	bool one_zone = left == right || a->complaint->remedy.action != CW_ACTION_SET;
	return one_zone && cw_causes_same_remedy(&a->complaint->remedy, &b->complaint->remedy);
}

static bool add_place(struct cw_cause *cause, const struct cw_cause_place *place)
{
	for (size_t i = 0; i < cause->place_count; i++)
		if (same_place(&cause->places[i], place))
			return true;
	if (!cw_memory_grow(
		    &cause->places, &cause->place_capacity, cause->place_count, sizeof *cause->places))
		return false;
	cause->places[cause->place_count++] = *place;
	return true;
}

/* Complaints come link by link, so that only the last one can be the same. */
static bool add_link(struct cw_cause *cause, const struct cw_link *link, enum cw_severity severity)
{
	if (!link || (cause->link_count && cause->links[cause->link_count - 1] == link))
		return true;
	if (!cw_memory_grow(&cause->links, &cause->link_capacity, cause->link_count, sizeof(void *)))
		return false;
	cause->links[cause->link_count++] = link;
	cause->weights[severity]++;
	return true;
}

static bool add_node(struct cw_cause *cause, const struct cw_node *node)
{
	if (!node || (cause->node_count && cause->nodes[cause->node_count - 1] == node))
		return true;
	if (!cw_memory_grow(&cause->nodes, &cause->node_capacity, cause->node_count, sizeof(void *)))
		return false;
	cause->nodes[cause->node_count++] = node;
	return true;
}

/* Reached before not reached, then the worse one, then what the boxes show words for. */
/* Where links suffer, what a judge on them says is told, not what the box's own upload page does. */
static bool tells_better(const struct cw_cause_place *place, const struct cw_cause_place *told)
{
	const struct cw_complaint *a = place->complaint, *b = told->complaint;
	if (!place->link != !told->link)
		return place->link != NULL;
	if (a->finding.reached != b->finding.reached)
		return a->finding.reached;
	if (a->finding.severity != b->finding.severity)
		return a->finding.severity > b->finding.severity;
	return a->vendor_text && !b->vendor_text;
}

static bool add_complaint(struct cw_causes *causes, const struct cw_cause_place *place)
{
	const struct cw_finding *finding = &place->complaint->finding;
	if (finding->code == CW_TRAVERSAL_REFUSED)
		return true;
	size_t index = cw_causes_index(causes, place->complaint);
	if (index == causes->count) {
		if (!cw_memory_grow(&causes->items, &causes->capacity, causes->count, sizeof *causes->items))
			return false;
		causes->items[causes->count++] =
			(struct cw_cause){.told = *place, .severity = finding->severity};
	}
	struct cw_cause *cause = &causes->items[index];
	if (finding->severity > cause->severity)
		cause->severity = finding->severity;
	cause->reached |= finding->reached;
	if (tells_better(place, &cause->told))
		cause->told = *place;
	return add_place(cause, place) && add_link(cause, place->link, finding->severity) &&
		add_node(cause, place->node);
}

static bool add_complaints(struct cw_causes *causes, const struct cw_complaints *complaints,
	const struct cw_link *link, const struct cw_node *node)
{
	for (size_t i = 0; i < complaints->count; i++)
		if (!add_complaint(causes, &(struct cw_cause_place){&complaints->items[i], link, node}))
			return false;
	return true;
}

static bool suffers(const struct cw_cause *cause, const struct cw_link *link)
{
	for (size_t i = 0; i < cause->link_count; i++)
		if (cause->links[i] == link)
			return true;
	return false;
}

static bool add_follower(struct cw_cause *cause, const struct cw_link *tunnel)
{
	if (suffers(cause, tunnel) ||
		(cause->follower_count && cause->followers[cause->follower_count - 1] == tunnel))
		return true;
	if (!cw_memory_grow(
		    &cause->followers, &cause->follower_capacity, cause->follower_count, sizeof(void *)))
		return false;
	cause->followers[cause->follower_count++] = tunnel;
	return true;
}

/* What refuses the traversal link keeps its tunnel down too. */
static bool add_followers(struct cw_causes *causes, const struct cw_link *tunnel)
{
	if (!tunnel->carrier || tunnel->carrier->verdict != CW_VERDICT_REFUSED)
		return true;
	const struct cw_complaints *reasons = &tunnel->carrier->complaints;
	for (size_t i = 0; i < reasons->count; i++) {
		const struct cw_finding *finding = &reasons->items[i].finding;
		size_t index = cw_causes_index(causes, &reasons->items[i]);
		if (finding->severity == CW_SEVERITY_REFUSED && finding->reached && index < causes->count &&
			!add_follower(&causes->items[index], tunnel))
			return false;
	}
	return true;
}

static int compare_counts(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Told in this order; what is equal in all of it keeps the order of the check. */
static int compare_causes(const struct cw_cause *a, const struct cw_cause *b)
{
	if (a->severity != b->severity)
		return (int)b->severity - (int)a->severity;
	int order = compare_counts(b->link_count, a->link_count);
	return order ? order : (int)b->reached - (int)a->reached;
}

/* Insertion sort: stable, and there are few causes. */
static void sort_causes(struct cw_causes *causes)
{
	for (size_t i = 1; i < causes->count; i++) {
		struct cw_cause moving = causes->items[i];
		size_t place = i;
		for (; place && compare_causes(&causes->items[place - 1], &moving) > 0; place--)
			causes->items[place] = causes->items[place - 1];
		causes->items[place] = moving;
	}
}

bool cw_causes_find(const struct cw_check *check, struct cw_causes *ret, struct cw_error *error)
{
	AUTO_CAUSES causes = {0};
	for (size_t i = 0; i < check->link_count; i++)
		if (!add_complaints(&causes, &check->links[i]->complaints, check->links[i], NULL))
			return cw_error_memory(error);
	for (size_t i = 0; i < check->node_count; i++)
		if (!add_complaints(&causes, &check->nodes[i].complaints, NULL, check->nodes[i].node))
			return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++)
		if (!add_followers(&causes, check->links[i]))
			return cw_error_memory(error);
	sort_causes(&causes);
	*ret = causes;
	causes = (struct cw_causes){0};
	return true;
}
