#include "check/wanted.h"

void cw_wanted_finish(struct cw_wanted *wanted)
{
	free(wanted->items);
	cw_strings_finish(&wanted->built);
	*wanted = (struct cw_wanted){0};
}

static bool add(struct cw_wanted *wanted, struct cw_wanted_name name)
{
	if (!cw_memory_grow(&wanted->items, &wanted->capacity, wanted->count, sizeof *wanted->items))
		return false;
	wanted->items[wanted->count++] = name;
	return true;
}

static bool add_one(struct cw_wanted *wanted, const char *name, enum cw_code mismatch, enum cw_layer layer)
{
	return add(wanted, (struct cw_wanted_name){.names = {name}, .mismatch = mismatch, .layer = layer});
}

static bool add_profiles(struct cw_wanted *wanted, const struct cw_strings *profiles)
{
	for (size_t i = 0; i < profiles->count; i++)
		if (!add_one(wanted, profiles->items[i], CW_PHONE_PROFILE_MISSING, CW_LAYER_SIP))
			return false;
	return true;
}

/* the Expressway troubleshooting guide: "either the example.com or the alternative collab-edge.example.com" */
static bool add_domain(struct cw_wanted *wanted, const struct cw_domain *domain, bool srv)
{
	if (domain->edge == CW_EDGE_NONE)
		return true;
	struct cw_wanted_name name = {
		.names = {domain->name}, .mismatch = CW_EDGE_DOMAIN_MISSING, .layer = CW_LAYER_TLS};
	if (domain->edge != CW_EDGE_DNS) {
		if (!cw_strings_addf(&wanted->built, "collab-edge.%s", domain->name))
			return false;
		name.names[domain->edge == CW_EDGE_COLLAB_EDGE ? 0 : 1] =
			wanted->built.items[wanted->built.count - 1];
	}
	/* "Collaboration Edge TC-based Endpoints": they take the SRVName of the edge's record as well */
	if (srv) {
		if (!cw_strings_addf(&wanted->built, "_collab-edge._tls.%s", domain->name))
			return false;
		name.names[name.names[1] ? 2 : 1] = wanted->built.items[wanted->built.count - 1];
	}
	return add(wanted, name);
}

static bool add_domains(
	struct cw_wanted *wanted, const struct cw_deployment *deployment, const struct cw_endpoint *endpoint)
{
	for (size_t i = 0; i < deployment->domain_count; i++)
		if (endpoint->domains[i] &&
			!add_domain(
				wanted, &deployment->domains[i], endpoint->kind == CW_ENDPOINT_TELEPRESENCE))
			return false;
	return true;
}

bool cw_wanted_names(const struct cw_deployment *deployment, const struct cw_link_ends *ends,
	enum cw_link_names names, struct cw_wanted *ret)
{
	switch (names) {
	case CW_LINK_NAMES_NONE:
		return true;
	case CW_LINK_NAMES_ADDRESS:
		return add_one(ret, ends->address, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS);
	case CW_LINK_NAMES_VERIFY_NAME:
		return !ends->zone->tls_verify_name ||
			add_one(ret, ends->zone->tls_verify_name, CW_VERIFY_NAME_MISMATCH, CW_LAYER_TLS);
	case CW_LINK_NAMES_PROFILES:
		return add_profiles(ret, &ends->server.node->group->phone_profiles);
	case CW_LINK_NAMES_DOMAINS:
		return add_domains(ret, deployment, ends->client.endpoint);
	}
	return true;
}
