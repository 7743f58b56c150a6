/*
 * make_suites FOLDER: writes one small suite in each form, so that the drivers are tested where the public
 * suites are absent. FOLDER/limbo.json, FOLDER/wrong.json, FOLDER/NAME.differences, FOLDER/pkits/{certs,crls},
 * FOLDER/boringssl/NAME/{main.test,chain.pem}. Times are fixed.
 */
#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/pem_write.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT ((cw_time)1577836800)    /* 2020-01-01, when pkits is judged */
#define LATER ((cw_time)1633435200) /* 2021-10-05, BoringSSL's DEFAULT */
#define FROM (AT - 400 * CW_DAY)
#define UNTIL (AT + 3650 * CW_DAY)

static void must(bool worked, const struct cw_error *error)
{
	if (worked)
		return;
	fprintf(stderr, "make_suites: %s\n", error->message);
	exit(1);
}

struct identity {
	EVP_PKEY *key;
	struct cw_cert *cert;
};

static struct identity issue(struct cw_issue_spec spec, const struct identity *issuer)
{
	struct cw_error error;
	struct identity made = {.key = EVP_EC_gen("P-256")};
	must(cw_issue(&spec, made.key, issuer ? issuer->cert : NULL, issuer ? issuer->key : NULL, &made.cert,
		     &error),
		&error);
	return made;
}

static struct identity ca(const char *subject, const struct identity *issuer)
{
	return issue((struct cw_issue_spec){.subject = subject,
			     .not_before = FROM,
			     .not_after = UNTIL,
			     .constraints = CW_ISSUE_CA,
			     .key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN},
		issuer);
}

static struct identity leaf(
	const char *subject, const char *eku, cw_time until, const struct identity *issuer)
{
	return issue((struct cw_issue_spec){.subject = subject,
			     .sans = "DNS:example.test",
			     .not_before = FROM,
			     .not_after = until,
			     .key_usage = KU_DIGITAL_SIGNATURE,
			     .eku = eku},
		issuer);
}

static void drop(struct identity *identity)
{
	EVP_PKEY_free(identity->key);
	cw_cert_free(identity->cert);
}

/* The PKI that every suite uses: root, intermediate, a good leaf and one that has run out. */
struct pki {
	struct identity root, intermediate, good, expired, client;
};

static void write_file(const char *folder, const char *name, const void *data, size_t length)
{
	struct cw_error error;
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	char *slash = strrchr(path, '/');
	*slash = '\0';
	must(cw_file_make_folder(path, &error), &error);
	*slash = '/';
	must(cw_file_write(path, data, length, 0644, &error), &error);
}

static void append(struct cw_buffer *pem, const struct identity *identity)
{
	struct cw_error error;
	must(cw_pem_write_cert(pem, identity->cert, &error), &error);
}

static json_t *pem_text(const struct identity *identity)
{
	AUTO_BUFFER pem = {0};
	append(&pem, identity);
	return json_string(cw_buffer_string(&pem));
}

static json_t *limbo_case(const struct pki *pki, const char *id, const struct identity *asked,
	bool with_intermediate, const char *name, bool success)
{
	json_t *test = json_pack("{s:s, s:[o], s:s, s:s, s:[s], s:s, s:{s:s, s:s}, s:[]}", "id", id,
		"trusted_certs", pem_text(&pki->root), "validation_kind", "SERVER", "validation_time",
		"2020-01-01T00:00:00Z", "extended_key_usage", "serverAuth", "expected_result",
		success ? "SUCCESS" : "FAILURE", "expected_peer_name", "kind", "DNS", "value", name, "crls");
	json_object_set_new(test, "peer_certificate", pem_text(asked));
	json_object_set_new(test, "untrusted_intermediates",
		with_intermediate ? json_pack("[o]", pem_text(&pki->intermediate)) : json_array());
	return test;
}

/* Writes the cases (taken) as one limbo file. */
static void write_cases(const char *folder, const char *file, json_t *tests)
{
	json_t *root = json_pack("{s:i, s:o}", "version", 1, "testcases", tests);
	char *text = json_dumps(root, JSON_INDENT(1));
	write_file(folder, file, text, strlen(text));
	free(text);
	json_decref(root);
}

static void append_crl(struct cw_buffer *der, const struct identity *issuer, const char *serials)
{
	struct cw_error error;
	struct cw_issue_crl_spec spec = {
		.this_update = FROM, .next_update = UNTIL, .serials = serials, .number = 1};
	must(cw_issue_crl_der(&spec, cw_cert_x509(issuer->cert), issuer->key, der, &error), &error);
}

