#include "lab/export/lab_export_parts.h"

#include "pki/bundle/pem_write.h"

#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

/* As people save them: the host in front, and of CUCM one file for each entry. */
static bool write_bytes(const struct cw_lab_export *job, const struct cw_node *node, const char *name,
	const struct cw_identity *identity)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER bytes = {0};
	bool der = identity->format == CW_FORMAT_DER;
	cw_buffer_printf(&path, "%s_%s.%s", node->fqdn, name, der ? "cer" : "pem");
	return cw_buffer_ok(&path, job->error) && cw_lab_export_read(job, identity->path, &bytes) &&
		cw_lab_export_file(job, cw_buffer_string(&path), &bytes);
}

static bool write_identities(const struct cw_lab_export *job, const struct cw_node *node)
{
	static const char *const names[] = {
		"server", "client", "tomcat", "CallManager", "tomcat-ECDSA", "CallManager-ECDSA"};
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].state == CW_KNOWN &&
			!write_bytes(job, node, names[i], &node->identities[i]))
			return false;
	return true;
}

static bool write_key(const struct cw_lab_export *job, const struct cw_node *node)
{
	const char *typed = node->identities[CW_IDENTITY_SERVER].key_path;
	AUTO_BUFFER path = {0};
	AUTO_BUFFER bytes = {0};
	if (!typed)
		return true;
	cw_buffer_printf(&path, "%s_privkey.pem", node->fqdn);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_read(job, typed, &bytes) &&
		cw_lab_export_file(job, cw_buffer_string(&path), &bytes);
}

static bool write_list(const struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER list = {0};
	const struct cw_store *store = &node->stores[CW_STORE_TRUSTED_CA];
	if (store->state != CW_KNOWN)
		return true;
	cw_buffer_printf(&path, "%s_ca.pem", node->fqdn);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_list(job, store, &list) &&
		cw_lab_export_file(job, cw_buffer_string(&path), &list);
}

static bool write_entries(const struct cw_lab_export *job, const struct cw_node *node,
	enum cw_store_kind kind, const char *folder)
{
	const struct cw_store *store = &node->stores[kind];
	for (size_t i = 0; store->state == CW_KNOWN && i < store->list.count; i++) {
		AUTO_BUFFER path = {0};
		AUTO_BUFFER pem = {0};
		cw_buffer_printf(&path, "%s/%s/%zu.pem", node->fqdn, folder, i + 1);
		if (!cw_pem_write_cert(&pem, store->list.entries[i].cert, job->error) ||
			!cw_buffer_ok(&path, job->error) ||
			!cw_lab_export_file(job, cw_buffer_string(&path), &pem))
			return false;
	}
	return true;
}

static bool write_crls(const struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER pem = {0};
	for (size_t i = 0; i < node->crls.count; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(node->crls.items[i]), &der);
		bool fine =
			length > 0 && cw_pem_write_block(&pem, "X509 CRL", der, (size_t)length, job->error);
		OPENSSL_free(der);
		if (!fine)
			return length > 0 ? false : cw_error_memory(job->error);
	}
	cw_buffer_printf(&path, "%s_crl.pem", node->fqdn);
	return !node->crls.count || cw_lab_export_file(job, cw_buffer_string(&path), &pem);
}

bool cw_lab_export_loose(struct cw_lab_export *job, const struct cw_node *node)
{
	return write_identities(job, node) && write_key(job, node) && write_list(job, node) &&
		write_entries(job, node, CW_STORE_TOMCAT_TRUST, "tomcat-trust") &&
		write_entries(job, node, CW_STORE_CALLMANAGER_TRUST, "CallManager-trust") &&
		write_crls(job, node);
}
