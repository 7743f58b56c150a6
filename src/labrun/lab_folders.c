#include "labrun/lab_folders.h"

#include "base/file.h"
#include "base/random.h"
#include "model/presented.h"
#include "node/node_init.h"
#include "pki/bundle/pem_write.h"
#include "pki/crl.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define SECURITY_BYTES 16
#define UNKNOWN_CUCM \
	"tomcat: unknown, callmanager: unknown, tomcat-trust: unknown, callmanager-trust: unknown}\n"

struct making {
	const struct cw_lab_folders_setup *setup;
	struct cw_strings hosts; /* "name address" of every node */
	char security[CW_RANDOM_HEX_SIZE(
		SECURITY_BYTES)]; /* by which the nodes of a CUCM cluster know each other */
};

/* What one node's folder is made from. */
struct parts {
	struct cw_buffer server, client, trusted_ca, crl, tomcat_trust, callmanager_trust;
	struct cw_buffer more, node_more, others, before, after, zones;
	struct cw_strings peers;
	char *key_path, *client_key_path;
};

static void parts_finish(struct parts *parts)
{
	struct cw_buffer *const buffers[] = {&parts->server, &parts->client, &parts->trusted_ca, &parts->crl,
		&parts->tomcat_trust, &parts->callmanager_trust, &parts->more, &parts->node_more,
		&parts->others, &parts->before, &parts->after, &parts->zones};
	for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
		cw_buffer_finish(buffers[i]);
	cw_strings_finish(&parts->peers);
	free(parts->key_path);
	free(parts->client_key_path);
}

#define AUTO_PARTS __attribute__((cleanup(parts_finish))) struct parts

void cw_lab_folders_finish(struct cw_lab_folders *folders)
{
	for (size_t i = 0; i < folders->count; i++)
		free(folders->items[i].path);
	free(folders->items);
	*folders = (struct cw_lab_folders){0};
}

static bool runs(const struct cw_node *node)
{
	return cw_node_is_expressway(node) || node->kind == CW_NODE_CUCM;
}

/* --- names --- */

static bool add_host(struct making *making, const char *name, const char *address)
{
	for (size_t i = 0; i < making->hosts.count; i++)
		if (strncasecmp(making->hosts.items[i], name, strlen(name)) == 0 &&
			making->hosts.items[i][strlen(name)] == ' ')
			return true;
	return cw_strings_addf(&making->hosts, "%s %s", name, address);
}

static bool add_hosts(struct making *making, const struct cw_lab_folders *folders)
{
	const struct cw_deployment *deployment = making->setup->deployment;
	for (size_t i = 0; i < folders->count; i++) {
		const struct cw_lab_folder *folder = &folders->items[i];
		if (!add_host(making, folder->node->fqdn, folder->address))
			return false;
		for (size_t k = 0; k < folder->node->addresses.count; k++)
			if (!add_host(making, folder->node->addresses.items[k], folder->address))
				return false;
		for (size_t z = 0; z < deployment->zone_count; z++)
			for (size_t p = 0; p < deployment->zones[z].peer_count; p++)
				if (deployment->zones[z].peers[p].node == folder->node &&
					!add_host(making, deployment->zones[z].peers[p].address,
						folder->address))
					return false;
	}
	return true;
}

/* --- certificates, lists, keys --- */

static bool put_list(const struct making *making, const struct cw_store *store, struct cw_buffer *ret,
	struct cw_error *error)
{
	const struct cw_trust_list *list = cw_stand_ins_list(making->setup->stand_ins, store);
	cw_buffer_text(ret, "");
	for (size_t i = 0; list && i < list->count; i++)
		if (!cw_pem_write_cert(ret, list->entries[i].cert, error))
			return false;
	return cw_buffer_ok(ret, error);
}

static bool put_cert(const struct making *making, const struct cw_identity *identity, struct cw_buffer *ret,
	struct cw_error *error)
{
	if (identity->state != CW_KNOWN)
		return true;
	return cw_pem_write_cert(ret, cw_stand_ins_of(making->setup->stand_ins, identity->leaf), error);
}

