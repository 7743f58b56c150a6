/*
 * Messages: the rules of the RFCs that a torture test does not show, what is found in them, and whether they
 * are wanted.
 */
#include "sip/sip_admit.h"
#include "sip/sip_registration.h"
#include "support/sip.h"

#define VIA "Via: SIP/2.0/TLS c1.acme.test:5061;branch=z9hG4bK1\r\n"
#define FROM "From: <sip:c1.acme.test>;tag=1\r\n"
#define TO "To: <sip:e1.acme.test>\r\n"
#define IDS "Call-ID: a@b\r\nCSeq: 1 OPTIONS\r\n"
#define END "l: 0\r\n\r\n"
#define OPTIONS "OPTIONS sip:e1.acme.test SIP/2.0\r\n"

/* As Cisco's clients say it ("Configure and Troubleshoot … Phone Services Failover"). */
#define REGISTER \
	"REGISTER sip:cucm.acme.test SIP/2.0\r\n" \
	"Via: SIP/2.0/TLS 10.0.0.5:58980;branch=z9hG4bK2;rport\r\nMax-Forwards: 70\r\n" \
	"Route: <sip:192.168.2.100:5061;transport=tls;zone-id=3;directed;lr>\r\n" \
	"From: <sip:1001@cucm.acme.test>;tag=2\r\nTo: <sip:1001@cucm.acme.test>\r\n" \
	"Call-ID: r1@10.0.0.5\r\nCSeq: 101 REGISTER\r\n"
#define CONTACT \
	"<sip:uuid@10.0.0.5:58980;transport=tls>;+sip.instance=\"<urn:uuid:1>\";" \
	"+u.sip!devicename.ccm.cisco.com=\"CSFMRA01\";+u.sip!model.ccm.cisco.com=\"503\";video;x-cisco-mra-" \
	"ha=AR_SK"

