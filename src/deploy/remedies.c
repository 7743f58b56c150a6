#include "deploy/remedies.h"

#include "deploy/complaint.h"
#include "deploy/reissue.h"
#include "deploy/usage.h"
#include "trust/names.h"

#include <string.h>

/* One complaint whose remedy is looked for. */
struct finding_remedy {
	const struct cw_check *check;
	const struct cw_link *link; /* NULL: a node's own complaint */
	struct cw_complaint *complaint;
	struct cw_remedy *remedy;
	struct cw_error *error;
};

static const struct cw_node *presenter(const struct finding_remedy *at)
{
	if (!at->link)
		return at->complaint->judge_node;
	return at->complaint->side ? at->complaint->side->subject->node : at->link->server.node;
}

static const char *presented_identity(const struct finding_remedy *at)
{
	if (at->complaint->side)
		return cw_identity_name(at->complaint->side->identity);
	const char *store = at->complaint->store;
	return store ? store : "server";
}

static const char *known_path(const struct finding_remedy *at, const struct cw_cert *cert)
{
	return cert ? cw_pool_path(at->check->deployment->pool, cert) : NULL;
}

static bool change_list(const struct finding_remedy *at, enum cw_action action, const char *node,
	const char *store, struct cw_cert *cert)
{
	*at->remedy = (struct cw_remedy){
		.action = action,
		.node = node,
		.store = store,
		.cert = cert,
		.subject = at->complaint->finding.subject,
		.from = action == CW_ACTION_APPEND ? known_path(at, cert) : NULL,
	};
	return true;
}

static bool append(const struct finding_remedy *at, struct cw_cert *cert)
{
	return change_list(at, CW_ACTION_APPEND, at->complaint->judge, at->complaint->store, cert);
}

static bool set(const struct finding_remedy *at, const char *node, const char *setting, const char *value)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_SET, .node = node, .setting = setting};
	if (value && !(at->remedy->value = strdup(value)))
		return cw_error_memory(at->error);
	return true;
}

static bool reissue(const struct finding_remedy *at)
{
	const struct cw_node *node = presenter(at);
	if (!node)
		return true;
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = presented_identity(at);
	const char *wanted = at->complaint->finding.name;
	return cw_reissue_fill(at->check->deployment, node, at->remedy->store, wanted, at->remedy, at->error);
}

static bool install(const struct finding_remedy *at, const char *store)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_INSTALL,
		.node = at->complaint->judge,
		.store = store,
		.subject = at->complaint->finding.name ? at->complaint->finding.name
						       : at->complaint->finding.subject};
	return true;
}

/*
 * A missing intermediate. An endpoint cannot be given one: the edge box must send it, and sends what stands
 * in its own list (domain.md §1.3).
 */
static bool remedy_issuer_missing(const struct finding_remedy *at)
{
	const struct cw_node *edge = presenter(at);
	if (at->complaint->judge_node || !edge)
		return append(at, at->complaint->finding.cert);
	if (edge->sends_leaf_only)
		return set(at, edge->fqdn, "sends", "auto");
	return change_list(at, CW_ACTION_APPEND, edge->fqdn, cw_store_name(CW_STORE_TRUSTED_CA),
		at->complaint->finding.cert);
}

/* seed 000: the list of 7800 and 8800 phones "cannot be modified". */
static bool remedy_device_list(const struct finding_remedy *at)
{
	enum cw_endpoint_kind kind = at->link->client.endpoint->kind;
	bool fixed = kind == CW_ENDPOINT_PHONE_7800 || kind == CW_ENDPOINT_PHONE_8800;
	return fixed ? reissue(at) : append(at, at->complaint->finding.cert);
}

static bool self_signed_leaf(const struct cw_cert *cert)
{
	return cert && cw_cert_self_issued(cert) && cw_cert_self_signed(cert) && !cw_cert_is_ca(cert);
}

static bool in_use(const struct finding_remedy *at, const struct cw_cert *cert)
{
	const struct cw_node *judge = at->complaint->judge_node;
	enum cw_store_kind store = at->complaint->side ? at->complaint->side->store : CW_STORE_TRUSTED_CA;
	return judge && cw_usage_of(at->check, judge, store, cert) == CW_USED;
}

/* Self-signed tomcat and CallManager want a CA, not a swap (design.md §5 rule 6); an entry in use elsewhere
 * is not removed. */
