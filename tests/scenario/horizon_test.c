/* The dates on which a lab's links break, whose certificate it is and who can then no longer sign in. */
#include "plan/horizon.h"

#include "config/load.h"
#include "judged.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>

#define DAYS(at) (((at)-1 - TEST_AT) / CW_DAY)

struct opened {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
};

static void close_lab(struct opened *opened)
{
	cw_deployment_free(opened->deployment);
	cw_pool_free(opened->pool);
}

static void look_ahead(const char *fault, struct opened *opened, struct cw_horizon *ret)
{
	char file[512];
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	const char *folder = test_folder_path(fault ? fault : "sound");
	scenario_make_lab(folder, CW_LAB_SMALL, fault);
	snprintf(file, sizeof file, "%s/deployment.yaml", folder);
	opened->pool = cw_pool_new();
	assert_true(cw_load_deployment(file, opened->pool, &opened->deployment, &problems));
	struct cw_check_options options = {.at = TEST_AT};
	scenario_must(cw_horizon_find(opened->deployment, &options, ret, &error), &error);
}

static void the_first_date_is_that_of_the_certificate_that_ends_first(void **state)
{
	(void)state;
	AUTO_HORIZON horizon = {0};
	struct opened opened __attribute__((cleanup(close_lab))) = {0};
	look_ahead("expires-soon", &opened, &horizon);
	assert_true(horizon.count >= 2);
	const struct cw_horizon_break *first = &horizon.breaks[0];
	assert_int_equal(DAYS(first->at), 20);
	assert_int_equal(first->cause_count, 1);
	assert_string_equal(first->causes[0].node, "e1.acme.test");
	assert_string_equal(first->causes[0].store, "server");
	assert_int_equal(first->links.count,
		9); /* zone, SERVICE check, tunnel and both edge links of three endpoints */
	assert_true(cw_strings_contain(&first->links, "traversal c1.acme.test e1.acme.test"));
	assert_int_equal(first->service_count, 3);
	assert_int_equal(first->services[0].before, CW_SERVICE_WORKS);
	assert_int_equal(first->services[0].after, CW_SERVICE_DEAD);
	assert_int_equal(horizon.refused_now, 0);
}

static void the_other_dates_follow_in_order_of_time(void **state)
{
	(void)state;
	AUTO_HORIZON horizon = {0};
	struct opened opened __attribute__((cleanup(close_lab))) = {0};
	look_ahead(NULL, &opened, &horizon);
	assert_true(horizon.count >= 1);
	assert_int_equal(DAYS(horizon.breaks[0].at), 365);
	for (size_t i = 1; i < horizon.count; i++)
		assert_true(horizon.breaks[i - 1].at < horizon.breaks[i].at);
}

static void what_is_refused_already_is_counted_and_not_told_again(void **state)
{
	(void)state;
	AUTO_HORIZON horizon = {0};
	struct opened opened __attribute__((cleanup(close_lab))) = {0};
	look_ahead("root-missing", &opened, &horizon);
	assert_int_equal(horizon.refused_now, 3);
	for (size_t i = 0; i < horizon.count; i++)
		assert_false(
			cw_strings_contain(&horizon.breaks[i].links, "traversal c1.acme.test e1.acme.test"));
}

static void a_crl_that_runs_out_is_a_date_too(void **state)
{
	(void)state;
	AUTO_HORIZON horizon = {0};
	struct opened opened __attribute__((cleanup(close_lab))) = {0};
	look_ahead("revoked", &opened, &horizon);
	bool seen = false;
	for (size_t i = 0; i < horizon.count; i++)
		for (size_t k = 0; k < horizon.breaks[i].cause_count; k++)
			seen = seen || !horizon.breaks[i].causes[k].cert;
	assert_true(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_date_is_that_of_the_certificate_that_ends_first),
		cmocka_unit_test(the_other_dates_follow_in_order_of_time),
		cmocka_unit_test(what_is_refused_already_is_counted_and_not_told_again),
		cmocka_unit_test(a_crl_that_runs_out_is_a_date_too),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
