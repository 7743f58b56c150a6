/*
 * node.yaml: what one node is told, and every problem of it with its place, all at once.
 */
#include "config/node_file.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

#include <arpa/inet.h>
#include <string.h>

#define NODE_C \
	"  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, key: c1/key.pem, trusted-ca: root.pem}]\n"
#define NODE_E \
	"  nodes: [{fqdn: e1.acme.test, server: e1/server.pem, key: e1/key.pem, trusted-ca: root.pem}]\n"
#define ZONE_C "  traversal: {peers: [e1.acme.test, 192.0.2.7], username: traversal, password: secret}\n"

static const char *load(
	const char *yaml, struct cw_pool *pool, struct cw_node_file **ret, struct cw_strings *problems)
{
	const char *path = test_folder_write("node.yaml", yaml, strlen(yaml));
	*ret = NULL;
	(void)!cw_node_file_load(test_folder_path(""), pool, ret, problems);
	return path;
}

static void expressway_c_knows_its_peers_by_name(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	struct in_addr address;
	load("causeway: 1\nexpressway-c:\n" ZONE_C NODE_C
	     "hosts: {E1.acme.test: 192.0.2.1}\nlisten: {from: 127.1.2.3, tunnels: 2223}\nuser: sshd\napply: restart\n",
		pool, &file, &problems);
	assert_int_equal(problems.count, 0);
	assert_string_equal(file->node->fqdn, "c1.acme.test");
	const struct cw_zone *zone = cw_node_file_zone(file);
	assert_int_equal(zone->peer_count, 2);
	assert_string_equal(zone->peers[1].node->fqdn, "192.0.2.7");
	assert_int_equal(zone->peers[0].node->identities[CW_IDENTITY_SERVER].state, CW_UNKNOWN);
	assert_true(cw_node_file_find(file, "e1.acme.test", &address));
	assert_int_equal(address.s_addr, inet_addr("192.0.2.1"));
	assert_true(cw_node_file_find(file, "192.0.2.7", &address));
	assert_false(cw_node_file_find(file, "e2.acme.test", &address));
	assert_int_equal(file->listen.from.s_addr, inet_addr("127.1.2.3"));
	assert_int_equal(ntohs(file->listen.tunnels.sin_port), 2223);
	assert_int_equal(ntohs(file->listen.zone.sin_port), 7001);
	assert_string_equal(file->user, "sshd");
	assert_true(file->after_restart);
}

static void expressway_e_needs_no_list_of_who_comes(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	load("causeway: 1\nexpressway-e:\n"
	     "  traversal: {tls-verify-name: expc.acme.test, port: 7010, username: u, password: p}\n" NODE_E
	     "listen: {zone: 127.1.2.3:0}\n",
		pool, &file, &problems);
	assert_int_equal(problems.count, 0);
	const struct cw_zone *zone = cw_node_file_zone(file);
	assert_string_equal(zone->tls_verify_name, "expc.acme.test");
	assert_string_equal(zone->c->nodes[0]->fqdn, "expc.acme.test");
	assert_int_equal(zone->peer_count, 1);
	assert_ptr_equal(zone->peers[0].node, file->node);
	assert_int_equal(ntohs(file->listen.zone.sin_port), 0);
	assert_int_equal(file->listen.zone.sin_addr.s_addr, inet_addr("127.1.2.3"));
	assert_false(file->after_restart);
}

static void a_node_may_have_several_zones(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	load("causeway: 1\nexpressway-c:\n" NODE_C "expressway-e:\n"
	     "  - {name: east, nodes: [{fqdn: e1.acme.test, server: unknown, trusted-ca: unknown}]}\n"
	     "  - {name: west, nodes: [{fqdn: e2.acme.test, server: unknown, trusted-ca: unknown}]}\n"
	     "zones:\n"
	     "  - {name: one, e: east, peers: [e1.acme.test], username: u, password: p}\n"
	     "  - {name: two, e: west, port: 7002, peers: [e2.acme.test], username: v, password: q}\n"
	     "tls: '1.2'\ndns: ['127.0.0.1:5353', 192.0.2.53]\nhistory: {days: 30}\nlisten: {cluster: 4000}\n",
		pool, &file, &problems);
	assert_int_equal(problems.count, 0);
	const struct cw_zone *one = cw_node_file_next_zone(file, file->deployment, NULL);
	const struct cw_zone *two = cw_node_file_next_zone(file, file->deployment, one);
	assert_string_equal(one->on_c.username, "u");
	assert_string_equal(two->on_c.username, "v");
	assert_int_equal(two->port, 7002);
	assert_null(cw_node_file_next_zone(file, file->deployment, two));
	assert_int_equal(file->tls, 12);
	assert_int_equal(file->dns_count, 2);
	assert_int_equal(ntohs(file->dns[0].sin_port), 5353);
	assert_int_equal(ntohs(file->dns[1].sin_port), 53);
	assert_int_equal(file->history_days, 30);
	assert_int_equal(file->history_megabytes, 200);
	assert_int_equal(ntohs(file->listen.cluster.sin_port), 4000);
	assert_int_equal(ntohs(file->listen.sip_oauth.sin_port), 5091);
}

