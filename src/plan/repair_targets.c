#include "plan/repair_parts.h"

#include "base/buffer.h"

#include <string.h>

void repair_targets_finish(struct repair_targets *targets)
{
	free(targets->items);
	*targets = (struct repair_targets){0};
}

/* A prompt is a refusal that a user is asked to overlook. */
bool repair_is_target(const struct cw_link *link, const struct cw_complaint *complaint)
{
	const struct cw_finding *finding = &complaint->finding;
	if (finding->code == CW_TRAVERSAL_REFUSED)
		return false;
	bool prompts = link && link->client.endpoint && finding->severity == CW_SEVERITY_WARN &&
		finding->own_severity == CW_SEVERITY_REFUSED;
	return finding->severity == CW_SEVERITY_REFUSED || prompts;
}

static bool add(const struct cw_link *link, const struct cw_complaints *complaints, bool reached,
	struct repair_targets *ret)
{
	for (size_t i = 0; i < complaints->count; i++) {
		if (!repair_is_target(link, &complaints->items[i]) ||
			complaints->items[i].finding.reached != reached)
			continue;
		if (!cw_memory_grow(&ret->items, &ret->capacity, ret->count, sizeof *ret->items))
			return false;
		ret->items[ret->count++] = (struct repair_target){&complaints->items[i], link};
	}
	return true;
}

bool repair_targets_find(const struct cw_check *check, struct repair_targets *ret)
{
	AUTO_TARGETS targets = {0};
	for (int reached = 1; reached >= 0; reached--) {
		for (size_t i = 0; i < check->link_count; i++)
			if (!add(check->links[i], &check->links[i]->complaints, reached, &targets))
				return false;
		for (size_t i = 0; i < check->node_count; i++)
			if (!add(NULL, &check->nodes[i].complaints, reached, &targets))
				return false;
	}
	*ret = targets;
	targets = (struct repair_targets){0};
	return true;
}

bool repair_target_key(const struct repair_target *target, struct cw_buffer *ret)
{
	const struct cw_complaint *complaint = target->complaint;
	const struct cw_finding *finding = &complaint->finding;
	cw_buffer_text(ret, target->link ? target->link->id : complaint->judge);
	cw_buffer_printf(ret, ": %s %s", cw_finding_code_name(finding->code), complaint->judge);
	if (finding->cert)
		cw_buffer_printf(ret, " %s", cw_cert_sha256_text(finding->cert));
	else if (finding->subject)
		cw_buffer_printf(ret, " %s", finding->subject);
	if (finding->name)
		cw_buffer_printf(ret, " %s", finding->name);
	return !ret->failed;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool repair_target_alike(const struct repair_target *a, const struct repair_target *b)
{
	const struct cw_finding *left = &a->complaint->finding, *right = &b->complaint->finding;
	bool certs = left->cert == right->cert ||
		(left->cert && right->cert && cw_cert_same(left->cert, right->cert));
	return left->code == right->code && certs && same_text(left->subject, right->subject) &&
		same_text(left->name, right->name) && !a->link == !b->link;
}

static bool is_there(const struct repair_targets *targets, const char *key, bool *ret)
{
	*ret = false;
	for (size_t i = 0; i < targets->count && !*ret; i++) {
		AUTO_BUFFER other = {0};
		if (!repair_target_key(&targets->items[i], &other))
			return false;
		*ret = strcmp(cw_buffer_string(&other), key) == 0;
	}
	return true;
}

bool repair_note_ended(const struct cw_check *before, const struct cw_check *after, struct cw_strings *ret,
	struct cw_error *error)
{
	AUTO_TARGETS old = {0};
	AUTO_TARGETS new = {0};
	if (!repair_targets_find(before, &old) || !repair_targets_find(after, &new))
		return cw_error_memory(error);
	for (size_t i = 0; i < old.count; i++) {
		AUTO_BUFFER key = {0};
		const struct repair_target *target = &old.items[i];
		const char *code = cw_finding_code_name(target->complaint->finding.code);
		bool there = false;
		if (!repair_target_key(target, &key) || !is_there(&new, cw_buffer_string(&key), &there))
			return cw_error_memory(error);
		if (!there &&
			!cw_strings_addf(ret, "%s: %s",
				target->link ? target->link->id : target->complaint->judge, code))
			return cw_error_memory(error);
	}
	return true;
}
