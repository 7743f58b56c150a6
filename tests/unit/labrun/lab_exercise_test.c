/*
 * Exercises of a lab: which there are, and what is no exercise.
 */
#include "labrun/lab_exercise.h"

#include "labrun/lab_nodes.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void what_is_no_exercise_is_told_with_what_was_wanted(void **state)
{
	(void)state;
	static const struct {
		const char *text; /* of the record; NULL: there is none */
		const char *want;
	} rows[] = {
		{NULL, "wanted the folder of a running exercise"},
		{"", "is no record of an exercise"},
		{"no JSON", "is no record of an exercise"},
		{"[]", "is no record of an exercise"},
		{"{}", "is no record of an exercise"},
		{"{\"number\":1}", "is no record of an exercise"},
		{"{\"number\":0,\"people\":{}}", "is no record of an exercise"},
		{"{\"number\":100000,\"people\":{}}", "is no record of an exercise"},
		{"{\"number\":1,\"number\":2,\"people\":{}}", "is no record of an exercise"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER said = {0};
		struct cw_error error;
		char folder[20], name[60];
		snprintf(folder, sizeof folder, "record-%zu", i);
		snprintf(name, sizeof name, "%s/.lab/exercise.json", folder);
		if (rows[i].text)
			test_folder_write(name, rows[i].text, strlen(rows[i].text));
		assert_false(cw_lab_exercise_solution(test_folder_path(folder), &said, &error));
		assert_int_equal(error.code, CW_E_USAGE);
		if (!strstr(error.message, rows[i].want))
			fail_msg("row %zu: wanted \"%s\", found \"%s\"", i, rows[i].want, error.message);
		assert_int_equal(said.length, 0);
		cw_lab_exercise_count(
			test_folder_path(folder), "c1.acme.test"); /* only where a lab has its folder */
		assert_int_equal(cw_lab_exercise_restarts(test_folder_path(folder)), rows[i].text ? 1 : 0);
	}
}

/* An exercise that needs peers gets them, whatever size was asked for. */
static void an_exercise_of_a_cluster_is_made_in_one(void **state)
{
	(void)state;
	size_t number = 1;
	struct cw_error error;
	struct stat status;
	char folder[512], lab[600];
	while (cw_lab_exercise_fault(number) && !cw_lab_exercise_fault(number)->cluster)
		number++;
	assert_non_null(cw_lab_exercise_fault(number));
	snprintf(folder, sizeof folder, "%s", test_folder_path("cluster"));
	snprintf(lab, sizeof lab, "%s/.lab/source", folder);
	test_folder_write("cluster/keep", "", 0);
	const struct cw_lab_options options = {
		.folder = lab, .size = CW_LAB_SMALL, .key = "ec", .at = TEST_AT};
	if (!cw_lab_exercise_make(folder, number, &options, &error))
		fail_msg("%s", error.message);
	assert_int_equal(stat(test_folder_path("cluster/.lab/source/c2"), &status), 0);
	assert_false(cw_lab_exercise_make(folder, cw_lab_exercise_count_all() + 1, &options, &error));
	assert_non_null(strstr(error.message, "there is no exercise"));
	assert_false(cw_lab_exercise_make(folder, 0, &options, &error));
}

static void every_exercise_is_on_the_sheet_with_its_solution(void **state)
{
	(void)state;
	AUTO_BUFFER sheet = {0};
	cw_lab_exercise_sheet(&sheet);
	for (size_t i = 1; i <= cw_lab_exercise_count_all(); i++) {
		char line[120];
		snprintf(line, sizeof line, "\n%zu. %s", i, cw_lab_exercise_fault(i)->code);
		if (!strstr(cw_buffer_string(&sheet), line))
			fail_msg("the sheet has no \"%s\"", line + 1);
	}
}

static void a_lab_without_a_node_that_can_run_is_none(void **state)
{
	(void)state;
	struct cw_node node = {.fqdn = (char *)(uintptr_t) "e1.acme.test", .kind = CW_NODE_EXPRESSWAY_E};
	struct cw_lab_folder folder = {.node = &node, .trouble = "its certificate is not known"};
	const struct cw_lab_folders folders = {&folder, 1};
	struct cw_lab_nodes *nodes = NULL;
	struct cw_error error;
	struct event_base *base = event_base_new();
	const struct cw_lab_nodes_setup setup = {
		.base = base, .program = "/nothing/here", .folders = &folders};
	assert_false(cw_lab_nodes_begin(&setup, &nodes, &error));
	assert_string_equal(error.message, "no node of this deployment can run");
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_exercise_is_told_with_what_was_wanted),
		cmocka_unit_test(an_exercise_of_a_cluster_is_made_in_one),
		cmocka_unit_test(every_exercise_is_on_the_sheet_with_its_solution),
		cmocka_unit_test(a_lab_without_a_node_that_can_run_is_none),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
