#include "report/service_groups.h"

#include "plan/repair.h"
#include "report/service_repair.h"

#include <stdlib.h>
#include <string.h>

void cw_service_groups_finish(struct cw_service_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		free(groups->items[i].causes);
		free(groups->items[i].members);
	}
	free(groups->items);
	*groups = (struct cw_service_groups){0};
}

static bool same_because(const struct cw_service *a, const struct cw_service *b)
{
	return a->because_count == b->because_count &&
		(!a->because_count ||
			memcmp(a->because, b->because, a->because_count * sizeof *a->because) == 0);
}

static bool any(const bool *set, size_t count)
{
	return memchr(set, true, count) != NULL;
}

static bool belongs(const struct cw_service_group *group, const struct cw_service *service,
	const bool *causes, size_t count)
{
	if (group->first->state != service->state || memcmp(group->causes, causes, count) != 0)
		return false;
	return any(causes, count) || same_because(group->first, service);
}

static bool knows_endpoint(const struct cw_service_group *group, const struct cw_endpoint *endpoint)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->members[i]->endpoint == endpoint)
			return true;
	return false;
}

static bool add_member(struct cw_service_group *group, const struct cw_service *service)
{
	if (!cw_memory_grow(&group->members, &group->capacity, group->count, sizeof *group->members))
		return false;
	group->endpoint_count += !knows_endpoint(group, service->endpoint);
	group->members[group->count++] = service;
	return true;
}

static bool add_service(
	struct cw_service_groups *groups, const struct cw_causes *known, const struct cw_service *service)
{
	size_t count = known->count;
	AUTO(free) bool *causes = calloc(count + 1, sizeof *causes);
	if (!causes)
		return false;
	cw_service_repair_causes(service, known, causes);
	for (size_t i = 0; i < groups->count; i++)
		if (belongs(&groups->items[i], service, causes, count))
			return add_member(&groups->items[i], service);
	if (!cw_memory_grow(&groups->items, &groups->capacity, groups->count, sizeof *groups->items))
		return false;
	groups->items[groups->count++] = (struct cw_service_group){.first = service, .causes = TAKE(causes)};
	return add_member(&groups->items[groups->count - 1], service);
}

/* Most urgent first. */
static unsigned rank(const struct cw_service_group *group)
{
	static const unsigned ranks[] = {[CW_SERVICE_DEAD] = 0,
		[CW_SERVICE_UNKNOWN] = 1,
		[CW_SERVICE_DEGRADED] = 2,
		[CW_SERVICE_PROMPTS] = 3,
		[CW_SERVICE_WORKS] = 4};
	return ranks[group->first->state];
}

/* Insertion sort: stable, and there are few. */
static void sort(struct cw_service_groups *groups)
{
	for (size_t i = 1; i < groups->count; i++) {
		struct cw_service_group moving = groups->items[i];
		size_t place = i;
		for (; place && rank(&groups->items[place - 1]) > rank(&moving); place--)
			groups->items[place] = groups->items[place - 1];
		groups->items[place] = moving;
	}
}

/* What the plan counts it counts for all causes that it ends, those that come next too. */
static void mark_planned(
	const struct cw_check *check, const struct cw_causes *causes, struct cw_service_group *group)
{
	if (!check->plan || !any(group->causes, causes->count))
		return;
	for (size_t i = 0; i < causes->count; i++) {
		const struct cw_cause_place *told = &causes->items[i].told;
		size_t step = cw_repair_step_ending(check->plan, told->link, told->complaint);
		group->causes[i] |= step < check->plan->count;
	}
}

bool cw_service_groups_find(const struct cw_check *check, const struct cw_causes *causes,
	struct cw_service_groups *ret, struct cw_error *error)
{
	AUTO_SERVICE_GROUPS groups = {0};
	for (size_t i = 0; i < check->service_count; i++)
		if (!add_service(&groups, causes, &check->services[i]))
			return cw_error_memory(error);
	sort(&groups);
	for (size_t i = 0; i < groups.count; i++) {
		groups.items[i].cause_count = causes->count;
		mark_planned(check, causes, &groups.items[i]);
	}
	*ret = groups;
	groups = (struct cw_service_groups){0};
	return true;
}
