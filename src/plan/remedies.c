#include "plan/remedies.h"

#include "check/check.h"
#include "check/node_check.h"
#include "check/usage.h"
#include "model/required_names.h"
#include "plan/reissue.h"
#include "trust/issuers.h"
#include "trust/names.h"

#include <string.h>
#include <strings.h>

/* One complaint whose remedy is looked for. */
struct remedy_search {
	const struct cw_check *check;
	const struct cw_link *link; /* NULL: a node's own complaint */
	struct cw_complaint *complaint;
	struct cw_remedy *remedy; /* of the complaint, to be filled */
	struct cw_error *error;
};

static const struct cw_node *remedy_presenter(const struct remedy_search *at)
{
	if (!at->link)
		return at->complaint->judge_node;
	return at->complaint->question ? at->complaint->question->subject->node : at->link->server.node;
}

/* From X15.5 on what an Expressway shows as a client is a certificate of its own; the server's stays as it is. */
static bool is_of_client_store(const struct remedy_search *at)
{
	const struct cw_question *question = at->complaint->question;
	const struct cw_node *node = question ? question->subject->node : NULL;
	return at->complaint->finding.code == CW_CLIENT_AUTH_MISSING && question && !question->by_client &&
		cw_node_is_expressway(node) && cw_release_row(node->group->release)->client_store;
}

static const char *presented_identity(const struct remedy_search *at)
{
	if (is_of_client_store(at))
		return cw_node_identity_name(CW_IDENTITY_CLIENT);
	if (at->complaint->question)
		return cw_node_identity_name(at->complaint->question->identity);
	for (unsigned kind = 0; at->complaint->store && kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)kind), at->complaint->store) == 0)
			return at->complaint->store;
	return cw_node_identity_name(CW_IDENTITY_SERVER); /* the store is a list: the box's own chain */
}

static bool remedy_set(
	const struct remedy_search *at, const char *node, const char *setting, const char *value)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_SET, .node = node, .setting = setting};
	if (value && !(at->remedy->value = strdup(value)))
		return cw_error_memory(at->error);
	return true;
}

/* A multi-server certificate has one request and one upload, on the publisher, which hands it to the others. */
static const struct cw_node *uploader(const struct cw_node *node, const char *identity)
{
	bool shares = node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP;
	for (unsigned kind = 0; shares && kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *own = &node->identities[kind];
		if (own->state != CW_KNOWN ||
			strcmp(cw_node_identity_name((enum cw_identity_kind)kind), identity) != 0)
			continue;
		for (size_t i = 0; i < node->group->count; i++) {
			const struct cw_node *other = node->group->nodes[i];
			bool same = other->identities[kind].state == CW_KNOWN &&
				cw_cert_same(other->identities[kind].leaf, own->leaf);
			if (same && (other->publisher || node->kind == CW_NODE_IMP))
				return other;
		}
	}
	return node;
}

static bool remedy_reissue(const struct remedy_search *at)
{
	const struct cw_node *node = remedy_presenter(at);
	if (!node)
		return true;
	node = uploader(node, presented_identity(at));
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = presented_identity(at);
	const char *wanted = at->complaint->finding.name;
	return cw_reissue_fill(at->check->deployment, node, at->remedy->store, wanted, at->remedy, at->error);
}

static bool install(const struct remedy_search *at, const char *store)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_INSTALL,
		.node = at->complaint->judge,
		.store = store,
		.subject = at->complaint->finding.name ? at->complaint->finding.name
						       : at->complaint->finding.subject};
	return true;
}

static bool name_is_in_certificate(const struct remedy_search *at, const char *name)
{
	const struct cw_question *side = at->complaint->question;
	const struct cw_cert *leaf = side ? side->subject->node->identities[side->identity].leaf : NULL;
	return leaf && name &&
		cw_name_found(cw_name_find(leaf, name, (struct cw_name_rule){.san_is_cut = true}));
}