static void a_rule_that_is_broken_makes_the_refusal(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		unsigned want_status;
		const char *want_reason;
	} rows[] = {
		{OPTIONS VIA FROM TO IDS END, 0, NULL},
		{"OPTIONS sip:e1.acme.test sip/2.0\r\n" VIA FROM TO IDS END, 0, NULL},
		{OPTIONS FROM TO IDS END, 400, "Via is missing"},
		{OPTIONS VIA TO IDS END, 400, "From is missing"},
		{OPTIONS VIA FROM IDS END, 400, "To is missing"},
		{OPTIONS VIA FROM TO "CSeq: 1 OPTIONS\r\n" END, 400, "Call-ID is missing"},
		{OPTIONS VIA FROM TO "Call-ID: a\r\n" END, 400, "CSeq is missing"},
		{OPTIONS VIA FROM TO TO IDS END, 400,
			"a header field that may stand once stands there twice"},
		{OPTIONS VIA FROM TO "t: <sip:x>\r\n" IDS END, 400,
			"a header field that may stand once stands there twice"},
		{OPTIONS VIA FROM TO "Call-ID: a@b@c\r\nCSeq: 1 OPTIONS\r\n" END, 400,
			"wanted a Call-ID, found other bytes"},
		{OPTIONS VIA FROM TO "Call-ID: a,b\r\nCSeq: 1 OPTIONS\r\n" END, 400,
			"wanted a Call-ID, found other bytes"},
		{OPTIONS VIA FROM TO "Call-ID:\r\nCSeq: 1 OPTIONS\r\n" END, 400,
			"wanted a Call-ID, found other bytes"},
		{OPTIONS VIA FROM TO "Call-ID: a\r\nCSeq: 2147483648 OPTIONS\r\n" END, 400,
			"CSeq is no number under 2^31 and a method"},
		{OPTIONS VIA FROM TO "Call-ID: a\r\nCSeq: 1\r\n" END, 400,
			"CSeq is no number under 2^31 and a method"},
		{OPTIONS VIA FROM TO "Call-ID: a\r\nCSeq: 1 options\r\n" END, 400,
			"CSeq has another method than the start line"},
		{OPTIONS VIA FROM TO IDS "Max-Forwards: 256\r\n" END, 400,
			"Max-Forwards is no number up to 255"},
		{OPTIONS VIA FROM TO IDS "Expires: 4294967296\r\n" END, 400,
			"Expires, Min-Expires or Flow-Timer is no number of seconds"},
		{OPTIONS VIA FROM TO IDS "Contact: <sip:a>;expires=x\r\n" END, 400,
			"a Contact's expires is no number of seconds"},
		{OPTIONS VIA FROM TO IDS "Contact: *, <sip:a>\r\n" END, 400,
			"Contact is * and something else"},
		{OPTIONS VIA FROM TO IDS "Contact: <sip:a>,\r\n" END, 400,
			"wanted an address, found other bytes"},
		{OPTIONS VIA FROM TO IDS "Contact:\r\n" END, 400, "wanted an address, found other bytes"},
		{OPTIONS VIA FROM TO IDS "Route: <sip:a;lr>,,<sip:b>\r\n" END, 400,
			"wanted an address, found other bytes"},
		{OPTIONS VIA FROM TO IDS "Path: sip:a;lr\r\n" END, 400,
			"wanted an address, found other bytes"},
		{OPTIONS VIA FROM TO IDS "Subject: \\\x01\r\n" END, 400,
			"a control byte in a header field that has no display name"},
		{"OPTIONS sip:e1.acme.test SIP/3.1\r\n" VIA FROM TO IDS END, 505,
			"a version of SIP other than 2.0"},
		{"OPTIONS sip:e1.acme.test HTTP/1.1\r\n" VIA FROM TO IDS END, 400, "wanted a SIP start line"},
		{"OPTIONS sip:e1.acme.test\r\n" VIA FROM TO IDS END, 400, "wanted a SIP start line"},
		{"OPTIONS\tsip:e1.acme.test\tSIP/2.0\r\n" VIA FROM TO IDS END, 400,
			"wanted a SIP start line"},
		{"OPTIONS e1.acme.test SIP/2.0\r\n" VIA FROM TO IDS END, 400,
			"wanted a URI in the start line, found other bytes"},
		{"SIP/2.0 200 OK\r\n" VIA FROM TO IDS END, 0, NULL},
		{"SIP/2.0 700 OK\r\n" VIA FROM TO IDS END, 400, "wanted a status from 100 to 699"},
		{"SIP/2.0 099 OK\r\n" VIA FROM TO IDS END, 400, "wanted a status from 100 to 699"},
		{"SIP/2.0 200\r\n" VIA FROM TO IDS END, 400, "wanted a status from 100 to 699"},
		{"SIP/2.0 20 OK\r\n" VIA FROM TO IDS END, 400, "wanted a status from 100 to 699"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_sip_message_free) struct cw_sip_message *message = test_sip(rows[i].bytes);
		const char *reason = message->refusal.reason;
		if (message->refusal.status != rows[i].want_status ||
			(rows[i].want_reason && strcmp(reason ? reason : "", rows[i].want_reason) != 0))
			fail_msg("row %zu: found %u %s", i, message->refusal.status, reason ? reason : "-");
	}
}

static void more_than_80_values_are_refused(void **state)
{
	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		AUTO_BUFFER text = {0};
		cw_buffer_text(&text, OPTIONS VIA FROM TO IDS "Route: <sip:a;lr>");
		for (unsigned i = 4; i < CW_SIP_VALUES_MAX + more; i++)
			cw_buffer_text(&text, ",<sip:a;lr>");
		cw_buffer_text(&text, "\r\n" END);
		AUTO(cw_sip_message_free) struct cw_sip_message *message = test_sip(text.data);
		assert_int_equal(message->refusal.status, more ? 400 : 0);
		assert_int_equal(message->via_count + message->address_count, CW_SIP_VALUES_MAX);
	}
}

