/*
 * The page "Client certificate testing": its texts word for word, what they mean, revocation, patterns.
 */
#include "front_door.h"

#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define C1 "--deployment", "lab", "--node", "c1.acme.test"
#define E1 "lab/e1/server.pem"
#define NOT_TRUSTED "Invalid: The client certificate is not signed by a CA in the trusted CA list."
#define NO_CRL "Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL"

static char serial[64]; /* of e1's certificate */

static void make_crl(
	const char *ca, const char *path, const struct cw_issue_crl_spec *spec, int special, bool der_file)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER der = {0}, pem = {0}, cert_path = {0}, key_path = {0};
	struct cw_error error;
	cw_buffer_printf(&cert_path, "lab/ca/%s/ca.pem", ca);
	cw_buffer_printf(&key_path, "lab/ca/%s/privkey.pem", ca);
	if (!cw_key_read(cw_buffer_string(&key_path), NULL, &key, &error) ||
		!cw_bundle_read(cw_buffer_string(&cert_path), "ca", NULL, pool, &bundle, &error) ||
		!cw_issue_crl_der(spec, cw_cert_x509(bundle.entries[0].cert), key, &der, &error))
		fail_msg("%s", error.message);
	if (special) {
		const unsigned char *at = (const unsigned char *)der.data;
		X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.length);
		ASN1_INTEGER *base = ASN1_INTEGER_new();
		ISSUING_DIST_POINT *point = ISSUING_DIST_POINT_new();
		point->indirectCRL = 0xff;
		ASN1_INTEGER_set(base, 1);
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, special,
					 special == NID_delta_crl ? (void *)base : (void *)point, 1, 0),
			1);
		assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
		unsigned char *bytes = NULL;
		int length = i2d_X509_CRL(crl, &bytes);
		cw_buffer_finish(&der);
		cw_buffer_append(&der, bytes, (size_t)length);
		OPENSSL_free(bytes);
		ISSUING_DIST_POINT_free(point);
		ASN1_INTEGER_free(base);
		X509_CRL_free(crl);
	}
	assert_true(cw_pem_write_block(&pem, "X509 CRL", der.data, der.length, &error));
	const struct cw_buffer *content = der_file ? &der : &pem;
	assert_true(cw_file_write(path, cw_buffer_string(content), content->length, 0644, &error));
}

#define DATES .this_update = TEST_AT - CW_DAY, .next_update = TEST_AT + 9 * CW_DAY, .number = 2

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("lab", CW_LAB_SMALL, NULL);
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	if (!cw_bundle_read(E1, E1, NULL, pool, &bundle, &error))
		return -1;
	AUTO(free) char *hex = cw_issue_serial(cw_cert_x509(bundle.entries[0].cert));
	snprintf(serial, sizeof serial, "%s", hex);
	make_crl("public-issuing", "issuing.crl", &(struct cw_issue_crl_spec){DATES}, 0, false);
	make_crl("public-root", "root.crl", &(struct cw_issue_crl_spec){DATES}, 0, true);
	make_crl("public-issuing", "revoked.crl", &(struct cw_issue_crl_spec){DATES, .serials = serial}, 0,
		false);
	make_crl("public-issuing", "old.crl",
		&(struct cw_issue_crl_spec){
			.this_update = TEST_AT - 9 * CW_DAY, .next_update = TEST_AT - CW_DAY, .number = 1},
		0, false);
	make_crl("public-issuing", "delta.crl", &(struct cw_issue_crl_spec){DATES, .serials = serial},
		NID_delta_crl, false);
	make_crl("public-issuing", "indirect.crl", &(struct cw_issue_crl_spec){DATES},
		NID_issuing_distribution_point, false);
	return 0;
}

static void want_page(const struct test_answer *ran, const char *want)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "Valid certificate:  %s Resulting string:", want);
	want_text(ran->out, cw_buffer_string(&line));
}

static void a_missing_crl_means_that_everything_else_passed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "client-test", C1, E1);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_page(&ran, NO_CRL);
	assert_null(strstr(ran.out, "decoded"));
	want_golden("client-test-no-crl", ran.out);
}