static bool remedy_shadowed(const struct finding_remedy *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	if (self_signed_leaf(finding->cert) && self_signed_leaf(finding->better))
		return reissue(at);
	if (!in_use(at, finding->cert))
		return change_list(
			at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store, finding->cert);
	change_list(at, CW_ACTION_MOVE_BEFORE, at->complaint->judge, at->complaint->store, finding->better);
	at->remedy->before = finding->cert;
	return true;
}

/*
 * Where the CA that really signed is known, the list's entry of its name is the wrong one: it goes, then the
 * right one can be appended. Where it is not known, or the entry serves others, the certificate itself is to
 * be made anew.
 */
static bool remedy_signature(const struct finding_remedy *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	const struct cw_node *judge = at->complaint->judge_node;
	enum cw_store_kind store = at->complaint->side ? at->complaint->side->store : CW_STORE_TRUSTED_CA;
	if (!judge || !finding->better || finding->place == 0)
		return reissue(at);
	struct cw_cert *wrong = judge->stores[store].list.entries[finding->place - 1].cert;
	if (in_use(at, wrong))
		return reissue(at);
	return change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store, wrong);
}

/* An expired CA certificate of the list wants its successor; anything else a new leaf. */
static bool remedy_dates(const struct finding_remedy *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->depth == 0 && at->link)
		return reissue(at);
	if (finding->depth == 0 && finding->place == 0)
		return reissue(at);
	return append(at, NULL);
}

static bool name_is_in_certificate(const struct finding_remedy *at, const char *name)
{
	const struct cw_side *side = at->complaint->side;
	const struct cw_cert *leaf = side ? side->subject->node->identities[side->identity].leaf : NULL;
	return leaf && name &&
		cw_name_found(cw_name_find(leaf, name, (struct cw_name_rule){.san_is_cut = true}));
}

/* seed 003: the peer address must match a name of the certificate: type another address, or re-issue with
 * this one. */
static bool remedy_peer_name(const struct finding_remedy *at)
{
	const struct cw_node *server = at->link->server.node;
	bool typed = at->link->kind == CW_LINK_TRAVERSAL || at->link->kind == CW_LINK_TUNNEL ||
		at->link->kind == CW_LINK_TOMCAT || at->link->kind == CW_LINK_TFTP;
	bool ip = at->complaint->finding.code == CW_ADDRESS_IS_IP;
	if (typed && (ip || name_is_in_certificate(at, server->fqdn)))
		return set(at, at->link->client.name, at->link->zone ? "peer address" : "server address",
			server->fqdn);
	return reissue(at);
}

static bool remedy_verify_name(const struct finding_remedy *at)
{
	const struct cw_group *c = at->link->zone->c;
	const char *better = c->cluster ? c->cluster : at->link->client.name;
	if (name_is_in_certificate(at, better))
		return set(at, at->link->server.name, "tls-verify-name", better);
	return reissue(at);
}

/* What a peer's list has and this one lacks comes in; what only this one has goes. */
static bool remedy_lists_differ(const struct finding_remedy *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (!finding->cert)
		return set(at, at->complaint->judge, "order of the trusted CA list", NULL);
	return change_list(at, finding->place ? CW_ACTION_REMOVE : CW_ACTION_APPEND, at->complaint->judge,
		at->complaint->store, finding->cert);
}

static bool remove_entry(const struct finding_remedy *at)
{
	return change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store,
		at->complaint->finding.cert);
}

/* An upper entry that serves nothing hides the lower one and goes; else the lower one, which nobody finds. */
static bool remove_idle(const struct finding_remedy *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	bool upper = finding->better && !in_use(at, finding->better) && in_use(at, finding->cert);
	return change_list(at, CW_ACTION_REMOVE, at->complaint->judge, at->complaint->store,
		upper ? finding->better : finding->cert);
}

/* Two self-signed identities of one subject: a CA signs them. */
static bool remedy_conflict(const struct finding_remedy *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (!self_signed_leaf(finding->cert) || !self_signed_leaf(finding->better))
		return remove_idle(at);
	const struct cw_deployment *deployment = at->check->deployment;
	for (size_t i = 0; i < deployment->group_count; i++) {
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			const struct cw_identity *tomcat = &node->identities[CW_IDENTITY_TOMCAT];
			if (tomcat->state != CW_KNOWN ||
				(!cw_cert_same(tomcat->leaf, finding->cert) &&
					!cw_cert_same(tomcat->leaf, finding->better)))
				continue;
			at->remedy->action = CW_ACTION_REISSUE;
			at->remedy->node = node->fqdn;
			at->remedy->store = cw_identity_name(CW_IDENTITY_TOMCAT);
			return cw_reissue_fill(
				deployment, node, at->remedy->store, NULL, at->remedy, at->error);
		}
	}
	return remove_entry(at);
}

