#include "plan/repair_parts.h"

#include "plan/compare.h"

#include <string.h>

/*
 * One attempt: the steps so far and those of one way to end a batch of refusals, laid over the deployment and judged.
 * It is taken where what it is for is gone and no link, sign-in or box is worse than before it.
 */

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
	{"another release", repair_upgrade, false},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

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

void repair_attempt_finish(struct repair_attempt *attempt)
{
	repair_steps_finish(&attempt->steps);
	cw_check_free(attempt->now);
	cw_whatif_free(attempt->changed);
	*attempt = (struct repair_attempt){0};
}

bool repair_attempt_judge(struct repair_search *search, struct repair_attempt *attempt)
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
		worse += cw_compare_service(&before->services[i], &after->services[i]) == CW_COMPARE_WORSE;
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
static bool follow_up(struct repair_search *search, struct repair_attempt *attempt, bool *ret)
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
static bool settle(struct repair_search *search, const struct repair_targets *batch,
	struct repair_attempt *attempt, bool follows_up, bool *ret)
{
	*ret = false;
	if (!repair_attempt_judge(search, attempt))
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
		if (!repair_attempt_judge(search, attempt))
			return false;
	}
	if (repair_count_worse(search->now, attempt->now) || !all_gone(search, batch, attempt->now))
		return true;
	*ret = true;
	return true;
}

void repair_attempt_adopt(struct repair_search *search, struct repair_attempt *attempt)
{
	repair_steps_finish(&search->steps);
	cw_check_free(search->now);
	cw_whatif_free(search->changed);
	search->steps = attempt->steps;
	search->now = attempt->now;
	search->changed = attempt->changed;
	*attempt = (struct repair_attempt){0};
}

static bool is_banned(
	const struct repair_search *search, const struct repair_steps *steps, size_t from, bool *ret)
{
	*ret = false;
	for (size_t i = from; i < steps->count; i++) {
		AUTO_BUFFER key = {0};
		if (!repair_step_key(&steps->items[i], &key))
			return cw_error_memory(search->error);
		AUTO_BUFFER kind = {0};
		if (!repair_step_kind(&steps->items[i], &kind))
			return cw_error_memory(search->error);
		*ret |= cw_strings_contain(&search->banned, cw_buffer_string(&key)) ||
			cw_strings_contain(&search->banned_kinds, cw_buffer_string(&key)) ||
			cw_strings_contain(&search->banned_kinds, cw_buffer_string(&kind));
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

/* One way, tried: `ret` is not empty where it does what it is for. `*ret_own`: its steps without what it entails. */
static bool try_way(struct repair_search *search, const struct repair_targets *batch, gather find,
	size_t which, struct repair_attempt *ret, size_t *ret_own)
{
	AUTO_ATTEMPT attempt = {0};
	struct repair_steps found __attribute__((cleanup(repair_steps_finish))) = {0};
	bool there = false, banned = false, good = false;
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
	*ret_own = attempt.steps.count;
	bool reissues = find == gather_issuer || rows[which].follows_up;
	if (!settle(search, batch, &attempt, reissues, &good))
		return false;
	if (good) {
		*ret = attempt;
		attempt = (struct repair_attempt){0};
	}
	return true;
}

static bool is_at_limit(struct repair_search *search)
{
	search->cut |= search->tries > search->tries_max;
	return search->tries > search->tries_max;
}

static bool try_rows(struct repair_search *search, const struct repair_targets *batch, bool *ret)
{
	for (size_t i = 0; i < ROW_COUNT && !*ret && !is_at_limit(search); i++) {
		AUTO_ATTEMPT attempt = {0};
		size_t own = 0;
		bool reissues = search->beside && rows[i].follows_up; /* the new one is what is asked about */
		if (!reissues && !try_way(search, batch, gather_row, i, &attempt, &own))
			return false;
		*ret = attempt.now != NULL;
		if (*ret)
			repair_attempt_adopt(search, &attempt);
	}
	return true;
}

/* What is left to be done, by this attempt and after it. */
static size_t cost_of(const struct repair_attempt *attempt)
{
	return attempt->steps.count + repair_count_targets(attempt->now);
}

/* Of several CAs the one with which the fewest others have to do something, now or because they do not know it. */
static bool try_issuers(struct repair_search *search, const struct repair_targets *batch, bool *ret)
{
	AUTO_ATTEMPT best = {0};
	const size_t cheapest = search->steps.count + repair_count_targets(search->now) - batch->count;
	for (size_t i = 0; (i == 0 || i < search->issuer_count) && !is_at_limit(search); i++) {
		AUTO_ATTEMPT attempt = {0};
		size_t own = 0;
		if (!try_way(search, batch, gather_issuer, i, &attempt, &own))
			return false;
		if (!attempt.now || (best.now && cost_of(&attempt) >= cost_of(&best)))
			continue;
		struct repair_attempt former = best;
		best = attempt;
		attempt = former;
		if (cost_of(&best) <= cheapest + own - search->steps.count)
			break; /* nobody else has to do anything */
	}
	*ret = best.now != NULL;
	if (*ret)
		repair_attempt_adopt(search, &best);
	return true;
}

bool repair_try_ways(struct repair_search *search, const struct repair_targets *batch, bool *ret)
{
	*ret = false;
	if (!try_rows(search, batch, ret))
		return false;
	return *ret || search->beside || try_issuers(search, batch, ret);
}
