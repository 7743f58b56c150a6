/*
 * Rights that were given up are gone: what root alone may do fails, and what is open stays open.
 */
#include "base/rights.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER 12345
#define GROUP 23456

/* The line of /proc/self/status, without its name. */
static void status_line(const char *name, char *ret, size_t size)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256] = "";
	*ret = '\0';
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0)
			snprintf(ret, size, "%s", line + strlen(name) + 1);
	if (file)
		fclose(file);
}

static bool line_is(const char *name, const char *wanted)
{
	char line[256];
	status_line(name, line, sizeof line);
	bool same = strncmp(line, wanted, strlen(wanted)) == 0;
	if (!same)
		fprintf(stderr, "%s: wanted %s, found %s\n", name, wanted, line);
	return same;
}

/* The status of a child that does it. */
static int in_child(bool (*body)(const char *secret), const char *secret)
{
	int status;
	pid_t child = fork();
	if (child == 0)
		_exit(body(secret) ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool drop_to(const char *secret, uid_t uid, gid_t gid)
{
	struct cw_error error;
	int open_before = open(secret, O_RDONLY | O_CLOEXEC);
	char byte;
	if (!cw_rights_drop(&(struct cw_rights_user){uid, gid}, &error)) {
		fprintf(stderr, "%s\n", error.message);
		return false;
	}
	return open_before >= 0 && read(open_before, &byte, 1) == 1 &&
		line_is("CapEff:", "0000000000000000") && line_is("CapPrm:", "0000000000000000") &&
		line_is("NoNewPrivs:", "1") && socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) < 0 &&
		errno == EPERM;
}

static bool as_a_user(const char *secret)
{
	if (!drop_to(secret, USER, GROUP))
		return false;
	return line_is("Uid:", "12345\t12345\t12345\t12345") &&
		line_is("Gid:", "23456\t23456\t23456\t23456") && open(secret, O_RDONLY | O_CLOEXEC) < 0 &&
		errno == EACCES && setuid(0) != 0;
}

static bool as_oneself(const char *secret)
{
	return drop_to(secret, geteuid(), getegid());
}

static const char *make_secret(void)
{
	static char path[512];
	snprintf(path, sizeof path, "%s", test_folder_path("secret"));
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(write(file, "x", 1), 1);
	close(file);
	return path;
}

static void what_is_given_up_is_gone_and_what_is_open_stays(void **state)
{
	(void)state;
	const char *secret = make_secret();
	assert_int_equal(in_child(as_oneself, secret), 0);
	if (geteuid() == 0)
		assert_int_equal(in_child(as_a_user, secret), 0);
}

static void root_becomes_who_must_write_or_who_asked(void **state)
{
	(void)state;
	struct cw_rights_user user;
	struct cw_error error;
	struct stat status;
	const char *folder = test_folder_path("made");
	assert_int_equal(mkdir(folder, 0755), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(folder, USER, GROUP), 0);
	assert_int_equal(stat(folder, &status), 0);
	assert_true(cw_rights_choose(folder, &user, &error));
	assert_int_equal(user.uid, status.st_uid);
	assert_int_equal(user.gid, status.st_gid);
	assert_false(cw_rights_choose(test_folder_path("missing"), &user, &error));
	static const struct {
		const char *uid, *gid;
		unsigned want_uid, want_gid;
	} rows[] = {
		{NULL, NULL, 65534, 65534},
		{"1000", "1001", 1000, 1001},
		{"0", "0", 65534, 65534},
		{"1000", NULL, 65534, 65534},
		{"-1", "1", 65534, 65534},
		{"1000x", "1000", 65534, 65534},
		{"99999999999999999999", "1", 65534, 65534},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsetenv("SUDO_UID");
		unsetenv("SUDO_GID");
		if (rows[i].uid)
			setenv("SUDO_UID", rows[i].uid, 1);
		if (rows[i].gid)
			setenv("SUDO_GID", rows[i].gid, 1);
		assert_true(cw_rights_choose(NULL, &user, &error));
		assert_int_equal(user.uid, rows[i].want_uid);
		assert_int_equal(user.gid, rows[i].want_gid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_up_is_gone_and_what_is_open_stays),
		cmocka_unit_test(root_becomes_who_must_write_or_who_asked),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