static bool find_remedy(const struct finding_remedy *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	switch (finding->code) {
	case CW_ISSUER_MISSING:
		return remedy_issuer_missing(at);
	case CW_ROOT_MISSING:
	case CW_SELF_SIGNED_UNTRUSTED:
	case CW_ECDSA_TWIN_UNTRUSTED:
	case CW_TRUST_NOT_REPLICATED:
		return append(at, finding->cert);
	case CW_DEVICE_LIST_LACKS_CA:
		return remedy_device_list(at);
	case CW_ISSUER_SHADOWED:
		return remedy_shadowed(at);
	case CW_SIGNATURE_INVALID:
		return remedy_signature(at);
	case CW_EXPIRED:
	case CW_EXPIRES_SOON:
		return remedy_dates(at);
	case CW_NOT_YET_VALID:
		return set(at, at->complaint->judge, "clock (NTP)", NULL);
	case CW_CRL_MISSING:
	case CW_CRL_EXPIRED:
		return install(at, "crl");
	case CW_REVOKED:
	case CW_SERVER_AUTH_MISSING:
	case CW_CLIENT_AUTH_MISSING:
	case CW_KEY_USAGE_UNFIT:
	case CW_NOT_A_CA:
	case CW_PATH_TOO_LONG:
	case CW_NAME_CONSTRAINT:
	case CW_CRITICAL_EXTENSION:
	case CW_POLICY_UNFIT:
	case CW_OTHER_CHECK_FAILED:
	case CW_WEAK_KEY:
	case CW_WEAK_DIGEST:
	case CW_TLS_UNUSABLE:
	case CW_UNKNOWN_OID_IN_NAME:
	case CW_TUNNEL_KEY_UNFIT:
	case CW_PHONE_PROFILE_MISSING:
	case CW_EDGE_DOMAIN_MISSING:
	case CW_WILDCARD_NAME:
	case CW_TEMPORARY_CERTIFICATE:
	case CW_SAN_TOO_LONG:
	case CW_COMMON_NAME_MISSING:
	case CW_CLUSTER_NAME_MISSING:
	case CW_CLUSTER_CN_DIFFERS:
	case CW_PEER_NAME_MISSING:
	case CW_DOMAIN_MISSING:
	case CW_CHAT_ALIAS_MISSING:
	case CW_FEDERATION_DOMAIN_MISSING:
	case CW_SHARED_KEY:
		return reissue(at);
	case CW_PEER_NAME_MISMATCH:
	case CW_ADDRESS_IS_IP:
		return remedy_peer_name(at);
	case CW_VERIFY_NAME_MISMATCH:
		return remedy_verify_name(at);
	case CW_TUNNEL_NAME_UNFIT:
		return set(at, at->link->server.name, "host name", NULL);
	case CW_CREDENTIALS_DIFFER:
		return set(at, at->link->client.name, "traversal zone user name and password", NULL);
	case CW_VERIFY_NAME_NOT_CLUSTER:
		return set(at, at->complaint->judge, "tls-verify-name", finding->name);
	case CW_RELEASE_DIFFERS:
		return set(at, at->complaint->judge, "release", NULL);
	case CW_TRUST_LISTS_DIFFER:
		return remedy_lists_differ(at);
	case CW_SAME_SUBJECT_CONFLICT:
		return remedy_conflict(at);
	case CW_DUPLICATE_ENTRY:
	case CW_ENTRY_EXPIRED:
	case CW_CA_NOT_NEEDED:
		return remove_entry(at);
	case CW_KEY_MISMATCH:
	case CW_NOT_PEM:
	case CW_EXTRA_CERTIFICATES:
		return install(at, at->complaint->store);
	case CW_TRAVERSAL_REFUSED:
	case CW_NOT_KNOWN:
	case CW_CODE_COUNT:
		return true;
	}
	return true;
}

static bool find_all(const struct cw_check *check, const struct cw_link *link,
	struct cw_complaints *complaints, struct cw_error *error)
{
	for (size_t i = 0; i < complaints->count; i++) {
		struct finding_remedy at = {
			check, link, &complaints->items[i], &complaints->items[i].remedy, error};
		if (!find_remedy(&at))
			return false;
	}
	return true;
}

bool cw_remedies_find(struct cw_check *check, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (!find_all(check, check->links[i], &check->links[i]->complaints, error))
			return false;
	for (size_t i = 0; i < check->node_count; i++)
		if (!find_all(check, NULL, &check->nodes[i].complaints, error))
			return false;
	return true;
}
