#include "config/load.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

#include <stdio.h>

#define PAIR \
	"expressway-c: {traversal: {peers: [e1.acme.test]}, nodes: [{fqdn: c1.acme.test}]}\n" \
	"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"

static void what_is_left_out_is_as_the_boxes_come(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(
		test_load_pool(), "causeway: 1\n" PAIR "cucm: {nodes: [{fqdn: a.test}, {fqdn: b.test}]}\n");
	const struct cw_group *c = acme->groups[0], *e = acme->groups[1], *cucm = acme->groups[2];
	assert_int_equal(c->cucm_tls_verify, CW_SWITCH_ON);
	assert_true(c->verify_origin_server);
	assert_int_equal(c->prefer, CW_PREFER_BY_RELEASE);
	assert_true(c->eku_check);
	assert_true(e->eku_check);
	assert_false(e->server_eku_upload);
	assert_false(c->revocation);
	assert_false(c->revocation_missing_passes);
	assert_false(c->cluster_tls_verify);
	assert_int_equal(cw_release_compare(c->release, cw_release_default()), 0);
	assert_null(c->cluster);
	assert_int_equal(cucm->cucm_tls_verify, CW_SWITCH_UNSET);
	assert_false(cucm->secure_registration);
	assert_true(cucm->nodes[0]->publisher);
	assert_false(cucm->nodes[1]->publisher);
	assert_int_equal(acme->zones[0].port, 7001);
	assert_null(acme->zones[0].tls_verify_name);
	assert_null(acme->zones[0].on_c.username);
	assert_null(acme->zones[0].on_e.password);
	const struct cw_node *c1 = c->nodes[0];
	assert_int_equal(c1->sends, CW_SENDS_AUTO);
	assert_string_equal(cw_node_address(c1), "c1.acme.test");
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		assert_int_equal(c1->identities[i].state, CW_ABSENT);
		assert_int_equal(c1->identities[i].key, CW_KEY_NOT_GIVEN);
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		assert_int_equal(c1->stores[i].state, CW_ABSENT);
	assert_null(acme->front);
	assert_int_equal(acme->endpoint_count, 0);
}

static void want_groups(const struct cw_deployment *acme)
{
	static const struct {
		enum cw_node_kind kind;
		const char *name;
		enum cw_switch verify;
		const char *profile;
	} groups[] = {
		{CW_NODE_EXPRESSWAY_C, "expressway-c", CW_SWITCH_OFF, NULL},
		{CW_NODE_EXPRESSWAY_E, "expressway-e", CW_SWITCH_UNSET, NULL},
		{CW_NODE_CUCM, "west", CW_SWITCH_ON, "w.test"},
		{CW_NODE_CUCM, "east", CW_SWITCH_OFF, "p.test"},
		{CW_NODE_IMP, "imp", CW_SWITCH_UNSET, NULL},
		{CW_NODE_UNITY, "unity", CW_SWITCH_UNSET, NULL},
	};
	assert_int_equal(acme->group_count, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct cw_group *group = acme->groups[i];
		assert_int_equal(group->kind, groups[i].kind);
		assert_string_equal(group->name, groups[i].name);
		assert_int_equal(group->cucm_tls_verify, groups[i].verify);
		assert_int_equal(group->phone_profiles.count, groups[i].profile ? 1 : 0);
		if (groups[i].profile)
			assert_string_equal(group->phone_profiles.items[0], groups[i].profile);
	}
	assert_false(acme->groups[2]->nodes[0]->publisher);
	assert_true(acme->groups[2]->nodes[1]->publisher);
	assert_int_equal(acme->groups[4]->nodes[0]->identities[CW_IDENTITY_TOMCAT].state, CW_UNKNOWN);
	assert_int_equal(acme->groups[4]->nodes[0]->stores[CW_STORE_TOMCAT_TRUST].state, CW_UNKNOWN);
	assert_string_equal(cw_node_address(acme->groups[5]->nodes[0]), "10.0.0.9");
}

