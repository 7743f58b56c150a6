#include "report/text_parts.h"

#include "report/service_repair.h"

#include <string.h>

/* Endpoints with one state and one set of causes: one sentence. */
struct group {
	const struct cw_service *first;
	bool *causes; /* by index */
	const struct cw_service **members;
	size_t count;
	size_t capacity;
};

struct groups {
	struct group *items;
	size_t count;
	size_t capacity;
};

static void groups_finish(struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		free(groups->items[i].causes);
		free(groups->items[i].members);
	}
	free(groups->items);
}

#define AUTO_GROUPS __attribute__((cleanup(groups_finish))) struct groups

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

static bool belongs(
	const struct group *group, const struct cw_service *service, const bool *causes, size_t count)
{
	if (group->first->state != service->state || memcmp(group->causes, causes, count) != 0)
		return false;
	return any(causes, count) || same_because(group->first, service);
}

static bool add_member(struct group *group, const struct cw_service *service)
{
	if (!cw_array_grow(&group->members, &group->capacity, group->count, sizeof *group->members))
		return false;
	group->members[group->count++] = service;
	return true;
}

static bool add_service(struct groups *groups, const struct cw_text *text, const struct cw_service *service)
{
	size_t count = text->causes.count;
	AUTO(free) bool *causes = calloc(count + 1, sizeof *causes);
	if (!causes)
		return false;
	cw_service_causes(service, &text->causes, causes);
	for (size_t i = 0; i < groups->count; i++)
		if (belongs(&groups->items[i], service, causes, count))
			return add_member(&groups->items[i], service);
	if (!cw_array_grow(&groups->items, &groups->capacity, groups->count, sizeof *groups->items))
		return false;
	groups->items[groups->count++] = (struct group){.first = service, .causes = TAKE(causes)};
	return add_member(&groups->items[groups->count - 1], service);
}

static void endpoint_name(struct cw_buffer *buffer, const struct cw_service *service)
{
	cw_buffer_printf(
		buffer, "%s %s", cw_endpoint_kind_name(service->endpoint->kind), service->endpoint->name);
}

/* The member speaks for an endpoint that no member before it stands for. */
static bool is_first_of_endpoint(const struct group *group, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (group->members[i]->endpoint == group->members[index]->endpoint)
			return false;
	return true;
}

static bool is_first_of_domain(const struct group *group, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (group->members[i]->domain == group->members[index]->domain)
			return false;
	return true;
}

/* "jabber laptop and 2 more" */
static size_t who(struct cw_buffer *buffer, const struct group *group)
{
	size_t endpoints = 0, second = 0;
	for (size_t i = 0; i < group->count; i++)
		if (is_first_of_endpoint(group, i) && ++endpoints == 2)
			second = i;
	endpoint_name(buffer, group->first);
	if (endpoints == 2) {
		cw_buffer_text(buffer, " and ");
		endpoint_name(buffer, group->members[second]);
	} else if (endpoints > 2) {
		cw_buffer_printf(buffer, " and %zu more", endpoints - 1);
	}
	return endpoints;
}

/* More domains than this are counted. */
#define DOMAINS_SHOWN 3

/* Which of several domains: " (acme.test, east.test)" */
static void domains(struct cw_buffer *buffer, const struct group *group, const struct cw_text *text)
{
	size_t all = text->check->deployment->domain_count, count = 0;
	for (size_t i = 0; i < group->count; i++)
		count += is_first_of_domain(group, i);
	if (all < 2)
		return;
	if (count == all || count > DOMAINS_SHOWN) {
		cw_buffer_printf(buffer, "%s%zu domains)", count == all ? " (all " : " (", count);
		return;
	}
	const char *before = " (";
	for (size_t i = 0; i < group->count; i++) {
		if (!is_first_of_domain(group, i))
			continue;
		cw_buffer_printf(buffer, "%s%s", before, group->members[i]->domain->name);
		before = ", ";
	}
	cw_buffer_char(buffer, ')');
}

static const char *state_words(enum cw_service_state state)
{
	switch (state) {
	case CW_SERVICE_WORKS:
		return CW_MARK_GOOD "sign-in works" CW_MARK_END " for ";
	case CW_SERVICE_PROMPTS:
		return CW_MARK_WARN "sign-in prompts" CW_MARK_END
				    " (the user must accept the certificate) on ";
	case CW_SERVICE_DEGRADED:
		return CW_MARK_WARN "sign-in is degraded" CW_MARK_END " for ";
	case CW_SERVICE_UNKNOWN:
		return CW_MARK_UNKNOWN "sign-in is unknown" CW_MARK_END " for ";
	case CW_SERVICE_DEAD:
		break;
	}
	return CW_MARK_BAD "sign-in is dead" CW_MARK_END " for ";
}

static void cause_numbers(struct cw_buffer *buffer, const struct group *group, size_t count)
{
	size_t told = 0, all = 0;
	for (size_t i = 0; i < count; i++)
		all += group->causes[i];
	for (size_t i = 0; i < count; i++)
		if (group->causes[i])
			cw_buffer_printf(buffer, "%s%zu",
				told++		  ? ", "
					: all > 1 ? " (causes "
						  : " (cause ",
				i + 1);
	cw_buffer_text(buffer, told ? ")" : "");
}

/* "and 2 more" are people too: their names, in small print. */
static void others(struct cw_text *text, const struct group *group)
{
	AUTO_BUFFER names = {0};
	size_t told = 0;
	for (size_t i = 1; i < group->count; i++) {
		if (!is_first_of_endpoint(group, i))
			continue;
		cw_buffer_text(&names, told++ ? ", " : "");
		endpoint_name(&names, group->members[i]);
	}
	text->out.failed |= names.failed;
	cw_layout_wrap(&text->out, "    also ", 9, cw_buffer_string(&names));
}

/* More names than this are only shown with --all. */
#define OTHERS_MAX 12

static bool tell_group(struct cw_text *text, const struct group *group, struct cw_error *error)
{
	AUTO_BUFFER line = {0};
	cw_buffer_text(&line, state_words(group->first->state));
	size_t endpoints = who(&line, group);
	domains(&line, group, text);
	if (group->first->state != CW_SERVICE_WORKS) {
		if (!cw_service_repair(&line, group->members, group->count, error))
			return false;
		cause_numbers(&line, group, text->causes.count);
	}
	text->out.failed |= line.failed;
	cw_layout_wrap(&text->out, "", 2, cw_buffer_string(&line));
	if (endpoints > 2 && group->first->state != CW_SERVICE_WORKS &&
		(text->options->all || endpoints - 1 <= OTHERS_MAX))
		others(text, group);
	return true;
}

bool cw_text_services(struct cw_text *text, struct cw_error *error)
{
	static const enum cw_service_state order[] = {CW_SERVICE_DEAD, CW_SERVICE_UNKNOWN,
		CW_SERVICE_DEGRADED, CW_SERVICE_PROMPTS, CW_SERVICE_WORKS};
	AUTO_GROUPS groups = {0};
	for (size_t i = 0; i < text->check->service_count; i++)
		if (!add_service(&groups, text, &text->check->services[i]))
			return cw_error_memory(error);
	for (size_t state = 0; state < sizeof order / sizeof order[0]; state++)
		for (size_t i = 0; i < groups.count; i++)
			if (groups.items[i].first->state == order[state] &&
				!tell_group(text, &groups.items[i], error))
				return false;
	return true;
}
