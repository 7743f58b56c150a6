#include "issue/stand_in.h"

#include "base/buffer.h"
#include "pki/bundle/der.h"
#include "pki/error_mark.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

CW_DEFINE_AUTO(EVP_MD_CTX *, EVP_MD_CTX_free)
CW_DEFINE_AUTO(X509_ALGOR *, X509_ALGOR_free)
CW_DEFINE_AUTO(RSA_PSS_PARAMS *, RSA_PSS_PARAMS_free)

static void free_openssl(void *bytes)
{
	OPENSSL_free(bytes);
}

CW_DEFINE_AUTO(unsigned char *, free_openssl)

/* An element with its header (X.690 §8.1.3, definite form). */
static void put_element(struct cw_buffer *out, uint8_t tag, const void *content, size_t length)
{
	uint8_t header[2 + sizeof length] = {tag};
	size_t used = 1;
	if (length < 0x80) {
		header[used++] = (uint8_t)length;
	} else {
		size_t bytes = 0;
		for (size_t rest = length; rest; rest >>= 8)
			bytes++;
		header[used++] = (uint8_t)(0x80 | bytes);
		for (size_t i = bytes; i > 0; i--)
			header[used++] = (uint8_t)(length >> (8 * (i - 1)));
	}
	cw_buffer_append(out, header, used);
	cw_buffer_append(out, content, length);
}

/* The three parts that certificates and CRLs are made of (RFC 5280 §4.1, §5.1). */
struct signed_parts {
	struct cw_der_item content, algorithm, signature;
};

static bool take_parts(const uint8_t *data, size_t length, struct signed_parts *ret, struct cw_error *error)
{
	struct cw_der der = {data, length};
	struct cw_der_item whole;
	if (cw_der_take(&der, CW_DER_SEQUENCE, &whole) && !whole.indefinite &&
		cw_der_take(&whole.content, CW_DER_SEQUENCE, &ret->content) && !ret->content.indefinite &&
		cw_der_take(&whole.content, CW_DER_SEQUENCE, &ret->algorithm) &&
		cw_der_take(&whole.content, CW_DER_BIT_STRING, &ret->signature))
		return true;
	return cw_error_set(error, CW_E_DER, "wanted plain DER to make a copy of");
}

/* The public key itself, as it stands in a SubjectPublicKeyInfo. */
static bool put_public_key(struct cw_buffer *out, EVP_PKEY *key)
{
	AUTO(free_openssl) unsigned char *bytes = NULL;
	int length = i2d_PUBKEY(key, &bytes);
	if (length <= 0)
		return false;
	struct cw_der der = {bytes, (size_t)length};
	struct cw_der_item info, algorithm, bits;
	if (!cw_der_take(&der, CW_DER_SEQUENCE, &info) ||
		!cw_der_take(&info.content, CW_DER_SEQUENCE, &algorithm) ||
		!cw_der_take(&info.content, CW_DER_BIT_STRING, &bits))
		return false;
	cw_buffer_append(out, bits.data, bits.length);
	return true;
}

/* The original's algorithm identifier, the other key's bits. */
static bool put_key_info(struct cw_buffer *out, struct cw_der_item info, EVP_PKEY *key)
{
	AUTO_BUFFER content = {0};
	struct cw_der_item algorithm;
	if (!cw_der_take(&info.content, CW_DER_SEQUENCE, &algorithm))
		return false;
	cw_buffer_append(&content, algorithm.data, algorithm.length);
	if (!put_public_key(&content, key))
		return false;
	put_element(out, CW_DER_SEQUENCE, content.data, content.length);
	out->failed |= content.failed;
	return true;
}

#define PSS_SALT_DEFAULT 20 /* RFC 4055 §3.1 */
#define KEY_INFO_PLACE 5    /* after serial, algorithm, issuer, validity and subject (RFC 5280 §4.1) */

/* The part that is signed, with another public key in it. */
static bool put_content(struct cw_buffer *out, const struct cw_der_item *original, EVP_PKEY *key)
{
	AUTO_BUFFER content = {0};
	struct cw_der der = original->content;
	struct cw_der_item item;
	for (unsigned place = 0; cw_der_next(&der, &item);) {
		if (item.tag == CW_DER_CONTEXT_0 && place == 0) { /* the version */
			cw_buffer_append(&content, item.data, item.length);
			continue;
		}
		if (place++ != KEY_INFO_PLACE)
			cw_buffer_append(&content, item.data, item.length);
		else if (!put_key_info(&content, item, key))
			return false;
	}
	put_element(out, CW_DER_SEQUENCE, content.data, content.length);
	out->failed |= content.failed;
	return der.left == 0;
}

