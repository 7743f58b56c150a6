/*
 * What is asked of User Data Services and made of its answers, and the XML that a client gets.
 */
#include "node/edge/edge_config.h"
#include "node/edge/edge_uds.h"
#include "support/cmocka.h"

#include <expat.h>
#include <string.h>

static void users_are_asked_for_by_name_or_mail(void **state)
{
	(void)state;
	static const struct {
		const char *user, *want_user, *want_devices;
	} rows[] = {
		{"anna", "/cucm-uds/clusterUser?username=anna", "/cucm-uds/user/anna/devices"},
		{"anna@acme.test", "/cucm-uds/clusterUser?email=anna%40acme.test",
			"/cucm-uds/user/anna%40acme.test/devices"},
		{"a/../b?c&d=e", "/cucm-uds/clusterUser?username=a%2F..%2Fb%3Fc%26d%3De",
			"/cucm-uds/user/a%2F..%2Fb%3Fc%26d%3De/devices"},
		{"m\xc3\xbcller", "/cucm-uds/clusterUser?username=m%C3%BCller",
			"/cucm-uds/user/m%C3%BCller/devices"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER user = {0}, devices = {0};
		cw_edge_uds_target_user(cw_http_text(rows[i].user), &user);
		cw_edge_uds_target_devices(cw_http_text(rows[i].user), &devices);
		assert_string_equal(cw_buffer_string(&user), rows[i].want_user);
		assert_string_equal(cw_buffer_string(&devices), rows[i].want_devices);
	}
}

static void answers_are_read_with_bounds(void **state)
{
	(void)state;
	static const struct {
		const char *xml;
		bool want, want_found;
		const char *want_home, *want_user;
	} rows[] = {
		{"<clusterUser version=\"14\"><result found=\"true\" uri=\"https://h:8443/cucm-uds/user/anna\"/>"
		 "<homeCluster serversUri=\"x\"> pub.acme.test\n</homeCluster></clusterUser>",
			true, true, "pub.acme.test", "anna"},
		{"<?xml version=\"1.0\"?><clusterUser><result found=\"false\"/></clusterUser>", true, false,
			"", ""},
		{"<clusterUser><result found=\"true\" uri=\"https://h/cucm-uds/user/a%20b/devices\"/></clusterUser>",
			true, true, "", "a b"},
		{"<clusterUser><result found=\"true\" uri=\"https://h/cucm-uds/user/a%0ab\"/></clusterUser>",
			true, true, "", ""},
		{"<clusterUser><result found=\"true\" uri=\"/cucm-uds/user/%4\"/></clusterUser>", true, true,
			"", "%4"},
		{"<clusterUser><x><homeCluster>deep.test</homeCluster></x></clusterUser>", true, false, "",
			""},
		{"<users><result found=\"true\"/></users>", false, false, "", ""},
		{"<clusterUser><homeCluster>a b</homeCluster></clusterUser>", false, false, "", ""},
		{"<clusterUser><homeCluster>http://x/</homeCluster></clusterUser>", false, false, "", ""},
		{"<clusterUser><result found=\"true\"/>", false, false, "", ""},
		{"<!DOCTYPE c [<!ENTITY a \"b\">]><clusterUser><homeCluster>&a;</homeCluster></clusterUser>",
			false, false, "", ""},
		{"", false, false, "", ""},
		{"HTTP/1.1 200 OK", false, false, "", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_edge_uds_user user = {0};
		bool read = cw_edge_uds_read_user(rows[i].xml, strlen(rows[i].xml), &user);
		if (read != rows[i].want || user.found != rows[i].want_found ||
			strcmp(user.home, rows[i].want_home) != 0 ||
			strcmp(user.user, rows[i].want_user) != 0)
			fail_msg("%s: %d, %d, \"%s\", \"%s\"", rows[i].xml, read, user.found, user.home,
				user.user);
	}
}

static void an_answer_is_neither_deep_nor_wide(void **state)
{
	(void)state;
	struct cw_edge_uds_user user;
	AUTO_BUFFER deep = {0}, wide = {0};
	cw_buffer_text(&deep, "<clusterUser>");
	for (int i = 0; i < 100; i++)
		cw_buffer_text(&deep, "<a>");
	assert_false(cw_edge_uds_read_user(deep.data, deep.length, &user));
	cw_buffer_text(&wide, "<clusterUser><homeCluster>");
	for (int i = 0; i < 300; i++)
		cw_buffer_char(&wide, 'a');
	cw_buffer_text(&wide, "</homeCluster></clusterUser>");
	assert_false(cw_edge_uds_read_user(wide.data, wide.length, &user));
}

static void is_xml(const struct cw_buffer *text)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	assert_non_null(parser);
	assert_int_equal(XML_Parse(parser, text->data, (int)text->length, XML_TRUE), XML_STATUS_OK);
	XML_ParserFree(parser);
}

static void a_client_is_told_what_it_asks_for(void **state)
{
	(void)state;
	static const struct {
		const char *query;
		bool want_uds, want_login, want_tftp;
	} rows[] = {
		{"", true, true, true},
		{"service_name=_cisco-uds&service_name=_cuplogin", true, true, false},
		{"service_name=_cisco-uds", true, false, false},
		{"service_name=_cisco-phone-tftp", false, false, true},
		{"service_name=_other", false, false, false},
		{"other=1", true, true, true},
		{"service_name=_cisco-ud", false, false, false},
	};
	AUTO_STRINGS uds = {0}, edges = {0};
	assert_true(cw_strings_add(&uds, "pub.acme.test") && cw_strings_add(&uds, "sub1.acme.test"));
	assert_true(cw_strings_add(&edges, "e1.acme.test"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER xml = {0};
		const struct cw_edge_config config = {.query = cw_http_text(rows[i].query),
			.uds = &uds,
			.edges = &edges,
			.home = "pub.acme.test",
			.route = "c1.acme.test",
			.https_port = 8443,
			.sip_port = 5061};
		cw_edge_config_write(&config, &xml);
		is_xml(&xml);
		assert_int_equal(
			strstr(xml.data, "<name>_cisco-uds</name><server>") != NULL, rows[i].want_uds);
		assert_int_equal(strstr(xml.data, "<name>_cuplogin</name><error>NameError</error>") != NULL,
			rows[i].want_login);
		assert_int_equal(
			strstr(xml.data, "<name>_cisco-phone-tftp</name><error>") != NULL, rows[i].want_tftp);
		assert_non_null(strstr(xml.data,
			"<sipEdgeServer><server><address>e1.acme.test</address><tlsPort>5061</tlsPort></server>"));
		assert_non_null(strstr(xml.data,
			"<route>&lt;sip:c1.acme.test:5061;transport=tls;zone-id=1;directed;lr&gt;</route>"));
		assert_non_null(strstr(xml.data, "<xmppEdgeServer/>"));
	}
}

static void names_are_no_markup(void **state)
{
	(void)state;
	AUTO_STRINGS names = {0};
	AUTO_BUFFER xml = {0};
	assert_true(cw_strings_add(&names, "<a>&\"'\n"));
	const struct cw_edge_config config = {.uds = &names,
		.edges = &names,
		.home = "</x>",
		.route = "a&b",
		.https_port = 1,
		.sip_port = 2};
	cw_edge_config_write(&config, &xml);
	is_xml(&xml);
	assert_null(strstr(xml.data, "<a>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_are_asked_for_by_name_or_mail),
		cmocka_unit_test(answers_are_read_with_bounds),
		cmocka_unit_test(an_answer_is_neither_deep_nor_wide),
		cmocka_unit_test(a_client_is_told_what_it_asks_for),
		cmocka_unit_test(names_are_no_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
