#include "plan/repair_parts.h"

#include "check/service.h"

#include <string.h>

#define DATES_MAX 160 /* judged twice each; lists of many thousand entries have a date a day */

const char *cw_repair_phase_name(enum cw_repair_phase phase)
{
	static const char *const names[] = {"before", "window", "later"};
	return names[phase];
}

const char *cw_repair_needs_name(enum cw_repair_needs needs)
{
	static const char *const names[] = {"nothing", "ca", "decision"};
	return names[needs];
}

bool cw_repair_wants_restart(const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const struct cw_node *node = cw_deployment_node(deployment, step->remedy.node);
	switch (step->remedy.action) {
	case CW_ACTION_REISSUE:
		return node != NULL;
	case CW_ACTION_INSTALL:
		return node && !step->crl;
	case CW_ACTION_APPEND:
	case CW_ACTION_REMOVE:
	case CW_ACTION_MOVE_BEFORE: /* an Expressway: look first; CUCM's services read their lists at start */
		return node && node->kind == CW_NODE_CUCM;
	case CW_ACTION_NONE:
	case CW_ACTION_RESTART:
	case CW_ACTION_SET:
		break;
	}
	return false;
}

/* ---------------------------------------------------------------- dates */

static bool worse_at(struct repair_search *search, const struct cw_check *before,
	const struct repair_steps *steps, size_t *ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *after = NULL;
	if (!repair_try(search, steps, before, &changed, &after))
		return false;
	*ret = repair_count_worse(before, after);
	return true;
}

/* The step without which it is not worse; `count` where there is no single one. */
static bool find_guilty(struct repair_search *search, const struct cw_check *before, size_t *ret)
{
	*ret = search->steps.count;
	for (size_t i = 0; i < search->steps.count; i++) {
		struct repair_steps others __attribute__((cleanup(repair_steps_finish))) = {0};
		size_t worse = 0;
		if (!repair_steps_copy(&others, &search->steps))
			return cw_error_memory(search->error);
		cw_repair_step_finish(&others.items[i]);
		memmove(&others.items[i], &others.items[i + 1],
			(others.count - i - 1) * sizeof others.items[0]);
		others.count--;
		if (!worse_at(search, before, &others, &worse))
			return false;
		if (worse == 0) {
			*ret = i;
			return true;
		}
	}
	return true;
}

/* Both states at one date. With `dates`, those of what their paths rest on are added. */
static bool prove_date(struct repair_search *search, cw_time at, struct cw_dates *dates, size_t *ret_worse,
	size_t *ret_guilty)
{
	const cw_time until = search->options.at + CW_REPAIR_DAYS * CW_DAY;
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *before = NULL;
	AUTO(cw_check_free) struct cw_check *after = NULL;
	struct cw_check_options options = search->options;
	options.at = at;
	if (!cw_check_run(search->deployment, &options, &before, search->error) ||
		!repair_try(search, &search->steps, before, &changed, &after))
		return false;
	size_t worse = repair_count_worse(before, after);
	if (worse && !*ret_worse && !find_guilty(search, before, ret_guilty))
		return false;
	*ret_worse += worse;
	return !dates ||
		(cw_dates_of_paths(before, until, dates) && cw_dates_of_paths(after, until, dates)) ||
		cw_error_memory(search->error);
}

/*
 * Every date on which something in the deployment ends. Lists of many thousand entries have a date a day: of these only
 * the dates of certificates and revocation lists that paths rest on are looked at, found path by path as time goes on;
 * no other can change an answer.
 */
bool repair_prove_dates(
	struct repair_search *search, struct cw_dates *dates, size_t *ret_worse, size_t *ret_guilty)
{
	const cw_time at = search->options.at, until = at + CW_REPAIR_DAYS * CW_DAY;
	*ret_worse = 0;
	*ret_guilty = search->steps.count;
	search->dates_left = 0;
	if (!search->steps.count)
		return true;
	if (!cw_dates_find(search->deployment, at, until, dates) ||
		!cw_dates_of_paths(search->now, until, dates))
		return cw_error_memory(search->error);
	size_t all = dates->count;
	bool many = all > DATES_MAX;
	if (many)
		dates->count = 0;
	if (many &&
		(!cw_dates_of_paths(search->before, until, dates) ||
			!cw_dates_of_paths(search->now, until, dates)))
		return cw_error_memory(search->error);
	for (size_t i = 0; i < dates->count && i < DATES_MAX; i++)
		if (!prove_date(search, dates->items[i], many ? dates : NULL, ret_worse, ret_guilty))
			return false;
	search->cut |= dates->count > DATES_MAX;
	dates->count = dates->count > DATES_MAX ? DATES_MAX : dates->count;
	search->dates_left = all - dates->count;
	return true;
}

