#include "plan/remedies_parts.h"

#include "check/node_check.h"
#include "plan/reissue.h"

#include <string.h>

bool remedy_is_expressway(const struct cw_node *node)
{
	return node && (node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E);
}

static bool self_signed_leaf(const struct cw_cert *cert)
{
	return cert && cw_cert_self_issued(cert) && cw_cert_self_signed(cert) && !cw_cert_is_ca(cert);
}

/* A node whose lists are the publisher's (`same-as`) gets them from there. */
static const char *where(const struct remedy_search *at, const char *node)
{
	const struct cw_node *judge = at->complaint->judge_node;
	return judge && judge->same_as && node == judge->fqdn ? judge->same_as->fqdn : node;
}

bool remedy_change_list(const struct remedy_search *at, enum cw_action action, const char *node,
	const char *store, struct cw_cert *cert)
{
	bool append = action == CW_ACTION_APPEND;
	*at->remedy = (struct cw_remedy){
		.action = action,
		.node = where(at, node),
		.store = store,
		.cert = cert,
		.subject = at->complaint->finding.subject,
		.from = append && cert ? cw_pool_path(at->check->deployment->pool, cert) : NULL,
	};
	return true;
}

bool remedy_remove_cert(const struct remedy_search *at, struct cw_cert *cert)
{
	return remedy_change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store, cert);
}

enum cw_store_kind remedy_judged_store(const struct remedy_search *at)
{
	if (at->complaint->question)
		return at->complaint->question->store;
	for (unsigned kind = 0; at->complaint->store && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), at->complaint->store) == 0)
			return (enum cw_store_kind)kind;
	return CW_STORE_TRUSTED_CA;
}

enum cw_usage remedy_usage(const struct remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	return judge ? cw_usage_of(at->check, judge, remedy_judged_store(at), cert) : CW_USAGE_UNKNOWN;
}

bool remedy_is_in_list(const struct remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	const struct cw_trust_list *list = judge ? &judge->stores[remedy_judged_store(at)].list : NULL;
	return list && cw_trust_list_find(list, cert) < list->count;
}

/* sources F1.4: "If you are replacing existing certificates for a particular issuer and subject, you have
 * to manually delete the previous certificates". */
struct cw_cert *remedy_hiding(
	const struct cw_node *node, enum cw_store_kind store, const struct cw_cert *cert)
{
	const struct cw_trust_list *list = &node->stores[store].list;
	size_t first = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	bool other = first < list->count && !cw_cert_same(list->entries[first].cert, cert);
	return other ? list->entries[first].cert : NULL;
}

bool remedy_append(const struct remedy_search *at, struct cw_cert *cert)
{
	remedy_change_list(at, CW_ACTION_APPEND, at->complaint->judge, at->complaint->store, cert);
	if (!cert || !remedy_is_expressway(at->complaint->judge_node))
		return true;
	struct cw_cert *upper = remedy_hiding(at->complaint->judge_node, remedy_judged_store(at), cert);
	if (upper && (cw_cert_same_key(upper, cert) || remedy_usage(at, upper) != CW_USED))
		at->remedy->replaces = upper;
	return true;
}

bool remedy_append_culprit(const struct remedy_search *at)
{
	return remedy_append(at, at->complaint->finding.cert);
}

bool remedy_remove_entry(const struct remedy_search *at)
{
	return remedy_remove_cert(at, at->complaint->finding.cert);
}

/*
 * A missing intermediate. An endpoint cannot be given one: the edge box must send it, and sends what stands
 * in its own list (sources F1.3).
 */
bool remedy_issuer_missing(const struct remedy_search *at)
{
	const struct cw_node *edge = remedy_presenter(at);
	if (at->complaint->judge_node || !edge)
		return remedy_append_culprit(at);
	if (edge->sends == CW_SENDS_LEAF)
		return remedy_set(at, edge->fqdn, "sends", "auto");
	if (cw_node_sends_file(edge))
		return remedy_set(at, edge->fqdn, "certificate file", at->complaint->finding.subject);
	return remedy_change_list(at, CW_ACTION_APPEND, edge->fqdn, cw_node_store_name(CW_STORE_TRUSTED_CA),
		at->complaint->finding.cert);
}

/* A judge that stops at the first entry of a subject relies on another certificate of this one's. */
static bool namesake_is_needed(const struct remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	if (!cert || !remedy_is_expressway(judge))
		return false;
	const struct cw_trust_list *list = &judge->stores[remedy_judged_store(at)].list;
	size_t first = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	return first < list->count && !cw_cert_same_key(list->entries[first].cert, cert) &&
		remedy_usage(at, list->entries[first].cert) == CW_USED;
}

/* Does this judge ask the same box for another self-signed certificate of the same subject? */
static bool has_self_signed_sister(const struct remedy_search *at, const struct cw_cert *cert)
{
	if (!at->complaint->question || !remedy_is_expressway(at->complaint->judge_node) ||
		!self_signed_leaf(cert))
		return false;
	const struct cw_node *presenter = at->complaint->question->subject->node;
	for (size_t i = 0; i < at->check->link_count; i++) {
		for (size_t k = 0; k < at->check->links[i]->question_count; k++) {
			const struct cw_question *side = &at->check->links[i]->questions[k];
			if (side->judge->node != at->complaint->judge_node ||
				side->subject->node != presenter)
				continue;
			const struct cw_cert *other = presenter->identities[side->identity].leaf;
			if (self_signed_leaf(other) && !cw_cert_same_key(other, cert) &&
				cw_name_equal(cw_cert_subject(other), cw_cert_subject(cert)))
				return true;
		}
	}
	return false;
}