/* the Expressway troubleshooting guide: the peer address must match a name of the certificate: type another address, or re-issue with
 * this one. */
static bool remedy_peer_name(const struct remedy_search *at)
{
	const struct cw_node *server = at->link->server.node;
	bool typed = at->link->kind == CW_LINK_TRAVERSAL || at->link->kind == CW_LINK_TUNNEL ||
		at->link->kind == CW_LINK_TOMCAT || at->link->kind == CW_LINK_TFTP ||
		at->link->kind == CW_LINK_SIP_OAUTH;
	if (typed && name_is_in_certificate(at, server->fqdn))
		return remedy_set(at, at->link->client.name,
			at->link->zone ? "peer address" : "server address", server->fqdn);
	return remedy_reissue(at);
}

static bool remedy_verify_name(const struct remedy_search *at)
{
	const struct cw_group *c = at->link->zone->c;
	const char *better = c->cluster ? c->cluster : at->link->client.name;
	if (name_is_in_certificate(at, better))
		return remedy_set(at, at->link->server.name, "tls-verify-name", better);
	return remedy_reissue(at);
}

static bool is_expressway(const struct cw_node *node)
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

static bool change_list(const struct remedy_search *at, enum cw_action action, const char *node,
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

static bool remove_cert(const struct remedy_search *at, struct cw_cert *cert)
{
	return change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store, cert);
}

static enum cw_store_kind judged_store(const struct remedy_search *at)
{
	if (at->complaint->question)
		return at->complaint->question->store;
	for (unsigned kind = 0; at->complaint->store && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), at->complaint->store) == 0)
			return (enum cw_store_kind)kind;
	return CW_STORE_TRUSTED_CA;
}

static enum cw_usage usage(const struct remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	return judge ? cw_usage_of(at->check, judge, judged_store(at), cert) : CW_USAGE_UNKNOWN;
}

/* sources F1.4: "If you are replacing existing certificates for a particular issuer and subject, you have
 * to manually delete the previous certificates". */
static struct cw_cert *hiding(
	const struct cw_node *node, enum cw_store_kind store, const struct cw_cert *cert)
{
	const struct cw_trust_list *list = &node->stores[store].list;
	size_t first = cw_trust_list_search(list, cw_cert_subject(cert), 0);
	bool other = first < list->count && !cw_cert_same(list->entries[first].cert, cert);
	return other ? list->entries[first].cert : NULL;
}

static bool append(const struct remedy_search *at, struct cw_cert *cert)
{
	change_list(at, CW_ACTION_APPEND, at->complaint->judge, at->complaint->store, cert);
	if (!cert || !is_expressway(at->complaint->judge_node))
		return true;
	struct cw_cert *upper = hiding(at->complaint->judge_node, judged_store(at), cert);
	if (upper && (cw_cert_same_key(upper, cert) || usage(at, upper) != CW_USED))
		at->remedy->replaces = upper;
	return true;
}

static bool remedy_append_culprit(const struct remedy_search *at)
{
	return append(at, at->complaint->finding.cert);
}

static bool remedy_remove_entry(const struct remedy_search *at)
{
	return remove_cert(at, at->complaint->finding.cert);
}

/*
 * A missing intermediate. An endpoint cannot be given one: the edge box must send it, and sends what stands
 * in its own list (sources F1.3).
 */
static bool remedy_issuer_missing(const struct remedy_search *at)
{
	const struct cw_node *edge = remedy_presenter(at);
	if (at->complaint->judge_node || !edge)
		return remedy_append_culprit(at);
	if (edge->sends == CW_SENDS_LEAF)
		return remedy_set(at, edge->fqdn, "sends", "auto");
	if (cw_node_sends_file(edge))
		return remedy_set(at, edge->fqdn, "certificate file", at->complaint->finding.subject);
	return change_list(at, CW_ACTION_APPEND, edge->fqdn, cw_node_store_name(CW_STORE_TRUSTED_CA),
		at->complaint->finding.cert);
}

