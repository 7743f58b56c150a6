#include "plan/remedies_parts.h"

#include "trust/issuers.h"

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
		return remedy_is_fixed(endpoint) ? remedy_reissue(at) : remedy_append(at, next);
	const struct cw_trust_list *sent = &edge->stores[CW_STORE_TRUSTED_CA].list;
	bool held = next && cw_trust_list_find(sent, next) < sent->count;
	const char *store = cw_node_store_name(CW_STORE_TRUSTED_CA);
	if (held)
		remedy_change_list(at, CW_ACTION_REMOVE, edge->fqdn, store, old);
	else
		remedy_change_list(at, CW_ACTION_APPEND, edge->fqdn, store, next);
	if (!held && next && remedy_is_expressway(edge))
		at->remedy->replaces = remedy_hiding(edge, CW_STORE_TRUSTED_CA, next);
	return true;
}

/* An expired CA certificate wants its successor; a leaf is made anew. */
bool remedy_dates(const struct remedy_search *at)
{
	const struct cw_finding *finding = &at->complaint->finding;
	if (finding->depth == 0 && (at->link || finding->place == 0))
		return remedy_reissue(at);
	struct cw_cert *next = successor(at, finding->cert);
	if (!at->link && next &&
		remedy_is_in_list(at, next)) /* the renewed one is there already: the old one goes */
		return remedy_remove_cert(at, finding->cert);
	return at->link && at->link->client.endpoint ? dates_at_endpoint(at, next) : remedy_append(at, next);
}

/* An expired entry that is still needed goes only when its successor is in the list. */
bool remedy_entry_expired(const struct remedy_search *at)
{
	struct cw_cert *old = at->complaint->finding.cert;
	const struct cw_trust_list *list = &at->complaint->judge_node->stores[remedy_judged_store(at)].list;
	if (remedy_usage(at, old) != CW_USED)
		return remedy_remove_cert(at, old);
	struct cw_cert *next = successor(at, old);
	return next && cw_trust_list_find(list, next) < list->count ? remedy_remove_cert(at, old)
								    : remedy_append(at, next);
}
