/*
 * The upload gate: everything that a page refuses.
 */
#include "front_door.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EC "--key", "ecdsa:256"
#define C1_CSR "lab/c1/c1.acme.test.csr"

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("lab", CW_LAB_CLUSTER, NULL);
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "lab/ca/private-issuing", "-o", "good.pem", C1_CSR);
	return 0;
}

static void sign(const char *ca, const char *template, const char *csr, const char *ret)
{
	AUTO_BUFFER folder = {0};
	cw_buffer_printf(&folder, "lab/ca/%s", ca);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", cw_buffer_string(&folder), "--template", template, "-o", ret,
		csr);
}

/* A certificate for the key of c1's request, by the private issuing CA, with something wrong. */
static void issue_for(const char *path, const char *key_path, const struct cw_issue_spec *spec)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *ca_key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE ca = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	if (!cw_key_read(key_path, NULL, &key, &error) ||
		!cw_key_read("lab/ca/private-issuing/privkey.pem", NULL, &ca_key, &error) ||
		!cw_bundle_read("lab/ca/private-issuing/ca.pem", "ca", NULL, pool, &ca, &error) ||
		!cw_issue(spec, key, ca.entries[0].cert, ca_key, &cert, &error) ||
		!cw_pem_write_cert(&pem, cert, &error))
		fail_msg("%s", error.message);
	door_write(path, cw_buffer_string(&pem));
}

static void issue_for_request(const char *path, const struct cw_issue_spec *spec)
{
	issue_for(path, "lab/c1/c1.acme.test.csr.key", spec);
}

/* CUCM's page: "CSR SAN and Certificate SAN does not match". */
static void cucm_wants_the_names_of_the_request(void **state)
{
	(void)state;
	static const struct {
		const char *sans;
		enum cw_exit want_status;
		const char *want;
	} rows[] = {
		{"DNS:pub.acme.test", CW_EXIT_GOOD, "accepted"},
		{"DNS:PUB.acme.test", CW_EXIT_GOOD, "accepted"},
		{"DNS:pub.acme.test, DNS:www.pub.acme.test", CW_EXIT_REFUSED, "www.pub.acme.test"},
		{"DNS:other.acme.test", CW_EXIT_REFUSED, "request-names-differ"},
	};
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "pub.acme.test", "--identity", "tomcat", EC);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER ran = {0};
		const struct cw_issue_spec spec = {.subject = "O=Acme, CN=pub.acme.test",
			.sans = rows[i].sans,
			.not_before = TEST_AT - CW_DAY,
			.not_after = TEST_AT + 90 * CW_DAY,
			.key_usage = KU_DIGITAL_SIGNATURE,
			.eku = "server, client"};
		issue_for("cucm.pem", "lab/pub/pub.acme.test.csr.key", &spec);
		RUN(&ran, "cert", "accept", "lab", "pub.acme.test", "cucm.pem", "--identity", "tomcat");
		if (ran.status != rows[i].want_status || !strstr(ran.out, rows[i].want))
			fail_msg("%s: %d %s%s", rows[i].sans, ran.status, ran.out, ran.err);
	}
}

static void a_good_certificate_is_accepted(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "good.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("accept-good", ran.out);
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "good.pem", "-f", "json");
	want_text(ran.out, "\"accepted\": true");
}

#define VENDOR "Invalid certificate: The file provided is not a valid X.509 PEM certificate file."