/* A judge that stops at the first entry of a subject relies on another certificate of this one's. */
static bool namesake_is_needed(const struct remedy_search *at, const struct cw_cert *cert)
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
static bool has_self_signed_sister(const struct remedy_search *at, const struct cw_cert *cert)
{
	if (!at->complaint->question || !is_expressway(at->complaint->judge_node) || !self_signed_leaf(cert))
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
static bool remedy_top_missing(const struct remedy_search *at)
{
	struct cw_cert *cert = at->complaint->finding.cert;
	if (namesake_is_needed(at, cert) || has_self_signed_sister(at, cert))
		return remedy_reissue(at);
	return append(at, cert);
}

static bool is_fixed(const struct cw_endpoint *endpoint)
{
	return endpoint->kind == CW_ENDPOINT_PHONE_7800 || endpoint->kind == CW_ENDPOINT_PHONE_8800;
}

/* the MRA certificates guide: the list of 7800 and 8800 phones "cannot be modified". */
static bool remedy_device_list(const struct remedy_search *at)
{
	return is_fixed(at->link->client.endpoint) ? remedy_reissue(at) : remedy_append_culprit(at);
}

/*
 * Self-signed tomcat and CallManager want a CA, not a swap (rules 6). The upper entry goes where
 * nothing needs it. Where something does, the right one may stand before it only if both have one key: else a
 * swap would cut off the others, and the certificate must come from a CA of another name.
 */
static bool remedy_shadowed(const struct remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	if (self_signed_leaf(finding->cert) && self_signed_leaf(finding->better))
		return remedy_reissue(at);
	enum cw_usage upper = usage(at, finding->cert);
	if (upper == CW_UNUSED)
		return remove_cert(at, finding->cert);
	if (upper == CW_USED && !cw_cert_same_key(finding->cert, finding->better))
		return remedy_reissue(at);
	change_list(at, CW_ACTION_MOVE_BEFORE, at->complaint->judge, at->complaint->store, finding->better);
	at->remedy->before = finding->cert;
	return true;
}

/*
 * Where the CA that really signed is known, it replaces the list's entry of its name. Where it is not known,
 * or the entry serves others, the certificate itself is to be made anew.
 */
static bool remedy_signature(const struct remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	const struct cw_node *judge = at->complaint->judge_node;
	if (!judge || !finding->better || finding->place == 0)
		return remedy_reissue(at);
	struct cw_cert *wrong = judge->stores[judged_store(at)].list.entries[finding->place - 1].cert;
	return usage(at, wrong) == CW_USED ? remedy_reissue(at) : append(at, finding->better);
}

/* The same CA with the same key and a date that will do, where a file of the deployment holds it. */
static struct cw_cert *successor(const struct remedy_search *at, const struct cw_cert *old)
{
	struct cw_cert *cert;
	if (!old)
		return NULL;
	struct cw_issuers bearers = cw_issuers_named(cw_cert_subject(old), NULL, at->check->deployment->pool);
	while ((cert = cw_issuers_next(&bearers, NULL)))
		if (cw_cert_same_key(cert, old) && cw_cert_not_before(cert) <= at->check->at &&
			cw_cert_not_after(cert) > cw_cert_not_after(old) &&
			cw_cert_not_after(cert) >= at->check->at)
			return cert;
	return NULL;
}

/* An endpoint's chain comes from the edge box, but for the root, which stands in the endpoint's own list. */
static bool dates_at_endpoint(const struct remedy_search *at, struct cw_cert *next)
{
	struct cw_cert *old = at->complaint->finding.cert;
	const struct cw_endpoint *endpoint = at->link->client.endpoint;
	const struct cw_node *edge = remedy_presenter(at);
	if (cw_trust_list_find(&endpoint->trust.list, old) < endpoint->trust.list.count)
		return is_fixed(endpoint) ? remedy_reissue(at) : append(at, next);
	const struct cw_trust_list *sent = &edge->stores[CW_STORE_TRUSTED_CA].list;
	bool held = next && cw_trust_list_find(sent, next) < sent->count;
	const char *store = cw_node_store_name(CW_STORE_TRUSTED_CA);
	if (held)
		change_list(at, CW_ACTION_REMOVE, edge->fqdn, store, old);
	else
		change_list(at, CW_ACTION_APPEND, edge->fqdn, store, next);
	if (!held && next && is_expressway(edge))
		at->remedy->replaces = hiding(edge, CW_STORE_TRUSTED_CA, next);
	return true;
}

static bool is_in_list(const struct remedy_search *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	const struct cw_trust_list *list = judge ? &judge->stores[judged_store(at)].list : NULL;
	return list && cw_trust_list_find(list, cert) < list->count;
}

/* An expired CA certificate wants its successor; a leaf is made anew. */
static bool remedy_dates(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->depth == 0 && (at->link || finding->place == 0))
		return remedy_reissue(at);
	struct cw_cert *next = successor(at, finding->cert);
	if (!at->link && next &&
		is_in_list(at, next)) /* the renewed one is there already: the old one goes */
		return remove_cert(at, finding->cert);
	return at->link && at->link->client.endpoint ? dates_at_endpoint(at, next) : append(at, next);
}

