#include "workbench/consequences.h"

#include "check/check.h"
#include "plan/remedies.h"

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

static const struct cw_link *find_link(const struct cw_check *check, const char *id)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (strcmp(check->links[i]->id, id) == 0)
			return check->links[i];
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has_complaint(const struct cw_complaints *complaints, const struct cw_complaint *wanted)
{
	for (size_t i = 0; complaints && i < complaints->count; i++) {
		const struct cw_complaint *complaint = &complaints->items[i];
		if (complaint->finding.code == wanted->finding.code &&
			same_text(complaint->judge, wanted->judge) &&
			same_text(complaint->store, wanted->store) &&
			same_text(complaint->finding.name, wanted->finding.name) &&
			same_text(complaint->finding.subject, wanted->finding.subject))
			return true;
	}
	return false;
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

static bool compare(const struct cw_check *before, const struct cw_check *after, struct cw_consequences *told,
	struct cw_error *error)
{
	for (size_t i = 0; i < after->link_count; i++) {
		const struct cw_link *link = after->links[i];
		const struct cw_link *former = find_link(before, link->id);
		enum cw_verdict was = former ? former->verdict : CW_VERDICT_PASS;
		told->worse += link->verdict > was && link->verdict != CW_VERDICT_UNKNOWN;
		told->better += link->verdict < was;
		for (size_t k = 0; k < link->complaints.count; k++) {
			const struct cw_complaint *complaint = &link->complaints.items[k];
			if (complaint->finding.severity < CW_SEVERITY_WARN ||
				complaint->finding.code == CW_TRAVERSAL_REFUSED ||
				has_complaint(former ? &former->complaints : NULL, complaint))
				continue;
			if (!add(told, cw_link_kind_name(link->kind), complaint, error))
				return false;
		}
	}
	return true;
}

/* The node's own list: the Expressway troubleshooting guide "the server must trust all CA certificates in the chain". */
static bool compare_node(const struct cw_check *before, const struct cw_check *after,
	const struct cw_node *node, struct cw_consequences *told, struct cw_error *error)
{
	for (size_t i = 0; i < after->node_count; i++) {
		const struct cw_complaints *complaints = &after->nodes[i].complaints;
		for (size_t k = 0; after->nodes[i].node == node && k < complaints->count; k++)
			if (cw_check_code_is_about_list(complaints->items[k].finding.code) &&
				!has_complaint(&before->nodes[i].complaints, &complaints->items[k]) &&
				!add(told, "own list", &complaints->items[k], error))
				return false;
	}
	return true;
}

bool cw_consequences_find(struct cw_deployment *deployment, const struct cw_consequences_change *change,
	cw_time at, struct cw_consequences *ret, struct cw_error *error)
{
	const struct cw_check_options options = {.at = at};
	AUTO(cw_check_free) struct cw_check *before = NULL;
	AUTO(cw_check_free) struct cw_check *after = NULL;
	AUTO_CONSEQUENCES told = {0};
	struct cw_identity *identity =
		&cw_deployment_node(deployment, change->node->fqdn)->identities[change->kind];
	if (!cw_remedies_check(deployment, &options, &before, error))
		return false;
	const struct cw_identity former = *identity;
	identity->state = CW_KNOWN;
	identity->leaf = change->leaf;
	identity->format = CW_FORMAT_PEM;
	identity->others = NULL;
	identity->extra = 0;
	identity->leaf_number = 1;
	identity->key = CW_KEY_NOT_GIVEN;
	bool good = cw_remedies_check(deployment, &options, &after, error) &&
		compare_node(before, after, change->node, &told, error) &&
		compare(before, after, &told, error);
	*identity = former;
	if (!good)
		return false;
	*ret = told;
	told = (struct cw_consequences){0};
	return true;
}
