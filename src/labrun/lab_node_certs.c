#include "labrun/lab_node_certs.h"

#include "base/file.h"
#include "pki/bundle/pem_write.h"
#include "pki/crl.h"

#include <stdio.h>

bool cw_lab_node_certs_list(const struct cw_lab_folders_setup *setup, const struct cw_store *store,
	struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_trust_list *list = cw_stand_ins_list(setup->stand_ins, store);
	cw_buffer_text(ret, "");
	for (size_t i = 0; list && i < list->count; i++)
		if (!cw_pem_write_cert(ret, list->entries[i].cert, error))
			return false;
	return cw_buffer_ok(ret, error);
}

bool cw_lab_node_certs_put(const struct cw_lab_folders_setup *setup, const struct cw_identity *identity,
	struct cw_buffer *ret, struct cw_error *error)
{
	if (identity->state != CW_KNOWN)
		return true;
	return cw_pem_write_cert(ret, cw_stand_ins_of(setup->stand_ins, identity->leaf), error);
}

bool cw_lab_node_certs_crls(const struct cw_lab_folders_setup *setup, const struct cw_node *node,
	struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_crl_set *crls = cw_stand_ins_crls(setup->stand_ins, node);
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

bool cw_lab_node_certs_find_key(const struct cw_lab_folders_setup *setup, const struct cw_identity *identity,
	char **ret, struct cw_error *error)
{
	const char *typed = identity->key_path ? identity->key_path : identity->path;
	if (setup->copies_keys || identity->state != CW_KNOWN || !typed ||
		!cw_stand_ins_key_is_given(setup->stand_ins, identity->leaf))
		return true;
	AUTO(free) char *path = cw_file_path(setup->deployment->folder, typed);
	*ret = path ? realpath(path, NULL) : NULL;
	return *ret ? true : cw_error_set(error, CW_E_IO, "%s: cannot be found", typed);
}

bool cw_lab_node_certs_write_key(const struct cw_lab_folders_setup *setup, const char *folder,
	const char *name, const struct cw_identity *identity, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	return cw_pem_write_key(path, cw_stand_ins_key(setup->stand_ins, identity->leaf), NULL, error);
}

bool cw_lab_node_certs_write_both(const struct cw_lab_folders_setup *setup, const char *folder,
	const char *name, const struct cw_identity *identity, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	if (identity->state != CW_KNOWN)
		return true;
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path || !cw_lab_node_certs_write_key(setup, folder, name, identity, error) ||
		!cw_lab_node_certs_put(setup, identity, &pem, error))
		return path ? false : cw_error_memory(error);
	FILE *file = fopen(path, "a");
	bool good = file && fwrite(pem.data, 1, pem.length, file) == pem.length;
	if (file && fclose(file) != 0)
		good = false;
	return good ? true : cw_error_set(error, CW_E_IO, "%s: cannot be written", path);
}
