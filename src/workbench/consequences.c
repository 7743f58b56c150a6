#include "workbench/consequences.h"

#include "check/check.h"
#include "plan/compare.h"
#include "plan/remedies.h"
#include "plan/whatif.h"

#include <string.h>

void cw_consequences_finish(struct cw_consequences *consequences)
{
	for (size_t i = 0; i < consequences->count; i++) {
		cw_cert_free(consequences->items[i].missing);
		free(consequences->items[i].missing_subject);
		free(consequences->items[i].from);
		free(consequences->items[i].detail);
	}
	free(consequences->items);
	*consequences = (struct cw_consequences){0};
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* One certificate that one list lacks is told once, however many links miss it. */
static bool told_already(const struct cw_consequences *told, const struct cw_complaint *complaint)
{
	for (size_t i = 0; i < told->count; i++)
		if (told->items[i].code == complaint->finding.code &&
			same_text(told->items[i].judge, complaint->judge) &&
			same_text(told->items[i].store, complaint->store) &&
			same_text(told->items[i].missing_subject, complaint->finding.subject))
			return true;
	return false;
}

static char *copy(const char *text, bool *failed)
{
	char *copied = text ? strdup(text) : NULL;
	*failed |= text && !copied;
	return copied;
}

static bool add(struct cw_consequences *told, const char *kind, const struct cw_complaint *complaint,
	struct cw_error *error)
{
	bool failed = false;
	if (told_already(told, complaint))
		return true;
	if (!cw_memory_grow(&told->items, &told->capacity, told->count, sizeof *told->items))
		return cw_error_memory(error);
	bool append = complaint->remedy.action == CW_ACTION_APPEND;
	struct cw_consequence *added = &told->items[told->count++];
	*added = (struct cw_consequence){
		.judge = complaint->judge,
		.store = complaint->store,
		.judge_node = complaint->judge_node,
		.lacks = cw_check_code_is_about_list(complaint->finding.code),
		.link_kind = kind,
		.missing_subject = copy(complaint->finding.subject, &failed),
		.code = complaint->finding.code,
		.severity = complaint->finding.severity,
		.detail = copy(complaint->finding.detail, &failed),
	};
	if (append && complaint->remedy.cert)
		added->missing = cw_cert_ref(complaint->remedy.cert);
	if (append)
		added->from = copy(complaint->remedy.from, &failed);
	return failed ? cw_error_memory(error) : true;
}

/* What is judged, and of whom. */
struct telling {
	const struct cw_deployment *deployment;
	const struct cw_consequences_change *change;
	const struct cw_check *before, *after;
	struct cw_consequences *told;
	struct cw_error *error;
};

static bool is_about(const struct telling *telling, const struct cw_question *question)
{
	return question && question->identity == telling->change->kind && question->subject->node &&
		strcmp(question->subject->node->fqdn, telling->change->node->fqdn) == 0;
}

static bool shows_it(const struct telling *telling, const struct cw_link *link)
{
	for (size_t i = 0; i < link->question_count; i++)
		if (is_about(telling, &link->questions[i]))
			return true;
	return false;
}

/* Where it is installed already, everything that is said of it is news. */
static bool is_new(
	const struct telling *telling, const struct cw_complaint *complaint, const struct cw_link *former)
{
	if (complaint->finding.severity < CW_SEVERITY_WARN || complaint->finding.code == CW_TRAVERSAL_REFUSED)
		return false;
	if (telling->told->installed)
		return is_about(telling, complaint->question);
	return !cw_compare_has_reason(former ? &former->complaints : NULL, complaint);
}

static bool tell_links(const struct telling *telling)
{
	struct cw_consequences *told = telling->told;
	for (size_t i = 0; i < telling->after->link_count; i++) {
		const struct cw_link *link = telling->after->links[i];
		const struct cw_link *former = cw_compare_find_link(telling->before, link->id, i);
		enum cw_verdict was = former ? former->verdict : CW_VERDICT_PASS;
		bool refused = link->verdict == CW_VERDICT_REFUSED && shows_it(telling, link);
		told->refused += refused;
		told->worse += told->installed ? refused
					       : link->verdict > was && link->verdict != CW_VERDICT_UNKNOWN;
		told->better += link->verdict < was;
		for (size_t k = 0; k < link->complaints.count; k++)
			if (is_new(telling, &link->complaints.items[k], former) &&
				!add(told, cw_link_kind_name(link->kind), &link->complaints.items[k],
					telling->error))
				return false;
	}
	return true;
}

/* The node's own list: the Expressway troubleshooting guide "the server must trust all CA certificates in the chain". */
static bool tell_node(const struct telling *telling)
{
	for (size_t i = 0; i < telling->after->node_count; i++) {
		const struct cw_node_result *result = &telling->after->nodes[i];
		const struct cw_complaints *former = &telling->before->nodes[i].complaints;
		bool own = strcmp(result->node->fqdn, telling->change->node->fqdn) == 0;
		for (size_t k = 0; own && k < result->complaints.count; k++) {
			const struct cw_complaint *complaint = &result->complaints.items[k];
			bool news = telling->told->installed || !cw_compare_has_reason(former, complaint);
			if (cw_check_code_is_about_list(complaint->finding.code) && news &&
				!add(telling->told, "own list", complaint, telling->error))
				return false;
		}
	}
	return true;
}

/* The model that was changed goes: boxes are told of as they are in the deployment. */
static void name_boxes(const struct telling *telling)
{
	for (size_t i = 0; i < telling->told->count; i++) {
		struct cw_consequence *item = &telling->told->items[i];
		if (item->judge_node)
			item->judge_node = cw_deployment_node(telling->deployment, item->judge);
	}
}

bool cw_consequences_find(const struct cw_deployment *deployment, const struct cw_consequences_change *change,
	cw_time at, struct cw_consequences *ret, struct cw_error *error)
{
	const struct cw_check_options options = {.at = at};
	AUTO(cw_whatif_free) struct cw_whatif *whatif = NULL;
	AUTO(cw_check_free) struct cw_check *before = NULL;
	AUTO(cw_check_free) struct cw_check *after = NULL;
	AUTO_CONSEQUENCES told = {0};
	const struct cw_identity *identity =
		&cw_deployment_node(deployment, change->node->fqdn)->identities[change->kind];
	const struct cw_whatif_change laid = {.kind = CW_WHATIF_IDENTITY,
		.node = change->node->fqdn,
		.identity = change->kind,
		.cert = change->leaf};
	if (!cw_remedies_check(deployment, &options, &before, error) ||
		!cw_whatif_new(deployment, &whatif, error) || !cw_whatif_apply(whatif, &laid, error) ||
		!cw_whatif_check_beside(whatif, before, &options, &after, error) ||
		!cw_remedies_find(after, NULL, error))
		return false;
	told.installed = identity->state == CW_KNOWN && cw_cert_same(identity->leaf, change->leaf);
	const struct telling telling = {deployment, change, before, after, &told, error};
	if (!tell_node(&telling) || !tell_links(&telling))
		return false;
	name_boxes(&telling);
	*ret = told;
	told = (struct cw_consequences){0};
	return true;
}
