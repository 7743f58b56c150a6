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
	cw_layout_render(&marked, (struct cw_layout_look){0}, &plain);
	cw_layout_render(&marked, (struct cw_layout_look){.colour = true}, &coloured);
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
		cw_layout_render(&marked, (struct cw_layout_look){.colour = true}, &got);
		assert_string_equal(cw_buffer_string(&got), rows[i].want);
	}
}

/* Every line of `shown` has at most so many columns; how many lines there are. */
static size_t lines_within(const struct cw_buffer *shown, size_t columns)
{
	size_t lines = 0;
	for (const char *line = cw_buffer_string(shown); *line; lines++) {
		AUTO_BUFFER one = {0};
		size_t length = strcspn(line, "\n");
		cw_buffer_append(&one, line, length);
		assert_in_range(cw_layout_width(cw_buffer_string(&one)), 1, columns);
		assert_int_not_equal(line[length - 1], ' ');
		line += length + (line[length] == '\n');
	}
	return lines;
}

static void a_report_takes_the_width_that_is_asked_for(void **state)
{
	(void)state;
	static const struct {
		size_t width, want_columns, want_lines;
	} rows[] = {{0, 100, 5}, {60, 60, 8}, {20, 60, 8}, {100, 100, 5}, {200, 200, 2}, {500, 200, 2}};
	AUTO_BUFFER words = {0}, marked = {0};
	for (int i = 0; i < 78; i++)
		cw_buffer_printf(&words, "%sword", i ? " " : "");
	cw_layout_flow(&marked, "  - ", 4, cw_buffer_string(&words));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER shown = {0};
		cw_layout_render(&marked, (struct cw_layout_look){.width = rows[i].width}, &shown);
		assert_int_equal(lines_within(&shown, rows[i].want_columns), rows[i].want_lines);
		assert_memory_equal(cw_buffer_string(&shown), "  - word", 8);
		assert_non_null(strstr(cw_buffer_string(&shown), "\n    word"));
	}
}

static void no_line_is_broken_inside_a_name_unless_it_is_longer_than_a_line(void **state)
{
	(void)state;
	static const char name[] = "C=US, O=Public Trust, CN=Public Trust Issuing CA G2";
	static const char longer[] =
		"C=US, O=Public Trust of All the People There Are, OU=Department of Certificates, "
		"CN=Public Trust Issuing CA G2";
	AUTO_BUFFER words = {0}, marked = {0}, shown = {0};
	cw_buffer_printf(&words, "on this page of this box: append %s and then %s too", name, longer);
	cw_layout_keep(&words, name);
	cw_layout_keep(&words, longer);
	cw_layout_keep(&words, NULL);
	cw_layout_keep(&words, "");
	cw_layout_flow(&marked, "", 2, cw_buffer_string(&words));
	cw_layout_render(&marked, (struct cw_layout_look){.width = 60}, &shown);
	assert_non_null(strstr(cw_buffer_string(&shown), name));
	assert_null(strstr(cw_buffer_string(&shown), longer));
	assert_int_equal(lines_within(&shown, 60), 5);
}

static void what_flows_shows_the_same_words_as_what_is_wrapped(void **state)
{
	(void)state;
	static const char *const texts[] = {"", " ", "one", "  two  spaces ",
		"a" CW_MARK_BAD " b" CW_MARK_END " c", "\033[2J", CW_MARK_FLOW, "K\xc3\xb6ln am Rhein"};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		AUTO_BUFFER wrapped = {0}, flowing = {0}, one = {0}, two = {0};
		cw_layout_wrap(&wrapped, "> ", 2, texts[i]);
		cw_layout_flow(&flowing, "> ", 2, texts[i]);
		cw_layout_render(&wrapped, (struct cw_layout_look){0}, &one);
		cw_layout_render(&flowing, (struct cw_layout_look){0}, &two);
		assert_string_equal(cw_buffer_string(&one), cw_buffer_string(&two));
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
		cmocka_unit_test(a_report_takes_the_width_that_is_asked_for),
		cmocka_unit_test(no_line_is_broken_inside_a_name_unless_it_is_longer_than_a_line),
		cmocka_unit_test(what_flows_shows_the_same_words_as_what_is_wrapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
