#include "plan/repair_parts.h"

#include <string.h>

/*
 * Alternatives. For each way that the plan takes, the whole search is run again without it (all steps of the plan that do
 * the same to a list, a setting or a certificate, on whichever box): first without the CA that is to issue, then
 * without a new certificate at all. What comes out and ends as much is another plan; what it has besides the steps of
 * the plan stands in place of those that it has not. A search that gives up more than the plan is left at once. It ends
 * because each way is banned once, and every search is bounded: by what the plan itself took, and all of them by what
 * the caller can wait for.
 */

#define TRIES_MAX 400	   /* whole deployments judged for one alternative … */
#define TRIES_ALL_MAX 2000 /* … and for all of them */
#define TRIES_BESIDE 40	   /* more than twice those of the plan */
#define GIVE_UPS_BESIDE 4  /* more than those of the plan: another step may end them all the same */
#define LONGEST 12	   /* steps that somebody would rather do instead */
#define GLANCE_LINKS 3000  /* judged for what a report of a check tells of it */
#define GLANCE_SHARE 8	   /* and this part of what the plan took */

struct cw_repair_alternative *repair_add_alternative(struct cw_repair *repair)
{
	if (!cw_memory_grow(&repair->alternatives, &repair->alternative_capacity, repair->alternative_count,
		    sizeof *repair->alternatives))
		return NULL;
	struct cw_repair_alternative *alternative = &repair->alternatives[repair->alternative_count++];
	*alternative = (struct cw_repair_alternative){0};
	return alternative;
}

/* One way on several boxes: the same certificate into, out of or within lists, or the same setting. */
static bool same_way(const struct cw_repair_step *a, const struct cw_repair_step *b)
{
	const struct cw_remedy *left = &a->remedy, *right = &b->remedy;
	if (left->action != right->action || left->action == CW_ACTION_REISSUE)
		return a == b;
	if (left->action == CW_ACTION_SET)
		return strcmp(left->setting, right->setting) == 0;
	return left->cert && right->cert && cw_cert_same(left->cert, right->cert);
}

static bool ban(struct repair_search *search, const struct cw_repair_step *step, bool by_issuer)
{
	AUTO_BUFFER key = {0};
	bool good = by_issuer ? repair_step_key(step, &key) : repair_step_kind(step, &key);
	return (good && cw_strings_add(&search->banned_kinds, cw_buffer_string(&key))) ||
		cw_error_memory(search->error);
}

static bool ban_way(struct repair_search *search, const struct cw_repair *plan, size_t which, bool by_issuer)
{
	for (size_t i = 0; i < plan->count; i++)
		if (same_way(&plan->steps[which], &plan->steps[i]) &&
			!ban(search, &plan->steps[i], by_issuer))
			return false;
	return true;
}

static bool has_step(const struct cw_repair_step *steps, size_t count, const struct cw_repair_step *wanted)
{
	for (size_t i = 0; i < count; i++) {
		const struct cw_cert *a = steps[i].issuer, *b = wanted->issuer;
		bool same_issuer = a == b || (a && b && cw_cert_same(a, b));
		if (same_issuer && repair_step_same(&steps[i], wanted))
			return true;
	}
	return false;
}

static bool told_already(const struct cw_repair *plan, const struct cw_repair_alternative *wanted)
{
	for (size_t i = 0; i < plan->alternative_count; i++) {
		const struct cw_repair_alternative *other = &plan->alternatives[i];
		bool same = other != wanted && other->count == wanted->count;
		for (size_t k = 0; same && k < wanted->count; k++)
			same = has_step(other->steps, other->count, &wanted->steps[k]);
		if (same)
			return true;
	}
	return false;
}

/* Moves the steps that the plan has not, and numbers those of the plan that are not needed with them. */
static bool fill(
	struct repair_search *search, const struct cw_repair *plan, struct cw_repair_alternative *alternative)
{
	alternative->replaced = calloc(plan->count + 1, sizeof *alternative->replaced);
	if (!alternative->replaced)
		return cw_error_memory(search->error);
	for (size_t i = 0; i < plan->count; i++)
		if (!has_step(search->steps.items, search->steps.count, &plan->steps[i]))
			alternative->replaced[alternative->replaced_count++] = i + 1;
	alternative->instead_of = alternative->replaced_count ? alternative->replaced[0] : 0;
	for (size_t i = 0; i < search->steps.count; i++) {
		struct cw_repair_step *step = &search->steps.items[i];
		if (has_step(plan->steps, plan->count, step))
			continue;
		if (!cw_memory_grow(&alternative->steps, &alternative->capacity, alternative->count,
			    sizeof *alternative->steps))
			return cw_error_memory(search->error);
		alternative->steps[alternative->count++] = *step;
		*step = (struct cw_repair_step){.remedy = {.node = ""}};
	}
	return true;
}

