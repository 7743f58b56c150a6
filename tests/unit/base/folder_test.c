#include "base/folder.h"

#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void a_number_is_decimal_short_and_set_off_from_the_name(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int want; /* -1: none */
	} rows[] = {
		{"1.pem", 1},
		{"0.pem", 0},
		{"c1/list/01-root.pem", 1},
		{"2_issuing.cer", 2},
		{"3 Acme Root.crt", 3},
		{"00010-x", 10},
		{"99999.pem", 99999},
		{"7.", 7},
		{"100000.pem", -1},
		{"000001.pem", -1},
		{"20261231-root.pem", -1},
		{"3a4f99d2.pem", -1},
		{"1234567890123456.pem", -1},
		{"12345678.0", -1},
		{"10.1.1.6.pem", -1},
		{"1root.pem", -1},
		{"2", -1},
		{"1+.pem", -1},
		{"-1.pem", -1},
		{" 1.pem", -1},
		{"0x1.pem", -1},
		{"root-1.pem", -1},
		{"1/root.pem", -1},
		{"\xd9\xa1.pem", -1}, /* a digit of another script */
		{"", -1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned number = 7777;
		bool has = cw_folder_number(rows[i].name, &number);
		if (has != (rows[i].want >= 0))
			fail_msg("%s: %s", rows[i].name, has ? "a number" : "no number");
		assert_int_equal(number, has ? rows[i].want : 7777);
	}
}

static void numbers_order_the_files_that_hold_certificates(void **state)
{
	(void)state;
	static const struct {
		const char *files[4]; /* by name; those that begin with '!' hold no certificate */
		const char *want[4];  /* NULL: as they were */
		const char *note;     /* NULL: none, and they are ordered */
	} rows[] = {
		{{"1.pem", "10.pem", "2.pem"}, {"1.pem", "2.pem", "10.pem"}, NULL},
		{{"01-root.pem", "10-a.pem", "2_b.cer", "3 c.crt"},
			{"01-root.pem", "2_b.cer", "3 c.crt", "10-a.pem"}, NULL},
		{{"100-c.pem", "20-b.pem", "3-a.pem"}, {"3-a.pem", "20-b.pem", "100-c.pem"}, NULL},
		{{"10.pem", "!README", "2.pem"}, {"2.pem", "10.pem", "!README"}, NULL},
		{{"10.pem", "!2.crl", "2.pem"}, {"2.pem", "10.pem", "!2.crl"}, NULL},
		{{"1.pem", "10.pem", "2.pem", "again.pem"}, {NULL},
			"again.pem: its name begins with no number"},
		{{"01-root.pem", "1-issuing.pem", "2.pem"}, {NULL},
			"1-issuing.pem: its name begins with the number of 01-root.pem"},
		{{"10.1.1.5.pem", "10.1.1.6.pem", "2.pem"}, {NULL}, "10.1.1.5.pem: its name begins with no"},
		{{"1.pem", "3a4f.pem"}, {NULL}, "3a4f.pem: its name begins with no number"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_STRINGS files = {0}, notes = {0};
		struct cw_error error;
		bool certificates[4], ordered;
		for (size_t at = 0; at < 4 && rows[i].files[at]; at++) {
			certificates[at] = *rows[i].files[at] != '!';
			assert_true(cw_strings_add(&files, rows[i].files[at]));
		}
		assert_true(cw_folder_has_numbers(&files));
		assert_true(cw_folder_sort_numbers(&files, certificates, &ordered, &notes, &error));
		assert_int_equal(ordered, !rows[i].note);
		assert_int_equal(notes.count, rows[i].note ? 1 : 0);
		if (rows[i].note && strncmp(notes.items[0], rows[i].note, strlen(rows[i].note)) != 0)
			fail_msg("row %zu: %s", i, notes.items[0]);
		for (size_t at = 0; at < files.count; at++)
			assert_string_equal(
				files.items[at], rows[i].note ? rows[i].files[at] : rows[i].want[at]);
	}
}

static void hashes_are_no_numbers(void **state)
{
	(void)state;
	AUTO_STRINGS files = {0};
	assert_true(cw_strings_add(&files, "tomcat-trust/3a4f99d212345678.pem"));
	assert_true(cw_strings_add(&files, "tomcat-trust/12345678.0"));
	assert_false(cw_folder_has_numbers(&files));
}

/* Which names the folder has, its order.txt before (NULL: none), the order that is wanted, and its order.txt then. */
static void an_order_file_tells_what_numbers_do_not(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *before, *order[4], *want;
		bool numbered;
	} rows[] = {
		{"none", NULL, {"b.pem", "a.pem", "c.pem"}, NULL, false},
		{"grown", NULL, {"1.pem", "2-a.pem", "10.pem"}, NULL, true},
		{"replaced", NULL, {"1.pem", "3-a.pem", "2.pem"}, "1.pem\n3-a.pem\n2.pem\n", true},
		{"unnumbered", NULL, {"1.pem", "a.pem", "2.pem"}, "1.pem\na.pem\n2.pem\n", true},
		{"given", "b.pem\na.pem\n", {"b.pem", "a.pem", "c.pem"}, "b.pem\na.pem\nc.pem\n", false},
		{"gone", "b.pem\nx.pem\na.pem\n", {"b.pem", "a.pem"}, "b.pem\na.pem\n", false},
		{"between", "b.pem\na.pem\n", {"b.pem", "new.pem", "a.pem"}, "b.pem\nnew.pem\na.pem\n",
			false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_STRINGS order = {0};
		struct cw_error error;
		char name[80];
		for (size_t at = 0; at < 4 && rows[i].order[at]; at++) {
			snprintf(name, sizeof name, "%s/%s", rows[i].folder, rows[i].order[at]);
			assert_true(cw_strings_add(&order, test_folder_write(name, "x", 1)));
		}
		snprintf(name, sizeof name, "%s/order.txt", rows[i].folder);
		if (rows[i].before)
			test_folder_write(name, rows[i].before, strlen(rows[i].before));
		assert_true(cw_folder_order_update(
			test_folder_path(rows[i].folder), &order, rows[i].numbered, &error));
		AUTO_BUFFER got = {0};
		if (!rows[i].want) {
			assert_int_not_equal(access(test_folder_path(name), F_OK), 0);
			continue;
		}
		assert_true(cw_file_read(test_folder_path(name), 1000, &got, &error));
		assert_string_equal(cw_buffer_string(&got), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_decimal_short_and_set_off_from_the_name),
		cmocka_unit_test(numbers_order_the_files_that_hold_certificates),
		cmocka_unit_test(hashes_are_no_numbers),
		cmocka_unit_test(an_order_file_tells_what_numbers_do_not),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