static void every_setting_is_read(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"chat-aliases: [chat.acme.test]\nfederation-domains: [fed.test]\nphone-profiles: [p.test]\n"
		"expressway-c:\n  release: X15.5\n  cluster: expc.acme.test\n  cucm-tls-verify: off\n"
		"  verify-origin-server: off\n  prefer: ecdsa\n  eku-check: off\n  revocation: crl\n"
		"  revocation-fallback: ignore\n  cluster-tls-verify: on\n"
		"  traversal: {peers: [e1.acme.test], port: 7003}\n"
		"  nodes: [{fqdn: c1.acme.test, sends: leaf}]\n"
		"expressway-e:\n  release: X14.0.8\n  server-eku-upload: on\n  revocation: off\n"
		"  revocation-fallback: fail\n  cluster-tls-verify: permissive\n"
		"  nodes: [{fqdn: e1.acme.test, sends: auto}]\n"
		"cucm:\n  - {name: west, cucm-tls-verify: on, phone-profiles: [w.test], secure-registration: "
		"on,\n"
		"     nodes: [{fqdn: a.test}, {fqdn: b.test, publisher: on}]}\n"
		"  - {name: east, cucm-tls-verify: off, nodes: [{fqdn: d.test}]}\n"
		"imp: {nodes: [{fqdn: imp.test, tomcat: unknown, tomcat-trust: unknown}]}\n"
		"unity: {nodes: [{fqdn: cuc.test, address: 10.0.0.9}]}\n");
	const struct cw_group *c = acme->groups[0], *e = acme->groups[1];
	char text[CW_RELEASE_TEXT_SIZE];
	assert_string_equal(cw_release_text(c->release, text), "X15.5");
	assert_string_equal(cw_release_text(e->release, text), "X14.0.8");
	assert_string_equal(c->cluster, "expc.acme.test");
	assert_int_equal(c->cucm_tls_verify, CW_SWITCH_OFF);
	assert_false(c->verify_origin_server);
	assert_int_equal(c->prefer, CW_PREFER_ECDSA);
	assert_false(c->eku_check);
	assert_true(c->revocation);
	assert_true(c->revocation_missing_passes);
	assert_true(c->cluster_tls_verify);
	assert_true(e->server_eku_upload);
	assert_false(e->revocation_missing_passes);
	assert_false(e->cluster_tls_verify);
	assert_int_equal(c->nodes[0]->sends, CW_SENDS_LEAF);
	assert_int_equal(e->nodes[0]->sends, CW_SENDS_AUTO);
	assert_int_equal(acme->zones[0].port, 7003);
	assert_string_equal(acme->chat_aliases.items[0], "chat.acme.test");
	assert_string_equal(acme->federation_domains.items[0], "fed.test");
	want_groups(acme);
}

