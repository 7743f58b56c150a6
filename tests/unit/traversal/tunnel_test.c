#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/tunnel_scene.h"
#include "traversal/tunnel_key.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A cut is a second at most, on any machine that is not stuck. */
#define CUT_MAX 1000

static void bytes_go_through_and_back(void **state)
{
	(void)state;
	char bytes[8] = "";
	test_tunnel_up();
	test_tunnel_stream();
	assert_int_equal(write(tunnel.at_e, "ping", 4), 4);
	assert_int_equal(read(tunnel.at_c, bytes, sizeof bytes), 4);
	assert_memory_equal(bytes, "ping", 4);
	assert_int_equal(write(tunnel.at_c, "pong", 4), 4);
	assert_int_equal(read(tunnel.at_e, bytes, sizeof bytes), 4);
	assert_memory_equal(bytes, "pong", 4);
}

static const struct {
	const char *name, *server, *client;
} kinds[] = {
	{"RSA on both sides", "rsa", "rsa-c"},
	{"P-384 and RSA", "p384", "rsa"},
	{"P-521 and P-256", "p521", "p256"},
};

static void keys_of_every_kind_work(void **state)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		print_message("%s\n", kinds[i].name);
		tunnel.server_key = kinds[i].server;
		tunnel.client_key = kinds[i].client;
		test_tunnel_up();
		test_tunnel_close(state);
		test_tunnel_begin(state);
	}
}

static void a_loopback_address_of_its_own_works(void **state)
{
	(void)state;
	inet_pton(AF_INET, "127.77.66.55", &tunnel.address.sin_addr);
	tunnel.listen = tunnel.address;
	test_tunnel_up();
	assert_int_equal(tunnel.listen.sin_addr.s_addr, tunnel.address.sin_addr.s_addr);
}

static bool end_of_stream(evutil_socket_t socket)
{
	char byte;
	return read(socket, &byte, 1) <= 0;
}

static bool client_is_not_active(void)
{
	return cw_tunnel_client_status(tunnel.client)->state != CW_TUNNEL_ACTIVE;
}

/* The list, a CRL, the date or the key algorithms changed, and E's judge refuses what it passed before. */
static void a_peer_that_is_refused_is_cut_within_a_second(void **state)
{
	(void)state;
	test_tunnel_up();
	test_tunnel_stream();
	uint64_t before = test_tunnel_now();
	cw_tunnel_server_refuse(tunnel.server, "c1", "its certificate is revoked");
	assert_true(end_of_stream(tunnel.at_e));
	assert_true(end_of_stream(tunnel.at_c));
	test_tunnel_wait(client_is_not_active, "C sees it");
	assert_in_range(test_tunnel_now() - before, 0, CUT_MAX);
	assert_int_equal(test_tunnel_at_server()->state, CW_TUNNEL_OFF);
	assert_int_equal(test_tunnel_at_server()->reason, CW_TUNNEL_REFUSED);
	assert_string_equal(test_tunnel_at_server()->text, "its certificate is revoked");
}

static bool client_is_not_let_in(void)
{
	return cw_tunnel_client_status(tunnel.client)->reason == CW_TUNNEL_USER_KEY;
}

static void who_was_refused_does_not_come_in_again_until_it_is_passed(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_tunnel_dial *dial;
	const struct cw_tunnel_dial_owner owner = {0};
	test_tunnel_up();
	cw_tunnel_server_refuse(tunnel.server, "c1", "its issuer is no longer in the list");
	test_tunnel_wait(client_is_not_let_in, "C dials again and its key is not let in");
	assert_false(cw_tunnel_server_dial(tunnel.server, "c1", &owner, &dial, &error));
	test_tunnel_allow_client();
	test_tunnel_allow_server();
	test_tunnel_wait(test_tunnel_both_active, "the tunnel comes back");
}

