#include "base/buffer.h"

#include "support/cmocka.h"

#include <stdint.h>

static void what_is_appended_stands_there_with_a_nul_behind(void **state)
{
	(void)state;
	AUTO_BUFFER buffer = {0};
	assert_string_equal(cw_buffer_string(&buffer), "");
	cw_buffer_text(&buffer, "a");
	cw_buffer_char(&buffer, 'b');
	cw_buffer_printf(&buffer, "%d-%s", 12, "c");
	cw_buffer_hex(&buffer, "\x00\xff", 2);
	cw_buffer_append(&buffer, "x\0y", 3);
	assert_int_equal(buffer.length, 13);
	assert_memory_equal(buffer.data, "ab12-c00ffx\0y", 14);
}

static void a_long_text_grows_the_buffer(void **state)
{
	(void)state;
	AUTO_BUFFER buffer = {0};
	struct cw_error error;
	for (int i = 0; i < 10000; i++)
		cw_buffer_printf(&buffer, "%05d", i);
	assert_int_equal(buffer.length, 50000);
	assert_memory_equal(buffer.data + 49995, "09999", 6);
	assert_true(cw_buffer_ok(&buffer, &error));
}

static void a_failed_append_is_remembered(void **state)
{
	(void)state;
	AUTO_BUFFER buffer = {0};
	struct cw_error error;
	cw_buffer_text(&buffer, "kept");
	cw_buffer_append(&buffer, "", SIZE_MAX / 2);
	cw_buffer_text(&buffer, "not");
	assert_string_equal(cw_buffer_string(&buffer), "kept");
	assert_false(cw_buffer_ok(&buffer, &error));
	assert_int_equal(error.code, CW_E_MEMORY);
	assert_null(cw_buffer_steal(&buffer));
}

static void stealing_leaves_an_empty_buffer(void **state)
{
	(void)state;
	AUTO_BUFFER buffer = {0}, empty = {0};
	cw_buffer_text(&buffer, "mine");
	AUTO(free) char *text = cw_buffer_steal(&buffer);
	AUTO(free) char *nothing = cw_buffer_steal(&empty);
	assert_string_equal(text, "mine");
	assert_string_equal(nothing, "");
	assert_int_equal(buffer.length, 0);
	assert_null(buffer.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_appended_stands_there_with_a_nul_behind),
		cmocka_unit_test(a_long_text_grows_the_buffer),
		cmocka_unit_test(a_failed_append_is_remembered),
		cmocka_unit_test(stealing_leaves_an_empty_buffer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