static void add_crl(json_t *test, const struct identity *issuer, const char *serials)
{
	struct cw_error error;
	AUTO_BUFFER der = {0}, pem = {0};
	append_crl(&der, issuer, serials);
	must(cw_pem_write_block(&pem, "X509 CRL", der.data, der.length, &error), &error);
	json_array_append_new(json_object_get(test, "crls"), json_string(cw_buffer_string(&pem)));
}

/* As the suite has it for a client: no usages, the name in a list, what is not there null. */
static json_t *client_case(const struct pki *pki, const char *id, const char *name, bool success)
{
	json_t *test = limbo_case(pki, id, &pki->client, true, name, success);
	json_object_set_new(test, "validation_kind", json_string("CLIENT"));
	json_object_set_new(test, "extended_key_usage", json_array());
	json_object_set_new(test, "expected_peer_names",
		json_pack("[o]", json_incref(json_object_get(test, "expected_peer_name"))));
	json_object_set_new(test, "expected_peer_name", json_null());
	json_object_set_new(test, "max_chain_depth", json_null());
	json_object_set_new(test, "validation_time", json_string("2020-01-01T00:00:00+00:00"));
	return test;
}

static json_t *crl_case(const struct pki *pki, const char *id, const struct identity *revoked, bool success)
{
	json_t *test = limbo_case(pki, id, &pki->good, true, "example.test", success);
	AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(revoked->cert));
	add_crl(test, &pki->root, NULL);
	add_crl(test, &pki->intermediate, serial);
	return test;
}

static void write_limbo(const char *folder, const struct pki *pki)
{
	json_t *tests = json_array();
	json_array_append_new(tests, limbo_case(pki, "own::good", &pki->good, true, "example.test", true));
	json_array_append_new(
		tests, limbo_case(pki, "own::no-intermediate", &pki->good, false, "example.test", false));
	json_array_append_new(
		tests, limbo_case(pki, "own::other-name", &pki->good, true, "other.test", false));
	json_array_append_new(
		tests, limbo_case(pki, "own::expired", &pki->expired, true, "example.test", false));
	json_array_append_new(
		tests, limbo_case(pki, "own::client-only", &pki->client, true, "example.test", false));
	json_array_append_new(tests, client_case(pki, "own::client", "example.test", true));
	json_array_append_new(tests, client_case(pki, "own::client-other-name", "other.test", false));
	json_array_append_new(tests, crl_case(pki, "own::revoked", &pki->good, false));
	json_array_append_new(tests, crl_case(pki, "own::another-revoked", &pki->client, true));
	write_cases(folder, "limbo.json", tests);

	/* a suite that expects the wrong thing once, and the lists that the driver must not be content with */
	json_t *wrong = json_array();
	json_array_append_new(
		wrong, limbo_case(pki, "own::wrong", &pki->expired, true, "example.test", true));
	json_array_append_new(wrong, limbo_case(pki, "own::right", &pki->good, true, "example.test", true));
	json_array_append_new(wrong, limbo_case(pki, "own::twice", &pki->good, true, "other.test", false));
	json_array_append_new(wrong, limbo_case(pki, "own::twice", &pki->good, true, "example.test", true));
	write_cases(folder, "wrong.json", wrong);
}

#define WRONG "own::wrong the suite expects the wrong thing\n"

static void write_lists(const char *folder)
{
	static const struct {
		const char *name, *text;
	} lists[] = {
		{"limbo", ""},
		{"pkits", ""},
		{"boringssl", ""},
		{"unexplained", "# nothing\n"},
		{"explained", WRONG "~own::older some versions have it\n"},
		{"agrees", WRONG "own::right it does not differ\n"},
		{"sometimes-agrees", WRONG "~own::right it does not differ\n"},
		{"no-case", WRONG "own::nobody no case is called so\n"},
		{"several", WRONG "own::twice two cases are called so\n"},
	};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		char name[64];
		snprintf(name, sizeof name, "%s.differences", lists[i].name);
		write_file(folder, name, lists[i].text, strlen(lists[i].text));
	}
}

static void write_der(const char *folder, const char *name, const struct identity *identity)
{
	size_t length;
	const uint8_t *der = cw_cert_der(identity->cert, &length);
	char path[256];
	snprintf(path, sizeof path, "pkits/certs/%s.crt", name);
	write_file(folder, path, der, length);
}

static void write_crl(
	const char *folder, const char *name, const struct identity *issuer, const char *serials)
{
	AUTO_BUFFER der = {0};
	char path[256];
	append_crl(&der, issuer, serials);
	snprintf(path, sizeof path, "pkits/crls/%s.crl", name);
	write_file(folder, path, der.data, der.length);
}

