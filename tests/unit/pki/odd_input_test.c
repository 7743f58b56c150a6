/* Input that is seldom seen and told apart nevertheless: names of every kind, wrong contents, sizes beyond
 * all limits. */
#include "issue/issue_key.h"
#include "pki/bundle/bundle.h"
#include "pki/crl.h"
#include "pki/key_parse.h"
#include "support/cmocka.h"

#include <openssl/x509v3.h>
#include <stdlib.h>

CW_DEFINE_AUTO(X509 *, X509_free)

/* A certificate with this extension; takes it over. */
static struct cw_cert *with_extension(X509_EXTENSION *extension)
{
	AUTO(X509_free) X509 *x509 = X509_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error error;
	assert_true(cw_issue_key("ec", &key, &error));
	assert_true(ASN1_TIME_set_string(X509_getm_notBefore(x509), "20260101000000Z"));
	assert_true(ASN1_TIME_set_string(X509_getm_notAfter(x509), "20270101000000Z"));
	assert_true(X509_set_version(x509, X509_VERSION_3) && X509_set_pubkey(x509, key));
	assert_non_null(extension);
	assert_true(X509_add_ext(x509, extension, -1));
	X509_EXTENSION_free(extension);
	assert_true(X509_sign(x509, key, EVP_sha256()));
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);
	struct cw_cert *cert = NULL;
	if (!cw_cert_parse(der, (size_t)length, &cert, &error))
		fail_msg("%s", error.message);
	OPENSSL_free(der);
	return cert;
}

static struct cw_cert *with_names(const char *names)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	return with_extension(X509V3_EXT_nconf_nid(NULL, &context, NID_subject_alt_name, names));
}

static struct cw_cert *with_bytes(int nid, const char *bytes, size_t length)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	assert_true(ASN1_OCTET_STRING_set(value, (const unsigned char *)bytes, (int)length));
	X509_EXTENSION *extension = X509_EXTENSION_create_by_NID(NULL, nid, 0, value);
	ASN1_OCTET_STRING_free(value);
	return with_extension(extension);
}

static void names_of_the_mail_of_the_eighties_are_shown_by_their_kind(void **state)
{
	(void)state;
	static const char names[] = "\x30\x0b\xa3\x02\x30\x00\xa5\x05\xa1\x03\x0c\x01x";
	AUTO(cw_cert_free)
	struct cw_cert *cert = with_bytes(NID_subject_alt_name, names, sizeof names - 1);
	const struct cw_sans *sans = cw_cert_sans(cert);
	assert_int_equal(sans->count, 2);
	assert_int_equal(sans->items[0].kind, CW_SAN_OTHER);
	assert_string_equal(sans->items[0].text, "<x400Address>");
	assert_string_equal(sans->items[1].text, "<ediPartyName>");
}

static void only_addresses_of_a_crl_are_taken(void **state)
{
	(void)state;
	/* A point without a name, one relative to the issuer, and one with a host name and an address. */
	static const char points[] = "\x30\x2a"
				     "\x30\x04\x81\x02\x00\x80"
				     "\x30\x10\xa0\x0e\xa1\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03"
				     "crl"
				     "\x30\x10\xa0\x0e\xa0\x0c\x82\x01"
				     "a\x86\x07http://";
	AUTO(cw_cert_free)
	struct cw_cert *cert = with_bytes(NID_crl_distribution_points, points, sizeof points - 1);
	assert_int_equal(cw_cert_crl_urls(cert)->count, 1);
	assert_string_equal(cw_cert_crl_urls(cert)->items[0], "http://");
}

static void names_that_no_host_has_are_shown_by_their_kind(void **state)
{
	(void)state;
	AUTO(cw_cert_free)
	struct cw_cert *cert =
		with_names("otherName:1.2.3.4;UTF8:x,RID:1.2.3.4,DNS:e1.acme.test,IP:10.0.0.1");
	static const struct {
		enum cw_san_kind want_kind;
		const char *want_text;
	} rows[] = {{CW_SAN_OTHER, "<otherName 1.2.3.4>"}, {CW_SAN_OTHER, "<registeredID>"},
		{CW_SAN_DNS, "e1.acme.test"}, {CW_SAN_IP, "10.0.0.1"}};
	const struct cw_sans *sans = cw_cert_sans(cert);
	assert_int_equal(sans->count, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < sans->count; i++) {
		assert_int_equal(sans->items[i].kind, rows[i].want_kind);
		assert_string_equal(sans->items[i].text, rows[i].want_text);
	}
}

