#include "workbench/list/tidy.h"

#include "check/usage.h"

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
	struct cw_deployment *deployment;
	const struct cw_check *before;
	cw_time at;
	struct cw_tidy *tidy;
	struct cw_error *error;
};

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

/* The entry is what a shadowed chain ought to find: rule 4 of design.md §5 names it. */
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

static bool look_at(
	struct tidying *tidying, const struct cw_node *node, enum cw_store_kind kind, size_t index)
{
	const struct cw_trust_list *list = &node->stores[kind].list;
	struct cw_cert *cert = list->entries[index].cert;
	size_t same = cw_trust_list_find(list, cert),
	       upper = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	enum cw_usage usage = cw_usage_of(tidying->before, node, kind, cert);
	struct cw_tidy_row row = {.node = node, .kind = kind, .place = index + 1, .cert = cert};
	if (same < index) {
		row.reason = CW_TIDY_DUPLICATE;
		row.other = same + 1;
	} else if (upper < index && is_expressway(node)) {
		row.reason = CW_TIDY_SHADOWED;
		row.other = upper + 1;
	} else if (cw_cert_not_after(cert) < tidying->at) {
		row.reason = CW_TIDY_EXPIRED;
	} else if (usage == CW_UNUSED) {
		row.reason = CW_TIDY_NOT_NEEDED;
	} else {
		return true;
	}
	return add(tidying, row, usage);
}

static bool look_at_node(struct tidying *tidying, const struct cw_node *node)
{
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT && !node->same_as; kind++)
		for (size_t i = 0; i < node->stores[kind].list.count; i++)
			if (!look_at(tidying, node, (enum cw_store_kind)kind, i))
				return false;
	return true;
}

/* Lists with entries left out, in place of the deployment's own: those of a node and of its same-as copies.
 */
static void leave_out(struct cw_trust_list *list, size_t index)
{
	memmove(list->entries + index, list->entries + index + 1,
		(list->count - index - 1) * sizeof *list->entries);
	list->count--;
}

struct kept_list {
	struct cw_trust_list *list;
	struct cw_trust_entry *entries; /* a copy of the array */
	size_t count;
};

static bool keep_list(struct cw_trust_list *list, struct kept_list *ret, struct cw_error *error)
{
	ret->list = list;
	ret->count = list->count;
	ret->entries = calloc(list->count + 1, sizeof *ret->entries);
	if (!ret->entries)
		return cw_error_memory(error);
	if (list->count)
		memcpy(ret->entries, list->entries, list->count * sizeof *ret->entries);
	return true;
}

static void restore_list(struct kept_list *kept)
{
	if (!kept->entries)
		return;
	if (kept->count)
		memcpy(kept->list->entries, kept->entries, kept->count * sizeof *kept->entries);
	kept->list->count = kept->count;
	free(kept->entries);
	kept->entries = NULL;
}

static size_t refused_findings(const struct cw_node_result *result)
{
	size_t refused = 0;
	for (size_t i = 0; i < result->complaints.count; i++)
		refused += result->complaints.items[i].finding.severity == CW_SEVERITY_REFUSED;
	return refused;
}

/* The first difference between the two judgements, as a sentence; NULL: none. False: no memory. */
static bool differs(const struct cw_check *before, const struct cw_check *after, char **ret)
{
	AUTO_BUFFER text = {0};
	*ret = NULL;
	for (size_t i = 0; i < before->link_count && !text.length; i++)
		if (before->links[i]->verdict != after->links[i]->verdict)
			cw_buffer_printf(&text, "%s would be %s, is %s", before->links[i]->id,
				cw_finding_verdict_name(after->links[i]->verdict),
				cw_finding_verdict_name(before->links[i]->verdict));
	for (size_t i = 0; i < before->node_count && !text.length; i++)
		if (refused_findings(&after->nodes[i]) > refused_findings(&before->nodes[i]))
			cw_buffer_printf(
				&text, "%s needs it for its own certificate", before->nodes[i].node->fqdn);
	if (text.length)
		*ret = cw_buffer_steal(&text);
	return !text.failed && (!text.length || *ret);
}

static bool judge(const struct tidying *tidying, char **ret)
{
	const struct cw_check_options options = {.at = tidying->at};
	AUTO(cw_check_free) struct cw_check *after = NULL;
	return cw_check_run(tidying->deployment, &options, &after, tidying->error) &&
		(differs(tidying->before, after, ret) || cw_error_memory(tidying->error));
}

static struct cw_trust_list *list_of(const struct tidying *tidying, const struct cw_tidy_row *row)
{
	return &cw_deployment_node(tidying->deployment, row->node->fqdn)->stores[row->kind].list;
}

/* From the last row to the first, so that the places of those above stay what they are. */
static bool try_row(struct tidying *tidying, struct cw_tidy_row *row)
{
	struct kept_list kept = {0};
	struct cw_trust_list *list = list_of(tidying, row);
	if (!keep_list(list, &kept, tidying->error))
		return false;
	leave_out(list, row->place - 1);
	bool good = judge(tidying, &row->detail);
	if (!good || row->detail) {
		restore_list(&kept);
		row->proof = good ? CW_TIDY_NEEDED : row->proof;
	}
	free(kept.entries);
	return good;
}

/* Every list of the boxes is put back afterwards, whatever happened. */
static bool prove(struct tidying *tidying)
{
	struct cw_tidy *tidy = tidying->tidy;
	AUTO(free) struct kept_list *kept = calloc(tidy->count + 1, sizeof *kept);
	size_t kept_count = 0;
	bool good = kept || cw_error_memory(tidying->error);
	for (size_t i = 0; good && i < tidy->count; i++) {
		struct cw_trust_list *list = list_of(tidying, &tidy->rows[i]);
		if (!kept_count || kept[kept_count - 1].list != list)
			good = keep_list(list, &kept[kept_count++], tidying->error);
	}
	for (size_t i = tidy->count; good && i-- > 0;)
		if (tidy->rows[i].proof == CW_TIDY_PROVEN)
			good = try_row(tidying, &tidy->rows[i]);
	for (size_t i = 0; kept && i < kept_count; i++)
		restore_list(&kept[i]);
	return good;
}

bool cw_tidy_find(struct cw_deployment *deployment, const struct cw_node *only, cw_time at,
	struct cw_tidy *ret, struct cw_error *error)
{
	const struct cw_check_options options = {.at = at};
	AUTO(cw_check_free) struct cw_check *before = NULL;
	AUTO_TIDY tidy = {0};
	if (!cw_check_run(deployment, &options, &before, error))
		return false;
	struct tidying tidying = {deployment, before, at, &tidy, error};
	for (size_t i = 0; i < before->node_count; i++)
		if ((!only || before->nodes[i].node == only) &&
			!look_at_node(&tidying, before->nodes[i].node))
			return false;
	tidy.links = before->link_count;
	if (!prove(&tidying))
		return false;
	*ret = tidy;
	tidy = (struct cw_tidy){0};
	return true;
}