static void what_is_no_pem_gets_the_text_of_the_page_and_what_it_is(void **state)
{
	(void)state;
	assert_int_equal(system("openssl x509 -in good.pem -outform der -out f.der && "
				"openssl crl2pkcs7 -nocrl -certfile good.pem -out f.p7b && "
				"openssl pkcs12 -export -nokeys -in good.pem -passout pass: -out f.p12 && "
				"iconv -f ascii -t utf-16 good.pem > f.utf16 && "
				"sed 's/-----BEGIN CERTIFICATE-----//; s/-----END.*//' good.pem > f.base64"),
		0);
	door_write("f.html", "<html><body>Please sign in</body></html>\n");
	door_write("f.empty", "");
	static const struct {
		const char *file, *want;
	} rows[] = {
		{"f.der", "f.der is DER; the upload page wants PEM (Base-64)"},
		{"f.p7b", "f.p7b is PKCS#7"},
		{"f.p12", "f.p12 is PKCS#12"},
		{"f.html", "an HTML page"},
		{"f.utf16", "UTF-16 text"},
		{"f.base64", "base64 text without the lines"},
		{"f.empty", "an empty file"},
		{"lab/c1/privkey.pem", "private key"},
		{C1_CSR, "certificate request"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "cert", "accept", "lab", "c1.acme.test", rows[i].file, "--install");
		assert_int_equal(ran.status, CW_EXIT_REFUSED);
		want_text(ran.out, "not-pem (refused)");
		want_text(ran.out, "The box shows: " VENDOR);
		want_text(ran.out, rows[i].want);
		want_no_text(ran.out, "Installed");
	}
	WANT(CW_EXIT_TROUBLE, "cert", "accept", "lab", "c1.acme.test", "nowhere.pem");
}

static void key_purposes_are_wanted_by_release_and_store(void **state)
{
	(void)state;
	static const struct {
		const char *release, *node, *template;
		enum cw_exit want;
	} rows[] = {
		{"X14.2", "e1.acme.test", "both", CW_EXIT_GOOD},
		{"X14.2", "e1.acme.test", "server", CW_EXIT_REFUSED},
		{"X14.2", "e1.acme.test", "client", CW_EXIT_REFUSED},
		{"X14.2", "e1.acme.test", "none", CW_EXIT_REFUSED},
		{"X15.4", "e1.acme.test", "server", CW_EXIT_REFUSED},
		{"X15.4\n  server-eku-upload: on", "e1.acme.test", "server", CW_EXIT_GOOD},
		{"X15.5", "e1.acme.test", "server", CW_EXIT_GOOD},
		{"X15.5", "e1.acme.test", "client", CW_EXIT_REFUSED},
		{"X14.2", "pub.acme.test", "server",
			CW_EXIT_GOOD}, /* the MRA certificates guide: CUCM allows it */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		char folder[32];
		AUTO_BUFFER csr = {0}, release = {0};
		snprintf(folder, sizeof folder, "eku%zu", i);
		door_lab(folder, CW_LAB_SMALL, NULL);
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(&yaml, "%s/deployment.yaml", folder);
		cw_buffer_printf(&release, "expressway-e:\n  release: %s", rows[i].release);
		door_edit(cw_buffer_string(&yaml), "expressway-e:\n  release: X14.2",
			cw_buffer_string(&release));
		bool e = rows[i].node[0] == 'e';
		cw_buffer_printf(&csr, "%s/%s/%s.csr", folder, e ? "e1" : "pub", rows[i].node);
		WANT(CW_EXIT_GOOD, "csr", "new", folder, rows[i].node, EC);
		AUTO_BUFFER ca = {0};
		cw_buffer_printf(&ca, "%s/ca/%s", folder, e ? "public-issuing" : "private-issuing");
		WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", cw_buffer_string(&ca), "--template",
			rows[i].template, "-o", "eku.pem", cw_buffer_string(&csr));
		RUN(&ran, "cert", "accept", folder, rows[i].node, "eku.pem");
		if (ran.status != rows[i].want)
			fail_msg("row %zu: status %d\n%s%s", i, (int)ran.status, ran.out, ran.err);
	}
}

static void all_problems_are_told_at_once(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	issue_for_request("all.pem",
		&(struct cw_issue_spec){.subject = "O=Acme",
			.sans = "DNS:*.acme.test",
			.not_before = TEST_AT - 20 * CW_DAY,
			.not_after = TEST_AT - CW_DAY,
			.eku = "server"});
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "all.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("accept-all-problems", ran.out);
}

