#include "support/tunnel_scene.h"

#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "traversal/tunnel_key.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Seconds: more than any machine needs. */
#define PATIENCE 60

struct test_tunnel tunnel;

static bool has_openssh(void)
{
	return access(cw_tunnel_programs_default.ssh, X_OK) == 0 &&
		access(cw_tunnel_programs_default.sshd, X_OK) == 0;
}

int test_tunnel_make(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	chmod(test_folder_make(), 0755); /* the account that is not root goes through it */
	test_make_certs(
		"root ca; server by=root; client by=root; stranger by=root; rsa by=root kind=rsa:2048");
	return 0;
}

int test_tunnel_end(void **state)
{
	test_folder_remove();
	test_keys_finish();
	return test_certs_teardown(state);
}

int test_tunnel_begin(void **state)
{
	(void)state;
	struct cw_error error;
	tunnel = (struct test_tunnel){.base = event_base_new(),
		.limits = cw_tunnel_limits_default,
		.address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		.server_key = "server",
		.client_key = "client",
		.secret = "a key that both sides agreed on",
		.algorithms_e = CW_TUNNEL_ALL,
		.algorithms_c = CW_TUNNEL_ALL,
		.at_e = -1,
		.at_c = -1};
	tunnel.limits.probe = 100;
	tunnel.limits.redial_min = 50;
	tunnel.limits.redial_max = 200;
	if (!cw_tunnel_account_find(geteuid() == 0 ? "sshd" : NULL, &tunnel.account, &error))
		print_message("no account: %s\n", error.message);
	return 0;
}

int test_tunnel_close(void **state)
{
	(void)state;
	cw_tunnel_client_free(tunnel.client);
	cw_tunnel_server_free(tunnel.server);
	if (tunnel.at_e >= 0)
		close(tunnel.at_e);
	if (tunnel.at_c >= 0)
		close(tunnel.at_c);
	event_base_free(tunnel.base);
	return 0;
}

static void look_for_openssh(void)
{
	if (has_openssh() && tunnel.account.name[0])
		return;
	print_message("skipped: no OpenSSH here, or no account to run it as\n");
	skip();
}

static bool admit(void *context, const struct sockaddr_in *from)
{
	(void)context;
	(void)from;
	return !tunnel.has_no_zone;
}

static void on_server_changed(void *context, const char *peer, const struct cw_tunnel_status *status)
{
	(void)context;
	assert_true(peer[0] == 'c');
	assert_true(status->reason == CW_TUNNEL_NO_REASON || status->text[0]);
}

static void on_server_told(void *context, const struct sockaddr_in *from, const char *text)
{
	(void)context;
	assert_int_equal(from->sin_family, AF_INET);
	tunnel.too_often += strstr(text, "too often") ? 1 : 0;
	snprintf(tunnel.told, sizeof tunnel.told, "%s", text);
}

void test_tunnel_open_server(void)
{
	look_for_openssh();
	struct cw_error error;
	const struct cw_tunnel_server_setup setup = {.base = tunnel.base,
		.folder = test_folder_path("e"),
		.account = &tunnel.account,
		.limits = &tunnel.limits,
		.address = tunnel.address,
		.key = test_key(tunnel.server_key),
		.algorithms = tunnel.algorithms_e,
		.owner = {admit, on_server_changed, on_server_told, NULL}};
	if (!cw_tunnel_server_open(&setup, &tunnel.server, &error))
		fail_msg("%s", error.message);
	tunnel.address = *cw_tunnel_server_address(tunnel.server);
}

static void on_client_changed(void *context, const struct cw_tunnel_status *status)
{
	(void)context;
	assert_true(status->reason == CW_TUNNEL_NO_REASON || status->text[0]);
}

static void on_client_told(void *context, const char *text)
{
	(void)context;
	snprintf(tunnel.told_c, sizeof tunnel.told_c, "%s", text);
}

static void keep(evutil_socket_t *place, evutil_socket_t socket)
{
	if (*place >= 0)
		close(*place);
	*place = socket;
	if (socket >= 0)
		fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) & ~O_NONBLOCK);
}

static void on_stream(void *context, evutil_socket_t socket)
{
	(void)context;
	keep(&tunnel.at_c, socket);
}