static bool put_crls(const struct making *making, const struct cw_node *node, struct cw_buffer *ret,
	struct cw_error *error)
{
	const struct cw_crl_set *crls = cw_stand_ins_crls(making->setup->stand_ins, node);
	for (size_t i = 0; crls && i < crls->count; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(crls->items[i]), &der);
		if (length <= 0)
			return cw_error_memory(error);
		bool written = cw_pem_write_block(ret, "X509 CRL", der, (size_t)length, error);
		OPENSSL_free(der);
		if (!written)
			return false;
	}
	return true;
}

/* Where a private key of the deployment's own stands, absolute; NULL in `*ret`: it has none. */
static bool find_key(
	const struct making *making, const struct cw_identity *identity, char **ret, struct cw_error *error)
{
	const char *typed = identity->key_path ? identity->key_path : identity->path;
	if (making->setup->copies_keys || identity->state != CW_KNOWN || !typed ||
		!cw_stand_ins_key_is_given(making->setup->stand_ins, identity->leaf))
		return true;
	AUTO(free) char *path = cw_file_path(making->setup->deployment->folder, typed);
	*ret = path ? realpath(path, NULL) : NULL;
	return *ret ? true : cw_error_set(error, CW_E_IO, "%s: cannot be found", typed);
}

/* The stand-in's key, where there is no other. */
static bool write_key(const struct making *making, const char *folder, const char *name,
	const struct cw_identity *identity, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	return cw_pem_write_key(
		path, cw_stand_ins_key(making->setup->stand_ins, identity->leaf), NULL, error);
}

/* CUCM keeps certificate and key together here: the key first, then the certificate. */
static bool write_both(const struct making *making, const char *folder, const char *name,
	const struct cw_identity *identity, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	if (identity->state != CW_KNOWN)
		return true;
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path || !write_key(making, folder, name, identity, error) ||
		!put_cert(making, identity, &pem, error))
		return path ? false : cw_error_memory(error);
	FILE *file = fopen(path, "a");
	bool good = file && fwrite(pem.data, 1, pem.length, file) == pem.length;
	if (file && fclose(file) != 0)
		good = false;
	return good ? true : cw_error_set(error, CW_E_IO, "%s: cannot be written", path);
}

/* --- words of node.yaml --- */

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

static void put_tunnel_keys(unsigned keys, struct cw_buffer *ret)
{
	const char *comma = "";
	if (!keys)
		return;
	cw_buffer_text(ret, "  tunnel-key-algorithms: [");
	for (unsigned i = 0; i < CW_TUNNEL_KEY_COUNT; i++)
		if (keys & 1U << i) {
			cw_buffer_printf(ret, "%s%s", comma, cw_node_tunnel_key_name((enum cw_tunnel_key)i));
			comma = ", ";
		}
	cw_buffer_text(ret, "]\n");
}

static void put_settings(const struct cw_group *group, struct cw_buffer *ret)
{
	if (group->kind == CW_NODE_CUCM) {
		cw_buffer_printf(ret, "  secure-registration: %s\n",
			on_off(group->secure_registration == CW_SWITCH_ON));
		cw_buffer_printf(ret, "  sip-oauth: %s\n", on_off(group->sip_oauth));
		return;
	}
	if (group->kind == CW_NODE_EXPRESSWAY_C) {
		cw_buffer_printf(
			ret, "  cucm-tls-verify: %s\n", on_off(group->cucm_tls_verify == CW_SWITCH_ON));
		cw_buffer_printf(ret, "  verify-origin-server: %s\n", on_off(group->verify_origin_server));
	}
	cw_buffer_printf(ret, "  eku-check: %s\n", on_off(group->eku_check));
	cw_buffer_printf(ret, "  cluster-tls-verify: %s\n", group->cluster_tls_verify ? "on" : "permissive");
	put_tunnel_keys(group->tunnel_keys, ret);
	cw_buffer_printf(ret, "  revocation: %s\n", group->revocation ? "crl" : "off");
	cw_buffer_printf(
		ret, "  revocation-fallback: %s\n", group->revocation_missing_passes ? "ignore" : "fail");
}

static void put_profiles(
	const struct cw_deployment *deployment, const struct cw_group *group, struct cw_buffer *ret)
{
	const struct cw_strings *profiles =
		group->phone_profiles.count ? &group->phone_profiles : &deployment->phone_profiles;
	if (!profiles->count)
		return;
	cw_buffer_text(ret, "phone-profiles: [");
	for (size_t i = 0; i < profiles->count; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		cw_node_init_quote(ret, profiles->items[i]);
	}
	cw_buffer_text(ret, "]\n");
}

