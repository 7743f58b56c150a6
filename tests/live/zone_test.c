/*
 * A held stand_ins's traversal zone, on short times: it keeps itself alive, and comes back when its connection
 * goes away, when nobody answers any more, and when its server is gone for a while.
 */
#include "config/load.h"
#include "lab/lab.h"
#include "net/accept.h"
#include "rehearse/rehearsal_parts.h"
#include "rehearse/serve.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define AT cw_time_from_utc(2026, 11, 20, 12, 0, 0)

/* Against a test that hangs; nothing here waits for it. */
#define LIMIT_SECONDS 60

static struct {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_check *check;
	struct cw_rehearsal *rehearsal;
	struct cw_strings told;
	void (*on_told)(const char *line);
	struct event *limit;
	size_t active, failed;
	bool ending;
} scene;

static const struct cw_zone_times short_times = {.keep_alive = 10, .wait_min = 20, .wait_max = 80};

/* Once: the second signal has its default effect. */
static void end(void)
{
	if (!scene.ending)
		raise(SIGTERM);
	scene.ending = true;
}

static void on_limit(evutil_socket_t none, short what, void *context)
{
	(void)none;
	(void)what;
	(void)context;
	for (size_t i = 0; i < scene.told.count; i++)
		print_error("%s\n", scene.told.items[i]);
	fail_msg("nothing more happens");
}

static void told(void *context, const char *line)
{
	(void)context;
	assert_true(cw_strings_add(&scene.told, line));
	scene.active += strstr(line, ": Active") != NULL;
	scene.failed += strstr(line, ": Failed") != NULL;
	if (scene.on_told)
		scene.on_told(line);
}

static bool ready(void *context, struct cw_error *error)
{
	(void)context;
	(void)error;
	struct timeval limit = {LIMIT_SECONDS, 0};
	scene.limit = evtimer_new(scene.rehearsal->base, on_limit, NULL);
	assert_non_null(scene.limit);
	assert_int_equal(event_add(scene.limit, &limit), 0);
	return true;
}