static void what_a_client_registers_is_read(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free)
	struct cw_sip_message *message = test_sip(
		REGISTER "Expires: 120\r\nSupported: path, outbound\r\nSupported: X-cisco-sis-9.2.0\r\n"
			 "Contact: " CONTACT ";reg-id=1, <sip:b@h>;expires=60\r\n" END);
	struct cw_sip_registration binding;
	assert_int_equal(message->refusal.status, 0);
	assert_int_equal(cw_sip_registration_check(message), 0);
	assert_true(cw_sip_registration_read(message, 0, 3600, &binding));
	test_sip_equal(binding.instance, "<urn:uuid:1>");
	test_sip_equal(binding.device, "CSFMRA01");
	test_sip_equal(binding.model, "503");
	assert_int_equal(binding.reg_id, 1);
	assert_int_equal(binding.expires, 120);
	assert_string_equal(cw_sip_uri_user(&binding.contact->uri), "uuid");
	assert_true(cw_sip_registration_read(message, 1, 3600, &binding));
	assert_int_equal(binding.expires, 60);
	assert_null(binding.instance.data);
	assert_false(cw_sip_registration_read(message, 2, 3600, &binding));
	assert_false(cw_sip_registration_is_clear(message));
	assert_true(cw_sip_message_lists(message, CW_SIP_SUPPORTED, "OUTBOUND"));
	assert_true(cw_sip_message_lists(message, CW_SIP_SUPPORTED, "x-cisco-sis-9.2.0"));
	assert_false(cw_sip_message_lists(message, CW_SIP_SUPPORTED, "gruu"));
	const struct cw_sip_address *route = cw_sip_message_address(message, CW_SIP_ROUTE, 0);
	assert_string_equal(cw_sip_uri_parameter(&route->uri, "zone-id"), "3");
	assert_string_equal(cw_sip_uri_parameter(&route->uri, "DIRECTED"), "");
	assert_null(cw_sip_uri_parameter(&route->uri, "apparent"));
}

static void a_registration_that_cannot_be_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		unsigned want;
		bool want_clear;
	} rows[] = {
		{REGISTER END, 0, false},
		{REGISTER "Contact: *\r\nExpires: 0\r\n" END, 0, true},
		{REGISTER "Contact: *\r\nExpires: 1\r\n" END, 400, false},
		{REGISTER "Contact: *\r\n" END, 400, false},
		{REGISTER "Contact: <sip:a>;reg-id=1\r\n" END, 400, false},
		{REGISTER "Contact: <sip:a>;reg-id=0;+sip.instance=\"x\"\r\n" END, 400, false},
		{REGISTER "Contact: <sip:a>;reg-id=x;+sip.instance=\"x\"\r\n" END, 400, false},
		{REGISTER "Contact: <sip:a>;reg-id;+sip.instance=\"x\"\r\n" END, 400, false},
		{REGISTER "Contact: <sip:a>;reg-id=1;+sip.instance=\"x\"\r\n" END, 0, false},
		{REGISTER VIA "Contact: <sip:a>;reg-id=1;+sip.instance=\"x\"\r\n" END, 439, false},
		{REGISTER VIA "Path: <sip:c;lr>,<sip:t@e;lr;ob>\r\n"
			      "Contact: <sip:a>;reg-id=1;+sip.instance=\"x\"\r\n" END,
			0, false},
		{REGISTER VIA "Path: <sip:c;lr;ob>\r\nPath: <sip:t@e;lr>\r\n"
			      "Contact: <sip:a>;reg-id=1;+sip.instance=\"x\"\r\n" END,
			439, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_sip_message_free) struct cw_sip_message *message = test_sip(rows[i].bytes);
		assert_int_equal(message->refusal.status, 0);
		if (cw_sip_registration_check(message) != rows[i].want)
			fail_msg("row %zu: found %u", i, cw_sip_registration_check(message));
		assert_int_equal(cw_sip_registration_is_clear(message), rows[i].want_clear);
	}
}

