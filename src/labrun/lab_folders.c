#include "labrun/lab_folders.h"

#include "base/file.h"
#include "base/random.h"
#include "labrun/lab_node_certs.h"
#include "labrun/lab_node_words.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define SECURITY_BYTES 16
struct making {
	const struct cw_lab_folders_setup *setup;
	struct cw_strings hosts; /* "name address" of every node */
	char security[CW_RANDOM_HEX_SIZE(
		SECURITY_BYTES)]; /* by which the nodes of a CUCM cluster know each other */
};

/* What one node's folder is made from. */
struct parts {
	struct cw_buffer server, client, trusted_ca, crl, tomcat_trust, callmanager_trust;
	struct cw_lab_node_words words;
	char *key_path, *client_key_path;
};

static void parts_finish(struct parts *parts)
{
	struct cw_buffer *const buffers[] = {&parts->server, &parts->client, &parts->trusted_ca, &parts->crl,
		&parts->tomcat_trust, &parts->callmanager_trust};
	for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
		cw_buffer_finish(buffers[i]);
	cw_lab_node_words_finish(&parts->words);
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

/* --- one node --- */

static const char *text_or_none(const struct cw_buffer *buffer)
{
	return buffer->length ? cw_buffer_string(buffer) : NULL;
}

static bool make_expressway(const struct making *making, struct cw_node_init *init,
	const struct cw_node *node, struct cw_error *error)
{
	AUTO_PARTS parts = {0};
	const struct cw_lab_folders_setup *setup = making->setup;
	const struct cw_identity *server = &node->identities[CW_IDENTITY_SERVER],
				 *client = &node->identities[CW_IDENTITY_CLIENT];
	if (!cw_lab_node_certs_put(setup, server, &parts.server, error) ||
		!cw_lab_node_certs_put(setup, client, &parts.client, error) ||
		!cw_lab_node_certs_list(
			setup, &node->stores[CW_STORE_TRUSTED_CA], &parts.trusted_ca, error) ||
		!cw_lab_node_certs_crls(setup, node, &parts.crl, error) ||
		!cw_lab_node_certs_find_key(setup, server, &parts.key_path, error) ||
		!cw_lab_node_certs_find_key(setup, client, &parts.client_key_path, error) ||
		!cw_lab_node_words_put(setup->deployment, node, &parts.words, init, error))
		return false;
	init->server = cw_buffer_string(&parts.server);
	init->client = text_or_none(&parts.client);
	init->trusted_ca = cw_buffer_string(&parts.trusted_ca);
	init->crl = text_or_none(&parts.crl);
	init->key_path = parts.key_path;
	init->client_key_path = parts.client_key_path;
	return cw_node_init(init, error) &&
		(parts.key_path ||
			cw_lab_node_certs_write_key(
				setup, init->folder, "certs/server.key", server, error)) &&
		(parts.client_key_path || client->state != CW_KNOWN ||
			cw_lab_node_certs_write_key(setup, init->folder, "certs/client.key", client, error));
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
	const struct cw_lab_folders_setup *setup = making->setup;
	const struct cw_identity *tomcat = shown(making, node, CW_IDENTITY_TOMCAT, CW_IDENTITY_TOMCAT_ECDSA);
	const struct cw_identity *callmanager =
		shown(making, node, CW_IDENTITY_CALLMANAGER, CW_IDENTITY_CALLMANAGER_ECDSA);
	if (!cw_lab_node_certs_list(
		    setup, &node->stores[CW_STORE_TOMCAT_TRUST], &parts.tomcat_trust, error) ||
		!cw_lab_node_certs_list(
			setup, &node->stores[CW_STORE_CALLMANAGER_TRUST], &parts.callmanager_trust, error) ||
		!cw_lab_node_words_put(setup->deployment, node, &parts.words, init, error))
		return false;
	if (node->group->count > 1)
		init->security_password = making->security;
	init->tomcat = tomcat->state == CW_KNOWN ? "" : NULL;
	init->callmanager = callmanager->state == CW_KNOWN ? "" : NULL;
	init->tomcat_trust = cw_buffer_string(&parts.tomcat_trust);
	init->callmanager_trust = cw_buffer_string(&parts.callmanager_trust);
	return cw_node_init(init, error) &&
		cw_lab_node_certs_write_both(setup, init->folder, "certs/tomcat.pem", tomcat, error) &&
		cw_lab_node_certs_write_both(
			setup, init->folder, "certs/CallManager.pem", callmanager, error);
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
