#include "pki/error_mark.h"
#include "pki/issue_extensions.h"
#include "pki/issue_name.h"
#include "pki/issue_parts.h"
#include "pki/request.h"

#include <openssl/sha.h>
#include <string.h>

CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)
CW_DEFINE_AUTO(X509_REQ *, X509_REQ_free)

static bool describe(
	X509_REQ *request, const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_error *error)
{
	AUTO_MARK mark = cw_mark_open();
	AUTO(X509_NAME_free) X509_NAME *subject = NULL;
	AUTO(cw_issue_extensions_free) X509_EXTENSIONS *extensions = NULL;
	if (!cw_issue_name(spec->subject, &subject, error) || !cw_issue_extensions(spec, &extensions, error))
		return false;
	if (!X509_REQ_set_version(request, X509_REQ_VERSION_1) ||
		!X509_REQ_set_subject_name(request, subject) || !X509_REQ_set_pubkey(request, key) ||
		(extensions && !X509_REQ_add_extensions(request, extensions)))
		return cw_mark_error(&mark, error, CW_E_CRYPTO, "cannot make the request");
	return true;
}

bool cw_request_make(
	const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_MARK mark = cw_mark_open();
	const EVP_MD *digest;
	AUTO(X509_REQ_free) X509_REQ *request = X509_REQ_new();
	if (!request)
		return cw_error_memory(error);
	if (!cw_issue_digest(spec->digest, key, &digest, error) || !describe(request, spec, key, error))
		return false;
	if (X509_REQ_sign(request, key, digest) <= 0)
		return cw_mark_error(&mark, error, CW_E_CRYPTO, "cannot sign the request");
	unsigned char *der = NULL;
	int length = i2d_X509_REQ(request, &der);
	if (length <= 0)
		return cw_error_memory(error);
	bool good = cw_issue_append(der, length, false, ret, error);
	OPENSSL_free(der);
	return good;
}

static bool hash(const struct cw_mark *mark, unsigned char *der, int length, char ret[CW_SHA256_TEXT_SIZE],
	struct cw_error *error)
{
	uint8_t sha256[CW_SHA256_SIZE];
	if (length <= 0)
		return cw_mark_error(mark, error, CW_E_KEY, "the public key cannot be written");
	bool hashed = SHA256(der, (size_t)length, sha256);
	OPENSSL_free(der);
	if (!hashed)
		return cw_error_memory(error);
	for (size_t i = 0; i < sizeof sha256; i++)
		snprintf(ret + 2 * i, 3, "%02x", sha256[i]);
	return true;
}

bool cw_key_id(const EVP_PKEY *key, char ret[CW_SHA256_TEXT_SIZE], struct cw_error *error)
{
	AUTO_MARK mark = cw_mark_open();
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	return hash(&mark, der, length, ret, error);
}

bool cw_cert_key_id(const struct cw_cert *cert, char ret[CW_SHA256_TEXT_SIZE], struct cw_error *error)
{
	AUTO_MARK mark = cw_mark_open();
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cw_cert_x509(cert)), &der);
	return hash(&mark, der, length, ret, error);
}