/* ---------------------------------------------------------------- what comes of it */

static size_t count_refused(const struct cw_check *check)
{
	size_t count = check->verdicts[CW_VERDICT_REFUSED];
	for (size_t i = 0; i < check->node_count; i++)
		for (size_t k = 0; k < check->nodes[i].complaints.count; k++)
			count += check->nodes[i].complaints.items[k].finding.severity == CW_SEVERITY_REFUSED;
	return count;
}

static bool find_restored(struct repair_search *search, struct cw_repair *ret)
{
	for (size_t i = 0; i < search->now->service_count; i++) {
		const struct cw_service *before = &search->before->services[i],
					*after = &search->now->services[i];
		if (before->state != CW_SERVICE_WORKS && after->state == CW_SERVICE_WORKS &&
			!cw_strings_addf(&ret->restores, "%s %s", after->endpoint->name, after->domain->name))
			return cw_error_memory(search->error);
	}
	return true;
}

static size_t place_of(const struct repair_search *search, const char *name)
{
	for (size_t i = 0; i < search->before->node_count; i++)
		if (strcmp(search->before->nodes[i].node->fqdn, name) == 0)
			return i;
	return search->before->node_count;
}

static enum cw_repair_phase phase_of(const struct cw_repair_step *step)
{
	switch (step->remedy.action) {
	case CW_ACTION_APPEND:
	case CW_ACTION_MOVE_BEFORE:
	case CW_ACTION_REMOVE:
		return CW_REPAIR_BEFORE;
	case CW_ACTION_INSTALL:
		return step->crl ? CW_REPAIR_BEFORE : CW_REPAIR_WINDOW;
	case CW_ACTION_REISSUE:
	case CW_ACTION_RESTART:
	case CW_ACTION_SET:
	case CW_ACTION_NONE:
		break;
	}
	return CW_REPAIR_WINDOW;
}

static bool goes_before(
	const struct repair_search *search, const struct cw_repair_step *a, const struct cw_repair_step *b)
{
	if (a->phase != b->phase)
		return a->phase < b->phase;
	if (a->unit == b->unit) /* all of the publisher's, then its subscribers */
		return !a->replicated && b->replicated;
	return place_of(search, a->remedy.node) < place_of(search, b->remedy.node);
}

/* Phase by phase, in it box by box. */
static void put_steps_in_order(struct repair_search *search)
{
	struct repair_steps *steps = &search->steps;
	for (size_t i = 0; i < steps->count; i++)
		steps->items[i].phase = phase_of(&steps->items[i]);
	for (size_t i = 1; i < steps->count; i++) {
		struct cw_repair_step moved = steps->items[i];
		size_t at = i;
		for (; at > 0 && goes_before(search, &moved, &steps->items[at - 1]); at--)
			steps->items[at] = steps->items[at - 1];
		steps->items[at] = moved;
	}
}

/* What is gone after each step, one state after the other. */
static bool find_ended(struct repair_search *search)
{
	struct repair_steps done __attribute__((cleanup(repair_steps_finish))) = {0};
	AUTO(cw_check_free) struct cw_check *former = NULL;
	AUTO(cw_whatif_free) struct cw_whatif *former_changed = NULL;
	if (!repair_try(search, &done, search->before, &former_changed, &former))
		return false;
	for (size_t i = 0; i < search->steps.count; i++) {
		struct cw_repair_step *step = &search->steps.items[i];
		struct repair_steps one = {step, 1, 1};
		AUTO(cw_check_free) struct cw_check *now = NULL;
		AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
		if (!repair_steps_copy(&done, &one))
			return cw_error_memory(search->error);
		if (!repair_try(search, &done, search->before, &changed, &now) ||
			!repair_note_ended(former, now, &step->ends, search->error))
			return false;
		struct cw_check *older = former;
		struct cw_whatif *older_changed = former_changed;
		former = now;
		former_changed = changed;
		now = older;
		changed = older_changed;
	}
	return true;
}

