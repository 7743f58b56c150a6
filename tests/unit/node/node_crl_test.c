/* When automatic CRL updates are due. */
#include "node/crl/node_crl.h"

#include "support/cmocka.h"

/* 2026-11-28, midnight in UTC. */
#define MIDNIGHT ((cw_time)1795824000)
#define HOUR ((cw_time)3600)

static void updates_are_due_at_the_beginning_and_daily_at_their_time(void **state)
{
	static const struct {
		const char *name;
		cw_time now, last;
		const char *daily;
		bool want_due;
	} rows[] = {
		{"never before", MIDNIGHT + HOUR, 0, "03:30", true},
		{"this morning already", MIDNIGHT + 9 * HOUR, MIDNIGHT + 4 * HOUR, "03:30", false},
		{"its minute", MIDNIGHT + 3 * HOUR + 1800, MIDNIGHT - 20 * HOUR, "03:30", true},
		{"the minute before", MIDNIGHT + 3 * HOUR + 1799, MIDNIGHT - 20 * HOUR, "03:30", false},
		{"the machine slept over its time", MIDNIGHT + 12 * HOUR, MIDNIGHT - 20 * HOUR, "03:30",
			true},
		{"at its beginning before the time, and now again", MIDNIGHT + 4 * HOUR, MIDNIGHT + HOUR,
			"03:30", true},
		{"nothing is said: at three", MIDNIGHT + 3 * HOUR, MIDNIGHT + HOUR, NULL, true},
		{"and not before", MIDNIGHT + 3 * HOUR - 1, MIDNIGHT + HOUR, NULL, false},
		{"the clock was set back", MIDNIGHT, MIDNIGHT + 30 * HOUR, "03:30", true},
	};
	(void)state;
	assert_int_equal(MIDNIGHT % 86400, 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (cw_node_crl_is_due(rows[i].now, rows[i].last, rows[i].daily) != rows[i].want_due)
			fail_msg("%s", rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(updates_are_due_at_the_beginning_and_daily_at_their_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
