#include "plan/dates.h"

void cw_dates_finish(struct cw_dates *dates)
{
	free(dates->items);
	*dates = (struct cw_dates){0};
}

static bool add_date(struct cw_dates *dates, cw_time last, cw_time from)
{
	if (last < from)
		return true;
	if (!cw_memory_grow(&dates->items, &dates->capacity, dates->count, sizeof *dates->items))
		return false;
	dates->items[dates->count++] = last + 1; /* valid through the last second, RFC 5280 */
	return true;
}

static bool add_list(struct cw_dates *dates, const struct cw_store *store, cw_time from)
{
	for (size_t i = 0; i < store->list.count; i++)
		if (!add_date(dates, cw_cert_not_after(store->list.entries[i].cert), from))
			return false;
	return true;
}

static bool add_node(struct cw_dates *dates, const struct cw_node *node, cw_time from)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].state == CW_KNOWN &&
			!add_date(dates, cw_cert_not_after(node->identities[i].leaf), from))
			return false;
	for (unsigned i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (!add_list(dates, &node->stores[i], from))
			return false;
	for (size_t i = 0; i < node->crls.count; i++) {
		cw_time next;
		if (cw_crl_next_update(node->crls.items[i], &next) && !add_date(dates, next, from))
			return false;
	}
	return true;
}

static int compare_dates(const void *a, const void *b)
{
	cw_time x = *(const cw_time *)a, y = *(const cw_time *)b;
	return (x > y) - (x < y);
}

static void sort(struct cw_dates *dates)
{
	if (dates->count)
		qsort(dates->items, dates->count, sizeof *dates->items, compare_dates);
	size_t kept = 0;
	for (size_t i = 0; i < dates->count; i++)
		if (kept == 0 || dates->items[kept - 1] != dates->items[i])
			dates->items[kept++] = dates->items[i];
	dates->count = kept;
}

static bool collect(const struct cw_deployment *deployment, cw_time from, struct cw_dates *dates)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!add_node(dates, deployment->groups[i]->nodes[k], from))
				return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (!add_list(dates, &deployment->endpoints[i].trust, from))
			return false;
	if (deployment->front && !add_node(dates, deployment->front, from))
		return false;
	sort(dates);
	return true;
}

bool cw_dates_find(const struct cw_deployment *deployment, cw_time from, cw_time until, struct cw_dates *ret)
{
	AUTO_DATES dates = {0};
	if (!collect(deployment, from, &dates))
		return false;
	while (dates.count && dates.items[dates.count - 1] > until)
		dates.count--;
	*ret = dates;
	dates = (struct cw_dates){0};
	return true;
}

static bool add_side(struct cw_dates *dates, const struct cw_question *side, cw_time from)
{
	for (size_t i = 0; i < side->chain_count; i++)
		if (!add_date(dates, cw_cert_not_after(side->chain[i]), from))
			return false;
	for (size_t i = 0; i < side->judgement.path.count; i++)
		if (!add_date(dates, cw_cert_not_after(side->judgement.path.steps[i].cert), from))
			return false;
	return true;
}

bool cw_dates_of_paths(const struct cw_check *check, cw_time until, struct cw_dates *dates)
{
	for (size_t i = 0; i < check->link_count; i++) {
		for (size_t k = 0; k < check->links[i]->question_count; k++)
			if (!add_side(dates, &check->links[i]->questions[k], check->at))
				return false;
		sort(dates); /* the same few dates on every link */
	}
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_crl_set *crls = &check->nodes[i].node->crls;
		for (size_t k = 0; k < crls->count; k++) {
			cw_time next;
			if (cw_crl_next_update(crls->items[k], &next) && !add_date(dates, next, check->at))
				return false;
		}
	}
	sort(dates);
	while (dates->count && dates->items[dates->count - 1] > until)
		dates->count--;
	return true;
}
