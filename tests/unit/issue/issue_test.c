#include "issue/issue.h"

#include "base/time.h"
#include "issue/issue_key.h"
#include "support/cmocka.h"
#include "support/instant.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

CW_DEFINE_AUTO(X509 *, X509_free)
CW_DEFINE_AUTO(X509_CRL *, X509_CRL_free)

static EVP_PKEY *root_key;
static EVP_PKEY *leaf_key;

static int make_keys(void **state)
{
	(void)state;
	struct cw_error error;
	return cw_issue_key("ec", &root_key, &error) && cw_issue_key("ec", &leaf_key, &error) ? 0 : -1;
}

static int free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(leaf_key);
	return 0;
}

static const struct cw_issue_spec root_spec = {
	.subject = "C=US, O=Acme, CN=Acme Root",
	.not_before = TEST_AT - CW_DAY,
	.not_after = TEST_AT + 3650 * CW_DAY,
	.constraints = CW_ISSUE_CA,
	.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
};

static const struct cw_issue_spec leaf_spec = {
	.subject = "CN=e1.acme.test",
	.sans = "DNS:e1.acme.test, IP:10.0.0.1",
	.not_before = TEST_AT - CW_DAY,
	.not_after = TEST_AT + 365 * CW_DAY,
	.eku = "server, client",
};

static X509 *issue(const struct cw_issue_spec *spec, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	AUTO_BUFFER der = {0};
	struct cw_error error;
	if (!cw_issue_der(spec, key, issuer, issuer_key, &der, &error))
		fail_msg("%s", error.message);
	const unsigned char *at = (const unsigned char *)der.data;
	X509 *cert = d2i_X509(NULL, &at, (long)der.length);
	assert_non_null(cert);
	assert_ptr_equal(at, der.data + der.length);
	return cert;
}

static int verify_error(X509 *leaf, X509 *root, const char *host)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	assert_true(store && context && X509_STORE_add_cert(store, root));
	assert_true(X509_STORE_CTX_init(context, store, leaf, NULL));
	X509_STORE_CTX_set_time(context, 0, TEST_AT);
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set1_host(param, host, 0);
	X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
	int result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return result;
}

static void openssl_accepts_a_good_chain_and_names_what_is_planted(void **state)
{
	(void)state;
	AUTO(X509_free) X509 *root = issue(&root_spec, root_key, NULL, NULL);
	const struct {
		struct cw_issue_spec spec;
		int want;
	} rows[] = {
		{leaf_spec, X509_V_OK},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT - CW_DAY,
			 .not_after = TEST_AT + CW_DAY,
			 .sans = "DNS:other.test"},
			X509_V_ERR_HOSTNAME_MISMATCH},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT - 2 * CW_DAY,
			 .not_after = TEST_AT - CW_DAY},
			X509_V_ERR_CERT_HAS_EXPIRED},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT + CW_DAY,
			 .not_after = TEST_AT + 2 * CW_DAY},
			X509_V_ERR_CERT_NOT_YET_VALID},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT,
			 .not_after = TEST_AT,
			 .corrupt_signature = true},
			X509_V_ERR_CERT_SIGNATURE_FAILURE},
		{{.subject = "CN=e1.acme.test", .not_before = TEST_AT, .not_after = TEST_AT, .eku = "client"},
			X509_V_ERR_INVALID_PURPOSE},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT,
			 .not_after = TEST_AT,
			 .unknown_critical = true},
			X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
		{{.subject = "CN=e1.acme.test",
			 .not_before = TEST_AT,
			 .not_after = TEST_AT,
			 .issuer = "CN=Somebody"},
			X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(X509_free) X509 *leaf = issue(&rows[i].spec, leaf_key, root, root_key);
		assert_int_equal(verify_error(leaf, root, "e1.acme.test"), rows[i].want);
	}
}

