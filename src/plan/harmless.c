#include "plan/harmless.h"

#include "base/buffer.h"
#include "plan/dates.h"

#include <string.h>

/* Judged for every question. */
#define DATES_MAX 24
/* Deletions that are tried one by one where all together do harm; further ones are not told. */
#define SINGLE_MAX 24

struct cw_harmless_proof {
	const struct cw_deployment *deployment;
	struct cw_check_options options;
	struct cw_check *before[DATES_MAX + 1]; /* now, and at the dates that were asked about */
	size_t before_count;
};

void cw_harmless_proof_free(struct cw_harmless_proof *proof)
{
	if (!proof)
		return;
	for (size_t i = 0; i < proof->before_count; i++)
		cw_check_free(proof->before[i]);
	free(proof);
}

/* The deployment as it is, at this time; judged once. NULL: no room for another date, or an error was set. */
static const struct cw_check *before_at(struct cw_harmless_proof *proof, cw_time at, struct cw_error *error)
{
	for (size_t i = 0; i < proof->before_count; i++)
		if (proof->before[i]->at == at)
			return proof->before[i];
	struct cw_check_options options = proof->options;
	options.at = at;
	if (proof->before_count > DATES_MAX ||
		!cw_check_run(proof->deployment, &options, &proof->before[proof->before_count], error))
		return NULL;
	return proof->before[proof->before_count++];
}

bool cw_harmless_proof_new(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_harmless_proof **ret, struct cw_error *error)
{
	AUTO(cw_harmless_proof_free) struct cw_harmless_proof *proof = calloc(1, sizeof *proof);
	if (!proof)
		return cw_error_memory(error);
	proof->deployment = deployment;
	proof->options = *options;
	if (!before_at(proof, options->at, error))
		return false;
	*ret = TAKE(proof);
	return true;
}

size_t cw_harmless_proof_dates(const struct cw_harmless_proof *proof)
{
	return proof->before_count - 1;
}

static size_t refused(const struct cw_complaints *complaints)
{
	size_t count = 0;
	for (size_t i = 0; i < complaints->count; i++)
		count += complaints->items[i].finding.severity == CW_SEVERITY_REFUSED;
	return count;
}

/* The first thing that is worse, in words. False: no memory. */
static bool tell_worse(const struct cw_check *before, const struct cw_check *after, cw_time now, char **ret)
{
	AUTO_BUFFER text = {0};
	char date[CW_TIME_TEXT_SIZE], from[CW_TIME_TEXT_SIZE + 16] = "";
	if (before->at != now)
		snprintf(from, sizeof from, " from %s on", cw_time_format_date(before->at, date));
	for (size_t i = 0; i < before->link_count && !text.length; i++)
		if (after->links[i]->verdict > before->links[i]->verdict)
			cw_buffer_printf(&text, "%s would be %s%s, is %s", before->links[i]->id,
				cw_finding_verdict_name(after->links[i]->verdict), from,
				cw_finding_verdict_name(before->links[i]->verdict));
	for (size_t i = 0; i < before->node_count && !text.length; i++)
		if (refused(&after->nodes[i].complaints) > refused(&before->nodes[i].complaints))
			cw_buffer_printf(&text, "%s needs it for its own certificate%s",
				before->nodes[i].node->fqdn, from);
	if (text.length)
		*ret = cw_buffer_steal(&text);
	return !text.failed && (!text.length || *ret);
}

static bool ask_at(struct cw_harmless_proof *proof, struct cw_whatif *changed, cw_time at,
	struct cw_check **ret_after, char **ret, struct cw_error *error)
{
	struct cw_check_options options = proof->options;
	options.at = at;
	const struct cw_check *before = before_at(proof, at, error);
	if (!before)
		return proof->before_count > DATES_MAX; /* what comes later is not looked at */
	return cw_whatif_check_beside(changed, before, &options, ret_after, error) &&
		(tell_worse(before, *ret_after, proof->options.at, ret) || cw_error_memory(error));
}

