#include "plan/repair_parts.h"

#include "plan/compare.h"

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

#define RESTARTS_MAX 5	 /* of the search, after a step was banned */
#define FOLLOW_UPS_MAX 3 /* rounds in which others are given a new CA */

static const struct repair_way_row rows[] = {
	{"move in the judge's list", repair_move_in_judges_list, false},
	{"move in the sender's list", repair_move_in_senders_list, false},
	{"append to the judge's list", repair_append_what_is_missing, false},
	{"append to the sender's list", repair_append_at_sender, false},
	{"send what the list holds", repair_set_sends, false},
	{"append before what hides it", repair_append_in_front, false},
	{"replace what hides it", repair_replace_what_hides, false},
	{"remove what hides it", repair_remove_what_hides, false},
	{"replace in the sender's list", repair_replace_at_sender, false},
	{"remove from the sender's list", repair_remove_at_sender, false},
	{"append to the device's list", repair_append_at_endpoint, false},
	{"type the name that it has", repair_set_address, false},
	{"verify the name that it has", repair_set_verify_name, false},
	{"use one account", repair_set_credentials, false},
	{"the leaf first in its file", repair_put_leaf_first, false},
	{"install the revocation list", repair_install_crl, false},
	{"client store", repair_reissue_client_store, true},
	{"new certificate by the same CA", repair_reissue_same_ca, true},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const struct repair_way_row *repair_ways(size_t *count)
{
	*count = ROW_COUNT;
	return rows;
}

bool repair_try(struct repair_search *search, const struct repair_steps *steps, const struct cw_check *before,
	struct cw_whatif **ret_changed, struct cw_check **ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	struct cw_check_options options = search->options;
	options.at = before->at;
	search->tries++;
	if (!cw_whatif_new(search->deployment, &changed, search->error))
		return false;
	for (size_t i = 0; i < steps->count; i++)
		if (!cw_repair_lay(changed, &steps->items[i], search->error))
			return false;
	if (!cw_whatif_check_beside(changed, before, &options, ret, search->error))
		return false;
	*ret_changed = TAKE(changed);
	return true;
}

/* ---------------------------------------------------------------- one attempt */

struct attempt {
	struct repair_steps steps; /* those of the search, and the new ones */
	struct cw_whatif *changed;
	struct cw_check *now;
};

static void attempt_finish(struct attempt *attempt)
{
	repair_steps_finish(&attempt->steps);
	cw_check_free(attempt->now);
	cw_whatif_free(attempt->changed);
	*attempt = (struct attempt){0};
}

#define AUTO_ATTEMPT __attribute__((cleanup(attempt_finish))) struct attempt

static bool judge_attempt(struct repair_search *search, struct attempt *attempt)
{
	cw_check_free(attempt->now);
	cw_whatif_free(attempt->changed);
	attempt->now = NULL;
	attempt->changed = NULL;
	return repair_try(search, &attempt->steps, search->before, &attempt->changed, &attempt->now);
}

static size_t refused(const struct cw_complaints *complaints)
{
	size_t count = 0;
	for (size_t i = 0; i < complaints->count; i++)
		count += complaints->items[i].finding.severity == CW_SEVERITY_REFUSED;
	return count;
}

static const struct cw_link *counterpart(
	const struct cw_check *before, const struct cw_check *after, size_t index)
{
	if (before->link_count == after->link_count)
		return before->links[index]; /* an address may be another: its place is the same */
	return cw_compare_find_link(before, after->links[index]->id, index);
}

size_t repair_count_worse(const struct cw_check *before, const struct cw_check *after)
{
	size_t worse = 0;
	for (size_t i = 0; i < after->link_count; i++) {
		const struct cw_link *former = counterpart(before, after, i);
		worse += after->links[i]->verdict > (former ? former->verdict : CW_VERDICT_WARN);
	}
	for (size_t i = 0; i < after->service_count; i++)
		worse += after->services[i].state > before->services[i].state;
	for (size_t i = 0; i < after->node_count; i++)
		worse += refused(&after->nodes[i].complaints) > refused(&before->nodes[i].complaints);
	return worse;
}

static const struct cw_complaints *complaints_of(
	const struct repair_search *search, const struct repair_target *target, const struct cw_check *check)
{
	for (size_t i = 0; target->link && i < search->now->link_count; i++)
		if (search->now->links[i] == target->link) {
			const struct cw_link *link = check->link_count == search->now->link_count
				? check->links[i]
				: cw_compare_find_link(check, target->link->id, i);
			return link ? &link->complaints : NULL;
		}
	for (size_t i = 0; i < check->node_count; i++)
		if (strcmp(check->nodes[i].node->fqdn, target->complaint->judge) == 0)
			return &check->nodes[i].complaints;
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Another certificate with the same fault is no repair: only code, judge and wanted name count, and of what is
 * missing from a list which one. */
static bool is_the_same_trouble(const struct repair_target *target, const struct cw_complaint *found)
{
	const struct cw_complaint *wanted = target->complaint;
	const struct cw_finding *old = &wanted->finding, *new = &found->finding;
	return repair_is_target(target->link, found) &&
		old->code == new->code &&strcmp(wanted->judge, found->judge) == 0 &&
		same_text(wanted->store, found->store) && same_text(old->name, new->name) &&
		same_text(old->subject, new->subject);
}

static bool is_gone(
	const struct repair_search *search, const struct repair_target *target, const struct cw_check *check)
{
	const struct cw_complaints *complaints = complaints_of(search, target, check);
	for (size_t i = 0; complaints && i < complaints->count; i++)
		if (is_the_same_trouble(target, &complaints->items[i]))
			return false;
	return true;
}

static bool all_gone(
	const struct repair_search *search, const struct repair_targets *batch, const struct cw_check *check)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!is_gone(search, &batch->items[i], check))
			return false;
	return true;
}

