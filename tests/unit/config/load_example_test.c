#include "base/file.h"
#include "config/load.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const char example[] =
	"causeway: 1                         # format version\n"
	"name: acme\n"
	"domains: [acme.test]                # edge domains that users sign in with\n"
	"chat-aliases: []                    # XMPP persistent chat node aliases\n"
	"federation-domains: []              # XMPP federation domains\n"
	"phone-profiles: [secure-jabber.acme.test]   # phone security profiles: Encrypted, without OAuth\n"
	"\n"
	"expressway-c:\n"
	"  release: X14.2                    # X12.5 … X15.5; rows of the release table\n"
	"  cluster: expc.acme.test           # cluster FQDN; left out for a single peer\n"
	"  traversal:\n"
	"    peers: [e1.acme.test]           # peer addresses as typed in the zone\n"
	"    username: traversal             # and password: where both sides give them, they must agree\n"
	"    password: secret\n"
	"  cucm-tls-verify: on\n"
	"  revocation: off                   # off | crl\n"
	"  nodes:\n"
	"    - fqdn: c1.acme.test\n"
	"      server: c1/server.pem         # leaf, as installed\n"
	"      key: c1/privkey.pem           # optional for every verb that only judges\n"
	"      client: c1/client.pem         # X15.5 client store; default: server\n"
	"      trusted-ca: c1/ca.pem         # order is kept: it decides\n"
	"      crl: c1/crl.pem\n"
	"\n"
	"expressway-e:\n"
	"  release: X14.2\n"
	"  cluster: expe.acme.test\n"
	"  traversal: {tls-verify-name: expc.acme.test, username: traversal, password: secret}\n"
	"  eku-check: on                     # X15.5 ExtendedKeyUsage Checking Mode (C has it too)\n"
	"  revocation: off\n"
	"  nodes: [{fqdn: e1.acme.test, server: e1/server.pem, trusted-ca: e1/ca.pem}]\n"
	"\n"
	"cucm:\n"
	"  secure-registration: on\n"
	"  nodes:\n"
	"    - fqdn: pub.acme.test\n"
	"      publisher: true\n"
	"      address: pub.acme.test        # as added on Expressway-C: FQDN or IP\n"
	"      tomcat: pub/tomcat.pem\n"
	"      tomcat-trust: pub/tomcat-trust.pem\n"
	"      callmanager: pub/CallManager.pem\n"
	"      callmanager-trust: pub/CallManager-trust.pem\n"
	"\n"
	"endpoints:\n"
	"  - {name: laptop, kind: jabber, trust: system}\n"
	"  - {name: room, kind: telepresence, trust: endpoints/room.pem}\n"
	"  - {name: desk, kind: phone-8800, trust: endpoints/8800.pem}   # built-in list, as a file\n"
	"front:                              # optional TLS front before Expressway-E (a NetScaler, say)\n"
	"  {fqdn: edge.acme.test, server: front/server.pem, trusted-ca: front/ca.pem, client: "
	"front/client.pem}\n";

static void copy(const char *from, const char *to)
{
	struct cw_error error;
	AUTO_BUFFER content = {0};
	assert_true(cw_file_read(test_folder_path(from), 1 << 20, &content, &error));
	test_folder_write(to, content.data, content.length);
}

