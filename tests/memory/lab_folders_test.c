/**
 * Every place in this program that asks for memory is refused it once, while the state folders of a lab's nodes are made:
 * each time it says that it is out of memory, or they are made. It neither crashes nor leaks.
 *
 * Kinds and samples as in verbs_test.c: CAUSEWAY_MEMORY=N some N places, 0 all of them.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "base/file.h"
#include "lab/lab.h"
#include "labrun/lab_folders.h"
#include "labrun/lab_source.h"
#include "support/folder.h"
#include "support/instant.h"

#include <stdio.h>
#include <string.h>

#define SAMPLES 12 /* of each kind, in a test run */

static char lab[512], into[512];

struct outcome {
	bool good;
	char message[600]; /* why not */
};

static bool make_folders(const struct cw_lab_source *source, const struct cw_stand_ins *stand_ins,
	struct cw_loopback *network, struct cw_error *error)
{
	struct cw_lab_folders folders = {0};
	const struct cw_lab_folders_setup setup = {.deployment = source->deployment,
		.stand_ins = stand_ins,
		.loopback = network,
		.folder = into,
		.copies_keys = true};
	bool good = cw_lab_folders_make(&setup, &folders, error);
	cw_lab_folders_finish(&folders);
	return good;
}

static bool make_with(
	const struct cw_lab_source *source, struct cw_stand_in_keys *keys, struct cw_error *error)
{
	struct cw_stand_ins *stand_ins = NULL;
	struct cw_loopback network = {.lock = -1};
	const struct cw_stand_ins_more more = {NULL, source->real, source->real_count};
	bool good = keys ? cw_stand_ins_anew(source->deployment, keys, &more, &stand_ins, error)
			 : cw_error_memory(error);
	good = good && cw_loopback_take(&network, error) && make_folders(source, stand_ins, &network, error);
	cw_loopback_release(&network);
	cw_stand_ins_free(stand_ins);
	return good;
}

static void act(void *context)
{
	struct outcome *outcome = context;
	struct cw_error error = {0};
	AUTO_STRINGS problems = {0};
	struct cw_lab_source source = {0};
	outcome->good = cw_lab_source_load(lab, &source, &problems);
	if (!outcome->good) {
		snprintf(error.message, sizeof error.message, "%s",
			problems.count ? problems.items[0] : "out of memory");
	} else {
		struct cw_stand_in_keys *keys = cw_stand_in_keys_new();
		outcome->good = make_with(&source, keys, &error);
		cw_stand_in_keys_free(keys);
	}
	cw_lab_source_finish(&source);
	snprintf(outcome->message, sizeof outcome->message, "%.500s", error.message);
}

static void prepare(void)
{
	struct cw_error error;
	cw_file_remove_folder(into);
	assert_true(cw_file_make_folder(into, &error));
}

static void try_all(enum failing_kind kind)
{
	struct outcome outcome;
	AUTO(free) unsigned long *numbers = NULL;
	size_t unclean = 0;
	prepare();
	act(&outcome);
	if (!outcome.good)
		fail_msg("%s", outcome.message);
	prepare();
	size_t count = failing_new_places(kind, act, &outcome, &numbers);
	size_t samples = failing_samples(SAMPLES), step = samples && count > samples ? count / samples : 1;
	assert_true(count > 0);
	for (size_t i = 0; i < count; i += step) {
		prepare();
		failing_arm(kind, numbers[i], false);
		act(&outcome);
		failing_disarm();
		if (outcome.good || strstr(outcome.message, "out of memory"))
			continue;
		print_error("kind %d, allocation %lu: %s\n", (int)kind, numbers[i], outcome.message);
		unclean++;
	}
	print_message("kind %d: %zu new places\n", (int)kind, count);
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void every_place_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OWN);
}

static void every_call_of_openssl_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OPENSSL);
}

static int setup(void **state)
{
	(void)state;
	struct cw_error error;
	test_folder_make();
	snprintf(lab, sizeof lab, "%s", test_folder_path("lab"));
	snprintf(into, sizeof into, "%s", test_folder_path("nodes"));
	const struct cw_lab_options options = {
		.folder = lab, .size = CW_LAB_SMALL, .key = "ec", .at = TEST_AT};
	if (!cw_lab_new(&options, &error))
		fail_msg("%s", error.message);
	return 0;
}

int main(void)
{
	if (!failing_start())
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_openssl_that_asks_for_memory_is_refused_once),
	};
	return cmocka_run_group_tests(tests, setup, test_folder_teardown);
}