/* CUCM judges every Expressway-C that comes: it knows names and the release. */
static void put_expressway_c(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		char release[CW_RELEASE_TEXT_SIZE];
		if (group->kind != CW_NODE_EXPRESSWAY_C)
			continue;
		cw_buffer_printf(
			ret, "expressway-c:\n  release: %s\n", cw_release_text(group->release, release));
		cw_buffer_printf(ret, "  cucm-tls-verify: %s\n  nodes:\n",
			on_off(group->cucm_tls_verify == CW_SWITCH_ON));
		for (size_t k = 0; k < group->count; k++)
			cw_buffer_printf(ret, "    - {fqdn: %s, server: unknown, trusted-ca: unknown}\n",
				group->nodes[k]->fqdn);
		return;
	}
}

/* Expressway-C knows the names of the CUCM nodes that it was given. */
static void put_cucm(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->kind != CW_NODE_CUCM)
			continue;
		cw_buffer_text(ret, "cucm:\n");
		put_settings(group, ret);
		cw_buffer_text(ret, "  nodes:\n");
		for (size_t k = 0; k < group->count; k++) {
			const struct cw_node *node = group->nodes[k];
			cw_buffer_printf(ret, "    - {fqdn: %s, ", node->fqdn);
			if (node->addresses.count)
				cw_buffer_printf(ret, "address: %s, ", node->addresses.items[0]);
			cw_buffer_text(ret, UNKNOWN_CUCM);
		}
		return;
	}
}

static void put_domains(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	if (!deployment->domain_count)
		return;
	cw_buffer_text(ret, "domains: [");
	for (size_t i = 0; i < deployment->domain_count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", deployment->domains[i].name);
	cw_buffer_text(ret, "]\n");
}

/* What counts for the whole file. */
static void put_file_words(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "apply: restart\n");
}

static void put_node_words(const struct cw_node *node, struct cw_buffer *ret)
{
	for (size_t i = 0; i < node->addresses.count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "      address: [", node->addresses.items[i]);
	if (node->addresses.count)
		cw_buffer_text(ret, "]\n");
	if (node->publisher)
		cw_buffer_text(ret, "      publisher: on\n");
	if (node->sends == CW_SENDS_LEAF)
		cw_buffer_text(ret, "      sends: leaf\n");
	if (node->sends == CW_SENDS_FILE)
		cw_buffer_text(ret, "      sends: file\n");
}

/* Of the others of its cluster a node knows the names. */
static void put_peers(const struct cw_node *node, struct parts *parts)
{
	struct cw_buffer *ret = &parts->before;
	for (size_t i = 0; i < node->group->count; i++) {
		const struct cw_node *other = node->group->nodes[i];
		if (other == node) {
			ret = &parts->after;
			continue;
		}
		cw_buffer_printf(ret, "    - {fqdn: %s, ", other->fqdn);
		if (other->publisher)
			cw_buffer_text(ret, "publisher: on, ");
		if (other->addresses.count)
			cw_buffer_printf(ret, "address: %s, ", other->addresses.items[0]);
		if (other->kind == CW_NODE_CUCM)
			cw_buffer_text(ret, UNKNOWN_CUCM);
		else
			cw_buffer_text(ret, "server: unknown, trusted-ca: unknown}\n");
	}
}

/* --- the zone --- */

static const struct cw_zone *zone_of(const struct cw_deployment *deployment, const struct cw_node *node)
{
	for (size_t i = 0; i < deployment->zone_count; i++)
		if (deployment->zones[i].c == node->group || deployment->zones[i].e == node->group)
			return &deployment->zones[i];
	return NULL;
}

static size_t count_zones(const struct cw_deployment *deployment, const struct cw_node *node)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->zone_count; i++)
		count += deployment->zones[i].c == node->group || deployment->zones[i].e == node->group;
	return count;
}

/* What one side does not give is not judged: then both say the same. */
static const char *given(const char *own, const char *other)
{
	if (own)
		return own;
	return other ? other : "traversal";
}

static void put_quoted(struct cw_buffer *ret, const char *key, const char *text)
{
	if (!text)
		return;
	cw_buffer_printf(ret, ", %s: ", key);
	cw_node_init_quote(ret, text);
}

