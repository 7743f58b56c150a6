#include "import/describe.h"

#include "config/deployment_keys.h"
#include "import/describe_parts.h"
#include "model/release.h"
#include "pki/bundle/pem_write.h"

#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void cw_describe_files_finish(struct cw_describe_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->items[i].path);
		cw_buffer_finish(&files->items[i].data);
	}
	free(files->items);
	*files = (struct cw_describe_files){0};
}

static enum cw_node_kind kind_of(enum cw_imported_role role)
{
	static const enum cw_node_kind kinds[] = {CW_NODE_FRONT, CW_NODE_EXPRESSWAY_C, CW_NODE_EXPRESSWAY_E,
		CW_NODE_CUCM, CW_NODE_IMP, CW_NODE_UNITY};
	return kinds[role];
}

bool cw_describe_knows(enum cw_imported_role role, const char *key)
{
	const struct cw_schema *schema = cw_deployment_keys_group(kind_of(role));
	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->keys[i].name, key) == 0)
			return true;
	return false;
}

/* --- comments --- */

void cw_describe_comment(
	const struct cw_describe *describe, size_t source, size_t line, struct cw_buffer *ret)
{
	AUTO_BUFFER place = {0};
	cw_imported_place(describe->imported, source, line, &place);
	const char *name = strrchr(cw_buffer_string(&place), '/');
	cw_buffer_text(ret, name ? name + 1 : cw_buffer_string(&place));
	ret->failed |= place.failed;
}

void cw_describe_value(const struct cw_describe *describe, struct cw_document *map, const char *key,
	const char *text, const struct cw_imported_value *from)
{
	AUTO_BUFFER comment = {0};
	cw_describe_comment(describe, from->source, from->line, &comment);
	cw_document_set(map, key, text, cw_buffer_string(&comment));
}

static void add_values(const struct cw_describe *describe, struct cw_document *map, const char *key,
	const struct cw_imported_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		AUTO_BUFFER comment = {0};
		cw_describe_comment(describe, values->items[i].source, values->items[i].line, &comment);
		cw_document_add(map, key, values->items[i].text, cw_buffer_string(&comment));
	}
}

/* --- files --- */

static struct cw_buffer *new_file(struct cw_describe *describe, const char *path)
{
	struct cw_describe_files *files = describe->files;
	char *copy = strdup(path);
	if (!copy || !cw_memory_grow(&files->items, &files->capacity, files->count, sizeof *files->items)) {
		free(copy);
		return NULL;
	}
	files->items[files->count] = (struct cw_describe_file){.path = copy};
	return &files->items[files->count++].data;
}

static bool append_certs(const struct cw_imported_certs *certs, struct cw_buffer *ret, struct cw_error *error)
{
	if (certs->der && certs->count == 1) {
		size_t length;
		const uint8_t *der = cw_cert_der(certs->items[0], &length);
		cw_buffer_append(ret, der, length);
		return cw_buffer_ok(ret, error);
	}
	for (size_t i = 0; i < certs->count; i++)
		if (!cw_pem_write_cert(ret, certs->items[i], error))
			return false;
	cw_buffer_text(ret, "");
	return cw_buffer_ok(ret, error);
}

static bool write_certs(struct cw_describe *describe, struct cw_document *node, const char *key,
	const char *file, const struct cw_imported_certs *certs, struct cw_error *error)
{
	AUTO_BUFFER comment = {0};
	struct cw_buffer *data = new_file(describe, file);
	if (!data)
		return cw_error_memory(error);
	cw_describe_comment(describe, certs->source, 0, &comment);
	cw_document_set(node, key, file, cw_buffer_string(&comment));
	return append_certs(certs, data, error);
}