/* Those whom the new certificate's CA is missing get it in their lists. Adds nothing: `*ret` is false. */
static bool follow_up(struct repair_search *search, struct attempt *attempt, bool *ret)
{
	AUTO_TARGETS targets = {0};
	struct cw_check *former = search->now;
	size_t before = attempt->steps.count;
	bool good = repair_targets_find(attempt->now, &targets) || cw_error_memory(search->error);
	search->now = attempt->now;
	for (size_t i = 0; good && i < targets.count; i++) {
		const struct cw_complaint *complaint = targets.items[i].complaint;
		bool new = true;
		for (size_t k = 0; new &&k < former->link_count; k++)
			new = !targets.items[i].link ||
				strcmp(former->links[k]->id, targets.items[i].link->id) != 0 ||
				!cw_compare_has_complaint(&former->links[k]->complaints, complaint);
		if (new)
			good = repair_append_what_is_missing(search, &targets.items[i], &attempt->steps);
	}
	search->now = former;
	*ret = attempt->steps.count > before;
	return good;
}

/* Takes the attempt over as the new state where it does what it is for. */
static bool settle(struct repair_search *search, const struct repair_targets *batch, struct attempt *attempt,
	bool follows_up, bool *ret)
{
	*ret = false;
	if (!judge_attempt(search, attempt))
		return false;
	for (size_t round = 0; round < FOLLOW_UPS_MAX && follows_up; round++) {
		bool more = false;
		if (repair_count_worse(search->now, attempt->now) == 0 &&
			all_gone(search, batch, attempt->now))
			break;
		if (!follow_up(search, attempt, &more))
			return false;
		if (!more)
			break;
		if (!judge_attempt(search, attempt))
			return false;
	}
	if (repair_count_worse(search->now, attempt->now) || !all_gone(search, batch, attempt->now))
		return true;
	*ret = true;
	return true;
}

static void adopt(struct repair_search *search, struct attempt *attempt)
{
	repair_steps_finish(&search->steps);
	cw_check_free(search->now);
	cw_whatif_free(search->changed);
	search->steps = attempt->steps;
	search->now = attempt->now;
	search->changed = attempt->changed;
	*attempt = (struct attempt){0};
}

static bool is_banned(
	const struct repair_search *search, const struct repair_steps *steps, size_t from, bool *ret)
{
	*ret = false;
	for (size_t i = from; i < steps->count; i++) {
		AUTO_BUFFER key = {0};
		if (!repair_step_key(&steps->items[i], &key))
			return cw_error_memory(search->error);
		*ret |= cw_strings_contain(&search->banned, cw_buffer_string(&key));
	}
	return true;
}

/* The steps of one way for every refusal of the batch; whether something came of it. */
typedef bool (*gather)(struct repair_search *search, const struct repair_targets *batch, size_t which,
	struct repair_steps *ret, bool *ret_there);

static bool gather_row(struct repair_search *search, const struct repair_targets *batch, size_t which,
	struct repair_steps *ret, bool *ret_there)
{
	*ret_there = which < ROW_COUNT;
	for (size_t i = 0; *ret_there && i < batch->count; i++)
		if (!rows[which].find(search, &batch->items[i], ret))
			return false;
	return true;
}

static bool gather_issuer(struct repair_search *search, const struct repair_targets *batch, size_t which,
	struct repair_steps *ret, bool *ret_there)
{
	*ret_there = true;
	for (size_t i = 0; *ret_there && i < batch->count; i++)
		if (!repair_reissue_by(search, &batch->items[i], which, ret_there, ret))
			return false;
	return true;
}

