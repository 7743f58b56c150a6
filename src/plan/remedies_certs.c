#include "plan/remedies_parts.h"

#include "plan/reissue.h"

#include <string.h>
#include <strings.h>

/* From X15.5 on what an Expressway shows as a client is a certificate of its own; the server's stays as it is. */
static bool is_of_client_store(const struct remedy_search *at)
{
	const struct cw_question *question = at->complaint->question;
	const struct cw_node *node = question ? question->subject->node : NULL;
	return at->complaint->finding.code == CW_CLIENT_AUTH_MISSING && question && !question->by_client &&
		cw_node_is_expressway(node) && cw_release_row(node->group->release)->client_store;
}

const char *remedy_presented(const struct remedy_search *at)
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

const struct cw_node *remedy_presenter(const struct remedy_search *at)
{
	if (!at->link)
		return at->complaint->judge_node;
	return at->complaint->question ? at->complaint->question->subject->node : at->link->server.node;
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

bool remedy_reissue(const struct remedy_search *at)
{
	const struct cw_node *node = remedy_presenter(at);
	if (!node)
		return true;
	node = uploader(node, remedy_presented(at));
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = remedy_presented(at);
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

bool remedy_crl_missing(const struct remedy_search *at)
{
	return install(at, "crl");
}

/* With the name that the CA may not write left out; it may also come from another CA. */
bool remedy_constraint(const struct remedy_search *at)
{
	const char *name = at->complaint->finding.name;
	const struct cw_node *node = remedy_presenter(at);
	if (!node)
		return true;
	at->remedy->action = CW_ACTION_REISSUE;
	at->remedy->node = node->fqdn;
	at->remedy->store = remedy_presented(at);
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

bool remedy_key_mismatch(const struct remedy_search *at)
{
	if (at->complaint->finding.code == CW_KEY_MISMATCH && is_turned_round(at))
		return true;
	return install(at, at->complaint->store);
}
