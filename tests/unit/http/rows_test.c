/*
 * The tables of tests/http: each message is taken, or refused with its reason, whole and cut at every place.
 */
#include "support/cmocka.h"
#include "support/http_rows.h"
#include "support/http_trace.h"

#include <stdio.h>
#include <stdlib.h>

#define LONG ((size_t)1000) /* longer ones are cut near both ends and in the middle */

struct table {
	enum cw_http_kind kind;
	size_t wrong;
};

static void check_reason(const struct test_row *row, void *context)
{
	struct table *table = context;
	enum cw_http_reason reason = test_http_reason(table->kind, row->bytes);
	const char *got = reason == CW_HTTP_BAD_NOTHING ? "taken" : cw_http_reason_name(reason);
	if (strcmp(got, row->want) == 0)
		return;
	print_error("%s: wanted %s, got %s\n", row->name, row->want, got);
	table->wrong++;
}

static void check_cut(
	const struct test_row *row, struct test_cut cut, const struct cw_buffer *want, struct table *table)
{
	AUTO_BUFFER got = {0};
	test_http_trace(table->kind, row->bytes, cut, &got);
	if (strcmp(cw_buffer_string(&got), cw_buffer_string(want)) == 0)
		return;
	print_error("%s: cut at %zu, then %zu\nwanted:\n%s\ngot:\n%s\n", row->name, cut.first, cut.then,
		cw_buffer_string(want), cw_buffer_string(&got));
	table->wrong++;
}

static void check_cuts(const struct test_row *row, void *context)
{
	AUTO_BUFFER whole = {0};
	size_t step = row->bytes.length > LONG ? 97 : 1;
	test_http_trace(((struct table *)context)->kind, row->bytes, (struct test_cut){0, 0}, &whole);
	for (size_t at = 1; at < row->bytes.length; at += step)
		check_cut(row, (struct test_cut){at, 0}, &whole, context);
	check_cut(row, (struct test_cut){1, 1}, &whole, context);
	check_cut(row, (struct test_cut){2, 3}, &whole, context);
}

static void check_table(const char *path, enum cw_http_kind kind,
	void (*check)(const struct test_row *row, void *context), size_t want_rows)
{
	struct table table = {.kind = kind};
	assert_true(test_http_rows(path, check, &table) >= want_rows);
	assert_int_equal(table.wrong, 0);
}

static void requests_are_taken_or_refused_with_their_reason(void **state)
{
	(void)state;
	check_table("tests/http/requests.txt", CW_HTTP_REQUEST, check_reason, 200);
}

static void responses_are_taken_or_refused_with_their_reason(void **state)
{
	(void)state;
	check_table("tests/http/responses.txt", CW_HTTP_RESPONSE, check_reason, 30);
}

static void requests_give_the_same_answer_however_they_are_cut(void **state)
{
	(void)state;
	check_table("tests/http/requests.txt", CW_HTTP_REQUEST, check_cuts, 200);
}

static void responses_give_the_same_answer_however_they_are_cut(void **state)
{
	(void)state;
	check_table("tests/http/responses.txt", CW_HTTP_RESPONSE, check_cuts, 30);
}

/* What was taken is written again, taken again, and written again as the same bytes. */
static void check_rebuilt(const struct test_row *row, void *context)
{
	struct table *table = context;
	AUTO_BUFFER once = {0}, twice = {0};
	if (!test_http_rebuild(table->kind, row->bytes, &once))
		return;
	const struct cw_http_text written = {once.data, once.length};
	if (test_http_rebuild(table->kind, written, &twice) && once.length == twice.length &&
		memcmp(once.data, twice.data, once.length) == 0)
		return;
	print_error("%s: written\n%s\nread and written again\n%s\n", row->name, cw_buffer_string(&once),
		cw_buffer_string(&twice));
	table->wrong++;
}

static void what_is_taken_is_written_and_taken_again(void **state)
{
	(void)state;
	check_table("tests/http/requests.txt", CW_HTTP_REQUEST, check_rebuilt, 200);
	check_table("tests/http/responses.txt", CW_HTTP_RESPONSE, check_rebuilt, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_taken_or_refused_with_their_reason),
		cmocka_unit_test(responses_are_taken_or_refused_with_their_reason),
		cmocka_unit_test(requests_give_the_same_answer_however_they_are_cut),
		cmocka_unit_test(responses_give_the_same_answer_however_they_are_cut),
		cmocka_unit_test(what_is_taken_is_written_and_taken_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
