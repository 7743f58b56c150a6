/*
 * What "cert verify" says where no fault of a lab shows it: the codes that "causeway lab faults" lists as not
 * planted.
 */
#include "front_door.h"

#include "issue/issue_key.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <openssl/x509v3.h>

CW_DEFINE_AUTO(X509 *, X509_free)

#define CA "lab/ca/private-issuing"

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("lab", CW_LAB_SMALL, NULL);
	return 0;
}

static void a_policy_that_nobody_states_is_missed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "verify", "--profile", "rfc5280", "--trusted-ca", "lab/c1/ca.pem", "--policy",
		"1.3.6.1.4.1.55555.2", "--explicit-policy", "lab/c1/server.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("verify-policy-unfit", ran.out);
}

/* RFC 3820: a certificate that its own holder issued; OpenSSL takes none unless it is told to. */
static void issue_proxy(const char *path)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *ca_key = NULL;
	AUTO(X509_free) X509 *proxy = X509_new();
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUNDLE ca = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	assert_true(cw_bundle_read(CA "/ca.pem", "ca", NULL, pool, &ca, &error));
	assert_true(cw_key_read(CA "/privkey.pem", NULL, &ca_key, &error));
	assert_true(cw_issue_key("ec", &key, &error));
	static const unsigned char inherits_all[] = {
		0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x01};
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	assert_true(ASN1_OCTET_STRING_set(value, inherits_all, sizeof inherits_all));
	X509_EXTENSION *extension = X509_EXTENSION_create_by_NID(NULL, NID_proxyCertInfo, 1, value);
	ASN1_OCTET_STRING_free(value);
	assert_non_null(extension);
	assert_true(X509_set_version(proxy, X509_VERSION_3) && X509_set_pubkey(proxy, key) &&
		X509_add_ext(proxy, extension, -1) &&
		X509_NAME_add_entry_by_txt(X509_get_subject_name(proxy), "CN", MBSTRING_UTF8,
			(const unsigned char *)"proxy", -1, -1, 0) &&
		X509_set_issuer_name(proxy, X509_get_subject_name(cw_cert_x509(ca.entries[0].cert))) &&
		ASN1_TIME_set(X509_getm_notBefore(proxy), TEST_AT) &&
		ASN1_TIME_set(X509_getm_notAfter(proxy), TEST_AT + CW_DAY) &&
		X509_sign(proxy, ca_key, EVP_sha256()));
	X509_EXTENSION_free(extension);
	unsigned char *der = NULL;
	int length = i2d_X509(proxy, &der);
	assert_true(cw_cert_parse(der, (size_t)length, &cert, &error));
	OPENSSL_free(der);
	assert_true(cw_pem_write_cert(&pem, cert, &error));
	door_write(path, cw_buffer_string(&pem));
}

static void a_check_of_openssl_without_a_code_of_its_own_is_told_in_its_words(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	issue_proxy("proxy.pem");
	RUN(&ran, "cert", "verify", "--profile", "rfc5280", "--trusted-ca", "lab/c1/ca.pem", "proxy.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("verify-other-check-failed", ran.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_that_nobody_states_is_missed),
		cmocka_unit_test(a_check_of_openssl_without_a_code_of_its_own_is_told_in_its_words),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
