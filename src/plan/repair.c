#include "plan/repair_parts.h"

#include <string.h>

/*
 * The search. One refusal after another is taken, with all that are of the same cause, and the ways to end it are
 * tried on the whole deployment, the cheapest first: lists, then settings, then new certificates. A way is taken
 * where what it is for is gone and no link, sign-in or box is worse than before it. What the refusal hid comes
 * up in the next round. A refusal for which nothing is found is given up. Then every step is left out once, and
 * what was of no use goes; and the dates are looked at, where a step after which something is worse is banned
 * and the search begins again. It ends because refusals only go or are given up, and every judged deployment
 * counts against CW_REPAIR_TRIES_MAX.
 */

#define RESTARTS_MAX 5 /* of the search, after a step was banned */

static bool is_given_up(struct repair_search *search, const struct repair_target *target, bool *ret)
{
	AUTO_BUFFER key = {0};
	if (!repair_target_key(target, &key))
		return cw_error_memory(search->error);
	*ret = cw_strings_contain(&search->given_up, cw_buffer_string(&key));
	return true;
}

static bool give_up(struct repair_search *search, const struct repair_target *target)
{
	AUTO_BUFFER key = {0};
	return (repair_target_key(target, &key) &&
		       cw_strings_add(&search->given_up, cw_buffer_string(&key))) ||
		cw_error_memory(search->error);
}

/* The first refusal that is not given up, and those of the same cause. */
static bool next_batch(struct repair_search *search, struct repair_targets *ret)
{
	AUTO_TARGETS all = {0};
	if (!repair_targets_find(search->now, &all))
		return cw_error_memory(search->error);
	for (size_t i = 0; i < all.count; i++) {
		bool given_up = false;
		if (!is_given_up(search, &all.items[i], &given_up))
			return false;
		if (given_up || (ret->count && !repair_target_alike(&ret->items[0], &all.items[i])))
			continue;
		if (!cw_memory_grow(&ret->items, &ret->capacity, ret->count, sizeof *ret->items))
			return cw_error_memory(search->error);
		ret->items[ret->count++] = all.items[i];
	}
	return true;
}

/* An alternative that cannot end as much as the plan, or was not looked for to its end. */
static bool is_of_no_use(const struct repair_search *search)
{
	return search->for_alternative && (search->cut || search->given_up.count > search->give_ups_max);
}

/* All of one cause at once; where no way ends them all, the first of them alone. */
static bool one_round(struct repair_search *search, bool *ret_done)
{
	AUTO_TARGETS batch = {0};
	bool taken = false;
	if (!next_batch(search, &batch))
		return false;
	*ret_done = batch.count == 0 || search->cut || is_of_no_use(search);
	if (*ret_done)
		return true;
	if (!repair_try_ways(search, &batch, &taken))
		return false;
	if (taken)
		return true;
	if (batch.count > 1) {
		batch.count = 1;
		if (!repair_try_ways(search, &batch, &taken))
			return false;
	}
	return taken || give_up(search, &batch.items[0]);
}

static bool give_up_what_is_refused_beside(struct repair_search *search)
{
	AUTO_TARGETS targets = {0};
	if (!search->beside)
		return true;
	if (!repair_targets_find(search->beside, &targets))
		return cw_error_memory(search->error);
	for (size_t i = 0; i < targets.count; i++)
		if (!give_up(search, &targets.items[i]))
			return false;
	return true;
}

static bool begin(struct repair_search *search)
{
	repair_steps_finish(&search->steps);
	cw_strings_finish(&search->given_up);
	cw_check_free(search->now);
	cw_whatif_free(search->changed);
	search->now = NULL;
	search->changed = NULL;
	return give_up_what_is_refused_beside(search) &&
		repair_try(search, &search->steps, search->before, &search->changed, &search->now);
}

size_t repair_count_targets(const struct cw_check *check)
{
	size_t count = 0;
	for (size_t i = 0; i < check->link_count; i++)
		for (size_t k = 0; k < check->links[i]->complaints.count; k++)
			count += repair_is_target(check->links[i], &check->links[i]->complaints.items[k]);
	for (size_t i = 0; i < check->node_count; i++)
		for (size_t k = 0; k < check->nodes[i].complaints.count; k++)
			count += repair_is_target(NULL, &check->nodes[i].complaints.items[k]);
	return count;
}

/* Leaves each unit out once, the dearest first; what changes nothing goes. */
static bool leave_out(struct repair_search *search, unsigned unit, bool *ret_idle)
{
	AUTO_ATTEMPT attempt = {0};
	if (!repair_steps_copy(&attempt.steps, &search->steps))
		return cw_error_memory(search->error);
	for (size_t i = attempt.steps.count; i-- > 0;) {
		if (attempt.steps.items[i].unit != unit)
			continue;
		cw_repair_step_finish(&attempt.steps.items[i]);
		memmove(&attempt.steps.items[i], &attempt.steps.items[i + 1],
			(attempt.steps.count - i - 1) * sizeof attempt.steps.items[0]);
		attempt.steps.count--;
	}
	if (!repair_attempt_judge(search, &attempt))
		return false;
	*ret_idle = repair_count_worse(search->now, attempt.now) == 0 &&
		repair_count_targets(attempt.now) <= repair_count_targets(search->now);
	if (*ret_idle)
		repair_attempt_adopt(search, &attempt);
	return true;
}

