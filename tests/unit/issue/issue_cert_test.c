#include "issue/issue.h"

#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <sys/stat.h>

static EVP_PKEY *ca_key;
static EVP_PKEY *leaf_key;
static struct cw_cert *ca;

static struct cw_cert *issue(const struct cw_issue_spec *spec, const struct cw_cert *issuer)
{
	struct cw_error error;
	struct cw_cert *cert = NULL;
	if (!cw_issue(spec, issuer ? leaf_key : ca_key, issuer, ca_key, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

static int set_up(void **state)
{
	(void)state;
	struct cw_error error;
	test_folder_make();
	if (!cw_issue_key("ec", &ca_key, &error) || !cw_issue_key("ec:P-384", &leaf_key, &error))
		return -1;
	ca = issue(&(struct cw_issue_spec){.subject = "C=US, O=Acme\\, Inc, CN=Root",
			   .not_before = TEST_AT,
			   .not_after = TEST_AT + CW_DAY,
			   .constraints = CW_ISSUE_CA,
			   .path_limited = true,
			   .path_length = 2,
			   .key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN},
		NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	cw_cert_free(ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(leaf_key);
	test_folder_remove();
	return 0;
}

static void a_ca_reads_back_as_described(void **state)
{
	(void)state;
	size_t subject_id, authority_id;
	assert_true(cw_cert_self_signed(ca));
	assert_true(cw_cert_is_ca(ca));
	assert_int_equal(cw_cert_path_length(ca), 2);
	assert_int_equal(cw_cert_key_usage(ca), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	assert_int_equal(cw_cert_not_before(ca), TEST_AT);
	assert_int_equal(cw_cert_not_after(ca), TEST_AT + CW_DAY);
	assert_string_equal(cw_cert_common_name(ca), "Root");
	assert_false(cw_cert_eku(ca)->present);
	assert_non_null(cw_cert_subject_key_id(ca, &subject_id));
	assert_int_equal(subject_id, CW_SHA1_SIZE);
	assert_null(cw_cert_authority_key_id(ca, &authority_id));
}

static void a_leaf_reads_back_as_described(void **state)
{
	(void)state;
	const struct cw_issue_spec spec = {
		.subject = "CN=e1.acme.test, 1.3.6.1.4.1.6449.1.2.1.5.1=foo",
		.sans = "DNS:e1.acme.test, IP:10.0.0.1, IP:2001:db8::1, URI:sip:a@b, email:a@b",
		.not_before = TEST_AT,
		.not_after = TEST_AT + 100 * 365 * CW_DAY, /* past 2050: GeneralizedTime */
		.serial = "00ab12",
		.constraints = CW_ISSUE_END_ENTITY,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_DECIPHER_ONLY,
		.eku = "server, client, any, 1.3.6.1.5.5.7.3.8",
		.digest = "SHA384",
		.crl_urls = "http://crl.acme.test/a.crl, http://crl.acme.test/b.crl",
		.issuer_urls = "http://ca.acme.test/ca.cer",
	};
	AUTO(cw_cert_free) struct cw_cert *leaf = issue(&spec, ca);
	assert_true(cw_cert_signed_by(leaf, ca));
	assert_true(cw_name_equal(cw_cert_issuer(leaf), cw_cert_subject(ca)));
	assert_string_equal(cw_cert_common_name(leaf), "e1.acme.test");
	assert_int_equal(cw_cert_unknown_oids(leaf)->count, 1);
	static const char *const sans[] = {"e1.acme.test", "10.0.0.1", "2001:db8::1", "sip:a@b", "a@b"};
	assert_int_equal(cw_cert_sans(leaf)->count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(cw_cert_sans(leaf)->items[i].kind,
			((enum cw_san_kind[]){
				CW_SAN_DNS, CW_SAN_IP, CW_SAN_IP, CW_SAN_URI, CW_SAN_EMAIL})[i]);
		assert_string_equal(cw_cert_sans(leaf)->items[i].text, sans[i]);
	}
	assert_int_equal(cw_cert_not_after(leaf), TEST_AT + 100 * 365 * CW_DAY);
	assert_false(cw_cert_is_ca(leaf));
	assert_int_equal(cw_cert_path_length(leaf), -1);
	assert_int_equal(cw_cert_key_usage(leaf), KU_DIGITAL_SIGNATURE | KU_DECIPHER_ONLY);
	assert_true(
		cw_cert_eku(leaf)->server_auth && cw_cert_eku(leaf)->client_auth && cw_cert_eku(leaf)->any);
	assert_string_equal(cw_cert_eku(leaf)->oids.items[3], "1.3.6.1.5.5.7.3.8");
	assert_string_equal(cw_cert_digest(leaf), "SHA384");
	assert_int_equal(cw_cert_crl_urls(leaf)->count, 2);
	assert_string_equal(cw_cert_issuer_urls(leaf)->items[0], "http://ca.acme.test/ca.cer");
	AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(leaf));
	assert_string_equal(serial, "AB12");
}

static void key_identifiers_are_what_the_switches_say(void **state)
{
	(void)state;
	static const struct {
		bool no_subject;
		enum cw_issue_key_id authority;
		bool self_signed;
		bool want_subject, want_authority;
	} rows[] = {
		{false, CW_ISSUE_KEY_ID_AUTO, false, true, true},
		{false, CW_ISSUE_KEY_ID_AUTO, true, true, false},
		{true, CW_ISSUE_KEY_ID_NONE, false, false, false},
		{true, CW_ISSUE_KEY_ID_ALWAYS, true, false, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_issue_spec spec = {.subject = "CN=x",
			.not_before = TEST_AT,
			.not_after = TEST_AT,
			.no_subject_key_id = rows[i].no_subject,
			.authority_key_id = rows[i].authority};
		size_t length, ca_length;
		AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, rows[i].self_signed ? NULL : ca);
		assert_int_equal(cw_cert_subject_key_id(cert, &length) != NULL, rows[i].want_subject);
		const uint8_t *authority = cw_cert_authority_key_id(cert, &length);
		assert_int_equal(authority != NULL, rows[i].want_authority);
		const uint8_t *wanted =
			cw_cert_subject_key_id(ca, &ca_length); /* the same key signed them all */
		if (authority)
			assert_memory_equal(authority, wanted, length);
	}
}

static void serials_are_random_positive_and_of_one_length(void **state)
{
	(void)state;
	const struct cw_issue_spec spec = {.subject = "CN=x", .not_before = TEST_AT, .not_after = TEST_AT};
	char last[64] = "";
	for (size_t i = 0; i < 16; i++) {
		AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, ca);
		AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(cert));
		assert_int_equal(strlen(serial), 32);
		assert_string_not_equal(serial, last);
		snprintf(last, sizeof last, "%s", serial);
	}
}

static void a_corrupt_signature_parses_and_does_not_verify(void **state)
{
	(void)state;
	static const char *const kinds[] = {"rsa:1024", "ec", "ed25519"};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct cw_issue_spec spec = {.subject = "CN=x",
			.not_before = TEST_AT,
			.not_after = TEST_AT,
			.corrupt_signature = true};
		struct cw_error error;
		EVP_PKEY *made = NULL;
		struct cw_cert *cert = NULL;
		assert_true(cw_issue_key(kinds[i], &made, &error));
		AUTO(EVP_PKEY_free) EVP_PKEY *key = made;
		assert_true(cw_issue(&spec, key, NULL, NULL, &cert, &error));
		assert_true(cw_cert_self_issued(cert));
		assert_false(cw_cert_self_signed(cert));
		cw_cert_free(cert);
	}
}

static void version_1_has_no_extensions(void **state)
{
	(void)state;
	const struct cw_issue_spec spec = {.subject = "CN=x",
		.sans = "DNS:x",
		.eku = "server",
		.not_before = TEST_AT,
		.not_after = TEST_AT,
		.version_1 = true};
	AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, ca);
	assert_int_equal(X509_get_version(cw_cert_x509(cert)), X509_VERSION_1);
	assert_int_equal(X509_get_ext_count(cw_cert_x509(cert)), 0);
}

static void a_subject_that_is_not_there_makes_the_names_critical(void **state)
{
	(void)state;
	const struct cw_issue_spec spec = {.sans = "DNS:x", .not_before = TEST_AT, .not_after = TEST_AT};
	AUTO(cw_cert_free) struct cw_cert *cert = issue(&spec, ca);
	X509 *x509 = cw_cert_x509(cert);
	assert_string_equal(cw_cert_subject_text(cert), "");
	int place = X509_get_ext_by_NID(x509, NID_subject_alt_name, -1);
	assert_true(X509_EXTENSION_get_critical(X509_get_ext(x509, place)));
}

static void a_key_is_written_for_its_owner_alone_and_read_back(void **state)
{
	(void)state;
	static const char *const passwords[] = {NULL, "lab"};
	for (size_t i = 0; i < 2; i++) {
		struct cw_error error;
		struct stat status;
		EVP_PKEY *read = NULL;
		const char *path = test_folder_path("key.pem");
		if (!cw_pem_write_key(path, leaf_key, passwords[i], &error))
			fail_msg("%s", error.message);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		if (passwords[i])
			assert_false(cw_key_read(path, NULL, &read, &error));
		if (!cw_key_read(path, passwords[i], &read, &error))
			fail_msg("%s", error.message);
		assert_int_equal(EVP_PKEY_eq(read, leaf_key), 1);
		EVP_PKEY_free(read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ca_reads_back_as_described),
		cmocka_unit_test(a_leaf_reads_back_as_described),
		cmocka_unit_test(key_identifiers_are_what_the_switches_say),
		cmocka_unit_test(serials_are_random_positive_and_of_one_length),
		cmocka_unit_test(a_corrupt_signature_parses_and_does_not_verify),
		cmocka_unit_test(version_1_has_no_extensions),
		cmocka_unit_test(a_subject_that_is_not_there_makes_the_names_critical),
		cmocka_unit_test(a_key_is_written_for_its_owner_alone_and_read_back),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