/* Entries whose order on the box nobody knows: a folder with a file for each, and neither numbers nor an order.txt. */
static bool write_folder(struct cw_describe *describe, struct cw_document *node, const char *key,
	const char *folder, const struct cw_imported_certs *certs, struct cw_error *error)
{
	AUTO_BUFFER comment = {0};
	cw_describe_comment(describe, certs->source, 0, &comment);
	cw_buffer_text(&comment, " and others; their order on the box is not known");
	cw_document_set(node, key, folder, cw_buffer_string(&comment));
	for (size_t i = 0; i < certs->count; i++) {
		char path[600];
		snprintf(path, sizeof path, "%s/%.16s.pem", folder, cw_cert_sha256_text(certs->items[i]));
		struct cw_buffer *data = new_file(describe, path);
		if (!data)
			return cw_error_memory(error);
		if (!cw_pem_write_cert(data, certs->items[i], error))
			return false;
	}
	return true;
}

static bool write_crls(struct cw_describe *describe, struct cw_document *node,
	const struct cw_imported_box *box, const char *folder, struct cw_error *error)
{
	char path[600];
	snprintf(path, sizeof path, "%s/crl.pem", folder);
	struct cw_buffer *data = new_file(describe, path);
	if (!data)
		return cw_error_memory(error);
	for (size_t i = 0; i < box->crls.count; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(box->crls.items[i]), &der);
		bool fine = length > 0 && cw_pem_write_block(data, "X509 CRL", der, (size_t)length, error);
		OPENSSL_free(der);
		if (!fine)
			return length > 0 ? false : cw_error_memory(error);
	}
	struct cw_imported_value from = {.source = box->crls.source};
	cw_describe_value(describe, node, "crl", path, &from);
	return true;
}

/* --- nodes --- */

static bool has_identity(enum cw_imported_role role, enum cw_imported_identity identity)
{
	bool expressway = role == CW_IMPORTED_C || role == CW_IMPORTED_E;
	if (identity == CW_IMPORTED_SERVER || identity == CW_IMPORTED_CLIENT)
		return expressway;
	if (identity == CW_IMPORTED_TOMCAT || identity == CW_IMPORTED_TOMCAT_ECDSA)
		return !expressway;
	return role == CW_IMPORTED_CUCM;
}

/* What every such node has: where no source gives it, it is unknown. */
static bool always_there(enum cw_imported_identity identity)
{
	return identity == CW_IMPORTED_SERVER || identity == CW_IMPORTED_TOMCAT ||
		identity == CW_IMPORTED_CALLMANAGER;
}

static bool describe_identity(struct cw_describe *describe, struct cw_document *node,
	const struct cw_imported_box *box, enum cw_imported_identity kind, struct cw_error *error)
{
	static const char *const files[] = {
		"server", "client", "tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA"};
	const struct cw_imported_certs *certs = &box->identities[kind];
	char path[600];
	if (!has_identity(box->role, kind))
		return true;
	if (!certs->known) {
		if (always_there(kind))
			cw_document_set(node, cw_imported_identity_key(kind), "unknown", "in no source");
		return true;
	}
	snprintf(path, sizeof path, "%s/%s.%s", box->fqdn, files[kind], certs->der ? "cer" : "pem");
	return write_certs(describe, node, cw_imported_identity_key(kind), path, certs, error);
}

static bool has_store(enum cw_imported_role role, enum cw_imported_store store)
{
	bool expressway = role == CW_IMPORTED_C || role == CW_IMPORTED_E;
	if (store == CW_IMPORTED_TRUSTED_CA)
		return expressway;
	return store == CW_IMPORTED_TOMCAT_TRUST ? !expressway : role == CW_IMPORTED_CUCM;
}

static bool describe_store(struct cw_describe *describe, struct cw_document *node,
	const struct cw_imported_box *box, enum cw_imported_store kind, struct cw_error *error)
{
	static const char *const files[] = {"ca", "tomcat-trust", "CallManager-trust"};
	const struct cw_imported_certs *certs = &box->stores[kind];
	const char *key = cw_imported_store_key(kind);
	char path[600];
	if (!has_store(box->role, kind))
		return true;
	if (!certs->known || certs->partial) {
		cw_document_set(node, key, "unknown", certs->known ? "only in part" : "in no source");
		return true;
	}
	if (certs->unordered && kind == CW_IMPORTED_TRUSTED_CA && certs->count > 1) {
		snprintf(path, sizeof path, "%s/%s", box->fqdn, files[kind]);
		return write_folder(describe, node, key, path, certs, error);
	}
	snprintf(path, sizeof path, "%s/%s.pem", box->fqdn, files[kind]);
	return write_certs(describe, node, key, path, certs, error);
}