/* Dates of what paths rest on with and without the changes: no other can matter. */
bool cw_harmless_proof_ask(struct cw_harmless_proof *proof, const struct cw_whatif_change *changes,
	size_t count, char **ret, struct cw_error *error)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *now = NULL;
	AUTO_DATES dates = {0};
	const cw_time until = proof->options.at + CW_REPAIR_DAYS * CW_DAY;
	*ret = NULL;
	if (!cw_whatif_new(proof->deployment, &changed, error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cw_whatif_apply(changed, &changes[i], error))
			return false;
	if (!ask_at(proof, changed, proof->options.at, &now, ret, error))
		return false;
	if (!cw_dates_of_paths(proof->before[0], until, &dates) || !cw_dates_of_paths(now, until, &dates))
		return cw_error_memory(error);
	for (size_t i = 0; i < dates.count && !*ret; i++) {
		AUTO(cw_check_free) struct cw_check *after = NULL;
		if (!ask_at(proof, changed, dates.items[i], &after, ret, error))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- remedies of a check */

static bool deletes(const struct cw_complaint *complaint)
{
	return complaint->remedy.action == CW_ACTION_REMOVE &&
		complaint->finding.severity != CW_SEVERITY_REFUSED && complaint->remedy.cert;
}

struct orders {
	struct cw_complaint **complaints;
	struct cw_whatif_change *changes;
	size_t count, capacity, change_capacity;
};

static void orders_finish(struct orders *orders)
{
	free(orders->complaints);
	free(orders->changes);
}

static enum cw_store_kind kind_named(const char *name)
{
	for (unsigned kind = 0; name && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), name) == 0)
			return (enum cw_store_kind)kind;
	return CW_STORE_TRUSTED_CA;
}

/* One deletion that two findings order is one. */
static bool add_order(struct orders *orders, struct cw_complaint *complaint)
{
	const struct cw_remedy *remedy = &complaint->remedy;
	struct cw_whatif_change change = {.kind = CW_WHATIF_REMOVE,
		.node = remedy->node,
		.store = kind_named(remedy->store),
		.cert = remedy->cert};
	for (size_t i = 0; i < orders->count; i++)
		if (strcmp(orders->changes[i].node, change.node) == 0 &&
			orders->changes[i].store == change.store &&
			cw_cert_same(orders->changes[i].cert, change.cert))
			return true;
	if (!cw_memory_grow(
		    &orders->complaints, &orders->capacity, orders->count, sizeof(struct cw_complaint *)) ||
		!cw_memory_grow(
			&orders->changes, &orders->change_capacity, orders->count, sizeof *orders->changes))
		return false;
	orders->complaints[orders->count] = complaint;
	orders->changes[orders->count++] = change;
	return true;
}

static bool gather(struct cw_check *check, bool take, struct orders *ret)
{
	for (size_t i = 0; i < check->node_count; i++) {
		struct cw_complaints *complaints = &check->nodes[i].complaints;
		for (size_t k = 0; k < complaints->count; k++) {
			if (!deletes(&complaints->items[k]))
				continue;
			if (!take)
				cw_remedy_finish(&complaints->items[k].remedy);
			else if (!add_order(ret, &complaints->items[k]))
				return false;
		}
	}
	return true;
}

/* All others that order the same go with it. */
static void withdraw(struct cw_check *check, const struct cw_whatif_change *change)
{
	for (size_t i = 0; i < check->node_count; i++) {
		struct cw_complaints *complaints = &check->nodes[i].complaints;
		for (size_t k = 0; k < complaints->count; k++) {
			struct cw_remedy *remedy = &complaints->items[k].remedy;
			if (deletes(&complaints->items[k]) && strcmp(remedy->node, change->node) == 0 &&
				kind_named(remedy->store) == change->store &&
				cw_cert_same(remedy->cert, change->cert))
				cw_remedy_finish(remedy);
		}
	}
}

/* One after the other, each beside those that stay. */
static bool try_singly(struct cw_check *check, struct cw_harmless_proof *proof, struct orders *orders,
	struct cw_error *error)
{
	size_t kept = 0;
	for (size_t i = 0; i < orders->count; i++) {
		AUTO(free) char *worse = NULL;
		const struct cw_whatif_change change = orders->changes[i];
		orders->changes[kept] = change;
		if (i < SINGLE_MAX && !cw_harmless_proof_ask(proof, orders->changes, kept + 1, &worse, error))
			return false;
		if (worse || i >= SINGLE_MAX)
			withdraw(check, &change);
		else
			kept++;
	}
	return true;
}

bool cw_harmless_remedies(
	struct cw_check *check, const struct cw_check_options *options, struct cw_error *error)
{
	struct orders orders __attribute__((cleanup(orders_finish))) = {0};
	AUTO(cw_harmless_proof_free) struct cw_harmless_proof *proof = NULL;
	AUTO(free) char *worse = NULL;
	if (!gather(check, !cw_check_refused(check), &orders))
		return cw_error_memory(error);
	if (!orders.count)
		return true;
	if (!cw_harmless_proof_new(check->deployment, options, &proof, error) ||
		!cw_harmless_proof_ask(proof, orders.changes, orders.count, &worse, error))
		return false;
	return !worse || try_singly(check, proof, &orders, error);
}
