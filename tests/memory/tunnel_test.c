/**
 * Allocations fail in turn while both sides of an SSH tunnel are opened and let in, and while they come up with the real
 * ssh and sshd. Each time the step says that there is no memory, or it is done; what fails on the way up is dialled
 * anew and comes up. Nothing leaks, hangs or is let in that was not allowed.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "support/certs.h"
#include "support/folder.h"
#include "support/tunnel_scene.h"
#include "traversal/tunnel_key.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <unistd.h>

/* Ways up are the long ones: each starts two processes. */
#define UPS 12

static void *event_malloc(size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return malloc(size);
	errno = ENOMEM;
	return NULL;
}

static void *event_realloc(void *memory, size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return realloc(memory, size);
	errno = ENOMEM;
	return NULL;
}

static bool admit(void *context, const struct sockaddr_in *from)
{
	(void)context;
	(void)from;
	return true;
}

static void on_changed(void *context, const char *peer, const struct cw_tunnel_status *status)
{
	(void)context;
	(void)peer;
	(void)status;
}

static void on_told(void *context, const struct sockaddr_in *from, const char *text)
{
	(void)context;
	(void)from;
	(void)text;
}

static void on_client_changed(void *context, const struct cw_tunnel_status *status)
{
	(void)context;
	(void)status;
}

static void on_client_told(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static bool open_server(struct cw_error *error)
{
	const struct cw_tunnel_server_setup setup = {.base = tunnel.base,
		.folder = test_folder_path("e"),
		.account = &tunnel.account,
		.limits = &tunnel.limits,
		.address = tunnel.address,
		.key = test_key(tunnel.server_key),
		.algorithms = CW_TUNNEL_ALL,
		.owner = {admit, on_changed, on_told, NULL}};
	if (!cw_tunnel_server_open(&setup, &tunnel.server, error))
		return false;
	tunnel.address = *cw_tunnel_server_address(tunnel.server);
	return true;
}

static bool open_client(struct cw_error *error)
{
	const struct cw_tunnel_client_setup setup = {.base = tunnel.base,
		.folder = test_folder_path("c"),
		.account = &tunnel.account,
		.limits = &tunnel.limits,
		.key = test_key(tunnel.client_key),
		.algorithms = CW_TUNNEL_ALL,
		.owner = {on_client_changed, NULL, on_client_told, NULL}};
	return cw_tunnel_client_open(&setup, &tunnel.client, error);
}

static bool allow_client(struct cw_error *error)
{
	const struct cw_tunnel_peer peer = {.name = "c1",
		.key = test_key(tunnel.client_key),
		.listen = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		.secret = tunnel.secret,
		.expires = 4102444800}; /* 2100 */
	return cw_tunnel_server_allow(tunnel.server, &peer, &tunnel.listen, error);
}

static bool allow_server(struct cw_error *error)
{
	const struct cw_tunnel_target target = {.to = tunnel.address,
		.login = tunnel.account.name,
		.key = test_key(tunnel.server_key),
		.listen = tunnel.listen,
		.secret = tunnel.secret};
	return cw_tunnel_client_allow(tunnel.client, &target, error);
}

static bool open_all(struct cw_error *error)
{
	return open_server(error) && open_client(error) && allow_client(error) && allow_server(error);
}

static bool has_tunnels(void)
{
	if (tunnel.account.name[0] && access(cw_tunnel_programs_default.sshd, X_OK) == 0)
		return true;
	print_message("skipped: no OpenSSH here, or no account to run it as\n");
	return false;
}

/* True: it was done, or it said that there is no memory. */
static bool try_opening(enum failing_kind kind, unsigned long number)
{
	struct cw_error error = {0};
	failing_arm(kind, number, false);
	bool opened = open_all(&error);
	bool failed = failing_disarm();
	if (opened ||
		(failed &&
			(error.code == CW_E_MEMORY || error.code == CW_E_CRYPTO || error.code == CW_E_IO ||
				error.code == CW_E_NETWORK || error.code == CW_E_KEY)))
		return true;
	print_error("kind %d, allocation %lu: code %d, error \"%s\"\n", (int)kind, number, (int)error.code,
		error.message);
	return false;
}

static void open_in_turn(enum failing_kind kind)
{
	struct cw_error error;
	void *state = NULL;
	unsigned long unclean = 0;
	assert_int_equal(test_tunnel_begin(&state), 0);
	if (!has_tunnels()) {
		test_tunnel_close(&state);
		skip();
	}
	failing_arm(kind, 0, false);
	assert_true(open_all(&error));
	failing_disarm();
	unsigned long count = failing_count(kind);
	test_tunnel_close(&state);
	for (unsigned long number = 1; number <= count; number++) {
		assert_int_equal(test_tunnel_begin(&state), 0);
		unclean += !try_opening(kind, number);
		test_tunnel_close(&state);
	}
	print_message("kind %d: %lu allocations\n", (int)kind, count);
	assert_true(count > 0);
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void our_own_allocations_fail_in_turn(void **state)
{
	(void)state;
	open_in_turn(FAILING_OWN);
}

static void allocations_of_libevent_fail_in_turn(void **state)
{
	(void)state;
	open_in_turn(FAILING_LIBEVENT);
}

static void on_over(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	*(bool *)context = true;
}

/* The loop's own event is made before anything fails. */
static void come_up(enum failing_kind kind, unsigned long number)
{
	static const struct timeval patience = {60, 0};
	bool over = false;
	struct event *timer = evtimer_new(tunnel.base, on_over, &over);
	event_add(timer, &patience);
	failing_arm(kind, number, false);
	while (!over && !test_tunnel_both_active())
		event_base_loop(tunnel.base, EVLOOP_ONCE);
	failing_disarm();
	event_free(timer);
	if (over)
		fail_msg("kind %d, allocation %lu: it never came up (C: %s; E: %s)", (int)kind, number,
			cw_tunnel_client_status(tunnel.client)->text, test_tunnel_at_server()->text);
}

/* The nth allocation after everything is let in fails, while ssh and sshd come up: a new try brings the tunnel. */
static void what_fails_on_the_way_up_comes_up_at_the_next_try(void **state)
{
	(void)state;
	struct cw_error error;
	void *scene = NULL;
	for (unsigned long number = 1; number <= UPS; number++) {
		assert_int_equal(test_tunnel_begin(&scene), 0);
		if (!has_tunnels()) {
			test_tunnel_close(&scene);
			skip();
		}
		assert_true(open_all(&error));
		come_up(number % 2 ? FAILING_OWN : FAILING_LIBEVENT, (number + 1) / 2);
		test_tunnel_close(&scene);
	}
	assert_int_equal(LEAKS(), 0);
}

int main(void)
{
	if (!failing_start())
		return 1;
	event_set_mem_functions(event_malloc, event_realloc, free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_allocations_fail_in_turn),
		cmocka_unit_test(allocations_of_libevent_fail_in_turn),
		cmocka_unit_test(what_fails_on_the_way_up_comes_up_at_the_next_try),
	};
	return cmocka_run_group_tests(tests, test_tunnel_make, test_tunnel_end);
}