/* RSASSA-PSS says digest and salt in its parameters (RFC 4055 §3.1). */
static bool start_pss(EVP_MD_CTX *context, const X509_ALGOR *algorithm, EVP_PKEY *signer)
{
	const void *value = NULL;
	int kind = V_ASN1_UNDEF;
	X509_ALGOR_get0(NULL, &kind, &value, algorithm);
	if (kind != V_ASN1_SEQUENCE)
		return false;
	AUTO(RSA_PSS_PARAMS_free)
	RSA_PSS_PARAMS *pss = ASN1_item_unpack((const ASN1_STRING *)value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (!pss)
		return false;
	const EVP_MD *digest =
		pss->hashAlgorithm ? EVP_get_digestbyobj(pss->hashAlgorithm->algorithm) : EVP_sha1();
	long salt = pss->saltLength ? ASN1_INTEGER_get(pss->saltLength) : PSS_SALT_DEFAULT;
	EVP_PKEY_CTX *signing = NULL;
	return digest && EVP_DigestSignInit(context, &signing, digest, NULL, signer) > 0 &&
		EVP_PKEY_CTX_set_rsa_padding(signing, RSA_PKCS1_PSS_PADDING) > 0 &&
		EVP_PKEY_CTX_set_rsa_pss_saltlen(signing, (int)salt) > 0;
}

static bool start_signing(EVP_MD_CTX *context, const X509_ALGOR *algorithm, EVP_PKEY *signer)
{
	int digest_nid, key_nid;
	const EVP_MD *digest = NULL;
	if (OBJ_obj2nid(algorithm->algorithm) == NID_rsassaPss)
		return start_pss(context, algorithm, signer);
	if (!OBJ_find_sigid_algs(OBJ_obj2nid(algorithm->algorithm), &digest_nid, &key_nid))
		return false;
	if (digest_nid != NID_undef && !(digest = EVP_get_digestbynid(digest_nid)))
		return false;
	return EVP_DigestSignInit(context, NULL, digest, NULL, signer) > 0;
}

static bool unusable(const struct cw_error_mark *mark, struct cw_error *error)
{
	return cw_error_mark_report(mark, error, CW_E_CRYPTO, "its signature algorithm cannot be used");
}

static bool put_signature(struct cw_buffer *out, const struct cw_der_item *item, EVP_PKEY *signer,
	const struct cw_buffer *content, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const unsigned char *at = item->data;
	AUTO(X509_ALGOR_free) X509_ALGOR *algorithm = d2i_X509_ALGOR(NULL, &at, (long)item->length);
	AUTO(EVP_MD_CTX_free) EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t room = 0;
	const unsigned char *data = (const unsigned char *)content->data;
	if (!algorithm || !context || !start_signing(context, algorithm, signer) ||
		EVP_DigestSign(context, NULL, &room, data, content->length) <= 0)
		return unusable(&mark, error);
	size_t length = room;
	AUTO(free) unsigned char *signature = calloc(1, room + 1); /* no bit is unused */
	if (!signature)
		return cw_error_memory(error);
	/* out of memory in the middle of an ECDSA signature, OpenSSL 3.0 says that all went well and that the
	 * signature is 4,294,967,295 bytes long */
	if (EVP_DigestSign(context, signature + 1, &length, data, content->length) <= 0 || length > room)
		return unusable(&mark, error);
	put_element(out, CW_DER_BIT_STRING, signature, length + 1);
	return true;
}

static bool put_signed(struct cw_buffer *out, const struct signed_parts *parts, EVP_PKEY *signer,
	const struct cw_buffer *content, struct cw_error *error)
{
	AUTO_BUFFER whole = {0};
	cw_buffer_append(&whole, content->data, content->length);
	cw_buffer_append(&whole, parts->algorithm.data, parts->algorithm.length);
	if (!put_signature(&whole, &parts->algorithm, signer, content, error))
		return false;
	put_element(out, CW_DER_SEQUENCE, whole.data, whole.length);
	out->failed |= whole.failed;
	return cw_buffer_ok(out, error);
}

bool cw_stand_in_cert(const struct cw_cert *original, EVP_PKEY *key, EVP_PKEY *signer, struct cw_cert **ret,
	struct cw_error *error)
{
	size_t length;
	const uint8_t *der = cw_cert_der(original, &length);
	struct signed_parts parts;
	AUTO_BUFFER content = {0};
	AUTO_BUFFER stand_in = {0};
	if (!take_parts(der, length, &parts, error))
		return false;
	if (!key)
		cw_buffer_append(&content, parts.content.data, parts.content.length);
	else if (!put_content(&content, &parts.content, key) && !content.failed)
		return cw_error_set(error, CW_E_DER, "wanted plain DER to put another key into");
	if (!cw_buffer_ok(&content, error) || !put_signed(&stand_in, &parts, signer, &content, error))
		return false;
	return cw_cert_parse((const uint8_t *)stand_in.data, stand_in.length, ret, error);
}

bool cw_stand_in_crl(
	const struct cw_crl *original, EVP_PKEY *signer, struct cw_crl **ret, struct cw_error *error)
{
	AUTO(free_openssl) unsigned char *der = NULL;
	int length = i2d_X509_CRL(cw_crl_x509(original), &der);
	if (length <= 0)
		return cw_error_memory(error);
	struct signed_parts parts;
	AUTO_BUFFER content = {0};
	AUTO_BUFFER stand_in = {0};
	if (!take_parts(der, (size_t)length, &parts, error))
		return false;
	cw_buffer_append(&content, parts.content.data, parts.content.length);
	if (!cw_buffer_ok(&content, error) || !put_signed(&stand_in, &parts, signer, &content, error))
		return false;
	return cw_crl_parse((const uint8_t *)stand_in.data, stand_in.length, ret, error);
}
