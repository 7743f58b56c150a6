#include "workbench/list/tidy.h"

#include "check/list_index.h"
#include "check/usage.h"
#include "plan/harmless.h"

#include <string.h>

void cw_tidy_finish(struct cw_tidy *tidy)
{
	for (size_t i = 0; i < tidy->count; i++) {
		cw_cert_free(tidy->rows[i].cert);
		free(tidy->rows[i].detail);
	}
	free(tidy->rows);
	*tidy = (struct cw_tidy){0};
}

/* One run over a deployment. */
struct tidying {
	const struct cw_deployment *deployment;
	const struct cw_check *before;
	cw_time at;
	bool unused;
	struct cw_cache *cache;
	struct cw_tidy *tidy;
	struct cw_error *error;
};

/* Against lists in which much does harm; what was not asked about stays. */
#define QUESTIONS_MAX 200

/* One list, looked at. */
struct list_view {
	const struct cw_node *node;
	enum cw_store_kind kind;
	const struct cw_trust_list *list;
	const struct cw_usage_set *usage;
	struct cw_list_index index;
};

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

/* The entry is what a shadowed chain ought to find: rule 4 of docs/rules.md names it. */
static bool is_right_one(const struct tidying *tidying, const struct cw_tidy_row *row)
{
	for (size_t i = 0; i < tidying->before->link_count; i++) {
		const struct cw_complaints *complaints = &tidying->before->links[i]->complaints;
		for (size_t k = 0; k < complaints->count; k++) {
			const struct cw_complaint *complaint = &complaints->items[k];
			if (complaint->judge_node == row->node && complaint->finding.better &&
				complaint->finding.severity == CW_SEVERITY_REFUSED &&
				cw_cert_same(complaint->finding.better, row->cert))
				return true;
		}
	}
	return false;
}

static bool add(struct tidying *tidying, struct cw_tidy_row row, enum cw_usage usage)
{
	struct cw_tidy *tidy = tidying->tidy;
	if (!cw_memory_grow(&tidy->rows, &tidy->capacity, tidy->count, sizeof *tidy->rows))
		return cw_error_memory(tidying->error);
	bool certain = row.reason == CW_TIDY_DUPLICATE || row.reason == CW_TIDY_SHADOWED;
	row.proof = CW_TIDY_PROVEN;
	if (row.reason == CW_TIDY_SHADOWED && is_right_one(tidying, &row))
		row.proof = CW_TIDY_RIGHT_ONE;
	else if (!certain && usage == CW_USAGE_UNKNOWN)
		row.proof = CW_TIDY_UNPROVABLE;
	cw_cert_ref(row.cert);
	tidy->rows[tidy->count++] = row;
	return true;
}

/* The same CA certificate renewed, in the same list, valid now and longer. */
static bool is_replaced(const struct list_view *view, const struct cw_cert *cert, cw_time at)
{
	size_t i = cw_trust_list_search(view->list, cw_cert_subject(cert), 0);
	for (; i < view->list->count; i = cw_trust_list_search(view->list, cw_cert_subject(cert), i + 1)) {
		const struct cw_cert *other = view->list->entries[i].cert;
		if (cw_cert_same_key(other, cert) && cw_cert_not_after(other) > cw_cert_not_after(cert) &&
			cw_cert_not_before(other) <= at)
			return true;
	}
	return false;
}

/* Asked for with --unused: what no link of this deployment needs, and what is never found. */
static bool look_at_unused(struct tidying *tidying, const struct list_view *view, size_t index)
{
	struct cw_cert *cert = view->list->entries[index].cert;
	size_t upper = cw_list_index_search(&view->index, cw_cert_subject(cert));
	enum cw_usage usage = cw_usage_in(view->usage, view->kind, cert);
	struct cw_tidy_row row = {.node = view->node, .kind = view->kind, .place = index + 1, .cert = cert};
	bool hidden = upper < index && is_expressway(view->node);
	if (hidden) {
		row.reason = CW_TIDY_SHADOWED;
		row.other = upper + 1;
	} else if (usage != CW_USED && cw_cert_not_after(cert) < tidying->at) {
		row.reason = CW_TIDY_EXPIRED;
	} else if (usage == CW_UNUSED) {
		row.reason = CW_TIDY_NOT_NEEDED;
	} else {
		return true;
	}
	return add(tidying, row, usage);
}

static bool look_at(struct tidying *tidying, const struct list_view *view, size_t index)
{
	struct cw_cert *cert = view->list->entries[index].cert;
	size_t same = cw_list_index_find(&view->index, cert);
	struct cw_tidy_row row = {.node = view->node, .kind = view->kind, .place = index + 1, .cert = cert};
	if (same < index) {
		row.reason = CW_TIDY_DUPLICATE;
		row.other = same + 1;
	} else if (cw_cert_not_after(cert) < tidying->at && is_replaced(view, cert, tidying->at)) {
		row.reason = CW_TIDY_EXPIRED;
	} else {
		return !tidying->unused || look_at_unused(tidying, view, index);
	}
	return add(tidying, row, cw_usage_in(view->usage, view->kind, cert));
}