static void an_untrusted_one_gets_the_seeds_text_and_the_real_reason(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "client-test", "--trusted-ca", "lab/pub/tomcat-trust.pem", E1, "--decoded");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_page(&ran, NOT_TRUSTED);
	want_text(ran.out, "\nThe certificate, decoded\nCertificate:\n    Data:\n");
	*strstr(ran.out, "The certificate, decoded\n") = '\0';
	want_golden("client-test-untrusted", ran.out);
}

static void revocation_is_looked_at_as_told(void **state)
{
	(void)state;
	static const struct {
		const char *revocation, *crls[3], *want;
		enum cw_exit status;
	} rows[] = {
		{"none", {NULL}, "Valid", CW_EXIT_GOOD}, {"all", {NULL}, NO_CRL, CW_EXIT_REFUSED},
		{"leaf", {NULL}, NO_CRL, CW_EXIT_REFUSED}, {"leaf", {"issuing.crl"}, "Valid", CW_EXIT_GOOD},
		{"all", {"issuing.crl"}, NO_CRL, CW_EXIT_REFUSED},
		{"all", {"issuing.crl", "root.crl"}, "Valid", CW_EXIT_GOOD},
		{"all", {"revoked.crl", "root.crl"}, "Invalid: certificate revoked", CW_EXIT_REFUSED},
		{"none", {"revoked.crl", "root.crl"}, "Valid", CW_EXIT_GOOD},
		{"leaf", {"old.crl"}, "Invalid: CRL has expired", CW_EXIT_REFUSED},
		{"leaf", {"delta.crl"}, NO_CRL, CW_EXIT_REFUSED},  /* a delta without its base */
		{"leaf", {"indirect.crl"}, "Valid", CW_EXIT_GOOD}, /* its issuer is e1's own */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		const char *words[16] = {"client-test", C1, E1, "--revocation", rows[i].revocation};
		size_t count = 8;
		for (size_t k = 0; rows[i].crls[k]; k++) {
			words[count++] = "--crl";
			words[count++] = rows[i].crls[k];
		}
		door_run(&ran, words);
		if (ran.status != rows[i].status)
			fail_msg("row %zu: status %d\n%s%s", i, (int)ran.status, ran.out, ran.err);
		want_page(&ran, rows[i].want);
	}
}

static void crls_inside_the_list_and_of_the_node_count(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	assert_int_equal(system("openssl crl -inform der -in root.crl -out root.pem && "
				"cat lab/c1/ca.pem issuing.crl root.pem > with-crls.pem && cat issuing.crl "
				"root.pem > both.crl"),
		0);
	RUN(&ran, "client-test", "--trusted-ca", "with-crls.pem", E1);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_page(&ran, "Valid");
	door_lab("node", CW_LAB_SMALL, NULL);
	door_edit("lab/deployment.yaml", "trusted-ca: c1/ca.pem",
		"trusted-ca: c1/ca.pem\n      crl: ../both.crl");
	RUN(&ran, "client-test", C1, E1);
	want_page(&ran, "Valid");
	door_edit("lab/deployment.yaml", "\n      crl: ../both.crl", "");
}

static void special_crls_are_explained(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "client-test", C1, E1, "--crl", "delta.crl");
	want_text(ran.out, "is a delta: it counts together with its base only");
	RUN(&ran, "client-test", C1, E1, "--crl", "indirect.crl");
	want_text(ran.out, "is indirect: it counts for the certificates of that CA");
}

static void user_names_come_from_groups(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *format, *want;
	} rows[] = {
		{"/Subject.*CN=(?<captureCommonName>[^,\n]*)/m", "#captureCommonName#", "e1.acme.test"},
		{"/Subject:.*, CN=(?<Group1>.*)/m", "prefix#Group1#suffix", "prefixe1.acme.testsuffix"},
		{"|DNS:(?<a>[^,]*)|", "##a#", "#e1.acme.test"},
		{"/O=(?<o>\\w+)/", "#o# # x", "Public # x"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "client-test", C1, E1, "--pattern", rows[i].pattern, "--username", rows[i].format,
			"-f", "json");
		assert_int_equal(ran.status, CW_EXIT_GOOD);
		AUTO_BUFFER want = {0};
		cw_buffer_printf(&want, "\"resulting_string\": \"%s\"", rows[i].want);
		want_text(ran.out, cw_buffer_string(&want));
	}
}

