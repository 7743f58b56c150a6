#include "base/random.h"

#include "support/cmocka.h"

#include <stdbool.h>
#include <string.h>

static void a_text_has_two_digits_a_byte_and_nothing_behind_them_is_touched(void **state)
{
	(void)state;
	static const size_t rows[] = {0, 1, 32, 33, 70};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[CW_RANDOM_HEX_SIZE(70) + 1];
		memset(text, '!', sizeof text);
		cw_random_hex(rows[i], text);
		assert_int_equal(strspn(text, "0123456789abcdef"), 2 * rows[i]);
		assert_int_equal(text[2 * rows[i]], '\0');
		assert_int_equal(text[CW_RANDOM_HEX_SIZE(rows[i])], '!');
	}
}

/* A stuck source, or a digit that is always the same, shows; by chance once in 2^60. */
static void no_two_texts_are_alike_and_every_digit_changes(void **state)
{
	(void)state;
	char first[CW_RANDOM_HEX_SIZE(32)], each[CW_RANDOM_HEX_SIZE(32)];
	bool changed[CW_RANDOM_HEX_SIZE(32)] = {false};
	cw_random_hex(32, first);
	for (unsigned turn = 0; turn < 20; turn++) {
		cw_random_hex(32, each);
		assert_string_not_equal(first, each);
		for (size_t i = 0; each[i]; i++)
			changed[i] |= each[i] != first[i];
	}
	for (size_t i = 0; i < 64; i++)
		assert_true(changed[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_has_two_digits_a_byte_and_nothing_behind_them_is_touched),
		cmocka_unit_test(no_two_texts_are_alike_and_every_digit_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