void test_tunnel_open_client(void)
{
	look_for_openssh();
	struct cw_error error;
	const struct cw_tunnel_client_setup setup = {.base = tunnel.base,
		.folder = test_folder_path("c"),
		.account = &tunnel.account,
		.limits = &tunnel.limits,
		.key = test_key(tunnel.client_key),
		.algorithms = tunnel.algorithms_c,
		.owner = {on_client_changed, on_stream, on_client_told, NULL}};
	if (!cw_tunnel_client_open(&setup, &tunnel.client, &error))
		fail_msg("%s", error.message);
}

void test_tunnel_allow_client(void)
{
	struct cw_error error;
	struct cw_tunnel_peer peer = {.name = "c1",
		.key = test_key(tunnel.client_key),
		.listen = tunnel.listen,
		.secret = tunnel.secret,
		.expires = 4102444800}; /* 2100 */
	if (!peer.listen.sin_family)
		peer.listen = (struct sockaddr_in){
			.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (!cw_tunnel_server_allow(tunnel.server, &peer, &tunnel.listen, &error))
		fail_msg("%s", error.message);
}

void test_tunnel_allow_server(void)
{
	struct cw_error error;
	const struct cw_tunnel_target target = {.to = tunnel.address,
		.login = tunnel.account.name,
		.key = test_key(tunnel.known_key ? tunnel.known_key : tunnel.server_key),
		.listen = tunnel.listen,
		.secret = tunnel.secret};
	if (!cw_tunnel_client_allow(tunnel.client, &target, &error))
		fail_msg("%s", error.message);
}

void test_tunnel_up(void)
{
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	test_tunnel_allow_server();
	test_tunnel_wait(test_tunnel_both_active, "both sides are active");
}

const struct cw_tunnel_status *test_tunnel_at_server(void)
{
	return cw_tunnel_server_status(tunnel.server, "c1");
}

static void on_patience_over(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	*(bool *)context = true;
}

static void on_tick(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	(void)context;
}

void test_tunnel_wait(bool (*true_now)(void), const char *what)
{
	bool over = false;
	const struct timeval patience = {PATIENCE, 0}, look = {0, 5000};
	struct event *timer = evtimer_new(tunnel.base, on_patience_over, &over);
	/* sockets of tests are not on the loop */
	struct event *tick = event_new(tunnel.base, -1, EV_PERSIST, on_tick, NULL);
	event_add(timer, &patience);
	event_add(tick, &look);
	while (!over && !true_now())
		event_base_loop(tunnel.base, EVLOOP_ONCE);
	event_free(timer);
	event_free(tick);
	if (over)
		fail_msg("never came: %s (C: %s; E: %s)", what,
			tunnel.client ? cw_tunnel_client_status(tunnel.client)->text : "-",
			tunnel.server && test_tunnel_at_server() ? test_tunnel_at_server()->text : "-");
}

bool test_tunnel_both_active(void)
{
	return test_tunnel_at_server()->state == CW_TUNNEL_ACTIVE &&
		cw_tunnel_client_status(tunnel.client)->state == CW_TUNNEL_ACTIVE;
}

bool test_tunnel_client_failed(void)
{
	return cw_tunnel_client_status(tunnel.client)->state == CW_TUNNEL_FAILED;
}

static void on_dialled(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	*(bool *)context = true;
	tunnel.dialled = end;
	keep(&tunnel.at_e, socket);
}

static bool stream_is_there(void)
{
	return tunnel.at_e >= 0 && tunnel.at_c >= 0;
}

void test_tunnel_stream(void)
{
	static bool over;
	struct cw_error error;
	struct cw_tunnel_dial *dial;
	const struct cw_tunnel_dial_owner owner = {on_dialled, &over};
	over = false;
	keep(&tunnel.at_c, -1);
	keep(&tunnel.at_e, -1);
	if (!cw_tunnel_server_dial(tunnel.server, "c1", &owner, &dial, &error))
		fail_msg("%s", error.message);
	test_tunnel_wait(stream_is_there, "a stream with both ends");
	assert_int_equal(tunnel.dialled, CW_TUNNEL_DIAL_AGREED);
	assert_true(over);
}

uint64_t test_tunnel_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
