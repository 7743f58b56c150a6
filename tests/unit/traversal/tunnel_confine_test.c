/*
 * What ssh and sshd may open: tried from inside, by a program that is started as they are.
 */
#include "base/child.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "traversal/tunnel_confine.h"

#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cw_tunnel_folder make_folder(void)
{
	struct cw_tunnel_account account;
	struct cw_tunnel_folder folder;
	struct cw_error error = {0};
	test_folder_write("certs/server.key", "k", 1);
	test_folder_write("secrets/security.txt", "s", 1);
	test_folder_write("history/history.db", "h", 1);
	test_folder_write("node.yaml", "password: p", 11);
	test_folder_write("run/status.sock", "", 0);
	chmod(test_folder_path(""), 0755);
	if (!cw_tunnel_account_find(NULL, &account, &error)) {
		account = (struct cw_tunnel_account){.uid = geteuid(), .gid = getegid()};
		snprintf(account.name, sizeof account.name, "root");
	}
	if (!cw_tunnel_folder_open(test_folder_path("run/e"), &account, &folder, &error))
		fail_msg("%s", error.message);
	if (!cw_tunnel_folder_write(&folder, "authorized_keys", "line", 4, &error))
		fail_msg("%s", error.message);
	return folder;
}

/* The exit status of a shell with these words; $1 is the state folder. */
static int run(const struct cw_confine *confine, const char *words)
{
	struct cw_error error = {0};
	struct cw_child child;
	const char *const arguments[] = {"/bin/sh", "-c", words, "sh", test_folder_path(""), NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_NULL,
		.confine = confine};
	if (!cw_child_start(&setup, &child, &error))
		fail_msg("%s", error.message);
	struct pollfd ended = {.fd = child.pidfd, .events = POLLIN};
	assert_int_equal(poll(&ended, 1, 60000), 1);
	assert_true(cw_child_ended(&child));
	int status = child.status;
	cw_child_finish(&child);
	return status;
}

static void keys_and_passwords_cannot_be_opened_from_inside(void **state)
{
	(void)state;
	static const struct {
		const char *words;
		bool want_works;
	} rows[] = {
		{"cat \"$1/run/e/authorized_keys\"", true},
		{"cat /etc/passwd", true},
		{"echo >/dev/null", true},
		{"cat \"$1/certs/server.key\"", false},
		{"cat \"$1/secrets/security.txt\"", false},
		{"cat \"$1/history/history.db\"", false},
		{"cat \"$1/node.yaml\"", false},
		{"cat \"$1/run/e/../../certs/server.key\"", false},
		{"ls \"$1/certs\"", false},
		{"ls \"$1/run\"", false},
		{"echo more >>\"$1/run/e/authorized_keys\"", false},
		{"rm -f \"$1/run/e/authorized_keys\"", false},
		{"echo x >\"$1/run/e/new\"", false},
		{"echo x >/tmp/causeway-confined", false},
		{"ln -s \"$1/certs/server.key\" \"$1/run/e/link\"", false},
	};
	struct cw_confine confine;
	struct cw_error error;
	const struct cw_tunnel_folder folder = make_folder();
	assert_true(cw_tunnel_confine(&folder, "/usr/sbin/sshd", &confine, &error));
	if (confine.ruleset < 0)
		skip();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((run(&confine, rows[i].words) == 0) != rows[i].want_works)
			fail_msg("%s: wanted %s", rows[i].words, rows[i].want_works ? "success" : "failure");
	cw_confine_finish(&confine);
}

static void without_it_they_could(void **state)
{
	(void)state;
	assert_int_equal(run(NULL, "cat \"$1/certs/server.key\" \"$1/secrets/security.txt\""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_passwords_cannot_be_opened_from_inside),
		cmocka_unit_test(without_it_they_could),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