static void a_key_that_signs_nothing_is_of_no_kind_we_name(void **state)
{
	(void)state;
	AUTO(X509_free) X509 *x509 = X509_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	char text[CW_KEY_TEXT_SIZE];
	struct cw_error error;
	assert_true(cw_issue_key("ec", &signer, &error));
	assert_true(ASN1_TIME_set_string(X509_getm_notBefore(x509), "20260101000000Z"));
	assert_true(ASN1_TIME_set_string(X509_getm_notAfter(x509), "20270101000000Z"));
	assert_true(X509_set_pubkey(x509, key) && X509_sign(x509, signer, EVP_sha256()));
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);
	assert_true(cw_cert_parse(der, (size_t)length, &cert, &error));
	OPENSSL_free(der);
	assert_int_equal(cw_cert_key(cert)->kind, CW_KEY_OTHER);
	assert_string_equal(cw_cert_key_text(cw_cert_key(cert), text), "the kind X25519 (1.3.101.110)");
}

static void a_public_key_is_no_certificate(void **state)
{
	(void)state;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	assert_true(cw_issue_key("ec", &key, &error));
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	cw_buffer_append(&file, der, (size_t)length);
	OPENSSL_free(der);
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "key.der"}, NULL, pool, &bundle, &error));
	assert_non_null(strstr(error.message, "key.der"));
	assert_non_null(strstr(error.message, "a public key and no certificate"));
}

static void sizes_beyond_the_limits_are_refused_unread(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_BUNDLE bundle = {0};
	struct cw_cert *cert = NULL;
	struct cw_crl *crl = NULL;
	struct cw_error error;
	uint64_t spent = 0;
	const uint8_t *der = (const uint8_t *)"0";
	assert_false(cw_bundle_parse(&(struct cw_bundle_file){"0", CW_BUNDLE_FILE_MAX + (size_t)1, "x"}, NULL,
		pool, &bundle, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_false(cw_cert_parse(der, CW_CERT_DER_MAX + (size_t)1, &cert, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_false(cw_crl_parse(der, CW_CRL_DER_MAX + (size_t)1, &crl, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_false(cw_key_parse_der(der, CW_KEY_FILE_MAX + (size_t)1, NULL, &spent, &key, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
}

static void no_bytes_are_no_certificate(void **state)
{
	(void)state;
	struct cw_cert *cert = NULL;
	struct cw_error error;
	assert_false(cw_cert_parse((const uint8_t *)"", 0, &cert, &error));
	assert_int_equal(error.code, CW_E_DER);
	assert_non_null(strstr(error.message, "no bytes at all"));
}

static void keys_of_seldom_kinds_have_words(void **state)
{
	(void)state;
	static const struct {
		struct cw_key_info key;
		const char *want;
	} rows[] = {{{.kind = CW_KEY_RSA_PSS, .bits = 2048}, "RSA-PSS 2048"},
		{{.kind = CW_KEY_EC, .bits = 256}, "EC 256 with explicit parameters"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[CW_KEY_TEXT_SIZE];
		assert_string_equal(cw_cert_key_text(&rows[i].key, text), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_no_host_has_are_shown_by_their_kind),
		cmocka_unit_test(names_of_the_mail_of_the_eighties_are_shown_by_their_kind),
		cmocka_unit_test(only_addresses_of_a_crl_are_taken),
		cmocka_unit_test(a_key_that_signs_nothing_is_of_no_kind_we_name),
		cmocka_unit_test(a_public_key_is_no_certificate),
		cmocka_unit_test(sizes_beyond_the_limits_are_refused_unread),
		cmocka_unit_test(no_bytes_are_no_certificate),
		cmocka_unit_test(keys_of_seldom_kinds_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
