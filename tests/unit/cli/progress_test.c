#include "cli/progress.h"

#include "support/cmocka.h"

/* What a terminal would be sent for these steps. */
static void draw(bool terminal, cw_time now, size_t done, size_t total, struct cw_buffer *ret)
{
	char *text = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&text, &length);
	assert_non_null(err);
	struct cw_progress progress = {.err = err, .what = "keys", .started = 100, .terminal = terminal};
	cw_progress_show(&progress, now, done, total);
	cw_progress_end(&progress);
	fclose(err);
	cw_buffer_append(ret, text, length);
	free(text);
}

static void a_bar_comes_after_two_seconds_on_a_terminal_and_goes_again(void **state)
{
	(void)state;
	static const struct {
		bool terminal;
		cw_time now;
		size_t done, total;
		const char *want;
	} rows[] = {
		{true, 101, 5, 10, ""},
		{false, 110, 5, 10, ""},
		{true, 110, 0, 0, ""},
		{true, 102, 0, 10, "\r\033[K........................................ 0 of 10 keys\r\033[K"},
		{true, 102, 5, 10, "\r\033[K####################.................... 5 of 10 keys\r\033[K"},
		{true, 102, 10, 10, "\r\033[K######################################## 10 of 10 keys\r\033[K"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER drawn = {0};
		draw(rows[i].terminal, rows[i].now, rows[i].done, rows[i].total, &drawn);
		assert_string_equal(cw_buffer_string(&drawn), rows[i].want);
	}
}

static void what_is_worked_on_is_shown_once_a_second(void **state)
{
	(void)state;
	char *text = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&text, &length);
	assert_non_null(err);
	struct cw_progress progress = {.err = err, .what = "files", .started = 100, .terminal = true};
	static const struct {
		cw_time now;
		const char *at;
	} steps[] = {{100, "a"}, {102, "c1.tar.gz/b\033[2J"}, {102, "c"}, {103, "d"}};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		cw_progress_say(&progress, steps[i].now, steps[i].at);
	cw_progress_end(&progress);
	fclose(err);
	assert_string_equal(text, "\r\033[K2 files: c1.tar.gz/b\\x1b[2J\r\033[K4 files: d\r\033[K");
	free(text);
}

static void a_call_whose_errors_go_elsewhere_gets_no_bar(void **state)
{
	(void)state;
	char *text = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&text, &length);
	assert_non_null(err);
	const struct cw_call call = {.err = err};
	assert_false(cw_progress_begin(&call, "keys").terminal);
	fclose(err);
	free(text);
}

static void a_bar_makes_way_for_what_is_told(void **state)
{
	(void)state;
	char *text = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&text, &length);
	assert_non_null(err);
	struct cw_progress progress = {.err = err, .what = "keys", .started = 100, .terminal = true};
	const struct cw_call call = {.err = err, .progress = &progress};
	cw_progress_show(&progress, 102, 10, 10);
	cw_call_tell(&call, "no such file");
	fclose(err);
	assert_non_null(strstr(text, "10 of 10 keys\r\033[Kcauseway: no such file\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_comes_after_two_seconds_on_a_terminal_and_goes_again),
		cmocka_unit_test(a_bar_makes_way_for_what_is_told),
		cmocka_unit_test(what_is_worked_on_is_shown_once_a_second),
		cmocka_unit_test(a_call_whose_errors_go_elsewhere_gets_no_bar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