/* One way, tried. `*ret`: it was taken. `*ret_there`: there is such a way (of this number). */
static bool try_way(struct repair_search *search, const struct repair_targets *batch, gather find,
	size_t which, bool *ret)
{
	AUTO_ATTEMPT attempt = {0};
	struct repair_steps found __attribute__((cleanup(repair_steps_finish))) = {0};
	bool there = false, banned = false;
	*ret = false;
	if (!find(search, batch, which, &found, &there))
		return false;
	if (!found.count || search->steps.count + found.count > CW_REPAIR_STEPS_MAX)
		return true;
	if (!is_banned(search, &found, 0, &banned))
		return false;
	if (banned)
		return true;
	if (!repair_steps_copy(&attempt.steps, &search->steps) || !repair_steps_copy(&attempt.steps, &found))
		return cw_error_memory(search->error);
	bool reissues = find == gather_issuer || rows[which].follows_up;
	if (!settle(search, batch, &attempt, reissues, ret))
		return false;
	if (*ret)
		adopt(search, &attempt);
	return true;
}

static bool try_ways(struct repair_search *search, const struct repair_targets *batch, bool *ret)
{
	*ret = false;
	for (size_t i = 0; i < ROW_COUNT && !*ret; i++) {
		if (search->tries > CW_REPAIR_TRIES_MAX) {
			search->cut = true;
			return true;
		}
		bool reissues = search->beside && rows[i].follows_up; /* the new one is what is asked about */
		if (!reissues && !try_way(search, batch, gather_row, i, ret))
			return false;
	}
	for (size_t i = 0; !search->beside && !*ret && (i == 0 || i < search->issuer_count); i++) {
		if (search->tries > CW_REPAIR_TRIES_MAX) {
			search->cut = true;
			return true;
		}
		if (!try_way(search, batch, gather_issuer, i, ret))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- rounds */

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

/* All of one cause at once; where no way ends them all, the first of them alone. */
static bool one_round(struct repair_search *search, bool *ret_done)
{
	AUTO_TARGETS batch = {0};
	bool taken = false;
	if (!next_batch(search, &batch))
		return false;
	*ret_done = batch.count == 0 || search->cut;
	if (*ret_done)
		return true;
	if (!try_ways(search, &batch, &taken))
		return false;
	if (taken)
		return true;
	if (batch.count > 1) {
		batch.count = 1;
		if (!try_ways(search, &batch, &taken))
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

static size_t count_targets(const struct cw_check *check)
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
	if (!judge_attempt(search, &attempt))
		return false;
	*ret_idle = repair_count_worse(search->now, attempt.now) == 0 &&
		count_targets(attempt.now) <= count_targets(search->now);
	if (*ret_idle)
		adopt(search, &attempt);
	return true;
}

/* Every step is a unit of its own, but a publisher's and its subscribers'. */
static void number_units(struct repair_search *search)
{
	unsigned unit = 0;
	for (size_t i = 0; i < search->steps.count; i++) {
		struct cw_repair_step *step = &search->steps.items[i];
		step->unit = step->replicated ? unit : ++unit;
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
	if (!worse || guilty == search->steps.count)
		return true;
	AUTO_BUFFER key = {0};
	*ret = true;
	return (repair_step_key(&search->steps.items[guilty], &key) &&
		       cw_strings_add(&search->banned, cw_buffer_string(&key))) ||
		cw_error_memory(search->error);
}

static bool run(struct repair_search *search)
{
	for (size_t restart = 0; restart <= RESTARTS_MAX; restart++) {
		bool done = false, banned = false;
		if (!begin(search))
			return false;
		while (!done)
			if (!one_round(search, &done))
				return false;
		if (!minimise(search) || !ban_guilty(search, &banned))
			return false;
		if (!banned)
			return true;
	}
	return true;
}

static void search_finish(struct repair_search *search)
{
	repair_steps_finish(&search->steps);
	cw_check_free(search->now);
	cw_whatif_free(search->changed);
	cw_strings_finish(&search->given_up);
	cw_strings_finish(&search->banned);
	for (size_t i = 0; i < search->issuer_count; i++)
		cw_cert_free(search->issuers[i]);
	free(search->issuers);
	EVP_PKEY_free(search->key);
}

bool cw_repair_find(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_repair *ret, struct cw_error *error)
{
	return cw_repair_find_beside(check, NULL, options, ret, error);
}

bool cw_repair_find_beside(const struct cw_check *check, const struct cw_check *beside,
	const struct cw_check_options *options, struct cw_repair *ret, struct cw_error *error)
{
	struct repair_search search
		__attribute__((cleanup(search_finish))) = {.deployment = check->deployment,
			.before = check,
			.beside = beside,
			.options = *options,
			.error = error};
	AUTO_REPAIR repair = {0};
	if (count_targets(check) == 0) {
		*ret = repair;
		return true;
	}
	if (!run(&search) || !repair_conclude(&search, &repair))
		return false;
	*ret = repair;
	repair = (struct cw_repair){0};
	return true;
}

static void alternative_finish(struct cw_repair_alternative *alternative)
{
	for (size_t i = 0; i < alternative->count; i++)
		cw_repair_step_finish(&alternative->steps[i]);
	free(alternative->steps);
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
		alternative_finish(&repair->alternatives[i]);
	free(repair->alternatives);
	cw_dates_finish(&repair->proof.dates);
	cw_check_free(repair->after);
	cw_whatif_free(repair->changed);
	*repair = (struct cw_repair){0};
}
