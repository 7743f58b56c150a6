/* The filter in front of the patterns: it finds what memmem finds, wherever it stands. */
#include "observe/log/log_filter.h"

#include "observe/log/log_row.h"
#include "support/cmocka.h"

#include <stdlib.h>

static const char *const literals[] = {
	"aaaaaaaaaaa", "aaaaaaaaaab", "certificate verify failed", "verify failed", "abcabcabcabcabc"};
#define COUNT (sizeof literals / sizeof literals[0])

static struct cw_log_filter *make(void)
{
	struct cw_log_filter *filter = NULL;
	struct cw_error error;
	assert_true(cw_log_filter_new(literals, COUNT, &filter, &error));
	return filter;
}

static void a_literal_is_found_at_every_place(void **state)
{
	(void)state;
	AUTO(cw_log_filter_free) struct cw_log_filter *filter = make();
	for (size_t before = 0; before < 40; before++)
		for (size_t after = 0; after < 12; after++) {
			char text[128];
			size_t length = strlen(literals[2]);
			memset(text, '.', sizeof text);
			memcpy(text + before, literals[2], length);
			size_t at = cw_log_filter_next(filter, text, before + length + after, 0);
			assert_true(at == before || at == before + 12); /* "verify failed" stands in it */
			assert_int_equal(cw_log_filter_next(filter, text, before + length - 1, 0),
				before + length - 1);
			assert_int_equal(cw_log_filter_next(filter, text, before + length, before + 13),
				before + length);
		}
}

static uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

static void random_text_is_searched_as_memmem_does(void **state)
{
	(void)state;
	AUTO(cw_log_filter_free) struct cw_log_filter *filter = make();
	uint32_t seed = 7;
	size_t hits = 0;
	for (size_t round = 0; round < 3000; round++) {
		size_t length = draw(&seed) % 200;
		char *text = malloc(length + 1); /* exact, so that a read behind it is seen */
		assert_non_null(text);
		for (size_t i = 0; i < length; i++)
			text[i] = draw(&seed) % 30 ? 'a' : 'b';
		for (size_t i = 0; round % 2 && i < length; i++)
			text[i] = (char)('a' + i % 3);
		bool found[COUNT] = {false}, any = false;
		cw_log_filter_collect(filter, text, length, found);
		for (size_t i = 0; i < COUNT; i++) {
			bool want = memmem(text, length, literals[i], strlen(literals[i])) != NULL;
			assert_int_equal(found[i], want);
			any = any || want;
		}
		assert_int_equal(cw_log_filter_next(filter, text, length, 0) < length, any);
		hits += any;
		free(text);
	}
	assert_true(hits > 100 && hits < 2990);
}

static void a_short_literal_is_refused(void **state)
{
	(void)state;
	static const char *const few[] = {"long enough for it", "too short"};
	struct cw_log_filter *filter = NULL;
	struct cw_error error;
	assert_int_equal(strlen("ten bytes!!"), CW_LOG_LITERAL_MIN);
	assert_false(cw_log_filter_new(few, 2, &filter, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_non_null(strstr(error.message, "too short"));
}

static void nothing_is_found_in_nothing(void **state)
{
	(void)state;
	AUTO(cw_log_filter_free) struct cw_log_filter *filter = make();
	assert_int_equal(cw_log_filter_next(filter, "", 0, 0), 0);
	assert_int_equal(cw_log_filter_next(filter, "aaa", 3, 0), 3);
	assert_int_equal(cw_log_filter_next(filter, "aaaaaaaaaaa", 11, 12), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_literal_is_found_at_every_place),
		cmocka_unit_test(random_text_is_searched_as_memmem_does),
		cmocka_unit_test(a_short_literal_is_refused),
		cmocka_unit_test(nothing_is_found_in_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
