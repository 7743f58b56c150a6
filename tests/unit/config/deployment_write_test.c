/* What the writer makes of a deployment, the loader reads back as the same facts. */
#include "config/deployment_write.h"

#include "base/file.h"
#include "config/deployment_keys.h"
#include "support/cmocka.h"
#include "support/deployment_facts.h"
#include "support/deployment_load.h"
#include "support/folder.h"

#include <string.h>

#define PAIR \
	"expressway-c: {traversal: {peers: [e1.acme.test]}, nodes: [{fqdn: c1.acme.test}]}\n" \
	"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"

/* Every key of the short form, and nearly every one of the format. */
static const char everything[] =
	"causeway: 1\nname: all\n"
	"domains: [a.test, {name: b.test, edge: dns}, {name: c.test, edge: collab-edge}, {name: d.test, edge: none}]\n"
	"chat-aliases: [chat.acme.test]\nfederation-domains: [fed.test]\nphone-profiles: [p.test]\n"
	"expressway-c:\n  release: X15.5.1\n  cluster: expc.acme.test\n"
	"  traversal: {peers: [e1.acme.test, 10.0.0.1], port: 7002, username: u, password: 'p: \"#'}\n"
	"  cucm-tls-verify: off\n  verify-origin-server: off\n  prefer: ecdsa\n  eku-check: off\n"
	"  revocation: crl\n  revocation-fallback: ignore\n  cluster-tls-verify: on\n  tunnel-key-algorithms: [nistp256, RSA]\n"
	"  nodes:\n"
	"    - {fqdn: c1.acme.test, address: [10.0.0.9, c.test, '2001:db8::1'], sends: leaf, server: c1.p12,\n"
	"       server-password-file: secret.txt, key: locked-key.pem, key-password-file: secret.txt,\n"
	"       client: c1/server.pem, client-key: locked-key.pem, client-key-password-file: secret.txt,\n"
	"       trusted-ca: [ca-and-crl.pem, store, empty.pem], crl: [crl.pem]}\n"
	"expressway-e:\n  server-eku-upload: on\n  traversal: {tls-verify-name: expc.acme.test, username: v}\n"
	"  nodes: [{fqdn: e1.acme.test, server: unknown, trusted-ca: c1.p12, trusted-ca-password-file: secret.txt},\n"
	"          {fqdn: e2.acme.test, address: 10.0.0.1, client: c1.p12, client-password-file: secret.txt}]\n"
	"cucm:\n"
	"  - {name: west, release: 12.5, sip-oauth: on, secure-registration: unknown, cucm-tls-verify: on, phone-profiles: [], nodes: [{fqdn: w.test},\n"
	"     {fqdn: pub.test, publisher: on, tomcat: pub/server.pem, tomcat-ecdsa: c1.p12,\n"
	"      tomcat-ecdsa-password-file: secret.txt, callmanager: unknown, callmanager-ecdsa: pub/server.pem,\n"
	"      tomcat-trust: store, callmanager-trust: [root.pem]}, {fqdn: s.test, same-as: pub.test}]}\n"
	"  - {name: east, nodes: [{fqdn: x.test}]}\n"
	"imp: {release: 15, nodes: [{fqdn: imp.test, sends: file, tomcat: c1.p12, tomcat-password-file: secret.txt,\n"
	"      tomcat-trust: c1.p12, tomcat-trust-password-file: secret.txt}]}\n"
	"unity: [{name: voicemail, release: 14.0.1, nodes: [{fqdn: u.test, tomcat-trust: unknown}]}]\n"
	"front: {fqdn: front.test, server: front/server.pem, key: front/key.pem, trusted-ca: []}\n"
	"endpoints:\n"
	"  - {name: 'Room 1: \"big\" \\ #2', kind: telepresence, trust: [root.pem, {fingerprints: prints.txt}]}\n"
	"  - {name: on, kind: webex, profile: oauth, trust: {fingerprints: prints.txt}, domains: [c.test, a.test]}\n"
	"  - {name: '12', kind: phone-7800, trust: unknown, domains: []}\n"
	"  - {name: Büro, kind: phone-8800, trust: c1.p12, trust-password-file: secret.txt}\n"
	"  - {name: '- x', kind: phone-9800, profile: p.test, trust: []}\n"
	"  - {name: 'a, b', kind: jabber}\n";

