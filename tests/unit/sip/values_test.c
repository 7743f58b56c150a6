/*
 * URIs, addresses, Via and parameters: what is one and what is none, a row a rule of RFC 3261 §25.1.
 */
#include "support/sip.h"

static void a_uri_is_what_the_grammar_says(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want;
		const char *want_user, *want_host;
		unsigned want_port;
	} rows[] = {
		{"sip:e1.acme.test", true, NULL, "e1.acme.test", 0},
		{"SIPS:alice@e1.acme.test:5061", true, "alice", "e1.acme.test", 5061},
		{"sip:a:secret@h", true, "a", "h", 0},
		{"sip:a", true, NULL, "a", 0}, /* osipparser2 refuses such a short one inside an address */
		{"sip:+1-972@gw;phone-context=x", true, "+1-972", "gw", 0},
		{"sip:[2001:db8::1]:7001;transport=tls", true, NULL, "2001:db8::1", 7001},
		{"sip:x@[::1]", true, "x", "::1", 0},
		{"sip:c_1.acme.test", true, NULL, "c_1.acme.test", 0},
		{"sip:192.168.2.100:5061;transport=tls;zone-id=3;directed;lr", true, NULL, "192.168.2.100",
			5061},
		{"sip:UUID@10.15.20.10:5060;transport=tcp;orig-hostport=172.16.84.136:58980", true, "UUID",
			"10.15.20.10", 5060},
		{"sip:a@h?Route=%3Csip:x%3E&b=", true, "a", "h", 0},
		{"sip:a?b;c@h?x=/?", true, "a?b;c", "h", 0},
		{"tel:+19725552222", true, NULL, NULL, 0},
		{"soap.beep://192.0.2.103:3002", true, NULL, NULL, 0},
		{"sipfoo:a", true, NULL, NULL, 0}, /* not SIP, whatever osipparser2 says */
		{"", false, NULL, NULL, 0},
		{"sip:", false, NULL, NULL, 0},
		{"sip", false, NULL, NULL, 0},
		{"1sip:a", false, NULL, NULL, 0},
		{":a", false, NULL, NULL, 0},
		{"sip:@h", false, NULL, NULL, 0},
		{"sip:a@", false, NULL, NULL, 0},
		{"sip:a@b@c", false, NULL, NULL, 0},
		{"sip:a:@h", false, NULL, NULL, 0},
		{"sip:a b@h", false, NULL, NULL, 0},
		{"sip:a@h:", false, NULL, NULL, 0},
		{"sip:a@h:0", false, NULL, NULL, 0},
		{"sip:a@h:65536", false, NULL, NULL, 0},
		{"sip:a@h:123456", false, NULL, NULL, 0},
		{"sip:a@h;", false, NULL, NULL, 0},
		{"sip:a@h;;lr", false, NULL, NULL, 0},
		{"sip:a@h;x=", false, NULL, NULL, 0},
		{"sip:a@h?", false, NULL, NULL, 0},
		{"sip:a@h?x", false, NULL, NULL, 0},
		{"sip:%4@h", false, NULL, NULL, 0},
		{"sip:%zz@h", false, NULL, NULL, 0},
		{"sip:[::1", false, NULL, NULL, 0},
		{"sip:[]", false, NULL, NULL, 0},
		{"sip:a@h\"", false, NULL, NULL, 0},
		{"sip:a@h>", false, NULL, NULL, 0},
		{"tel:", false, NULL, NULL, 0},
		{"tel:a b", false, NULL, NULL, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_uri uri = {0};
		const char *reason = NULL;
		if (cw_sip_uri_parse(cw_sip_text_of(rows[i].text), &uri, &reason) != rows[i].want)
			fail_msg("\"%s\": %s", rows[i].text, reason ? reason : "was taken");
		if (!rows[i].want)
			assert_non_null(reason);
		const char *user = cw_sip_uri_user(&uri), *host = cw_sip_uri_host(&uri);
		assert_string_equal(user ? user : "-", rows[i].want_user ? rows[i].want_user : "-");
		assert_string_equal(host ? host : "-", rows[i].want_host ? rows[i].want_host : "-");
		assert_int_equal(uri.port, rows[i].want_port);
		cw_sip_uri_finish(&uri);
	}
}

