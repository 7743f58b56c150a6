#include "report/service_repair.h"

#include "check/service.h"
#include "report/plan/plan_words.h"

#include <string.h>

/* The worst verdict among the links that a service owes its state to: the others do not decide it. */
static enum cw_verdict worst_verdict(const struct cw_service *service)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < service->because_count; i++)
		if (service->because[i]->verdict > worst)
			worst = service->because[i]->verdict;
	return worst;
}

/* What gives such a link its verdict: the worst that was found on it. */
static bool decides(const struct cw_link *link, const struct cw_complaint *complaint, enum cw_verdict worst)
{
	return worst != CW_VERDICT_PASS && link->verdict == worst &&
		(int)complaint->finding.severity == (int)worst;
}

void cw_service_repair_causes(const struct cw_service *service, const struct cw_causes *causes, bool *ret)
{
	enum cw_verdict worst = worst_verdict(service);
	for (size_t i = 0; i < service->because_count; i++) {
		const struct cw_link *link = service->because[i];
		for (size_t k = 0; k < link->complaints.count; k++) {
			if (!decides(link, &link->complaints.items[k], worst))
				continue;
			size_t index = cw_causes_index(causes, &link->complaints.items[k]);
			if (index < causes->count)
				ret[index] = true;
		}
	}
}

/* Remedies, each counted once. */
struct tally {
	const struct cw_remedy **actions;
	size_t count;
	size_t capacity;
	const char **nodes;
	size_t node_count;
	size_t node_capacity;
	bool beyond;  /* something that no remedy is known for */
	bool unknown; /* links that nobody can judge may need more */
};

static void tally_finish(struct tally *tally)
{
	free(tally->actions);
	free(tally->nodes);
}

#define AUTO_TALLY __attribute__((cleanup(tally_finish))) struct tally

static bool counts_once(const struct cw_remedy *a, const struct cw_remedy *b)
{
	bool moves_certificate = a->action == CW_ACTION_APPEND || a->action == CW_ACTION_REMOVE ||
		a->action == CW_ACTION_MOVE_BEFORE;
	return moves_certificate ? cw_causes_same_action(a, b) : cw_causes_same_remedy(a, b);
}

static bool add_action(struct tally *tally, const struct cw_remedy *remedy)
{
	for (size_t i = 0; i < tally->count; i++)
		if (counts_once(tally->actions[i], remedy))
			return true;
	if (!cw_memory_grow(&tally->actions, &tally->capacity, tally->count, sizeof *tally->actions))
		return false;
	tally->actions[tally->count++] = remedy;
	return true;
}

static bool add_node(struct tally *tally, const char *node)
{
	for (size_t i = 0; i < tally->node_count; i++)
		if (strcmp(tally->nodes[i], node) == 0)
			return true;
	if (!cw_memory_grow(&tally->nodes, &tally->node_capacity, tally->node_count, sizeof *tally->nodes))
		return false;
	tally->nodes[tally->node_count++] = node;
	return true;
}

static bool add_complaint(struct tally *tally, const struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	if (complaint->finding.code == CW_TRAVERSAL_REFUSED)
		return true;
	if (remedy->action == CW_ACTION_NONE) {
		tally->beyond = true;
		return true;
	}
	return add_action(tally, remedy) && add_node(tally, remedy->node ? remedy->node : complaint->judge);
}

static bool add_service(struct tally *tally, const struct cw_service *service)
{
	enum cw_verdict worst = worst_verdict(service);
	for (size_t i = 0; i < service->because_count; i++) {
		const struct cw_link *link = service->because[i];
		tally->unknown |= link->verdict == CW_VERDICT_UNKNOWN;
		for (size_t k = 0; k < link->complaints.count; k++)
			if (decides(link, &link->complaints.items[k], worst) &&
				!add_complaint(tally, &link->complaints.items[k]))
				return false;
	}
	return true;
}