static void each_rule_refuses_by_itself(void **state)
{
	(void)state;
#define GOOD_NAMES \
	"DNS:expc.acme.test, DNS:c1.acme.test, DNS:secure-jabber.acme.test, DNS:conference.acme.test, " \
	"DNS:acme.test"
#define DATES .not_before = TEST_AT - CW_DAY, .not_after = TEST_AT + 300 * CW_DAY
	static const struct {
		struct cw_issue_spec spec;
		const char *want;
		enum cw_exit status;
	} rows[] = {
		{{.subject = "CN=expc.acme.test", .sans = GOOD_NAMES, .eku = "server, client", DATES},
			"accepted", CW_EXIT_GOOD},
		{{.subject = "O=Acme", .sans = GOOD_NAMES, .eku = "server, client", DATES},
			"common-name-missing (refused)", CW_EXIT_REFUSED},
		{{.subject = "CN=*.acme.test", .sans = GOOD_NAMES, .eku = "server, client", DATES},
			"wildcard-name (refused)", CW_EXIT_REFUSED},
		{{.subject = "CN=expc.acme.test",
			 .sans = GOOD_NAMES,
			 .eku = "server, client",
			 .digest = "SHA1",
			 DATES},
			"weak-digest (warn)", CW_EXIT_GOOD},
		{{.subject = "CN=expc.acme.test",
			 .sans = GOOD_NAMES,
			 .eku = "server, client",
			 .not_before = TEST_AT - 9 * CW_DAY,
			 .not_after = TEST_AT - CW_DAY},
			"expired (refused)", CW_EXIT_REFUSED},
		{{.subject = "CN=expc.acme.test",
			 .sans = GOOD_NAMES,
			 .eku = "server, client",
			 .not_before = TEST_AT + CW_DAY,
			 .not_after = TEST_AT + 9 * CW_DAY},
			"not-yet-valid (refused)", CW_EXIT_REFUSED},
		{{.subject = "CN=cisco, OU=Temporary Certificate 0f, O=Temporary Certificate 0f",
			 .sans = GOOD_NAMES,
			 .eku = "server, client",
			 DATES},
			"temporary-certificate (refused)", CW_EXIT_REFUSED},
		{{.subject = "CN=expc.acme.test",
			 .sans = "DNS:expc.acme.test",
			 .eku = "server, client",
			 DATES},
			"peer-name-missing (warn)", CW_EXIT_GOOD},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		issue_for_request("row.pem", &rows[i].spec);
		RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "row.pem");
		if (ran.status != rows[i].status)
			fail_msg("row %zu: status %d\n%s%s", i, (int)ran.status, ran.out, ran.err);
		want_text(ran.out, rows[i].want);
	}
}

/* The MRA certificates guide: 999 characters; docs/sources.md: keys under 1024 bits are refused, under 2048 warned of. */
static void names_without_end_and_short_keys_are_told(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	AUTO_BUFFER sans = {0};
	cw_buffer_text(&sans, GOOD_NAMES);
	for (int i = 0; i < 30; i++)
		cw_buffer_printf(&sans, ", DNS:a-rather-long-name-number-%02d.example.test", i);
	issue_for_request("long.pem",
		&(struct cw_issue_spec){.subject = "CN=expc.acme.test",
			.sans = cw_buffer_string(&sans),
			.eku = "server, client",
			DATES});
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "long.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "san-too-long (warn)");
	assert_int_equal(system("for bits in 512 1024; do openssl genrsa -out short$bits.key $bits "
				"2>/dev/null && openssl req "
				"-new -key short$bits.key -subj /CN=expc.acme.test -out short$bits.csr || "
				"exit 1; done"),
		0);
	static const struct {
		const char *csr, *key, *want;
		enum cw_exit status;
	} rows[] = {
		{"short512.csr", "short512.key", "weak-key (refused)", CW_EXIT_REFUSED},
		{"short1024.csr", "short1024.key", "weak-key (warn)", CW_EXIT_GOOD},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sign("private-issuing", "both", rows[i].csr, "short.pem");
		RUN(&ran, "cert", "accept", "lab", "c2.acme.test", "short.pem", "--key", rows[i].key);
		assert_int_equal(ran.status, rows[i].status);
		want_text(ran.out, rows[i].want);
	}
}

