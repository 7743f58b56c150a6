#include "model/node.h"

#include <string.h>

bool cw_node_sends_file(const struct cw_node *node)
{
	return node->sends == CW_SENDS_FILE || (node->sends == CW_SENDS_AUTO && node->kind == CW_NODE_FRONT);
}

static void identity_finish(struct cw_identity *identity)
{
	for (size_t i = 0; identity->others && i < identity->extra; i++)
		cw_cert_free(identity->others[i]);
	free(identity->others);
	cw_strings_finish(&identity->notes);
	cw_cert_free(identity->leaf);
	EVP_PKEY_free(identity->private_key);
	free(identity->path);
	free(identity->key_path);
	free(identity->password_path);
	free(identity->key_password_path);
}

void cw_node_store_finish(struct cw_store *store)
{
	cw_trust_list_finish(&store->list);
	cw_strings_finish(&store->paths);
	cw_strings_finish(&store->not_pem);
	cw_strings_finish(&store->notes);
	cw_strings_finish(&store->fingerprint_paths);
	free(store->password_path);
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
		cw_node_store_finish(&node->stores[i]);
	for (size_t i = 0; i < node->crls.count; i++)
		cw_crl_free(node->crls.items[i]);
	free(node->crls.items);
	cw_strings_finish(&node->crl_paths);
	free(node);
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

const char *cw_node_identity_name(enum cw_identity_kind kind)
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

const char *cw_node_store_name(enum cw_store_kind kind)
{
	static const char *const names[CW_STORE_KIND_COUNT] = {
		[CW_STORE_TRUSTED_CA] = "trusted-ca",
		[CW_STORE_TOMCAT_TRUST] = "tomcat-trust",
		[CW_STORE_CALLMANAGER_TRUST] = "callmanager-trust",
		[CW_STORE_TRUST] = "trust",
	};
	return names[kind];
}

static const struct {
	const char *name;
	const char *curve; /* NULL: RSA */
} tunnel_keys[CW_TUNNEL_KEY_COUNT] = {
	[CW_TUNNEL_KEY_RSA] = {"RSA", NULL},
	[CW_TUNNEL_KEY_NISTP256] = {"nistp256", "prime256v1"},
	[CW_TUNNEL_KEY_NISTP384] = {"nistp384", "secp384r1"},
	[CW_TUNNEL_KEY_NISTP521] = {"nistp521", "secp521r1"},
};

const char *cw_node_tunnel_key_name(enum cw_tunnel_key key)
{
	return tunnel_keys[key].name;
}

enum cw_tunnel_key cw_node_tunnel_key(const struct cw_key_info *key)
{
	if (key->kind == CW_KEY_RSA)
		return CW_TUNNEL_KEY_RSA;
	int i = CW_TUNNEL_KEY_NISTP256;
	while (i < CW_TUNNEL_KEY_COUNT &&
		!(key->kind == CW_KEY_EC && key->curve && strcmp(key->curve, tunnel_keys[i].curve) == 0))
		i++;
	return (enum cw_tunnel_key)i;
}

const char *cw_node_address(const struct cw_node *node)
{
	return node->addresses.count ? node->addresses.items[0] : node->fqdn;
}

bool cw_node_is_expressway(const struct cw_node *node)
{
	return node && (node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E);
}
