#include "plan/renewal_parts.h"

#include "plan/compare.h"

#include <string.h>

/* Whole deployments judged while places in the window are tried; from there on the place is the last one tried. */
#define TRIES_MAX 600

bool renewal_order_put(
	struct renewal_order *order, struct cw_repair_step *step, size_t place, struct cw_error *error)
{
	if (!cw_memory_grow(&order->items, &order->capacity, order->count, sizeof *order->items))
		return cw_error_memory(error);
	memmove(order->items + place + 1, order->items + place,
		(order->count - place) * sizeof *order->items);
	order->items[place] = step;
	order->count++;
	return true;
}

void renewal_order_take(struct renewal_order *order, size_t place)
{
	order->count--;
	memmove(order->items + place, order->items + place + 1,
		(order->count - place) * sizeof *order->items);
}

void renewal_order_finish(struct renewal_order *order)
{
	free(order->items);
	*order = (struct renewal_order){0};
}

size_t renewal_count_broken(const struct renewing *renewing, const struct cw_check *now)
{
	size_t count = 0;
	for (size_t i = 0; i < now->link_count; i++) {
		const struct cw_link *old = cw_compare_find_link(renewing->before, now->links[i]->id, i);
		count += old && now->links[i]->verdict > old->verdict;
	}
	return count;
}

bool renewal_judge(struct renewing *renewing, const struct renewal_order *order, size_t count,
	struct cw_whatif **ret_changed, struct cw_check **ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	if (!cw_whatif_new(renewing->deployment, &changed, renewing->error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cw_repair_lay(changed, order->items[i], renewing->error))
			return false;
	if (!cw_whatif_check(changed, renewing->options, ret, renewing->error))
		return false;
	*ret_changed = TAKE(changed);
	return true;
}

static bool broken_after(
	struct renewing *renewing, const struct renewal_order *order, size_t count, size_t *ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *now = NULL;
	if (!renewal_judge(renewing, order, count, &changed, &now))
		return false;
	*ret = renewal_count_broken(renewing, now);
	return true;
}

/* Links that are down, added up over the states of the window. */
static bool cost_of(struct renewing *renewing, const struct renewal_order *early,
	const struct renewal_order *window, size_t *tries, size_t *ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	size_t cost = 0;
	if (!cw_whatif_new(renewing->deployment, &changed, renewing->error))
		return false;
	for (size_t i = 0; i < early->count; i++)
		if (!cw_repair_lay(changed, early->items[i], renewing->error))
			return false;
	for (size_t i = 0; i < window->count; i++) {
		AUTO(cw_check_free) struct cw_check *now = NULL;
		if (!cw_repair_lay(changed, window->items[i], renewing->error) ||
			!cw_whatif_check(changed, renewing->options, &now, renewing->error))
			return false;
		cost += renewal_count_broken(renewing, now);
		++*tries;
	}
	*ret = cost;
	return true;
}

/* Beside each new certificate: before it, or behind it and before the restart, which then is one for both. */
static bool is_place(const struct renewal_order *window, size_t place)
{
	bool before = place < window->count && window->items[place]->remedy.action != CW_ACTION_RESTART;
	bool behind = place && window->items[place - 1]->remedy.action != CW_ACTION_RESTART;
	return before || behind;
}

static bool place_late(struct renewing *renewing, const struct renewal_order *early,
	struct renewal_order *window, struct cw_repair_step *step, size_t *tries)
{
	size_t best = 0, best_cost = SIZE_MAX;
	step->phase = CW_REPAIR_WINDOW;
	for (size_t place = 0; place <= window->count && *tries < TRIES_MAX; place++) {
		size_t cost = 0;
		if (!is_place(window, place))
			continue;
		if (!renewal_order_put(window, step, place, renewing->error) ||
			!cost_of(renewing, early, window, tries, &cost))
			return false;
		renewal_order_take(window, place);
		if (cost < best_cost) {
			best = place;
			best_cost = cost;
		}
	}
	return renewal_order_put(window, step, best, renewing->error);
}

bool renewal_place_lists(struct renewing *renewing, const struct renewal_order *lists,
	struct renewal_order *early, struct renewal_order *window)
{
	size_t broken = 0, tries = 0;
	if (lists->count && !broken_after(renewing, lists, lists->count, &broken))
		return false;
	bool harmless = broken == 0;
	struct renewal_order late = {0};
	bool good = true;
	for (size_t i = 0; good && i < lists->count; i++) {
		good = renewal_order_put(early, lists->items[i], early->count, renewing->error);
		if (!good || harmless)
			continue;
		good = broken_after(renewing, early, early->count, &broken);
		if (!good || !broken)
			continue;
		renewal_order_take(early, early->count - 1);
		good = renewal_order_put(&late, lists->items[i], late.count, renewing->error);
	}
	for (size_t i = 0; good && i < late.count; i++)
		good = place_late(renewing, early, window, late.items[i], &tries);
	renewal_order_finish(&late);
	return good;
}
