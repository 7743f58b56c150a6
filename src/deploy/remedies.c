#include "deploy/remedies.h"

#include "deploy/complaint.h"
#include "deploy/reissue.h"
#include "deploy/remedies_parts.h"
#include "trust/names.h"

#include <string.h>

const struct cw_node *cw_remedy_presenter(const struct cw_remedy_search *at)
{
	if (!at->link)
		return at->complaint->judge_node;
	return at->complaint->side ? at->complaint->side->subject->node : at->link->server.node;
}

static const char *presented_identity(const struct cw_remedy_search *at)
{
	if (at->complaint->side)
		return cw_identity_name(at->complaint->side->identity);
	for (unsigned kind = 0; at->complaint->store && kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_identity_name((enum cw_identity_kind)kind), at->complaint->store) == 0)
			return at->complaint->store;
	return cw_identity_name(CW_IDENTITY_SERVER); /* the store is a list: the box's own chain */
}

bool cw_remedy_set(
	const struct cw_remedy_search *at, const char *node, const char *setting, const char *value)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_SET, .node = node, .setting = setting};
	if (value && !(at->remedy->value = strdup(value)))
		return cw_error_memory(at->error);
	return true;
}

bool cw_remedy_reissue(const struct cw_remedy_search *at)
{
	const struct cw_node *node = cw_remedy_presenter(at);
	if (!node)
		return true;
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = presented_identity(at);
	const char *wanted = at->complaint->finding.name;
	return cw_reissue_fill(at->check->deployment, node, at->remedy->store, wanted, at->remedy, at->error);
}

static bool install(const struct cw_remedy_search *at, const char *store)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_INSTALL,
		.node = at->complaint->judge,
		.store = store,
		.subject = at->complaint->finding.name ? at->complaint->finding.name
						       : at->complaint->finding.subject};
	return true;
}

static bool name_is_in_certificate(const struct cw_remedy_search *at, const char *name)
{
	const struct cw_side *side = at->complaint->side;
	const struct cw_cert *leaf = side ? side->subject->node->identities[side->identity].leaf : NULL;
	return leaf && name &&
		cw_name_found(cw_name_find(leaf, name, (struct cw_name_rule){.san_is_cut = true}));
}

/* seed 003: the peer address must match a name of the certificate: type another address, or re-issue with
 * this one. */
static bool remedy_peer_name(const struct cw_remedy_search *at)
{
	const struct cw_node *server = at->link->server.node;
	bool typed = at->link->kind == CW_LINK_TRAVERSAL || at->link->kind == CW_LINK_TUNNEL ||
		at->link->kind == CW_LINK_TOMCAT || at->link->kind == CW_LINK_TFTP;
	if (typed && name_is_in_certificate(at, server->fqdn))
		return cw_remedy_set(at, at->link->client.name,
			at->link->zone ? "peer address" : "server address", server->fqdn);
	return cw_remedy_reissue(at);
}

static bool remedy_verify_name(const struct cw_remedy_search *at)
{
	const struct cw_group *c = at->link->zone->c;
	const char *better = c->cluster ? c->cluster : at->link->client.name;
	if (name_is_in_certificate(at, better))
		return cw_remedy_set(at, at->link->server.name, "tls-verify-name", better);
	return cw_remedy_reissue(at);
}

static bool find_remedy(const struct cw_remedy_search *at)
{
	struct cw_finding *finding = &at->complaint->finding;
	switch (finding->code) {
	case CW_ISSUER_MISSING:
		return cw_remedy_issuer_missing(at);
	case CW_ROOT_MISSING:
	case CW_SELF_SIGNED_UNTRUSTED:
	case CW_ECDSA_TWIN_UNTRUSTED:
		return cw_remedy_top_missing(at);
	case CW_TRUST_NOT_REPLICATED:
		return cw_remedy_append_culprit(at);
	case CW_DEVICE_LIST_LACKS_CA:
		return cw_remedy_device_list(at);
	case CW_ISSUER_SHADOWED:
		return cw_remedy_shadowed(at);
	case CW_SIGNATURE_INVALID:
		return cw_remedy_signature(at);
	case CW_EXPIRED:
	case CW_EXPIRES_SOON:
	case CW_NOT_YET_VALID:
		return cw_remedy_dates(at);
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
		return cw_remedy_reissue(at);
	case CW_PEER_NAME_MISMATCH:
	case CW_ADDRESS_IS_IP:
		return remedy_peer_name(at);
	case CW_VERIFY_NAME_MISMATCH:
		return remedy_verify_name(at);
	case CW_TUNNEL_NAME_UNFIT:
		return cw_remedy_set(at, at->link->server.name, "host name", NULL);
	case CW_CREDENTIALS_DIFFER:
		return cw_remedy_set(
			at, at->link->client.name, "traversal zone user name and password", NULL);
	case CW_VERIFY_NAME_NOT_CLUSTER:
		return cw_remedy_set(at, at->complaint->judge, "tls-verify-name", finding->name);
	case CW_RELEASE_DIFFERS:
		return cw_remedy_set(at, at->complaint->judge, "release", NULL);
	case CW_TRUST_LISTS_DIFFER:
		return cw_remedy_lists_differ(at);
	case CW_SAME_SUBJECT_CONFLICT:
		return cw_remedy_conflict(at);
	case CW_ENTRY_EXPIRED:
		return cw_remedy_entry_expired(at);
	case CW_DUPLICATE_ENTRY:
	case CW_CA_NOT_NEEDED:
		return cw_remedy_remove_entry(at);
	case CW_KEY_MISMATCH:
	case CW_KEY_UNUSABLE:
	case CW_REQUEST_DISCARDED:
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
		struct cw_remedy_search at = {
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
