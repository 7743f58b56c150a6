#include "http/http_auth.h"

#include "support/cmocka.h"

static void credentials_are_read_or_refused_with_their_reason(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		enum cw_http_reason want;
		const char *want_user, *want_password, *want_token;
	} rows[] = {
		{"Basic dXNlcjpwYXNz", 0, "user", "pass", ""},
		{"basic dXNlcjpwYXNz", 0, "user", "pass", ""},
		{"Basic dXNlcjo=", 0, "user", "", ""},
		{"Basic dXNlcjpwOmE=", 0, "user", "p:a", ""},
		{"Basic w6Q6w7Y=", 0, "\xc3\xa4", "\xc3\xb6", ""},
		{"Bearer abc.DEF-_~+/==", 0, "", "", "abc.DEF-_~+/=="},
		{"BEARER x", 0, "", "", "x"},
		{"Basic", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Basic ", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{" Basic dXNlcjpwYXNz", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Basic:dXNlcjpwYXNz", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Basic  dXNlcjpwYXNz", CW_HTTP_BAD_BASE64, "", "", ""},
		{"Basic dXNlcjpwYXNz ", CW_HTTP_BAD_BASE64, "", "", ""},
		{"Basic dXNlcjpwYXNz, Basic YTpi", CW_HTTP_BAD_BASE64, "", "", ""},
		{"Basic dXNlcjo", CW_HTTP_BAD_BASE64, "", "", ""},
		{"Basic dXNlcjp=", CW_HTTP_BAD_BASE64, "", "", ""},
		{"Basic dXNlcg==", CW_HTTP_BAD_AUTH_FORM, "", "", ""},	   /* no colon */
		{"Basic OnBhc3M=", CW_HTTP_BAD_AUTH_FORM, "", "", ""},	   /* no user */
		{"Basic dXNlcjpwCmE=", CW_HTTP_BAD_AUTH_FORM, "", "", ""}, /* a line end */
		{"Basic dXNlcjpwAGE=", CW_HTTP_BAD_AUTH_FORM, "", "", ""}, /* NUL */
		{"Basic dXNlcjpwCWE=", CW_HTTP_BAD_AUTH_FORM, "", "", ""}, /* a tab */
		{"Bearer", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Bearer a b", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Bearer =", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Bearer a=b", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Bearer a,b", CW_HTTP_BAD_AUTH_FORM, "", "", ""},
		{"Digest username=\"a\"", CW_HTTP_BAD_AUTH_SCHEME, "", "", ""},
		{"Negotiate YII=", CW_HTTP_BAD_AUTH_SCHEME, "", "", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_HTTP_AUTH auth;
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		bool taken = cw_http_auth_parse(cw_http_text(rows[i].value), &auth, &reason);
		if (reason != rows[i].want || taken != (rows[i].want == CW_HTTP_BAD_NOTHING))
			fail_msg("%s: %s", rows[i].value, cw_http_reason_name(reason));
		if (!taken)
			continue;
		assert_true(cw_http_text_equal(auth.user, rows[i].want_user));
		assert_true(cw_http_text_equal(auth.password, rows[i].want_password));
		assert_true(cw_http_text_equal(auth.token, rows[i].want_token));
	}
}

static void long_credentials_are_refused(void **state)
{
	(void)state;
	AUTO_BUFFER basic = {0}, bearer = {0};
	AUTO_HTTP_AUTH auth;
	enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
	cw_buffer_text(&basic, "Basic ");
	for (int i = 0; i < 1000; i++)
		cw_buffer_char(&basic, 'A');
	cw_buffer_text(&bearer, "Bearer ");
	for (int i = 0; i <= CW_HTTP_AUTH_TOKEN_MAX; i++)
		cw_buffer_char(&bearer, 'A');
	assert_false(cw_http_auth_parse(cw_http_text(basic.data), &auth, &reason));
	assert_int_equal(reason, CW_HTTP_BAD_AUTH_LONG);
	reason = CW_HTTP_BAD_NOTHING;
	assert_false(cw_http_auth_parse(cw_http_text(bearer.data), &auth, &reason));
	assert_int_equal(reason, CW_HTTP_BAD_AUTH_LONG);
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	AUTO_BUFFER value = {0};
	AUTO_HTTP_AUTH auth;
	struct cw_error error;
	enum cw_http_reason reason;
	assert_true(cw_http_auth_write_basic(&value, cw_http_text("user"), cw_http_text("p:a ss"), &error));
	assert_string_equal(value.data, "Basic dXNlcjpwOmEgc3M=");
	assert_true(cw_http_auth_parse(cw_http_text(value.data), &auth, &reason));
	assert_true(cw_http_text_equal(auth.password, "p:a ss"));
	assert_false(cw_http_auth_write_basic(&value, cw_http_text("us:er"), cw_http_text("x"), &error));
	assert_int_equal(error.code, CW_E_HTTP);
	assert_false(cw_http_auth_write_basic(&value, cw_http_text("user"), cw_http_text("a\nb"), &error));
	assert_int_equal(error.code, CW_E_HTTP);
}

static void a_password_is_wiped(void **state)
{
	(void)state;
	struct cw_http_auth auth;
	enum cw_http_reason reason;
	assert_true(cw_http_auth_parse(cw_http_text("Basic dXNlcjpwYXNz"), &auth, &reason));
	assert_memory_equal(auth.decoded, "user:pass", 9);
	cw_http_auth_finish(&auth);
	for (size_t i = 0; i < sizeof auth.decoded; i++)
		assert_int_equal(auth.decoded[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credentials_are_read_or_refused_with_their_reason),
		cmocka_unit_test(long_credentials_are_refused),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_password_is_wiped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