static void make_files(void)
{
	static const char *const files[][2] = {
		{"c1/key.pem", "c1/privkey.pem"},
		{"c1/server.pem", "c1/client.pem"},
		{"root.pem", "c1/ca.pem"},
		{"crl.pem", "c1/crl.pem"},
		{"root.pem", "e1/ca.pem"},
		{"pub/server.pem", "pub/tomcat.pem"},
		{"root.pem", "pub/tomcat-trust.pem"},
		{"pub/server.pem", "pub/CallManager.pem"},
		{"root.pem", "pub/CallManager-trust.pem"},
		{"root.pem", "endpoints/room.pem"},
		{"issuing.pem", "endpoints/8800.pem"},
		{"root.pem", "front/ca.pem"},
		{"front/server.pem", "front/client.pem"},
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		copy(files[i][0], files[i][1]);
}

static void want_zone(const struct cw_deployment *acme)
{
	assert_int_equal(acme->zone_count, 1);
	const struct cw_zone *zone = &acme->zones[0];
	assert_string_equal(zone->name, "traversal");
	assert_ptr_equal(zone->c, acme->groups[0]);
	assert_ptr_equal(zone->e, acme->groups[1]);
	assert_int_equal(zone->port, 7001);
	assert_int_equal(zone->peer_count, 1);
	assert_ptr_equal(zone->peers[0].node, acme->groups[1]->nodes[0]);
	assert_string_equal(zone->tls_verify_name, "expc.acme.test");
	assert_string_equal(zone->on_c.username, "traversal");
	assert_string_equal(zone->on_e.password, "secret");
}

static void the_example_of_the_design_loads_word_for_word(void **state)
{
	(void)state;
	make_files();
	AUTO(cw_deployment_free) struct cw_deployment *acme = test_deployment_load(test_load_pool(), example);
	assert_string_equal(acme->name, "acme");
	assert_int_equal(acme->domain_count, 1);
	assert_string_equal(acme->domains[0].name, "acme.test");
	assert_int_equal(acme->domains[0].edge, CW_EDGE_EITHER);
	assert_int_equal(acme->chat_aliases.count, 0);
	assert_int_equal(acme->group_count, 3);

	const struct cw_group *c = acme->groups[0];
	assert_int_equal(c->kind, CW_NODE_EXPRESSWAY_C);
	assert_string_equal(c->name, "expressway-c");
	assert_string_equal(c->cluster, "expc.acme.test");
	assert_int_equal(c->cucm_tls_verify, CW_SWITCH_ON);
	assert_false(c->revocation);
	const struct cw_node *c1 = c->nodes[0];
	assert_ptr_equal(c1->group, c);
	assert_string_equal(c1->fqdn, "c1.acme.test");
	assert_int_equal(c1->line, 18);
	assert_int_equal(c1->identities[CW_IDENTITY_SERVER].state, CW_KNOWN);
	assert_int_equal(c1->identities[CW_IDENTITY_SERVER].key, CW_KEY_FITS);
	assert_string_equal(c1->identities[CW_IDENTITY_SERVER].key_path, "c1/privkey.pem");
	assert_string_equal(c1->identities[CW_IDENTITY_CLIENT].path, "c1/client.pem");
	assert_int_equal(c1->stores[CW_STORE_TRUSTED_CA].list.count, 1);
	assert_int_equal(c1->crls.count, 1);

	want_zone(acme);

	const struct cw_group *cucm = acme->groups[2];
	assert_true(cucm->secure_registration);
	assert_int_equal(cucm->phone_profiles.count, 1);
	assert_true(cucm->nodes[0]->publisher);
	assert_string_equal(cw_node_address(cucm->nodes[0]), "pub.acme.test");
	assert_int_equal(acme->endpoint_count, 3);
	assert_int_equal(acme->endpoints[2].kind, CW_ENDPOINT_PHONE_8800);
	assert_true(acme->endpoints[2].domains[0]);
	assert_non_null(acme->front);
	assert_null(acme->front->group);
	assert_ptr_equal(cw_deployment_node(acme, "EDGE.acme.test"), acme->front);
	assert_ptr_equal(cw_deployment_node(acme, "c1.acme.test"), c1);
	assert_null(cw_deployment_node(acme, "nobody.acme.test"));
}

static void a_folder_stands_for_the_deployment_in_it(void **state)
{
	(void)state;
	AUTO(cw_deployment_free) struct cw_deployment *acme = NULL;
	AUTO_STRINGS problems = {0};
	static const char yaml[] = "causeway: 1\nfront: {fqdn: f.test, server: front.pem}\n";
	test_folder_write("folder/deployment.yaml", yaml, sizeof yaml - 1);
	copy("front/server.pem", "folder/front.pem");
	if (!cw_load_deployment(test_folder_path("folder"), test_load_pool(), &acme, &problems))
		fail_msg("%s", problems.items[0]);
	assert_string_equal(acme->path, test_folder_path("folder/deployment.yaml"));
	assert_string_equal(acme->folder, test_folder_path("folder"));
}

static void a_deployment_without_a_name_has_that_of_its_file_or_folder(void **state)
{
	(void)state;
	static const char *const rows[][2] = {{"sites/acme/deployment.yaml", "acme"},
		{"sites/west.yaml", "west"}, {"sites/plain", "plain"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_deployment_free) struct cw_deployment *acme = NULL;
		AUTO_STRINGS problems = {0};
		const char *path = test_folder_write(rows[i][0], "causeway: 1\n", 12);
		assert_true(cw_load_deployment(path, test_load_pool(), &acme, &problems));
		assert_string_equal(acme->name, rows[i][1]);
		assert_string_equal(acme->path, path);
	}
}

static void a_file_that_is_not_there_is_one_problem(void **state)
{
	(void)state;
	AUTO(cw_deployment_free) struct cw_deployment *acme = NULL;
	AUTO_STRINGS problems = {0};
	assert_false(cw_load_deployment("/nowhere/deployment.yaml", test_load_pool(), &acme, &problems));
	assert_int_equal(problems.count, 1);
	assert_string_equal(problems.items[0],
		"/nowhere/deployment.yaml: cannot open: No such file or directory; the folder that it should be in "
		"is not there either (\"causeway import\" makes a deployment of what the boxes exported, \"causeway "
		"lab new\" an example)");
}

static void yaml_has_many_forms_and_all_mean_the_same(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"causeway: 1\nfront:\n  fqdn: f.test\n",
		"\xef\xbb\xbf---\r\ncauseway: 1\r\nfront:\r\n  fqdn: f.test\r\n",
		"---\ncauseway: \"1\"\nfront: {fqdn: 'f.test'}\n...\n",
		"%YAML 1.1\n---\n{\"causeway\": 1,\n\t\"front\": {\"fqdn\": \"f.test\"}}",
		"# first\ncauseway:   1   # one\n\nfront:   # the front\n  \"fqdn\":  f.test\n# last",
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), rows[i]);
		assert_string_equal(acme->front->fqdn, "f.test");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_design_loads_word_for_word),
		cmocka_unit_test(a_folder_stands_for_the_deployment_in_it),
		cmocka_unit_test(a_deployment_without_a_name_has_that_of_its_file_or_folder),
		cmocka_unit_test(a_file_that_is_not_there_is_one_problem),
		cmocka_unit_test(yaml_has_many_forms_and_all_mean_the_same),
	};
	return cmocka_run_group_tests(tests, test_load_setup, test_load_teardown);
}
