/*
 * The states of a traversal zone, and how long it waits before the next try.
 */
#include "support/cmocka.h"
#include "traversal/zone.h"

static void a_zone_goes_through_the_vendors_states(void **state)
{
	(void)state;
	static const struct {
		enum cw_zone_event event;
		const char *want_state;
		bool want_changed;
	} rows[] = {
		{CW_ZONE_CONNECTS, "Checking", true},
		{CW_ZONE_ANSWERED, "Active", true},
		{CW_ZONE_ANSWERED, "Active", false}, /* a keep-alive */
		{CW_ZONE_LOST, "Failed", true},
		{CW_ZONE_CONNECTS, "Checking", true},
		{CW_ZONE_LOST, "Failed", true},
		{CW_ZONE_SWITCHED_OFF, "Off", true},
	};
	struct cw_zone_status status = {0};
	assert_string_equal(cw_zone_state_name(status.state), "Off");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(cw_zone_tell(&status, rows[i].event), rows[i].want_changed);
		assert_string_equal(cw_zone_state_name(status.state), rows[i].want_state);
	}
}

static void the_wait_doubles_up_to_a_minute(void **state)
{
	(void)state;
	static const unsigned want_most[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
	struct cw_zone_status status = {0};
	for (size_t i = 0; i < sizeof want_most / sizeof want_most[0]; i++) {
		cw_zone_tell(&status, CW_ZONE_LOST);
		unsigned least = want_most[i] / 2;
		assert_int_equal(cw_zone_wait(&status, &cw_zone_times_default, 0), least);
		assert_int_equal(cw_zone_wait(&status, &cw_zone_times_default, least), want_most[i]);
		for (uint32_t random = 1; random; random *= 2)
			assert_in_range(
				cw_zone_wait(&status, &cw_zone_times_default, random), least, want_most[i]);
	}
	status.failures = 4000000000U;
	assert_in_range(cw_zone_wait(&status, &cw_zone_times_default, UINT32_MAX), 30000, 60000);
}

static void success_makes_the_next_wait_short_again(void **state)
{
	(void)state;
	struct cw_zone_status status = {.state = CW_ZONE_CHECKING, .failures = 9};
	cw_zone_tell(&status, CW_ZONE_ANSWERED);
	cw_zone_tell(&status, CW_ZONE_LOST);
	assert_in_range(cw_zone_wait(&status, &cw_zone_times_default, 12345), 500, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_goes_through_the_vendors_states),
		cmocka_unit_test(the_wait_doubles_up_to_a_minute),
		cmocka_unit_test(success_makes_the_next_wait_short_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
