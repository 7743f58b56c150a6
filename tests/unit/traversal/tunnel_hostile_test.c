#include "base/child.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/tunnel_scene.h"
#include "traversal/tunnel_key.h"
#include "traversal/tunnel_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* An OpenSSH client that is none of ours, with a key that is let in. */

static bool ssh_over;
static char ssh_said[4096];

static void on_said(void *context, const char *line)
{
	(void)context;
	size_t length = strlen(ssh_said);
	snprintf(ssh_said + length, sizeof ssh_said - length, "%s\n", line);
}

static void on_ended(void *context, const char *how)
{
	ssh_over = true;
	on_said(context, how);
}

static bool ssh_is_over(void)
{
	return ssh_over;
}

/* What it asks for stands in place of -N; `said` is its own words and how it ended. */
static struct cw_tunnel_process *start_ssh(const char *const asks[4])
{
	static char port[8], login[80], known[600], identity[600];
	const char *arguments[32] = {cw_tunnel_programs_default.ssh, "-T", "-F", "none", "-oBatchMode=yes",
		"-oIdentityAgent=none", "-oHostKeyAlias=" CW_TUNNEL_HOST_ALIAS, "-oExitOnForwardFailure=yes",
		known, identity, login, "-p", port};
	size_t count = 13;
	struct cw_error error;
	struct cw_tunnel_process *process;
	const struct cw_tunnel_process_owner owner = {on_said, on_ended, NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.drops = tunnel.account.drops,
		.uid = tunnel.account.uid,
		.gid = tunnel.account.gid};
	snprintf(port, sizeof port, "%u", ntohs(tunnel.address.sin_port));
	snprintf(login, sizeof login, "-l%s", tunnel.account.name);
	snprintf(known, sizeof known, "-oUserKnownHostsFile=%s", test_folder_path("c/known_hosts"));
	snprintf(identity, sizeof identity, "-oIdentityFile=%s", test_folder_path("c/user_key"));
	for (size_t i = 0; i < 4 && asks[i]; i++)
		arguments[count++] = asks[i];
	ssh_over = false;
	ssh_said[0] = '\0';
	if (!cw_tunnel_process_start(tunnel.base, &setup, &owner, &process, &error))
		fail_msg("%s", error.message);
	return process;
}

static bool server_is_checking(void)
{
	return test_tunnel_at_server()->state == CW_TUNNEL_CHECKING &&
		cw_tunnel_server_process(tunnel.server, "c1") != 0;
}

/* Key and known_hosts of a client, without its ssh. */
static void open_both(void)
{
	test_tunnel_open_server();
	test_tunnel_open_client();
	test_tunnel_allow_client();
	AUTO_BUFFER line = {0};
	struct cw_error error;
	struct cw_tunnel_folder folder = {.account = tunnel.account};
	snprintf(folder.path, sizeof folder.path, "%s", test_folder_path("c"));
	cw_buffer_printf(&line, "%s ", CW_TUNNEL_HOST_ALIAS);
	assert_true(cw_tunnel_key_line(test_key(tunnel.server_key), &line, &error));
	assert_true(cw_tunnel_folder_write(&folder, "known_hosts", line.data, line.length, &error));
}

static const struct {
	const char *name;
	const char *asks[4];
	const char *want; /* in what ssh says */
} asked[] = {
	{"no command is run", {"127.0.0.1", "true"}, "ended with status 255"},
	{"there is no shell", {"127.0.0.1"}, "ended with status 255"},
	{"there is no subsystem", {"-s", "127.0.0.1", "sftp"}, "ended with status 255"},
	{"no other port can be had", {"-N", "-R127.0.0.1:9:127.0.0.1:9", "127.0.0.1"},
		"remote port forwarding failed"},
	{"no other address can be had", {"-N", "-R0.0.0.0:0:127.0.0.1:9", "127.0.0.1"},
		"remote port forwarding failed"},
	{"no Unix socket is made", {"-N", "-R/tmp/causeway-test.sock:127.0.0.1:9", "127.0.0.1"},
		"remote port forwarding failed"},
	{"nothing goes out from E", {"-W127.0.0.1:9", "127.0.0.1"},
		"open failed: administratively prohibited"},
};

static void a_key_that_is_let_in_gets_one_forward_and_nothing_else(void **state)
{
	(void)state;
	open_both();
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		print_message("%s\n", asked[i].name);
		start_ssh(asked[i].asks);
		test_tunnel_wait(ssh_is_over, asked[i].name);
		if (!strstr(ssh_said, asked[i].want))
			fail_msg("%s: %s", asked[i].name, ssh_said);
	}
	assert_int_not_equal(access("/tmp/causeway-test.sock", F_OK), 0);
}