/* Names as in PKITS: what is expected is read from them, and policy inputs where the table has the name. */
static void write_pkits(const char *folder, const struct pki *pki)
{
	struct identity revoked = leaf("CN=revoked", "server", UNTIL, &pki->intermediate);
	AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(revoked.cert));
	write_der(folder, "TrustAnchorRootCertificate", &pki->root);
	write_der(folder, "GoodCACert", &pki->intermediate);
	write_der(folder, "ValidDNSnameConstraintsTest30EE", &pki->good);
	write_der(folder, "InvalidEEnotAfterDateTest6EE", &pki->expired);
	write_der(folder, "InvalidRevokedEETest3EE", &revoked);
	write_der(folder, "AllCertificatesNoPoliciesTest2EE",
		&pki->client); /* good without, refused with explicit policy */
	write_crl(folder, "TrustAnchorRootCRL", &pki->root, NULL);
	write_crl(folder, "GoodCACRL", &pki->intermediate, serial);
	drop(&revoked);
}

static void write_boringssl_case(const char *folder, const struct pki *pki, const char *name,
	const struct identity *asked, const char *header, const char *errors, const char *trust)
{
	AUTO_BUFFER chain = {0}, test = {0};
	char path[256];
	cw_buffer_text(&chain, "[Created by make_suites]\n\n");
	append(&chain, asked);
	append(&chain, &pki->intermediate);
	append(&chain, &pki->root);
	snprintf(path, sizeof path, "boringssl/%s/chain.pem", name);
	write_file(folder, path, chain.data, chain.length);
	cw_buffer_printf(&test,
		"# made by make_suites\nchain: chain.pem\nlast_cert_trust: %s\n%s\nexpected_errors:\n%s",
		trust, header, errors);
	snprintf(path, sizeof path, "boringssl/%s/main.test", name);
	write_file(folder, path, test.data, test.length);
}

static void write_boringssl(const char *folder, const struct pki *pki)
{
	write_boringssl_case(folder, pki, "target-and-intermediate", &pki->good,
		"utc_time: DEFAULT\nkey_purpose: SERVER_AUTH", "", "TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "expired-target", &pki->expired,
		"utc_time: 200101120000Z\nkey_purpose: ANY_EKU",
		"----- Certificate i=0 (CN=expired) -----\nERROR: Time is after notAfter\n",
		"TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "target-not-yet-expired", &pki->expired,
		"utc_time: 190101120000Z\nkey_purpose: ANY_EKU", "", "TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "client-for-server", &pki->client,
		"utc_time: DEFAULT\nkey_purpose: SERVER_AUTH",
		"----- Certificate i=0 (CN=client) -----\nERROR: The extended key usage does not include "
		"server auth\n",
		"TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "client-for-client", &pki->client,
		"utc_time: DEFAULT\nkey_purpose: CLIENT_AUTH", "", "TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "no-policies", &pki->good,
		"utc_time: DEFAULT\nkey_purpose: ANY_EKU\ninitial_explicit_policy: true",
		"----- Certificate i=0 -----\nERROR: No valid policy\n", "TRUSTED_ANCHOR");
	write_boringssl_case(folder, pki, "distrusted-root", &pki->good,
		"utc_time: DEFAULT\nkey_purpose: SERVER_AUTH", "ERROR: Certificate is distrusted\n",
		"DISTRUSTED");
	write_boringssl_case(folder, pki, "root-as-leaf", &pki->good,
		"utc_time: DEFAULT\nkey_purpose: SERVER_AUTH", "ERROR: Certificate is not a trust anchor\n",
		"TRUSTED_LEAF_REQUIRE_SELF_SIGNED");
	write_boringssl_case(folder, pki, "constraints", &pki->good,
		"utc_time: 211005120000Z\nkey_purpose: SERVER_AUTH_STRICT", "",
		"TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: make_suites FOLDER\n");
		return 2;
	}
	struct pki pki = {.root = ca("CN=root", NULL)};
	pki.intermediate = ca("CN=intermediate", &pki.root);
	pki.good = leaf("CN=good", "server, client", LATER + 300 * CW_DAY, &pki.intermediate);
	pki.expired = leaf("CN=expired", "server", AT - CW_DAY, &pki.intermediate);
	pki.client = leaf("CN=client", "client", LATER + 300 * CW_DAY, &pki.intermediate);
	write_limbo(argv[1], &pki);
	write_pkits(argv[1], &pki);
	write_boringssl(argv[1], &pki);
	write_lists(argv[1]);
	drop(&pki.root);
	drop(&pki.intermediate);
	drop(&pki.good);
	drop(&pki.expired);
	drop(&pki.client);
	return 0;
}