static const struct {
	const char *title;
	const char *yaml;
} samples[] = {
	{"only what must be there", "causeway: 1\n" PAIR},
	{"every key", everything},
	{"password files of a CUCM node",
		"causeway: 1\ncucm: {nodes: [{fqdn: w.test, callmanager: c1.p12, callmanager-password-file: "
		"secret.txt, callmanager-ecdsa: c1.p12, callmanager-ecdsa-password-file: secret.txt, "
		"callmanager-trust: c1.p12, callmanager-trust-password-file: secret.txt}]}\n"},
	{"no Expressway-E", "causeway: 1\nexpressway-c: {nodes: [{fqdn: c1.test}]}\n"},
	{"several without zones",
		"causeway: 1\nzones: []\nexpressway-c: [{name: a, nodes: [{fqdn: a.test}]}, {name: b, nodes: "
		"[{fqdn: b.test}]}]\n"},
	{"zones",
		"causeway: 1\nexpressway-c: [{name: 'a b', nodes: [{fqdn: a.test}]}, {name: expressway-c, nodes: "
		"[{fqdn: b.test}]}]\nexpressway-e: [{name: e, nodes: [{fqdn: e.test}]}]\n"
		"zones: [{name: one, c: 'a b', e: e, peers: [e.test], username: u, password: p, port: 7005},\n"
		"        {name: two, c: expressway-c, e: e, peers: [e.test, elsewhere.test], tls-verify-name: b.test}]\n"},
	{"one zone with a name of its own",
		"causeway: 1\nexpressway-c: {nodes: [{fqdn: a.test}]}\nexpressway-e: {nodes: [{fqdn: e.test}]}\n"
		"zones: [{name: mine, peers: [e.test]}]\n"},
	{"more names than a line holds",
		"causeway: 1\nchat-aliases: [a.test, b.test, c.test, d.test, e.test, f.test, g.test, h.test, "
		"i.test]\n"
		"unity: {nodes: [{fqdn: u.test, address: [a.test, b.test, c.test, d.test, e.test, f.test, "
		"g.test, h.test, i.test]}]}\n"},
	{"whether revocation is checked is not known",
		"causeway: 1\nexpressway-c: {revocation: unknown, nodes: [{fqdn: c1.test}]}\n"},
};

static void write(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	struct cw_error error;
	if (!cw_deployment_write(deployment, NULL, NULL, ret, &error))
		fail_msg("%s", error.message);
}

static void facts_survive_writing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		AUTO_BUFFER text = {0}, want = {0}, found = {0};
		AUTO(cw_deployment_free)
		struct cw_deployment *first = test_deployment_load(test_load_pool(), samples[i].yaml);
		write(first, &text);
		AUTO(cw_deployment_free)
		struct cw_deployment *second =
			test_deployment_load(test_load_pool(), cw_buffer_string(&text));
		test_deployment_facts(first, &want);
		test_deployment_facts(second, &found);
		if (strcmp(cw_buffer_string(&found), cw_buffer_string(&want)) != 0)
			fail_msg("%s:\n%s\nwanted\n%s\nfound\n%s", samples[i].title, cw_buffer_string(&text),
				cw_buffer_string(&want), cw_buffer_string(&found));
	}
}

static void no_key_of_the_format_is_forgotten(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		AUTO(cw_deployment_free)
		struct cw_deployment *deployment = test_deployment_load(test_load_pool(), samples[i].yaml);
		write(deployment, &text);
	}
	size_t count;
	const struct cw_schema *const *schemas = cw_deployment_keys_all(&count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < schemas[i]->count; j++) {
			char key[80];
			snprintf(key, sizeof key, "%s:", schemas[i]->keys[j].name);
			if (!strstr(cw_buffer_string(&text), key))
				fail_msg("nothing writes %s of %s", key, schemas[i]->what);
		}
}