static void open_scene(const char *fault, const struct cw_limits *limits)
{
	static unsigned number;
	char name[32];
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	snprintf(name, sizeof name, "lab-%u", ++number);
	struct cw_lab_options lab = {.folder = test_folder_path(name),
		.key = "ec",
		.at = AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	struct cw_rehearsal_options options = {.check = {.at = AT}, .limits = limits};
	memset(&scene, 0, sizeof scene);
	scene.pool = cw_pool_new();
	assert_true(cw_lab_new(&lab, &error));
	assert_true(cw_load_deployment(lab.folder, scene.pool, &scene.deployment, &problems));
	assert_true(cw_check_run(scene.deployment, &options.check, &scene.check, &error));
	assert_true(cw_rehearsal_new(scene.check, &options, &scene.rehearsal, &error));
	assert_true(cw_rehearsal_run(scene.rehearsal, &error));
}

static void hold(void)
{
	struct cw_error error;
	struct cw_serve_options options = {.ready = ready, .told = told, .times = &short_times};
	scene.ending = false;
	if (!cw_serve_rehearsal(scene.rehearsal, &options, &error))
		fail_msg("%s", error.message);
	event_free(scene.limit);
}

static void close_scene(void)
{
	for (size_t i = 0; getenv("SHOW") && i < scene.told.count; i++)
		print_message("%s\n", scene.told.items[i]);
	cw_rehearsal_free(scene.rehearsal);
	cw_check_free(scene.check);
	cw_deployment_free(scene.deployment);
	cw_pool_free(scene.pool);
	cw_strings_finish(&scene.told);
}

/* The lines so far, without what stands in brackets and behind it. */
static void assert_states(const char *want)
{
	AUTO_BUFFER states = {0};
	for (size_t i = 0; i < scene.told.count; i++) {
		const char *state = strstr(scene.told.items[i], "e1.acme.test: ");
		if (state && scene.told.items[i][0] == 'z')
			cw_buffer_printf(&states, "%.*s ", (int)strcspn(state + 14, " "), state + 14);
	}
	assert_string_equal(cw_buffer_string(&states), want);
}

static void drop_connection(void)
{
	assert_non_null(scene.rehearsal->running);
	shutdown(cw_connection_socket(scene.rehearsal->running->server.connection), SHUT_RDWR);
}

static void drop_twice(const char *line)
{
	if (!strstr(line, ": Active"))
		return;
	if (scene.active < 3)
		drop_connection();
	else
		end();
}

static void a_dropped_zone_comes_back(void **state)
{
	(void)state;
	open_scene(NULL, NULL);
	scene.on_told = drop_twice;
	hold();
	assert_states("Checking Active Failed Checking Active Failed Checking Active ");
	for (size_t i = 0; i < scene.told.count; i++)
		if (strstr(scene.told.items[i], "Failed"))
			assert_non_null(strstr(scene.told.items[i], "; next try in 0.0 s"));
	close_scene();
}

static struct event *watcher;

/* The client's sequence number counts its requests: two for the first answer, two for each keep-alive. */
static void on_watch(evutil_socket_t none, short what, void *context)
{
	(void)none;
	(void)what;
	(void)context;
	if (scene.rehearsal->running->client.conversation.sequence >= 10)
		end();
}

static void start_watching(const char *line)
{
	struct timeval every = {0, 2000};
	if (!strstr(line, ": Active"))
		return;
	watcher = event_new(scene.rehearsal->base, -1, EV_PERSIST, on_watch, NULL);
	assert_non_null(watcher);
	assert_int_equal(event_add(watcher, &every), 0);
}

static void an_active_zone_keeps_itself_alive(void **state)
{
	(void)state;
	open_scene(NULL, NULL);
	scene.on_told = start_watching;
	hold();
	event_free(watcher);
	assert_states("Checking Active ");
	close_scene();
}

/* The server end neither reads nor answers any more. */
static void fall_silent(const char *line)
{
	if (!strstr(line, ": Active"))
		return;
	if (scene.active > 1) {
		end();
		return;
	}
	struct cw_exchange *exchange = scene.rehearsal->running;
	cw_connection_free(TAKE(exchange->server.connection));
	exchange->server.connection = NULL;
	exchange->server.ended = true;
}

static void a_zone_whose_server_goes_away_comes_back(void **state)
{
	(void)state;
	open_scene(NULL, NULL);
	scene.on_told = fall_silent;
	hold();
	assert_states("Checking Active Failed Checking Active ");
	close_scene();
}

static void disable_listeners(bool off)
{
	for (size_t i = 0; i < scene.rehearsal->listener_count; i++)
		if (off)
			cw_accept_stop(scene.rehearsal->listeners[i]->accept);
		else
			cw_accept_go_on(scene.rehearsal->listeners[i]->accept);
}

/* For two tries nobody takes the connection: it hangs in the kernel's queue until the handshake's limit. */
static void be_away_for_a_while(const char *line)
{
	if (scene.failed == 0 && strstr(line, ": Active")) {
		disable_listeners(true);
		drop_connection();
	}
	if (scene.failed == 3 && strstr(line, ": Failed"))
		disable_listeners(false);
	if (scene.active == 2)
		end();
}

static void a_zone_tries_again_and_again_and_waits_longer_each_time(void **state)
{
	(void)state;
	static const struct cw_limits limits = {
		.connect = 5000, .handshake = 600, .first_byte = 10000, .idle = 10000, .drain = 10};
	open_scene(NULL, &limits);
	scene.on_told = be_away_for_a_while;
	hold();
	assert_states("Checking Active Failed Checking Failed Checking Failed Checking Active ");
	close_scene();
}

static void end_at_second_failure(const char *line)
{
	(void)line;
	if (scene.failed == 2)
		end();
}

static void a_zone_that_is_refused_stays_failed_and_says_why(void **state)
{
	(void)state;
	static const struct {
		const char *fault, *want;
	} rows[] = {
		{"verify-name-mismatch", "e1.acme.test: verify-name-mismatch (refused): "},
		{"credentials-differ", "e1.acme.test: credentials-differ (refused): the zone's password"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t said = 0;
		open_scene(rows[i].fault, NULL);
		scene.on_told = end_at_second_failure;
		hold();
		assert_states("Checking Failed Checking Failed ");
		for (size_t k = 0; k < scene.told.count; k++)
			said += strstr(scene.told.items[k], rows[i].want) != NULL;
		for (size_t k = 0; !said && k < scene.told.count; k++)
			print_error("%s\n", scene.told.items[k]);
		assert_true(said > 0);
		close_scene();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dropped_zone_comes_back),
		cmocka_unit_test(an_active_zone_keeps_itself_alive),
		cmocka_unit_test(a_zone_whose_server_goes_away_comes_back),
		cmocka_unit_test(a_zone_tries_again_and_again_and_waits_longer_each_time),
		cmocka_unit_test(a_zone_that_is_refused_stays_failed_and_says_why),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
