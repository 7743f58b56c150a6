#include "base/error.h"

#include "support/cmocka.h"

static void messages_grow_outward(void **state)
{
	(void)state;
	struct cw_error error;
	assert_false(cw_error_set(&error, CW_E_YAML, "unknown key \"%s\"", "trused-ca"));
	assert_false(cw_error_prefix(&error, "%d:%d", 41, 7));
	assert_false(cw_error_prefix(&error, "deployment.yaml"));
	assert_string_equal(error.message, "deployment.yaml: 41:7: unknown key \"trused-ca\"");
	assert_int_equal(error.code, CW_E_YAML);
}

static void a_long_message_is_cut_and_ends(void **state)
{
	(void)state;
	struct cw_error error;
	char text[2 * CW_ERROR_MESSAGE_MAX];
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	cw_error_set(&error, CW_E_IO, "%s", text);
	assert_int_equal(strlen(error.message), CW_ERROR_MESSAGE_MAX - 1);
	cw_error_prefix(&error, "front");
	assert_memory_equal(error.message, "front: xxx", 10);
	assert_int_equal(strlen(error.message), CW_ERROR_MESSAGE_MAX - 1);
	cw_error_prefix(&error, "%s", text);
	assert_int_equal(strlen(error.message), CW_ERROR_MESSAGE_MAX - 1);
}

static void memory_that_ran_out_has_a_message(void **state)
{
	(void)state;
	struct cw_error error;
	assert_false(cw_error_memory(&error));
	assert_int_equal(error.code, CW_E_MEMORY);
	assert_string_equal(error.message, "out of memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_grow_outward),
		cmocka_unit_test(a_long_message_is_cut_and_ends),
		cmocka_unit_test(memory_that_ran_out_has_a_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
