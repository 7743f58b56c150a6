/*
 * Expressway-C's side against a plain OpenSSH server in Expressway-E's place: a sshd that stays in the foreground, with a few
 * lines of somebody else's configuration, none of ours.
 */
#include "base/child.h"
#include "net/loopback.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/tunnel_scene.h"
#include "traversal/tunnel_health.h"
#include "traversal/tunnel_key.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SSHD_PORT 2222
#define STREAM_PORT 2223

static struct {
	struct cw_loopback network;
	struct cw_child sshd;
	struct cw_tunnel_health health;
	bool up, lost;
} plain;

static void on_health_up(void *context)
{
	(void)context;
	plain.up = true;
}

static void on_health_lost(void *context, enum cw_tunnel_reason reason)
{
	(void)context;
	(void)reason;
	plain.lost = true;
}

static const char *write_owned(const char *name, const struct cw_buffer *text)
{
	const char *path = test_folder_write(name, cw_buffer_string(text), text->length);
	assert_int_equal(chmod(path, 0600), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(path, tunnel.account.uid, tunnel.account.gid), 0);
	return path;
}

static bool sshd_answers(void)
{
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in to = cw_loopback_address(&plain.network, 1, SSHD_PORT);
	bool connected = connect(made, (const struct sockaddr *)&to, sizeof to) == 0;
	close(made);
	return connected;
}

static void start_sshd(const char *host_key, const char *user_key, const char *more)
{
	AUTO_BUFFER key = {0}, line = {0}, words = {0};
	struct cw_error error = {0};
	char address[CW_LOOPBACK_TEXT_SIZE];
	const struct sockaddr_in at = cw_loopback_address(&plain.network, 1, SSHD_PORT);
	assert_true(cw_tunnel_key_pem(test_key(host_key), &key, &error));
	assert_true(cw_tunnel_key_line(test_key(user_key), &line, &error));
	cw_buffer_printf(&words, "ListenAddress %s\nHostKey %s\n", cw_loopback_text(&at, address),
		write_owned("plain/host_key", &key));
	cw_buffer_printf(&words,
		"AuthorizedKeysFile %s\nUsePAM no\nStrictModes no\nPidFile none\n"
		"GatewayPorts clientspecified\n%s",
		write_owned("plain/authorized_keys", &line), more);
	chmod(test_folder_path("plain"), 0755);
	const char *const arguments[] = {cw_tunnel_programs_default.sshd, "-D", "-e", "-f",
		write_owned("plain/sshd_config", &words), NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_NULL,
		.drops = tunnel.account.drops,
		.uid = tunnel.account.uid,
		.gid = tunnel.account.gid};
	if (!cw_child_start(&setup, &plain.sshd, &error))
		fail_msg("%s", error.message);
	test_tunnel_wait(sshd_answers, "sshd listens");
}

/* What the zone would tell: where sshd is, and where streams begin. */
static void dial(const char *known_key)
{
	tunnel.known_key = known_key;
	tunnel.address = cw_loopback_address(&plain.network, 1, SSHD_PORT);
	tunnel.listen = cw_loopback_address(&plain.network, 1, STREAM_PORT);
	test_tunnel_open_client();
	test_tunnel_allow_server();
	plain.health = (struct cw_tunnel_health){
		.base = tunnel.base, .limits = &tunnel.limits, .owner = {on_health_up, on_health_lost, NULL}};
	if (!cw_tunnel_health_start(&plain.health, &tunnel.listen, tunnel.secret))
		fail_msg("%s", "out of memory");
}

static bool both_up(void)
{
	return plain.up && cw_tunnel_client_status(tunnel.client)->state == CW_TUNNEL_ACTIVE;
}

static void bytes_go_through_a_plain_sshd(void **state)
{
	(void)state;
	start_sshd("server", "client", "");
	dial("server");
	test_tunnel_wait(both_up, "a probe through a plain sshd and back");
	assert_false(plain.lost);
}

static bool client_not_up_and_failed(void)
{
	const struct cw_tunnel_status *status = cw_tunnel_client_status(tunnel.client);
	return status->state == CW_TUNNEL_FAILED || status->reason != CW_TUNNEL_NO_REASON;
}

static void what_a_plain_sshd_refuses_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *host_key, *user_key, *more;
		enum cw_tunnel_reason want;
	} rows[] = {
		{"stranger", "client", "", CW_TUNNEL_HOST_KEY},
		{"server", "stranger", "", CW_TUNNEL_USER_KEY},
		{"server", "client", "AllowTcpForwarding no\n", CW_TUNNEL_PORT_DENIED},
		{"server", "client", "PubkeyAcceptedAlgorithms ssh-ed25519\n", CW_TUNNEL_USER_KEY},
		{"server", "client", "Ciphers chacha20-poly1305@openssh.com\n", CW_TUNNEL_NO_REASON},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		start_sshd(rows[i].host_key, rows[i].user_key, rows[i].more);
		dial("server");
		if (rows[i].want == CW_TUNNEL_NO_REASON)
			test_tunnel_wait(both_up, "a probe through and back");
		else
			test_tunnel_wait(client_not_up_and_failed, "a reason");
		const struct cw_tunnel_status *status = cw_tunnel_client_status(tunnel.client);
		if (status->reason != rows[i].want)
			fail_msg("row %zu: wanted %s, found %s: %s", i, cw_tunnel_words_name(rows[i].want),
				cw_tunnel_words_name(status->reason), status->text);
		assert_int_equal(plain.up, rows[i].want == CW_TUNNEL_NO_REASON);
		cw_tunnel_health_stop(&plain.health);
		cw_child_finish(&plain.sshd);
		cw_tunnel_client_free(tunnel.client);
		tunnel.client = NULL;
		plain.up = false;
	}
}

static int begin(void **state)
{
	struct cw_error error;
	memset(&plain, 0, sizeof plain);
	plain.sshd = CW_CHILD_NONE;
	if (test_tunnel_begin(state) != 0 || !cw_loopback_take(&plain.network, &error))
		return -1;
	return 0;
}

static int finish(void **state)
{
	cw_tunnel_health_stop(&plain.health);
	cw_child_finish(&plain.sshd);
	cw_loopback_release(&plain.network);
	return test_tunnel_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bytes_go_through_a_plain_sshd, begin, finish),
		cmocka_unit_test_setup_teardown(what_a_plain_sshd_refuses_is_told, begin, finish),
	};
	return cmocka_run_group_tests(tests, test_tunnel_make, test_tunnel_end);
}