static void every_problem_is_told_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *yaml, *want[5];
	} rows[] = {
		{"causeway: 1\nexpressway-c:\n" ZONE_C NODE_C
		 "hots: {a: 192.0.2.1}\nlisten: {zone: here, por: 1}\n",
			{":5:1: unknown key \"hots\"; did you mean \"hosts\"?",
				":6:16: wanted an IPv4 address, a port, or both (192.0.2.1:7001), found \"here\"",
				":6:22: unknown key \"por\""}},
		{"causeway: 1\nexpressway-c:\n" NODE_C,
			{":3:18: wanted the zone of this node: traversal: {peers: [...]}"}},
		{"causeway: 1\nexpressway-c:\n  traversal: {peers: [e1.acme.test], username: u}\n" NODE_C
		 "hosts: {e1.acme.test: e1.acme.test}\napply: later\n",
			{":4:18: the traversal zone of a running node needs a password",
				":5:23: wanted an IPv4 address, found \"e1.acme.test\"",
				":6:8: wanted at-once or restart"}},
		{"causeway: 1\nexpressway-c:\n" ZONE_C NODE_C
		 "tls: 1.1\ndns: [here]\nhistory: {days: 0, megabytes: many}\nsecurity-password-file: nowhere.txt\n",
			{":5:6: wanted 1.2 or 1.3",
				":6:7: wanted an IPv4 address, a port, or both (192.0.2.1:7001), found \"here\"",
				":7:17: wanted a number from 1 to 3650, found \"0\"",
				":7:31: wanted a number from 1 to 10000, found \"many\"", "nowhere.txt"}},
		{"causeway: 1\nexpressway-e:\n  nodes: [{fqdn: e1.acme.test, server: e1/server.pem, trusted-ca: root.pem}]\n",
			{":1:1: no node here has its certificate with the private key that fits"}},
		{"causeway: 1\nexpressway-c:\n  revocation: unknown\n  cucm-tls-verify: unknown\n" ZONE_C
				NODE_C "expressway-e:\n  revocation: unknown\n"
		 "  nodes: [{fqdn: e1.acme.test, server: unknown, trusted-ca: unknown}]\n",
			{":3:15: wanted off or crl, found unknown: a running node knows whether it checks revocation",
				":4:20: wanted on or off, found unknown: a running node knows whether it verifies"}},
		{"causeway: 1\nexpressway-c:\n  revocation: crl\n" ZONE_C
		 "  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, key: c1/key.pem, trusted-ca: unknown, crl: "
		 "unknown}]\n",
			{":5:18: trusted-ca: unknown: a running node judges by it; wanted its file",
				":5:18: crl: unknown: a running node judges by them"}},
		{"causeway: 1\nexpressway-c:\n" ZONE_C
		 "  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, key: nowhere.pem, trusted-ca: broken.pem}]\n",
			{"nowhere.pem", "broken.pem"}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
		AUTO_STRINGS problems = {0};
		size_t want = 0;
		load(rows[i].yaml, pool, &file, &problems);
		assert_null(file);
		for (; want < 5 && rows[i].want[want]; want++)
			if (want >= problems.count || !strstr(problems.items[want], rows[i].want[want]))
				fail_msg("row %zu: wanted \"%s\", found \"%s\"", i, rows[i].want[want],
					want < problems.count ? problems.items[want] : "nothing");
		assert_int_equal(problems.count, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressway_c_knows_its_peers_by_name),
		cmocka_unit_test(expressway_e_needs_no_list_of_who_comes),
		cmocka_unit_test(a_node_may_have_several_zones),
		cmocka_unit_test(every_problem_is_told_with_its_place),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