static void a_request_is_wanted_or_told_why_not(void **state)
{
	(void)state;
	static const char *const methods[] = {"OPTIONS", "INFO", NULL};
	static const char *const extensions[] = {"path", NULL};
	static const char *const types[] = {"application/vnd.causeway.zone+json", NULL};
	static const struct cw_sip_admit end = {.methods = methods, .extensions = extensions, .types = types};
	static const struct cw_sip_admit hop = {.extensions = extensions, .hop = true};
	static const struct {
		const struct cw_sip_admit *admit;
		const char *bytes;
		unsigned want;
		const char *want_fields;
	} rows[] = {
		{&end, OPTIONS VIA FROM TO IDS "Max-Forwards: 0\r\n" END, 0, ""},
		{&hop, OPTIONS VIA FROM TO IDS "Max-Forwards: 0\r\n" END, 483, ""},
		{&hop, OPTIONS VIA FROM TO IDS "Max-Forwards: 1\r\n" END, 0, ""},
		{&end, OPTIONS VIA FROM TO IDS "Require: path\r\n" END, 0, ""},
		{&end, OPTIONS VIA FROM TO IDS "Require: path, gruu\r\nRequire: x\r\n" END, 420,
			"Unsupported: gruu, x\r\n"},
		{&hop, OPTIONS VIA FROM TO IDS "Require: gruu\r\n" END, 0, ""},
		{&hop, OPTIONS VIA FROM TO IDS "Proxy-Require: gruu\r\n" END, 420, "Unsupported: gruu\r\n"},
		{&end, REGISTER END, 405, "Allow: OPTIONS, INFO\r\n"},
		{&end, "DANCE sip:h SIP/2.0\r\n" VIA FROM TO "Call-ID: a\r\nCSeq: 1 DANCE\r\n" END, 501,
			"Allow: OPTIONS, INFO\r\n"},
		{&end, "OPTIONS tel:1 SIP/2.0\r\n" VIA FROM TO IDS END, 416, ""},
		{&end, OPTIONS VIA FROM TO IDS "c: text/plain\r\nl: 1\r\n\r\nx", 415,
			"Accept: application/vnd.causeway.zone+json\r\n"},
		{&end, OPTIONS VIA FROM TO IDS "l: 1\r\n\r\nx", 415,
			"Accept: application/vnd.causeway.zone+json\r\n"},
		{&end,
			OPTIONS VIA FROM TO IDS
			"c: Application/vnd.causeway.zone+json;charset=x\r\nl: 1\r\n\r\nx",
			0, ""},
		{&end, OPTIONS VIA FROM TO IDS "Accept: text/plain, */*;q=0.1\r\n" END, 0, ""},
		{&end, OPTIONS VIA FROM TO IDS "Accept: text/plain\r\n" END, 406,
			"Accept: application/vnd.causeway.zone+json\r\n"},
		{&end, OPTIONS VIA FROM IDS END, 400, "Warning: 399 causeway \"To is missing\"\r\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		AUTO(cw_sip_message_free) struct cw_sip_message *message = test_sip(rows[i].bytes);
		unsigned status = cw_sip_admit_check(message, rows[i].admit);
		if (status != rows[i].want)
			fail_msg("row %zu: found %u", i, status);
		cw_sip_admit_explain(&writer, message, rows[i].admit, status);
		assert_string_equal(cw_buffer_string(&out), rows[i].want_fields);
	}
}

static void a_response_goes_back_to_one_host_only(void **state)
{
	(void)state;
	static const struct {
		const char *second;
		bool want;
	} rows[] = {{"", false}, {"Via: SIP/2.0/TLS 10.0.0.5\r\n", true},
		{"Via: SIP/2.0/TLS h.acme.test\r\n", true}, {"Via: SIP/2.0/TLS 224.0.1.75\r\n", false},
		{"Via: SIP/2.0/TLS 255.255.255.255\r\n", false}, {"Via: SIP/2.0/TLS h:x\r\n", false}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER text = {0};
		cw_buffer_printf(&text, "SIP/2.0 200 OK\r\n" VIA "%s" FROM TO IDS END, rows[i].second);
		AUTO(cw_sip_message_free) struct cw_sip_message *message = test_sip(text.data);
		assert_int_equal(cw_sip_admit_return(message), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_that_is_broken_makes_the_refusal),
		cmocka_unit_test(more_than_80_values_are_refused),
		cmocka_unit_test(what_a_client_registers_is_read),
		cmocka_unit_test(a_registration_that_cannot_be_is_refused),
		cmocka_unit_test(a_request_is_wanted_or_told_why_not),
		cmocka_unit_test(a_response_goes_back_to_one_host_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
