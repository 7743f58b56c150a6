/*
 * Certificates converted, split, put into order, compared, and shown as the boxes show them.
 */
#include "front_door.h"

#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define E1 "lab/e1/server.pem"
#define ISSUING "lab/ca/public-issuing/ca.pem"
#define ROOT "lab/ca/public-root/ca.pem"

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("lab", CW_LAB_CLUSTER, NULL);
	return system(
		"cat " ROOT " " E1 " " ISSUING " > mixed.pem && cat " E1 " " ISSUING " " ROOT " > chain.pem");
}

static void every_form_is_written_and_openssl_reads_it(void **state)
{
	(void)state;
	door_write("secret", "one two\n");
	WANT(CW_EXIT_GOOD, "cert", "convert", E1, "-o", "e1.der");
	WANT(CW_EXIT_GOOD, "cert", "convert", "chain.pem", "-o", "e1.p7b");
	WANT(CW_EXIT_GOOD, "cert", "convert", "e1.p7b", "-o", "e1.cer");
	WANT(CW_EXIT_GOOD, "cert", "convert", "chain.pem", "-o", "e1.p12", "--key", "lab/e1/privkey.pem",
		"--password-file", "secret");
	assert_int_equal(system("openssl x509 -inform der -in e1.der -noout"), 0);
	assert_int_equal(
		system("test $(openssl pkcs7 -inform der -in e1.p7b -print_certs | grep -c BEGIN) = 3"), 0);
	assert_int_equal(system("test $(grep -c BEGIN e1.cer) = 3"), 0);
	assert_int_equal(system("openssl pkcs12 -in e1.p12 -passin pass:'one two' -nodes 2>/dev/null | "
				"grep -q 'PRIVATE KEY'"),
		0);
	struct stat status;
	assert_int_equal(stat("e1.p12", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	WANT(CW_EXIT_GOOD, "cert", "convert", "e1.p12", "--password-file", "secret", "-o", "back.pem");
	assert_int_equal(system("grep -q BEGIN back.pem && ! grep -q PRIVATE back.pem"), 0);
	if (system("command -v certtool >/dev/null") == 0) {
		assert_int_equal(system("certtool -i --inder --infile e1.der >/dev/null 2>&1"), 0);
		assert_int_equal(system("certtool --p7-info --inder --infile e1.p7b >/dev/null 2>&1"), 0);
	}
}

static void what_cannot_be_converted_says_why(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "convert", "chain.pem", "-o", "x.der");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "holds 3 certificates, and a DER file holds one");
	RUN(&ran, "cert", "convert", E1, "--to", "pkcs12");
	want_text(ran.err, "wanted --key FILE and --password-file FILE");
	RUN(&ran, "cert", "convert", E1, "-o", "x.xyz");
	want_text(ran.err, "its ending does not tell the form");
	RUN(&ran, "cert", "convert", "--windows");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("convert-windows", ran.out);
}

static void a_chain_file_is_split_from_the_leaf_up(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "split", "mixed.pem", "--dir", "parts");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("split", ran.out);
	AUTO(free) char *leaf = door_read("parts/1-expe.acme.test.pem");
	AUTO(free) char *given = door_read(E1);
	assert_string_equal(leaf, given);
	WANT(CW_EXIT_GOOD, "cert", "split", "mixed.pem", "--dir",
		"parts"); /* what a killed one left is no obstacle */
	door_write("parts/1-expe.acme.test.pem", "somebody's");
	RUN(&ran, "cert", "split", "mixed.pem", "--dir", "parts");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "is there already; nothing is written");
}

static void a_name_in_a_certificate_does_not_choose_the_path(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "ca", "new", "evil", "--cn", "../../etc/x", "--key", "ec");
	RUN(&ran, "cert", "split", "evil/ca.pem", "--dir", "evil-parts");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	assert_true(door_there("evil-parts/1-_._.._etc_x.pem"));
}

static void the_chain_is_found_among_files_deployment_and_named_where_missing(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "chain", E1, ROOT, ISSUING, "-o", "found.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("chain-found", ran.out);
	AUTO(free) char *found = door_read("found.pem");
	AUTO(free) char *want = door_read("chain.pem");
	assert_string_equal(found, want);
	WANT(CW_EXIT_GOOD, "cert", "chain", "-d", "lab", E1);
	RUN(&ran, "cert", "chain", E1, ROOT);
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("chain-missing", ran.out);
}

