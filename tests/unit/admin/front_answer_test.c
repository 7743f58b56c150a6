/* What people see, of every fault that the lab can plant. */
#include "admin/page/lab/endpoint_words.h"
#include "admin/page/lab/front_answer.h"
#include "admin/page/screen_json.h"

#include "config/load.h"
#include "lab/lab.h"
#include "report/json.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

static json_t *endpoints_of(const char *name, const char *fault)
{
	struct cw_error error;
	const char *folder = test_folder_path(name);
	const struct cw_lab_options options = {.folder = folder,
		.size = CW_LAB_SMALL,
		.key = "ec",
		.at = TEST_AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	const struct cw_check_options asked = {.at = TEST_AT};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	AUTO_BUFFER file = {0};
	assert_true(cw_lab_new(&options, &error));
	cw_buffer_printf(&file, "%s/deployment.yaml", folder);
	assert_true(cw_load_deployment(cw_buffer_string(&file), pool, &deployment, &problems));
	AUTO(cw_check_free) struct cw_check *check = NULL;
	assert_true(cw_check_run(deployment, &asked, &check, &error));
	json_t *made = cw_front_answer_endpoints(check);
	assert_non_null(made);
	return made;
}

static void words_of(const json_t *row, struct cw_buffer *ret)
{
	const struct cw_endpoint_words_given given = {cw_screen_json_text(row, "kind"),
		cw_screen_json_text(row, "state"), cw_screen_json_text(row, "link"),
		cw_screen_json_text(row, "code"), cw_screen_json_text(row, "domain"),
		cw_screen_json_text(row, "server")};
	cw_endpoint_words(&given, ret);
}

static void where_nothing_is_wrong_nobody_sees_anything(void **state)
{
	(void)state;
	AUTO(json_decref) json_t *rows = endpoints_of("sound", NULL);
	size_t i;
	json_t *row;
	assert_true(json_array_size(rows) >= 3);
	json_array_foreach(rows, i, row)
	{
		AUTO_BUFFER words = {0};
		words_of(row, &words);
		assert_string_equal(cw_screen_json_text(row, "state"), "works");
		assert_string_equal(cw_buffer_string(&words), "");
	}
}

static void every_fault_that_keeps_people_out_has_its_words_and_its_reason(void **state)
{
	const struct cw_lab_fault *fault;
	(void)state;
	for (size_t k = 0; (fault = cw_lab_fault_at(k)); k++) {
		AUTO(json_decref) json_t *rows = endpoints_of(fault->code, fault->code);
		size_t i;
		json_t *row;
		json_array_foreach(rows, i, row)
		{
			AUTO_BUFFER words = {0};
			bool out = !cw_screen_json_equals(row, "state", "works") &&
				!cw_screen_json_equals(row, "state", "unknown");
			words_of(row, &words);
			if (out && (!words.length || !cw_screen_json_is(row, "why")))
				fail_msg("%s: %s sees \"%s\", why \"%s\"", fault->code,
					cw_screen_json_text(row, "name"), cw_buffer_string(&words),
					cw_screen_json_text(row, "why"));
			if (out && getenv("CAUSEWAY_TELL"))
				print_message("%s %s %s: %s\n", fault->code, cw_screen_json_text(row, "name"),
					cw_screen_json_text(row, "link"), cw_buffer_string(&words));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_nothing_is_wrong_nobody_sees_anything),
		cmocka_unit_test(every_fault_that_keeps_people_out_has_its_words_and_its_reason),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
