/*
 * Requests: the names of the role, the one that is in progress, what is printed and what never is.
 */
#include "front_door.h"

#include "base/file.h"
#include "pki/request.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EC "--key", "ecdsa:256"

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("one", CW_LAB_SMALL, NULL);
	door_lab("two", CW_LAB_CLUSTER, NULL);
	door_edit("two/deployment.yaml", "    - fqdn: e1.acme.test\n",
		"    - fqdn: e1.acme.test\n      address: [edge1.example.test, 192.0.2.1]\n");
	door_edit("one/deployment.yaml", "domains: [acme.test]",
		"domains: [acme.test, {name: dns.test, edge: dns}, {name: pre.test, edge: collab-edge}, "
		"{name: inner.test, edge: none}]");
	return 0;
}

static void every_role_gets_its_names_each_with_its_reason(void **state)
{
	(void)state;
	static const struct {
		const char *deployment, *node, *identity, *golden;
	} rows[] = {
		{"one", "c1.acme.test", "server", "csr-c-single"},
		{"one", "e1.acme.test", "server", "csr-e-single"},
		{"two", "c2.acme.test", "server", "csr-c-cluster"},
		{"two", "e1.acme.test", "server", "csr-e-cluster"},
		{"two", "pub.acme.test", "callmanager", "csr-callmanager"},
		{"two", "imp1.acme.test", "tomcat", "csr-imp"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "csr", "new", rows[i].deployment, rows[i].node, "--identity", rows[i].identity, EC);
		assert_string_equal(ran.err, "");
		assert_int_equal(ran.status, CW_EXIT_GOOD);
		want_golden(rows[i].golden, ran.out);
		WANT(CW_EXIT_GOOD, "csr", "discard", rows[i].deployment, rows[i].node);
	}
}

static void a_shared_request_bears_the_warnings_and_steps_of_the_seed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "csr", "new", "two", "e1.acme.test", "--shared", "--edge", "collab-edge", EC);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("csr-shared", ran.out);
	WANT(CW_EXIT_GOOD, "csr", "discard", "two", "e1.acme.test");
	RUN(&ran, "csr", "new", "one", "c1.acme.test", "--shared", EC);
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "only the peers of an Expressway cluster");
}

static void there_is_one_request_at_a_time_and_its_key_is_for_nobody_else(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	struct stat status;
	RUN(&ran, "csr", "new", "one", "c1.acme.test", EC);
	assert_int_equal(stat("one/c1/c1.acme.test.csr.key", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	want_no_text(ran.out, "PRIVATE KEY");
	AUTO(free) char *first = door_read("one/c1/c1.acme.test.csr");
	RUN(&ran, "csr", "new", "one", "c1.acme.test", EC);
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "a request is in progress");
	RUN(&ran, "csr", "new", "one", "c1.acme.test", "--discard", EC);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "the request in progress is discarded, its key destroyed");
	AUTO(free) char *second = door_read("one/c1/c1.acme.test.csr");
	assert_string_not_equal(first, second);
	WANT(CW_EXIT_GOOD, "csr", "discard", "one", "c1.acme.test");
	assert_false(door_there("one/c1/c1.acme.test.csr.key"));
	WANT(CW_EXIT_TROUBLE, "csr", "discard", "one", "c1.acme.test");
}

static void a_key_may_be_encrypted(void **state)
{
	(void)state;
	door_write("secret", "one two three\n");
	WANT(CW_EXIT_GOOD, "csr", "new", "one", "e1.acme.test", "--password-file", "secret", EC);
	AUTO(free) char *key = door_read("one/e1/e1.acme.test.csr.key");
	want_text(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----");
	WANT(CW_EXIT_GOOD, "csr", "discard", "one", "e1.acme.test");
}

static void keys_and_digests_are_those_of_the_page(void **state)
{
	(void)state;
	static const struct {
		const char *key, *digest, *want_key;
	} rows[] = {
		{"rsa:2048", "sha256", "RSA 2048, SHA256"},
		{"ecdsa:256", "sha384", "EC P-256, SHA384"},
		{"ecdsa:384", "sha512", "EC P-384, SHA512"},
		{"ecdsa:521", "sha256", "EC P-521, SHA256"},
	};
	TEST_ANSWER ran = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		WANT(CW_EXIT_GOOD, "csr", "new", "one", "c1.acme.test", "--discard", "--key", rows[i].key,
			"--digest", rows[i].digest);
		RUN(&ran, "csr", "show", "one/c1/c1.acme.test.csr");
		want_text(ran.out, rows[i].want_key);
	}
	WANT(CW_EXIT_TROUBLE, "csr", "new", "one", "c1.acme.test", "--discard", "--key", "rsa:1024");
	WANT(CW_EXIT_TROUBLE, "csr", "new", "one", "c1.acme.test", "--discard", "--digest", "sha1");
}

static void a_phone_profile_that_is_no_fqdn_makes_no_request_from_x12_6_on(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("plain", CW_LAB_SMALL, NULL);
	door_edit("plain/deployment.yaml", "secure-jabber.acme.test", "SecureJabber");
	RUN(&ran, "csr", "new", "plain", "c1.acme.test", EC);
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "phone profile \"SecureJabber\" is no FQDN");
	assert_false(door_there("plain/c1/c1.acme.test.csr"));
	door_edit("plain/deployment.yaml", "release: X14.2", "release: X12.5");
	RUN(&ran, "csr", "new", "plain", "c1.acme.test", EC);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "after an upgrade to X12.6 or later no request can");
}

