/*
 * Certificates are parsed in a library context with few decoders: their keys are read there, or, where they
 * are of a kind that it does not have, in the ordinary context as ever.
 */
#include "pki/cert_library.h"

#include "support/cmocka.h"

#include <openssl/err.h>
#include <openssl/provider.h>

#define DAY (24L * 60 * 60)

static EVP_PKEY *signer;

/* Signed by `signer`, with this public key; its DER into `der`. */
static int make_cert(EVP_PKEY *key, unsigned char **der)
{
	X509 *cert = X509_new();
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 7);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), DAY);
	assert_int_equal(X509_set_pubkey(cert, key), 1);
	assert_true(X509_sign(cert, signer, EVP_sha256()) > 0);
	int length = i2d_X509(cert, der);
	assert_true(length > 0);
	X509_free(cert);
	return length;
}

static const char *provider_of(X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	assert_non_null(key);
	return OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(key));
}

static void every_kind_of_key_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *curve;
		const char *want_provider;
	} rows[] = {
		{"RSA", NULL, "causeway-certificates"},
		{"EC", "P-256", "causeway-certificates"},
		{"EC", "P-192", "causeway-certificates"},
		{"EC", "brainpoolP256r1", "causeway-certificates"},
		{"ED25519", NULL, "causeway-certificates"},
		{"ED448", NULL, "causeway-certificates"},
		{"X25519", NULL, "default"},
		{"X448", NULL, "default"},
		{"SM2", NULL, "causeway-certificates"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned char *der = NULL;
		EVP_PKEY *key = strcmp(rows[i].kind, "RSA") == 0
			? EVP_RSA_gen(1024)
			: EVP_PKEY_Q_keygen(NULL, NULL, rows[i].kind, rows[i].curve);
		int length = make_cert(key, &der);
		X509 *cert = cw_cert_library_parse(der, length);
		assert_non_null(cert);
		assert_string_equal(provider_of(cert), rows[i].want_provider);
		assert_string_equal(
			EVP_PKEY_get0_type_name(X509_get0_pubkey(cert)), EVP_PKEY_get0_type_name(key));
		assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(cert), key), 1);
		assert_int_equal(X509_verify(cert, signer), 1);
		X509_free(cert);
		EVP_PKEY_free(key);
		OPENSSL_free(der);
	}
}

static void a_certificate_verifies_another_with_its_key(void **state)
{
	(void)state;
	unsigned char *der = NULL, *child = NULL;
	EVP_PKEY *key = EVP_EC_gen("P-384");
	int length = make_cert(signer, &der), child_length = make_cert(key, &child);
	X509 *cert = cw_cert_library_parse(child, child_length), *issuer = cw_cert_library_parse(der, length);
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(issuer)), 1);
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(cert)), 0);
	ERR_clear_error();
	X509_free(cert);
	X509_free(issuer);
	EVP_PKEY_free(key);
	OPENSSL_free(der);
	OPENSSL_free(child);
}

static void what_is_broken_is_refused_with_a_reason(void **state)
{
	(void)state;
	unsigned char *der = NULL;
	int length = make_cert(signer, &der);
	assert_null(cw_cert_library_parse(der, length - 1));
	assert_int_not_equal(ERR_peek_error(), 0);
	ERR_clear_error();
	OPENSSL_free(der);
}

static int make_signer(void **state)
{
	(void)state;
	signer = EVP_EC_gen("P-256");
	return signer == NULL;
}

static int free_signer(void **state)
{
	(void)state;
	EVP_PKEY_free(signer);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key_is_read),
		cmocka_unit_test(a_certificate_verifies_another_with_its_key),
		cmocka_unit_test(what_is_broken_is_refused_with_a_reason),
	};
	return cmocka_run_group_tests(tests, make_signer, free_signer);
}