/* An expired entry that is still needed goes only when its successor is in the list. */
static bool remedy_entry_expired(const struct remedy_search *at)
{
	struct cw_cert *old = at->complaint->finding.cert;
	const struct cw_trust_list *list = &at->complaint->judge_node->stores[judged_store(at)].list;
	if (usage(at, old) != CW_USED)
		return remove_cert(at, old);
	struct cw_cert *next = successor(at, old);
	return next && cw_trust_list_find(list, next) < list->count ? remove_cert(at, old) : append(at, next);
}

/* What a peer's list has and this one lacks comes in; what only this one has, the first peer gets. */
static bool remedy_lists_differ(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (!finding->cert)
		return remedy_set(at, at->complaint->judge, "order of the trusted CA list", NULL);
	remedy_append_culprit(at);
	if (is_in_list(at, finding->cert))
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
			remove_cert(at, first);
	}
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
static bool remedy_conflict(const struct remedy_search *at)
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

static bool remedy_crl_missing(const struct remedy_search *at)
{
	return install(at, "crl");
}

/* With the name that the CA may not write left out; it may also come from another CA. */
static bool remedy_constraint(const struct remedy_search *at)
{
	const char *name = at->complaint->finding.name;
	const struct cw_node *node = remedy_presenter(at);
	if (!node)
		return true;
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = presented_identity(at);
	if (!cw_reissue_fill(at->check->deployment, node, at->remedy->store, NULL, at->remedy, at->error))
		return false;
	bool own = name && strcasecmp(name, node->fqdn) == 0; /* it cannot do without: another CA must */
	for (size_t i = 0; name && !own && i < at->remedy->names.count; i++)
		if (strcmp(at->remedy->names.items[i], name) == 0) {
			free(at->remedy->names.items[i]);
			at->remedy->names.count--;
			memmove(&at->remedy->names.items[i], &at->remedy->names.items[i + 1],
				(at->remedy->names.count - i) * sizeof(char *));
		}
	return true;
}

static bool remedy_tunnel_name_unfit(const struct remedy_search *at)
{
	return remedy_set(at, at->link->server.name, "host name", NULL);
}

/* Of a list that leaves the key out; of a key that no list can hold, a new one. */
static bool remedy_tunnel_key(const struct remedy_search *at)
{
	const struct cw_cert *cert = at->complaint->finding.cert;
	enum cw_tunnel_key key = cert ? cw_node_tunnel_key(cw_cert_key(cert)) : CW_TUNNEL_KEY_COUNT;
	if (at->complaint->question || key == CW_TUNNEL_KEY_COUNT)
		return remedy_reissue(at);
	return remedy_set(at, at->complaint->judge, "tunnel-key-algorithms", cw_node_tunnel_key_name(key));
}

