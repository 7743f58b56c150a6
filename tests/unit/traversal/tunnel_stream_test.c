/*
 * The beginning of a stream at both ends, against others than the one at the other end: strangers, the dumb, those who
 * go. And the probes that are made of it.
 */
#include "traversal/tunnel_health.h"
#include "traversal/tunnel_relay.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOON 50	   /* milliseconds that an exchange may take where nobody answers */
#define LONG 60000 /* that nothing here needs */

static const uint8_t secret[CW_TUNNEL_SECRET_SIZE] = "one key";
static const uint8_t other_secret[CW_TUNNEL_SECRET_SIZE] = "another key";

static struct {
	struct event_base *base;
	bool over;
	enum cw_tunnel_dial_end end;
	evutil_socket_t socket;
	char why[200]; /* the relay turned away */
	unsigned streams, probes;
	bool up, lost;
	enum cw_tunnel_reason reason;
} scene;

static int begin(void **state)
{
	(void)state;
	memset(&scene, 0, sizeof scene);
	scene.socket = -1;
	scene.base = event_base_new();
	return scene.base ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	if (scene.socket >= 0)
		close(scene.socket);
	event_base_free(scene.base);
	return 0;
}

static void over(void)
{
	scene.over = true;
	event_base_loopbreak(scene.base);
}

static void run(void)
{
	while (!scene.over)
		if (event_base_loop(scene.base, EVLOOP_ONCE) != 0)
			fail_msg("%s", "nothing is waited for any more");
}

/* --- who stands at a port --- */

/* Listens on loopback and accepts nothing: the system has the connection, and nobody reads it. */
static int listen_here(struct sockaddr_in *ret)
{
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof *ret;
	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	assert_true(made >= 0 && bind(made, (struct sockaddr *)ret, size) == 0 && listen(made, 4) == 0 &&
		getsockname(made, (struct sockaddr *)ret, &size) == 0);
	return made;
}

/* What whoever listens there says to the one that comes. */
static void on_comes(evutil_socket_t socket, short what, void *context)
{
	const char *says = context;
	(void)what;
	int taken = accept(socket, NULL, NULL);
	assert_true(taken >= 0);
	if (says)
		assert_true(send(taken, says, strlen(says), MSG_NOSIGNAL) >= 0);
	close(taken);
}

/* --- dialling --- */

static void on_ended(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	(void)context;
	scene.end = end;
	scene.socket = socket;
	over();
}

static void dial(const struct sockaddr_in *to, unsigned milliseconds)
{
	struct cw_tunnel_dial *dialling;
	struct cw_error error;
	const struct cw_tunnel_dial_setup setup = {.base = scene.base,
		.to = to,
		.secret = secret,
		.purpose = CW_TUNNEL_STREAM,
		.milliseconds = milliseconds,
		.owner = {on_ended, NULL}};
	if (!cw_tunnel_dial_open(&setup, &dialling, &error))
		fail_msg("%s", error.message);
	run();
}

static void who_does_not_hold_the_key_gets_no_stream(void **state)
{
	(void)state;
	static char noise[] = "HTTP/1.1 200 OK\r\nServer: what came first to the port of the tunnel\r\n\r\n";
	static char begun[] = "CWT1";
	static const struct {
		char *says;
		enum cw_tunnel_dial_end want;
	} rows[] = {
		{noise, CW_TUNNEL_DIAL_OTHER},
		{begun, CW_TUNNEL_DIAL_BROKEN},
		{NULL, CW_TUNNEL_DIAL_BROKEN},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sockaddr_in port;
		int listening = listen_here(&port);
		struct event *comes = event_new(scene.base, listening, EV_READ, on_comes, rows[i].says);
		assert_int_equal(event_add(comes, NULL), 0);
		scene.over = false;
		dial(&port, LONG);
		assert_int_equal(scene.end, rows[i].want);
		assert_int_equal(scene.socket, -1);
		event_free(comes);
		close(listening);
	}
}