static void openssh_itself_can_hold_the_tunnel(void **state)
{
	(void)state;
	char forward[700];
	open_both();
	snprintf(forward, sizeof forward, "-R127.0.0.1:%u:%s", ntohs(tunnel.listen.sin_port),
		test_folder_path("c/relay.sock"));
	const char *const asks[4] = {"-N", forward, "127.0.0.1"};
	struct cw_tunnel_process *process = start_ssh(asks);
	test_tunnel_wait(server_is_checking, "it is let in");
	cw_tunnel_process_kill(process);
	test_tunnel_wait(ssh_is_over, "its end");
}

/* And a plain sshd, as a service, for our client. */

static struct cw_tunnel_process *start_sshd(unsigned port)
{
	AUTO_BUFFER text = {0};
	struct cw_error error;
	struct cw_tunnel_folder folder;
	struct cw_tunnel_process *process;
	assert_true(cw_tunnel_folder_open(test_folder_path("plain"), &tunnel.account, &folder, &error));
	assert_true(cw_tunnel_key_pem(test_key(tunnel.server_key), &text, &error));
	assert_true(cw_tunnel_folder_write(&folder, "host_key", text.data, text.length, &error));
	cw_buffer_finish(&text);
	assert_true(cw_tunnel_key_line(test_key(tunnel.client_key), &text, &error));
	assert_true(cw_tunnel_folder_write(&folder, "authorized_keys", text.data, text.length, &error));
	cw_buffer_finish(&text);
	cw_buffer_printf(&text,
		"ListenAddress 127.0.0.1:%u\nHostKey %s/host_key\nAuthorizedKeysFile %s/authorized_keys\n"
		"UsePAM no\nPidFile none\nStrictModes no\n",
		port, folder.path, folder.path);
	assert_true(cw_tunnel_folder_write(&folder, "sshd_config", text.data, text.length, &error));
	const char *const arguments[] = {cw_tunnel_programs_default.sshd, "-D", "-e", "-f",
		test_folder_path("plain/sshd_config"), NULL};
	const struct cw_tunnel_process_owner owner = {on_said, on_ended, NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.drops = tunnel.account.drops,
		.uid = tunnel.account.uid,
		.gid = tunnel.account.gid};
	ssh_over = false;
	ssh_said[0] = '\0';
	if (!cw_tunnel_process_start(tunnel.base, &setup, &owner, &process, &error))
		fail_msg("%s", error.message);
	return process;
}

static bool probed, asking;

static void on_probed(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	(void)context;
	(void)socket;
	probed = end == CW_TUNNEL_DIAL_AGREED;
	asking = false;
}

/* Asks until the tunnel is there, as Expressway-E would. */
static bool bytes_come_back(void)
{
	struct cw_error error;
	struct cw_tunnel_dial *dial;
	const struct cw_tunnel_dial_setup setup = {.base = tunnel.base,
		.to = &tunnel.listen,
		.secret = tunnel.secret,
		.purpose = CW_TUNNEL_PROBE,
		.milliseconds = 3000,
		.owner = {on_probed, NULL}};
	if (!probed && !asking)
		asking = cw_tunnel_dial_open(&setup, &dial, &error);
	return probed && cw_tunnel_client_status(tunnel.client)->state == CW_TUNNEL_ACTIVE;
}

static struct sockaddr_in free_address(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int taken = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(taken, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(taken, (struct sockaddr *)&address, &size), 0);
	close(taken);
	return address;
}

static void our_client_holds_a_tunnel_to_a_plain_sshd(void **state)
{
	(void)state;
	probed = asking = false;
	test_tunnel_open_client();
	tunnel.address = free_address();
	tunnel.listen = free_address();
	struct cw_tunnel_process *sshd = start_sshd(ntohs(tunnel.address.sin_port));
	test_tunnel_allow_server();
	test_tunnel_wait(bytes_come_back, "bytes through a plain sshd");
	cw_tunnel_client_refuse(tunnel.client, "enough");
	cw_tunnel_process_kill(sshd);
	test_tunnel_wait(ssh_is_over, "its end");
}

/* Peers that are no SSH at all. */

static int dial_raw(void)
{
	int dialled = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		connect(dialled, (const struct sockaddr *)&tunnel.address, sizeof tunnel.address), 0);
	return dialled;
}

static int raw = -1;
static char raw_said[256];
static size_t raw_length;

static bool raw_is_closed(void)
{
	char bytes[256];
	ssize_t got = recv(raw, bytes, sizeof bytes, MSG_DONTWAIT);
	return got == 0 || (got < 0 && errno != EAGAIN);
}

static bool raw_has_banner(void)
{
	ssize_t got = recv(raw, raw_said + raw_length, sizeof raw_said - 1 - raw_length, MSG_DONTWAIT);
	raw_length += got > 0 ? (size_t)got : 0;
	return memchr(raw_said, '\n', raw_length) != NULL;
}

