#include "support/pki.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"
#include "support/cmocka.h"

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>

static struct test_pki made;

const struct test_pki *test_pki(void)
{
	return &made;
}

static void make_certs(void)
{
	struct cw_error error;
	const struct cw_issue_spec root = {.subject = "CN=Acme Root",
		.serial = "1001",
		.not_before = TEST_AT,
		.not_after = TEST_AT + CW_DAY,
		.constraints = CW_ISSUE_CA};
	const struct cw_issue_spec leaf = {.subject = "CN=e1.acme.test",
		.sans = "DNS:e1.acme.test",
		.serial = "1002",
		.not_before = TEST_AT,
		.not_after = TEST_AT + CW_DAY};
	const struct cw_issue_crl_spec crl = {
		.this_update = TEST_AT, .next_update = TEST_AT + CW_DAY, .number = 1};
	assert_true(cw_issue_key("ed25519", &made.root_key, &error));
	assert_true(cw_issue_key("ed25519", &made.leaf_key, &error));
	assert_true(cw_issue(&root, made.root_key, NULL, NULL, &made.root, &error));
	assert_true(cw_issue(&leaf, made.leaf_key, made.root, made.root_key, &made.leaf, &error));
	assert_true(cw_issue_crl_der(&crl, cw_cert_x509(made.root), made.root_key, &made.crl, &error));
}

static void append_and_free(struct cw_buffer *buffer, unsigned char *der, int length)
{
	assert_true(length > 0);
	cw_buffer_append(buffer, der, (size_t)length);
	OPENSSL_free(der);
}

static void make_request(void)
{
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;
	assert_true(X509_REQ_set_subject_name(request, X509_get_subject_name(cw_cert_x509(made.leaf))));
	assert_true(
		X509_REQ_set_pubkey(request, made.leaf_key) && X509_REQ_sign(request, made.leaf_key, NULL));
	int length = i2d_X509_REQ(request, &der);
	append_and_free(&made.request, der, length);
	X509_REQ_free(request);
}

static void make_keys(void)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(made.leaf_key);
	X509_SIG *sealed = PKCS8_encrypt(-1, EVP_aes_256_cbc(), TEST_PASSWORD, -1, NULL, 0, 1000, info);
	unsigned char *der = NULL;
	int length = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	append_and_free(&made.key, der, length);
	der = NULL;
	length = i2d_X509_SIG(sealed, &der);
	append_and_free(&made.encrypted_key, der, length);
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(info);
}

int test_pki_make(void **state)
{
	(void)state;
	make_certs();
	make_request();
	make_keys();
	return 0;
}

int test_pki_free(void **state)
{
	(void)state;
	cw_buffer_finish(&made.crl);
	cw_buffer_finish(&made.request);
	cw_buffer_finish(&made.key);
	cw_buffer_finish(&made.encrypted_key);
	cw_cert_free(made.root);
	cw_cert_free(made.leaf);
	EVP_PKEY_free(made.root_key);
	EVP_PKEY_free(made.leaf_key);
	made = (struct test_pki){0};
	return 0;
}

void test_pem(struct cw_buffer *text, const char *label, const void *der, size_t length)
{
	struct cw_error error;
	assert_true(cw_pem_write_block(text, label, der, length, &error));
}

void test_pem_cert(struct cw_buffer *text, const struct cw_cert *cert)
{
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	test_pem(text, "CERTIFICATE", der, length);
}

void test_pkcs7(struct cw_buffer *der, struct cw_cert *const *certs, size_t count, bool with_crl)
{
	PKCS7 *pkcs7 = PKCS7_new();
	assert_true(PKCS7_set_type(pkcs7, NID_pkcs7_signed) && PKCS7_content_new(pkcs7, NID_pkcs7_data));
	for (size_t i = 0; i < count; i++)
		assert_true(PKCS7_add_certificate(pkcs7, cw_cert_x509(certs[i])));
	if (with_crl) {
		const unsigned char *at = (const unsigned char *)made.crl.data;
		X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)made.crl.length);
		assert_true(PKCS7_add_crl(pkcs7, crl));
		X509_CRL_free(crl);
	}
	unsigned char *bytes = NULL;
	int length = i2d_PKCS7(pkcs7, &bytes);
	append_and_free(der, bytes, length);
	PKCS7_free(pkcs7);
}

void test_pkcs12(struct cw_buffer *der, const struct test_pkcs12 *spec)
{
	/* The old ciphers are in a context of their own here as well. */
	OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
	OSSL_PROVIDER *modern = OSSL_PROVIDER_load(context, "default");
	OSSL_PROVIDER *old = OSSL_PROVIDER_load(context, "legacy");
	STACK_OF(X509) *others = sk_X509_new_null();
	unsigned char *bytes = NULL;
	if (!spec->without_certs)
		assert_true(sk_X509_push(others, cw_cert_x509(made.root)));
	PKCS12 *pkcs12 = PKCS12_create_ex(spec->password, "e1", spec->with_key ? made.leaf_key : NULL,
		spec->without_certs ? NULL : cw_cert_x509(made.leaf), others, spec->cipher, spec->cipher,
		spec->iterations ? spec->iterations : 1, spec->no_mac ? -1 : 1, 0, context, NULL);
	assert_non_null(pkcs12);
	int length = i2d_PKCS12(pkcs12, &bytes);
	append_and_free(der, bytes, length);
	PKCS12_free(pkcs12);
	sk_X509_free(others);
	OSSL_PROVIDER_unload(old);
	OSSL_PROVIDER_unload(modern);
	OSSL_LIB_CTX_free(context);
}