static void c_ends_a_tunnel_whose_server_it_refuses(void **state)
{
	(void)state;
	test_tunnel_up();
	test_tunnel_stream();
	uint64_t before = test_tunnel_now();
	cw_tunnel_client_refuse(tunnel.client, "its certificate has expired");
	assert_true(end_of_stream(tunnel.at_e));
	assert_true(end_of_stream(tunnel.at_c));
	assert_in_range(test_tunnel_now() - before, 0, CUT_MAX);
	assert_int_equal(cw_tunnel_client_status(tunnel.client)->state, CW_TUNNEL_OFF);
	assert_int_not_equal(access(test_folder_path("c/known_hosts"), F_OK), 0);
}

/* sshd is opened to a peer whose certificate was refused: its key is in no line. */
static void a_key_that_no_judge_passed_gets_no_byte_through(void **state)
{
	(void)state;
	test_tunnel_open_server();
	test_tunnel_open_client();
	tunnel.listen = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
	test_tunnel_allow_server();
	test_tunnel_wait(client_is_not_let_in, "C's key is not let in");
	assert_non_null(strstr(cw_tunnel_client_status(tunnel.client)->text, "Permission denied"));
	assert_null(test_tunnel_at_server());
	assert_int_equal(tunnel.at_c, -1);
}

static bool host_key_differs(void)
{
	return cw_tunnel_client_status(tunnel.client)->reason == CW_TUNNEL_HOST_KEY;
}

static void a_server_with_another_key_than_its_certificate_is_left(void **state)
{
	(void)state;
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	tunnel.known_key = "stranger";
	test_tunnel_allow_server();
	test_tunnel_wait(host_key_differs, "C sees another key");
	assert_int_equal(test_tunnel_at_server()->state, CW_TUNNEL_CHECKING);
}

static bool client_is_turned_away(void)
{
	return cw_tunnel_client_status(tunnel.client)->reason == CW_TUNNEL_TURNED_AWAY;
}

static void without_a_zone_nobody_speaks_a_byte_of_ssh(void **state)
{
	(void)state;
	tunnel.has_no_zone = true;
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	test_tunnel_allow_server();
	test_tunnel_wait(client_is_turned_away, "C is turned away");
	assert_string_equal(tunnel.told, "no zone is up from this address");
}

static bool algorithms_differ(void)
{
	return cw_tunnel_client_status(tunnel.client)->reason == CW_TUNNEL_ALGORITHMS;
}

static void an_algorithm_that_one_side_leaves_out_is_told(void **state)
{
	(void)state;
	tunnel.algorithms_c = CW_TUNNEL_RSA;
	tunnel.client_key = "rsa";
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	test_tunnel_allow_server();
	test_tunnel_wait(algorithms_differ, "nothing in common");
	assert_non_null(strstr(cw_tunnel_client_status(tunnel.client)->text, "tunnel-key-algorithms"));
}

static bool client_runs_again(void)
{
	return test_tunnel_both_active() && cw_tunnel_client_process(tunnel.client) != tunnel.former;
}

static void an_ssh_that_dies_is_started_again(void **state)
{
	(void)state;
	test_tunnel_up();
	tunnel.former = cw_tunnel_client_process(tunnel.client);
	kill(tunnel.former, SIGKILL);
	test_tunnel_wait(test_tunnel_client_failed, "C sees it");
	assert_int_equal(cw_tunnel_client_status(tunnel.client)->reason, CW_TUNNEL_DIED);
	assert_non_null(strstr(cw_tunnel_client_status(tunnel.client)->text, "killed by signal 9"));
	test_tunnel_wait(client_runs_again, "it comes back");
}

static bool server_failed(void)
{
	return test_tunnel_at_server()->state == CW_TUNNEL_FAILED;
}

static void an_sshd_that_dies_is_seen_and_c_comes_again(void **state)
{
	(void)state;
	test_tunnel_up();
	tunnel.former = cw_tunnel_client_process(tunnel.client);
	kill(cw_tunnel_server_process(tunnel.server, "c1"), SIGKILL);
	test_tunnel_wait(server_failed, "E sees it");
	assert_int_equal(test_tunnel_at_server()->reason, CW_TUNNEL_DIED);
	test_tunnel_wait(client_runs_again, "it comes back");
}

