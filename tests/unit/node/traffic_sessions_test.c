/*
 * Who is shown as signed in at Expressway-C.
 */
#include "node/traffic/traffic_sessions.h"

#include "base/buffer.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define NOW 1800000000
#define LASTS 28800

static void sign_in(struct cw_traffic_sessions *sessions, const char *user, const char *edge, cw_time at)
{
	struct cw_traffic_sessions_row row = {
		.client = "jabber", .address = "192.0.2.7", .since = at, .until = at + LASTS};
	snprintf(row.user, sizeof row.user, "%s", user);
	snprintf(row.edge, sizeof row.edge, "%s", edge);
	assert_true(cw_traffic_sessions_take(sessions, &row, at));
}

/* Their users, the newest first. */
static void want_users(struct cw_traffic_sessions *sessions, cw_time now, const char *want)
{
	const struct cw_traffic_sessions_row *rows[8];
	AUTO_BUFFER text = {0};
	size_t count = cw_traffic_sessions_list(sessions, now, rows, 8);
	for (size_t i = 0; i < count; i++)
		cw_buffer_printf(&text, "%s ", rows[i]->user);
	assert_string_equal(cw_buffer_string(&text), want);
}

static void who_signs_in_again_goes_on(void **state)
{
	(void)state;
	struct cw_traffic_sessions sessions = {0};
	const struct cw_traffic_sessions_row *row;
	sign_in(&sessions, "anna", "e1", NOW);
	sign_in(&sessions, "anna", "e1", NOW + 100);
	assert_int_equal(cw_traffic_sessions_list(&sessions, NOW + 100, &row, 1), 1);
	assert_int_equal(row->since, NOW);
	assert_int_equal(row->until, NOW + 100 + LASTS);
	sign_in(&sessions, "anna", "e2", NOW + 200);
	assert_int_equal(cw_traffic_sessions_count(&sessions, NOW + 200), 2);
	cw_traffic_sessions_finish(&sessions);
}

static void a_session_is_over_when_its_cookie_is(void **state)
{
	(void)state;
	struct cw_traffic_sessions sessions = {0};
	sign_in(&sessions, "anna", "e1", NOW);
	sign_in(&sessions, "berta", "e1", NOW + 100);
	want_users(&sessions, NOW + 100, "berta anna ");
	want_users(&sessions, NOW + LASTS - 1, "berta anna ");
	want_users(&sessions, NOW + LASTS, "berta ");
	sign_in(&sessions, "anna", "e1", NOW + LASTS + 50);
	want_users(&sessions, NOW + LASTS + 50, "anna berta ");
	want_users(&sessions, NOW + 3 * LASTS, "");
	cw_traffic_sessions_finish(&sessions);
}

static void of_too_many_the_oldest_is_not_shown(void **state)
{
	(void)state;
	struct cw_traffic_sessions sessions = {0};
	const struct cw_traffic_sessions_row *rows[2];
	for (int i = 0; i <= CW_TRAFFIC_SESSIONS_MAX; i++) {
		char user[16];
		snprintf(user, sizeof user, "u%d", i);
		sign_in(&sessions, user, "e1", NOW + i);
	}
	assert_int_equal(
		cw_traffic_sessions_count(&sessions, NOW + CW_TRAFFIC_SESSIONS_MAX), CW_TRAFFIC_SESSIONS_MAX);
	assert_int_equal(cw_traffic_sessions_list(&sessions, NOW + CW_TRAFFIC_SESSIONS_MAX, rows, 2), 2);
	assert_string_equal(rows[0]->user, "u10000");
	assert_string_equal(rows[1]->user, "u9999");
	sign_in(&sessions, "u1", "e1", NOW + CW_TRAFFIC_SESSIONS_MAX); /* it is still there: u0 gave way */
	assert_int_equal(
		cw_traffic_sessions_count(&sessions, NOW + CW_TRAFFIC_SESSIONS_MAX), CW_TRAFFIC_SESSIONS_MAX);
	assert_int_equal(cw_traffic_sessions_list(&sessions, NOW + CW_TRAFFIC_SESSIONS_MAX, rows, 2), 2);
	assert_string_equal(rows[0]->user, "u10000");
	cw_traffic_sessions_finish(&sessions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_signs_in_again_goes_on),
		cmocka_unit_test(a_session_is_over_when_its_cookie_is),
		cmocka_unit_test(of_too_many_the_oldest_is_not_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