/* A cluster at the other end of a zone: names. */
static void put_other_cluster(const struct cw_group *group, struct cw_buffer *ret)
{
	char release[CW_RELEASE_TEXT_SIZE];
	cw_buffer_text(ret, "  - name: ");
	cw_node_init_quote(ret, group->name);
	cw_buffer_printf(ret, "\n    release: %s\n    nodes:\n", cw_release_text(group->release, release));
	for (size_t i = 0; i < group->count; i++) {
		const struct cw_node *node = group->nodes[i];
		cw_buffer_printf(ret, "      - {fqdn: %s, ", node->fqdn);
		for (size_t k = 0; k < node->addresses.count; k++)
			cw_buffer_printf(ret, "%s%s", k ? ", " : "address: [", node->addresses.items[k]);
		if (node->addresses.count)
			cw_buffer_text(ret, "], ");
		cw_buffer_text(ret, "server: unknown, trusted-ca: unknown}\n");
	}
}

/* Expressway-E knows of its peers' addresses its own. */
static void put_zone_peers(const struct cw_zone *zone, const struct cw_node *node, struct cw_buffer *ret)
{
	bool any = false;
	cw_buffer_text(ret, ", peers: [");
	for (size_t i = 0; i < zone->peer_count; i++) {
		if (zone->e == node->group && zone->peers[i].node != node)
			continue;
		cw_buffer_text(ret, any ? ", " : "");
		cw_node_init_quote(ret, zone->peers[i].address);
		any = true;
	}
	if (!any)
		cw_node_init_quote(ret, node->fqdn);
	cw_buffer_char(ret, ']');
}

static void put_zone(const struct cw_zone *zone, const struct cw_node *node, struct cw_buffer *ret)
{
	bool c = zone->c == node->group;
	const struct cw_credentials *own = c ? &zone->on_c : &zone->on_e;
	const struct cw_credentials *other = c ? &zone->on_e : &zone->on_c;
	cw_buffer_text(ret, "  - {name: ");
	cw_node_init_quote(ret, zone->name);
	if (c)
		put_quoted(ret, "e", zone->e->name);
	else
		put_quoted(ret, "c", zone->c->name);
	cw_buffer_printf(ret, ", port: %u", zone->port);
	put_zone_peers(zone, node, ret);
	put_quoted(ret, "tls-verify-name", zone->tls_verify_name);
	put_quoted(ret, "username", given(own->username, other->username));
	put_quoted(ret, "password", given(own->password, other->password));
	cw_buffer_text(ret, "}\n");
}

/* The long form: other clusters by their names, and a list of zones. */
static void put_zones(const struct cw_deployment *deployment, const struct cw_node *node, struct parts *parts)
{
	bool c = node->kind == CW_NODE_EXPRESSWAY_C;
	cw_buffer_text(&parts->others, c ? "expressway-e:\n" : "expressway-c:\n");
	cw_buffer_text(&parts->zones, "zones:\n");
	for (size_t i = 0; i < deployment->zone_count; i++) {
		const struct cw_zone *zone = &deployment->zones[i];
		const struct cw_group *other = c ? zone->e : zone->c;
		bool told = false;
		if (zone->c != node->group && zone->e != node->group)
			continue;
		for (size_t k = 0; k < i; k++)
			told |= deployment->zones[k].c == zone->c && deployment->zones[k].e == zone->e;
		if (!told)
			put_other_cluster(other, &parts->others);
		put_zone(zone, node, &parts->zones);
	}
}

static bool set_zone(const struct cw_zone *zone, bool c, struct cw_node_init *init, struct parts *parts)
{
	const struct cw_credentials *own = c ? &zone->on_c : &zone->on_e;
	const struct cw_credentials *other = c ? &zone->on_e : &zone->on_c;
	init->username = given(own->username, other->username);
	init->password = given(own->password, other->password);
	init->tls_verify_name = zone->tls_verify_name;
	init->port = zone->port;
	init->peers = &parts->peers;
	for (size_t i = 0; i < zone->peer_count; i++)
		if (!cw_strings_add(&parts->peers, zone->peers[i].address))
			return false;
	return true;
}

/* --- one node --- */

static const char *text_or_none(const struct cw_buffer *buffer)
{
	return buffer->length ? cw_buffer_string(buffer) : NULL;
}

