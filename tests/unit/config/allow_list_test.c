/*
 * The allow list of Expressway-C: which request which rule lets in, and the table of tests that proves a list.
 */
#include "config/node_file.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

#include <string.h>

#define NODE_C \
	"causeway: 1\nexpressway-c:\n" \
	"  traversal: {peers: [e1.acme.test], username: traversal, password: secret}\n" \
	"  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, key: c1/key.pem, trusted-ca: root.pem}]\n" \
	"cucm:\n  nodes: [{fqdn: cucm.acme.test, address: 192.0.2.9, publisher: true, tomcat: unknown, tomcat-trust: unknown,\n" \
	"    callmanager: unknown, callmanager-trust: unknown}]\n"

#define RULES \
	"allow:\n" \
	"  - {url: 'https://web.acme.test/help', methods: [GET, POST], description: the help desk}\n" \
	"  - {url: 'http://web.acme.test:8080/one.xml', match: exact}\n" \
	"  - {url: 'https://open.acme.test'}\n"

static struct cw_node_file *load(const char *yaml, struct cw_pool *pool, struct cw_strings *problems)
{
	struct cw_node_file *file = NULL;
	test_folder_write("node.yaml", yaml, strlen(yaml));
	(void)!cw_node_file_load(test_folder_path(""), pool, &file, problems);
	return file;
}

static bool lets_in(const struct cw_allow_list *list, const char *method, const char *url)
{
	struct cw_allow_rule asked;
	struct cw_allow_list owner = {0};
	const char *why;
	assert_true(cw_allow_list_url(url, &asked, &why));
	const struct cw_allow_request request = {.is_https = asked.is_https,
		.host = asked.host,
		.host_length = strlen(asked.host),
		.port = asked.port,
		.path = asked.path,
		.path_length = strlen(asked.path),
		.method = cw_allow_list_method(method)};
	bool found = cw_allow_list_find(list, &request) != NULL;
	assert_true(cw_allow_list_add(&owner, &asked));
	cw_allow_list_finish(&owner);
	return found;
}

static void a_request_needs_a_rule_that_names_it(void **state)
{
	(void)state;
	static const struct {
		const char *method, *url;
		bool want;
	} rows[] = {
		/* automatic, by both names of the server */
		{"GET", "https://cucm.acme.test:8443/cucm-uds/servers", true},
		{"PUT", "https://CUCM.acme.test:8443/cucm-uds/user/u", true},
		{"GET", "https://192.0.2.9:8443/cucm-uds/version", true},
		{"GET", "https://cucm.acme.test:6972/SPDefault.cnf.xml", true},
		{"GET", "http://cucm.acme.test:6970/SPDefault.cnf.xml", true},
		{"PATCH", "https://cucm.acme.test:8443/cucm-uds/servers", false},
		{"POST", "https://cucm.acme.test:6972/SPDefault.cnf.xml", false},
		{"GET", "https://cucm.acme.test:8443/cmplatform/", false},
		{"GET", "https://cucm.acme.test:8443/cucm-uds", false},
		{"GET", "https://cucm.acme.test:8443/cucm-udsx/", false},
		{"GET", "http://cucm.acme.test:8443/cucm-uds/servers", false},
		{"GET", "http://cucm.acme.test:6972/SPDefault.cnf.xml", false},
		{"GET", "https://cucm.acme.test/cucm-uds/servers", false},
		{"GET", "https://cucm.acme.test.evil.test:8443/cucm-uds/servers", false},
		{"GET", "https://ucm.acme.test:8443/cucm-uds/servers", false},
		{"GET", "https://e1.acme.test:8443/cucm-uds/servers", false},
		/* written: a prefix ends where a segment ends */
		{"GET", "https://web.acme.test/help", true},
		{"POST", "https://web.acme.test:443/help/desk", true},
		{"GET", "https://web.acme.test/help/", true},
		{"PUT", "https://web.acme.test/help", false},
		{"GET", "https://web.acme.test/helpless", false},
		{"GET", "https://web.acme.test/", false},
		{"GET", "https://web.acme.test/HELP", false},
		{"GET", "http://web.acme.test:8080/one.xml", true},
		{"GET", "http://web.acme.test:8080/one.xml/", false},
		{"HEAD", "http://web.acme.test:8080/one.xml", false},
		{"GET", "https://open.acme.test/whatever/it/is", true},
	};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_STRINGS problems = {0};
	AUTO(cw_node_file_free) struct cw_node_file *file = load(NODE_C RULES, pool, &problems);
	assert_non_null(file);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (lets_in(&file->allow, rows[i].method, rows[i].url) != rows[i].want)
			fail_msg("%s %s: wanted %d", rows[i].method, rows[i].url, rows[i].want);
}

