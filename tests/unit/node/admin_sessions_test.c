#include "node/admin/admin_backoff.h"
#include "node/admin/admin_sessions.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

struct scene {
	struct cw_admin_sessions *sessions;
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	struct cw_admin_session seen;
};

static void begin(struct scene *scene)
{
	struct cw_error error;
	assert_true(cw_admin_sessions_new(&scene->sessions, &error));
	cw_admin_sessions_begin(scene->sessions, "admin", 1000, scene->token);
}

static void finish(struct scene *scene)
{
	cw_admin_sessions_free(scene->sessions);
}

#define AUTO_SCENE __attribute__((cleanup(finish))) struct scene

static bool looks(struct scene *scene, uint64_t now, bool renews)
{
	return cw_admin_sessions_look(scene->sessions, scene->token, now, renews, &scene->seen);
}

static void a_token_is_256_bits_and_another_one_each_time(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char other[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	begin(&scene);
	cw_admin_sessions_begin(scene.sessions, "admin", 1000, other);
	assert_int_equal(strlen(scene.token), 43); /* 32 bytes as base64url */
	assert_string_not_equal(scene.token, other);
	assert_true(looks(&scene, 1000, true));
	assert_string_equal(scene.seen.user, "admin");
	assert_int_equal(strlen(scene.seen.csrf), 64);
	assert_null(strstr(scene.seen.csrf, scene.token));
}

static void a_session_ends_when_its_time_is_over(void **state)
{
	(void)state;
	static const struct {
		uint64_t step; /* between two requests */
		bool renews;
		uint64_t want_end; /* seconds after the log-in */
	} rows[] = {
		{CW_ADMIN_SESSIONS_IDLE, true, CW_ADMIN_SESSIONS_IDLE},
		{CW_ADMIN_SESSIONS_IDLE - 1, true, CW_ADMIN_SESSIONS_WHOLE},
		{60, true, CW_ADMIN_SESSIONS_WHOLE},
		{60, false, CW_ADMIN_SESSIONS_IDLE}, /* a page that renews itself is nobody at work */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		uint64_t now = 1000;
		begin(&scene);
		do
			now += rows[i].step;
		while (looks(&scene, now, rows[i].renews));
		assert_in_range(now - 1000, rows[i].want_end, rows[i].want_end + rows[i].step);
		assert_false(looks(&scene, 1000, true)); /* and does not come back with an older clock */
	}
}

static void what_is_no_token_is_nobodys(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0}, other = {0};
	begin(&scene);
	begin(&other);
	static const char *const rows[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_false(cw_admin_sessions_look(scene.sessions, rows[i], 1000, true, &scene.seen));
	assert_false(cw_admin_sessions_look(scene.sessions, other.token, 1000, true, &scene.seen));
	scene.token[5] ^= 1;
	assert_false(looks(&scene, 1000, true));
}

static void a_log_out_and_a_new_password_end_sessions(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char own[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], others[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	begin(&scene);
	cw_admin_sessions_begin(scene.sessions, "admin", 1000, own);
	cw_admin_sessions_begin(scene.sessions, "eve", 1000, others);
	cw_admin_sessions_know(scene.sessions, "admin", "secret", 1000);
	assert_true(cw_admin_sessions_knows(scene.sessions, "admin", "secret", 1000));
	cw_admin_sessions_end_user(scene.sessions, "admin", own);
	assert_false(looks(&scene, 1000, true));
	assert_false(cw_admin_sessions_knows(scene.sessions, "admin", "secret", 1000));
	assert_true(cw_admin_sessions_look(scene.sessions, own, 1000, true, &scene.seen));
	assert_true(cw_admin_sessions_look(scene.sessions, others, 1000, true, &scene.seen));
	cw_admin_sessions_end(scene.sessions, own);
	assert_false(cw_admin_sessions_look(scene.sessions, own, 1000, true, &scene.seen));
	assert_int_equal(cw_admin_sessions_count(scene.sessions, 1000), 1);
}

static void sessions_are_bounded_and_the_one_that_was_silent_longest_goes(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], user[16];
	begin(&scene);
	for (uint64_t i = 0; i < CW_ADMIN_SESSIONS_PER_USER; i++)
		cw_admin_sessions_begin(scene.sessions, "admin", 1001 + i, token);
	assert_false(looks(&scene, 1100, true));
	assert_int_equal(cw_admin_sessions_count(scene.sessions, 1100), CW_ADMIN_SESSIONS_PER_USER);
	for (size_t i = 0; i < 2 * CW_ADMIN_SESSIONS_MAX; i++) {
		snprintf(user, sizeof user, "user%zu", i);
		cw_admin_sessions_begin(scene.sessions, user, 1100, token);
	}
	assert_int_equal(cw_admin_sessions_count(scene.sessions, 1100), CW_ADMIN_SESSIONS_MAX);
	assert_true(cw_admin_sessions_look(scene.sessions, token, 1100, true, &scene.seen));
}

static void a_password_by_basic_is_known_for_five_minutes_with_its_user(void **state)
{
	(void)state;
	static const struct {
		const char *user, *password;
		uint64_t at;
		bool want;
	} rows[] = {
		{"admin", "secret", 1000, true},
		{"admin", "secret", 1299, true},
		{"admin", "secret", 1300, false},
		{"admin", "secret2", 1000, false},
		{"admins", "ecret", 1000, false},
		{"eve", "secret", 1000, false},
		{"", "", 1000, false},
	};
	AUTO_SCENE scene = {0};
	begin(&scene);
	cw_admin_sessions_know(scene.sessions, "admin", "secret", 1000);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
			cw_admin_sessions_knows(scene.sessions, rows[i].user, rows[i].password, rows[i].at),
			rows[i].want);
}