static void who_says_nothing_is_waited_for_no_longer_than_was_said(void **state)
{
	(void)state;
	struct sockaddr_in port;
	int listening = listen_here(&port);
	dial(&port, SOON);
	assert_int_equal(scene.end, CW_TUNNEL_DIAL_TIME);
	assert_int_equal(scene.socket, -1);
	close(listening);
}

static void a_port_where_nobody_listens_is_told_as_that(void **state)
{
	(void)state;
	struct sockaddr_in port;
	close(listen_here(&port));
	dial(&port, LONG);
	assert_int_equal(scene.end, CW_TUNNEL_DIAL_NOBODY);
}

static void an_address_that_cannot_be_dialled_is_an_error(void **state)
{
	(void)state;
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(2223), .sin_addr.s_addr = htonl(INADDR_BROADCAST)};
	struct cw_tunnel_dial *dialling = NULL;
	struct cw_error error;
	const struct cw_tunnel_dial_setup setup = {.base = scene.base,
		.to = &to,
		.secret = secret,
		.purpose = CW_TUNNEL_STREAM,
		.milliseconds = LONG,
		.owner = {on_ended, NULL}};
	assert_false(cw_tunnel_dial_open(&setup, &dialling, &error));
	assert_int_equal(error.code, CW_E_NETWORK);
	assert_non_null(strstr(error.message, "port 2223 of the tunnel cannot be dialled"));
	assert_false(scene.over);
}

/* --- the relay --- */

static void on_stream(void *context, evutil_socket_t socket)
{
	(void)context;
	scene.streams++;
	close(socket);
	over();
}

static void on_probed(void *context)
{
	(void)context;
	scene.probes++;
	over();
}

static void on_turned_away(void *context, const char *why)
{
	(void)context;
	snprintf(scene.why, sizeof scene.why, "%s", why);
	over();
}

static struct cw_tunnel_relay *open_relay(const char *path, unsigned milliseconds)
{
	struct cw_tunnel_relay *relay;
	struct cw_error error;
	const struct cw_tunnel_relay_setup setup = {.base = scene.base,
		.path = path,
		.group = (gid_t)-1,
		.milliseconds = milliseconds,
		.owner = {on_stream, on_probed, on_turned_away, NULL}};
	if (!cw_tunnel_relay_open(&setup, &relay, &error))
		fail_msg("%s", error.message);
	return relay;
}

static int come(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	assert_true(made >= 0 && connect(made, (struct sockaddr *)&address, sizeof address) == 0);
	return made;
}

static void a_stream_without_the_key_is_turned_away_with_the_reason(void **state)
{
	(void)state;
	static const char noise[] =
		"GET / HTTP/1.1\r\nHost: e1.acme.test\r\n\r\nand so on, and so on, and so on";
	static const struct {
		const uint8_t *key;
		const char *says;
		unsigned milliseconds;
		const char *want;
	} rows[] = {
		{NULL, noise, LONG, "a stream was opened while no key is agreed"},
		{secret, noise, LONG, "somebody opened a stream without the key of the tunnel"},
		{secret, "CWT1", SOON,
			"somebody opened a stream and did not show the key of the tunnel in time"},
		{secret, "", SOON, "somebody opened a stream and did not show the key of the tunnel in time"},
	};
	const char *path = test_folder_path("relay");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_tunnel_relay *relay = open_relay(path, rows[i].milliseconds);
		cw_tunnel_relay_set_secret(relay, rows[i].key);
		int came = come(path);
		assert_true(send(came, rows[i].says, strlen(rows[i].says), MSG_NOSIGNAL) >= 0);
		scene.over = false;
		run();
		assert_string_equal(scene.why, rows[i].want);
		assert_int_equal(scene.streams, 0);
		close(came);
		cw_tunnel_relay_free(relay);
		assert_int_not_equal(access(path, F_OK), 0);
	}
}

