#include "pki/cert.h"

#include "base/buffer.h"
#include "pki/asn1_time.h"
#include "pki/bundle/der.h"
#include "pki/cert_library.h"
#include "pki/cert_parts.h"
#include "pki/error_mark.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static bool copy_der(struct cw_cert *cert, const uint8_t *der, size_t length)
{
	cert->der = malloc(length);
	if (!cert->der)
		return false;
	memcpy(cert->der, der, length);
	cert->length = length;
	for (size_t i = 0; i < CW_SHA256_SIZE; i++)
		snprintf(cert->sha256_text + 2 * i, 3, "%02x", cert->sha256[i]);
	return true;
}

static bool parse_x509(struct cw_cert *cert, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	cert->x509 = cw_cert_library_parse(cert->der, (long)cert->length);
	if (!cert->x509)
		return cw_error_mark_report(&mark, error, CW_E_DER, "broken certificate");
	/* Fills the extension cache. It says "invalid" of a
	 * certificate with a broken extension: that is the
	 * judge's. */
	X509_check_purpose(cert->x509, -1, 0);
	return cw_error_mark_out_of_memory(&mark) ? cw_error_memory(error) : true;
}

static bool read_names(struct cw_cert *cert, struct cw_error *error)
{
	const X509_NAME *subject = X509_get_subject_name(cert->x509);
	const X509_NAME *issuer = X509_get_issuer_name(cert->x509);
	cert->subject_text = cw_name_text(subject);
	cert->issuer_text = cw_name_text(issuer);
	if (!cert->subject_text || !cert->issuer_text || !cw_name_init(&cert->subject, subject) ||
		!cw_name_init(&cert->issuer, issuer) || !cw_name_common_name(subject, &cert->common_name) ||
		!cw_name_unknown_oids(subject, &cert->unknown_oids) ||
		!cw_name_unknown_oids(issuer, &cert->unknown_oids))
		return cw_error_memory(error);
	return true;
}

static bool read_dates(struct cw_cert *cert, struct cw_error *error)
{
	return cw_asn1_time(X509_get0_notBefore(cert->x509), "notBefore", &cert->not_before, error) &&
		cw_asn1_time(X509_get0_notAfter(cert->x509), "notAfter", &cert->not_after, error);
}

bool cw_cert_parse(const uint8_t *der, size_t length, struct cw_cert **ret, struct cw_error *error)
{
	if (length > CW_CERT_DER_MAX)
		return cw_error_set(error, CW_E_LIMIT, "certificate of %zu bytes; wanted at most %d", length,
			CW_CERT_DER_MAX);
	if (!cw_der_check_alone(der, length, "certificate", error))
		return false;
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_cert_free) struct cw_cert *cert = calloc(1, sizeof *cert);
	if (!cert)
		return cw_error_memory(error);
	cert->references = 1;
	if (!SHA256(der, length, cert->sha256) || !copy_der(cert, der, length))
		return cw_error_memory(error);
	if (!parse_x509(cert, error) || !read_names(cert, error) || !read_dates(cert, error) ||
		!cw_cert_read_extensions(cert, error))
		return false;
	cw_cert_read_key(cert);
	if (cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error); /* or an extension would count as empty */
	*ret = TAKE(cert);
	return true;
}

struct cw_cert *cw_cert_ref(struct cw_cert *cert)
{
	cert->references++;
	return cert;
}

void cw_cert_free(struct cw_cert *cert)
{
	if (!cert || --cert->references)
		return;
	X509_free(cert->x509);
	free(cert->der);
	free(cert->subject_text);
	free(cert->issuer_text);
	free(cert->common_name);
	cw_cert_finish_sans(&cert->sans);
	cw_strings_finish(&cert->eku.oids);
	cw_strings_finish(&cert->crl_urls);
	cw_strings_finish(&cert->issuer_urls);
	cw_strings_finish(&cert->unknown_oids);
	cw_cert_free(cert->promised_by);
	free(cert);
}

const uint8_t *cw_cert_der(const struct cw_cert *cert, size_t *length)
{
	*length = cert->length;
	return cert->der;
}

const uint8_t *cw_cert_sha256(const struct cw_cert *cert)
{
	return cert->sha256;
}

const char *cw_cert_sha256_text(const struct cw_cert *cert)
{
	return cert->sha256_text;
}

void cw_cert_sha1(const struct cw_cert *cert, uint8_t sha1[CW_SHA1_SIZE])
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	memset(sha1, 0, CW_SHA1_SIZE);
	SHA1(cert->der, cert->length, sha1);
}

bool cw_cert_same(const struct cw_cert *a, const struct cw_cert *b)
{
	return a == b || memcmp(a->sha256, b->sha256, CW_SHA256_SIZE) == 0;
}

X509 *cw_cert_x509(const struct cw_cert *cert)
{
	return cert->x509;
}

const struct cw_name *cw_cert_subject(const struct cw_cert *cert)
{
	return &cert->subject;
}

const struct cw_name *cw_cert_issuer(const struct cw_cert *cert)
{
	return &cert->issuer;
}

cw_time cw_cert_not_before(const struct cw_cert *cert)
{
	return cert->not_before;
}

cw_time cw_cert_not_after(const struct cw_cert *cert)
{
	return cert->not_after;
}

const char *cw_cert_odd_date(const struct cw_cert *cert)
{
	if (!cw_asn1_time_is_plain(X509_get0_notBefore(cert->x509)))
		return "notBefore";
	return cw_asn1_time_is_plain(X509_get0_notAfter(cert->x509)) ? NULL : "notAfter";
}

bool cw_cert_self_issued(const struct cw_cert *cert)
{
	return cw_name_equal(&cert->subject, &cert->issuer);
}

bool cw_cert_check_self_signed(const struct cw_cert *cert, bool *ret)
{
	if (cert->self_signed == CW_UNKNOWN_YET) {
		bool verified = false;
		if (cw_cert_self_issued(cert) && !cw_cert_check_signed_by(cert, cert, &verified))
			return false;
		/* A remembered answer, not a change: the certificate states the same before and after. */
		((struct cw_cert *)cert)->self_signed = verified ? CW_YES : CW_NO;
	}
	*ret = cert->self_signed == CW_YES;
	return true;
}

/* An allocation that fails deep in OpenSSL's arithmetic looks like a signature
 * that does not verify, but for an error in the queue. Where failures are
 * not counted (pki/openssl_start.h) a second try tells the two apart. */
bool cw_cert_check_signed_by(const struct cw_cert *cert, const struct cw_cert *issuer, bool *ret)
{
	if (cert->promised_by) {
		*ret = cw_cert_same_key(cert->promised_by, issuer);
		return true;
	}
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	EVP_PKEY *key = X509_get0_pubkey(issuer->x509);
	bool verified = key && X509_verify(cert->x509, key) == 1;
	if (!verified && cw_error_mark_out_of_memory(&mark))
		return false;
	if (!verified && key && ERR_peek_last_error() != 0)
		verified = X509_verify(cert->x509, key) == 1;
	*ret = verified;
	return true;
}

bool cw_cert_self_signed(const struct cw_cert *cert)
{
	bool answer;
	return cw_cert_check_self_signed(cert, &answer) && answer;
}

bool cw_cert_signed_by(const struct cw_cert *cert, const struct cw_cert *issuer)
{
	bool answer;
	return cw_cert_check_signed_by(cert, issuer, &answer) && answer;
}

void cw_cert_promise(struct cw_cert *cert, struct cw_cert *issuer)
{
	cw_cert_free(cert->promised_by);
	cert->promised_by = cw_cert_ref(issuer);
}
