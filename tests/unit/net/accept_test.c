/*
 * Peers who use up connections or descriptors: the loop does not spin, descriptors stay free, and whoever comes later
 * is served.
 */
#include "net/accept.h"

#include "support/cmocka.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PEERS 100
#define DESCRIPTORS 64

struct scene {
	struct event_base *base;
	struct cw_accept *accept;
	evutil_socket_t taken[PEERS];
	size_t count;
};

static void accepted(void *context, evutil_socket_t socket_, const struct sockaddr *from, int length)
{
	struct scene *scene = context;
	(void)from;
	(void)length;
	assert_in_range(scene->count, 0, PEERS - 1);
	scene->taken[scene->count++] = socket_;
}

static size_t count(void *context)
{
	return ((struct scene *)context)->count;
}

static void begin(struct scene *scene, size_t most)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct cw_accept_owner owner = {
		.accepted = accepted, .count = most ? count : NULL, .count_max = most, .context = scene};
	struct cw_error error;
	*scene = (struct scene){.base = cw_accept_base_new()};
	assert_non_null(scene->base);
	assert_true(cw_accept_open(
		scene->base, (struct sockaddr *)&address, sizeof address, &owner, &scene->accept, &error));
}

static void end(struct scene *scene)
{
	for (size_t i = 0; i < scene->count; i++)
		evutil_closesocket(scene->taken[i]);
	cw_accept_free(scene->accept);
	event_base_free(scene->base);
}

