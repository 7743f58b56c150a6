#include "deploy/reissue.h"
#include "deploy/remedies_parts.h"
#include "deploy/usage.h"

#include <string.h>

static bool is_expressway(const struct cw_node *node)
{
	return node && (node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E);
}

static bool self_signed_leaf(const struct cw_cert *cert)
{
	return cert && cw_cert_self_issued(cert) && cw_cert_self_signed(cert) && !cw_cert_is_ca(cert);
}

/* A node whose lists are the publisher's (`same-as`) gets them from there. */
static const char *where(const struct cw_remedy_search *at, const char *node)
{
	const struct cw_node *judge = at->complaint->judge_node;
	return judge && judge->same_as && node == judge->fqdn ? judge->same_as->fqdn : node;
}

static bool change_list(const struct cw_remedy_search *at, enum cw_action action, const char *node,
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

static bool remove_cert(const struct cw_remedy_search *at, struct cw_cert *cert)
{
	return change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store, cert);
}

static enum cw_store_kind judged_store(const struct cw_remedy_search *at)
{
	if (at->complaint->side)
		return at->complaint->side->store;
	for (unsigned kind = 0; at->complaint->store && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_store_name((enum cw_store_kind)kind), at->complaint->store) == 0)
			return (enum cw_store_kind)kind;
	return CW_STORE_TRUSTED_CA;
}

static enum cw_usage usage(const struct cw_remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	return judge ? cw_usage_of(at->check, judge, judged_store(at), cert) : CW_USAGE_UNKNOWN;
}

/* domain.md §1.4: "If you are replacing existing certificates for a particular issuer and subject, you have
 * to manually delete the previous certificates". */
static struct cw_cert *hiding(
	const struct cw_node *node, enum cw_store_kind store, const struct cw_cert *cert)
{
	const struct cw_trust_list *list = &node->stores[store].list;
	size_t first = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	bool other = first < list->count && !cw_cert_same(list->entries[first].cert, cert);
	return other ? list->entries[first].cert : NULL;
}

static bool append(const struct cw_remedy_search *at, struct cw_cert *cert)
{
	change_list(at, CW_ACTION_APPEND, at->complaint->judge, at->complaint->store, cert);
	if (!cert || !is_expressway(at->complaint->judge_node))
		return true;
	struct cw_cert *upper = hiding(at->complaint->judge_node, judged_store(at), cert);
	if (upper && (cw_cert_same_key(upper, cert) || usage(at, upper) != CW_USED))
		at->remedy->replaces = upper;
	return true;
}

bool cw_remedy_append_culprit(const struct cw_remedy_search *at)
{
	return append(at, at->complaint->finding.cert);
}

bool cw_remedy_remove_entry(const struct cw_remedy_search *at)
{
	return remove_cert(at, at->complaint->finding.cert);
}

/*
 * A missing intermediate. An endpoint cannot be given one: the edge box must send it, and sends what stands
 * in its own list (domain.md §1.3).
 */
bool cw_remedy_issuer_missing(const struct cw_remedy_search *at)
{
	const struct cw_node *edge = cw_remedy_presenter(at);
	if (at->complaint->judge_node || !edge)
		return cw_remedy_append_culprit(at);
	if (edge->sends_leaf_only)
		return cw_remedy_set(at, edge->fqdn, "sends", "auto");
	return change_list(at, CW_ACTION_APPEND, edge->fqdn, cw_store_name(CW_STORE_TRUSTED_CA),
		at->complaint->finding.cert);
}

/* A judge that stops at the first entry of a subject relies on another certificate of this one's. */
static bool namesake_is_needed(const struct cw_remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	if (!cert || !is_expressway(judge))
		return false;
	const struct cw_trust_list *list = &judge->stores[judged_store(at)].list;
	size_t first = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	return first < list->count && !cw_cert_same_key(list->entries[first].cert, cert) &&
		usage(at, list->entries[first].cert) == CW_USED;
}