/* Who opens a stream and goes is nobody that has to be told of; the next one is served. */
static void a_stream_that_ends_before_the_key_is_forgotten(void **state)
{
	(void)state;
	const char *path = test_folder_path("relay");
	struct cw_tunnel_relay *relay = open_relay(path, LONG);
	struct cw_tunnel_exchange exchange;
	struct cw_error error;
	uint8_t answer[CW_TUNNEL_NONCE_SIZE + CW_TUNNEL_MAC_SIZE];
	cw_tunnel_relay_set_secret(relay, secret);
	close(come(path));
	int came = come(path);
	assert_true(cw_tunnel_exchange_dial(&exchange, secret, CW_TUNNEL_PROBE, &error));
	assert_true(send(came, exchange.out, exchange.out_length, 0) == (ssize_t)exchange.out_length);
	exchange.out_length = 0;
	for (ssize_t got = 0;
		(got = recv(came, answer, sizeof answer, MSG_DONTWAIT | MSG_PEEK)) < (ssize_t)sizeof answer;)
		event_base_loop(scene.base, EVLOOP_ONCE);
	assert_true(recv(came, answer, sizeof answer, 0) == (ssize_t)sizeof answer);
	cw_tunnel_exchange_take(&exchange, answer, sizeof answer);
	assert_int_equal(exchange.state, CW_TUNNEL_AGREED);
	assert_true(send(came, exchange.out, exchange.out_length, 0) == (ssize_t)exchange.out_length);
	run();
	assert_int_equal(scene.probes, 1);
	assert_string_equal(scene.why, "");
	close(came);
	cw_tunnel_relay_free(relay);
}

