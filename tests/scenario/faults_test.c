/*
 * Every fault that the lab can plant, judged from the files that it wrote. What must come out stands in
 * expected/CODE.txt; the fault-free twin, expected/sound.txt, has no finding at all.
 */
#include "judged.h"
#include "support/cmocka.h"
#include "support/folder.h"

static const struct cw_check_options plain = {.at = TEST_AT};

static void planted_fault_is_found(void **state)
{
	const struct cw_lab_fault *fault = *state;
	const char *folder = test_folder_path(fault->code);
	scenario_make_lab(folder, CW_LAB_SMALL, fault->code);
	AUTO_BUFFER outcome = {0};
	scenario_judge(folder, &plain, &outcome);
	char wanted[128];
	snprintf(wanted, sizeof wanted, " %s (", fault->code);
	assert_non_null(strstr(cw_buffer_string(&outcome), wanted));
	scenario_compare(fault->code, &outcome);
}

struct sound {
	const char *name;
	enum cw_lab_size size;
};

static void sound_lab_has_no_finding(void **state)
{
	const struct sound *sound = *state;
	const char *folder = test_folder_path(sound->name);
	scenario_make_lab(folder, sound->size, NULL);
	AUTO_BUFFER outcome = {0};
	scenario_judge(folder, &plain, &outcome);
	assert_null(strstr(cw_buffer_string(&outcome), "judge ")); /* no finding */
	assert_null(strstr(cw_buffer_string(&outcome), "dead"));
	scenario_compare(sound->name, &outcome);
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
	return _cmocka_run_group_tests("scenario", tests, count, test_folder_setup, test_folder_teardown);
}
