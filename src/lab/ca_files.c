#include "lab/ca_parts.h"

#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <sys/stat.h>

#define INDEX_MAX (64 * 1024 * 1024) /* a line is about 100 bytes */

static char *path_of(const char *folder, const char *name, struct cw_error *error)
{
	char *path = cw_file_path(folder, name);
	if (!path)
		cw_error_memory(error);
	return path;
}

bool cw_ca_write(const char *folder, const struct cw_cert *cert, const EVP_PKEY *key, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	AUTO(free) char *cert_path = path_of(folder, "ca.pem", error);
	AUTO(free) char *key_path = path_of(folder, "privkey.pem", error);
	AUTO(free) char *index_path = path_of(folder, "index", error);
	if (!cert_path || !key_path || !index_path)
		return false;
	struct stat status;
	if (stat(cert_path, &status) == 0)
		return cw_error_set(
			error, CW_E_USAGE, "%s: exists; wanted a folder that holds no CA yet", cert_path);
	return cw_file_make_folder(folder, error) && cw_pem_write_cert(&pem, cert, error) &&
		cw_pem_write_key(key_path, key, NULL, error) &&
		cw_file_create(index_path, "", 0, 0644, error) &&
		cw_file_write(cert_path, pem.data, pem.length, 0644, error);
}

static bool read_cert(const char *path, struct cw_cert **ret, struct cw_error *error)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	if (!pool)
		return cw_error_memory(error);
	if (!cw_bundle_read(path, path, NULL, pool, &bundle, error))
		return false;
	if (bundle.count != 1)
		return cw_error_set(error, CW_E_FORMAT, "%s: wanted the one certificate of a CA, found %zu",
			path, bundle.count);
	*ret = cw_cert_ref(bundle.entries[0].cert);
	return true;
}

bool cw_ca_read(const char *folder, struct cw_cert **ret_cert, EVP_PKEY **ret_key, struct cw_error *error)
{
	AUTO(free) char *cert_path = path_of(folder, "ca.pem", error);
	AUTO(free) char *key_path = path_of(folder, "privkey.pem", error);
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	if (!cert_path || !key_path || !read_cert(cert_path, &cert, error) ||
		!cw_key_read(key_path, NULL, &key, error))
		return false;
	if (!cw_key_fits(key, cert))
		return cw_error_set(error, CW_E_KEY, "%s: is not the key of %s", key_path, cert_path);
	*ret_cert = TAKE(cert);
	*ret_key = TAKE(key);
	return true;
}

bool cw_ca_note(const char *folder, const struct cw_cert *cert, struct cw_error *error)
{
	AUTO_BUFFER index = {0};
	char date[CW_TIME_TEXT_SIZE];
	AUTO(free) char *path = path_of(folder, "index", error);
	if (!path || !cw_file_read(path, INDEX_MAX, &index, error))
		return false;
	AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(cert));
	if (!serial)
		return cw_error_memory(error);
	cw_buffer_printf(&index, "%s\t%s\t%s\n", serial, cw_time_format_date(cw_cert_not_after(cert), date),
		cw_cert_subject_text(cert));
	return cw_buffer_ok(&index, error) && cw_file_write(path, index.data, index.length, 0644, error);
}