/* Descriptors that are used up: whoever waits is let in once there is one again, and the loop does not turn for ever. */
static void a_stream_waits_while_there_is_no_descriptor_for_it(void **state)
{
	(void)state;
	const char *path = test_folder_path("relay");
	struct cw_tunnel_relay *relay = open_relay(path, LONG);
	struct rlimit before, none;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	int came = come(path), next = dup(came);
	assert_true(next >= 0);
	close(next);
	none = (struct rlimit){(rlim_t)next, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	event_base_loop(scene.base, EVLOOP_ONCE); /* nobody can be let in */
	assert_false(scene.over);
	assert_int_equal(event_base_loop(scene.base, EVLOOP_NONBLOCK), 0);
	assert_false(scene.over);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	run();
	assert_string_equal(scene.why, "a stream was opened while no key is agreed");
	close(came);
	cw_tunnel_relay_free(relay);
}

static void streams_that_say_nothing_are_bounded(void **state)
{
	(void)state;
	const char *path = test_folder_path("relay");
	struct cw_tunnel_relay *relay = open_relay(path, LONG);
	int came[CW_TUNNEL_RELAY_PENDING_MAX + 1];
	cw_tunnel_relay_set_secret(relay, secret);
	for (size_t i = 0; i < CW_TUNNEL_RELAY_PENDING_MAX + 1; i++) {
		came[i] = come(path);
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
	}
	run();
	assert_string_equal(scene.why, "too many streams are being opened at once");
	char byte;
	assert_int_equal(recv(came[CW_TUNNEL_RELAY_PENDING_MAX], &byte, 1, 0), 0);
	cw_tunnel_relay_set_secret(relay, other_secret); /* who was to show the former key is closed */
	assert_int_equal(recv(came[0], &byte, 1, 0), 0);
	for (size_t i = 0; i < CW_TUNNEL_RELAY_PENDING_MAX + 1; i++)
		close(came[i]);
	cw_tunnel_relay_free(relay);
}

static void a_socket_that_cannot_be_there_is_an_error(void **state)
{
	(void)state;
	char longer[200];
	memset(longer, 'a', sizeof longer);
	longer[0] = '/';
	longer[sizeof longer - 1] = '\0';
	const struct {
		const char *path, *want;
	} rows[] = {
		{longer, "too long for a Unix socket, which may have 107 bytes"},
		{test_folder_path("nothing/relay"), "cannot listen: No such file or directory"},
		{test_folder_write("file", "x", 1), "cannot listen: Address already in use"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_tunnel_relay *relay = NULL;
		struct cw_error error;
		const struct cw_tunnel_relay_setup setup = {
			.base = scene.base, .path = rows[i].path, .group = (gid_t)-1, .milliseconds = LONG};
		assert_false(cw_tunnel_relay_open(&setup, &relay, &error));
		assert_int_equal(error.code, CW_E_NETWORK);
		if (!strstr(error.message, rows[i].want))
			fail_msg("wanted \"%s\", found \"%s\"", rows[i].want, error.message);
	}
	assert_int_equal(access(test_folder_path("file"), F_OK), 0);
}

static void a_socket_that_a_killed_process_left_is_replaced(void **state)
{
	(void)state;
	const char *path = test_folder_path("left");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	assert_int_equal(bind(left, (struct sockaddr *)&address, sizeof address), 0);
	close(left);
	struct cw_tunnel_relay *relay = open_relay(path, LONG);
	close(come(path));
	cw_tunnel_relay_free(relay);
}

/* --- probes --- */

static const struct cw_tunnel_limits quick = {
	.probe = 1, .probe_first = 1, .misses = 2, .begin = 5, .exchange = SOON};

static void on_up(void *context)
{
	(void)context;
	scene.up = true;
}

static void on_lost(void *context, enum cw_tunnel_reason reason)
{
	(void)context;
	scene.lost = true;
	scene.reason = reason;
	over();
}

static void ask(const struct sockaddr_in *port)
{
	struct cw_tunnel_health health = {
		.base = scene.base, .limits = &quick, .owner = {on_up, on_lost, NULL}};
	assert_true(cw_tunnel_health_start(&health, port, secret));
	run();
	assert_true(scene.lost);
	assert_false(scene.up);
	assert_null(health.timer);
}

static void a_port_that_never_comes_is_lost(void **state)
{
	(void)state;
	struct sockaddr_in port;
	close(listen_here(&port));
	ask(&port);
	assert_int_equal(scene.reason, CW_TUNNEL_LOST);
}

static void a_port_that_answers_nothing_is_lost_after_so_many_probes(void **state)
{
	(void)state;
	struct sockaddr_in port;
	int listening = listen_here(&port);
	ask(&port);
	assert_int_equal(scene.reason, CW_TUNNEL_LOST);
	close(listening);
}

static void another_at_the_port_is_an_impostor(void **state)
{
	(void)state;
	static char noise[] = "HTTP/1.1 200 OK\r\nServer: what came first to the port of the tunnel\r\n\r\n";
	struct sockaddr_in port;
	int listening = listen_here(&port);
	struct event *comes = event_new(scene.base, listening, EV_READ | EV_PERSIST, on_comes, noise);
	assert_int_equal(event_add(comes, NULL), 0);
	ask(&port);
	assert_int_equal(scene.reason, CW_TUNNEL_IMPOSTOR);
	event_free(comes);
	close(listening);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_does_not_hold_the_key_gets_no_stream),
		TEST(who_says_nothing_is_waited_for_no_longer_than_was_said),
		TEST(a_port_where_nobody_listens_is_told_as_that),
		TEST(an_address_that_cannot_be_dialled_is_an_error),
		TEST(a_stream_without_the_key_is_turned_away_with_the_reason),
		TEST(a_stream_that_ends_before_the_key_is_forgotten),
		TEST(a_stream_waits_while_there_is_no_descriptor_for_it),
		TEST(streams_that_say_nothing_are_bounded),
		TEST(a_socket_that_cannot_be_there_is_an_error),
		TEST(a_socket_that_a_killed_process_left_is_replaced),
		TEST(a_port_that_never_comes_is_lost),
		TEST(a_port_that_answers_nothing_is_lost_after_so_many_probes),
		TEST(another_at_the_port_is_an_impostor),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
