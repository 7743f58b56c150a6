#include "report/text/layout.h"

#include "support/cmocka.h"

static void text_is_broken_at_spaces_before_the_hundredth_column(void **state)
{
	(void)state;
	AUTO_BUFFER words = {0};
	for (int i = 0; i < 60; i++)
		cw_buffer_printf(&words, "%s%s", i ? " " : "", i % 7 ? "word" : "G\xc3\xbcltigkeit");
	AUTO_BUFFER got = {0};
	cw_layout_wrap(&got, "  - ", 4, cw_buffer_string(&words));
	size_t lines = 0;
	for (const char *line = cw_buffer_string(&got); *line; lines++) {
		AUTO_BUFFER one = {0};
		size_t length = strcspn(line, "\n");
		cw_buffer_append(&one, line, length);
		assert_in_range(cw_layout_width(cw_buffer_string(&one)), 5, CW_REPORT_WIDTH);
		assert_memory_equal(line, lines ? "    " : "  - ", 4);
		assert_int_not_equal(line[length - 1], ' ');
		line += length + 1;
	}
	assert_in_range(lines, 4, 5);
}

static void a_line_is_filled_to_the_last_column_and_no_further(void **state)
{
	(void)state;
	char fits[CW_REPORT_WIDTH + 2], too_long[CW_REPORT_WIDTH + 3];
	memset(fits, 'x', sizeof fits);
	fits[50] = ' ';
	fits[CW_REPORT_WIDTH] = '\0';
	memset(too_long, 'x', sizeof too_long);
	too_long[50] = ' ';
	too_long[CW_REPORT_WIDTH + 1] = '\0';
	AUTO_BUFFER one = {0}, two = {0};
	cw_layout_wrap(&one, "", 0, fits);
	cw_layout_wrap(&two, "", 0, too_long);
	assert_int_equal(one.length, CW_REPORT_WIDTH + 1);
	assert_int_equal(two.data[50], '\n');
}

static void marks_take_no_room(void **state)
{
	(void)state;
	assert_int_equal(cw_layout_width(CW_MARK_BAD "refused" CW_MARK_END), 7);
	assert_int_equal(cw_layout_width("K\xc3\xb6ln"), 4);
	AUTO_BUFFER got = {0};
	cw_layout_column(&got, CW_MARK_GOOD "pass" CW_MARK_END, 6);
	assert_string_equal(cw_buffer_string(&got), CW_MARK_GOOD "pass" CW_MARK_END "  ");
	cw_layout_column(&got, "too long a word", 6);
	assert_int_equal(got.data[got.length - 1], ' ');
}

static void marks_become_colour_only_where_it_is_wanted(void **state)
{
	(void)state;
	AUTO_BUFFER marked = {0}, plain = {0}, coloured = {0};
	cw_buffer_text(&marked, CW_MARK_BAD "refused" CW_MARK_END "\n");
	cw_layout_render(&marked, false, &plain);
	cw_layout_render(&marked, true, &coloured);
	assert_string_equal(cw_buffer_string(&plain), "refused\n");
	assert_string_equal(cw_buffer_string(&coloured), "\033[1;31mrefused\033[0m\n");
}

static void nobody_writes_on_the_readers_terminal(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{"CN=\033[2Jgone", "CN=\\x1b[2Jgone"},
		{"a\rb", "a\\x0db"},
		{"\xc2\x9b"
		 "31m",
			"\\xc2\\x9b31m"},
		{"\xff", "\\xff"},
		{"K\xc3\xb6ln\tBonn", "K\xc3\xb6ln\\x09Bonn"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER marked = {0}, got = {0};
		cw_buffer_text(&marked, rows[i].text);
		cw_layout_render(&marked, true, &got);
		assert_string_equal(cw_buffer_string(&got), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_broken_at_spaces_before_the_hundredth_column),
		cmocka_unit_test(a_line_is_filled_to_the_last_column_and_no_further),
		cmocka_unit_test(marks_take_no_room),
		cmocka_unit_test(marks_become_colour_only_where_it_is_wanted),
		cmocka_unit_test(nobody_writes_on_the_readers_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
