#include "plan/repair_parts.h"

#include <string.h>

/* "tunnel c1 e1: issuer-missing", as repair_note_ended writes it. */
static bool is_named(const char *text, const char *where, const char *code)
{
	size_t length = strlen(where);
	return strncmp(text, where, length) == 0 && strncmp(text + length, ": ", 2) == 0 &&
		strcmp(text + length + 2, code) == 0;
}

size_t cw_repair_step_ending(
	const struct cw_repair *repair, const struct cw_link *link, const struct cw_complaint *complaint)
{
	const char *where = link ? link->id : complaint->judge;
	const char *code = cw_finding_code_name(complaint->finding.code);
	const struct cw_cert *cert = complaint->finding.cert;
	size_t found = repair->count;
	for (size_t i = 0; i < repair->count; i++) {
		const struct cw_repair_step *step = &repair->steps[i];
		bool ends = false;
		for (size_t k = 0; k < step->ends.count && !ends; k++)
			ends = is_named(step->ends.items[k], where, code);
		if (!ends)
			continue;
		if (cert && step->remedy.cert && cw_cert_same(cert, step->remedy.cert))
			return i;
		found = i;
	}
	return found;
}

static bool assign(const struct cw_repair *repair, const struct cw_link *link, struct cw_complaint *complaint)
{
	if (!repair_is_target(link, complaint))
		return true;
	size_t index = cw_repair_step_ending(repair, link, complaint);
	/* a profile's name is changed by people, in no plan, and has its words all the same */
	if (index == repair->count && complaint->remedy.action == CW_ACTION_SET)
		return true;
	cw_remedy_finish(&complaint->remedy);
	if (index == repair->count)
		return true;
	const struct cw_remedy *remedy = &repair->steps[index].remedy;
	complaint->remedy = *remedy;
	complaint->remedy.names = (struct cw_strings){0};
	complaint->remedy.value = remedy->value ? strdup(remedy->value) : NULL;
	for (size_t i = 0; i < remedy->names.count; i++)
		if (!cw_strings_add(&complaint->remedy.names, remedy->names.items[i]))
			return false;
	return !remedy->value || complaint->remedy.value;
}

static bool assign_all(
	const struct cw_repair *repair, const struct cw_link *link, struct cw_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		if (!assign(repair, link, &complaints->items[i]))
			return false;
	return true;
}

bool cw_repair_assign(struct cw_check *check, const struct cw_repair *repair, struct cw_error *error)
{
	check->plan = repair;
	for (size_t i = 0; i < check->link_count; i++)
		if (!assign_all(repair, check->links[i], &check->links[i]->complaints))
			return cw_error_memory(error);
	for (size_t i = 0; i < check->node_count; i++)
		if (!assign_all(repair, NULL, &check->nodes[i].complaints))
			return cw_error_memory(error);
	return true;
}
