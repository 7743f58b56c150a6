#include "pki/request.h"

#include "base/file.h"
#include "pki/bundle/der.h"
#include "pki/bundle/file_content.h"
#include "pki/bundle/pem.h"
#include "pki/error_mark.h"

#include <openssl/objects.h>
#include <string.h>

CW_DEFINE_AUTO(X509 *, X509_free)

struct cw_request {
	X509_REQ *x509;
	struct cw_cert *shape;
	const char *digest;
	bool verified;
};

static void free_extensions(X509_EXTENSIONS *extensions)
{
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}
CW_DEFINE_AUTO(X509_EXTENSIONS *, free_extensions)

static bool add_extensions(X509 *x509, X509_REQ *request)
{
	AUTO(free_extensions) X509_EXTENSIONS *extensions = X509_REQ_get_extensions(request);
	for (int i = 0; i < X509v3_get_ext_count(extensions); i++)
		if (!X509_add_ext(x509, X509v3_get_ext(extensions, i), -1))
			return false;
	return true;
}

/* A certificate of the same content, signed with a key that is forgotten at once. */
static bool make_shape(struct cw_request *request, struct cw_error *error)
{
	AUTO(X509_free) X509 *x509 = X509_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	EVP_PKEY *key = X509_REQ_get0_pubkey(request->x509);
	if (!x509)
		return cw_error_memory(error);
	if (!key)
		return cw_error_mark_report(&mark, error, CW_E_DER, "the key of the request cannot be read");
	if (!X509_set_version(x509, X509_VERSION_3) || !ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) ||
		!X509_time_adj_ex(X509_getm_notBefore(x509), 0, 0, NULL) ||
		!X509_time_adj_ex(X509_getm_notAfter(x509), 1, 0, NULL) ||
		!X509_set_subject_name(x509, X509_REQ_get_subject_name(request->x509)) ||
		!X509_set_issuer_name(x509, X509_REQ_get_subject_name(request->x509)) ||
		!X509_set_pubkey(x509, key) || !add_extensions(x509, request->x509))
		return cw_error_mark_report(&mark, error, CW_E_DER, "the request cannot be read");
	signer = EVP_PKEY_Q_keygen(NULL, NULL, "ed25519");
	if (!signer)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot make a key of kind \"ed25519\"");
	if (X509_sign(x509, signer, NULL) <= 0)
		return cw_error_mark_report(&mark, error, CW_E_DER, "the request cannot be read");
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);
	bool good = length > 0 ? cw_cert_parse(der, (size_t)length, &request->shape, error)
			       : cw_error_memory(error);
	OPENSSL_free(der);
	return good;
}

static const char *digest_of(const X509_REQ *x509)
{
	int digest = NID_undef;
	OBJ_find_sigid_algs(X509_REQ_get_signature_nid(x509), &digest, NULL);
	return digest == NID_undef ? "" : OBJ_nid2sn(digest);
}

bool cw_request_parse(const uint8_t *der, size_t length, struct cw_request **ret, struct cw_error *error)
{
	if (length > CW_REQUEST_MAX)
		return cw_error_set(error, CW_E_LIMIT, "a request of %zu bytes; wanted at most %d", length,
			CW_REQUEST_MAX);
	if (!cw_der_check_alone(der, length, "certificate request", error))
		return false;
	AUTO(cw_request_free) struct cw_request *request = calloc(1, sizeof *request);
	if (!request)
		return cw_error_memory(error);
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const unsigned char *at = der;
	request->x509 = d2i_X509_REQ(NULL, &at, (long)length);
	if (!request->x509)
		return cw_error_mark_report(&mark, error, CW_E_DER, "broken certificate request");
	request->digest = digest_of(request->x509);
	EVP_PKEY *key = X509_REQ_get0_pubkey(request->x509);
	request->verified = key && X509_REQ_verify(request->x509, key) == 1;
	if (cw_error_mark_out_of_memory(&mark)) /* then neither of the two is an answer */
		return cw_error_memory(error);
	if (!make_shape(request, error))
		return false;
	*ret = TAKE(request);
	return true;
}

static bool parse_pem(const char *data, size_t length, struct cw_request **ret, struct cw_error *error)
{
	AUTO_PEM pem;
	struct cw_pem_block block;
	bool found;
	cw_pem_start(&pem, data, length);
	if (!cw_pem_next(&pem, &block, &found, error))
		return cw_error_prefix(error, "line %zu", pem.line);
	if (!found)
		return cw_file_content_error(data, length, "certificate request (CSR)", error);
	if (strcmp(block.label, "CERTIFICATE REQUEST") != 0 &&
		strcmp(block.label, "NEW CERTIFICATE REQUEST") != 0)
		return cw_error_set(error, CW_E_FORMAT,
			"line %zu: wanted a certificate request (CSR), "
			"\"-----BEGIN CERTIFICATE REQUEST-----\"; found \"-----BEGIN %s-----\"",
			block.line, block.label);
	return cw_request_parse(block.data, block.length, ret, error);
}

bool cw_request_parse_any(const char *data, size_t length, struct cw_request **ret, struct cw_error *error)
{
	bool der = length > 1 && data[0] == 0x30 && ((data[1] & 0x80) || memchr(data, 0, length));
	return der ? cw_request_parse((const uint8_t *)data, length, ret, error)
		   : parse_pem(data, length, ret, error);
}

bool cw_request_read(const char *path, struct cw_request **ret, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	if (!cw_file_read(path, CW_REQUEST_MAX, &content, error))
		return false;
	return cw_request_parse_any(cw_buffer_string(&content), content.length, ret, error) ||
		cw_error_prefix(error, "%s", path);
}

void cw_request_free(struct cw_request *request)
{
	if (!request)
		return;
	X509_REQ_free(request->x509);
	cw_cert_free(request->shape);
	free(request);
}

X509_REQ *cw_request_x509(const struct cw_request *request)
{
	return request->x509;
}

const struct cw_cert *cw_request_shape(const struct cw_request *request)
{
	return request->shape;
}

const char *cw_request_digest(const struct cw_request *request)
{
	return request->digest;
}

bool cw_request_verified(const struct cw_request *request)
{
	return request->verified;
}