static void who_guesses_waits_longer_each_time_up_to_a_bound(void **state)
{
	(void)state;
	static const uint64_t wants[] = {0, 0, 0, 2, 4, 8, 16, 30, 30, 30};
	struct cw_admin_backoff backoff = {0};
	uint64_t now = 5000;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		char address[16];
		snprintf(address, sizeof address, "192.0.2.%zu", i);
		cw_admin_backoff_failed(&backoff, "admin", address, now);
		uint64_t wait = cw_admin_backoff_wait(&backoff, "admin", "198.51.100.1", now);
		assert_int_equal(wait, wants[i]);
		now += wait;
		assert_int_equal(cw_admin_backoff_wait(&backoff, "admin", "198.51.100.1", now), 0);
	}
}

static void an_address_waits_whatever_user_it_tries_and_up_to_a_quarter_of_an_hour(void **state)
{
	(void)state;
	struct cw_admin_backoff backoff = {0};
	uint64_t longest = 0, now = 5000;
	for (size_t i = 0; i < 20; i++) {
		char user[16];
		snprintf(user, sizeof user, "user%zu", i);
		cw_admin_backoff_failed(&backoff, user, "192.0.2.1", now);
		uint64_t wait = cw_admin_backoff_wait(&backoff, "nobody", "192.0.2.1", now);
		longest = wait > longest ? wait : longest;
		now += wait;
	}
	assert_int_equal(longest, CW_ADMIN_BACKOFF_ADDRESS);
	assert_int_equal(cw_admin_backoff_wait(&backoff, "nobody", "192.0.2.2", now), 0);
}

static void a_right_password_and_an_hour_forget(void **state)
{
	(void)state;
	struct cw_admin_backoff backoff = {0};
	for (size_t i = 0; i < 5; i++)
		cw_admin_backoff_failed(&backoff, "admin", "192.0.2.1", 5000);
	cw_admin_backoff_worked(&backoff, "admin", "192.0.2.1");
	assert_int_equal(cw_admin_backoff_wait(&backoff, "admin", "192.0.2.9", 5000), 0);
	cw_admin_backoff_failed(&backoff, "admin", "192.0.2.1", 5000);
	assert_true(cw_admin_backoff_wait(&backoff, "eve", "192.0.2.1", 5000) >
		2); /* an own account gives no free guesses */
	cw_admin_backoff_failed(&backoff, "admin", "192.0.2.1", 5000 + CW_ADMIN_BACKOFF_FORGOTTEN + 1);
	assert_int_equal(
		cw_admin_backoff_wait(&backoff, "admin", "192.0.2.1", 5000 + CW_ADMIN_BACKOFF_FORGOTTEN + 1),
		0);
}

static void a_flood_of_users_does_not_forget_the_address_it_comes_from(void **state)
{
	(void)state;
	struct cw_admin_backoff backoff = {0};
	for (size_t i = 0; i < 3 * CW_ADMIN_BACKOFF_MAX; i++) {
		char user[16];
		snprintf(user, sizeof user, "user%zu", i);
		cw_admin_backoff_failed(&backoff, user, "192.0.2.1", 5000 + i);
	}
	assert_int_equal(cw_admin_backoff_wait(&backoff, "x", "192.0.2.1", 5000 + 3 * CW_ADMIN_BACKOFF_MAX),
		CW_ADMIN_BACKOFF_ADDRESS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_256_bits_and_another_one_each_time),
		cmocka_unit_test(a_session_ends_when_its_time_is_over),
		cmocka_unit_test(what_is_no_token_is_nobodys),
		cmocka_unit_test(a_log_out_and_a_new_password_end_sessions),
		cmocka_unit_test(sessions_are_bounded_and_the_one_that_was_silent_longest_goes),
		cmocka_unit_test(a_password_by_basic_is_known_for_five_minutes_with_its_user),
		cmocka_unit_test(who_guesses_waits_longer_each_time_up_to_a_bound),
		cmocka_unit_test(an_address_waits_whatever_user_it_tries_and_up_to_a_quarter_of_an_hour),
		cmocka_unit_test(a_right_password_and_an_hour_forget),
		cmocka_unit_test(a_flood_of_users_does_not_forget_the_address_it_comes_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