static void a_ca_confines_the_names_below_it(void **state)
{
	(void)state;
	static const struct {
		const char *permitted, *excluded;
		int want;
	} rows[] = {
		{"acme.test, other.test", NULL, X509_V_OK},
		{"other.test", NULL, X509_V_ERR_PERMITTED_VIOLATION},
		{NULL, "e1.acme.test", X509_V_ERR_EXCLUDED_VIOLATION},
		{"acme.test", "e2.acme.test", X509_V_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_issue_spec root = root_spec;
		struct cw_issue_spec leaf = leaf_spec;
		root.permitted_dns = rows[i].permitted;
		root.excluded_dns = rows[i].excluded;
		leaf.sans = "DNS:e1.acme.test"; /* RFC 5280 §4.2.1.10: addresses are confined apart */
		AUTO(X509_free) X509 *issuer = issue(&root, root_key, NULL, NULL);
		AUTO(X509_free) X509 *cert = issue(&leaf, leaf_key, issuer, root_key);
		assert_int_equal(verify_error(cert, issuer, "e1.acme.test"), rows[i].want);
	}
}

static void every_kind_of_key_can_be_certified(void **state)
{
	(void)state;
	static const char *const rows[] = {"rsa:1024", "ec", "ec:P-384", "ec:P-521", "ec:P-192", "ec:P-224",
		"ec:secp256k1", "ed25519", "ed448", "dsa"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		EVP_PKEY *made = NULL;
		if (!cw_issue_key(rows[i], &made, &error))
			fail_msg("%s", error.message);
		AUTO(EVP_PKEY_free) EVP_PKEY *key = made;
		AUTO(X509_free) X509 *cert = issue(&root_spec, key, NULL, NULL);
		assert_int_equal(X509_verify(cert, key), 1);
	}
}

static void an_unknown_kind_of_key_is_refused_with_the_wanted_ones(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"", "rsa:", "rsa:12x", "rsa:128", "rsa:99999", "rsa2048", "EC", "dh"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		EVP_PKEY *key;
		assert_false(cw_issue_key(rows[i], &key, &error));
		assert_int_equal(error.code, CW_E_USAGE);
		assert_non_null(strstr(error.message, "wanted rsa"));
	}
}

