/* A fault planted into a lab that is there already is the fault that a new lab has, and nothing else changes. */
#include "lab/lab_replant.h"

#include "base/buffer.h"
#include "base/file.h"
#include "check/check.h"
#include "config/load.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <stdio.h>
#include <string.h>

static void make_lab(const char *name, enum cw_lab_size size, const char *fault)
{
	const struct cw_lab_options options = {.folder = test_folder_path(name),
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	struct cw_error error;
	if (!cw_lab_new(&options, &error))
		fail_msg("%s: %s", name, error.message);
}

static size_t replant(const char *name, const char *fault)
{
	AUTO_STRINGS changed = {0};
	struct cw_error error;
	if (!cw_lab_replant(test_folder_path(name), &fault, fault ? 1 : 0, &changed, &error))
		fail_msg("%s: %s: %s", name, fault ? fault : "none", error.message);
	return changed.count;
}

/* Every link's verdict and every code, in their order. */
static void judge(const char *name, struct cw_buffer *ret)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	AUTO_STRINGS problems = {0};
	struct cw_error error;
	if (!cw_load_deployment(test_folder_path(name), pool, &deployment, &problems))
		fail_msg("%s: %s", name, problems.count ? problems.items[0] : "no memory");
	if (!cw_check_run(deployment, &(const struct cw_check_options){.at = TEST_AT}, &check, &error))
		fail_msg("%s: %s", name, error.message);
	for (size_t i = 0; i < check->link_count; i++) {
		cw_buffer_printf(ret, "%s %d", check->links[i]->id, (int)check->links[i]->verdict);
		for (size_t k = 0; k < check->links[i]->complaints.count; k++)
			cw_buffer_printf(ret, " %s",
				cw_finding_code_name(check->links[i]->complaints.items[k].finding.code));
		cw_buffer_char(ret, '\n');
	}
	for (size_t i = 0; i < check->node_count; i++)
		for (size_t k = 0; k < check->nodes[i].complaints.count; k++)
			cw_buffer_printf(ret, "%s %s\n", check->nodes[i].node->fqdn,
				cw_finding_code_name(check->nodes[i].complaints.items[k].finding.code));
}

static void a_fault_planted_later_is_judged_as_one_planted_at_once(void **state)
{
	(void)state;
	const struct cw_lab_fault *fault;
	int wrong = 0;
	make_lab("small-one", CW_LAB_SMALL, NULL);
	make_lab("cluster-one", CW_LAB_CLUSTER, NULL);
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		AUTO_BUFFER later = {0}, once = {0}, sound = {0}, repaired = {0};
		const char *lab = fault->cluster ? "cluster-one" : "small-one";
		char name[80];
		snprintf(name, sizeof name, "once-%s", fault->code);
		make_lab(name, CW_LAB_SMALL, fault->code);
		judge(lab, &sound);
		replant(lab, fault->code);
		judge(lab, &later);
		judge(name, &once);
		replant(lab, NULL);
		judge(lab, &repaired);
		if (strcmp(cw_buffer_string(&later), cw_buffer_string(&once)) == 0 &&
			strcmp(cw_buffer_string(&repaired), cw_buffer_string(&sound)) == 0)
			continue;
		print_error("%s: at once:\n%s\nlater:\n%s\nrepaired:\n%s\n", fault->code,
			cw_buffer_string(&once), cw_buffer_string(&later), cw_buffer_string(&repaired));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void read_file(const char *name, struct cw_buffer *ret)
{
	struct cw_error error;
	if (!cw_file_read(test_folder_path(name), 1024 * 1024, ret, &error))
		fail_msg("%s", error.message);
}

static void what_the_fault_is_not_about_stays_byte_for_byte(void **state)
{
	(void)state;
	AUTO_BUFFER key = {0}, key_now = {0}, list = {0}, list_now = {0}, leaf = {0}, leaf_now = {0};
	make_lab("still", CW_LAB_SMALL, NULL);
	read_file("still/e1/privkey.pem", &key);
	read_file("still/c1/server.pem", &leaf);
	test_folder_write("still/e1/ca.pem", leaf.data, leaf.length); /* by hand */
	read_file("still/e1/ca.pem", &list);
	assert_int_not_equal(replant("still", "root-missing"), 0);
	read_file("still/e1/privkey.pem", &key_now);
	read_file("still/c1/server.pem", &leaf_now);
	read_file("still/e1/ca.pem", &list_now);
	assert_string_equal(cw_buffer_string(&key), cw_buffer_string(&key_now));
	assert_string_equal(cw_buffer_string(&leaf), cw_buffer_string(&leaf_now));
	assert_string_equal(cw_buffer_string(&list), cw_buffer_string(&list_now));
}

static void what_cannot_be_planted_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *lab, *fault, *want;
	} rows[] = {
		{"small", "trust-lists-differ", "more than one peer"},
		{"small", "root-mising", "did you mean \"root-missing\""},
		{"nowhere", "root-missing", "causeway lab new"},
	};
	make_lab("small", CW_LAB_SMALL, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_STRINGS changed = {0};
		struct cw_error error;
		assert_false(
			cw_lab_replant(test_folder_path(rows[i].lab), &rows[i].fault, 1, &changed, &error));
		if (!strstr(error.message, rows[i].want))
			fail_msg("wanted \"%s\", found \"%s\"", rows[i].want, error.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_planted_later_is_judged_as_one_planted_at_once),
		cmocka_unit_test(what_the_fault_is_not_about_stays_byte_for_byte),
		cmocka_unit_test(what_cannot_be_planted_is_told),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
