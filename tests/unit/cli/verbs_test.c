#include "cli/help.h"
#include "cli/verbs.h"
#include "support/cmocka.h"
#include "support/verb.h"

#define LINE_MAX_COLUMNS 110

static void what_cannot_be_asked_ends_with_2_and_says_why(void **state)
{
	(void)state;
	static const struct {
		const char *words[4];
		const char *want_err;
	} rows[] = {
		{{"hepl"}, "unknown verb \"hepl\"; did you mean \"causeway help\"?"},
		{{"xyzzy"}, "unknown verb \"xyzzy\"; \"causeway help\" lists them"},
		{{"help", "xyzzy"}, "unknown verb \"xyzzy\""},
		{{"help", "--verison"}, "unknown option --verison\nusage: causeway help [OPTION]... [VERB]"},
		{{"version", "now"}, "version: \"now\" is one word too many; wanted options only"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER got = {0};
		test_run(&got, rows[i].words);
		assert_int_equal(got.status, CW_EXIT_TROUBLE);
		assert_string_equal(got.out, "");
		if (!strstr(got.err, rows[i].want_err))
			fail_msg("row %zu: got \"%s\"", i, got.err);
	}
}

static void help_is_reached_in_every_way(void **state)
{
	(void)state;
	static const struct {
		const char *words[4];
		const char *want_out;
	} rows[] = {
		{{"help"}, "First steps\n"},
		{{"--help"}, "First steps\n"},
		{{"-h"}, "First steps\n"},
		{{"help", "version"}, "usage: causeway version\n"},
		{{"version", "--help"}, "usage: causeway version\n"},
		{{"version", "word", "-h"}, "usage: causeway version\n"},
		{{"--version"}, "causeway "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER got = {0};
		test_run(&got, rows[i].words);
		assert_int_equal(got.status, CW_EXIT_GOOD);
		assert_string_equal(got.err, "");
		if (!strstr(got.out, rows[i].want_out))
			fail_msg("row %zu: got \"%s\"", i, got.out);
	}
}

static void no_question_at_all_shows_the_first_steps_and_ends_with_2(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){NULL});
	assert_int_equal(got.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(got.out, "First steps\n"));
}

static void every_verb_has_help_that_teaches(void **state)
{
	(void)state;
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		const struct cw_verb *verb = verbs[i];
		char text[CW_VERB_TEXT_SIZE];
		cw_verb_text(verb, text);
		AUTO_BUFFER help = {0};
		cw_help_verb(&help, verb);
		if (!strstr(verb->example, "$ causeway"))
			fail_msg("%s: the example shows no command", text);
		if (verb->about[strlen(verb->about) - 1] != '\n' || strchr(verb->summary, '\n'))
			fail_msg("%s: the texts of the row are not whole lines", text);
		for (const char *line = cw_buffer_string(&help); *line;) {
			size_t length = strcspn(line, "\n");
			if (length > LINE_MAX_COLUMNS)
				fail_msg("%s: a line of help is %zu long: %.*s", text, length, (int)length,
					line);
			line += length + (line[length] == '\n');
		}
	}
}

static void every_verb_is_found_by_its_own_words(void **state)
{
	(void)state;
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		const char *words[] = {verbs[i]->name, verbs[i]->sub, NULL};
		const struct cw_verb *found;
		size_t used;
		struct cw_error error;
		assert_true(cw_verb_find((char *const *)words, verbs[i]->sub ? 2 : 1, &found, &used, &error));
		assert_ptr_equal(found, verbs[i]);
		assert_int_equal(used, verbs[i]->sub ? 2 : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_asked_ends_with_2_and_says_why),
		cmocka_unit_test(help_is_reached_in_every_way),
		cmocka_unit_test(no_question_at_all_shows_the_first_steps_and_ends_with_2),
		cmocka_unit_test(every_verb_has_help_that_teaches),
		cmocka_unit_test(every_verb_is_found_by_its_own_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