static void urls_are_taken_in_one_spelling(void **state)
{
	(void)state;
	static const struct {
		const char *url, *want; /* NULL: taken; else a part of what was wanted */
	} rows[] = {
		{"https://a", NULL},
		{"http://a.b:1/x/y;z=1", NULL},
		{"ftp://a/", "http://"},
		{"HTTPS://a/", "http://"},
		{"https://", "host name"},
		{"https:///x", "host name"},
		{"https://a b/", "host name"},
		{"https://u@a/", "host name"},
		{"https://a..b/", "host name"},
		{"https://.a/", "host name"},
		{"https://[::1]/", "host name"},
		{"https://a:/", "port"},
		{"https://a:0/", "port"},
		{"https://a:65536/", "port"},
		{"https://a:123456/", "port"},
		{"https://a:80x/", "path"},
		{"https://a/?q", "path"},
		{"https://a?q", "path"},
		{"https://a/%41", "path"},
		{"https://a/x/../y", "path"},
		{"https://a/..;/y", "path"},
		{"https://a/.", "path"},
		{"https://a/b\\c", "path"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_allow_rule rule;
		struct cw_allow_list owner = {0};
		const char *why;
		bool taken = cw_allow_list_url(rows[i].url, &rule, &why);
		if (taken != !rows[i].want || (!taken && !strstr(why, rows[i].want)))
			fail_msg("%s: %d, %s", rows[i].url, taken, why);
		if (taken && cw_allow_list_add(&owner, &rule))
			cw_allow_list_finish(&owner);
	}
}

static void tests_prove_a_list_before_it_counts(void **state)
{
	(void)state;
	static const struct {
		const char *tests, *want; /* NULL: no problem */
	} rows[] = {
		{"", NULL},
		{"allow-tests: [{url: 'https://web.acme.test/help', expect: allow}]\n", NULL},
		{"allow-tests: [{url: 'https://web.acme.test/admin', expect: block, description: no}]\n",
			NULL},
		{"allow-tests: [{url: 'https://web.acme.test/help', expect: allow, method: DELETE}]\n",
			"12:15: this test of the allow list fails: wanted allow, and no rule lets "
			"https://web.acme.test:443/help (exact; DELETE) in; add a rule or change the test"},
		{"allow-tests: [{url: 'https://web.acme.test/help/x', expect: block}]\n",
			"wanted block, and rule https://web.acme.test:443/help (prefix; GET, POST) lets it in"},
		{"allow-tests: [{url: 'https://cucm.acme.test:8443/cucm-uds/x', expect: block}]\n",
			"wanted block, and the automatic rule https://cucm.acme.test:8443/cucm-uds/ (prefix; "},
		{"allow-tests: [{url: 'https://web.acme.test/help'}]\n", "expect"},
		{"allow-tests: [{expect: allow}]\n", "url"},
		{"allow-tests: [{url: 'https://a/', expect: maybe}]\n", "wanted allow or block"},
		{"allow-tests: [{url: 'https://a/', expect: block, method: get}]\n", "wanted one of GET"},
		{"allow-tests: {url: x}\n", "a list of maps"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_STRINGS problems = {0};
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(&yaml, "%s%s%s", NODE_C, RULES, rows[i].tests);
		AUTO(cw_node_file_free)
		struct cw_node_file *file = load(cw_buffer_string(&yaml), pool, &problems);
		if ((file != NULL) != !rows[i].want || problems.count > 1 ||
			(rows[i].want && !strstr(problems.items[0], rows[i].want)))
			fail_msg("%s: %s", rows[i].tests, problems.count ? problems.items[0] : "no problem");
	}
}

static void what_is_wrong_with_a_rule_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *rules, *want;
	} rows[] = {
		{"allow: [{url: 'web.acme.test'}]\n",
			"wanted a URL with http:// or https://, found \"web.acme.test\""},
		{"allow: [{match: exact}]\n", "url"},
		{"allow: [{url: 'https://a', match: regex}]\n", "wanted prefix or exact"},
		{"allow: [{url: 'https://a', methods: [BREW]}]\n", "wanted one of GET"},
		{"allow: [{url: 'https://a', methods: GET}]\n", "a list of methods"},
		{"allow: [{uri: 'https://a'}]\n", "did you mean \"url\"?"},
		{"edge: {session-minutes: 721}\n", "wanted a number from 1 to 720"},
		{"edge: {authorizations: 0}\n", "wanted a number from 1 to 1000"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_STRINGS problems = {0};
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(&yaml, "%s%s", NODE_C, rows[i].rules);
		AUTO(cw_node_file_free)
		struct cw_node_file *file = load(cw_buffer_string(&yaml), pool, &problems);
		assert_null(file);
		if (!strstr(problems.items[0], rows[i].want))
			fail_msg("%s: %s", rows[i].rules, problems.items[0]);
	}
}

static void the_edge_has_the_vendors_defaults(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_STRINGS problems = {0};
	AUTO(cw_node_file_free) struct cw_node_file *file = load(NODE_C, pool, &problems);
	assert_non_null(file);
	assert_int_equal(file->edge.session_minutes, 480);
	assert_int_equal(file->edge.authorizations, 8);
	assert_int_equal(file->edge.period_seconds, 300);
	assert_false(file->edge.maintenance);
	assert_int_equal(file->allow.count, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_needs_a_rule_that_names_it),
		cmocka_unit_test(urls_are_taken_in_one_spelling),
		cmocka_unit_test(tests_prove_a_list_before_it_counts),
		cmocka_unit_test(what_is_wrong_with_a_rule_is_told),
		cmocka_unit_test(the_edge_has_the_vendors_defaults),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
