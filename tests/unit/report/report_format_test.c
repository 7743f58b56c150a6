#include "report/report_format.h"

#include "base/strings.h"
#include "support/cmocka.h"

static void every_format_that_help_names_is_in_the_table(void **state)
{
	(void)state;
	size_t count = 0;
	for (const char *at = CW_REPORT_FORMATS; *at; count++) {
		AUTO_STRINGS name = {0};
		size_t length = strcspn(at, "|");
		assert_true(cw_strings_add_range(&name, at, length));
		if (!cw_report_format(name.items[0]))
			fail_msg("--format %s is in no table", name.items[0]);
		assert_string_equal(cw_report_format(name.items[0])->name, name.items[0]);
		at += length + (at[length] == '|');
	}
	assert_in_range(count, 2, 8);
	assert_null(cw_report_format("yaml"));
	assert_null(cw_report_format(CW_REPORT_FORMATS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_that_help_names_is_in_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