static void patterns_that_are_wrong_get_clear_errors(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *format, *want;
	} rows[] = {
		{"/CN=(?<a>/", "#a#",
			"pattern: does not compile: missing closing parenthesis, at character "},
		{"CN=(?<a>.*)", "#a#", "pattern: wanted a delimiter in front and behind"},
		{"/CN=(?<a>.*)/q", "#a#", "unknown flag \"q\""},
		{"/CN=(?<a>.*)/", "#b#", "the pattern has no group \"b\"; it has #a#"},
		{"/CN=.*/", "#b#", "it has no named group"},
		{"", "#b#", "wanted a delimiter"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "client-test", C1, E1, "--pattern", rows[i].pattern, "--username", rows[i].format);
		assert_int_equal(ran.status, CW_EXIT_TROUBLE);
		want_text(ran.err, rows[i].want);
	}
}

static void a_pattern_that_backtracks_without_end_is_given_up(void **state)
{
	(void)state;
	static const char *const patterns[] = {"/^(?:[\\s\\S]+)+(?!)/", "/(?<a>(\\w+\\s?)+)+\\x01/",
		"/((((((.*)*)*)*)*)*)*(?!)/s", "/^(?:(?=(.+))\\1?)*(?!)/s", "/(?<a>(?R)?.)+(?!)/s"};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		TEST_ANSWER ran = {0};
		struct timespec start, end;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		RUN(&ran, "client-test", C1, E1, "--pattern", patterns[i], "--username", "x");
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
		if (ran.status == CW_EXIT_GOOD)
			fail_msg("%s matched", patterns[i]);
		assert_true(end.tv_sec - start.tv_sec < 10);
	}
	TEST_ANSWER ran = {0};
	RUN(&ran, "client-test", C1, E1, "--pattern", patterns[0], "--username", "x");
	want_text(ran.err, "it backtracks without end");
}

static void decoded_text_is_good_for_the_pattern_alone(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	assert_int_equal(system("openssl x509 -in " E1 " -noout -text -nameopt compat > decoded.txt"), 0);
	RUN(&ran, "client-test", C1, "decoded.txt");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_page(&ran, "not tested: plain text carries no signature");
	want_text(ran.out, "Resulting string:   e1.acme.test");
	WANT(CW_EXIT_REFUSED, "client-test", C1, "decoded.txt", "--pattern", "/nobody/", "--username", "x");
}

static void other_reasons_are_openssls_words(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "client-test", C1, E1, "--at", "2036-01-01");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_page(&ran, "Invalid: certificate has expired");
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "e1.acme.test", "--key", "ecdsa:256");
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "lab/ca/public-issuing", "--template", "server", "-o",
		"so.pem", "lab/e1/e1.acme.test.csr");
	RUN(&ran, "client-test", C1, "so.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_text(ran.out, "client-auth-missing (refused)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_crl_means_that_everything_else_passed),
		cmocka_unit_test(an_untrusted_one_gets_the_seeds_text_and_the_real_reason),
		cmocka_unit_test(revocation_is_looked_at_as_told),
		cmocka_unit_test(crls_inside_the_list_and_of_the_node_count),
		cmocka_unit_test(special_crls_are_explained),
		cmocka_unit_test(user_names_come_from_groups),
		cmocka_unit_test(patterns_that_are_wrong_get_clear_errors),
		cmocka_unit_test(a_pattern_that_backtracks_without_end_is_given_up),
		cmocka_unit_test(decoded_text_is_good_for_the_pattern_alone),
		cmocka_unit_test(other_reasons_are_openssls_words),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
