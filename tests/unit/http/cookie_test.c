#include "http/http_cookie.h"

#include "support/cmocka.h"
#include "support/instant.h"

static void cookies_are_read_by_the_grammar_for_servers(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		enum cw_http_reason want;
		size_t want_count;
	} rows[] = {
		{"a=b", CW_HTTP_BAD_NOTHING, 1},
		{"a=", CW_HTTP_BAD_NOTHING, 1},
		{"a=b; c=d; __Host-id=x.y-z", CW_HTTP_BAD_NOTHING, 3},
		{"a=\"b\"", CW_HTTP_BAD_NOTHING, 1},
		{"a=b=c", CW_HTTP_BAD_NOTHING, 1},
		{"a=b; A=c", CW_HTTP_BAD_NOTHING, 2},
		{"", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"=b", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=b;", CW_HTTP_BAD_COOKIE_FORM, 1},
		{"a=b; ", CW_HTTP_BAD_COOKIE_FORM, 1},
		{"a=b;c=d", CW_HTTP_BAD_COOKIE_FORM, 1},
		{"a=b;  c=d", CW_HTTP_BAD_COOKIE_FORM, 1},
		{"a=b, c=d", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=b c", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a b=c", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=\"b", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=b\\c", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=\xc3\xa4", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=b\tc", CW_HTTP_BAD_COOKIE_FORM, 0},
		{"a=b; a=c", CW_HTTP_BAD_COOKIE_TWICE, 1},
		{"a=b; a=b", CW_HTTP_BAD_COOKIE_TWICE, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_http_cookies cookies;
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		cw_http_cookie_parse(cw_http_text(rows[i].value), &cookies, &reason);
		if (reason != rows[i].want || cookies.count != rows[i].want_count)
			fail_msg("%s: %s, %zu", rows[i].value, cw_http_reason_name(reason), cookies.count);
	}
}

static void there_are_at_most_fifty_cookies(void **state)
{
	(void)state;
	AUTO_BUFFER value = {0};
	struct cw_http_cookies cookies;
	enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
	for (int i = 0; i < CW_HTTP_COOKIES_MAX; i++)
		cw_buffer_printf(&value, "%sc%d=%d", i ? "; " : "", i, i);
	assert_true(cw_http_cookie_parse(cw_http_text(value.data), &cookies, &reason));
	cw_buffer_text(&value, "; more=1");
	assert_false(cw_http_cookie_parse(cw_http_text(value.data), &cookies, &reason));
	assert_int_equal(reason, CW_HTTP_BAD_COOKIE_MANY);
}

static void a_cookie_is_found_by_its_exact_name(void **state)
{
	(void)state;
	struct cw_http_cookies cookies;
	enum cw_http_reason reason;
	struct cw_http_text value;
	assert_true(cw_http_cookie_parse(cw_http_text("id=1; __Host-id=2"), &cookies, &reason));
	assert_true(cw_http_cookie_find(&cookies, "__Host-id", &value));
	assert_true(cw_http_text_equal(value, "2"));
	assert_false(cw_http_cookie_find(&cookies, "ID", &value));
}

static struct cw_http_text text(const char *string)
{
	return string ? cw_http_text(string) : (struct cw_http_text){0};
}

struct set_row {
	const char *name, *value, *path, *domain;
	bool secure, http_only;
	enum cw_http_same_site same_site;
	const char *want; /* NULL: cannot be set */
};

static void cookies_are_set_as_browsers_take_them(void **state)
{
	(void)state;
	static const struct set_row rows[] = {
		{"id", "x", NULL, NULL, false, false, 0,
			"id=x; Expires=Fri, 20 Nov 2026 12:00:00 GMT; Max-Age=28800"},
		{"X-Auth", "a.b-c_d", "/", "acme.test", true, true, 0,
			"X-Auth=a.b-c_d; Expires=Fri, 20 Nov 2026 12:00:00 GMT; Max-Age=28800; "
			"Domain=acme.test; "
			"Path=/; Secure; HttpOnly"},
		{"__Host-id", "x", "/", NULL, true, true, CW_HTTP_SAME_SITE_STRICT,
			"__Host-id=x; Expires=Fri, 20 Nov 2026 12:00:00 GMT; Max-Age=28800; Path=/; Secure; "
			"HttpOnly; "
			"SameSite=Strict"},
		{"__Host-id", "x", "/", NULL, false, true, 0, NULL},
		{"__Host-id", "x", "/a", NULL, true, true, 0, NULL},
		{"__Host-id", "x", NULL, NULL, true, true, 0, NULL},
		{"__Host-id", "x", "/", "acme.test", true, true, 0, NULL},
		{"__host-id", "x", "/a", NULL, true, true, 0, NULL},
		{"__Secure-id", "x", "/", NULL, false, false, 0, NULL},
		{"id", "a;b", NULL, NULL, false, false, 0, NULL},
		{"id", "a b", NULL, NULL, false, false, 0, NULL},
		{"id", "a\r\nSet-Cookie: b=c", NULL, NULL, false, false, 0, NULL},
		{"i d", "a", NULL, NULL, false, false, 0, NULL},
		{"", "a", NULL, NULL, false, false, 0, NULL},
		{"id", "x", "/a;b", NULL, false, false, 0, NULL},
		{"id", "x", "a", NULL, false, false, 0, NULL},
		{"id", "x", NULL, "test", false, false, 0, NULL},
		{"id", "x", NULL, "127.0.0.1", false, false, 0, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct set_row *row = &rows[i];
		AUTO_BUFFER written = {0};
		struct cw_error error;
		struct cw_http_cookie again;
		enum cw_http_reason reason;
		const struct cw_http_cookie cookie = {text(row->name), text(row->value), text(row->path),
			text(row->domain), true, true, TEST_AT, 28800, row->secure, row->http_only,
			row->same_site};
		assert_int_equal(cw_http_cookie_write(&written, &cookie, &error), row->want != NULL);
		if (!row->want) {
			assert_int_equal(error.code, CW_E_HTTP);
			continue;
		}
		assert_string_equal(written.data, row->want);
		assert_true(cw_http_cookie_parse_set(cw_http_text(written.data), &again, &reason));
		assert_int_equal(again.expires, TEST_AT);
		assert_int_equal(again.max_age, 28800);
		assert_int_equal(again.secure, row->secure);
		assert_int_equal(again.same_site, row->same_site);
	}
}

static void a_server_s_cookies_are_read_or_refused(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		bool want;
	} rows[] = {
		{"X-Auth=7f5b; Expires=Fri, 20 Nov 2026 12:00:00 GMT; Domain=.edge.acme.test; Path=/; Secure",
			true},
		{"a=b", true},
		{"a=b; Version=1", true},
		{"a=b; path=/; PATH=/", false},
		{"a=b;path=/", false},
		{"a=b; ", false},
		{"a=b; Expires=tomorrow", false},
		{"a=b; Expires=Sat, 20 Nov 2026 12:00:00 GMT", false},
		{"a=b; Expires=Fri, 31 Nov 2026 12:00:00 GMT", false},
		{"a=b; Expires=Fri, 20 Nov 2026 24:00:00 GMT", false},
		{"a=b; Expires=Friday, 20-Nov-26 12:00:00 GMT", false},
		{"a=b; Max-Age=-1", false},
		{"a=b; Max-Age=4294967296", false},
		{"a=b; Secure=1", false},
		{"a=b; Domain=", false},
		{"a=b; SameSite=None", false},
		{"a", false},
		{"", false},
		{"__Host-a=b; Path=/", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_http_cookie cookie;
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		if (cw_http_cookie_parse_set(cw_http_text(rows[i].value), &cookie, &reason) != rows[i].want)
			fail_msg("%s", rows[i].value);
		assert_int_equal(reason, rows[i].want ? CW_HTTP_BAD_NOTHING : CW_HTTP_BAD_COOKIE_FORM);
	}
}

static void dates_are_written_and_read_in_one_form(void **state)
{
	(void)state;
	static const struct {
		cw_time time;
		const char *want;
	} rows[] = {
		{0, "Thu, 01 Jan 1970 00:00:00 GMT"},
		{-5, "Thu, 01 Jan 1970 00:00:00 GMT"},
		{784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
		{253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
		{INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char date[CW_HTTP_DATE_SIZE];
		cw_time again = -1;
		assert_string_equal(cw_http_cookie_date(rows[i].time, date), rows[i].want);
		assert_true(cw_http_cookie_read_date(cw_http_text(date), &again));
		assert_string_equal(cw_http_cookie_date(again, date), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cookies_are_read_by_the_grammar_for_servers),
		cmocka_unit_test(there_are_at_most_fifty_cookies),
		cmocka_unit_test(a_cookie_is_found_by_its_exact_name),
		cmocka_unit_test(cookies_are_set_as_browsers_take_them),
		cmocka_unit_test(a_server_s_cookies_are_read_or_refused),
		cmocka_unit_test(dates_are_written_and_read_in_one_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