static bool look_at_list(struct tidying *tidying, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_usage_set *usage)
{
	struct list_view view = {
		.node = node, .kind = kind, .list = &node->stores[kind].list, .usage = usage};
	if (!cw_list_index_make(view.list, &view.index))
		return cw_error_memory(tidying->error);
	bool good = true;
	for (size_t i = 0; good && i < view.list->count; i++)
		good = look_at(tidying, &view, i);
	cw_list_index_finish(&view.index);
	return good;
}

static bool look_at_node(struct tidying *tidying, const struct cw_node *node)
{
	AUTO_USAGE_SET usage = {0};
	if (node->same_as)
		return true;
	if (!cw_usage_set_find(tidying->before, node, NULL, &usage))
		return cw_error_memory(tidying->error);
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		if (!look_at_list(tidying, node, (enum cw_store_kind)kind, &usage))
			return false;
	return true;
}

/* ---------------------------------------------------------------- proof */

/*
 * All at once; where something is worse then, the half of it and the other half, each beside what is proven already,
 * down to single entries. One that does harm costs some questions, the others none.
 */
struct proving {
	struct tidying *tidying;
	struct cw_harmless_proof *proof;
	struct cw_whatif_change *changes; /* proven; those that are tried behind them */
	size_t proven;
	struct cw_tidy_row **rows; /* that may go */
	unsigned questions;
};

static struct cw_whatif_change change_of(const struct cw_tidy_row *row)
{
	return (struct cw_whatif_change){
		.kind = CW_WHATIF_REMOVE, .node = row->node->fqdn, .store = row->kind, .cert = row->cert};
}

static bool prove_range(struct proving *proving, size_t first, size_t count)
{
	AUTO(free) char *worse = NULL;
	if (!count)
		return true;
	if (++proving->questions > QUESTIONS_MAX) {
		for (size_t i = 0; i < count; i++)
			proving->rows[first + i]->proof = CW_TIDY_UNPROVABLE;
		return true;
	}
	for (size_t i = 0; i < count; i++)
		proving->changes[proving->proven + i] = change_of(proving->rows[first + i]);
	if (!cw_harmless_proof_ask(proving->proof, proving->changes, proving->proven + count, &worse,
		    proving->tidying->error))
		return false;
	if (!worse) {
		proving->proven += count;
		return true;
	}
	if (count == 1) {
		proving->rows[first]->proof = CW_TIDY_NEEDED;
		proving->rows[first]->detail = TAKE(worse);
		return true;
	}
	return prove_range(proving, first, count / 2) &&
		prove_range(proving, first + count / 2, count - count / 2);
}

static bool prove(struct tidying *tidying)
{
	const struct cw_check_options options = {.at = tidying->at, .cache = tidying->cache};
	AUTO(cw_harmless_proof_free) struct cw_harmless_proof *proof = NULL;
	struct cw_tidy *tidy = tidying->tidy;
	AUTO(free) struct cw_whatif_change *changes = calloc(tidy->count + 1, sizeof *changes);
	AUTO(free) struct cw_tidy_row **rows = calloc(tidy->count + 1, sizeof(struct cw_tidy_row *));
	struct proving proving = {.tidying = tidying, .changes = changes, .rows = rows};
	size_t count = 0;
	if (!changes || !rows)
		return cw_error_memory(tidying->error);
	for (size_t i = 0; i < tidy->count; i++)
		if (tidy->rows[i].proof == CW_TIDY_PROVEN)
			rows[count++] = &tidy->rows[i];
	if (!count)
		return true;
	if (!cw_harmless_proof_new(tidying->deployment, &options, &proof, tidying->error))
		return false;
	proving.proof = proof;
	bool good = prove_range(&proving, 0, count);
	tidy->dates = cw_harmless_proof_dates(proof);
	return good;
}

bool cw_tidy_find(const struct cw_deployment *deployment, const struct cw_tidy_question *question,
	struct cw_tidy *ret, struct cw_error *error)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	const struct cw_check_options options = {.at = question->at, .cache = cache};
	AUTO(cw_check_free) struct cw_check *before = NULL;
	AUTO_TIDY tidy = {0};
	if (!cache)
		return cw_error_memory(error);
	if (!cw_check_run(deployment, &options, &before, error))
		return false;
	struct tidying tidying = {.deployment = deployment,
		.before = before,
		.at = question->at,
		.unused = question->unused,
		.cache = cache,
		.tidy = &tidy,
		.error = error};
	for (size_t i = 0; i < before->node_count; i++)
		if ((!question->only || before->nodes[i].node == question->only) &&
			!look_at_node(&tidying, before->nodes[i].node))
			return false;
	tidy.links = before->link_count;
	if (!prove(&tidying))
		return false;
	*ret = tidy;
	tidy = (struct cw_tidy){0};
	return true;
}
