#include "plan/horizon.h"

#include "plan/compare.h"
#include "plan/dates.h"
#include "plan/remedies.h"

#include <string.h>

static void break_finish(struct cw_horizon_break *found)
{
	for (size_t i = 0; i < found->cause_count; i++) {
		cw_cert_free(found->causes[i].cert);
		free(found->causes[i].subject);
	}
	free(found->causes);
	free(found->services);
	cw_strings_finish(&found->links);
}

void cw_horizon_finish(struct cw_horizon *horizon)
{
	for (size_t i = 0; i < horizon->count; i++)
		break_finish(&horizon->breaks[i]);
	free(horizon->breaks);
	*horizon = (struct cw_horizon){0};
}

static bool told_already(
	const struct cw_horizon_break *found, const char *node, const char *store, const char *subject)
{
	for (size_t i = 0; i < found->cause_count; i++)
		if (strcmp(found->causes[i].node, node) == 0 && strcmp(found->causes[i].store, store) == 0 &&
			strcmp(found->causes[i].subject, subject) == 0)
			return true;
	return false;
}

/* Whose it is: a leaf belongs to who presents it, a CA stands in the judge's list, a CRL on the judge. */
static bool add_cause(struct cw_horizon_break *found, const struct cw_complaint *complaint)
{
	const struct cw_finding *finding = &complaint->finding;
	bool crl = finding->code == CW_CRL_EXPIRED;
	bool leaf = !crl && finding->depth == 0 && complaint->question;
	const char *node = leaf ? complaint->question->subject->name : complaint->judge;
	const char *store = complaint->store;
	if (crl)
		store = "crl";
	else if (leaf)
		store = cw_node_identity_name(complaint->question->identity);
	const char *subject = crl ? finding->name : finding->subject;
	if (!subject || !store || told_already(found, node, store, subject))
		return true;
	if (!cw_memory_grow(
		    &found->causes, &found->cause_capacity, found->cause_count, sizeof *found->causes))
		return false;
	char *copy = strdup(subject);
	if (!copy)
		return false;
	found->causes[found->cause_count++] =
		(struct cw_horizon_cause){crl ? NULL : cw_cert_ref(finding->cert), copy, node, store};
	return true;
}

static bool add_causes(struct cw_horizon_break *found, const struct cw_link *link)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		const struct cw_finding *finding = &complaint->finding;
		bool ended = finding->code == CW_EXPIRED && cw_cert_not_after(finding->cert) + 1 == found->at;
		if ((ended || finding->code == CW_CRL_EXPIRED) && !add_cause(found, complaint))
			return false;
	}
	return true;
}

static bool add_service(const struct cw_compare_row *row, struct cw_horizon_break *found)
{
	if (!cw_memory_grow(&found->services, &found->service_capacity, found->service_count,
		    sizeof *found->services))
		return false;
	found->services[found->service_count++] = (struct cw_horizon_service){row->service_after->endpoint,
		row->service_after->domain, row->service_before->state, row->service_after->state};
	return true;
}

/* Of one deployment at two times nothing is new and nothing gone. */
static bool add_row(const struct cw_compare_row *row, struct cw_horizon_break *found)
{
	if (row->change != CW_COMPARE_WORSE)
		return true;
	switch (row->kind) {
	case CW_COMPARE_LINK:
		return cw_strings_add(&found->links, row->id) && add_causes(found, row->link_after);
	case CW_COMPARE_SERVICE:
		return add_service(row, found);
	case CW_COMPARE_NODE:
		break;
	}
	return true;
}

static bool compare(const struct cw_check *before, const struct cw_check *after, struct cw_horizon *horizon,
	struct cw_error *error)
{
	AUTO_COMPARE changes = {0};
	if (!cw_compare_checks(before, after, &changes, error))
		return false;
	if (!cw_memory_grow(&horizon->breaks, &horizon->capacity, horizon->count, sizeof *horizon->breaks))
		return cw_error_memory(error);
	struct cw_horizon_break *found = &horizon->breaks[horizon->count++];
	*found = (struct cw_horizon_break){.at = after->at};
	for (size_t i = 0; i < changes.count; i++)
		if (!add_row(&changes.rows[i], found))
			return cw_error_memory(error);
	if (found->links.count == 0 && found->service_count == 0) {
		break_finish(found);
		horizon->count--;
	}
	return true;
}

bool cw_horizon_find(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_horizon *ret, struct cw_error *error)
{
	AUTO_DATES dates = {0};
	AUTO_HORIZON horizon = {.at = options->at};
	AUTO(cw_check_free) struct cw_check *before = NULL;
	struct cw_check_options at = *options;
	if (!cw_dates_find(deployment, options->at, INT64_MAX, &dates))
		return cw_error_memory(error);
	if (!cw_remedies_check(deployment, &at, &before, error))
		return false;
	horizon.refused_now = before->verdicts[CW_VERDICT_REFUSED];
	horizon.cut = dates.count > CW_HORIZON_DATES_MAX;
	for (size_t i = 0; i < dates.count && i < CW_HORIZON_DATES_MAX; i++) {
		AUTO(cw_check_free) struct cw_check *after = NULL;
		at.at = dates.items[i];
		if (!cw_remedies_check(deployment, &at, &after, error))
			return false;
		if (!compare(before, after, &horizon, error))
			return false;
		struct cw_check *older = before;
		before = after;
		after = older;
	}
	*ret = horizon;
	horizon = (struct cw_horizon){0};
	return true;
}