/* Every step is a unit of its own, but a publisher's and its subscribers', and what goes along with an upload. */
static void number_units(struct repair_search *search)
{
	unsigned unit = 0;
	for (size_t i = 0; i < search->steps.count; i++) {
		struct cw_repair_step *step = &search->steps.items[i];
		step->unit = step->replicated || step->carried ? unit : ++unit;
	}
	search->units = unit;
}

static bool minimise(struct repair_search *search)
{
	static const enum cw_action order[] = {CW_ACTION_REISSUE, CW_ACTION_INSTALL, CW_ACTION_SET,
		CW_ACTION_REMOVE, CW_ACTION_MOVE_BEFORE, CW_ACTION_APPEND};
	number_units(search);
	for (size_t a = 0; a < sizeof order / sizeof order[0]; a++) {
		for (unsigned unit = search->units; unit > 0; unit--) {
			bool idle = false, mine = false;
			for (size_t i = 0; i < search->steps.count; i++)
				mine |= search->steps.items[i].unit == unit &&
					search->steps.items[i].remedy.action == order[a];
			if (mine && !leave_out(search, unit, &idle))
				return false;
		}
	}
	return true;
}

/* Bans the step after which something is worse at some date. `*ret`: there was one. */
static bool ban_guilty(struct repair_search *search, bool *ret)
{
	AUTO_DATES dates = {0};
	size_t worse = 0, guilty = 0;
	*ret = false;
	if (!repair_prove_dates(search, &dates, &worse, &guilty))
		return false;
	search->worse_later = worse;
	if (!worse || guilty == search->steps.count)
		return true;
	AUTO_BUFFER key = {0};
	*ret = true;
	return (repair_step_key(&search->steps.items[guilty], &key) &&
		       cw_strings_add(&search->banned, cw_buffer_string(&key))) ||
		cw_error_memory(search->error);
}

bool repair_run(struct repair_search *search)
{
	for (size_t restart = 0; restart <= RESTARTS_MAX; restart++) {
		bool done = false, banned = false;
		if (!begin(search))
			return false;
		while (!done)
			if (!one_round(search, &done))
				return false;
		if (is_of_no_use(search))
			return true;
		if (!minimise(search) || !ban_guilty(search, &banned))
			return false;
		if (!banned)
			return true;
	}
	return true;
}

void repair_search_finish(struct repair_search *search)
{
	repair_steps_finish(&search->steps);
	cw_check_free(search->now);
	cw_whatif_free(search->changed);
	cw_strings_finish(&search->given_up);
	cw_strings_finish(&search->banned);
	cw_strings_finish(&search->banned_kinds);
	for (size_t i = 0; i < search->issuer_count; i++)
		cw_cert_free(search->issuers[i]);
	free(search->issuers);
}

bool cw_repair_find(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_repair *ret, struct cw_error *error)
{
	return cw_repair_find_beside(check, NULL, options, ret, error);
}

bool cw_repair_find_beside(const struct cw_check *check, const struct cw_check *beside,
	const struct cw_check_options *options, struct cw_repair *ret, struct cw_error *error)
{
	struct repair_stand_ins stand_ins __attribute__((cleanup(repair_stand_ins_finish))) = {0};
	struct repair_search search
		__attribute__((cleanup(repair_search_finish))) = {.deployment = check->deployment,
			.stand_ins = &stand_ins,
			.before = check,
			.beside = beside,
			.options = *options,
			.tries_max = CW_REPAIR_TRIES_MAX,
			.error = error};
	AUTO_REPAIR repair = {0};
	if (repair_count_targets(check) == 0) {
		*ret = repair;
		return true;
	}
	if (!repair_run(&search) || !repair_conclude(&search, &repair))
		return false;
	*ret = repair;
	repair = (struct cw_repair){0};
	return true;
}

void cw_repair_alternative_finish(struct cw_repair_alternative *alternative)
{
	for (size_t i = 0; i < alternative->count; i++)
		cw_repair_step_finish(&alternative->steps[i]);
	free(alternative->steps);
	free(alternative->replaced);
	cw_strings_finish(&alternative->restores);
}

void cw_repair_finish(struct cw_repair *repair)
{
	for (size_t i = 0; i < repair->count; i++)
		cw_repair_step_finish(&repair->steps[i]);
	free(repair->steps);
	cw_strings_finish(&repair->restores);
	cw_strings_finish(&repair->restarts);
	for (size_t i = 0; i < repair->leaf_count; i++) {
		free(repair->leaves[i].where);
		free(repair->leaves[i].service);
	}
	free(repair->leaves);
	for (size_t i = 0; i < repair->alternative_count; i++)
		cw_repair_alternative_finish(&repair->alternatives[i]);
	free(repair->alternatives);
	cw_dates_finish(&repair->proof.dates);
	cw_check_free(repair->after);
	cw_whatif_free(repair->changed);
	*repair = (struct cw_repair){0};
}
