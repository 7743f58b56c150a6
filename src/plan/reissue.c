#include "plan/reissue.h"

#include "check/node_check.h"
#include "model/required_names.h"
#include "trust/names.h"

#include <string.h>

static bool add_name(struct cw_remedy *remedy, const char *name)
{
	return cw_strings_contain_name(&remedy->names, name) || cw_strings_add(&remedy->names, name);
}

/* Of two forms the one that the certificate has now: a CA may give collab-edge. and not the bare domain. */
static const char *form(const struct cw_identity *identity, const struct cw_required_name *wanted)
{
	const struct cw_name_rule rule = {0};
	if (!wanted->alternative || identity->state != CW_KNOWN ||
		cw_name_find(identity->leaf, wanted->name, rule) == CW_NAME_EXACT)
		return wanted->name;
	bool other = cw_name_find(identity->leaf, wanted->alternative, rule) == CW_NAME_EXACT;
	return other ? wanted->alternative : wanted->name;
}

static bool add_required(const struct cw_identity *identity, const struct cw_required_names *required,
	struct cw_remedy *remedy)
{
	for (size_t i = 0; i < required->count; i++)
		if (!add_name(remedy, form(identity, &required->items[i])))
			return false;
	return true;
}

/* Of a certificate with too many names for an Expressway only those that it needs are kept (the MRA certificates guide, 999).
 */
static bool add_present(
	const struct cw_node *node, const struct cw_identity *identity, struct cw_remedy *remedy)
{
	if (identity->state != CW_KNOWN)
		return true;
	const struct cw_sans *sans = cw_cert_sans(identity->leaf);
	bool expressway = node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
	if (expressway && sans->text_length > CW_SAN_CHARACTERS_MAX)
		return true;
	for (size_t i = 0; i < sans->count; i++) {
		const struct cw_san *san = &sans->items[i];
		bool plain = (san->kind == CW_SAN_DNS && san->text[0] != '*') || san->kind == CW_SAN_IP;
		if (plain && !add_name(remedy, san->text))
			return false;
	}
	return true;
}

static enum cw_identity_kind kind_of(const char *identity)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)kind), identity) == 0)
			return (enum cw_identity_kind)kind;
	return CW_IDENTITY_SERVER;
}

/* The SIP SERVICE check of a C behind one of the zones wants both in E's certificate (sources F9). */
static bool service_wants_client(const struct cw_deployment *deployment, const struct cw_group *e)
{
	for (size_t i = 0; i < deployment->zone_count; i++)
		if (deployment->zones[i].e == e &&
			cw_release_row(deployment->zones[i].c->release)->service_wants_client_auth)
			return true;
	return false;
}

/* Whether the upload page wants clientAuth in it too, or the box shows it as a client. */
static bool server_is_client(const struct cw_deployment *deployment, const struct cw_node *node)
{
	bool own_client = node->identities[CW_IDENTITY_CLIENT].state != CW_ABSENT;
	switch (node->kind) {
	case CW_NODE_EXPRESSWAY_C:
		return !(cw_release_row(node->group->release)->client_store && own_client);
	case CW_NODE_EXPRESSWAY_E:
		return cw_node_check_upload_wants_client(node) ||
			service_wants_client(deployment, node->group);
	case CW_NODE_FRONT:
		return !own_client;
	case CW_NODE_CUCM:
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
	case CW_NODE_KIND_COUNT:
		return false;
	}
	return false;
}

/* the MRA certificates guide: Expressway "must have both client and server authentication attributes", CallManager too; what
 * X15.4 and X15.5 changed is in sources F9. */
static bool wants_client(
	const struct cw_deployment *deployment, const struct cw_node *node, enum cw_identity_kind kind)
{
	switch (kind) {
	case CW_IDENTITY_CLIENT:
	case CW_IDENTITY_CALLMANAGER:
	case CW_IDENTITY_CALLMANAGER_ECDSA:
		return true;
	case CW_IDENTITY_SERVER:
		return server_is_client(deployment, node);
	case CW_IDENTITY_TOMCAT:
	case CW_IDENTITY_TOMCAT_ECDSA:
	case CW_IDENTITY_KIND_COUNT:
		return false;
	}
	return true;
}

bool cw_reissue_fill(const struct cw_deployment *deployment, const struct cw_node *node, const char *identity,
	const char *wanted, struct cw_remedy *remedy, struct cw_error *error)
{
	AUTO_REQUIRED_NAMES required = {0};
	enum cw_identity_kind kind = kind_of(identity);
	remedy->server_auth = kind != CW_IDENTITY_CLIENT;
	remedy->client_auth = wants_client(deployment, node, kind);
	if (!cw_required_names_of(deployment, node, &required, error))
		return false;
	if (!add_required(&node->identities[kind], &required, remedy) ||
		(wanted && !add_name(remedy, wanted)) || !add_present(node, &node->identities[kind], remedy))
		return cw_error_memory(error);
	return true;
}