/* Somebody's zone has it as typed: only then it matters here. */
static bool is_peer(const struct cw_imported *imported, const char *address)
{
	for (size_t i = 0; i < imported->link_count; i++)
		if (imported->links[i].on_c &&
			cw_imported_values_contain(&imported->links[i].on_c->peers, address))
			return true;
	return false;
}

static void describe_addresses(
	struct cw_describe *describe, struct cw_document *node, const struct cw_imported_box *box)
{
	if (box->role != CW_IMPORTED_C && box->role != CW_IMPORTED_E) {
		/* The first address of a voice node is the one that C connects to. */
		if (box->reached.text && strcasecmp(box->reached.text, box->fqdn) != 0)
			cw_describe_value(describe, node, "address", box->reached.text, &box->reached);
		return;
	}
	for (size_t i = 0; i < box->addresses.count; i++) {
		const struct cw_imported_value *address = &box->addresses.items[i];
		AUTO_BUFFER comment = {0};
		if (strcasecmp(address->text, box->fqdn) == 0 || !is_peer(describe->imported, address->text))
			continue;
		cw_describe_comment(describe, address->source, address->line, &comment);
		cw_document_add(node, "address", address->text, cw_buffer_string(&comment));
	}
}

/* A box that checks CRLs has some; where no source holds them, they are not known. */
static bool describe_crls(struct cw_describe *describe, struct cw_document *node,
	const struct cw_imported_box *box, struct cw_error *error)
{
	if (box->role != CW_IMPORTED_C && box->role != CW_IMPORTED_E)
		return true;
	if (box->crls.count)
		return write_crls(describe, node, box, box->fqdn, error);
	if (cw_describe_checks_crls(describe->imported, box->group))
		cw_document_set(node, "crl", "unknown", "the box checks them; they are in no source (asked)");
	return true;
}

static bool describe_node(struct cw_describe *describe, struct cw_document *nodes,
	const struct cw_imported_box *box, struct cw_error *error)
{
	struct cw_document *node = cw_document_child(nodes, box->fqdn, CW_DOCUMENT_MAP);
	cw_describe_value(describe, node, "fqdn", box->fqdn, &box->name);
	if (box->publisher && box->role == CW_IMPORTED_CUCM)
		cw_document_set(node, "publisher", "on", NULL);
	describe_addresses(describe, node, box);
	for (unsigned i = 0; i < CW_IMPORTED_IDENTITIES; i++)
		if (!describe_identity(describe, node, box, i, error))
			return false;
	for (unsigned i = 0; i < CW_IMPORTED_STORES; i++)
		if (!describe_store(describe, node, box, i, error))
			return false;
	return describe_crls(describe, node, box, error);
}

/* --- groups --- */

static size_t groups_of(const struct cw_imported *imported, enum cw_imported_role role)
{
	size_t count = 0;
	for (size_t i = 0; i < imported->group_count; i++)
		count += imported->groups[i].role == role;
	return count;
}

/* The cluster's first label, else that of its first node; a second one of that name gets a number. */
void cw_describe_group_name(const struct cw_imported *imported, size_t group, struct cw_buffer *ret)
{
	const char *name = imported->groups[group].cluster.text;
	for (size_t i = 0; !name && i < imported->box_count; i++)
		if (imported->boxes[i].group == group)
			name = imported->boxes[i].fqdn;
	if (!name)
		name = "cluster";
	cw_buffer_append(ret, name, strcspn(name, "."));
	for (size_t i = 0; i < group; i++) {
		AUTO_BUFFER other = {0};
		if (imported->groups[i].role != imported->groups[group].role)
			continue;
		cw_describe_group_name(imported, i, &other);
		if (!other.failed && strcmp(cw_buffer_string(&other), cw_buffer_string(ret)) == 0)
			cw_buffer_printf(ret, "-%zu", group);
	}
}