static bool make_expressway(const struct making *making, struct cw_node_init *init,
	const struct cw_node *node, struct cw_error *error)
{
	AUTO_PARTS parts = {0};
	const struct cw_deployment *deployment = making->setup->deployment;
	const struct cw_identity *server = &node->identities[CW_IDENTITY_SERVER],
				 *client = &node->identities[CW_IDENTITY_CLIENT];
	const struct cw_zone *zone = zone_of(deployment, node);
	char release[CW_RELEASE_TEXT_SIZE];
	if (zone && !set_zone(zone, node->kind == CW_NODE_EXPRESSWAY_C, init, &parts))
		return cw_error_memory(error);
	if (!put_cert(making, server, &parts.server, error) ||
		!put_cert(making, client, &parts.client, error) ||
		!put_list(making, &node->stores[CW_STORE_TRUSTED_CA], &parts.trusted_ca, error) ||
		!put_crls(making, node, &parts.crl, error) ||
		!find_key(making, server, &parts.key_path, error) ||
		!find_key(making, client, &parts.client_key_path, error))
		return false;
	put_settings(node->group, &parts.more);
	put_node_words(node, &parts.node_more);
	put_peers(node, &parts);
	put_domains(deployment, &parts.others);
	put_file_words(&parts.others);
	if (count_zones(deployment, node) > 1) {
		put_zones(deployment, node, &parts);
		init->zones = cw_buffer_string(&parts.zones);
	}
	if (node->kind == CW_NODE_EXPRESSWAY_C)
		put_cucm(deployment, &parts.others);
	init->release = cw_release_text(node->group->release, release);
	init->cluster = node->group->cluster;
	init->more = cw_buffer_string(&parts.more);
	init->node_more = cw_buffer_string(&parts.node_more);
	init->others = cw_buffer_string(&parts.others);
	init->before = cw_buffer_string(&parts.before);
	init->after = cw_buffer_string(&parts.after);
	init->server = cw_buffer_string(&parts.server);
	init->client = text_or_none(&parts.client);
	init->trusted_ca = cw_buffer_string(&parts.trusted_ca);
	init->crl = text_or_none(&parts.crl);
	init->key_path = parts.key_path;
	init->client_key_path = parts.client_key_path;
	return cw_node_init(init, error) &&
		(parts.key_path || write_key(making, init->folder, "certs/server.key", server, error)) &&
		(parts.client_key_path || client->state != CW_KNOWN ||
			write_key(making, init->folder, "certs/client.key", client, error));
}

/* A stand-in of CUCM shows one certificate a port: of two twins the one that Expressway-C would be shown. */
static const struct cw_identity *shown(const struct making *making, const struct cw_node *node,
	enum cw_identity_kind kind, enum cw_identity_kind twin)
{
	const struct cw_deployment *deployment = making->setup->deployment;
	bool ecdsa = false;
	for (size_t i = 0; i < deployment->group_count && !ecdsa; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->kind != CW_NODE_EXPRESSWAY_C)
			continue;
		ecdsa = group->prefer == CW_PREFER_ECDSA ||
			(group->prefer == CW_PREFER_BY_RELEASE &&
				cw_release_row(group->release)->prefers_ecdsa);
	}
	bool has_twin = node->identities[twin].state == CW_KNOWN;
	bool has_one = node->identities[kind].state == CW_KNOWN;
	return &node->identities[has_twin && (ecdsa || !has_one) ? twin : kind];
}