/* E's process as another one, so that it can be killed. Returns when it listens; its address in `tunnel`. */
static pid_t run_server_elsewhere(void)
{
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0) {
		event_reinit(tunnel.base);
		test_tunnel_open_server();
		test_tunnel_allow_client();
		if (write(pipes[1], &tunnel.address, sizeof tunnel.address) < 0 ||
			write(pipes[1], &tunnel.listen, sizeof tunnel.listen) < 0)
			_exit(1);
		event_base_dispatch(tunnel.base);
		_exit(0);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &tunnel.address, sizeof tunnel.address), sizeof tunnel.address);
	assert_int_equal(read(pipes[0], &tunnel.listen, sizeof tunnel.listen), sizeof tunnel.listen);
	close(pipes[0]);
	return child;
}

static bool client_is_active(void)
{
	return cw_tunnel_client_status(tunnel.client)->state == CW_TUNNEL_ACTIVE;
}

/* sshd's child goes on forwarding, and holds the port. The next server ends it and takes both ports again. */
static void what_a_killed_server_leaves_is_ended_by_the_next_one(void **state)
{
	(void)state;
	test_tunnel_open_client();
	pid_t elsewhere = run_server_elsewhere();
	test_tunnel_allow_server();
	test_tunnel_wait(client_is_active, "C is active");
	kill(elsewhere, SIGKILL);
	assert_int_equal(waitpid(elsewhere, NULL, 0), elsewhere);
	test_tunnel_open_server();
	test_tunnel_allow_client();
	test_tunnel_wait(test_tunnel_both_active, "the tunnel comes back on the same ports");
}

/* Nobody asks any more whether bytes go through: C ends what nobody serves. */
static void c_ends_a_tunnel_that_is_no_longer_probed(void **state)
{
	(void)state;
	tunnel.limits.exchange = 300;
	test_tunnel_open_client();
	pid_t elsewhere = run_server_elsewhere();
	test_tunnel_allow_server();
	test_tunnel_wait(client_is_active, "C is active");
	kill(elsewhere, SIGSTOP);
	test_tunnel_wait(test_tunnel_client_failed, "C misses the probes");
	assert_int_equal(cw_tunnel_client_status(tunnel.client)->reason, CW_TUNNEL_LOST);
	kill(elsewhere, SIGKILL);
	waitpid(elsewhere, NULL, 0);
}

static void a_relay_that_an_earlier_process_left_is_replaced(void **state)
{
	(void)state;
	test_tunnel_open_client();
	assert_int_equal(link(test_folder_path("c/relay.sock"), test_folder_path("kept.sock")), 0);
	cw_tunnel_client_free(tunnel.client);
	tunnel.client = NULL;
	assert_int_equal(rename(test_folder_path("kept.sock"), test_folder_path("c/relay.sock")), 0);
	test_tunnel_up();
}