static bool remedy_credentials_differ(const struct remedy_search *at)
{
	return remedy_set(at, at->link->client.name, "traversal zone user name and password", NULL);
}

static bool remedy_verify_name_not_cluster(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "tls-verify-name", at->complaint->finding.name);
}

static bool remedy_profile_unfit(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "phone security profile", at->complaint->finding.name);
}

/* A name that no request takes is changed in CUCM first. */
static bool remedy_profile_missing(const struct remedy_search *at)
{
	const char *name = at->complaint->finding.name;
	const struct cw_node *judge = at->complaint->judge_node;
	if (!name || !judge || judge->kind != CW_NODE_CUCM || cw_required_names_profile_fits(name))
		return remedy_reissue(at);
	for (size_t i = 0; i < judge->group->count; i++)
		if (judge->group->nodes[i]->publisher)
			return remedy_set(at, judge->group->nodes[i]->fqdn, "phone security profile", name);
	return remedy_set(at, judge->fqdn, "phone security profile", name);
}

static bool remedy_release_differs(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "release", NULL);
}

/* The file is to be turned round (the finding says how), and nothing to be issued. */
static bool is_turned_round(const struct remedy_search *at)
{
	const struct cw_node *node = at->complaint->judge_node;
	for (unsigned kind = 0; node && at->complaint->store && kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)kind), at->complaint->store) == 0)
			return node->identities[kind].format == CW_FORMAT_PEM &&
				node->identities[kind].leaf_number > 1;
	return false;
}

static bool remedy_key_mismatch(const struct remedy_search *at)
{
	if (at->complaint->finding.code == CW_KEY_MISMATCH && is_turned_round(at))
		return true;
	return install(at, at->complaint->store);
}

