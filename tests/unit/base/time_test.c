#include "base/time.h"

#include "support/cmocka.h"

static void times_are_read_in_every_form(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		cw_time want;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01", 0},
		{"2026-11-20T12:00:00Z", 1795176000},
		{"2026-11-20T12:00:00.25Z", 1795176000},
		{"2026-11-20t14:00:00+02:00", 1795176000},
		{"2024-02-29", 1709164800},
		{"1969-12-31T23:59:59Z", -1},
		{"now", 1000000},
		{"+30d", 1000000 + 30 * 86400},
		{"-1d", 1000000 - 86400},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		cw_time got;
		if (!cw_time_parse(rows[i].text, 1000000, &got, &error))
			fail_msg("%s", error.message);
		assert_int_equal(got, rows[i].want);
	}
}

static void what_is_no_time_is_refused_with_the_wanted_forms(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "tomorrow", "2026-13-01", "2026-02-29", "2026-11-20T25:00:00Z",
		"2026-11-20T12:00:00", "2026-11-20T12:00:00+0200", "20261120", "+d", "+30", "+99999999999d",
		"2026-11-20x"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		cw_time got;
		assert_false(cw_time_parse(rows[i], 0, &got, &error));
		assert_int_equal(error.code, CW_E_TIME);
		assert_non_null(strstr(error.message, "wanted 2026-11-20T12:00:00Z"));
	}
}

static void times_are_printed_and_read_back(void **state)
{
	(void)state;
	char text[CW_TIME_TEXT_SIZE];
	assert_string_equal(cw_time_format(1795176000, text), "2026-11-20T12:00:00Z");
	assert_string_equal(cw_time_format_date(1795176000, text), "2026-11-20");
	assert_string_equal(
		cw_time_format(cw_time_from_utc(33, 4, 3, 15, 0, 0), text), "0033-04-03T15:00:00Z");
	assert_string_equal(cw_time_format_date(cw_time_from_utc(9999, 12, 31, 0, 0, 0), text), "9999-12-31");
	for (cw_time when = -100 * 365 * CW_DAY; when < 100 * 365 * CW_DAY; when += 12345678) {
		struct cw_error error;
		cw_time got;
		assert_true(cw_time_parse(cw_time_format(when, text), 0, &got, &error));
		assert_int_equal(got, when);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_in_every_form),
		cmocka_unit_test(what_is_no_time_is_refused_with_the_wanted_forms),
		cmocka_unit_test(times_are_printed_and_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