static struct cw_document *group_document(struct cw_describe *describe, size_t group)
{
	enum cw_imported_role role = describe->imported->groups[group].role;
	const char *key = cw_imported_role_key(role);
	AUTO_BUFFER name = {0};
	if (groups_of(describe->imported, role) == 1)
		return cw_document_child(describe->root, key, CW_DOCUMENT_MAP);
	cw_describe_group_name(describe->imported, group, &name);
	struct cw_document *list = cw_document_child(describe->root, key, CW_DOCUMENT_ITEMS);
	struct cw_document *item = cw_document_child(list, cw_buffer_string(&name), CW_DOCUMENT_MAP);
	cw_document_set(item, "name", cw_buffer_string(&name), NULL);
	return item;
}

static bool describe_group(struct cw_describe *describe, size_t group, struct cw_error *error)
{
	const struct cw_imported *imported = describe->imported;
	struct cw_document *map = group_document(describe, group);
	cw_describe_settings(describe, group, map);
	struct cw_document *nodes = cw_document_child(map, "nodes", CW_DOCUMENT_ITEMS);
	for (unsigned round = 0; round < 2; round++) /* publishers first */
		for (size_t i = 0; i < imported->box_count; i++)
			if (imported->boxes[i].group == group &&
				imported->boxes[i].publisher == (round == 0) &&
				!describe_node(describe, nodes, &imported->boxes[i], error))
				return false;
	return true;
}

static bool describe_role(struct cw_describe *describe, enum cw_imported_role role, struct cw_error *error)
{
	for (size_t i = 0; i < describe->imported->group_count; i++)
		if (describe->imported->groups[i].role == role && !describe_group(describe, i, error))
			return false;
	return true;
}

/* One of each kind: what is judged is the kind and what it trusts, not the single device. */
static void describe_endpoints(struct cw_describe *describe)
{
	const struct cw_imported_values *kinds = &describe->imported->endpoints;
	if (!kinds->count)
		return;
	struct cw_document *list = cw_document_child(describe->root, "endpoints", CW_DOCUMENT_ITEMS);
	for (size_t i = 0; i < kinds->count; i++) {
		const struct cw_imported_value *kind = &kinds->items[i];
		struct cw_document *endpoint = cw_document_child(list, kind->text, CW_DOCUMENT_MAP);
		cw_document_set(endpoint, "name", kind->text, NULL);
		cw_describe_value(describe, endpoint, "kind", kind->text, kind);
		cw_document_set(endpoint, "trust", "unknown", "asked");
	}
}

static bool failed(const struct cw_document *document)
{
	if (document->failed)
		return true;
	for (size_t i = 0; i < document->count; i++)
		if (failed(document->children[i]))
			return true;
	return false;
}

bool cw_describe_run(const struct cw_imported *imported, struct cw_document **ret,
	struct cw_describe_files *files, struct cw_error *error)
{
	AUTO(cw_document_free) struct cw_document *root = cw_document_new();
	struct cw_describe describe = {imported, root, files};
	if (!root)
		return cw_error_memory(error);
	cw_document_set(root, "causeway", "1", NULL);
	add_values(&describe, root, "domains", &imported->domains);
	add_values(&describe, root, "federation-domains", &imported->federation_domains);
	add_values(&describe, root, "phone-profiles", &imported->phone_profiles);
	for (unsigned role = CW_IMPORTED_C; role < CW_IMPORTED_ROLES; role++)
		if (!describe_role(&describe, role, error))
			return false;
	cw_describe_zones(&describe);
	describe_endpoints(&describe);
	if (failed(root))
		return cw_error_memory(error);
	*ret = TAKE(root);
	return true;
}