static void settings_of_newer_boxes_are_read(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nphone-profiles: [p.test, Secure Jabber Profile]\n"
		"expressway-c: {tunnel-key-algorithms: [rsa, NISTP384], cucm-tls-verify: unknown, "
		"nodes: [{fqdn: c1.acme.test.}]}\n"
		"cucm: {release: 12.5, sip-oauth: on, secure-registration: unknown, nodes: [{fqdn: a.test}]}\n"
		"imp: {release: 15.0.1, nodes: [{fqdn: imp.test}]}\nunity: {nodes: [{fqdn: cuc.test}]}\n"
		"endpoints:\n  - {name: a, kind: webex, profile: oauth}\n"
		"  - {name: b, kind: phone-9800, profile: P.test}\n  - {name: c, kind: jabber, profile: none}\n"
		"  - {name: d, kind: jabber}\n");
	const struct cw_group *c = acme->groups[0], *cucm = acme->groups[1];
	char text[CW_RELEASE_TEXT_SIZE];
	assert_int_equal(c->tunnel_keys, 1 << CW_TUNNEL_KEY_RSA | 1 << CW_TUNNEL_KEY_NISTP384);
	assert_int_equal(c->cucm_tls_verify, CW_SWITCH_UNKNOWN);
	assert_string_equal(c->nodes[0]->fqdn, "c1.acme.test");
	assert_int_equal(cucm->secure_registration, CW_SWITCH_UNKNOWN);
	assert_true(cucm->sip_oauth);
	assert_string_equal(cw_release_cucm_text(cucm->release, text), "12.5");
	assert_false(cw_release_cucm_row(cucm->release)->certificate_reuse);
	assert_string_equal(cw_release_cucm_text(acme->groups[2]->release, text), "15.0.1");
	assert_string_equal(cw_release_cucm_text(acme->groups[3]->release, text), "14");
	assert_string_equal(cucm->phone_profiles.items[1], "Secure Jabber Profile");
	assert_int_equal(acme->endpoints[0].kind, CW_ENDPOINT_WEBEX);
	assert_int_equal(acme->endpoints[0].sip, CW_ENDPOINT_SIP_OAUTH);
	assert_int_equal(acme->endpoints[1].sip, CW_ENDPOINT_SIP_SECURE);
	assert_string_equal(acme->endpoints[1].profile, "p.test");
	assert_int_equal(acme->endpoints[2].sip, CW_ENDPOINT_SIP_NONE);
	assert_int_equal(acme->endpoints[3].sip, CW_ENDPOINT_SIP_ALL);
}

static void a_boolean_has_many_spellings(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{"on", true},
		{"yes", true},
		{"true", true},
		{"y", true},
		{"On", true},
		{"YES", true},
		{"tRuE", true},
		{"\"on\"", true},
		{"'yes'", true},
		{"off", false},
		{"no", false},
		{"false", false},
		{"n", false},
		{"OFF", false},
		{"No", false},
		{"\"false\"", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char yaml[512];
		snprintf(yaml, sizeof yaml,
			"causeway: 1\n"
			"expressway-e: {eku-check: %s, server-eku-upload: %s, nodes: [{fqdn: "
			"e1.acme.test}]}\n"
			"cucm: {cucm-tls-verify: %s, nodes: [{fqdn: pub.acme.test, publisher: %s}]}\n",
			rows[i].text, rows[i].text, rows[i].text, rows[i].text);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), yaml);
		assert_int_equal(acme->groups[0]->eku_check, rows[i].want);
		assert_int_equal(acme->groups[0]->server_eku_upload, rows[i].want);
		assert_int_equal(
			acme->groups[1]->cucm_tls_verify, rows[i].want ? CW_SWITCH_ON : CW_SWITCH_OFF);
	}
}

static void off_and_on_among_words_have_many_spellings_too(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {revocation: no, cluster-tls-verify: yes, "
		"nodes: [{fqdn: e1.acme.test}]}\n");
	assert_false(acme->groups[0]->revocation);
	assert_true(acme->groups[0]->cluster_tls_verify);
}

static void revocation_that_is_not_known_is_neither_on_nor_off(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {revocation: unknown, nodes: [{fqdn: e1.acme.test}]}\n");
	assert_false(acme->groups[0]->revocation);
	assert_true(acme->groups[0]->revocation_unknown);
}

static void peers_belong_to_the_node_with_that_fqdn_or_address(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [10.0.0.2, E1.acme.test, e2-in.acme.test]},"
		" nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test, address: 10.0.0.1},"
		" {fqdn: e2.acme.test, address: [e2-in.acme.test, 10.0.0.2]}]}\n");
	const struct cw_zone *zone = &acme->zones[0];
	static const size_t want[] = {1, 0, 1};
	assert_int_equal(zone->peer_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(zone->peers[i].node, zone->e->nodes[want[i]]);
	assert_string_equal(zone->peers[0].address, "10.0.0.2");
	assert_string_equal(cw_node_address(zone->e->nodes[1]), "e2-in.acme.test");
}

