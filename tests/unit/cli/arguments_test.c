#include "cli/arguments.h"

#include "support/cmocka.h"

#define MANY 8

static const struct cw_option table[] = {
	{"format", 'f', "text|json", "text|json", false, "the answer's look"},
	{"output", 'o', "FILE", NULL, false, "where to"},
	{"name", 0, "NAME", NULL, true, "a name"},
	{"all", 'a', NULL, NULL, false, "everything"},
	{NULL, 0, NULL, NULL, false, NULL},
};

static size_t count_items(const char *const *items)
{
	size_t count = 0;
	while (items[count])
		count++;
	return count;
}

static void options_and_words_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *items[MANY];
		const char *want_format;
		const char *want_output;
		const char *want_names; /* joined by spaces */
		bool want_all;
		const char *want_words;
	} rows[] = {
		{{NULL}, NULL, NULL, "", false, ""},
		{{"a", "b"}, NULL, NULL, "", false, "a b"},
		{{"--format", "json", "a"}, "json", NULL, "", false, "a"},
		{{"--format=json", "a"}, "json", NULL, "", false, "a"},
		{{"-f", "json", "a"}, "json", NULL, "", false, "a"},
		{{"-fjson", "a"}, "json", NULL, "", false, "a"},
		{{"a", "--all", "b"}, NULL, NULL, "", true, "a b"},
		{{"-a", "-o", "-", "-"}, NULL, "-", "", true, "-"},
		{{"--output="}, NULL, "", "", false, ""},
		{{"--output", "--all"}, NULL, "--all", "", false, ""},
		{{"--output=a=b"}, NULL, "a=b", "", false, ""},
		{{"--name", "x", "w", "--name=y"}, NULL, NULL, "x y", false, "w"},
		{{"--", "--all", "-f", "--"}, NULL, NULL, "", false, "--all -f --"},
		{{"-o", "--", "-a"}, NULL, "--", "", true, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_ARGUMENTS got = {0};
		struct cw_error error;
		size_t count = count_items(rows[i].items);
		if (!cw_arguments_parse(table, (char *const *)rows[i].items, count, &got, &error))
			fail_msg("row %zu: %s", i, error.message);
		const char *format = cw_arguments_value(&got, "format");
		const char *output = cw_arguments_value(&got, "output");
		assert_string_equal(
			format ? format : "-none-", rows[i].want_format ? rows[i].want_format : "-none-");
		assert_string_equal(
			output ? output : "-none-", rows[i].want_output ? rows[i].want_output : "-none-");
		assert_int_equal(cw_arguments_given(&got, "all"), rows[i].want_all);
		char joined[64] = "";
		const char *name;
		for (size_t n = 0; (name = cw_arguments_nth(&got, "name", n)); n++)
			strcat(strcat(joined, n ? " " : ""), name);
		assert_string_equal(joined, rows[i].want_names);
		joined[0] = '\0';
		for (size_t n = 0; n < got.word_count; n++)
			strcat(strcat(joined, n ? " " : ""), got.words[n]);
		assert_string_equal(joined, rows[i].want_words);
	}
}

static void what_cannot_be_an_option_is_refused_with_what_was_meant(void **state)
{
	(void)state;
	static const struct {
		const char *items[MANY];
		const char *want;
	} rows[] = {
		{{"--fromat", "json"}, "unknown option --fromat; did you mean --format?"},
		{{"--fromat=json"}, "unknown option --fromat; did you mean --format?"},
		{{"--zebra"}, "unknown option --zebra"},
		{{"--form", "json"}, "unknown option --form"},
		{{"-x"}, "unknown option -x"},
		{{"a", "--format"}, "--format: wanted text|json, found nothing"},
		{{"-o"}, "--output: wanted FILE, found nothing"},
		{{"--format", "jsn"}, "--format: \"jsn\" is none of text|json; did you mean \"json\"?"},
		{{"--format", "yaml"}, "--format: \"yaml\" is none of text|json"},
		{{"--format", "text|json"}, "--format: \"text|json\" is none of text|json"},
		{{"--format", ""}, "--format: \"\" is none of text|json"},
		{{"--all=yes"}, "--all: takes no value, but \"yes\" was given"},
		{{"-ax"}, "--all: takes no value, but \"x\" was given"},
		{{"-o", "a", "-o", "b"}, "--output: given twice; it takes one value"},
		{{"--all", "-a"}, "--all: given twice; it takes one value"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_ARGUMENTS got = {0};
		struct cw_error error;
		size_t count = count_items(rows[i].items);
		assert_false(cw_arguments_parse(table, (char *const *)rows[i].items, count, &got, &error));
		assert_int_equal(error.code, CW_E_USAGE);
		if (!strstr(error.message, rows[i].want))
			fail_msg("row %zu: got \"%s\"", i, error.message);
	}
}

static void a_verb_without_options_takes_only_words(void **state)
{
	(void)state;
	AUTO_ARGUMENTS got = {0};
	struct cw_error error;
	const char *const good[] = {"a", "-"};
	assert_true(cw_arguments_parse(NULL, (char *const *)good, 2, &got, &error));
	assert_int_equal(got.word_count, 2);
	const char *const bad[] = {"--all"};
	AUTO_ARGUMENTS nothing = {0};
	assert_false(cw_arguments_parse(NULL, (char *const *)bad, 1, &nothing, &error));
	assert_string_equal(error.message, "unknown option --all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_words_are_told_apart),
		cmocka_unit_test(what_cannot_be_an_option_is_refused_with_what_was_meant),
		cmocka_unit_test(a_verb_without_options_takes_only_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