static const char *source_of(void *user, const struct cw_deployment_place *place)
{
	(void)user;
	if (place->node && place->key && strcmp(place->key, "server") == 0)
		return "from the dump of\n  server: evil.pem";
	if (place->endpoint && !place->key)
		return "typed";
	if (place->group && !place->node && place->key && strcmp(place->key, "peers") == 0)
		return "xConfiguration";
	return NULL;
}

static void comments_stand_behind_their_keys(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_error error;
	AUTO(cw_deployment_free)
	struct cw_deployment *deployment = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [e1.acme.test]}, nodes: [{fqdn: c1.acme.test, server: unknown}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"endpoints: [{name: a, kind: jabber}]\n");
	assert_true(cw_deployment_write(deployment, source_of, NULL, &text, &error));
	assert_non_null(strstr(cw_buffer_string(&text), "    peers: [e1.acme.test]  # xConfiguration\n"));
	assert_non_null(strstr(
		cw_buffer_string(&text), "      server: unknown  # from the dump of?  server: evil.pem\n"));
	assert_non_null(strstr(cw_buffer_string(&text), "  - {name: a, kind: jabber}  # typed\n"));
	AUTO(cw_deployment_free)
	struct cw_deployment *again = test_deployment_load(test_load_pool(), cw_buffer_string(&text));
	assert_int_equal(again->group_count, 2);
}

static void what_no_file_can_hold_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *want;
	} rows[] = {
		{"", "the text \"\" cannot stand in a deployment file"},
		{"a\nb", "cannot stand in a deployment file"},
		{"a\xc2\x85", "cannot stand in a deployment file"},
		{"a\xe2\x80\xa8z", "cannot stand in a deployment file"},
		{"a\xff", "is not UTF-8"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER text = {0};
		struct cw_error error;
		struct cw_deployment deployment = {.name = (char *)rows[i].name};
		assert_false(cw_deployment_write(&deployment, NULL, NULL, &text, &error));
		assert_int_equal(error.code, CW_E_YAML);
		if (!strstr(error.message, rows[i].want))
			fail_msg("row %zu: %s", i, error.message);
	}
}

static void a_zone_of_the_long_form_has_one_password(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_error error;
	AUTO(cw_deployment_free)
	struct cw_deployment *deployment = test_deployment_load(test_load_pool(), samples[6].yaml);
	deployment->zones[0].on_e.password = strdup("other");
	assert_false(cw_deployment_write(deployment, NULL, NULL, &text, &error));
	assert_int_equal(error.code, CW_E_YAML);
	assert_non_null(strstr(error.message, "zone \"mine\""));
}

static void a_file_called_unknown_is_no_word(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	AUTO(cw_deployment_free)
	struct cw_deployment *deployment = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e.test, trusted-ca: root.pem}]}\n");
	struct cw_store *store = &deployment->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
	strcpy(store->paths.items[0], "unknown");
	write(deployment, &text);
	assert_non_null(strstr(cw_buffer_string(&text), "trusted-ca: ./unknown\n"));
}

static int setup(void **state)
{
	static const char prints[] = "AA:00000000000000000000000000000000000000000000000000000000000000\n";
	struct cw_error error;
	return test_load_setup(state) ||
		!cw_file_write(test_folder_path("prints.txt"), prints, sizeof prints - 1, 0644, &error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_survive_writing),
		cmocka_unit_test(no_key_of_the_format_is_forgotten),
		cmocka_unit_test(comments_stand_behind_their_keys),
		cmocka_unit_test(what_no_file_can_hold_is_refused),
		cmocka_unit_test(a_zone_of_the_long_form_has_one_password),
		cmocka_unit_test(a_file_called_unknown_is_no_word),
	};
	return cmocka_run_group_tests(tests, setup, test_load_teardown);
}