static bool find_restarts(struct repair_search *search, struct cw_repair *ret)
{
	for (size_t i = 0; i < search->steps.count; i++) {
		const struct cw_repair_step *step = &search->steps.items[i];
		if (cw_repair_wants_restart(search->deployment, step) &&
			!cw_strings_contain(&ret->restarts, step->remedy.node) &&
			!cw_strings_add(&ret->restarts, step->remedy.node))
			return cw_error_memory(search->error);
	}
	return true;
}

static const char *why_left(const struct cw_finding *finding)
{
	switch (finding->code) {
	case CW_TUNNEL_NAME_UNFIT:
		return "the box needs another host name, and a certificate with it: who runs DNS and the zone "
		       "decides the name";
	case CW_PHONE_PROFILE_MISSING:
		return "no request can be made with a profile that is not named like a host: rename it in CUCM (System "
		       "> Security > Phone Security Profile) first, to secure-jabber.acme.test, say";
	case CW_NOT_YET_VALID:
		return "it becomes valid by itself: wait, or have it issued anew";
	case CW_ISSUER_MISSING:
	case CW_ROOT_MISSING:
		return "the missing CA certificate is in no file of this deployment: get it from who runs that CA "
		       "or that box";
	case CW_DEVICE_LIST_LACKS_CA:
		return "no CA of this deployment is in the list of that device: decide on a CA that is";
	default: /* the rest is told by its code */
		return "no change of these boxes that was tried ends it: somebody has to decide on the "
		       "certificate or the CA";
	}
}

static const char *service_of(const struct repair_search *search, const struct cw_link *link, char text[512])
{
	for (size_t i = 0; link && i < search->now->service_count; i++) {
		const struct cw_service *service = &search->now->services[i];
		for (size_t k = 0; k < service->because_count; k++) {
			if (service->because[k] != link)
				continue;
			snprintf(text, 512, "%s %s", service->endpoint->name, service->domain->name);
			return text;
		}
	}
	return NULL;
}

static bool find_leaves(struct repair_search *search, struct cw_repair *ret)
{
	AUTO_TARGETS targets = {0};
	if (!repair_targets_find(search->now, &targets))
		return cw_error_memory(search->error);
	for (size_t i = 0; i < targets.count; i++) {
		const struct repair_target *target = &targets.items[i];
		char text[512];
		if (!cw_memory_grow(&ret->leaves, &ret->leaf_capacity, ret->leaf_count, sizeof *ret->leaves))
			return cw_error_memory(search->error);
		const char *service = service_of(search, target->link, text);
		const char *where = target->link ? target->link->id : target->complaint->judge;
		struct cw_repair_leaf *leaf = &ret->leaves[ret->leaf_count++];
		*leaf = (struct cw_repair_leaf){.where = strdup(where),
			.code = target->complaint->finding.code,
			.service = service ? strdup(service) : NULL,
			.why = why_left(&target->complaint->finding)};
		if (!leaf->where || (service && !leaf->service))
			return cw_error_memory(search->error);
	}
	return true;
}

bool repair_put_in_order(struct repair_search *search)
{
	put_steps_in_order(search);
	return find_ended(search);
}

bool repair_conclude(struct repair_search *search, struct cw_repair *ret)
{
	size_t guilty = 0;
	if (!repair_put_in_order(search))
		return false;
	/* whole, so that it needs no other check */
	if (!cw_whatif_check(search->changed, &search->options, &ret->after, search->error))
		return false;
	if (!find_restored(search, ret) || !find_restarts(search, ret) || !find_leaves(search, ret) ||
		!repair_prove_dates(search, &ret->proof.dates, &ret->proof.worse, &guilty))
		return false;
	ret->proof.refused_before = count_refused(search->before);
	ret->proof.refused_after = count_refused(search->now);
	ret->proof.worse += repair_count_worse(search->before, search->now);
	ret->proof.idle_known = true;
	ret->proof.dates_left = search->dates_left;
	ret->steps = search->steps.items;
	ret->count = search->steps.count;
	ret->capacity = search->steps.capacity;
	search->steps = (struct repair_steps){0};
	ret->changed = TAKE(search->changed);
	ret->cut = search->cut;
	ret->tries = search->tries;
	return true;
}
