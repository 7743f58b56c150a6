#include "issue/issue.h"

#include "issue/issue_extensions.h"
#include "issue/issue_name.h"
#include "issue/issue_parts.h"
#include "pki/error_mark.h"

#include <openssl/rand.h>
#include <string.h>

#define SERIAL_SIZE 16

CW_DEFINE_AUTO(X509 *, X509_free)
CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)
CW_DEFINE_AUTO(ASN1_OCTET_STRING *, ASN1_OCTET_STRING_free)

/* Positive, and never shorter: 0x40 to 0x7f in front. */
static bool random_serial(ASN1_INTEGER **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	unsigned char bytes[SERIAL_SIZE];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "no random numbers");
	bytes[0] = (unsigned char)((bytes[0] & 0x3f) | 0x40);
	AUTO(ASN1_INTEGER_free) ASN1_INTEGER *made = ASN1_INTEGER_new();
	if (!made || !ASN1_STRING_set(made, bytes, sizeof bytes))
		return cw_error_memory(error);
	*ret = TAKE(made);
	return true;
}

static bool set_serial(X509 *cert, const char *hex, struct cw_error *error)
{
	AUTO(ASN1_INTEGER_free) ASN1_INTEGER *serial = NULL;
	if (!(hex ? cw_issue_integer(hex, &serial, error) : random_serial(&serial, error)))
		return false;
	return X509_set_serialNumber(cert, serial) ? true : cw_error_memory(error);
}

/* "YYMMDDhhmmssZ" without its seconds. */
static bool take_seconds(ASN1_TIME *date)
{
	int length = ASN1_STRING_length(date);
	char text[32];
	if (length < 5 || (size_t)length >= sizeof text)
		return true;
	memcpy(text, ASN1_STRING_get0_data(date), (size_t)length - 3);
	text[length - 3] = 'Z';
	return ASN1_STRING_set(date, text, length - 2) == 1;
}

static bool set_dates(X509 *cert, const struct cw_issue_spec *spec, struct cw_error *error)
{
	AUTO(ASN1_TIME_free) ASN1_TIME *from = NULL;
	AUTO(ASN1_TIME_free) ASN1_TIME *until = NULL;
	if (!cw_issue_time(spec->not_before, &from, error) || !cw_issue_time(spec->not_after, &until, error))
		return false;
	if (spec->end_lacks_seconds && !take_seconds(until))
		return cw_error_memory(error);
	return X509_set1_notBefore(cert, from) && X509_set1_notAfter(cert, until) ? true
										  : cw_error_memory(error);
}

static bool set_names(
	X509 *cert, const struct cw_issue_spec *spec, const X509 *issuer, struct cw_error *error)
{
	AUTO(X509_NAME_free) X509_NAME *subject = NULL;
	AUTO(X509_NAME_free) X509_NAME *stated = NULL;
	if (!cw_issue_name(spec->subject, &subject, error) || !cw_issue_name(spec->issuer, &stated, error))
		return false;
	const X509_NAME *name = spec->subject_name ? spec->subject_name : subject;
	const X509_NAME *issuer_name = issuer ? X509_get_subject_name(issuer) : name;
	if (spec->issuer)
		issuer_name = stated;
	return X509_set_subject_name(cert, name) && X509_set_issuer_name(cert, issuer_name)
		? true
		: cw_error_memory(error);
}

/* RFC 5280 §4.2.1.2, method (1). */
static bool add_subject_key_id(X509 *cert, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	unsigned char sha1[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	AUTO(ASN1_OCTET_STRING_free) ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	if (!value || X509_pubkey_digest(cert, EVP_sha1(), sha1, &length) != 1 ||
		!ASN1_OCTET_STRING_set(value, sha1, (int)length) ||
		X509_add1_ext_i2d(cert, NID_subject_key_identifier, value, 0, X509V3_ADD_APPEND) != 1)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot add the subject key identifier");
	return true;
}

static bool add_authority_key_id(
	X509 *cert, const struct cw_issue_spec *spec, const X509 *issuer, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	bool always = spec->authority_key_id == CW_ISSUE_KEY_ID_ALWAYS;
	if (spec->authority_key_id == CW_ISSUE_KEY_ID_NONE || (!issuer && !always))
		return true;
	AUTO(AUTHORITY_KEYID_free) AUTHORITY_KEYID *value = NULL;
	bool wrong = spec->authority_key_id == CW_ISSUE_KEY_ID_WRONG;
	if (!cw_issue_authority(issuer && !wrong ? issuer : cert, always || wrong, &value, error))
		return false;
	if (value && X509_add1_ext_i2d(cert, NID_authority_key_identifier, value, 0, X509V3_ADD_APPEND) != 1)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot add the authority key identifier");
	return true;
}

static bool add_extensions(
	X509 *cert, const struct cw_issue_spec *spec, const X509 *issuer, struct cw_error *error)
{
	AUTO(cw_issue_extensions_free) X509_EXTENSIONS *extensions = NULL;
	if (!cw_issue_extensions(spec, &extensions, error))
		return false;
	for (int i = 0; i < X509v3_get_ext_count(extensions); i++)
		if (!X509_add_ext(cert, X509v3_get_ext(extensions, i), -1))
			return cw_error_memory(error);
	if (!spec->no_subject_key_id && !add_subject_key_id(cert, error))
		return false;
	return add_authority_key_id(cert, spec, issuer, error);
}

/* Everything but the signature. */
static bool describe(X509 *cert, const struct cw_issue_spec *spec, EVP_PKEY *key, const X509 *issuer,
	struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	if (!X509_set_version(cert, spec->version_1 ? X509_VERSION_1 : X509_VERSION_3) ||
		!X509_set_pubkey(cert, key))
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot put this key into a certificate");
	return set_serial(cert, spec->serial, error) && set_dates(cert, spec, error) &&
		set_names(cert, spec, issuer, error) &&
		(spec->version_1 || add_extensions(cert, spec, issuer, error));
}

bool cw_issue_der(const struct cw_issue_spec *spec, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	EVP_PKEY *signer = issuer ? issuer_key : key;
	const EVP_MD *digest;
	AUTO(X509_free) X509 *cert = X509_new();
	if (!cert)
		return cw_error_memory(error);
	if (!cw_issue_digest(spec->digest, signer, &digest, error) ||
		!describe(cert, spec, key, issuer, error))
		return false;
	if (X509_sign(cert, signer, digest) <= 0)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO,
			"cannot sign the certificate of \"%s\"", spec->subject ? spec->subject : "");
	unsigned char *der = NULL;
	int length = i2d_X509(cert, &der);
	if (length <= 0)
		return cw_error_memory(error);
	bool appended = cw_issue_append(der, length, spec->corrupt_signature, ret, error);
	OPENSSL_free(der);
	return appended;
}

bool cw_issue(const struct cw_issue_spec *spec, EVP_PKEY *key, const struct cw_cert *issuer,
	EVP_PKEY *issuer_key, struct cw_cert **ret, struct cw_error *error)
{
	AUTO_BUFFER der = {0};
	if (!cw_issue_der(spec, key, issuer ? cw_cert_x509(issuer) : NULL, issuer_key, &der, error))
		return false;
	return cw_cert_parse((const uint8_t *)der.data, der.length, ret, error);
}