static void any_peer_belongs_to_the_one_node_of_expressway_e(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-c: {traversal: {peers: [192.168.77.1, 2001:db8::1]}, "
		"nodes: [{fqdn: c1.acme.test}]}\nexpressway-e: {nodes: [{fqdn: e1.acme.test}]}\n");
	assert_int_equal(acme->zones[0].peer_count, 2);
	assert_ptr_equal(acme->zones[0].peers[1].node, acme->groups[1]->nodes[0]);
}

static void zones_say_who_talks_to_whom(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"expressway-c:\n  - {name: west, nodes: [{fqdn: c1.acme.test}]}\n"
		"  - {name: east, nodes: [{fqdn: c2.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones:\n"
		"  - {name: one, c: west, e: expressway-e, peers: [e1.acme.test],\n"
		"     tls-verify-name: west.acme.test, username: u, password: p}\n"
		"  - {name: two, c: east, port: 7002, peers: [10.0.0.1]}\n");
	assert_int_equal(acme->zone_count, 2);
	const struct cw_zone *one = &acme->zones[0], *two = &acme->zones[1];
	assert_string_equal(one->name, "one");
	assert_ptr_equal(one->c, acme->groups[0]);
	assert_ptr_equal(one->e, acme->groups[2]);
	assert_int_equal(one->port, 7001);
	assert_string_equal(one->tls_verify_name, "west.acme.test");
	assert_string_equal(one->on_c.username, "u");
	assert_string_equal(one->on_e.username, "u");
	assert_string_equal(one->on_c.password, "p");
	assert_string_equal(one->on_e.password, "p");
	assert_ptr_equal(two->c, acme->groups[1]);
	assert_ptr_equal(two->e, acme->groups[2]);
	assert_int_equal(two->port, 7002);
	assert_null(two->on_c.username);
}

static void domains_are_names_or_maps_and_endpoints_narrow_them(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"domains: [a.test, {name: b.test, edge: dns}, {name: c.test, edge: collab-edge}, "
		"{name: d.test, edge: none}, {name: e.test}]\n"
		"endpoints:\n  - {name: all, kind: jabber}\n"
		"  - {name: two, kind: telepresence, domains: [B.test, e.test]}\n"
		"  - {name: none, kind: phone-7800, domains: []}\n");
	static const enum cw_edge_name edges[] = {
		CW_EDGE_EITHER, CW_EDGE_DNS, CW_EDGE_COLLAB_EDGE, CW_EDGE_NONE, CW_EDGE_EITHER};
	static const bool chosen[3][5] = {{true, true, true, true, true}, {false, true, false, false, true}};
	assert_int_equal(acme->domain_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(acme->domains[i].edge, edges[i]);
		for (size_t j = 0; j < 3; j++)
			assert_int_equal(acme->endpoints[j].domains[i], chosen[j][i]);
	}
	assert_string_equal(acme->domains[2].name, "c.test");
	assert_int_equal(acme->endpoints[2].kind, CW_ENDPOINT_PHONE_7800);
	assert_int_equal(acme->endpoints[0].trust.state, CW_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_out_is_as_the_boxes_come),
		cmocka_unit_test(every_setting_is_read),
		cmocka_unit_test(settings_of_newer_boxes_are_read),
		cmocka_unit_test(a_boolean_has_many_spellings),
		cmocka_unit_test(off_and_on_among_words_have_many_spellings_too),
		cmocka_unit_test(revocation_that_is_not_known_is_neither_on_nor_off),
		cmocka_unit_test(peers_belong_to_the_node_with_that_fqdn_or_address),
		cmocka_unit_test(any_peer_belongs_to_the_one_node_of_expressway_e),
		cmocka_unit_test(zones_say_who_talks_to_whom),
		cmocka_unit_test(domains_are_names_or_maps_and_endpoints_narrow_them),
	};
	return cmocka_run_group_tests(tests, test_load_setup, test_load_teardown);
}
