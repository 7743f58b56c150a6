/*
 * Deployments that a person would write: a lab, its YAML edited, some certificates made anew. Each row says
 * what is changed and why it is worth a look; what must come out stands in expected/NAME.txt.
 */
#include "judged.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"
#include "pki/bundle.h"
#include "pki/issue.h"
#include "pki/key.h"
#include "pki/pem_write.h"

#include <stdio.h>
#include <string.h>

#define EDITS_MAX 6

/* A certificate made before the check: by a CA of the lab (below ca/), with a key of its own. */
struct made {
	const char *file, *ca, *subject, *sans, *eku;
};

struct row {
	const char *name;
	const char *fault; /* planted first, or NULL */
	enum cw_lab_size size;
	struct {
		const char *from, *to; /* in deployment.yaml; `from` must be there */
	} edits[EDITS_MAX];
	struct made made[2];
	bool rfc5280; /* --profile rfc5280 */
};

#define X15_5 \
	{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X15.5"}, \
	{ \
		"expressway-e:\n  release: X14.2", "expressway-e:\n  release: X15.5" \
	}
#define C_NAMES "DNS:c1.acme.test, DNS:acme.test, DNS:secure-jabber.acme.test, DNS:conference.acme.test"
#define E_NAMES \
	"DNS:e1.acme.test, DNS:acme.test, DNS:collab-edge.acme.test, DNS:im.acme.test, " \
	"DNS:conference.acme.test"
#define E_SERVER_ONLY \
	{ \
		"e1/server.pem", "public-issuing", "O=Acme, CN=e1.acme.test", E_NAMES, "server" \
	}
#define E_NO_KEY \
	{ \
		"      key: e1/privkey.pem\n", "" \
	}
#define FRONT \
	"\nfront:\n  {fqdn: edge.acme.test, server: front/server.pem, trusted-ca: e1/ca.pem}\n\nendpoints:"

static const struct row rows[] = {
	/* seed 000/003: the intermediate that nobody uploaded, both halves */
	{"seed-leaf-only", "issuer-missing", CW_LAB_SMALL,
		{{"- fqdn: e1.acme.test", "- fqdn: e1.acme.test\n      sends: leaf"}}, {{0}}, false},
	{"seed-chain-sent", "issuer-missing", CW_LAB_SMALL, {{"sends: nothing-to-edit", NULL}}, {{0}}, false},
	/* domain.md §9: the three acceptance cases of S11 */
	{"s11-check-on", "client-auth-missing", CW_LAB_SMALL, {X15_5}, {{0}}, false},
	{"s11-check-off", "client-auth-missing", CW_LAB_SMALL,
		{X15_5, {"expressway-e:\n", "expressway-e:\n  eku-check: off\n"}}, {{0}}, false},
	{"s11-client-certificate", "client-auth-missing", CW_LAB_SMALL,
		{X15_5, {"server: c1/server.pem", "server: c1/server.pem\n      client: c1/client.pem"},
			E_NO_KEY},
		{{"c1/client.pem", "private-issuing", "O=Acme, CN=c1.acme.test", C_NAMES, "client, server"},
			E_SERVER_ONLY},
		false},
	/* domain.md §9: E's serverAuth-only certificate by release */
	{"e-server-only-x14.2", NULL, CW_LAB_SMALL, {E_NO_KEY}, {E_SERVER_ONLY}, false},
	{"e-server-only-x15.4", NULL, CW_LAB_SMALL,
		{E_NO_KEY, {"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X15.4"},
			{"expressway-e:\n  release: X14.2",
				"expressway-e:\n  release: X15.4\n  server-eku-upload: on"}},
		{E_SERVER_ONLY}, false},
	/* domain.md §3: discovery only before X14.0.8, and with VerifyOriginServer off */
	{"discovery-publisher", "self-signed-untrusted", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"}}, {{0}}, false},
	{"discovery-subscriber", "server-auth-missing", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"}}, {{0}}, false},
	{"verify-off-x12.5", "self-signed-untrusted", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"},
			{"cucm-tls-verify: on", "cucm-tls-verify: off"}},
		{{0}}, false},
	{"verify-off-x14.2", "self-signed-untrusted", CW_LAB_SMALL,
		{{"cucm-tls-verify: on", "cucm-tls-verify: off"}}, {{0}}, false},
	{"origin-off-verify-off", "self-signed-untrusted", CW_LAB_SMALL,
		{{"cucm-tls-verify: on", "cucm-tls-verify: off\n  verify-origin-server: off"}}, {{0}}, false},
	/* design.md §3: unknown is never pass */
	{"unknown-store", NULL, CW_LAB_SMALL, {{"trusted-ca: c1/ca.pem", "trusted-ca: unknown"}}, {{0}},
		false},
	{"unknown-store-expired-leaf", "expired", CW_LAB_SMALL,
		{{"trusted-ca: c1/ca.pem", "trusted-ca: unknown"}}, {{0}}, false},
	{"unknown-identity", NULL, CW_LAB_SMALL, {{"server: e1/server.pem", "server: unknown"}, E_NO_KEY},
		{{0}}, false},
	/* seed 000: secure signalling is not required */
	{"no-secure-registration", "phone-profile-missing", CW_LAB_SMALL,
		{{"secure-registration: on", "secure-registration: off"}}, {{0}}, false},
	{"prefer-rsa", "ecdsa-twin-untrusted", CW_LAB_SMALL, {{"prefer: ecdsa", "prefer: rsa"}}, {{0}},
		false},
	{"cluster-enforcing", "peer-name-missing", CW_LAB_CLUSTER,
		{{"expressway-c:\n", "expressway-c:\n  cluster-tls-verify: on\n"}}, {{0}}, false},
	{"crl-missing-ignored", "crl-missing", CW_LAB_SMALL,
		{{"revocation: crl", "revocation: crl\n  revocation-fallback: ignore"}}, {{0}}, false},
	/* seed 000, the NetScaler note */
	{"front", NULL, CW_LAB_SMALL, {{"\nendpoints:", FRONT}},
		{{"front/server.pem", "public-issuing", "O=Acme, CN=edge.acme.test",
			"DNS:edge.acme.test, DNS:acme.test, DNS:collab-edge.acme.test", "client, server"}},
		false},
	{"front-untrusted", NULL, CW_LAB_SMALL,
		{{"\nendpoints:", FRONT}, {"trusted-ca: e1/ca.pem}", "trusted-ca: pub/tomcat-trust.pem}"}},
		{{"front/server.pem", "private-issuing", "O=Acme, CN=edge.acme.test",
			"DNS:edge.acme.test, DNS:acme.test", "server"}},
		false},
	/* design.md §5 rule 18 */
	{"domain-collab-edge", "edge-domain-missing", CW_LAB_SMALL,
		{{"domains: [acme.test]", "domains: [{name: acme.test, edge: none}]"}}, {{0}}, false},
	{"two-domains", NULL, CW_LAB_SMALL, {{"domains: [acme.test]", "domains: [acme.test, other.test]"}},
		{{0}}, false},
	/* Expressway's search and OpenSSL's differ (domain.md §10) */
	{"shadowed-rfc5280", "issuer-shadowed", CW_LAB_SMALL, {{"sends: nothing-to-edit", NULL}}, {{0}},
		true},
};

static void make_certificate(const char *folder, const struct made *made)
{
	struct cw_error error;
	char path[512];
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE ca = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *ca_key = NULL, *key = EVP_EC_gen("P-256");
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER pem = {0};
	snprintf(path, sizeof path, "%s/ca/%s/ca.pem", folder, made->ca);
	scenario_must(cw_bundle_read(path, path, NULL, pool, &ca, &error), &error);
	snprintf(path, sizeof path, "%s/ca/%s/privkey.pem", folder, made->ca);
	scenario_must(cw_key_read(path, NULL, &ca_key, &error), &error);
	struct cw_issue_spec spec = {.subject = made->subject,
		.sans = made->sans,
		.not_before = SCENARIO_AT - CW_DAY,
		.not_after = SCENARIO_AT + 300 * CW_DAY,
		.constraints = CW_ISSUE_END_ENTITY,
		.key_usage = KU_DIGITAL_SIGNATURE,
		.eku = made->eku};
	scenario_must(cw_issue(&spec, key, ca.entries[0].cert, ca_key, &cert, &error), &error);
	scenario_must(cw_pem_append_cert(&pem, cert, &error), &error);
	snprintf(path, sizeof path, "%s/%s", folder, made->file);
	*strrchr(path, '/') = '\0';
	scenario_must(cw_folder_make(path, &error), &error);
	snprintf(path, sizeof path, "%s/%s", folder, made->file);
	scenario_must(cw_file_write(path, pem.data, pem.length, 0644, &error), &error);
}

static void edit(struct cw_buffer *yaml, const char *from, const char *to)
{
	const char *at = strstr(cw_buffer_string(yaml), from);
	if (!at)
		fail_msg("not in the deployment file: %s", from);
	AUTO_BUFFER edited = {0};
	cw_buffer_append(&edited, yaml->data, (size_t)(at - yaml->data));
	cw_buffer_text(&edited, to);
	cw_buffer_text(&edited, at + strlen(from));
	cw_buffer_finish(yaml);
	*yaml = edited;
	edited = (struct cw_buffer){0};
}

static void edit_yaml(const char *folder, const struct row *row)
{
	struct cw_error error;
	char path[512];
	AUTO_BUFFER yaml = {0};
	snprintf(path, sizeof path, "%s/deployment.yaml", folder);
	scenario_must(cw_file_read(path, 100000, &yaml, &error), &error);
	for (size_t i = 0; i < EDITS_MAX && row->edits[i].to; i++)
		edit(&yaml, row->edits[i].from, row->edits[i].to);
	scenario_must(cw_file_write(path, yaml.data, yaml.length, 0644, &error), &error);
}

static void edited_deployment_is_judged(void **state)
{
	const struct row *row = *state;
	const char *folder = test_folder_path(row->name);
	scenario_make_lab(folder, row->size, row->fault);
	edit_yaml(folder, row);
	for (size_t i = 0; i < 2 && row->made[i].file; i++)
		make_certificate(folder, &row->made[i]);
	struct cw_check_options options = {
		.at = SCENARIO_AT, .force_profile = row->rfc5280, .profile = CW_PROFILE_RFC5280};
	AUTO_BUFFER outcome = {0};
	scenario_judge(folder, &options, &outcome);
	scenario_compare(row->name, &outcome);
}

static int set_up(void **state)
{
	(void)state;
	test_folder_make();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove();
	return 0;
}

int main(void)
{
	enum { COUNT = sizeof rows / sizeof rows[0] };
	struct CMUnitTest tests[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){
			rows[i].name, edited_deployment_is_judged, NULL, NULL, (void *)&rows[i]};
	return _cmocka_run_group_tests("edited", tests, COUNT, set_up, tear_down);
}