static const struct {
	const char *name, *says;
	size_t times;
	bool closes; /* its writing half, at once */
} strangers[] = {
	{"a web browser is dropped", "GET / HTTP/1.1\r\nHost: e1\r\n\r\n", 1, false},
	{"a TLS client is dropped", "\x16\x03\x01\x02\x0c\x01\x0c\x02\x03\x03\r\n", 1, false},
	{"a banner without end is dropped", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 4096, false},
	{"lines without a banner are dropped", "hello\r\n", 4096, false},
	{"an old protocol is dropped", "SSH-1.5-old\r\n", 1, false},
	{"packets of absurd length are dropped",
		"SSH-2.0-x\r\n\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 1, false},
	{"who says nothing and hangs up is dropped", "", 1, true},
};

static void who_speaks_no_ssh_is_dropped_and_a_tunnel_comes_up_beside_it(void **state)
{
	(void)state;
	open_both();
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		print_message("%s\n", strangers[i].name);
		raw = dial_raw();
		for (size_t n = 0; n < strangers[i].times; n++)
			if (send(raw, strangers[i].says, strlen(strangers[i].says),
				    MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
				break;
		if (strangers[i].closes)
			shutdown(raw, SHUT_WR);
		test_tunnel_wait(raw_is_closed, strangers[i].name);
		close(raw);
	}
	test_tunnel_allow_server();
	test_tunnel_wait(test_tunnel_both_active, "a tunnel");
}

static bool many_were_turned_away(void)
{
	return tunnel.too_often >= 15;
}

static void a_flood_of_connections_is_turned_away_before_ssh(void **state)
{
	(void)state;
	int many[30];
	tunnel.limits.refill = 200;
	open_both();
	for (size_t i = 0; i < 30; i++)
		many[i] = dial_raw();
	test_tunnel_wait(many_were_turned_away, "the flood is turned away");
	for (size_t i = 0; i < 30; i++)
		close(many[i]);
	test_tunnel_allow_server();
	test_tunnel_wait(test_tunnel_both_active, "a tunnel after the flood");
}

static void who_is_still_authenticating_is_cut_when_a_peer_is_put_out(void **state)
{
	(void)state;
	open_both();
	raw = dial_raw();
	raw_length = 0;
	test_tunnel_wait(raw_has_banner, "sshd's first words");
	assert_memory_equal(raw_said, "SSH-2.0-", 8);
	cw_tunnel_server_refuse(tunnel.server, "c1", "its certificate has expired");
	assert_true(raw_is_closed());
	close(raw);
}

/* A process on E dials the tunnel's port, and one on C the relay: neither holds the key. */
static bool client_told(void)
{
	return tunnel.told_c[0] != '\0';
}

static void a_local_process_without_the_key_gets_no_byte_through(void **state)
{
	(void)state;
	test_tunnel_up();
	raw = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(raw, (const struct sockaddr *)&tunnel.listen, sizeof tunnel.listen), 0);
	const char *request = "GET /dGVzdA/get_edge_config HTTP/1.1\r\nAuthorization: Basic eDp5\r\n\r\n";
	assert_true(send(raw, request, strlen(request), MSG_NOSIGNAL) > 0);
	test_tunnel_wait(client_told, "C tells of it");
	assert_non_null(strstr(tunnel.told_c, "without the key of the tunnel"));
	test_tunnel_wait(raw_is_closed, "it is closed");
	assert_int_equal(tunnel.at_c, -1);
	close(raw);
}

/* Who took the tunnel's port before the tunnel, and answers there. */
static bool impostor_is_seen(void)
{
	return test_tunnel_at_server()->reason == CW_TUNNEL_IMPOSTOR ||
		test_tunnel_at_server()->reason == CW_TUNNEL_PORT_TAKEN;
}

static void an_impostor_at_the_port_is_seen(void **state)
{
	(void)state;
	const int on = 1;
	open_both();
	int taken = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(taken, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	assert_int_equal(bind(taken, (struct sockaddr *)&tunnel.listen, sizeof tunnel.listen), 0);
	assert_int_equal(listen(taken, 8), 0);
	test_tunnel_allow_server();
	test_tunnel_wait(impostor_is_seen, "somebody else has the port");
	struct cw_error error;
	struct cw_tunnel_dial *dial;
	const struct cw_tunnel_dial_owner owner = {0};
	assert_false(cw_tunnel_server_dial(tunnel.server, "c1", &owner, &dial, &error));
	close(taken);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_tunnel_begin, test_tunnel_close)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_key_that_is_let_in_gets_one_forward_and_nothing_else),
		TEST(openssh_itself_can_hold_the_tunnel), TEST(our_client_holds_a_tunnel_to_a_plain_sshd),
		TEST(who_speaks_no_ssh_is_dropped_and_a_tunnel_comes_up_beside_it),
		TEST(a_flood_of_connections_is_turned_away_before_ssh),
		TEST(who_is_still_authenticating_is_cut_when_a_peer_is_put_out),
		TEST(a_local_process_without_the_key_gets_no_byte_through),
		TEST(an_impostor_at_the_port_is_seen)};
	return cmocka_run_group_tests(tests, test_tunnel_make, test_tunnel_end);
}
