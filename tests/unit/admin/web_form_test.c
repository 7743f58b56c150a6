#include "admin/web/web_form.h"

#include "support/cmocka.h"

static void fields_are_read_or_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *name, *want; /* NULL: refused */
		size_t want_count;
	} rows[] = {
		{"", "a", "", 0},
		{"a=b", "a", "b", 1},
		{"a=b&c=d", "c", "d", 2},
		{"a=1&a=2", "a", "1", 2},
		{"a", "a", "", 1},
		{"a=", "a", "", 1},
		{"a=b=c", "a", "b=c", 1},
		{"a=b+c%20d%26", "a", "b c d&", 1},
		{"a=%C3%A9", "a", "\xc3\xa9", 1},
		{"a-b_c.d=1", "a-b_c.d", "1", 1},
		{"&", NULL, NULL, 0},
		{"a=1&&b=2", NULL, NULL, 0},
		{"=b", NULL, NULL, 0},
		{"a%20=b", NULL, NULL, 0},
		{"a=%", NULL, NULL, 0},
		{"a=%4", NULL, NULL, 0},
		{"a=%zz", NULL, NULL, 0},
		{"a=%00", NULL, NULL, 0},
		{"a=%ff", NULL, NULL, 0},
		{"a=%c0%80", NULL, NULL, 0},
		{"a=%ed%a0%80", NULL, NULL, 0},
		{"a=%f4%90%80%80", NULL, NULL, 0},
		{"a=%e2%82", NULL, NULL, 0},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1", NULL, NULL, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_WEB_FORM form = {0};
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		bool good = cw_web_form_read(&form, cw_http_text(rows[i].text), &reason);
		assert_int_equal(good, rows[i].want != NULL);
		if (!good) {
			assert_int_equal(reason, CW_HTTP_BAD_FORM_FIELDS);
			continue;
		}
		assert_int_equal(form.count, rows[i].want_count);
		assert_string_equal(cw_web_form_value(&form, rows[i].name), rows[i].want);
	}
}

static void the_second_field_of_a_name_is_found_by_its_number(void **state)
{
	(void)state;
	AUTO_WEB_FORM form = {0};
	enum cw_http_reason reason;
	struct cw_http_text value;
	assert_true(cw_web_form_read(&form, cw_http_text("s=one&x=y&s=two"), &reason));
	assert_true(cw_web_form_find(&form, "s", 1, &value));
	assert_true(cw_http_text_equal(value, "two"));
	assert_false(cw_web_form_find(&form, "s", 2, &value));
}

static void more_fields_than_are_taken_are_refused(void **state)
{
	(void)state;
	AUTO_WEB_FORM form = {0};
	AUTO_BUFFER text = {0};
	enum cw_http_reason reason;
	for (size_t i = 0; i <= CW_WEB_FORM_FIELDS_MAX; i++)
		cw_buffer_text(&text, i ? "&a=1" : "a=1");
	const struct cw_http_text all = {text.data, text.length}, less = {text.data, text.length - 4};
	assert_false(cw_web_form_read(&form, all, &reason));
	cw_web_form_finish(&form);
	assert_true(cw_web_form_read(&form, less, &reason));
}

static void a_file_may_hold_any_bytes_and_a_text_may_not(void **state)
{
	(void)state;
	static const char bytes[] = {'a', '\0', (char)0xff};
	AUTO_WEB_FORM form = {0};
	struct cw_http_text value;
	assert_true(cw_web_form_begin(&form, cw_http_text("file"), true));
	cw_web_form_piece(&form, (struct cw_http_text){bytes, 1});
	cw_web_form_piece(&form, (struct cw_http_text){bytes + 1, 2});
	assert_true(cw_web_form_end(&form));
	assert_true(cw_web_form_find(&form, "file", 0, &value));
	assert_int_equal(value.length, 3);
	assert_memory_equal(value.at, bytes, 3);
	assert_true(cw_web_form_begin(&form, cw_http_text("text"), false));
	cw_web_form_piece(&form, (struct cw_http_text){bytes, 3});
	assert_false(cw_web_form_end(&form));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_read_or_refused),
		cmocka_unit_test(the_second_field_of_a_name_is_found_by_its_number),
		cmocka_unit_test(more_fields_than_are_taken_are_refused),
		cmocka_unit_test(a_file_may_hold_any_bytes_and_a_text_may_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