static void names_past_character_999_are_warned_of(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	const char *words[80] = {"csr", "new", "one", "e1.acme.test", EC, "--discard"};
	static char names[30][64];
	size_t count = 7;
	for (size_t i = 0; i < 30; i++) {
		snprintf(names[i], sizeof names[i], "a-rather-long-name-number-%02zu.example.test", i);
		words[count++] = "--san";
		words[count++] = names[i];
	}
	door_run(&ran, words);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "does not support greater than 999");
	WANT(CW_EXIT_GOOD, "csr", "discard", "one", "e1.acme.test");
}

static void requests_are_shown_for_people_programs_and_as_openssl_does(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "csr", "new", "two", "c1.acme.test", "--subject", "C=US, O=Acme\\, Inc.", EC);
	RUN(&ran, "csr", "show", "two/c1/c1.acme.test.csr");
	want_golden("csr-show", ran.out);
	RUN(&ran, "csr", "show", "-f", "json", "two/c1/c1.acme.test.csr");
	want_golden("csr-show-json", ran.out);
	RUN(&ran, "csr", "show", "--style", "openssl", "two/c1/c1.acme.test.csr");
	want_text(ran.out, "Certificate Request:\n    Data:\n");
	want_text(ran.out, "DNS:expc.acme.test, DNS:c1.acme.test");
	WANT(CW_EXIT_GOOD, "csr", "discard", "two", "c1.acme.test");
}

static void what_is_no_request_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", "text without any PEM block"},
		{"<html>", "an HTML page"},
		{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
			"found \"-----BEGIN CERTIFICATE-----\""},
		{"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "request"},
	};
	TEST_ANSWER ran = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		door_write("what", rows[i].text);
		RUN(&ran, "csr", "show", "what");
		assert_int_equal(ran.status, CW_EXIT_TROUBLE);
		want_text(ran.err, rows[i].want);
	}
}

/* openssl and certtool read what csr new writes, and csr show reads what they write. */
static void other_programs_read_it_and_it_reads_theirs(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "csr", "new", "two", "e2.acme.test", EC);
	assert_int_equal(
		system("openssl req -in two/e2/e2.acme.test.csr -noout -verify -text >text 2>verify"), 0);
	AUTO(free) char *text = door_read("text");
	AUTO(free) char *verify = door_read("verify");
	want_text(text, "TLS Web Server Authentication, TLS Web Client Authentication");
	want_text(text, "DNS:expe.acme.test, DNS:e2.acme.test, DNS:acme.test");
	want_text(verify, "verify OK");
	assert_int_equal(
		system("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj "
		       "/CN=other.test -addext subjectAltName=DNS:other.test -out other.csr 2>/dev/null"),
		0);
	RUN(&ran, "csr", "show", "other.csr");
	want_text(ran.out, "For        other.test");
	want_text(ran.out, "nothing in particular (no extended key usage)");
	assert_int_equal(system("openssl req -in other.csr -outform der -out other.der"), 0);
	WANT(CW_EXIT_GOOD, "csr", "show", "other.der");
	bool has_certtool = system("command -v certtool >/dev/null") == 0;
	if (has_certtool) {
		assert_int_equal(
			system("certtool --crq-info --infile two/e2/e2.acme.test.csr >tool.txt 2>&1"), 0);
		AUTO(free) char *tool = door_read("tool.txt");
		want_text(tool, "DNSname: e2.acme.test");
		want_text(tool, "TLS WWW Client.");
	}
	WANT(CW_EXIT_GOOD, "csr", "discard", "two", "e2.acme.test");
	if (!has_certtool)
		return;
	door_write("template", "cn = tool.test\ndns_name = tool.test\ntls_www_server\n");
	assert_int_equal(system("certtool --generate-privkey --key-type ecdsa --outfile tk >/dev/null 2>&1 "
				"&& certtool "
				"--generate-request --load-privkey tk --template template --outfile tool.csr "
				">/dev/null 2>&1"),
		0);
	RUN(&ran, "csr", "show", "tool.csr");
	want_text(ran.out, "Who        CN=tool.test");
	want_text(ran.out, "server only (serverAuth, no clientAuth)");
}

static void a_request_that_is_not_signed_with_its_own_key_is_said_to_be_none(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "csr", "new", "two", "c2.acme.test", EC);
	AUTO(cw_request_free) struct cw_request *request = NULL;
	struct cw_error error;
	assert_true(cw_request_read("two/c2/c2.acme.test.csr", &request, &error));
	unsigned char *der = NULL;
	int length = i2d_X509_REQ(cw_request_x509(request), &der);
	der[length - 1] ^= 1;
	assert_true(cw_file_write("forged.csr", der, (size_t)length, 0644, &error));
	OPENSSL_free(der);
	RUN(&ran, "csr", "show", "forged.csr");
	want_text(ran.out, "not its own key: no CA takes it");
	WANT(CW_EXIT_GOOD, "csr", "discard", "two", "c2.acme.test");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_gets_its_names_each_with_its_reason),
		cmocka_unit_test(a_shared_request_bears_the_warnings_and_steps_of_the_seed),
		cmocka_unit_test(there_is_one_request_at_a_time_and_its_key_is_for_nobody_else),
		cmocka_unit_test(a_key_may_be_encrypted),
		cmocka_unit_test(keys_and_digests_are_those_of_the_page),
		cmocka_unit_test(a_phone_profile_that_is_no_fqdn_makes_no_request_from_x12_6_on),
		cmocka_unit_test(names_past_character_999_are_warned_of),
		cmocka_unit_test(requests_are_shown_for_people_programs_and_as_openssl_does),
		cmocka_unit_test(what_is_no_request_is_named),
		cmocka_unit_test(other_programs_read_it_and_it_reads_theirs),
		cmocka_unit_test(a_request_that_is_not_signed_with_its_own_key_is_said_to_be_none),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
