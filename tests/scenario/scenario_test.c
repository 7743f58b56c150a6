/*
 * Every fault that the lab can plant, judged from the files that it wrote. What must come out stands in
 * expected/CODE.txt; the fault-free twin, expected/sound.txt, has no finding at all.
 */
#include "deploy/check.h"
#include "deploy/load.h"
#include "lab/lab.h"
#include "outcome.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

#define AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */
#define EXPECTED_MAX (1024 * 1024)

static void must(bool worked, const struct cw_error *error)
{
	if (!worked)
		fail_msg("%s", error->message);
}

static void make_lab(const char *folder, enum cw_lab_size size, const char *fault)
{
	struct cw_error error;
	struct cw_lab_options options = {.folder = folder,
		.size = size,
		.key = "ec",
		.at = AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	must(cw_lab_new(&options, &error), &error);
}

/* Judges the deployment in `folder`; the outcome as lines. */
static void judge_folder(const char *folder, struct cw_cache *cache, struct cw_buffer *ret)
{
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	char file[512];
	snprintf(file, sizeof file, "%s/deployment.yaml", folder);
	if (!cw_deployment_load(file, pool, &deployment, &problems))
		fail_msg("%s", problems.count ? problems.items[0] : "not loaded");
	struct cw_check_options options = {.at = AT, .cache = cache};
	AUTO(cw_check_free) struct cw_check *check = NULL;
	must(cw_check_run(deployment, &options, &check, &error), &error);
	outcome_write(check, ret);
}

static void compare(const char *name, const struct cw_buffer *found)
{
	struct cw_error error;
	char path[512];
	snprintf(path, sizeof path, "%s/%s.txt", EXPECTED_FOLDER, name);
	if (getenv("CAUSEWAY_ACCEPT")) {
		must(cw_file_write(path, cw_buffer_string(found), found->length, 0644, &error), &error);
		return;
	}
	AUTO_BUFFER expected = {0};
	must(cw_file_read(path, EXPECTED_MAX, &expected, &error), &error);
	assert_string_equal(cw_buffer_string(found), cw_buffer_string(&expected));
}

/* The same with an empty cache, a warm one and none (design.md §2). */
static void judge_three_times(const char *folder, struct cw_buffer *ret)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	judge_folder(folder, NULL, ret);
	for (int i = 0; i < 2; i++) {
		AUTO_BUFFER again = {0};
		judge_folder(folder, cache, &again);
		assert_string_equal(cw_buffer_string(&again), cw_buffer_string(ret));
	}
}

static void planted_fault_is_found(void **state)
{
	const struct cw_lab_fault *fault = *state;
	const char *folder = test_folder_path(fault->code);
	make_lab(folder, CW_LAB_SMALL, fault->code);
	AUTO_BUFFER outcome = {0};
	judge_three_times(folder, &outcome);
	char wanted[128];
	snprintf(wanted, sizeof wanted, " %s (", fault->code);
	assert_non_null(strstr(cw_buffer_string(&outcome), wanted));
	compare(fault->code, &outcome);
}

struct sound {
	const char *name;
	enum cw_lab_size size;
};

static void sound_lab_has_no_finding(void **state)
{
	const struct sound *sound = *state;
	const char *folder = test_folder_path(sound->name);
	make_lab(folder, sound->size, NULL);
	AUTO_BUFFER outcome = {0};
	judge_three_times(folder, &outcome);
	assert_null(strstr(cw_buffer_string(&outcome), "judge ")); /* no finding */
	assert_null(strstr(cw_buffer_string(&outcome), "dead"));
	compare(sound->name, &outcome);
}

static int set_up(void **state)
{
	(void)state;
	test_folder_make();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove();
	return 0;
}

int main(void)
{
	static struct sound sounds[] = {
		{"sound", CW_LAB_SMALL}, {"sound-cluster", CW_LAB_CLUSTER}, {"sound-large", CW_LAB_LARGE}};
	struct CMUnitTest tests[256];
	size_t count = 0;
	for (size_t i = 0; i < sizeof sounds / sizeof sounds[0]; i++)
		tests[count++] =
			(struct CMUnitTest){sounds[i].name, sound_lab_has_no_finding, NULL, NULL, &sounds[i]};
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++)
		tests[count++] =
			(struct CMUnitTest){fault->code, planted_fault_is_found, NULL, NULL, (void *)fault};
	return _cmocka_run_group_tests("scenario", tests, count, set_up, tear_down);
}
