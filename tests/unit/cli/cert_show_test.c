#include "cli/verbs.h"

#include "base/file.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"
#include "support/verb.h"

#include <jansson.h>

static const char *bundle; /* a leaf and its CA */

static void append(
	struct cw_buffer *pem, const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_cert **issuer)
{
	struct cw_cert *cert;
	struct cw_error error;
	if (!cw_issue(spec, key, *issuer, key, &cert, &error) || !cw_pem_write_cert(pem, cert, &error))
		fail_msg("%s", error.message);
	cw_cert_free(*issuer);
	*issuer = cert;
}

static int make(void **state)
{
	(void)state;
	EVP_PKEY *key;
	struct cw_error error;
	AUTO_BUFFER ca = {0}, pem = {0};
	struct cw_cert *issuer = NULL;
	test_folder_make();
	if (!cw_issue_key("ec", &key, &error))
		return -1;
	append(&ca,
		&(struct cw_issue_spec){.subject = "CN=Acme CA",
			.not_before = TEST_AT - CW_DAY,
			.not_after = TEST_AT + 1000 * CW_DAY,
			.constraints = CW_ISSUE_CA,
			.path_limited = true,
			.key_usage = KU_KEY_CERT_SIGN},
		key, &issuer);
	append(&pem,
		&(struct cw_issue_spec){.subject = "O=Acme, CN=e1.acme.test",
			.sans = "DNS:e1.acme.test, IP:10.0.0.1",
			.not_before = TEST_AT - CW_DAY,
			.not_after = TEST_AT + 10 * CW_DAY,
			.eku = "server"},
		key, &issuer);
	cw_buffer_append(&pem, ca.data, ca.length);
	bundle = test_folder_write("bundle.pem", pem.data, pem.length);
	cw_cert_free(issuer);
	EVP_PKEY_free(key);
	return 0;
}

static void certificates_are_shown_in_file_order_with_what_people_ask_first(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"cert", "show", bundle, NULL});
	assert_int_equal(got.status, CW_EXIT_GOOD);
	static const char *const want[] = {
		", certificate 1 of 2 (line 1)\n  Who        O=Acme, CN=e1.acme.test\n",
		"  For        e1.acme.test, IP 10.0.0.1\n",
		"  Valid      2026-11-19 to 2026-11-30T12:00:00Z: 10 days left\n",
		"  Good for   server only (serverAuth, no clientAuth)\n",
		"  Signed by  CN=Acme CA, SHA256\n",
		"  Key        EC P-256\n",
		", certificate 2 of 2 (line ",
		"  Good for   CA: signs other certificates, with at most 0 CAs below it\n",
		"  Key usage  keyCertSign\n",
		"  Signed by  itself (self-signed), SHA256\n",
	};
	const char *at = got.out;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		at = strstr(at, want[i]);
		if (!at)
			fail_msg("row %zu is missing or out of order in\n%s", i, got.out);
	}
}

static void the_time_decides_what_days_are_left(void **state)
{
	(void)state;
	TEST_ANSWER late = {0}, early = {0};
	test_run(&late, (const char *const[]){"cert", "show", "--at", "+15d", bundle, NULL});
	test_run(&early, (const char *const[]){"cert", "show", "--at", "-15d", bundle, NULL});
	assert_non_null(strstr(late.out, ": expired 5 days ago\n"));
	assert_non_null(strstr(early.out, ": not valid yet\n"));
}

static void json_says_the_same_for_programs(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"cert", "show", "-f", "json", bundle, NULL});
	json_t *object = json_loads(got.out, 0, NULL);
	assert_non_null(object);
	json_t *certificates = json_object_get(object, "certificates");
	assert_string_equal(json_string_value(json_object_get(object, "format")), "PEM");
	assert_int_equal(json_array_size(certificates), 2);
	json_t *leaf = json_array_get(certificates, 0);
	assert_string_equal(json_string_value(json_object_get(leaf, "common_name")), "e1.acme.test");
	assert_string_equal(json_string_value(json_object_get(leaf, "not_after")), "2026-11-30T12:00:00Z");
	assert_true(json_is_true(json_object_get(leaf, "server_auth")));
	assert_true(json_is_false(json_object_get(leaf, "client_auth")));
	assert_int_equal(strlen(json_string_value(json_object_get(leaf, "sha256"))), 64);
	assert_true(json_is_null(json_object_get(leaf, "path_length")));
	assert_int_equal(json_array_size(json_object_get(leaf, "names")), 2);
	json_t *ca = json_array_get(certificates, 1);
	assert_true(json_is_true(json_object_get(ca, "self_signed")));
	assert_int_equal(json_integer_value(json_object_get(ca, "path_length")), 0);
	json_decref(object);
}

static void a_file_that_cannot_be_read_keeps_no_other_from_being_shown(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"cert", "show", "/nowhere.pem", bundle, NULL});
	assert_int_equal(got.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(got.err, "/nowhere.pem: cannot open"));
	assert_non_null(strstr(got.out, "CN=e1.acme.test"));
}

static void an_answer_goes_to_a_file_in_one_step(void **state)
{
	(void)state;
	const char *path = test_folder_path("answer.txt");
	TEST_ANSWER got = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	test_run(&got, (const char *const[]){"cert", "show", "-o", path, bundle, NULL});
	assert_int_equal(got.status, CW_EXIT_GOOD);
	assert_string_equal(got.out, "");
	assert_true(cw_file_read(path, 100000, &file, &error));
	assert_non_null(strstr(cw_buffer_string(&file), "CN=e1.acme.test"));
}

static void an_answer_that_cannot_be_written_is_trouble(void **state)
{
	(void)state;
	TEST_ANSWER folder = {0}, full = {0};
	test_run(&folder, (const char *const[]){"cert", "show", "-o", "/nowhere/x", bundle, NULL});
	assert_int_equal(folder.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(folder.err, "/nowhere/x: cannot write"));
	test_run(&full, (const char *const[]){"cert", "show", "-o", "/dev/full", bundle, NULL});
	assert_int_equal(full.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(full.err, "/dev/full: cannot write"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_shown_in_file_order_with_what_people_ask_first),
		cmocka_unit_test(the_time_decides_what_days_are_left),
		cmocka_unit_test(json_says_the_same_for_programs),
		cmocka_unit_test(a_file_that_cannot_be_read_keeps_no_other_from_being_shown),
		cmocka_unit_test(an_answer_goes_to_a_file_in_one_step),
		cmocka_unit_test(an_answer_that_cannot_be_written_is_trouble),
	};
	return cmocka_run_group_tests(tests, make, test_folder_teardown);
}