static void a_uri_over_a_kilobyte_or_with_33_parameters_is_refused(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_sip_uri uri;
	const char *reason;
	cw_buffer_text(&text, "sip:");
	while (text.length < CW_SIP_URI_MAX)
		cw_buffer_char(&text, 'a');
	assert_true(cw_sip_uri_parse(cw_sip_text_of(text.data), &uri, &reason));
	cw_sip_uri_finish(&uri);
	cw_buffer_char(&text, 'a');
	assert_false(cw_sip_uri_parse(cw_sip_text_of(text.data), &uri, &reason));
	for (unsigned more = 0; more < 2; more++) {
		AUTO_BUFFER many = {0};
		cw_buffer_text(&many, "sip:a");
		for (unsigned i = 0; i < CW_SIP_PARAMETERS_MAX + more; i++)
			cw_buffer_printf(&many, ";p%u", i);
		assert_int_equal(cw_sip_uri_parse(cw_sip_text_of(many.data), &uri, &reason), !more);
		if (!more)
			cw_sip_uri_finish(&uri);
	}
}

static void an_address_is_what_the_grammar_says(void **state)
{
	(void)state;
	static const struct {
		enum cw_sip_field_id field;
		const char *text;
		const char *want_reason; /* NULL: an address */
		const char *want_display;
		unsigned want_parameters;
	} rows[] = {
		{CW_SIP_TO, "sip:a@h", NULL, "", 0},
		{CW_SIP_TO, "sip:a@h;tag=1;lr", NULL, "", 2},
		{CW_SIP_TO, "<sip:a@h;x=1>", NULL, "", 0},
		{CW_SIP_TO, "A. Bell <sip:a@h>;tag=1", NULL, "A. Bell", 1},
		{CW_SIP_TO, "\"a, <b>; \\\" c\" <sip:a@h> ; tag = 1", NULL, "\"a, <b>; \\\" c\"", 1},
		{CW_SIP_CONTACT, "*", NULL, "", 0},
		{CW_SIP_CONTACT,
			"<sip:u@h>;+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000000000001>\";reg-id="
			"1;video",
			NULL, "", 3},
		{CW_SIP_CONTACT, "<sip:u@h>;+u.sip!devicename.ccm.cisco.com=\"CSFMRA01\"", NULL, "", 1},
		{CW_SIP_ROUTE, "<sip:a;lr>", NULL, "", 0},
		{CW_SIP_ROUTE, "sip:a;lr", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "*", "wanted a URI, found other bytes", NULL, 0},
		{CW_SIP_TO, "", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "<>", "wanted a URI, found other bytes", NULL, 0},
		{CW_SIP_TO, "< sip:a@h >", "wanted a URI, found other bytes", NULL, 0},
		{CW_SIP_TO, "\"a <sip:a@h>", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "\"a\" b <sip:a@h>", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "\"a\" sip:a@h", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "a, b <sip:a@h>", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "sip:a@h?x=1", "wanted an address, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>x", "wanted a parameter, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>;", "wanted a parameter, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>;;tag=1", "wanted a parameter, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>;tag=", "wanted a parameter, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>;tag=\"1", "wanted a parameter, found other bytes", NULL, 0},
		{CW_SIP_TO, "<sip:a@h>;tag=1;TAG=2", "a parameter stands there twice", NULL, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_address address;
		const char *reason = NULL;
		bool fine =
			cw_sip_address_parse(rows[i].field, cw_sip_text_of(rows[i].text), &address, &reason);
		if (!fine && !rows[i].want_reason)
			fail_msg("\"%s\": %s", rows[i].text, reason);
		if (fine && rows[i].want_reason)
			fail_msg("\"%s\" was taken", rows[i].text);
		if (!fine) {
			assert_string_equal(reason, rows[i].want_reason);
			continue;
		}
		test_sip_equal(address.display, rows[i].want_display);
		assert_int_equal(address.parameters.count, rows[i].want_parameters);
		cw_sip_address_finish(&address);
	}
}

static void a_via_is_what_the_grammar_says(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want; /* "transport host port branch"; NULL: none */
	} rows[] = {
		{"SIP/2.0/TLS c1.acme.test:5061;branch=z9hG4bK1;rport", "TLS c1.acme.test 5061 z9hG4bK1"},
		{"SIP / 2.0 / UDP \t first.example.com : 4000 ; ttl=16 ;branch=z9hG4bKa7c6a8dlze.1",
			"UDP first.example.com 4000 z9hG4bKa7c6a8dlze.1"},
		{"sip/2.0/tcp [2001:db8::9]:5060;received=2001:db8::9;branch=Z9HG4BKx",
			"tcp 2001:db8::9 5060 Z9HG4BKx"},
		{"SIP/2.0/TCP [::1]", "TCP ::1 0 -"},
		{"SIP/2.0/TCP h;branch=z9hG4bK", "TCP h 0 -"},
		{"SIP/2.0/TCP h;branch=old", "TCP h 0 -"},
		{"SIP/2.0/TLS c:5061;egress-zone=UCTraversal;branch=z9hG4bK9;proxy-call-id=1b-2;rport",
			"TLS c 5061 z9hG4bK9"},
		{"SIP/2.0/TCP", NULL},
		{"SIP/2.0/TCPhost", NULL},
		{"SIP/2.0/TCP ;branch=1", NULL},
		{"SIP/7.0/TCP h", NULL},
		{"XIP/2.0/TCP h", NULL},
		{"SIP/2.0 h", NULL},
		{"SIP/2.0/TCP h:0", NULL},
		{"SIP/2.0/TCP h:99999", NULL},
		{"SIP/2.0/TCP h:", NULL},
		{"SIP/2.0/TCP h x", NULL},
		{"SIP/2.0/TCP h (comment)", NULL},
		{"SIP/2.0/TCP h;branch=(x)", NULL},
		{"SIP/2.0/TCP h;;", NULL},
		{"SIP/2.0/TCP []", NULL},
		{"SIP/2.0/TCP [::1", NULL},
		{"SIP/2.0/TCP ho!st", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER got = {0};
		struct cw_sip_via via;
		const char *reason = NULL;
		bool fine = cw_sip_via_parse(cw_sip_text_of(rows[i].text), &via, &reason);
		if (fine != (rows[i].want != NULL))
			fail_msg("\"%s\": %s", rows[i].text, fine ? "was taken" : reason);
		if (!fine)
			continue;
		struct cw_sip_text branch = cw_sip_via_branch(&via);
		cw_buffer_printf(&got, "%s %s %u %.*s", cw_sip_via_transport(&via), cw_sip_via_host(&via),
			via.port, branch.data ? (int)branch.length : 1, branch.data ? branch.data : "-");
		assert_string_equal(got.data, rows[i].want);
		cw_sip_via_finish(&via);
	}
}

static void texts_follow_the_smallest_rules(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t want_quoted;
	} rows[] = {{"\"\"", 2}, {"\"a\\\"b\" c", 6}, {"\"a", 0}, {"\"a\\", 0}, {"a", 0}, {"\"\x01\"", 0},
		{"\"\\\x01\"", 4}};
	static const struct {
		const char *text;
		uint64_t max;
		int64_t want; /* -1: no number */
	} numbers[] = {{"0", 9, 0}, {"0009", 9, 9}, {"10", 9, -1}, {"", 9, -1}, {"+1", 9, -1}, {"1 ", 9, -1},
		{"9", 8, -1}, {"4294967295", UINT32_MAX, 4294967295}, {"4294967296", UINT32_MAX, -1},
		{"99999999999999999999999999", UINT64_MAX, -1}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(cw_sip_text_quoted(cw_sip_text_of(rows[i].text), 0), rows[i].want_quoted);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		uint64_t number = 0;
		bool fine = cw_sip_text_number(cw_sip_text_of(numbers[i].text), numbers[i].max, &number);
		assert_int_equal(fine ? (int64_t)number : -1, numbers[i].want);
	}
	assert_int_equal(cw_sip_text_find(cw_sip_text_of("\"a,b\" <c,d>,e"), 0, ','), 11);
	assert_int_equal(cw_sip_text_find(cw_sip_text_of("\"a,b"), 0, ','), 4);
	assert_true(cw_sip_text_is(cw_sip_text_trim(cw_sip_text_of(" \tAbC \t")), "abc"));
	assert_int_equal(cw_sip_text_part(cw_sip_text_of("abc"), 5, 5).length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uri_is_what_the_grammar_says),
		cmocka_unit_test(a_uri_over_a_kilobyte_or_with_33_parameters_is_refused),
		cmocka_unit_test(an_address_is_what_the_grammar_says),
		cmocka_unit_test(a_via_is_what_the_grammar_says),
		cmocka_unit_test(texts_follow_the_smallest_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
