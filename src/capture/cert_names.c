#include "capture/cert_names.h"

#include "pki/name.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509.h>

CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)

#define TAG_VERSION 0xa0 /* [0] EXPLICIT */

struct element {
	const unsigned char *start, *body, *end;
	int tag, class;
	bool constructed;
};

/* The element at `at`. False: none that ends within the bytes. */
static bool read_element(const unsigned char *at, const unsigned char *end, struct element *ret)
{
	const unsigned char *body = at;
	long length;
	if (at >= end)
		return false;
	int flags = ASN1_get_object(&body, &length, &ret->tag, &ret->class, end - at);
	if ((flags & 0x80) || (flags & 1)) /* an error, or BER's indefinite length, which DER has not */
		return false;
	ret->constructed = flags & V_ASN1_CONSTRUCTED;
	ret->start = at;
	ret->body = body;
	ret->end = body + length;
	return true;
}

static bool read_sequence(const unsigned char *at, const unsigned char *end, struct element *ret)
{
	return read_element(at, end, ret) && ret->tag == V_ASN1_SEQUENCE && ret->constructed;
}

/* Issuer and subject in the order of RFC 5280 §4.1: version, serial, signature, issuer, validity, subject. */
static bool find_names(
	const unsigned char *der, size_t length, struct element *issuer, struct element *subject)
{
	struct element whole, signed_part, skipped;
	if (!read_sequence(der, der + length, &whole) || !read_sequence(whole.body, whole.end, &signed_part))
		return false;
	const unsigned char *at = signed_part.body, *end = signed_part.end;
	if (at < end && *at == TAG_VERSION) {
		if (!read_element(at, end, &skipped))
			return false;
		at = skipped.end;
	}
	if (!read_element(at, end, &skipped) || skipped.tag != V_ASN1_INTEGER)
		return false;
	return read_sequence(skipped.end, end, &skipped) && read_sequence(skipped.end, end, issuer) &&
		read_sequence(issuer->end, end, &skipped) && read_sequence(skipped.end, end, subject);
}

bool cw_cert_names_one(const uint8_t *der, size_t length, char **ret, struct cw_error *error)
{
	const unsigned char *at = der;
	*ret = NULL;
	ERR_set_mark();
	AUTO(X509_NAME_free) X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)length);
	ERR_pop_to_mark();
	if (!name)
		return true;
	*ret = cw_name_text(name);
	return *ret ? true : cw_error_memory(error);
}

bool cw_cert_names(const uint8_t *der, size_t length, char **subject, char **issuer, struct cw_error *error)
{
	struct element issuer_at, subject_at;
	*subject = *issuer = NULL;
	ERR_set_mark();
	bool found = find_names(der, length, &issuer_at, &subject_at);
	ERR_pop_to_mark();
	if (!found)
		return true;
	AUTO(free) char *of_issuer = NULL;
	AUTO(free) char *of_subject = NULL;
	if (!cw_cert_names_one(
		    issuer_at.start, (size_t)(issuer_at.end - issuer_at.start), &of_issuer, error) ||
		!cw_cert_names_one(
			subject_at.start, (size_t)(subject_at.end - subject_at.start), &of_subject, error))
		return false;
	if (of_issuer && of_subject) {
		*issuer = TAKE(of_issuer);
		*subject = TAKE(of_subject);
	}
	return true;
}
