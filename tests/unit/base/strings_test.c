#include "base/strings.h"

#include "support/cmocka.h"

static void a_list_owns_copies_in_their_order(void **state)
{
	(void)state;
	AUTO_STRINGS list = {0};
	char text[] = "first";
	assert_true(cw_strings_add(&list, text));
	text[0] = 'X';
	assert_true(cw_strings_add_range(&list, "second and more", 6));
	for (int i = 3; i < 40; i++)
		assert_true(cw_strings_addf(&list, "item %d", i));
	assert_int_equal(list.count, 39);
	assert_string_equal(list.items[0], "first");
	assert_string_equal(list.items[1], "second");
	assert_string_equal(list.items[38], "item 39");
}

static void names_are_found_whatever_their_case(void **state)
{
	(void)state;
	AUTO_STRINGS list = {0};
	assert_true(cw_strings_add(&list, "e1.acme.test"));
	assert_true(cw_strings_contain(&list, "e1.acme.test"));
	assert_false(cw_strings_contain(&list, "E1.acme.test"));
	assert_true(cw_strings_contain_name(&list, "E1.ACME.test"));
	assert_false(cw_strings_contain_name(&list, "e1.acme.tes"));
}

static void typing_errors_are_guessed_and_other_words_are_not(void **state)
{
	(void)state;
	static const char *const keys[] = {"trusted-ca", "server", "client", "crl", "key"};
	static const struct {
		const char *word, *want;
	} rows[] = {
		{"trused-ca", "trusted-ca"},
		{"tursted-ca", "trusted-ca"},
		{"trustedca", "trusted-ca"},
		{"servre", "server"},
		{"cliant", "client"},
		{"clr", "crl"},
		{"kye", "key"},
		{"certificate", NULL},
		{"x", NULL},
		{"", NULL},
		{"trusted-ca-and-then-so-many-more-letters-that-nobody-could-have-meant-it-by-typing", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = cw_strings_suggest(rows[i].word, keys, sizeof keys / sizeof *keys);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_owns_copies_in_their_order),
		cmocka_unit_test(names_are_found_whatever_their_case),
		cmocka_unit_test(typing_errors_are_guessed_and_other_words_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
