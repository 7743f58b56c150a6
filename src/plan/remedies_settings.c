#include "plan/remedies_parts.h"

#include "model/required_names.h"
#include "trust/names.h"

#include <string.h>

bool remedy_set(const struct remedy_search *at, const char *node, const char *setting, const char *value)
{
	*at->remedy = (struct cw_remedy){.action = CW_ACTION_SET, .node = node, .setting = setting};
	if (value && !(at->remedy->value = strdup(value)))
		return cw_error_memory(at->error);
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
bool remedy_peer_name(const struct remedy_search *at)
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

bool remedy_verify_name(const struct remedy_search *at)
{
	const struct cw_group *c = at->link->zone->c;
	const char *better = c->cluster ? c->cluster : at->link->client.name;
	if (name_is_in_certificate(at, better))
		return remedy_set(at, at->link->server.name, "tls-verify-name", better);
	return remedy_reissue(at);
}

bool remedy_tunnel_name_unfit(const struct remedy_search *at)
{
	return remedy_set(at, at->link->server.name, "host name", NULL);
}

/* Of a list that leaves the key out; of a key that no list can hold, a new one. */
bool remedy_tunnel_key(const struct remedy_search *at)
{
	const struct cw_cert *cert = at->complaint->finding.cert;
	enum cw_tunnel_key key = cert ? cw_node_tunnel_key(cw_cert_key(cert)) : CW_TUNNEL_KEY_COUNT;
	if (at->complaint->question || key == CW_TUNNEL_KEY_COUNT)
		return remedy_reissue(at);
	return remedy_set(at, at->complaint->judge, "tunnel-key-algorithms", cw_node_tunnel_key_name(key));
}

bool remedy_credentials_differ(const struct remedy_search *at)
{
	return remedy_set(at, at->link->client.name, "traversal zone user name and password", NULL);
}

bool remedy_verify_name_not_cluster(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "tls-verify-name", at->complaint->finding.name);
}

bool remedy_profile_unfit(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "phone security profile", at->complaint->finding.name);
}

/* A name that no request takes is changed in CUCM first. */
bool remedy_profile_missing(const struct remedy_search *at)
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

bool remedy_release_differs(const struct remedy_search *at)
{
	return remedy_set(at, at->complaint->judge, "release", NULL);
}
