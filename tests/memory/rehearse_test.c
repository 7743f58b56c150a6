/**
 * Allocations fail in turn while a small lab is rehearsed: loaded, shadowed, its listeners opened, every link
 * made. Each time the program says that it is out of memory (exit status 2), or its answer is the very same;
 * it never hangs, leaks, or calls what memory did a difference between prediction and observed.
 *
 * In the ordinary run some of each kind: our own, OpenSSL's, libevent's; all of them with CAUSEWAY_MEMORY=0
 * in the environment (N: some N of each kind). MEMORY_STOP=1 with the arguments that a failed run names (KIND
 * NUMBER) stops in the allocation, for a debugger.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "support/folder.h"
#include "support/verb.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>

#define SAMPLES 80

static const char *lab;
static unsigned long unclean;

static void *event_malloc(size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return malloc(size);
	errno = ENOMEM;
	return NULL;
}

static void *event_realloc(void *memory, size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return realloc(memory, size);
	errno = ENOMEM;
	return NULL;
}

static void rehearse(struct test_answer *answer)
{
	RUN(answer, "rehearse", lab, "--no-tunnels");
}

static bool is_clean(const struct test_answer *answer, const struct test_answer *wanted)
{
	if (answer->status == CW_EXIT_TROUBLE)
		return strstr(answer->err, "out of memory") && answer->out_length == 0;
	return answer->status == wanted->status && strcmp(answer->out, wanted->out) == 0;
}

static void try_one(
	const struct test_answer *wanted, enum failing_kind kind, unsigned long number, bool lasting)
{
	TEST_ANSWER answer = {0};
	failing_arm(kind, number, lasting);
	rehearse(&answer);
	failing_disarm();
	if (is_clean(&answer, wanted))
		return;
	print_error("kind %d, allocation %lu%s: status %d, error \"%s\"\n%s", (int)kind, number,
		lasting ? " and all behind it" : "", (int)answer.status, answer.err, answer.out);
	unclean++;
}

static void try_all(enum failing_kind kind, bool lasting)
{
	TEST_ANSWER wanted = {0};
	TEST_ANSWER again = {0};
	rehearse(&wanted);
	assert_int_equal(wanted.status, CW_EXIT_REFUSED);
	unclean = 0;
	failing_arm(kind, 0, false);
	rehearse(&again);
	failing_disarm();
	assert_string_equal(again.out, wanted.out);
	unsigned long count = failing_count(kind), samples = failing_samples(SAMPLES);
	unsigned long step = samples && count > samples ? count / samples : 1;
	assert_true(count > 0);
	for (unsigned long number = 1; number <= count; number += step)
		try_one(&wanted, kind, number, lasting);
	print_message("kind %d: %lu allocations, step %lu\n", (int)kind, count, step);
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void our_own_allocations_fail_in_turn(void **state)
{
	(void)state;
	try_all(FAILING_OWN, false);
}

static void our_own_allocations_fail_with_all_behind_them(void **state)
{
	(void)state;
	try_all(FAILING_OWN, true);
}

static void allocations_of_libevent_fail_in_turn(void **state)
{
	(void)state;
	try_all(FAILING_LIBEVENT, false);
}

static void allocations_of_openssl_fail_in_turn(void **state)
{
	(void)state;
	try_all(FAILING_OPENSSL, false);
}

int main(int count, char **words)
{
	if (!failing_start())
		return 1;
	event_set_mem_functions(event_malloc, event_realloc, free);
	test_folder_make();
	lab = strdup(test_folder_path("lab"));
	static struct test_answer made, first;
	RUN(&made, "lab", "new", lab, "--key=ec", "--fault=verify-name-mismatch", "--fault=weak-key");
	rehearse(&first); /* OpenSSL builds what it needs at first use, see check_test.c */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_allocations_fail_in_turn),
		cmocka_unit_test(our_own_allocations_fail_with_all_behind_them),
		cmocka_unit_test(allocations_of_libevent_fail_in_turn),
		cmocka_unit_test(allocations_of_openssl_fail_in_turn),
	};
	int status = 0;
	if (count > 2)
		try_one(&first, (enum failing_kind)strtoul(words[1], NULL, 10), strtoul(words[2], NULL, 10),
			count > 3);
	else
		status = cmocka_run_group_tests(tests, NULL, NULL);
	test_folder_remove();
	test_answer_finish(&made);
	test_answer_finish(&first);
	free((void *)(uintptr_t)lab);
	return status;
}
