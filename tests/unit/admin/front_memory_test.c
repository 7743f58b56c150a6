#include "admin/front/front_memory.h"

#include "support/cmocka.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cw_front_memory *made(void)
{
	struct cw_front_memory *memory = calloc(1, sizeof *memory);
	assert_non_null(memory);
	assert_true(sodium_init() >= 0);
	randombytes_buf(memory->key, sizeof memory->key);
	return memory;
}

static void only_what_was_tried_is_done_and_once(void **state)
{
	(void)state;
	static const struct {
		const char *session, *operation, *file, *password;
		uint64_t at;
		bool want;
	} rows[] = {
		{"one", "trust/append", "AAAA", NULL, 1000, true},
		{"one", "trust/append", "AAAA", "typed again", 1000, true}, /* no page holds it */
		{"one", "trust/append", "AAAB", NULL, 1000, false},
		{"one", "trust/replace", "AAAA", NULL, 1000, false},
		{"two", "trust/append", "AAAA", NULL, 1000, false},
		{"one", "trust/append", "AAAA", NULL, 1000 + CW_FRONT_MEMORY_SECONDS - 1, true},
		{"one", "trust/append", "AAAA", NULL, 1000 + CW_FRONT_MEMORY_SECONDS, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_front_memory *memory = made();
		json_t *tried = json_pack("{s:s,s:s,s:b}", "store", "trusted-ca", "file", "AAAA", "try", 1);
		/* in another order of keys, without "try" */
		json_t *done = json_pack("{s:s,s:s,s:s*}", "file", rows[i].file, "store", "trusted-ca",
			"password", rows[i].password);
		assert_non_null(done);
		cw_front_memory_try(memory, "one", "trust/append", tried, 1000);
		assert_int_equal(cw_front_memory_was_tried(
					 memory, rows[i].session, rows[i].operation, done, rows[i].at),
			rows[i].want);
		assert_false(cw_front_memory_was_tried(
			memory, rows[i].session, rows[i].operation, done, rows[i].at));
		json_decref(tried);
		json_decref(done);
		free(memory);
	}
}

static void what_is_to_be_said_is_said_once_to_the_session_it_is_for(void **state)
{
	(void)state;
	struct cw_front_memory *memory = made();
	struct cw_front_memory_said said = {.kind = 2}, heard;
	snprintf(said.text, sizeof said.text, "Appended.");
	cw_front_memory_say(memory, "one", &said, 1000);
	assert_false(cw_front_memory_said(memory, "two", 1000, &heard));
	assert_true(cw_front_memory_said(memory, "one", 1000, &heard));
	assert_string_equal(heard.text, "Appended.");
	assert_int_equal(heard.kind, 2);
	assert_false(cw_front_memory_said(memory, "one", 1000, &heard));
	cw_front_memory_say(memory, "one", &said, 1000);
	assert_false(cw_front_memory_said(memory, "one", 1000 + CW_FRONT_MEMORY_SECONDS, &heard));
	free(memory);
}

static void a_flood_of_tries_forgets_the_oldest(void **state)
{
	(void)state;
	struct cw_front_memory *memory = made();
	json_t *first = json_pack("{s:i}", "n", 0);
	cw_front_memory_try(memory, "one", "zone/set", first, 1000);
	for (int i = 1; i <= CW_FRONT_MEMORY_TRIED_MAX; i++) {
		json_t *other = json_pack("{s:i}", "n", i);
		cw_front_memory_try(memory, "one", "zone/set", other, 1000 + (uint64_t)i);
		json_decref(other);
	}
	assert_false(cw_front_memory_was_tried(memory, "one", "zone/set", first, 1000));
	json_decref(first);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_tried_is_done_and_once),
		cmocka_unit_test(what_is_to_be_said_is_said_once_to_the_session_it_is_for),
		cmocka_unit_test(a_flood_of_tries_forgets_the_oldest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