/* In a process of their own: its descriptors are not ours. It connects them all, tells, and stays. */
static pid_t send_peers(const struct scene *scene, size_t peers)
{
	struct sockaddr_in address;
	socklen_t size = sizeof address;
	int told[2];
	char byte;
	assert_int_equal(getsockname(cw_accept_socket(scene->accept), (struct sockaddr *)&address, &size), 0);
	assert_int_equal(pipe(told), 0);
	pid_t child = fork();
	if (child == 0) {
		bool good = true;
		for (size_t i = 0; i < peers; i++) {
			int one = socket(AF_INET, SOCK_STREAM, 0);
			good = good && one >= 0 &&
				connect(one, (struct sockaddr *)&address, sizeof address) == 0;
		}
		if (write(told[1], "c", 1) != 1 || !good)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
	close(told[1]);
	return child;
}

static void stop(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void turn(const struct scene *scene, unsigned milliseconds)
{
	struct timeval wait = {milliseconds / 1000, (suseconds_t)(milliseconds % 1000) * 1000};
	event_base_loopexit(scene->base, &wait);
	assert_int_equal(event_base_dispatch(scene->base), 0);
}

static void where_descriptors_are_scarce_the_loop_does_not_spin(void **state)
{
	(void)state;
	struct scene scene;
	struct rlimit before;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	begin(&scene, 0);
	pid_t peers = send_peers(&scene, PEERS);
	const struct rlimit few = {DESCRIPTORS, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	clock_t busy = clock();
	turn(&scene, 1000);
	busy = clock() - busy;
	int spare = open("/dev/null", O_RDONLY | O_CLOEXEC); /* who needs one still gets one */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(spare >= 0);
	close(spare);
	assert_in_range(scene.count, 1, DESCRIPTORS - CW_ACCEPT_DESCRIPTORS_FREE + 1);
	assert_in_range(cw_accept_pauses(scene.accept), 1, 1000 / CW_ACCEPT_PAUSE_MILLISECONDS + 1);
	assert_in_range(busy, 0, CLOCKS_PER_SEC / 3);
	stop(peers);
	end(&scene);
}

static void behind_the_cap_a_connection_is_closed_at_once(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, 3);
	pid_t peers = send_peers(&scene, 10);
	turn(&scene, 100);
	assert_int_equal(scene.count, 3);
	for (size_t i = 0; i < 3; i++)
		evutil_closesocket(scene.taken[i]);
	scene.count = 0;
	stop(peers);
	peers = send_peers(&scene, 1); /* who comes when there is room is served */
	turn(&scene, 100);
	assert_int_equal(scene.count, 1);
	stop(peers);
	end(&scene);
}

static void a_process_that_serves_many_takes_what_it_may_have(void **state)
{
	(void)state;
	struct rlimit before, after;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	const struct rlimit few = {DESCRIPTORS, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	cw_accept_raise_limit();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &after), 0);
	rlim_t wanted =
		before.rlim_max < CW_ACCEPT_DESCRIPTORS_MAX ? before.rlim_max : CW_ACCEPT_DESCRIPTORS_MAX;
	assert_int_equal(after.rlim_cur, wanted);
	assert_int_equal(after.rlim_max, before.rlim_max);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void who_left_while_it_waited_is_not_served(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, 0);
	stop(send_peers(&scene, 10));
	pid_t peers = send_peers(&scene, 2);
	turn(&scene, 100);
	assert_int_equal(scene.count, 2);
	stop(peers);
	end(&scene);
}

struct rival {
	struct event *event;
	unsigned turns, most;
	size_t accepted_meanwhile, until;
	const struct scene *scene;
};

static const struct timeval at_once = {0, 0};

/* As a connection that has something to do at each turn of the loop. */
static void on_rival(evutil_socket_t none, short what, void *context)
{
	struct rival *rival = context;
	(void)none;
	(void)what;
	rival->accepted_meanwhile = rival->scene->count;
	if (++rival->turns < rival->most && rival->accepted_meanwhile < rival->until)
		event_add(rival->event, &at_once);
}

static void begin_rival(struct rival *rival, const struct scene *scene)
{
	rival->scene = scene;
	rival->event = evtimer_new(scene->base, on_rival, rival);
	assert_non_null(rival->event);
	event_add(rival->event, &at_once);
}

static unsigned milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static void who_is_there_goes_before_who_comes(void **state)
{
	(void)state;
	struct scene scene;
	unsigned begun = milliseconds();
	begin(&scene, 0);
	pid_t peers = send_peers(&scene, PEERS);
	struct rival rival = {.most = 100, .until = PEERS};
	begin_rival(&rival, &scene);
	while (rival.turns < rival.most && rival.accepted_meanwhile < PEERS)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	/* some at each due time, of which one is long over, and nobody in between */
	unsigned due = 1 + (milliseconds() - begun) / CW_ACCEPT_DUE_MILLISECONDS;
	assert_in_range(rival.accepted_meanwhile, 0, due * CW_ACCEPT_AT_ONCE);
	turn(&scene, 200);
	assert_int_equal(scene.count, PEERS); /* and then everybody comes in */
	event_free(rival.event);
	stop(peers);
	end(&scene);
}

static void who_never_rests_keeps_nobody_out(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, 0);
	pid_t peers = send_peers(&scene, PEERS);
	struct rival rival = {.most = UINT_MAX, .until = PEERS};
	begin_rival(&rival, &scene);
	while (rival.accepted_meanwhile < PEERS)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	assert_in_range(rival.turns, PEERS / CW_ACCEPT_AT_ONCE, UINT_MAX);
	event_free(rival.event);
	stop(peers);
	end(&scene);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
	(void)state;
	struct scene scene;
	struct sockaddr_in address;
	socklen_t size = sizeof address;
	struct cw_accept *second;
	struct cw_error error;
	begin(&scene, 0);
	assert_int_equal(getsockname(cw_accept_socket(scene.accept), (struct sockaddr *)&address, &size), 0);
	const struct cw_accept_owner owner = {.accepted = accepted, .context = &scene};
	assert_false(cw_accept_open(
		scene.base, (struct sockaddr *)&address, sizeof address, &owner, &second, &error));
	assert_int_equal(error.code, CW_E_NETWORK);
	assert_int_equal(errno, EADDRINUSE);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_descriptors_are_scarce_the_loop_does_not_spin),
		cmocka_unit_test(behind_the_cap_a_connection_is_closed_at_once),
		cmocka_unit_test(a_process_that_serves_many_takes_what_it_may_have),
		cmocka_unit_test(who_left_while_it_waited_is_not_served),
		cmocka_unit_test(who_is_there_goes_before_who_comes),
		cmocka_unit_test(who_never_rests_keeps_nobody_out),
		cmocka_unit_test(a_port_that_is_taken_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
