#include "deployment_facts.h"

static const char *or_none(const char *text)
{
	return text ? text : "(none)";
}

static void put_strings(struct cw_buffer *ret, const char *what, const struct cw_strings *list)
{
	cw_buffer_printf(ret, " %s", what);
	for (size_t i = 0; i < list->count; i++)
		cw_buffer_printf(ret, " <%s>", list->items[i]);
	cw_buffer_text(ret, "\n");
}

static void put_sha256(struct cw_buffer *ret, const struct cw_cert *cert)
{
	if (cert)
		cw_buffer_hex(ret, cw_cert_sha256(cert), CW_SHA256_SIZE);
	cw_buffer_text(ret, "\n");
}

static void put_identity(struct cw_buffer *ret, const struct cw_identity *identity)
{
	cw_buffer_printf(ret, " identity %d %s %d +%zu key %d %s %s %s ", identity->state,
		or_none(identity->path), identity->format, identity->extra, identity->key,
		or_none(identity->key_path), or_none(identity->password_path),
		or_none(identity->key_password_path));
	put_sha256(ret, identity->leaf);
}

static void put_store(struct cw_buffer *ret, const struct cw_store *store)
{
	cw_buffer_printf(ret, " store %d fingerprints %d %s\n", store->state, store->has_fingerprints,
		or_none(store->password_path));
	put_strings(ret, "paths", &store->paths);
	put_strings(ret, "not PEM", &store->not_pem);
	put_strings(ret, "fingerprints", &store->fingerprint_paths);
	for (size_t i = 0; i < store->list.count; i++) {
		const struct cw_trust_entry *entry = &store->list.entries[i];
		cw_buffer_printf(ret, "  %s %zu ", entry->path, entry->number);
		put_sha256(ret, entry->cert);
	}
}

static void put_node(struct cw_buffer *ret, const struct cw_node *node)
{
	cw_buffer_printf(ret, "node %d %s publisher %d leaf only %d same as %s crls %zu\n", node->kind,
		node->fqdn, node->publisher, node->sends, node->same_as ? node->same_as->fqdn : "(none)",
		node->crls.count);
	put_strings(ret, "addresses", &node->addresses);
	put_strings(ret, "crl", &node->crl_paths);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		put_identity(ret, &node->identities[i]);
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		put_store(ret, &node->stores[i]);
}

static void put_group(struct cw_buffer *ret, const struct cw_group *group)
{
	char release[CW_RELEASE_TEXT_SIZE];
	cw_buffer_printf(ret, "group %d %s cluster %s %s switches %d %d %d %d %d %d %d %d %d %d %d %u\n",
		group->kind, group->name, or_none(group->cluster), cw_release_text(group->release, release),
		group->cucm_tls_verify, group->verify_origin_server, group->prefer, group->eku_check,
		group->server_eku_upload, group->revocation, group->revocation_unknown,
		group->revocation_missing_passes, group->cluster_tls_verify, group->secure_registration,
		group->sip_oauth, group->tunnel_keys);
	put_strings(ret, "profiles", &group->phone_profiles);
	for (size_t i = 0; i < group->count; i++)
		put_node(ret, group->nodes[i]);
}

static void put_zone(struct cw_buffer *ret, const struct cw_zone *zone)
{
	cw_buffer_printf(ret, "zone %s %s %s %u %s %s/%s %s/%s\n", zone->name, zone->c->name, zone->e->name,
		zone->port, or_none(zone->tls_verify_name), or_none(zone->on_c.username),
		or_none(zone->on_c.password), or_none(zone->on_e.username), or_none(zone->on_e.password));
	for (size_t i = 0; i < zone->peer_count; i++)
		cw_buffer_printf(ret, " peer %s of %s\n", zone->peers[i].address, zone->peers[i].node->fqdn);
}

void test_deployment_facts(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "name %s\n", deployment->name);
	for (size_t i = 0; i < deployment->domain_count; i++)
		cw_buffer_printf(
			ret, "domain %s %d\n", deployment->domains[i].name, deployment->domains[i].edge);
	put_strings(ret, "chat", &deployment->chat_aliases);
	put_strings(ret, "federation", &deployment->federation_domains);
	put_strings(ret, "profiles", &deployment->phone_profiles);
	for (size_t i = 0; i < deployment->group_count; i++)
		put_group(ret, deployment->groups[i]);
	for (size_t i = 0; i < deployment->zone_count; i++)
		put_zone(ret, &deployment->zones[i]);
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		cw_buffer_printf(ret, "endpoint %s %d profile %d %s for", endpoint->name, endpoint->kind,
			endpoint->sip, or_none(endpoint->profile));
		for (size_t j = 0; j < deployment->domain_count; j++)
			cw_buffer_printf(ret, " %d", endpoint->domains[j]);
		cw_buffer_text(ret, "\n");
		put_store(ret, &endpoint->trust);
	}
	if (deployment->front)
		put_node(ret, deployment->front);
}
