#include "report/service_groups.h"

#include "report/service_repair.h"
#include "report/text/layout.h"

static void endpoint_name(struct cw_buffer *buffer, const struct cw_service *service)
{
	cw_buffer_printf(
		buffer, "%s %s", cw_endpoint_kind_name(service->endpoint->kind), service->endpoint->name);
}

static bool is_first_of_domain(const struct cw_service_group *group, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (group->members[i]->domain == group->members[index]->domain)
			return false;
	return true;
}

/* "jabber laptop and 2 more" */
static void who(struct cw_buffer *buffer, const struct cw_service_group *group)
{
	size_t endpoints = group->endpoint_count, second = 0;
	while (endpoints == 2 && group->members[second]->endpoint == group->first->endpoint)
		second++;
	endpoint_name(buffer, group->first);
	if (endpoints == 2) {
		cw_buffer_text(buffer, " and ");
		endpoint_name(buffer, group->members[second]);
	} else if (endpoints > 2) {
		cw_buffer_printf(buffer, " and %zu more", endpoints - 1);
	}
}

/* More domains than this are counted. */
#define DOMAINS_SHOWN 3

/* Which of several domains: " (acme.test, east.test)" */
static void domains(
	struct cw_buffer *buffer, const struct cw_service_group *group, const struct cw_check *check)
{
	size_t all = check->deployment->domain_count, count = 0;
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
		return CW_MARK_WARN "sign-in is degraded" CW_MARK_END
				    " (not over every box, or without phone services) for ";
	case CW_SERVICE_UNKNOWN:
		return CW_MARK_UNKNOWN "sign-in is unknown" CW_MARK_END " for ";
	case CW_SERVICE_DEAD:
		break;
	}
	return CW_MARK_BAD "sign-in is dead" CW_MARK_END " for ";
}

void cw_service_group_causes(struct cw_buffer *ret, const struct cw_service_group *group)
{
	size_t told = 0, all = 0;
	size_t count = group->first->state == CW_SERVICE_WORKS ? 0 : group->cause_count;
	for (size_t i = 0; i < count; i++)
		all += group->causes[i];
	if (!all)
		return;
	cw_buffer_text(ret, all > 1 ? " (causes " : " (cause ");
	for (size_t i = 0; i < count; i++)
		if (group->causes[i])
			cw_buffer_printf(ret, "%s%zu", told++ ? ", " : "", i + 1);
	cw_buffer_char(ret, ')');
}

/* The member speaks for an endpoint that no member before it stands for. */
static bool is_first_of_endpoint(const struct cw_service_group *group, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (group->members[i]->endpoint == group->members[index]->endpoint)
			return false;
	return true;
}

bool cw_service_group_sentence(struct cw_buffer *ret, const struct cw_check *check,
	const struct cw_service_group *group, struct cw_error *error)
{
	cw_buffer_text(ret, state_words(group->first->state));
	who(ret, group);
	domains(ret, group, check);
	return group->first->state == CW_SERVICE_WORKS ||
		cw_service_repair(ret, check, group->members, group->count, error);
}

void cw_service_group_others(struct cw_buffer *ret, const struct cw_service_group *group)
{
	size_t told = 0;
	for (size_t i = 1; i < group->count; i++) {
		if (!is_first_of_endpoint(group, i))
			continue;
		cw_buffer_text(ret, told++ ? ", " : "");
		endpoint_name(ret, group->members[i]);
	}
}
