#include "capture/packet/stream.h"

#include "support/cmocka.h"

#include <stdio.h>

/* A segment: where it begins (from the first sequence number), and what it holds. */
struct step {
	int32_t at;
	const char *text;
};

struct row {
	const char *name;
	uint32_t first;
	struct step steps[6];
	const char *want; /* what is read, '_' for each byte given up at the end */
	uint64_t missing, conflicting;
	bool no_start;
};

static const struct row rows[] = {
	{"in order", 1, {{0, "abc"}, {3, "def"}}, "abcdef", 0, 0, false},
	{"backwards", 1, {{4, "ef"}, {2, "cd"}, {0, "ab"}}, "abcdef", 0, 0, false},
	{"twice", 1, {{0, "abc"}, {0, "abc"}, {3, "def"}, {3, "def"}}, "abcdef", 0, 0, false},
	{"old bytes with new ones behind them", 1, {{0, "abc"}, {1, "bcdef"}}, "abcdef", 0, 0, false},
	{"the first bytes win, read or not", 1, {{0, "abc"}, {0, "XXXd"}, {5, "fg"}, {3, "deXXhi"}},
		"abcdefghi", 0, 2, false},
	{"a segment across two that wait", 1, {{1, "b"}, {3, "d"}, {0, "aXcXe"}}, "abcde", 0, 2, false},
	{"a segment inside of one that waits", 1, {{1, "bcde"}, {2, "XX"}, {0, "a"}}, "abcde", 0, 2, false},
	{"a hole", 1, {{0, "ab"}, {5, "fg"}}, "ab___fg", 3, 0, false},
	{"two holes", 1, {{1, "b"}, {3, "d"}}, "_b_d", 2, 0, false},
	{"around the end of the number space", 0xfffffffe, {{0, "ab"}, {4, "ef"}, {2, "cd"}}, "abcdef", 0, 0,
		false},
	{"waiting around the end of the number space", 0xfffffffe, {{3, "d"}, {1, "b"}, {2, "c"}, {0, "a"}},
		"abcd", 0, 0, false},
	{"a segment from far ahead", 1, {{0, "ab"}, {0x40000003, "no"}, {2, "cd"}}, "abcd", 0, 0, false},
	{"a keepalive", 1, {{0, "ab"}, {1, "X"}, {2, "cd"}}, "abcd", 0, 0, false},
	{"no start: the lowest that came", 1, {{7, "h"}, {5, "fg"}, {8, "i"}}, "fghi", 0, 0, true},
};

static void take_all(struct cw_stream *stream, struct cw_budget *budget, char *text)
{
	struct cw_stream_run run;
	while (cw_stream_take(stream, budget, &run)) {
		strncat(text, (const char *)run.data, run.length);
		cw_stream_piece_free(run.piece);
	}
}

static void play(const struct row *row, char *text, struct cw_stream *stream)
{
	struct cw_budget budget = {0, 1000000};
	struct cw_error error;
	if (!row->no_start)
		cw_stream_start(stream, &budget, row->first);
	for (size_t i = 0; i < 6 && row->steps[i].text; i++) {
		struct cw_stream_run run;
		const char *bytes = row->steps[i].text;
		const struct cw_stream_part part = {
			row->first + (uint32_t)row->steps[i].at, (const uint8_t *)bytes, strlen(bytes), i};
		assert_true(cw_stream_add(stream, &budget, &part, false, &run, &error));
		if (run.length)
			strncat(text, (const char *)run.data, run.length);
		take_all(stream, &budget, text);
	}
	cw_stream_start_anywhere(stream);
	take_all(stream, &budget, text);
	for (uint32_t hole; (hole = cw_stream_skip_hole(stream));) {
		while (hole--)
			strcat(text, "_");
		take_all(stream, &budget, text);
	}
	assert_int_equal(budget.used, 0);
	assert_int_equal(stream->waiting, 0);
}

static void segments_become_bytes_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[200] = "";
		struct cw_stream stream = {0};
		play(&rows[i], text, &stream);
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%s: got %s, want %s", rows[i].name, text, rows[i].want);
		if (stream.missing != rows[i].missing || stream.conflicting != rows[i].conflicting)
			fail_msg("%s: %d missing, %d conflicting", rows[i].name, (int)stream.missing,
				(int)stream.conflicting);
	}
}

/* Against what is kept: the bytes of a long text, cut and sent in a random order with repetitions. */
static void any_order_of_any_cuts_gives_the_same_bytes(void **state)
{
	(void)state;
	enum { LENGTH = 400 };
	char text[LENGTH + 1] = "";
	for (size_t i = 0; i < LENGTH; i++)
		text[i] = (char)('a' + i % 23);
	for (unsigned seed = 1; seed < 200; seed++) {
		struct cw_stream stream = {0};
		struct cw_budget budget = {0, 1000000};
		struct cw_error error;
		char got[LENGTH + 1] = "";
		unsigned random = seed;
		cw_stream_start(&stream, &budget, seed * 0x9e3779b9U);
		while (strlen(got) < LENGTH) {
			struct cw_stream_run run;
			random = random * 1103515245U + 12345U;
			uint32_t at = (random >> 8) % LENGTH, count = (random >> 18) % 40;
			if (at + count > LENGTH)
				count = LENGTH - at;
			const struct cw_stream_part part = {
				seed * 0x9e3779b9U + at, (const uint8_t *)text + at, count, 0};
			assert_true(cw_stream_add(&stream, &budget, &part, false, &run, &error));
			if (run.length)
				strncat(got, (const char *)run.data, run.length);
			take_all(&stream, &budget, got);
		}
		assert_string_equal(got, text);
		cw_stream_clear(&stream, &budget);
		assert_int_equal(stream.conflicting, 0);
		assert_int_equal(budget.used, 0);
	}
}

static void the_end_counts_once_all_bytes_before_it_were_read(void **state)
{
	(void)state;
	struct cw_stream stream = {0};
	struct cw_budget budget = {0, 1000000};
	struct cw_error error;
	struct cw_stream_run run;
	cw_stream_start(&stream, &budget, 10);
	cw_stream_end_at(&stream, 12);
	assert_false(cw_stream_over(&stream));
	const struct cw_stream_part part = {10, (const uint8_t *)"ab", 2, 1};
	assert_true(cw_stream_add(&stream, &budget, &part, false, &run, &error));
	assert_int_equal(run.length, 2);
	assert_true(cw_stream_over(&stream));
}

static void what_was_given_back_comes_again_first(void **state)
{
	(void)state;
	struct cw_stream stream = {0};
	struct cw_budget budget = {0, 1000000};
	struct cw_error error;
	struct cw_stream_run run;
	char text[20] = "";
	cw_stream_start(&stream, &budget, 0);
	const struct cw_stream_part first = {0, (const uint8_t *)"abcd", 4, 1};
	const struct cw_stream_part second = {4, (const uint8_t *)"ef", 2, 2};
	assert_true(cw_stream_add(&stream, &budget, &first, false, &run, &error));
	assert_true(cw_stream_give_back(&stream, &budget, run.data + 1, 3, 1, &error));
	assert_true(cw_stream_add(&stream, &budget, &second, true, &run, &error));
	assert_int_equal(run.length, 0);
	take_all(&stream, &budget, text);
	assert_string_equal(text, "bcdef");
	assert_int_equal(budget.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_become_bytes_in_their_order),
		cmocka_unit_test(any_order_of_any_cuts_gives_the_same_bytes),
		cmocka_unit_test(the_end_counts_once_all_bytes_before_it_were_read),
		cmocka_unit_test(what_was_given_back_comes_again_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