static bool keep(struct repair_search *search, struct cw_repair *plan)
{
	if (!repair_put_in_order(search))
		return false;
	struct cw_repair_alternative *alternative = repair_add_alternative(plan);
	if (!alternative)
		return cw_error_memory(search->error);
	if (!fill(search, plan, alternative))
		return false;
	bool useful = alternative->count && alternative->replaced_count && alternative->count <= LONGEST;
	if (!useful || told_already(plan, alternative)) {
		cw_repair_alternative_finish(alternative);
		plan->alternative_count--;
	}
	return true;
}

static bool does_as_much(const struct repair_search *search, const struct cw_repair *plan)
{
	return !search->worse_later &&
		repair_count_targets(search->now) <= repair_count_targets(plan->after) &&
		repair_count_worse(plan->after, search->now) == 0;
}

/* What all searches have in common. */
struct finding {
	const struct cw_check *check;
	const struct cw_check_options *options;
	struct repair_stand_ins stand_ins;
	size_t tries_left;
	struct cw_error *error;
};

static void finding_finish(struct finding *finding)
{
	repair_stand_ins_finish(&finding->stand_ins);
}

static struct repair_search new_search(struct finding *finding, const struct cw_repair *plan)
{
	size_t tries = 2 * plan->tries + TRIES_BESIDE;
	tries = tries < TRIES_MAX ? tries : TRIES_MAX;
	return (struct repair_search){.deployment = finding->check->deployment,
		.stand_ins = &finding->stand_ins,
		.before = finding->check,
		.options = *finding->options,
		.tries_max = tries < finding->tries_left ? tries : finding->tries_left,
		.error = finding->error};
}

static bool search_without(struct finding *finding, struct cw_repair *plan, size_t which, bool by_issuer)
{
	struct repair_search search __attribute__((cleanup(repair_search_finish))) =
		new_search(finding, plan);
	search.for_alternative = true;
	search.give_ups_max = repair_count_targets(plan->after) + GIVE_UPS_BESIDE;
	if (!ban_way(&search, plan, which, by_issuer) || !repair_run(&search))
		return false;
	plan->alternatives_cut |= search.cut;
	finding->tries_left -= search.tries < finding->tries_left ? search.tries : finding->tries_left;
	return search.cut || !does_as_much(&search, plan) || keep(&search, plan);
}

static bool is_first_of_its_way(const struct cw_repair *plan, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (same_way(&plan->steps[i], &plan->steps[which]))
			return false;
	return true;
}

/* In place of one step. A revocation list comes from its CA: nothing stands in its place. */
static bool find_instead(struct finding *finding, struct cw_repair *plan, size_t which)
{
	bool reissue = plan->steps[which].remedy.action == CW_ACTION_REISSUE;
	if (!is_first_of_its_way(plan, which) || plan->steps[which].crl)
		return true;
	return (!reissue || search_without(finding, plan, which, true)) &&
		search_without(finding, plan, which, false);
}

/* What costs most comes first: there another way is worth most. */
static bool find_alternatives(struct finding *finding, struct cw_repair *plan)
{
	static const enum cw_action order[] = {CW_ACTION_REISSUE, CW_ACTION_INSTALL, CW_ACTION_SET,
		CW_ACTION_MOVE_BEFORE, CW_ACTION_REMOVE, CW_ACTION_APPEND};
	size_t workarounds = plan->alternative_count;
	for (size_t a = 0; a < sizeof order / sizeof order[0]; a++) {
		for (size_t i = 0; i < plan->count; i++) {
			if (plan->steps[i].remedy.action != order[a])
				continue;
			if (plan->alternative_count - workarounds >= CW_REPAIR_ALTERNATIVES_MAX ||
				!finding->tries_left) {
				plan->alternatives_cut = true;
				return true;
			}
			if (!find_instead(finding, plan, i))
				return false;
		}
	}
	return true;
}

/* Workarounds first: they are few, and what somebody wants tonight. */
static bool find_all(struct finding *finding, struct cw_repair *plan)
{
	struct repair_search search __attribute__((cleanup(repair_search_finish))) =
		new_search(finding, plan);
	if (!repair_find_workarounds(&search, plan))
		return false;
	plan->alternatives_cut |= search.cut;
	finding->tries_left -= search.tries < finding->tries_left ? search.tries : finding->tries_left;
	return find_alternatives(finding, plan);
}

bool cw_repair_find_alternatives(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_repair *repair, struct cw_error *error)
{
	struct finding finding __attribute__((cleanup(finding_finish))) = {
		.check = check, .options = options, .tries_left = TRIES_ALL_MAX, .error = error};
	return !repair->after || find_all(&finding, repair); /* without one nothing is refused */
}

bool cw_repair_glance_at_alternatives(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_repair *repair, struct cw_error *error)
{
	struct finding finding __attribute__((cleanup(finding_finish))) = {.check = check,
		.options = options,
		.tries_left = GLANCE_LINKS / (check->link_count + 1) + repair->tries / GLANCE_SHARE,
		.error = error};
	return !repair->after || find_all(&finding, repair);
}
