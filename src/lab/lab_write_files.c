#include "lab/lab_write.h"

#include "base/file.h"
#include "base/lock.h"
#include "lab/ca.h"
#include "lab/lab_realise.h"
#include "pki/bundle/pem_write.h"

char *cw_lab_write_identity_file(const struct cw_lab_plan_node *node, enum cw_identity_kind kind)
{
	static const char *const names[CW_IDENTITY_KIND_COUNT] = {
		[CW_IDENTITY_SERVER] = "server",
		[CW_IDENTITY_TOMCAT] = "tomcat",
		[CW_IDENTITY_CALLMANAGER] = "CallManager",
		[CW_IDENTITY_TOMCAT_ECDSA] = "tomcat-ECDSA",
	};
	AUTO_BUFFER file = {0};
	cw_buffer_printf(
		&file, "%s/%s.%s", node->name, names[kind], node->identities[kind].der ? "cer" : "pem");
	return cw_buffer_steal(&file);
}

/* Makes the folder of the file as well. */
static bool write_file(
	const char *folder, const char *name, const struct cw_buffer *content, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	AUTO(free) char *parent = path ? cw_file_folder(path) : NULL;
	if (!parent)
		return cw_error_memory(error);
	/* What stands there is of the same command, killed: a lab has a folder of its own (lab.c). */
	return cw_file_make_folder(parent, error) && cw_file_remove(path, error) &&
		cw_file_create(path, content->data, content->length, 0644, error);
}

static bool append_identity(
	const struct cw_lab_identity *identity, struct cw_buffer *ret, struct cw_error *error)
{
	if (identity->der) {
		size_t length;
		const uint8_t *der = cw_cert_der(identity->cert->cert, &length);
		cw_buffer_append(ret, der, length);
		return cw_buffer_ok(ret, error);
	}
	const struct cw_lab_plan_cert *cert = identity->cert;
	do {
		if (!cw_pem_write_cert(ret, cert->cert, error))
			return false;
		cert = cert->issuer;
	} while (cert && identity->with_chain);
	return true;
}

static bool write_key(const char *folder, const struct cw_lab_plan_node *node, struct cw_error *error)
{
	const struct cw_lab_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	AUTO_BUFFER name = {0};
	cw_buffer_printf(&name, "%s/privkey.pem", node->name);
	if (!cw_buffer_ok(&name, error))
		return false;
	AUTO(free) char *path = cw_file_path(folder, cw_buffer_string(&name));
	if (!path)
		return cw_error_memory(error);
	cw_lock_sweep_beside(path); /* a key that a killed command had begun */
	return cw_pem_write_key(
		path, identity->key_of ? identity->key_of->key : identity->cert->key, NULL, error);
}

/* The real boxes hand out no keys; an Expressway's can be had as root (the seed), CUCM's never. */
static bool write_identities(const char *folder, const struct cw_lab_plan_node *node, struct cw_error *error)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		if (!node->identities[kind].cert || node->identities[kind].unknown)
			continue;
		AUTO_BUFFER content = {0};
		AUTO(free) char *file = cw_lab_write_identity_file(node, kind);
		if (!file)
			return cw_error_memory(error);
		if (!append_identity(&node->identities[kind], &content, error) ||
			!write_file(folder, file, &content, error))
			return false;
	}
	return !node->identities[CW_IDENTITY_SERVER].cert || write_key(folder, node, error);
}

/* As some tools pad it to a block's length; OpenSSL reads it without a word. */
static bool append_padded(const struct cw_cert *cert, struct cw_buffer *ret, struct cw_error *error)
{
	static const char zeros[3];
	AUTO_BUFFER der = {0};
	size_t length;
	const uint8_t *bytes = cw_cert_der(cert, &length);
	cw_buffer_append(&der, bytes, length);
	cw_buffer_append(&der, zeros, sizeof zeros);
	return cw_buffer_ok(&der, error) &&
		cw_pem_write_block(ret, "CERTIFICATE", (const uint8_t *)der.data, der.length, error);
}

static bool write_store(const char *folder, const struct cw_lab_store *store, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	if (store->padded && store->count && !append_padded(store->items[0]->cert, &content, error))
		return false;
	for (size_t i = store->padded; i < store->count; i++)
		if (!cw_pem_write_cert(&content, store->items[i]->cert, error))
			return false;
	return write_file(folder, store->file, &content, error);
}

static bool write_crls(const struct cw_lab_plan *plan, const char *folder,
	const struct cw_lab_plan_node *node, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	AUTO_BUFFER name = {0};
	cw_buffer_printf(&name, "%s/crl.pem", node->name);
	for (size_t i = 0; i < plan->crl_count; i++) {
		AUTO_BUFFER der = {0};
		if (plan->crls[i].left_out)
			continue;
		if (!cw_lab_realise_crl(plan, &plan->crls[i], &der, error) ||
			!cw_pem_write_block(&content, "X509 CRL", der.data, der.length, error))
			return false;
	}
	return cw_buffer_ok(&name, error) && write_file(folder, cw_buffer_string(&name), &content, error);
}

static bool write_node(const struct cw_lab_plan *plan, const char *folder,
	const struct cw_lab_plan_group *group, const struct cw_lab_plan_node *node, struct cw_error *error)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && !node->same_as; i++)
		if (node->stores[i] && !write_store(folder, node->stores[i], error))
			return false;
	return write_identities(folder, node, error) &&
		(!group->revocation || write_crls(plan, folder, node, error));
}

static bool write_endpoints(const struct cw_lab_plan *plan, const char *folder, struct cw_error *error)
{
	for (size_t i = 0; i < plan->endpoint_count; i++) {
		bool written = false;
		for (size_t j = 0; j < i; j++)
			written |= plan->endpoints[j].trust == plan->endpoints[i].trust;
		if (!written && !write_store(folder, plan->endpoints[i].trust, error))
			return false;
	}
	return true;
}

/* So that what a fault broke can be signed again with `causeway ca sign`. */
static bool write_authorities(const struct cw_lab_plan *plan, const char *folder, struct cw_error *error)
{
	for (size_t i = 0; i < plan->cert_count; i++) {
		if (plan->certs[i]->spec.constraints != CW_ISSUE_CA)
			continue;
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, "ca/%s", plan->certs[i]->id);
		if (!cw_buffer_ok(&name, error))
			return false;
		AUTO(free) char *path = cw_file_path(folder, cw_buffer_string(&name));
		if (!path)
			return cw_error_memory(error);
		AUTO(free) char *cert_path = cw_file_path(path, "ca.pem");
		if (!cert_path)
			return cw_error_memory(error);
		if (!cw_file_remove(cert_path, error) ||
			!cw_ca_write(path, plan->certs[i]->cert, plan->certs[i]->key, error))
			return false;
	}
	return true;
}

bool cw_lab_write_files(const struct cw_lab_plan *plan, const char *folder, struct cw_error *error)
{
	for (size_t i = 0; i < plan->group_count; i++)
		for (size_t j = 0; j < plan->groups[i]->count; j++)
			if (!write_node(plan, folder, plan->groups[i], plan->groups[i]->nodes[j], error))
				return false;
	return write_endpoints(plan, folder, error) && write_authorities(plan, folder, error);
}
