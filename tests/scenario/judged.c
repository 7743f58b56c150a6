#include "judged.h"

#include "base/file.h"
#include "config/load.h"
#include "outcome.h"
#include "plan/remedies.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>

#define EXPECTED_MAX (1024 * 1024)

void scenario_must(bool worked, const struct cw_error *error)
{
	if (!worked)
		fail_msg("%s", error->message);
}

void scenario_make_lab(const char *folder, enum cw_lab_size size, const char *fault)
{
	struct cw_error error;
	struct cw_lab_options options = {.folder = folder,
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	scenario_must(cw_lab_new(&options, &error), &error);
}

static void judge_once(const char *folder, struct cw_check_options options, struct cw_buffer *ret)
{
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	char file[512];
	snprintf(file, sizeof file, "%s/deployment.yaml", folder);
	if (!cw_load_deployment(file, pool, &deployment, &problems))
		fail_msg("%s", problems.count ? problems.items[0] : "not loaded");
	AUTO(cw_check_free) struct cw_check *check = NULL;
	scenario_must(cw_remedies_check(deployment, &options, &check, &error), &error);
	outcome_write(check, ret);
}

void scenario_judge(const char *folder, const struct cw_check_options *options, struct cw_buffer *ret)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options asked = *options;
	judge_once(folder, asked, ret);
	asked.cache = cache;
	for (int i = 0; i < 2; i++) {
		AUTO_BUFFER again = {0};
		judge_once(folder, asked, &again);
		assert_string_equal(cw_buffer_string(&again), cw_buffer_string(ret));
	}
}

void scenario_compare(const char *name, const struct cw_buffer *found)
{
	struct cw_error error;
	char path[512];
	snprintf(path, sizeof path, "%s/%s.txt", EXPECTED_FOLDER, name);
	if (getenv("CAUSEWAY_ACCEPT")) {
		scenario_must(
			cw_file_write(path, cw_buffer_string(found), found->length, 0644, &error), &error);
		return;
	}
	AUTO_BUFFER expected = {0};
	scenario_must(cw_file_read(path, EXPECTED_MAX, &expected, &error), &error);
	assert_string_equal(cw_buffer_string(found), cw_buffer_string(&expected));
}