static void what_cannot_be_read_in_a_spec_is_named(void **state)
{
	(void)state;
	static const struct {
		struct cw_issue_spec spec;
		const char *want;
	} rows[] = {
		{{.subject = "e1.acme.test"}, "\"e1.acme.test\": wanted a part of a name"},
		{{.subject = "XX=e1"}, "\"XX=e1\": wanted a part of a name"},
		{{.subject = "C=USA"}, "\"C=USA\": cannot stand in a name"},
		{{.sans = "DNS:a, b"}, "\"b\": wanted an alternative name"},
		{{.sans = "IP:10.0.0.256"}, "\"IP:10.0.0.256\": cannot be an alternative name"},
		{{.eku = "servr"}, "key purpose \"servr\""},
		{{.serial = "12x"}, "serial number \"12x\""},
		{{.digest = "SHA-257"}, "unknown digest \"SHA-257\""},
		{{.permitted_dns = "acme.test",
			 .excluded_dns = "a",
			 .issuer_urls = "http://a",
			 .sans = "IP:a"},
			"\"IP:a\": cannot be an alternative name"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER der = {0};
		struct cw_error error;
		assert_false(cw_issue_der(&rows[i].spec, leaf_key, NULL, NULL, &der, &error));
		assert_int_equal(error.code, CW_E_USAGE);
		if (!strstr(error.message, rows[i].want))
			fail_msg("\"%s\" is not in \"%s\"", rows[i].want, error.message);
		assert_int_equal(der.length, 0);
	}
}

static void what_openssl_refuses_is_said_with_its_reason(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO_BUFFER der = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *small = NULL;
	ERR_clear_error(); /* of the tests above */
	assert_true(cw_issue_key("rsa:512", &small, &error));
	struct cw_issue_spec spec = root_spec;
	spec.digest = "SHA512";
	assert_false(cw_issue_der(&spec, small, NULL, NULL, &der, &error));
	assert_string_equal(error.message,
		"cannot sign the certificate of \"C=US, O=Acme, CN=Acme Root\": digest too big for rsa key");
	assert_int_equal(error.code, CW_E_CRYPTO);
	spec = root_spec;
	spec.not_after = INT64_MAX;
	assert_false(cw_issue_der(&spec, root_key, NULL, NULL, &der, &error));
	assert_int_equal(error.code, CW_E_TIME);
	assert_memory_equal(error.message, "9223372036854775807 cannot be a time in a certificate", 53);
	assert_false(cw_issue_key("ec:P-1", &small, &error));
	assert_memory_equal(error.message, "cannot make a key of kind \"ec:P-1\": ", 36);
	assert_int_equal(ERR_peek_error(), 0);
	assert_int_equal(der.length, 0);
}

static void what_cannot_be_in_a_crl_is_named(void **state)
{
	(void)state;
	static const struct {
		struct cw_issue_crl_spec spec;
		enum cw_error_code want_code;
		const char *want;
	} rows[] = {
		{{.serials = "0a, xyz"}, CW_E_USAGE, "serial number \"xyz\": wanted hexadecimal digits"},
		{{.digest = "CRC"}, CW_E_USAGE, "unknown digest \"CRC\""},
		{{.this_update = INT64_MAX}, CW_E_TIME, "9223372036854775807 cannot be a time"},
		{{.next_update = INT64_MAX}, CW_E_TIME, "9223372036854775807 cannot be a time"},
		{{.digest = "SHA512"}, CW_E_CRYPTO, "cannot sign the CRL: digest too big for rsa key"},
	};
	AUTO(X509_free) X509 *root = issue(&root_spec, root_key, NULL, NULL);
	AUTO(EVP_PKEY_free) EVP_PKEY *small = NULL;
	struct cw_error error;
	ERR_clear_error(); /* of the tests above */
	assert_true(cw_issue_key("rsa:512", &small, &error));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER der = {0};
		assert_false(cw_issue_crl_der(&rows[i].spec, root, small, &der, &error));
		if (strncmp(error.message, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("wanted \"%s\", got \"%s\"", rows[i].want, error.message);
		assert_int_equal(error.code, rows[i].want_code);
		assert_int_equal(der.length, 0);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

static void a_crl_lists_the_serials_and_verifies(void **state)
{
	(void)state;
	AUTO(X509_free) X509 *root = issue(&root_spec, root_key, NULL, NULL);
	AUTO(X509_free) X509 *leaf = issue(&leaf_spec, leaf_key, root, root_key);
	AUTO(free) char *serial = cw_issue_serial(leaf);
	AUTO_BUFFER der = {0};
	AUTO_BUFFER serials = {0};
	struct cw_error error;
	cw_buffer_printf(&serials, "0a01, %s", serial);
	const struct cw_issue_crl_spec spec = {.this_update = TEST_AT,
		.next_update = TEST_AT + 7 * CW_DAY,
		.number = 5,
		.serials = cw_buffer_string(&serials)};
	if (!cw_issue_crl_der(&spec, root, root_key, &der, &error))
		fail_msg("%s", error.message);
	const unsigned char *at = (const unsigned char *)der.data;
	AUTO(X509_CRL_free) X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.length);
	assert_non_null(crl);
	assert_int_equal(X509_CRL_verify(crl, root_key), 1);
	X509_REVOKED *revoked;
	assert_int_equal(X509_CRL_get0_by_cert(crl, &revoked, leaf), 1);
	assert_int_equal(X509_CRL_get0_by_cert(crl, &revoked, root), 0);
	assert_int_equal(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_accepts_a_good_chain_and_names_what_is_planted),
		cmocka_unit_test(a_ca_confines_the_names_below_it),
		cmocka_unit_test(every_kind_of_key_can_be_certified),
		cmocka_unit_test(an_unknown_kind_of_key_is_refused_with_the_wanted_ones),
		cmocka_unit_test(what_cannot_be_read_in_a_spec_is_named),
		cmocka_unit_test(what_openssl_refuses_is_said_with_its_reason),
		cmocka_unit_test(what_cannot_be_in_a_crl_is_named),
		cmocka_unit_test(a_crl_lists_the_serials_and_verifies),
	};
	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
