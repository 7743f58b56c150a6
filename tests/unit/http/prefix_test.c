#include "http/http_base64.h"
#include "http/http_prefix.h"

#include "support/cmocka.h"

struct prefix_row {
	const char *decoded, *rest; /* the target is "/" BASE64(decoded) rest */
	enum cw_http_reason want;
	enum cw_http_prefix_kind want_kind;
	bool want_https;
	const char *want_host;
	uint16_t want_port;
};

static const struct prefix_row rows[] = {
	{"tbtp.com", "/get_edge_config/", 0, CW_HTTP_PREFIX_EDGE_CONFIG, false, "", 0},
	{"ent-pa.com", "/get_edge_config?service_name=_cisco-uds", 0, CW_HTTP_PREFIX_EDGE_CONFIG, false, "",
		0},
	{"acme.test", "/get_edge_config", 0, CW_HTTP_PREFIX_EDGE_CONFIG, false, "", 0},
	{"acme.test", "/get_edge_sso?email=u@acme.test", 0, CW_HTTP_PREFIX_EDGE_SSO, false, "", 0},
	{"hpcl.co.in/http/10.15.0.33/6970", "/Autoupdate.xml", 0, CW_HTTP_PREFIX_SERVER, false, "10.15.0.33",
		6970},
	{"acme.test/https/cucm.acme.test/8443", "/cucm-uds/servers?x", 0, CW_HTTP_PREFIX_SERVER, true,
		"cucm.acme.test", 8443},
	{"acme.test/https/cucm/8443", "/", 0, CW_HTTP_PREFIX_SERVER, true, "cucm", 8443},
	{"acme.test", "/other", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test", "/get_edge_config//", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test", "/get_edge_configx", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test", "/get_edge_config/x", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test", "", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/8443", "", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/8443", "?x", CW_HTTP_BAD_PREFIX_REST, 0, false, "", 0},
	{"test", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"127.0.0.1", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"acme..test", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"acme.test.", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"acme.test\r\nX: y", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"acme.test:80", "/get_edge_config", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"/https/cucm.acme.test/8443", "/", CW_HTTP_BAD_PREFIX_DOMAIN, 0, false, "", 0},
	{"acme.test/", "/", CW_HTTP_BAD_PREFIX_FORM, 0, false, "", 0},
	{"acme.test/https", "/", CW_HTTP_BAD_PREFIX_FORM, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test", "/", CW_HTTP_BAD_PREFIX_FORM, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/8443/", "/", CW_HTTP_BAD_PREFIX_FORM, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/8443/x", "/", CW_HTTP_BAD_PREFIX_FORM, 0, false, "", 0},
	{"acme.test/ftp/cucm.acme.test/21", "/", CW_HTTP_BAD_PREFIX_PROTOCOL, 0, false, "", 0},
	{"acme.test/HTTPS/cucm.acme.test/8443", "/", CW_HTTP_BAD_PREFIX_PROTOCOL, 0, false, "", 0},
	{"acme.test//cucm.acme.test/8443", "/", CW_HTTP_BAD_PREFIX_PROTOCOL, 0, false, "", 0},
	{"acme.test/https//8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/a b/8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/a@b/8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/a:1/8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/[::1]/8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/127.1/8443", "/", CW_HTTP_BAD_PREFIX_HOST, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/0", "/", CW_HTTP_BAD_PREFIX_PORT, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/65536", "/", CW_HTTP_BAD_PREFIX_PORT, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/08443", "/", CW_HTTP_BAD_PREFIX_PORT, 0, false, "", 0},
	{"acme.test/https/cucm.acme.test/", "/", CW_HTTP_BAD_PREFIX_PORT, 0, false, "", 0},
};

static void check(const struct prefix_row *row)
{
	static struct cw_http_prefix prefix;
	AUTO_BUFFER target = {0}, again = {0};
	enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
	cw_http_prefix_write_domain(&target, cw_http_text(row->decoded));
	cw_buffer_text(&target, row->rest);
	bool taken = cw_http_prefix_parse(cw_http_text(target.data), &prefix, &reason);
	if (reason != row->want)
		fail_msg("%s %s: %s", row->decoded, row->rest, cw_http_reason_name(reason));
	assert_int_equal(taken, row->want == CW_HTTP_BAD_NOTHING);
	if (!taken)
		return;
	assert_int_equal(prefix.kind, row->want_kind);
	assert_true(cw_http_text_equal(prefix.rest, row->rest));
	if (prefix.kind == CW_HTTP_PREFIX_SERVER) {
		assert_int_equal(prefix.is_https, row->want_https);
		assert_int_equal(prefix.port, row->want_port);
		assert_true(cw_http_text_equal(prefix.host, row->want_host));
		cw_http_prefix_write_server(&again, &prefix);
	} else {
		cw_http_prefix_write_domain(&again, prefix.domain);
	}
	cw_buffer_text(&again, row->rest);
	assert_string_equal(again.data, target.data);
}

static void prefixes_are_taken_or_refused_with_their_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check(&rows[i]);
}

/* As they stand in the vendor's documents. */
static void the_vendor_s_prefixes_are_read(void **state)
{
	(void)state;
	static struct cw_http_prefix prefix;
	enum cw_http_reason reason;
	assert_true(cw_http_prefix_parse(cw_http_text("/dGJ0cC5jb20/get_edge_config/"), &prefix, &reason));
	assert_true(cw_http_text_equal(prefix.domain, "tbtp.com"));
	assert_true(cw_http_prefix_parse(
		cw_http_text("/aHBjbC5jby5pbi9odHRwLzEwLjE1LjAuMzMvNjk3MA/Autoupdate.xml"), &prefix,
		&reason));
	assert_true(cw_http_text_equal(prefix.domain, "hpcl.co.in"));
	assert_true(cw_http_text_equal(prefix.host, "10.15.0.33"));
	assert_int_equal(prefix.port, 6970);
	assert_true(cw_http_text_equal(prefix.rest, "/Autoupdate.xml"));
}

static void other_texts_of_the_same_bytes_are_refused(void **state)
{
	(void)state;
	static struct cw_http_prefix prefix;
	static const char *const targets[] = {
		"/dGJ0cC5jb20=/get_edge_config",
		"/dGJ0cC5jb21/get_edge_config",
		"/dGJ0cC5jb2/get_edge_config",
		"/dGJ0cC5jb20%3D/get_edge_config",
		"/dGJ0cC5jb20+/get_edge_config",
		"/tbtp.com/get_edge_config",
		"//get_edge_config",
		"/",
		"/?x",
		"dGJ0cC5jb20/get_edge_config",
		"",
	};
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		assert_false(cw_http_prefix_parse(cw_http_text(targets[i]), &prefix, &reason));
		assert_int_equal(reason, CW_HTTP_BAD_PREFIX_FORM);
	}
}

static void base64_has_one_text_for_its_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum cw_http_base64_form form;
		const char *want; /* NULL: refused */
	} texts[] = {
		{"", CW_HTTP_BASE64_PADDED, ""}, {"", CW_HTTP_BASE64_URL, ""},
		{"Zg==", CW_HTTP_BASE64_PADDED, "f"}, {"Zm8=", CW_HTTP_BASE64_PADDED, "fo"},
		{"Zm9v", CW_HTTP_BASE64_PADDED, "foo"}, {"Zm9vYg==", CW_HTTP_BASE64_PADDED, "foob"},
		{"Zg", CW_HTTP_BASE64_URL, "f"}, {"Zm8", CW_HTTP_BASE64_URL, "fo"},
		{"Zm9v", CW_HTTP_BASE64_URL, "foo"}, {"Pz8/", CW_HTTP_BASE64_PADDED, "???"},
		{"Pz8_", CW_HTTP_BASE64_URL, "???"}, {"Pz8_", CW_HTTP_BASE64_PADDED, NULL},
		{"Pz8/", CW_HTTP_BASE64_URL, NULL}, {"Zh==", CW_HTTP_BASE64_PADDED, NULL},
		{"Zm9=", CW_HTTP_BASE64_PADDED, NULL}, {"Zg", CW_HTTP_BASE64_PADDED, NULL},
		{"Zg=", CW_HTTP_BASE64_PADDED, NULL}, {"Z===", CW_HTTP_BASE64_PADDED, NULL},
		{"====", CW_HTTP_BASE64_PADDED, NULL}, {"Zg==Zg==", CW_HTTP_BASE64_PADDED, NULL},
		{"Zm9v\n", CW_HTTP_BASE64_PADDED, NULL}, {" Zm9v", CW_HTTP_BASE64_PADDED, NULL},
		{"Zg==", CW_HTTP_BASE64_URL, NULL}, {"Z", CW_HTTP_BASE64_URL, NULL},
		{"Zh", CW_HTTP_BASE64_URL, NULL},
		{"Zm9vYmFyIQ==", CW_HTTP_BASE64_PADDED, NULL}, /* more than there is room for */
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char room[4];
		struct cw_http_text bytes = {0};
		AUTO_BUFFER again = {0};
		bool taken = cw_http_base64_decode(
			cw_http_text(texts[i].text), texts[i].form, &bytes, room, sizeof room);
		if (taken != (texts[i].want != NULL))
			fail_msg("%s", texts[i].text);
		if (!taken)
			continue;
		assert_true(cw_http_text_equal(bytes, texts[i].want));
		cw_http_base64_encode(&again, bytes, texts[i].form);
		assert_string_equal(cw_buffer_string(&again), texts[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_are_taken_or_refused_with_their_reason),
		cmocka_unit_test(the_vendor_s_prefixes_are_read),
		cmocka_unit_test(other_texts_of_the_same_bytes_are_refused),
		cmocka_unit_test(base64_has_one_text_for_its_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