static void the_chain_comes_first_and_in_the_order_of_the_seed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "trust", "remove", "-d", "lab", "c1.acme.test", "Public Trust Issuing CA",
		"Public Trust Root CA");
	sign("public-issuing", "both", C1_CSR, "public.pem");
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "public.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("accept-chain", ran.out);
	WANT(CW_EXIT_GOOD, "trust", "append", "-d", "lab", "c1.acme.test", "lab/e1/ca.pem");
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "public.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("accept-others-must-trust", ran.out);
}

static void a_chain_file_is_told_from_a_leaf(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	assert_int_equal(system("cat good.pem lab/ca/private-issuing/ca.pem > chain.pem"), 0);
	RUN(&ran, "cert", "accept", "lab", "c1.acme.test", "chain.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "extra-certificates (warn)");
	want_text(ran.out, "causeway cert split chain.pem");
}

static void keys_are_compared_and_must_be_plain(void **state)
{
	(void)state;
	assert_int_equal(
		system("openssl pkey -in lab/c1/c1.acme.test.csr.key -aes256 -passout pass:x -out enc.key && "
		       "openssl pkey -in lab/c1/c1.acme.test.csr.key -out plain.key && "
		       "head -c -1 plain.key > open.key"),
		0);
	static const struct {
		const char *node, *key, *want;
	} rows[] = {
		{"c2.acme.test", "enc.key", "wanted its password; the page"},
		{"c2.acme.test", "open.key", "open.key does not end with a newline"},
		{"c2.acme.test", "lab/c2/privkey.pem", "key-mismatch (refused)"},
		{"c1.acme.test", "plain.key", "the page takes no key until"},
		{"c2.acme.test", NULL, "no request is in progress on c2.acme.test"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "cert", "accept", "lab", rows[i].node, "good.pem", rows[i].key ? "--key" : NULL,
			rows[i].key);
		assert_int_equal(ran.status, CW_EXIT_REFUSED);
		want_text(ran.out, rows[i].want);
		if (i == 0)
			want_golden("accept-key-unusable", ran.out);
	}
	WANT(CW_EXIT_GOOD, "cert", "accept", "lab", "c2.acme.test", "good.pem", "--key", "plain.key");
}

static void a_certificate_for_a_discarded_request_is_refused_with_that_reason(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "e2.acme.test", EC);
	sign("public-issuing", "both", "lab/e2/e2.acme.test.csr", "late.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "e2.acme.test", EC, "--discard");
	RUN(&ran, "cert", "accept", "lab", "e2.acme.test", "late.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("accept-discarded", ran.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cucm_wants_the_names_of_the_request),
		cmocka_unit_test(a_good_certificate_is_accepted),
		cmocka_unit_test(what_is_no_pem_gets_the_text_of_the_page_and_what_it_is),
		cmocka_unit_test(key_purposes_are_wanted_by_release_and_store),
		cmocka_unit_test(all_problems_are_told_at_once),
		cmocka_unit_test(each_rule_refuses_by_itself),
		cmocka_unit_test(names_without_end_and_short_keys_are_told),
		cmocka_unit_test(a_chain_file_is_told_from_a_leaf),
		cmocka_unit_test(keys_are_compared_and_must_be_plain),
		cmocka_unit_test(the_chain_comes_first_and_in_the_order_of_the_seed),
		cmocka_unit_test(a_certificate_for_a_discarded_request_is_refused_with_that_reason),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
