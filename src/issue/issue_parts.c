#include "issue/issue_parts.h"

#include "pki/error_mark.h"

#include <openssl/bn.h>
#include <openssl/sha.h>
#include <string.h>

CW_DEFINE_AUTO(BIGNUM *, BN_free)

bool cw_issue_list(const char *text, struct cw_strings *ret)
{
	while (text && *text) {
		text += strspn(text, " ,");
		size_t length = strcspn(text, ",");
		const char *next = text + length;
		while (length && text[length - 1] == ' ')
			length--;
		if (length && !cw_strings_add_range(ret, text, length))
			return false;
		text = next;
	}
	return true;
}

bool cw_issue_digest(const char *name, const EVP_PKEY *key, const EVP_MD **ret, struct cw_error *error)
{
	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448")) {
		*ret = NULL;
		return true;
	}
	const EVP_MD *digest = EVP_get_digestbyname(name ? name : "SHA256");
	if (!digest)
		return cw_error_set(error, CW_E_USAGE,
			"unknown digest \"%s\"; wanted SHA256, SHA384, SHA512, SHA1 or MD5", name);
	*ret = digest;
	return true;
}

bool cw_issue_time(cw_time time, ASN1_TIME **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	ASN1_TIME *made = ASN1_TIME_set(NULL, (time_t)time);
	if (!made)
		return cw_error_mark_report(
			&mark, error, CW_E_TIME, "%lld cannot be a time in a certificate", (long long)time);
	*ret = made;
	return true;
}

bool cw_issue_integer(const char *hex, ASN1_INTEGER **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	BIGNUM *parsed = NULL;
	size_t length = strlen(hex);
	size_t used = (size_t)BN_hex2bn(&parsed, hex);
	AUTO(BN_free) BIGNUM *number = parsed;
	if (!number || used != length)
		return cw_error_mark_report(
			&mark, error, CW_E_USAGE, "serial number \"%s\": wanted hexadecimal digits", hex);
	ASN1_INTEGER *made = BN_to_ASN1_INTEGER(number, NULL);
	if (!made)
		return cw_error_memory(error);
	*ret = made;
	return true;
}

/* The SHA-1 of the public key (RFC 5280 §4.2.1.2 (1)) or what the certificate itself says. */
static bool key_id_of(const X509 *issuer, bool always, ASN1_OCTET_STRING *ret)
{
	const ASN1_OCTET_STRING *own = X509_get0_subject_key_id((X509 *)issuer);
	if (own)
		return ASN1_OCTET_STRING_set(ret, ASN1_STRING_get0_data(own), ASN1_STRING_length(own)) == 1;
	unsigned char sha1[SHA_DIGEST_LENGTH];
	unsigned length = 0;
	return !always ||
		(X509_pubkey_digest(issuer, EVP_sha1(), sha1, &length) == 1 &&
			ASN1_OCTET_STRING_set(ret, sha1, (int)length) == 1);
}

bool cw_issue_authority(const X509 *issuer, bool always, AUTHORITY_KEYID **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(AUTHORITY_KEYID_free) AUTHORITY_KEYID *made = AUTHORITY_KEYID_new();
	if (!made || !(made->keyid = ASN1_OCTET_STRING_new()) || !key_id_of(issuer, always, made->keyid))
		return cw_error_mark_report(&mark, error, CW_E_MEMORY, "cannot make a key identifier");
	*ret = ASN1_STRING_length(made->keyid) ? TAKE(made) : NULL;
	return true;
}

bool cw_issue_append(
	const unsigned char *der, int length, bool corrupt, struct cw_buffer *ret, struct cw_error *error)
{
	size_t before = ret->length;
	cw_buffer_append(ret, der, (size_t)length);
	if (!cw_buffer_ok(ret, error))
		return false;
	if (corrupt)
		ret->data[before + (size_t)length - 1] ^= 1;
	return true;
}