static const struct {
	enum cw_action action;
	const char *one;
	const char *many;
} words[] = {
	{CW_ACTION_APPEND, "upload", "uploads"},
	{CW_ACTION_REMOVE, "removal", "removals"},
	{CW_ACTION_MOVE_BEFORE, "move in a list", "moves in lists"},
	{CW_ACTION_REISSUE, "re-issued certificate", "re-issued certificates"},
	{CW_ACTION_INSTALL, "installation", "installations"},
	{CW_ACTION_RESTART, "restart", "restarts"},
	{CW_ACTION_SET, "setting", "settings"},
};

#define WORD_COUNT (sizeof words / sizeof words[0])

static size_t count_actions(const struct tally *tally, enum cw_action action)
{
	size_t count = 0;
	for (size_t i = 0; i < tally->count; i++)
		count += tally->actions[i]->action == action;
	return count;
}

static void tell(struct cw_buffer *ret, const struct tally *tally)
{
	size_t kinds = 0, told = 0;
	for (size_t i = 0; i < WORD_COUNT; i++)
		kinds += count_actions(tally, words[i].action) > 0;
	for (size_t i = 0; i < WORD_COUNT; i++) {
		size_t count = count_actions(tally, words[i].action);
		if (!count)
			continue;
		const char *between = told + 1 == kinds ? " and " : ", ";
		cw_buffer_text(ret, told ? between : ": ");
		cw_buffer_printf(ret, "%zu %s", count, count == 1 ? words[i].one : words[i].many);
		told++;
	}
	cw_buffer_printf(ret, " on %zu %s", tally->node_count, tally->node_count == 1 ? "node" : "nodes");
	cw_buffer_text(ret, tally->count == 1 ? " repairs " : " repair ");
	cw_buffer_text(ret, tally->unknown ? "what is known" : "it");
}

/* The best that the plan makes of the worst of them. */
static enum cw_service_state state_after(
	const struct cw_check *check, const struct cw_service *const *services, size_t count)
{
	enum cw_service_state worst = CW_SERVICE_WORKS;
	for (size_t i = 0; i < count; i++) {
		size_t index = (size_t)(services[i] - check->services);
		enum cw_service_state state = check->plan->after->services[index].state;
		worst = state > worst ? state : worst;
	}
	return worst;
}

/* The plan was tried: what it makes of these services is known. */
static void tell_plan(struct cw_buffer *ret, const struct cw_check *check,
	const struct cw_service *const *services, size_t count)
{
	const struct cw_repair *plan = check->plan;
	if (!plan->after)
		return;
	enum cw_service_state after = state_after(check, services, count);
	if (after == CW_SERVICE_WORKS || (after == CW_SERVICE_UNKNOWN && plan->count)) {
		cw_buffer_text(ret, ": ");
		cw_plan_words_cost(ret, plan, true);
		cw_buffer_text(ret, after == CW_SERVICE_UNKNOWN ? ", as far as it is known" : "");
	} else if (after < services[0]->state) {
		cw_buffer_text(ret, ": ");
		cw_plan_words_cost(ret, plan, false);
		cw_buffer_printf(ret, ": it is then %s, and somebody has to decide on the rest",
			cw_service_state_name(after));
	} else {
		cw_buffer_text(ret, ": no change of these boxes repairs it, somebody has to decide");
	}
}

bool cw_service_repair(struct cw_buffer *ret, const struct cw_check *check,
	const struct cw_service *const *services, size_t count, struct cw_error *error)
{
	AUTO_TALLY tally = {0};
	for (size_t i = 0; i < count; i++)
		if (!add_service(&tally, services[i]))
			return cw_error_memory(error);
	if (services[0]->state == CW_SERVICE_UNKNOWN)
		return true;
	if (check->plan && check->plan->after)
		tell_plan(ret, check, services, count);
	else if (tally.beyond)
		cw_buffer_text(ret, ": no setting of these boxes repairs it");
	else if (tally.count)
		tell(ret, &tally);
	return true;
}
