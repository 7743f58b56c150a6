#include "deploy/reissue.h"

#include "deploy/required_names.h"

#include <string.h>

static bool add_name(struct cw_remedy *remedy, const char *name)
{
	return cw_strings_contain_name(&remedy->names, name) || cw_strings_add(&remedy->names, name);
}

static bool add_required(const struct cw_required_names *required, struct cw_remedy *remedy)
{
	for (size_t i = 0; i < required->count; i++)
		if (!add_name(remedy, required->items[i].name))
			return false;
	return true;
}

static bool add_present(const struct cw_identity *identity, struct cw_remedy *remedy)
{
	if (identity->state != CW_KNOWN)
		return true;
	const struct cw_sans *sans = cw_cert_sans(identity->leaf);
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
		if (strcmp(cw_identity_name((enum cw_identity_kind)kind), identity) == 0)
			return (enum cw_identity_kind)kind;
	return CW_IDENTITY_SERVER;
}

bool cw_reissue_fill(const struct cw_deployment *deployment, const struct cw_node *node, const char *identity,
	const char *wanted, struct cw_remedy *remedy, struct cw_error *error)
{
	AUTO_REQUIRED_NAMES required = {0};
	enum cw_identity_kind kind = kind_of(identity);
	remedy->server_auth = kind != CW_IDENTITY_CLIENT;
	remedy->client_auth = true; /* seed 000: "the certificate must have both client and server
				       authentication attributes" */
	if (!cw_required_names_of(deployment, node, &required, error))
		return false;
	if (!add_required(&required, remedy) || (wanted && !add_name(remedy, wanted)) ||
		!add_present(&node->identities[kind], remedy))
		return cw_error_memory(error);
	return true;
}
