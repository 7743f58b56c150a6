#include "lab/ca.h"

#include "base/strings.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "lab/ca_parts.h"
#include "pki/error_mark.h"
#include "pki/key.h"

#include <arpa/inet.h>
#include <string.h>

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

bool cw_ca_new(const char *folder, const struct cw_ca_options *options, struct cw_error *error)
{
	AUTO(cw_cert_free) struct cw_cert *parent = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *parent_key = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER subject = {0};
	if (!subject_text(options->common_name, &subject, error) ||
		(options->parent && !cw_ca_read(options->parent, &parent, &parent_key, error)) ||
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
	return cw_issue(&spec, key, parent, parent_key, &cert, error) &&
		cw_ca_write(folder, cert, key, error) &&
		(!options->parent || cw_ca_note(options->parent, cert, error));
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
	if (!cw_ca_read(request->folder, &ca, &ca_key, error) || !typed_sans(request, &sans, error) ||
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
	if (!cw_issue(&spec, key, ca, ca_key, &cert, error) || !cw_ca_note(request->folder, cert, error))
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