/*
 * What a first-subject list cannot hold beside what it needs already is to be signed by another CA; so are
 * self-signed tomcat and CallManager (the MRA certificates guide: "sign your CUCM certificates with a CA").
 */
bool remedy_top_missing(const struct remedy_search *at)
{
	struct cw_cert *cert = at->complaint->finding.cert;
	if (namesake_is_needed(at, cert) || has_self_signed_sister(at, cert))
		return remedy_reissue(at);
	return remedy_append(at, cert);
}

bool remedy_is_fixed(const struct cw_endpoint *endpoint)
{
	return endpoint->kind == CW_ENDPOINT_PHONE_7800 || endpoint->kind == CW_ENDPOINT_PHONE_8800;
}

/* the MRA certificates guide: the list of 7800 and 8800 phones "cannot be modified". */
bool remedy_device_list(const struct remedy_search *at)
{
	return remedy_is_fixed(at->link->client.endpoint) ? remedy_reissue(at) : remedy_append_culprit(at);
}

/*
 * Self-signed tomcat and CallManager want a CA, not a swap (rules 6). The upper entry goes where
 * nothing needs it. Where something does, the right one may stand before it only if both have one key: else a
 * swap would cut off the others, and the certificate must come from a CA of another name.
 */
bool remedy_shadowed(const struct remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	if (self_signed_leaf(finding->cert) && self_signed_leaf(finding->better))
		return remedy_reissue(at);
	enum cw_usage upper = remedy_usage(at, finding->cert);
	if (upper == CW_UNUSED)
		return remedy_remove_cert(at, finding->cert);
	if (upper == CW_USED && !cw_cert_same_key(finding->cert, finding->better))
		return remedy_reissue(at);
	remedy_change_list(
		at, CW_ACTION_MOVE_BEFORE, at->complaint->judge, at->complaint->store, finding->better);
	at->remedy->before = finding->cert;
	return true;
}

/*
 * Where the CA that really signed is known, it replaces the list's entry of its name. Where it is not known,
 * or the entry serves others, the certificate itself is to be made anew.
 */
bool remedy_signature(const struct remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	const struct cw_node *judge = at->complaint->judge_node;
	if (!judge || !finding->better || finding->place == 0)
		return remedy_reissue(at);
	struct cw_cert *wrong = judge->stores[remedy_judged_store(at)].list.entries[finding->place - 1].cert;
	return remedy_usage(at, wrong) == CW_USED ? remedy_reissue(at) : remedy_append(at, finding->better);
}

/* What a peer's list has and this one lacks comes in; what only this one has, the first peer gets. */
bool remedy_lists_differ(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (!finding->cert)
		return remedy_set(at, at->complaint->judge, "order of the trusted CA list", NULL);
	remedy_append_culprit(at);
	if (remedy_is_in_list(at, finding->cert))
		at->remedy->node = at->complaint->judge_node->group->nodes[0]->fqdn;
	return true;
}

/*
 * Of one CA's two certificates the one goes that ends first, when its end is near; of two CAs' the one that nothing
 * needs. Where both are needed, no change of the list helps.
 */
static bool remove_idle(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->better && cw_cert_same_key(finding->better, finding->cert)) {
		bool upper_first = cw_cert_not_after(finding->better) < cw_cert_not_after(finding->cert);
		struct cw_cert *first = upper_first ? finding->better : finding->cert;
		return cw_cert_not_after(first) > at->check->at + cw_node_check_warn_before(first) ||
			remedy_remove_cert(at, first);
	}
	bool lower = remedy_usage(at, finding->cert) == CW_USED;
	bool upper = finding->better && remedy_usage(at, finding->better) == CW_USED;
	if (lower && upper)
		return true;
	return remedy_remove_cert(at, lower && finding->better ? finding->better : finding->cert);
}

/* The node that presents this certificate, and as what; NULL: none. */
static const struct cw_node *presenter_of(
	const struct cw_deployment *deployment, const struct cw_cert *cert, enum cw_identity_kind *ret)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
				const struct cw_identity *identity = &node->identities[kind];
				*ret = (enum cw_identity_kind)kind;
				if (identity->state == CW_KNOWN && cw_cert_same(identity->leaf, cert))
					return node;
			}
		}
	}
	return NULL;
}

static bool is_tomcat(enum cw_identity_kind kind)
{
	return kind == CW_IDENTITY_TOMCAT || kind == CW_IDENTITY_TOMCAT_ECDSA;
}

/*
 * Two self-signed identities of one subject: a CA signs them, tomcat first, which less hangs on. One that
 * nobody presents any more just goes.
 */
bool remedy_conflict(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	const struct cw_deployment *deployment = at->check->deployment;
	enum cw_identity_kind upper_kind, kind;
	if (!self_signed_leaf(finding->cert) || !self_signed_leaf(finding->better))
		return remove_idle(at);
	const struct cw_node *upper = presenter_of(deployment, finding->better, &upper_kind);
	const struct cw_node *node = presenter_of(deployment, finding->cert, &kind);
	if (!upper || !node)
		return remove_idle(at);
	if (is_tomcat(upper_kind)) {
		node = upper;
		kind = upper_kind;
	}
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = cw_node_identity_name(kind);
	return cw_reissue_fill(deployment, node, at->remedy->store, NULL, at->remedy, at->error);
}
