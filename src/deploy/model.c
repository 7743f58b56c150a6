#include "deploy/model.h"

#include <string.h>
#include <strings.h>

static void identity_finish(struct cw_identity *identity)
{
	cw_cert_free(identity->leaf);
	EVP_PKEY_free(identity->private_key);
	free(identity->path);
	free(identity->key_path);
}

static void store_finish(struct cw_store *store)
{
	cw_trust_list_finish(&store->list);
	cw_strings_finish(&store->paths);
	cw_strings_finish(&store->not_pem);
}

void cw_node_free(struct cw_node *node)
{
	if (!node)
		return;
	free(node->fqdn);
	cw_strings_finish(&node->addresses);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		identity_finish(&node->identities[i]);
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		store_finish(&node->stores[i]);
	for (size_t i = 0; i < node->crls.count; i++)
		cw_crl_free(node->crls.items[i]);
	free(node->crls.items);
	free(node);
}

static void group_free(struct cw_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		cw_node_free(group->nodes[i]);
	free(group->nodes);
	free(group->name);
	free(group->cluster);
	cw_strings_finish(&group->phone_profiles);
	free(group);
}

static void credentials_finish(struct cw_credentials *credentials)
{
	free(credentials->username);
	if (credentials->password)
		explicit_bzero(credentials->password, strlen(credentials->password));
	free(credentials->password);
}

void cw_zone_finish(struct cw_zone *zone)
{
	free(zone->name);
	for (size_t i = 0; i < zone->peer_count; i++)
		free(zone->peers[i].address);
	free(zone->peers);
	free(zone->tls_verify_name);
	credentials_finish(&zone->on_c);
	credentials_finish(&zone->on_e);
}

static void endpoint_finish(struct cw_endpoint *endpoint)
{
	free(endpoint->name);
	store_finish(&endpoint->trust);
	free(endpoint->domains);
}

void cw_deployment_free(struct cw_deployment *deployment)
{
	if (!deployment)
		return;
	free(deployment->name);
	free(deployment->path);
	free(deployment->folder);
	for (size_t i = 0; i < deployment->domain_count; i++)
		free(deployment->domains[i].name);
	free(deployment->domains);
	cw_strings_finish(&deployment->chat_aliases);
	cw_strings_finish(&deployment->federation_domains);
	cw_strings_finish(&deployment->phone_profiles);
	for (size_t i = 0; i < deployment->group_count; i++)
		group_free(deployment->groups[i]);
	free(deployment->groups);
	for (size_t i = 0; i < deployment->zone_count; i++)
		cw_zone_finish(&deployment->zones[i]);
	free(deployment->zones);
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		endpoint_finish(&deployment->endpoints[i]);
	free(deployment->endpoints);
	cw_node_free(deployment->front);
	free(deployment);
}

const char *cw_node_kind_name(enum cw_node_kind kind)
{
	static const char *const names[CW_NODE_KIND_COUNT] = {
		[CW_NODE_EXPRESSWAY_C] = "expressway-c",
		[CW_NODE_EXPRESSWAY_E] = "expressway-e",
		[CW_NODE_CUCM] = "cucm",
		[CW_NODE_IMP] = "imp",
		[CW_NODE_UNITY] = "unity",
		[CW_NODE_FRONT] = "front",
	};
	return names[kind];
}

const char *cw_identity_name(enum cw_identity_kind kind)
{
	static const char *const names[CW_IDENTITY_KIND_COUNT] = {
		[CW_IDENTITY_SERVER] = "server",
		[CW_IDENTITY_CLIENT] = "client",
		[CW_IDENTITY_TOMCAT] = "tomcat",
		[CW_IDENTITY_CALLMANAGER] = "callmanager",
		[CW_IDENTITY_TOMCAT_ECDSA] = "tomcat-ecdsa",
		[CW_IDENTITY_CALLMANAGER_ECDSA] = "callmanager-ecdsa",
	};
	return names[kind];
}

const char *cw_store_name(enum cw_store_kind kind)
{
	static const char *const names[CW_STORE_KIND_COUNT] = {
		[CW_STORE_TRUSTED_CA] = "trusted-ca",
		[CW_STORE_TOMCAT_TRUST] = "tomcat-trust",
		[CW_STORE_CALLMANAGER_TRUST] = "callmanager-trust",
		[CW_STORE_TRUST] = "trust",
	};
	return names[kind];
}

const char *cw_endpoint_kind_name(enum cw_endpoint_kind kind)
{
	static const char *const names[] = {
		[CW_ENDPOINT_JABBER] = "jabber",
		[CW_ENDPOINT_TELEPRESENCE] = "telepresence",
		[CW_ENDPOINT_PHONE_7800] = "phone-7800",
		[CW_ENDPOINT_PHONE_8800] = "phone-8800",
	};
	return names[kind];
}

const char *cw_node_address(const struct cw_node *node)
{
	return node->addresses.count ? node->addresses.items[0] : node->fqdn;
}

struct cw_node *cw_deployment_node(const struct cw_deployment *deployment, const char *fqdn)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		for (size_t j = 0; j < group->count; j++)
			if (strcasecmp(group->nodes[j]->fqdn, fqdn) == 0)
				return group->nodes[j];
	}
	bool front = deployment->front && strcasecmp(deployment->front->fqdn, fqdn) == 0;
	return front ? deployment->front : NULL;
}