static bool make_cucm(const struct making *making, struct cw_node_init *init, const struct cw_node *node,
	struct cw_error *error)
{
	AUTO_PARTS parts = {0};
	const struct cw_identity *tomcat = shown(making, node, CW_IDENTITY_TOMCAT, CW_IDENTITY_TOMCAT_ECDSA);
	const struct cw_identity *callmanager =
		shown(making, node, CW_IDENTITY_CALLMANAGER, CW_IDENTITY_CALLMANAGER_ECDSA);
	if (!put_list(making, &node->stores[CW_STORE_TOMCAT_TRUST], &parts.tomcat_trust, error) ||
		!put_list(making, &node->stores[CW_STORE_CALLMANAGER_TRUST], &parts.callmanager_trust, error))
		return false;
	put_settings(node->group, &parts.more);
	put_node_words(node, &parts.node_more);
	put_peers(node, &parts);
	put_file_words(&parts.others);
	if (node->group->count > 1)
		init->security_password = making->security;
	put_expressway_c(making->setup->deployment, &parts.others);
	put_profiles(making->setup->deployment, node->group, &parts.others);
	init->more = cw_buffer_string(&parts.more);
	init->node_more = cw_buffer_string(&parts.node_more);
	init->others = cw_buffer_string(&parts.others);
	init->before = cw_buffer_string(&parts.before);
	init->after = cw_buffer_string(&parts.after);
	init->tomcat = tomcat->state == CW_KNOWN ? "" : NULL;
	init->callmanager = callmanager->state == CW_KNOWN ? "" : NULL;
	init->tomcat_trust = cw_buffer_string(&parts.tomcat_trust);
	init->callmanager_trust = cw_buffer_string(&parts.callmanager_trust);
	return cw_node_init(init, error) &&
		write_both(making, init->folder, "certs/tomcat.pem", tomcat, error) &&
		write_both(making, init->folder, "certs/CallManager.pem", callmanager, error);
}

/* A certificate that is not known, or cannot be given a stand-in, cannot be shown. */
static bool can_show(const struct making *making, const struct cw_node *node, char trouble[300])
{
	bool any = false;
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_identity *identity = &node->identities[i];
		if (identity->state != CW_KNOWN)
			continue;
		const char *why = cw_stand_ins_trouble(making->setup->stand_ins, identity->leaf);
		if (why)
			snprintf(trouble, 300, "no stand-in of %.80s can be made: %.150s",
				cw_cert_label(identity->leaf), why);
		any |= !why;
	}
	if (!any && !*trouble)
		snprintf(trouble, 300, "its certificate is not known");
	return !*trouble;
}

static bool make_folder(const struct making *making, struct cw_lab_folder *folder, struct cw_error *error)
{
	const struct cw_node *node = folder->node;
	struct cw_node_init init = {.folder = folder->path,
		.role = node->kind,
		.fqdn = node->fqdn,
		.hosts = &making->hosts,
		.listen = folder->address};
	if (!can_show(making, node, folder->trouble))
		return true;
	bool made = node->kind == CW_NODE_CUCM ? make_cucm(making, &init, node, error)
					       : make_expressway(making, &init, node, error);
	return made ? true : cw_error_prefix(error, "%s", node->fqdn);
}

/* --- all of them --- */

static size_t count_nodes(const struct cw_deployment *deployment)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		count += deployment->groups[i]->count;
	return count;
}

static bool place_nodes(const struct cw_lab_folders_setup *setup, struct cw_lab_folders *ret)
{
	const struct cw_deployment *deployment = setup->deployment;
	ret->items = calloc(count_nodes(deployment) + 1, sizeof *ret->items);
	for (size_t i = 0; ret->items && i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++) {
			const struct cw_node *node = deployment->groups[i]->nodes[k];
			if (!runs(node))
				continue;
			struct cw_lab_folder *folder = &ret->items[ret->count];
			const struct sockaddr_in address =
				cw_loopback_address(setup->loopback, ret->count, 0);
			folder->node = node;
			folder->path = cw_file_path(setup->folder, node->fqdn);
			inet_ntop(AF_INET, &address.sin_addr, folder->address, sizeof folder->address);
			if (!folder->path)
				return false;
			ret->count++;
		}
	return ret->items != NULL;
}

bool cw_lab_folders_make(
	const struct cw_lab_folders_setup *setup, struct cw_lab_folders *ret, struct cw_error *error)
{
	struct making making = {.setup = setup};
	struct cw_lab_folders folders = {0};
	cw_random_hex(SECURITY_BYTES, making.security);
	bool made = (place_nodes(setup, &folders) && add_hosts(&making, &folders)) || cw_error_memory(error);
	if (made && folders.count > CW_LOOPBACK_HOSTS)
		made = cw_error_set(error, CW_E_LIMIT, "more than %d nodes", CW_LOOPBACK_HOSTS);
	for (size_t i = 0; made && i < folders.count; i++)
		made = make_folder(&making, &folders.items[i], error);
	cw_strings_finish(&making.hosts);
	if (!made) {
		cw_lab_folders_finish(&folders);
		return false;
	}
	*ret = folders;
	return true;
}