/* What finds the remedy of each finding; a code that is not here has none of its own. */
typedef bool find_remedy(const struct remedy_search *at);
static find_remedy *const rows[CW_CODE_COUNT] = {
	[CW_ISSUER_MISSING] = remedy_issuer_missing,
	[CW_ROOT_MISSING] = remedy_top_missing,
	[CW_SELF_SIGNED_UNTRUSTED] = remedy_top_missing,
	[CW_ECDSA_TWIN_UNTRUSTED] = remedy_top_missing,
	[CW_TRUST_NOT_REPLICATED] = remedy_append_culprit,
	[CW_DEVICE_LIST_LACKS_CA] = remedy_device_list,
	[CW_ISSUER_SHADOWED] = remedy_shadowed,
	[CW_SIGNATURE_INVALID] = remedy_signature,
	[CW_KEY_IDENTIFIER_DIFFERS] = remedy_reissue,
	[CW_EXPIRED] = remedy_dates,
	[CW_EXPIRES_SOON] = remedy_dates,
	[CW_NOT_YET_VALID] = remedy_dates,
	[CW_CRL_MISSING] = remedy_crl_missing,
	[CW_CRL_EXPIRED] = remedy_crl_missing,
	[CW_REVOKED] = remedy_reissue,
	[CW_SERVER_AUTH_MISSING] = remedy_reissue,
	[CW_CLIENT_AUTH_MISSING] = remedy_reissue,
	[CW_KEY_USAGE_UNFIT] = remedy_reissue,
	[CW_NOT_A_CA] = remedy_reissue,
	[CW_PATH_TOO_LONG] = remedy_reissue,
	[CW_NAME_CONSTRAINT] = remedy_constraint,
	[CW_CRITICAL_EXTENSION] = remedy_reissue,
	[CW_POLICY_UNFIT] = remedy_reissue,
	[CW_OTHER_CHECK_FAILED] = remedy_reissue,
	[CW_WEAK_KEY] = remedy_reissue,
	[CW_WEAK_DIGEST] = remedy_reissue,
	[CW_TLS_UNUSABLE] = remedy_reissue,
	[CW_UNKNOWN_OID_IN_NAME] = remedy_reissue,
	[CW_TUNNEL_KEY_UNFIT] = remedy_tunnel_key,
	[CW_PHONE_PROFILE_MISSING] = remedy_profile_missing,
	[CW_PHONE_PROFILE_UNFIT] = remedy_profile_unfit,
	[CW_EDGE_DOMAIN_MISSING] = remedy_reissue,
	[CW_WILDCARD_NAME] = remedy_reissue,
	[CW_TEMPORARY_CERTIFICATE] = remedy_reissue,
	[CW_SAN_TOO_LONG] = remedy_reissue,
	[CW_COMMON_NAME_MISSING] = remedy_reissue,
	[CW_CLUSTER_NAME_MISSING] = remedy_reissue,
	[CW_CLUSTER_CN_DIFFERS] = remedy_reissue,
	[CW_PEER_NAME_MISSING] = remedy_reissue,
	[CW_DOMAIN_MISSING] = remedy_reissue,
	[CW_CHAT_ALIAS_MISSING] = remedy_reissue,
	[CW_FEDERATION_DOMAIN_MISSING] = remedy_reissue,
	[CW_SHARED_KEY] = remedy_reissue,
	[CW_PEER_NAME_MISMATCH] = remedy_peer_name,
	[CW_ADDRESS_IS_IP] = remedy_peer_name,
	[CW_VERIFY_NAME_MISMATCH] = remedy_verify_name,
	[CW_TUNNEL_NAME_UNFIT] = remedy_tunnel_name_unfit,
	[CW_CREDENTIALS_DIFFER] = remedy_credentials_differ,
	[CW_VERIFY_NAME_NOT_CLUSTER] = remedy_verify_name_not_cluster,
	[CW_RELEASE_DIFFERS] = remedy_release_differs,
	[CW_TRUST_LISTS_DIFFER] = remedy_lists_differ,
	[CW_SAME_SUBJECT_CONFLICT] = remedy_conflict,
	[CW_ENTRY_EXPIRED] = remedy_entry_expired,
	[CW_DUPLICATE_ENTRY] = remedy_remove_entry,
	[CW_KEY_MISMATCH] = remedy_key_mismatch,
	[CW_KEY_UNUSABLE] = remedy_key_mismatch,
	[CW_REQUEST_DISCARDED] = remedy_key_mismatch,
	[CW_NOT_PEM] = remedy_key_mismatch,
	[CW_EXTRA_CERTIFICATES] = remedy_key_mismatch,
};

static bool find_all(const struct cw_check *check, const struct cw_link *link,
	struct cw_complaints *complaints, struct cw_error *error)
{
	for (size_t i = 0; i < complaints->count; i++) {
		struct remedy_search at = {
			check, link, &complaints->items[i], &complaints->items[i].remedy, error};
		find_remedy *find = rows[complaints->items[i].finding.code];
		/* a note, or what hangs on an order that nobody knows */
		bool note = !link && complaints->items[i].finding.severity <= CW_SEVERITY_UNKNOWN &&
			complaints->items[i].finding.severity != CW_SEVERITY_WARN;
		if (!note && find && !find(&at))
			return false;
	}
	return true;
}

static bool find_everywhere(struct cw_check *check, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (!find_all(check, check->links[i], &check->links[i]->complaints, error))
			return false;
	for (size_t i = 0; i < check->node_count; i++)
		if (!find_all(check, NULL, &check->nodes[i].complaints, error))
			return false;
	return true;
}

bool cw_remedies_find(struct cw_check *check, struct cw_cache *cache, struct cw_error *error)
{
	check->cache = cache;
	bool good = find_everywhere(check, error);
	check->cache = NULL;
	return good;
}

bool cw_remedies_check(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error)
{
	AUTO(cw_check_free) struct cw_check *check = NULL;
	if (!cw_check_run(deployment, options, &check, error) ||
		!cw_remedies_find(check, options->cache, error))
		return false;
	*ret = TAKE(check);
	return true;
}