static int take_port(struct sockaddr_in *address)
{
	const int on = 1;
	socklen_t size = sizeof *address;
	int taken = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(taken, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	assert_int_equal(bind(taken, (struct sockaddr *)address, sizeof *address), 0);
	assert_int_equal(listen(taken, 8), 0);
	assert_int_equal(getsockname(taken, (struct sockaddr *)address, &size), 0);
	return taken;
}

static void a_port_that_another_process_has_is_told_before_anybody_comes(void **state)
{
	(void)state;
	struct cw_error error;
	struct sockaddr_in taken = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	test_tunnel_open_server();
	int other = take_port(&taken);
	const struct cw_tunnel_peer peer = {
		.name = "c1", .key = test_key("client"), .listen = taken, .secret = tunnel.secret};
	assert_false(cw_tunnel_server_allow(tunnel.server, &peer, NULL, &error));
	assert_int_equal(error.code, CW_E_NETWORK);
	assert_non_null(strstr(error.message, "Address already in use"));
	close(other);
}

static bool port_is_taken(void)
{
	return test_tunnel_at_server()->reason == CW_TUNNEL_PORT_TAKEN &&
		cw_tunnel_client_status(tunnel.client)->reason == CW_TUNNEL_PORT_DENIED;
}

/* Whoever has the port gets neither a tunnel nor the key. */
static void a_port_that_is_taken_later_is_told_by_both_sides(void **state)
{
	(void)state;
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	int other = take_port(&tunnel.listen);
	test_tunnel_allow_server();
	test_tunnel_wait(port_is_taken, "the port is taken");
	close(other);
	test_tunnel_wait(test_tunnel_both_active, "it comes up once the port is free");
}

static void the_account_is_checked_before_anything_runs(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_tunnel_account account;
	assert_false(cw_tunnel_account_find("root", &account, &error));
	assert_int_equal(error.code, CW_E_USAGE);
	assert_false(cw_tunnel_account_find("no-such-account", &account, &error));
	assert_non_null(strstr(error.message, "no account no-such-account"));
	assert_false(cw_tunnel_account_find("nobody", &account, &error));
	if (geteuid() == 0) {
		assert_false(cw_tunnel_account_find(NULL, &account, &error));
		assert_non_null(strstr(error.message, "started as root"));
	} else {
		assert_true(cw_tunnel_account_find(NULL, &account, &error));
		assert_false(account.drops);
	}
}

static void without_openssh_the_package_is_named(void **state)
{
	(void)state;
	struct cw_error error;
	const struct cw_tunnel_programs nowhere = {"/nonexistent/ssh", "/nonexistent/sshd"};
	struct cw_tunnel_client *client;
	struct cw_tunnel_server *server;
	const struct cw_tunnel_server_setup e = {.base = tunnel.base,
		.folder = test_folder_path("e"),
		.account = &tunnel.account,
		.programs = &nowhere,
		.key = test_key("server"),
		.algorithms = CW_TUNNEL_ALL};
	const struct cw_tunnel_client_setup c = {.base = tunnel.base,
		.folder = test_folder_path("c"),
		.account = &tunnel.account,
		.programs = &nowhere,
		.key = test_key("client"),
		.algorithms = CW_TUNNEL_ALL};
	assert_false(cw_tunnel_server_open(&e, &server, &error));
	assert_non_null(strstr(error.message, "openssh-server"));
	assert_false(cw_tunnel_client_open(&c, &client, &error));
	assert_non_null(strstr(error.message, "openssh-client"));
}

/* No file can grow, as on a disk that is full. */
static void fill_disk(bool full)
{
	static struct rlimit before;
	struct rlimit none = {0, 0};
	signal(SIGXFSZ, SIG_IGN);
	if (full) {
		getrlimit(RLIMIT_FSIZE, &before);
		none.rlim_max = before.rlim_max;
		setrlimit(RLIMIT_FSIZE, &none);
	} else {
		setrlimit(RLIMIT_FSIZE, &before);
	}
}

static void on_a_full_disk_nobody_is_let_in_and_it_is_told(void **state)
{
	(void)state;
	struct cw_error error;
	const struct cw_tunnel_peer peer = {.name = "c1",
		.key = test_key("client"),
		.listen = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		.secret = tunnel.secret};
	test_tunnel_open_server();
	fill_disk(true);
	bool allowed = cw_tunnel_server_allow(tunnel.server, &peer, NULL, &error);
	fill_disk(false);
	assert_false(allowed);
	assert_int_equal(error.code, CW_E_IO);
	assert_non_null(strstr(error.message, "authorized_keys"));
	assert_int_equal(test_tunnel_at_server()->state, CW_TUNNEL_OFF);
	test_tunnel_open_client();
	test_tunnel_allow_client();
	test_tunnel_allow_server();
	test_tunnel_wait(test_tunnel_both_active, "it works once there is space");
}

static void on_a_full_disk_a_peer_is_put_out_all_the_same(void **state)
{
	(void)state;
	struct cw_error error;
	const struct cw_tunnel_peer other = {.name = "c2",
		.key = test_key("stranger"),
		.listen = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		.secret = tunnel.secret};
	test_tunnel_up();
	test_tunnel_stream();
	assert_true(cw_tunnel_server_allow(tunnel.server, &other, NULL, &error));
	fill_disk(true);
	cw_tunnel_server_refuse(tunnel.server, "c1", "its certificate is revoked");
	fill_disk(false);
	assert_int_not_equal(access(test_folder_path("e/authorized_keys"), F_OK), 0);
	assert_true(end_of_stream(tunnel.at_e));
	test_tunnel_wait(client_is_not_let_in, "C's key is not let in");
}

static void a_folder_that_others_may_write_to_is_refused(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_tunnel_folder folder;
	assert_int_equal(mkdir(test_folder_path("open"), 0777), 0);
	chmod(test_folder_path("open"), 0777);
	assert_false(cw_tunnel_folder_open(test_folder_path("open/e"), &tunnel.account, &folder, &error));
	assert_non_null(strstr(error.message, "others may write to it"));
	assert_int_equal(symlink(test_folder_path("open"), test_folder_path("link")), 0);
	assert_false(cw_tunnel_folder_open(test_folder_path("link/e"), &tunnel.account, &folder, &error));
	assert_false(cw_tunnel_folder_open(test_folder_path("link"), &tunnel.account, &folder, &error));
	assert_false(cw_tunnel_folder_open("relative/e", &tunnel.account, &folder, &error));
	assert_false(cw_tunnel_folder_open(test_folder_path("a b"), &tunnel.account, &folder, &error));
	assert_int_equal(error.code, CW_E_USAGE);
}

static void peers_that_share_a_key_share_a_line(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO_BUFFER text = {0};
	const struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	const struct cw_tunnel_line lines[] = {
		{"ssh-rsa AAAA", {.sin_family = AF_INET, .sin_port = htons(4001), .sin_addr = loopback},
			1795176000},
		{"ssh-rsa BBBB", {.sin_family = AF_INET, .sin_port = htons(4002), .sin_addr = loopback}, 0},
		{"ssh-rsa AAAA", {.sin_family = AF_INET, .sin_port = htons(4003), .sin_addr = loopback},
			1795170000}};
	assert_true(cw_tunnel_config_lines(lines, 3, &text, &error));
	assert_string_equal(text.data,
		"restrict,port-forwarding,permitlisten=\"127.0.0.1:4001\",permitlisten=\"127.0.0.1:4003\","
		"expiry-time=\"20261120102000Z\" ssh-rsa AAAA\n"
		"restrict,port-forwarding,permitlisten=\"127.0.0.1:4002\" ssh-rsa BBBB\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_tunnel_begin, test_tunnel_close)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(bytes_go_through_and_back), TEST(keys_of_every_kind_work),
		TEST(a_loopback_address_of_its_own_works),
		TEST(a_peer_that_is_refused_is_cut_within_a_second),
		TEST(who_was_refused_does_not_come_in_again_until_it_is_passed),
		TEST(c_ends_a_tunnel_whose_server_it_refuses),
		TEST(a_key_that_no_judge_passed_gets_no_byte_through),
		TEST(a_server_with_another_key_than_its_certificate_is_left),
		TEST(without_a_zone_nobody_speaks_a_byte_of_ssh),
		TEST(an_algorithm_that_one_side_leaves_out_is_told), TEST(an_ssh_that_dies_is_started_again),
		TEST(an_sshd_that_dies_is_seen_and_c_comes_again),
		TEST(what_a_killed_server_leaves_is_ended_by_the_next_one),
		TEST(c_ends_a_tunnel_that_is_no_longer_probed),
		TEST(a_relay_that_an_earlier_process_left_is_replaced),
		TEST(a_port_that_another_process_has_is_told_before_anybody_comes),
		TEST(a_port_that_is_taken_later_is_told_by_both_sides),
		TEST(the_account_is_checked_before_anything_runs), TEST(without_openssh_the_package_is_named),
		TEST(on_a_full_disk_nobody_is_let_in_and_it_is_told),
		TEST(on_a_full_disk_a_peer_is_put_out_all_the_same),
		TEST(a_folder_that_others_may_write_to_is_refused),
		TEST(peers_that_share_a_key_share_a_line)};
	return cmocka_run_group_tests(tests, test_tunnel_make, test_tunnel_end);
}
