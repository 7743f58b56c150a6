#include "pki/cert.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/instant.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

static EVP_PKEY *root_key, *leaf_key;
static struct cw_cert *root, *leaf;

static const struct cw_issue_spec root_spec = {
	.subject = "C=US, O=Acme, CN=Acme Root",
	.not_before = TEST_AT - CW_DAY,
	.not_after = TEST_AT + 3650 * CW_DAY,
	.constraints = CW_ISSUE_CA,
	.path_limited = true,
	.path_length = 1,
	.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
};

static const struct cw_issue_spec leaf_spec = {
	.subject = "O=Acme, CN=e1.acme.test",
	.sans = "DNS:e1.acme.test, IP:10.0.0.1, IP:2001:db8::1, URI:sip:a@b.test, email:admin@acme.test",
	.not_before = TEST_AT,
	.not_after = TEST_AT + 365 * CW_DAY,
	.key_usage = KU_DIGITAL_SIGNATURE,
	.eku = "server, client, 1.2.3.4",
	.crl_urls = "http://crl.acme.test/ca.crl",
	.issuer_urls = "http://ca.acme.test/ca.cer",
};

static struct cw_cert *issue(
	const struct cw_issue_spec *spec, EVP_PKEY *key, const struct cw_cert *issuer, EVP_PKEY *issuer_key)
{
	struct cw_error error;
	struct cw_cert *cert;
	if (!cw_issue(spec, key, issuer, issuer_key, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

static int make(void **state)
{
	(void)state;
	struct cw_error error;
	if (!cw_issue_key("rsa", &root_key, &error) || !cw_issue_key("ec", &leaf_key, &error))
		return -1;
	root = issue(&root_spec, root_key, NULL, NULL);
	leaf = issue(&leaf_spec, leaf_key, root, root_key);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	cw_cert_free(leaf);
	cw_cert_free(root);
	EVP_PKEY_free(leaf_key);
	EVP_PKEY_free(root_key);
	return 0;
}

static void a_certificate_says_who_it_is(void **state)
{
	(void)state;
	assert_string_equal(cw_cert_subject_text(leaf), "O=Acme, CN=e1.acme.test");
	assert_string_equal(cw_cert_issuer_text(leaf), "C=US, O=Acme, CN=Acme Root");
	assert_string_equal(cw_cert_common_name(leaf), "e1.acme.test");
	assert_string_equal(cw_cert_label(leaf), "e1.acme.test");
	assert_true(cw_name_equal(cw_cert_issuer(leaf), cw_cert_subject(root)));
	assert_false(cw_name_equal(cw_cert_issuer(leaf), cw_cert_subject(leaf)));
	assert_int_equal(cw_cert_not_before(leaf), TEST_AT);
	assert_int_equal(cw_cert_not_after(leaf), TEST_AT + 365 * CW_DAY);
}

static void a_certificate_says_what_it_is_for(void **state)
{
	(void)state;
	assert_true(cw_cert_is_ca(root));
	assert_int_equal(cw_cert_path_length(root), 1);
	assert_false(cw_cert_eku(root)->present);
	assert_false(cw_cert_is_ca(leaf));
	assert_int_equal(cw_cert_path_length(leaf), -1);
	assert_true(cw_cert_has_key_usage(leaf));
	assert_int_equal(cw_cert_key_usage(leaf), KU_DIGITAL_SIGNATURE);
	const struct cw_eku *eku = cw_cert_eku(leaf);
	assert_true(eku->present && eku->server_auth && eku->client_auth && !eku->any);
	assert_int_equal(eku->oids.count, 3);
	assert_string_equal(eku->oids.items[0], "1.3.6.1.5.5.7.3.1");
	assert_string_equal(eku->oids.items[2], "1.2.3.4");
	assert_string_equal(cw_cert_crl_urls(leaf)->items[0], "http://crl.acme.test/ca.crl");
	assert_string_equal(cw_cert_issuer_urls(leaf)->items[0], "http://ca.acme.test/ca.cer");
}

static void alternative_names_keep_kind_text_and_bytes(void **state)
{
	(void)state;
	static const struct {
		enum cw_san_kind want_kind;
		const char *want_text;
		size_t want_ip_length;
	} rows[] = {
		{CW_SAN_DNS, "e1.acme.test", 0},
		{CW_SAN_IP, "10.0.0.1", 4},
		{CW_SAN_IP, "2001:db8::1", 16},
		{CW_SAN_URI, "sip:a@b.test", 0},
		{CW_SAN_EMAIL, "admin@acme.test", 0},
	};
	const struct cw_sans *sans = cw_cert_sans(leaf);
	assert_int_equal(sans->count, sizeof rows / sizeof *rows);
	for (size_t i = 0; i < sans->count; i++) {
		assert_int_equal(sans->items[i].kind, rows[i].want_kind);
		assert_string_equal(sans->items[i].text, rows[i].want_text);
		assert_int_equal(sans->items[i].ip_length, rows[i].want_ip_length);
	}
}

static void alternative_names_are_counted_as_openssl_prints_them(void **state)
{
	(void)state;
	int index = X509_get_ext_by_NID(cw_cert_x509(leaf), NID_subject_alt_name, -1);
	BIO *printed = BIO_new(BIO_s_mem());
	char *text;
	assert_true(X509V3_EXT_print(printed, X509_get_ext(cw_cert_x509(leaf), index), 0, 0));
	long length = BIO_get_mem_data(printed, &text);
	const struct cw_sans *sans = cw_cert_sans(leaf);
	assert_int_equal(sans->text_length, length);
	for (size_t i = 0; i + 1 < sans->count; i++)
		assert_memory_equal(text + sans->items[i].text_end, ", ", 2);
	BIO_free(printed);
}

static void signatures_tell_the_issuer(void **state)
{
	(void)state;
	assert_true(cw_cert_self_signed(root) && cw_cert_self_signed(root));
	assert_true(cw_cert_signed_by(leaf, root));
	assert_false(cw_cert_signed_by(root, leaf));
	assert_false(cw_cert_self_signed(leaf) || cw_cert_self_issued(leaf));
	struct cw_issue_spec forged = root_spec;
	forged.corrupt_signature = true;
	AUTO(cw_cert_free) struct cw_cert *cert = issue(&forged, root_key, NULL, NULL);
	assert_true(cw_cert_self_issued(cert));
	assert_false(cw_cert_self_signed(cert));
	assert_true(cw_cert_same_key(cert, root));
	assert_false(cw_cert_same_key(leaf, root));
	assert_int_equal(ERR_peek_error(), 0);
}

static void keys_are_described(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *digest;
		const char *want_text, *want_digest;
	} rows[] = {
		{"rsa:1024", "SHA1", "RSA 1024", "SHA1"},
		{"ec", NULL, "EC P-256", "SHA256"},
		{"ec:P-384", "SHA384", "EC P-384", "SHA384"},
		{"ec:secp256k1", NULL, "EC secp256k1", "SHA256"},
		{"ed25519", NULL, "Ed25519", ""},
		{"ed448", NULL, "Ed448", ""},
		{"rsa:1024", "MD5", "RSA 1024", "MD5"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_error error;
		AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
		assert_true(cw_issue_key(rows[i].kind, &key, &error));
		struct cw_issue_spec spec = leaf_spec;
		spec.digest = rows[i].digest;
		AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, key, NULL, NULL);
		char text[CW_KEY_TEXT_SIZE];
		assert_string_equal(cw_cert_key_text(cw_cert_key(cert), text), rows[i].want_text);
		assert_string_equal(cw_cert_digest(cert), rows[i].want_digest);
	}
}

static void the_bytes_read_are_the_identity(void **state)
{
	(void)state;
	size_t length;
	const uint8_t *der = cw_cert_der(leaf, &length);
	struct cw_error error;
	AUTO(cw_cert_free) struct cw_cert *again = NULL;
	assert_true(cw_cert_parse(der, length, &again, &error));
	assert_true(cw_cert_same(leaf, again));
	assert_false(cw_cert_same(leaf, root));
	assert_int_equal(strlen(cw_cert_sha256_text(leaf)), 64);
	assert_memory_equal(cw_cert_sha256(leaf), cw_cert_sha256(again), CW_SHA256_SIZE);
}

/* A certificate with this SAN text, of which `from` was replaced by as many bytes of `to` afterwards. */
static struct cw_cert *patched(const char *sans, const char *from, const char *to, size_t length)
{
	struct cw_issue_spec spec = leaf_spec;
	struct cw_error error;
	struct cw_cert *cert;
	AUTO_BUFFER der = {0};
	spec.sans = sans;
	assert_true(cw_issue_der(&spec, leaf_key, NULL, NULL, &der, &error));
	char *at = memmem(der.data, der.length, from, length);
	assert_non_null(at);
	memcpy(at, to, length);
	if (!cw_cert_parse((const uint8_t *)der.data, der.length, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

static void a_nul_inside_a_name_is_kept_and_shown(void **state)
{
	(void)state;
	AUTO(cw_cert_free)
	struct cw_cert *cert = patched("DNS:e1.acme.test%.evil.test, DNS:b", "test%.evil", "test\0.evil", 10);
	const struct cw_sans *sans = cw_cert_sans(cert);
	assert_int_equal(sans->count, 2);
	assert_string_equal(sans->items[0].text, "e1.acme.test\\x00.evil.test");
	assert_int_equal(sans->items[1].text_end, sans->items[0].text_end + strlen(", DNS:b"));
}

static void an_address_of_odd_length_is_no_address(void **state)
{
	(void)state;
	AUTO(cw_cert_free)
	struct cw_cert *cert = patched("IP:10.0.0.1, URI:a", "\x87\x04\x0a\x00\x00\x01\x86\x01",
		"\x87\x05\x0a\x00\x00\x01\x00\x86", 8);
	/* what follows the longer address no longer fits: the whole extension is unreadable */
	assert_int_equal(cw_cert_sans(cert)->count, 0);
	AUTO(cw_cert_free) struct cw_cert *odd = patched("DNS:abcde", "\x82\x05", "\x87\x05", 2);
	assert_int_equal(cw_cert_sans(odd)->items[0].kind, CW_SAN_OTHER);
	assert_string_equal(cw_cert_sans(odd)->items[0].text, "<IP address of 5 bytes>");
}

static void a_broken_extension_does_not_hide_the_certificate(void **state)
{
	(void)state;
	AUTO(cw_cert_free) struct cw_cert *cert = patched("DNS:abcde", "\x82\x05", "\x82\x7f", 2);
	assert_int_equal(cw_cert_sans(cert)->count, 0);
	assert_string_equal(cw_cert_label(cert), "e1.acme.test");
	assert_true(X509_get_extension_flags(cw_cert_x509(cert)) & EXFLAG_INVALID);
	assert_int_equal(ERR_peek_error(), 0);
}

static void a_broken_purpose_fits_nothing(void **state)
{
	(void)state;
	static const char server_auth[] = "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";
	static const char broken[] = "\x06\x7f\x2b\x06\x01\x05\x05\x07\x03\x01";
	AUTO(cw_cert_free) struct cw_cert *cert = patched("DNS:a", server_auth, broken, 10);
	const struct cw_eku *eku = cw_cert_eku(cert);
	assert_true(eku->present);
	assert_false(eku->server_auth || eku->client_auth || eku->any);
}

static void version_1_has_no_extensions_and_is_read(void **state)
{
	(void)state;
	struct cw_issue_spec spec = root_spec;
	spec.version_1 = true;
	AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, root_key, NULL, NULL);
	size_t length;
	assert_false(cw_cert_is_ca(cert) || cw_cert_has_key_usage(cert) || cw_cert_eku(cert)->present);
	assert_int_equal(cw_cert_key_usage(cert), UINT32_MAX);
	assert_null(cw_cert_subject_key_id(cert, &length));
	assert_int_equal(length, 0);
	assert_true(cw_cert_self_signed(cert));
}

static void key_identifiers_link_leaf_and_issuer(void **state)
{
	(void)state;
	size_t subject_length, authority_length;
	const uint8_t *subject = cw_cert_subject_key_id(root, &subject_length);
	const uint8_t *authority = cw_cert_authority_key_id(leaf, &authority_length);
	assert_int_equal(subject_length, 20);
	assert_int_equal(authority_length, subject_length);
	assert_memory_equal(subject, authority, subject_length);
	assert_null(cw_cert_authority_key_id(root, &authority_length));
}

static void labels_fall_back_from_common_name_to_subject_to_first_name(void **state)
{
	(void)state;
	static const struct {
		const char *subject, *sans, *want;
	} rows[] = {
		{"O=Acme, CN=x", "DNS:a", "x"},
		{"O=Acme", "DNS:a", "O=Acme"},
		{"", "DNS:a", "a"},
		{"", NULL, "(no name)"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_issue_spec spec = leaf_spec;
		spec.subject = rows[i].subject;
		spec.sans = rows[i].sans;
		AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, leaf_key, root, root_key);
		assert_string_equal(cw_cert_label(cert), rows[i].want);
	}
}

static void the_certificate_a_box_comes_with_is_known(void **state)
{
	(void)state;
	static const struct {
		const char *subject;
		bool want;
	} rows[] = {
		{"O=Temporary CA 2c3a8f10, OU=Temporary CA 2c3a8f10, CN=Temporary CA 2c3a8f10", true},
		{"O=Temporary Certificate 2c3a8f10, OU=Temporary Certificate 2c3a8f10, CN=cisco", true},
		{"O=Acme, CN=temporary.acme.test", false},
		{"O=Acme, L=Temporary CA Street", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_issue_spec spec = leaf_spec;
		spec.subject = rows[i].subject;
		AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, leaf_key, NULL, NULL);
		assert_int_equal(cw_cert_is_temporary(cert), rows[i].want);
	}
}

static void limits_hold(void **state)
{
	(void)state;
	AUTO_BUFFER sans = {0}, der = {0};
	struct cw_error error;
	struct cw_cert *cert = NULL;
	for (int i = 0; i <= CW_CERT_SANS_MAX; i++)
		cw_buffer_printf(&sans, "%sDNS:a", i ? ", " : "");
	struct cw_issue_spec spec = leaf_spec;
	spec.sans = sans.data;
	assert_true(cw_issue_der(&spec, leaf_key, NULL, NULL, &der, &error));
	assert_false(cw_cert_parse((const uint8_t *)der.data, der.length, &cert, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_string_equal(
		error.message, "certificate with 4097 subject alternative names; wanted at most 4096");

	AUTO(free) uint8_t *large = calloc(1, CW_CERT_DER_MAX + 1);
	assert_false(cw_cert_parse(large, CW_CERT_DER_MAX + 1, &cert, &error));
	assert_string_equal(error.message, "certificate of 262145 bytes; wanted at most 262144");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_says_who_it_is),
		cmocka_unit_test(a_certificate_says_what_it_is_for),
		cmocka_unit_test(alternative_names_keep_kind_text_and_bytes),
		cmocka_unit_test(alternative_names_are_counted_as_openssl_prints_them),
		cmocka_unit_test(signatures_tell_the_issuer),
		cmocka_unit_test(keys_are_described),
		cmocka_unit_test(the_bytes_read_are_the_identity),
		cmocka_unit_test(a_nul_inside_a_name_is_kept_and_shown),
		cmocka_unit_test(an_address_of_odd_length_is_no_address),
		cmocka_unit_test(a_broken_extension_does_not_hide_the_certificate),
		cmocka_unit_test(a_broken_purpose_fits_nothing),
		cmocka_unit_test(version_1_has_no_extensions_and_is_read),
		cmocka_unit_test(key_identifiers_link_leaf_and_issuer),
		cmocka_unit_test(labels_fall_back_from_common_name_to_subject_to_first_name),
		cmocka_unit_test(the_certificate_a_box_comes_with_is_known),
		cmocka_unit_test(limits_hold),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
