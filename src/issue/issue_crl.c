#include "issue/issue.h"
#include "issue/issue_parts.h"
#include "pki/error_mark.h"

#include <openssl/bn.h>
#include <string.h>

CW_DEFINE_AUTO(X509_CRL *, X509_CRL_free)
CW_DEFINE_AUTO(X509_REVOKED *, X509_REVOKED_free)
CW_DEFINE_AUTO(BIGNUM *, BN_free)

static bool add_revoked(X509_CRL *crl, const char *serial, const ASN1_TIME *when, struct cw_error *error)
{
	AUTO(ASN1_INTEGER_free) ASN1_INTEGER *number = NULL;
	if (!cw_issue_integer(serial, &number, error))
		return false;
	AUTO(X509_REVOKED_free) X509_REVOKED *revoked = X509_REVOKED_new();
	if (!revoked || !X509_REVOKED_set_serialNumber(revoked, number) ||
		!X509_REVOKED_set_revocationDate(revoked, (ASN1_TIME *)when) ||
		!X509_CRL_add0_revoked(crl, revoked))
		return cw_error_memory(error);
	revoked = NULL;
	return true;
}

static bool add_all_revoked(X509_CRL *crl, const char *serials, struct cw_error *error)
{
	AUTO_STRINGS list = {0};
	if (!cw_issue_list(serials, &list))
		return cw_error_memory(error);
	for (size_t i = 0; i < list.count; i++)
		if (!add_revoked(crl, list.items[i], X509_CRL_get0_lastUpdate(crl), error))
			return false;
	X509_CRL_sort(crl);
	return true;
}

static bool set_dates(X509_CRL *crl, const struct cw_issue_crl_spec *spec, struct cw_error *error)
{
	AUTO(ASN1_TIME_free) ASN1_TIME *from = NULL;
	AUTO(ASN1_TIME_free) ASN1_TIME *until = NULL;
	if (!cw_issue_time(spec->this_update, &from, error) ||
		(spec->next_update && !cw_issue_time(spec->next_update, &until, error)))
		return false;
	return X509_CRL_set1_lastUpdate(crl, from) && (!until || X509_CRL_set1_nextUpdate(crl, until))
		? true
		: cw_error_memory(error);
}

static bool add_extensions(
	X509_CRL *crl, const struct cw_issue_crl_spec *spec, const X509 *issuer, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(AUTHORITY_KEYID_free) AUTHORITY_KEYID *authority = NULL;
	if (!cw_issue_authority(issuer, true, &authority, error))
		return false;
	AUTO(ASN1_INTEGER_free) ASN1_INTEGER *number = ASN1_INTEGER_new();
	if (!number || !ASN1_INTEGER_set_uint64(number, spec->number) ||
		X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, authority, 0, X509V3_ADD_APPEND) !=
			1 ||
		X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, X509V3_ADD_APPEND) != 1)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot make the extensions of the CRL");
	return true;
}

bool cw_issue_crl_der(const struct cw_issue_crl_spec *spec, const X509 *issuer, EVP_PKEY *issuer_key,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const EVP_MD *digest;
	AUTO(X509_CRL_free) X509_CRL *crl = X509_CRL_new();
	if (!crl || !X509_CRL_set_version(crl, X509_CRL_VERSION_2) ||
		!X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)))
		return cw_error_memory(error);
	if (!cw_issue_digest(spec->digest, issuer_key, &digest, error) || !set_dates(crl, spec, error) ||
		!add_all_revoked(crl, spec->serials, error) || !add_extensions(crl, spec, issuer, error))
		return false;
	if (X509_CRL_sign(crl, issuer_key, digest) <= 0)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "cannot sign the CRL");
	unsigned char *der = NULL;
	int length = i2d_X509_CRL(crl, &der);
	if (length <= 0)
		return cw_error_memory(error);
	bool appended = cw_issue_append(der, length, spec->corrupt_signature, ret, error);
	OPENSSL_free(der);
	return appended;
}

char *cw_issue_serial(const X509 *cert)
{
	AUTO(BN_free) BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	char *copy = hex ? strdup(hex) : NULL;
	OPENSSL_free(hex);
	return copy;
}
