#include "lab/ca.h"

#include "base/file.h"
#include "base/lock.h"
#include "base/strings.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/error_mark.h"
#include "pki/key.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/stat.h>

/* --- the files of a CA --- */

#define INDEX_MAX (64 * 1024 * 1024) /* a line is about 100 bytes */

static char *path_of(const char *folder, const char *name, struct cw_error *error)
{
	char *path = cw_file_path(folder, name);
	if (!path)
		cw_error_memory(error);
	return path;
}

static bool exists(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
}

/*
 * The order of writes is index, key, certificate. A key beside an empty index and no certificate is what a command
 * left that was killed; any other key is somebody's, and stays.
 */
static bool check_free(
	const char *cert_path, const char *key_path, const char *index_path, struct cw_error *error)
{
	struct stat status;
	bool ours = stat(index_path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
	if (exists(cert_path))
		return cw_error_set(
			error, CW_E_USAGE, "%s: exists; wanted a folder that holds no CA yet", cert_path);
	if (exists(key_path) && !ours)
		return cw_error_set(error, CW_E_USAGE,
			"%s: exists, and is no key that an interrupted command left; wanted a folder that holds no CA yet",
			key_path);
	return true;
}

bool cw_ca_write(const char *folder, const struct cw_cert *cert, const EVP_PKEY *key, struct cw_error *error)
{
	AUTO_BUFFER pem = {0};
	AUTO(free) char *cert_path = path_of(folder, "ca.pem", error);
	AUTO(free) char *key_path = path_of(folder, "privkey.pem", error);
	AUTO(free) char *index_path = path_of(folder, "index", error);
	if (!cert_path || !key_path || !index_path)
		return false;
	if (!check_free(cert_path, key_path, index_path, error) || !cw_file_make_folder(folder, error))
		return false;
	cw_lock_sweep_beside(key_path); /* a key that a killed command had begun */
	return cw_pem_write_cert(&pem, cert, error) &&
		(exists(index_path) || cw_file_create(index_path, "", 0, 0644, error)) &&
		cw_pem_write_key(key_path, key, NULL, error) &&
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

static bool read_ca(const char *folder, struct cw_cert **ret_cert, EVP_PKEY **ret_key, struct cw_error *error)
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

static bool note(const char *folder, const struct cw_cert *cert, struct cw_error *error)
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

/* --- making and signing --- */

CW_DEFINE_AUTO(GENERAL_NAMES *, GENERAL_NAMES_free)

/* "Acme Root CA" becomes "CN=Acme Root CA"; what has an attribute already stays. */
static bool subject_text(const char *typed, struct cw_buffer *ret, struct cw_error *error)
{
	if (strchr(typed, '=')) {
		cw_buffer_text(ret, typed);
		return cw_buffer_ok(ret, error);
	}
	cw_buffer_text(ret, "CN=");
	for (; *typed; typed++)
		cw_buffer_printf(ret, "%s%c", *typed == ',' || *typed == '\\' ? "\\" : "", *typed);
	return cw_buffer_ok(ret, error);
}

/* Before the parent notes what it signs. */
static bool check_folder(const char *folder, struct cw_error *error)
{
	AUTO(free) char *cert_path = path_of(folder, "ca.pem", error);
	AUTO(free) char *key_path = path_of(folder, "privkey.pem", error);
	AUTO(free) char *index_path = path_of(folder, "index", error);
	return cert_path && key_path && index_path && check_free(cert_path, key_path, index_path, error);
}

bool cw_ca_new(const char *folder, const struct cw_ca_options *options, struct cw_error *error)
{
	AUTO(cw_cert_free) struct cw_cert *parent = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *parent_key = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER subject = {0};
	if (!subject_text(options->common_name, &subject, error) ||
		(options->parent && !read_ca(options->parent, &parent, &parent_key, error)) ||
		!cw_issue_key(options->key ? options->key : "rsa", &key, error))
		return false;
	const long usual = parent ? 1825 : 3650;
	long days = options->days ? options->days : usual;
	const struct cw_issue_spec spec = {
		.subject = cw_buffer_string(&subject),
		.not_before = options->at,
		.not_after = options->at + days * CW_DAY,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
	};
	/* Noted first: a command that is killed behind that can be given again. */
	return check_folder(folder, error) && cw_issue(&spec, key, parent, parent_key, &cert, error) &&
		(!options->parent || note(options->parent, cert, error)) &&
		cw_ca_write(folder, cert, key, error);
}

/* Bare names are host names or addresses, as a person types them. */
static bool typed_sans(const struct cw_ca_request *request, struct cw_buffer *ret, struct cw_error *error)
{
	for (size_t i = 0; i < request->san_count; i++) {
		const char *san = request->sans[i];
		unsigned char address[sizeof(struct in6_addr)];
		bool is_ip = inet_pton(AF_INET, san, address) == 1 || inet_pton(AF_INET6, san, address) == 1;
		bool is_bare = is_ip || !strchr(san, ':');
		cw_buffer_text(ret, i ? "," : "");
		if (is_bare)
			cw_buffer_text(ret, is_ip ? "IP:" : "DNS:");
		cw_buffer_text(ret, san);
	}
	return cw_buffer_ok(ret, error);
}

/* NULL in `*ret` where the request has none. */
static bool requested_sans(const struct cw_request *csr, GENERAL_NAMES **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	int critical = -1;
	*ret = X509_get_ext_d2i(cw_cert_x509(cw_request_shape(csr)), NID_subject_alt_name, &critical, NULL);
	/* -1: there is none; -2: more than one */
	if (!*ret && critical != -1)
		return cw_error_mark_report(
			&mark, error, CW_E_DER, "the alternative names of the request cannot be read");
	return true;
}

/* What each template makes of a request, whatever that asks for. */
static void apply_template(enum cw_ca_template template, const EVP_PKEY *key, struct cw_issue_spec *spec)
{
	static const struct {
		enum cw_issue_constraints constraints;
		const char *eku;
	} rows[] = {
		[CW_CA_BOTH] = {CW_ISSUE_END_ENTITY, "server, client"},
		[CW_CA_SERVER] = {CW_ISSUE_END_ENTITY, "server"},
		[CW_CA_CLIENT] = {CW_ISSUE_END_ENTITY, "client"},
		[CW_CA_CA] = {CW_ISSUE_CA, NULL},
		[CW_CA_NONE] = {CW_ISSUE_END_ENTITY, NULL},
	};
	uint32_t leaf_usage = KU_DIGITAL_SIGNATURE | (EVP_PKEY_is_a(key, "RSA") ? KU_KEY_ENCIPHERMENT : 0);
	spec->constraints = rows[template].constraints;
	spec->eku = rows[template].eku;
	spec->key_usage = template == CW_CA_CA ? KU_KEY_CERT_SIGN | KU_CRL_SIGN : leaf_usage;
}

bool cw_ca_sign(const struct cw_ca_request *request, const struct cw_request *csr, struct cw_cert **ret,
	struct cw_error *error)
{
	AUTO(cw_cert_free) struct cw_cert *ca = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *ca_key = NULL;
	AUTO(GENERAL_NAMES_free) GENERAL_NAMES *requested = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER sans = {0};
	EVP_PKEY *key = X509_REQ_get0_pubkey(cw_request_x509(csr));
	if (!cw_request_verified(csr))
		return cw_error_set(error, CW_E_CRYPTO, "the request is not signed with its own key");
	if (!read_ca(request->folder, &ca, &ca_key, error) || !typed_sans(request, &sans, error) ||
		!requested_sans(csr, &requested, error))
		return false;
	struct cw_issue_spec spec = {
		.subject_name = X509_REQ_get_subject_name(cw_request_x509(csr)),
		.not_before = request->at,
		.not_after = request->at + (request->days ? request->days : 365) * CW_DAY,
	};
	if (request->san_count)
		spec.sans = cw_buffer_string(&sans);
	else
		spec.san_names = requested;
	apply_template(request->template, key, &spec);
	if (!cw_issue(&spec, key, ca, ca_key, &cert, error) || !note(request->folder, cert, error))
		return false;
	*ret = TAKE(cert);
	return true;
}

bool cw_ca_template_from_name(const char *name, enum cw_ca_template *ret, struct cw_error *error)
{
	static const char *const names[] = {"both", "server", "client", "ca", "none"};
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*ret = i;
		return true;
	}
	return cw_error_set(
		error, CW_E_USAGE, "unknown template \"%s\"; wanted both, server, client, ca or none", name);
}