static void issue(const char *path, const char *ca, const struct cw_issue_spec *spec)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER pem = {0}, cert_path = {0}, key_path = {0};
	struct cw_error error;
	cw_buffer_printf(&cert_path, "%s/ca.pem", ca);
	cw_buffer_printf(&key_path, "%s/privkey.pem", ca);
	if (!cw_key_read(cw_buffer_string(&key_path), NULL, &key, &error) ||
		!cw_bundle_read(cw_buffer_string(&cert_path), "ca", NULL, pool, &bundle, &error) ||
		!cw_issue(spec, key, bundle.entries[0].cert, key, &cert, &error) ||
		!cw_pem_write_cert(&pem, cert, &error))
		fail_msg("%s", error.message);
	door_write(path, cw_buffer_string(&pem));
}

static void what_is_missing_comes_with_its_address(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	issue("aia.pem", "lab/ca/public-issuing",
		&(struct cw_issue_spec){.subject = "CN=aia.test",
			.not_before = TEST_AT,
			.not_after = TEST_AT + CW_DAY,
			.issuer_urls = "http://ca.test/issuing.cer"});
	RUN(&ran, "cert", "chain", "aia.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_text(ran.out, "it can be had from http://ca.test/issuing.cer");
}

static void a_successor_is_compared_and_the_boxes_that_need_its_ca_are_named(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "ca", "new", "lab/ca/g2", "--cn", "Public Trust Issuing CA G2", "--key", "ec",
		"--parent", "lab/ca/public-root");
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "e1.acme.test", "--key", "ecdsa:256");
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "lab/ca/g2", "--template", "server", "--san",
		"expe.acme.test", "--san", "new.acme.test", "-o", "g2.pem", "lab/e1/e1.acme.test.csr");
	RUN(&ran, "cert", "diff", E1, "g2.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("diff-files", ran.out);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "lab/ca/g2", "-o", "g2b.pem", "lab/e1/e1.acme.test.csr");
	RUN(&ran, "cert", "diff", "-d", "lab", "--node", "e1.acme.test", E1, "g2b.pem");
	want_golden("diff-deployment", ran.out);
	WANT(CW_EXIT_GOOD, "cert", "diff", E1, E1);
}

static void certificates_are_shown_as_the_boxes_do(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "show", "--style", "openssl", E1);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	assert_int_equal(system("openssl x509 -in " E1 " -noout -text -nameopt compat > shown.txt"), 0);
	AUTO(free) char *openssl = door_read("shown.txt");
	assert_string_equal(ran.out, openssl);
	RUN(&ran, "cert", "show", "--style", "cucm", "lab/pub/CallManager.pem");
	want_text(ran.out, "Key: EC (1.2.840.10045.2.1)\nKey value:\n04");
	want_text(ran.out,
		"  Extension: ExtKeyUsageSyntax (OID.2.5.29.37)\n  Critical: false\n  Usage oids: "
		"1.3.6.1.5.5.7.3.1, 1.3.6.1.5.5.7.3.2,\n]\n");
	want_text(ran.out,
		"Description(friendly name)  Certificate Signed by C=US, O=Acme, CN=Acme Issuing CA");
}

/* The recipe of `explain sign` does what it says: signed so, the certificate is accepted. */
static void the_openssl_recipe_makes_a_certificate_that_is_accepted(void **state)
{
	(void)state;
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256");
	assert_int_equal(
		system("{ printf 'basicConstraints = critical, CA:FALSE\\nkeyUsage = critical, "
		       "digitalSignature\\n"
		       "extendedKeyUsage = serverAuth, clientAuth\\nsubjectKeyIdentifier = hash\\n"
		       "authorityKeyIdentifier = keyid\\n'; echo \"subjectAltName = $(openssl req -in "
		       "lab/c1/c1.acme.test.csr -noout -text | sed -n '/Subject Alternative Name/{n;s/IP "
		       "Address/IP/g;s/^ *//p}')\"; } > request.ext && openssl x509 -req -in "
		       "lab/c1/c1.acme.test.csr -CA "
		       "lab/ca/private-issuing/ca.pem -CAkey lab/ca/private-issuing/privkey.pem "
		       "-CAcreateserial -days "
		       "3650 -sha256 -extfile request.ext -out recipe.pem 2>/dev/null"),
		0);
	WANT(CW_EXIT_GOOD, "cert", "accept", "lab", "c1.acme.test", "recipe.pem", "--at", "2027-06-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_written_and_openssl_reads_it),
		cmocka_unit_test(what_cannot_be_converted_says_why),
		cmocka_unit_test(a_chain_file_is_split_from_the_leaf_up),
		cmocka_unit_test(a_name_in_a_certificate_does_not_choose_the_path),
		cmocka_unit_test(the_chain_is_found_among_files_deployment_and_named_where_missing),
		cmocka_unit_test(what_is_missing_comes_with_its_address),
		cmocka_unit_test(a_successor_is_compared_and_the_boxes_that_need_its_ca_are_named),
		cmocka_unit_test(certificates_are_shown_as_the_boxes_do),
		cmocka_unit_test(the_openssl_recipe_makes_a_certificate_that_is_accepted),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