/* Does this judge ask the same box for another self-signed certificate of the same subject? */
static bool has_self_signed_sister(const struct cw_remedy_search *at, const struct cw_cert *cert)
{
	if (!at->complaint->side || !is_expressway(at->complaint->judge_node) || !self_signed_leaf(cert))
		return false;
	const struct cw_node *presenter = at->complaint->side->subject->node;
	for (size_t i = 0; i < at->check->link_count; i++) {
		for (size_t k = 0; k < at->check->links[i]->side_count; k++) {
			const struct cw_side *side = &at->check->links[i]->sides[k];
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
 * self-signed tomcat and CallManager (seed 000: "sign your CUCM certificates with a CA").
 */
bool cw_remedy_top_missing(const struct cw_remedy_search *at)
{
	struct cw_cert *cert = at->complaint->finding.cert;
	if (namesake_is_needed(at, cert) || has_self_signed_sister(at, cert))
		return cw_remedy_reissue(at);
	return append(at, cert);
}

static bool is_fixed(const struct cw_endpoint *endpoint)
{
	return endpoint->kind == CW_ENDPOINT_PHONE_7800 || endpoint->kind == CW_ENDPOINT_PHONE_8800;
}

/* seed 000: the list of 7800 and 8800 phones "cannot be modified". */
bool cw_remedy_device_list(const struct cw_remedy_search *at)
{
	return is_fixed(at->link->client.endpoint) ? cw_remedy_reissue(at) : cw_remedy_append_culprit(at);
}

/*
 * Self-signed tomcat and CallManager want a CA, not a swap (design.md §5 rule 6). The upper entry goes where
 * nothing needs it. Where something does, the right one may stand before it only if both have one key: else a
 * swap would cut off the others, and the certificate must come from a CA of another name.
 */
bool cw_remedy_shadowed(const struct cw_remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	if (self_signed_leaf(finding->cert) && self_signed_leaf(finding->better))
		return cw_remedy_reissue(at);
	enum cw_usage upper = usage(at, finding->cert);
	if (upper == CW_UNUSED)
		return remove_cert(at, finding->cert);
	if (upper == CW_USED && !cw_cert_same_key(finding->cert, finding->better))
		return cw_remedy_reissue(at);
	change_list(at, CW_ACTION_MOVE_BEFORE, at->complaint->judge, at->complaint->store, finding->better);
	at->remedy->before = finding->cert;
	return true;
}

/*
 * Where the CA that really signed is known, it replaces the list's entry of its name. Where it is not known,
 * or the entry serves others, the certificate itself is to be made anew.
 */
bool cw_remedy_signature(const struct cw_remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	const struct cw_node *judge = at->complaint->judge_node;
	if (!judge || !finding->better || finding->place == 0)
		return cw_remedy_reissue(at);
	struct cw_cert *wrong = judge->stores[judged_store(at)].list.entries[finding->place - 1].cert;
	return usage(at, wrong) == CW_USED ? cw_remedy_reissue(at) : append(at, finding->better);
}

/* The same CA with the same key and a date that will do, where a file of the deployment holds it. */
static struct cw_cert *successor(const struct cw_remedy_search *at, const struct cw_cert *old)
{
	const void *after = NULL;
	struct cw_cert *cert;
	while (old && (cert = cw_pool_next(at->check->deployment->pool, cw_cert_subject(old), &after)))
		if (cw_cert_same_key(cert, old) && cw_cert_not_before(cert) <= at->check->at &&
			cw_cert_not_after(cert) > cw_cert_not_after(old) &&
			cw_cert_not_after(cert) >= at->check->at)
			return cert;
	return NULL;
}

/* An endpoint's chain comes from the edge box, but for the root, which stands in the endpoint's own list. */
static bool dates_at_endpoint(const struct cw_remedy_search *at, struct cw_cert *next)
{
	struct cw_cert *old = at->complaint->finding.cert;
	const struct cw_endpoint *endpoint = at->link->client.endpoint;
	const struct cw_node *edge = cw_remedy_presenter(at);
	if (cw_trust_list_find(&endpoint->trust.list, old) < endpoint->trust.list.count)
		return is_fixed(endpoint) ? cw_remedy_reissue(at) : append(at, next);
	const struct cw_trust_list *sent = &edge->stores[CW_STORE_TRUSTED_CA].list;
	bool held = next && cw_trust_list_find(sent, next) < sent->count;
	change_list(at, held ? CW_ACTION_REMOVE : CW_ACTION_APPEND, edge->fqdn,
		cw_store_name(CW_STORE_TRUSTED_CA), held ? old : next);
	if (!held && next && is_expressway(edge))
		at->remedy->replaces = hiding(edge, CW_STORE_TRUSTED_CA, next);
	return true;
}

/* An expired CA certificate wants its successor; a leaf is made anew. */
bool cw_remedy_dates(const struct cw_remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->depth == 0 && (at->link || finding->place == 0))
		return cw_remedy_reissue(at);
	struct cw_cert *next = successor(at, finding->cert);
	return at->link && at->link->client.endpoint ? dates_at_endpoint(at, next) : append(at, next);
}

/* An expired entry that is still needed goes only when its successor is in the list. */
bool cw_remedy_entry_expired(const struct cw_remedy_search *at)
{
	struct cw_cert *old = at->complaint->finding.cert;
	const struct cw_trust_list *list = &at->complaint->judge_node->stores[judged_store(at)].list;
	if (usage(at, old) != CW_USED)
		return remove_cert(at, old);
	struct cw_cert *next = successor(at, old);
	return next && cw_trust_list_find(list, next) < list->count ? remove_cert(at, old) : append(at, next);
}

/* What a peer's list has and this one lacks comes in; what only this one has goes. */
bool cw_remedy_lists_differ(const struct cw_remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (!finding->cert)
		return cw_remedy_set(at, at->complaint->judge, "order of the trusted CA list", NULL);
	return finding->place ? cw_remedy_remove_entry(at) : cw_remedy_append_culprit(at);
}

/*
 * The one of two that nothing needs goes, and of one CA's two certificates the one that has expired; where
 * both are needed, no change of the list helps.
 */
static bool remove_idle(const struct cw_remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->better && cw_cert_same_key(finding->better, finding->cert) &&
		cw_cert_not_after(finding->better) < at->check->at)
		return remove_cert(at, finding->better);
	bool lower = usage(at, finding->cert) == CW_USED;
	bool upper = finding->better && usage(at, finding->better) == CW_USED;
	if (lower && upper)
		return true;
	return remove_cert(at, lower && finding->better ? finding->better : finding->cert);
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
bool cw_remedy_conflict(const struct cw_remedy_search *at)
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
	at->remedy->store = cw_identity_name(kind);
	return cw_reissue_fill(deployment, node, at->remedy->store, NULL, at->remedy, at->error);
}
