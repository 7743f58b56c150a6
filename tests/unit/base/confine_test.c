/*
 * Confined processes: what was named is there, what was not cannot be opened, by them and by what they start.
 */
#include "base/child.h"
#include "base/confine.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs it in a process of its own, which cannot be undone. */
static int in_child(int (*tries)(const struct cw_confine *confine), const struct cw_confine *confine)
{
	int status;
	pid_t process = fork();
	if (process == 0)
		_exit(tries(confine));
	assert_int_equal(waitpid(process, &status, 0), process);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool opens(const char *name, int flags)
{
	int file = open(test_folder_path(name), flags | O_CLOEXEC, 0600);
	if (file >= 0)
		close(file);
	return file >= 0;
}

static int try_files(const struct cw_confine *confine)
{
	if (!cw_confine_enter(confine))
		return 1;
	if (!opens("own/file", O_RDWR) || !opens("own/new", O_WRONLY | O_CREAT))
		return 2;
	if (!opens("shown/file", O_RDONLY))
		return 3;
	if (opens("shown/file", O_WRONLY) || opens("shown/new", O_WRONLY | O_CREAT))
		return 4;
	if (opens("certs/server.key", O_RDONLY) || opens("certs/server.key", O_WRONLY) ||
		opens("secrets/new", O_WRONLY | O_CREAT))
		return 5;
	return unlink(test_folder_path("certs/server.key")) == 0 ? 6 : 0;
}

static int try_calls(const struct cw_confine *confine)
{
	char word[] = "true";
	char *const words[] = {word, NULL};
	(void)confine;
	if (!cw_confine_calls())
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 2;
	execv("/bin/true", words);
	return errno == EPERM ? 0 : 3;
}

/* False: this kernel has no Landlock. */
static bool prepare(struct cw_confine *ret)
{
	struct cw_error error;
	test_folder_write("own/file", "x", 1);
	test_folder_write("shown/file", "x", 1);
	test_folder_write("certs/server.key", "x", 1);
	test_folder_write("secrets/zone.txt", "x", 1);
	const struct cw_confine_path paths[] = {{test_folder_path("own"), CW_CONFINE_WRITE},
		{test_folder_path("shown"), CW_CONFINE_READ}, {test_folder_path("none"), CW_CONFINE_READ},
		{"/usr", CW_CONFINE_READ}, {"/lib", CW_CONFINE_READ}, {"/lib64", CW_CONFINE_READ},
		{"/bin", CW_CONFINE_READ}, {"/etc", CW_CONFINE_READ}, {"/dev/null", CW_CONFINE_WRITE}};
	assert_true(cw_confine_prepare(paths, sizeof paths / sizeof paths[0], ret, &error));
	return ret->ruleset >= 0;
}

static void what_was_not_named_cannot_be_opened(void **state)
{
	(void)state;
	struct cw_confine confine;
	if (!prepare(&confine))
		skip();
	assert_int_equal(in_child(try_files, &confine), 0);
	assert_true(opens("certs/server.key", O_RDONLY)); /* by its parent */
	cw_confine_finish(&confine);
}

static void no_program_is_run_and_no_socket_made(void **state)
{
	(void)state;
	assert_int_equal(in_child(try_calls, NULL), 0);
}

static void a_program_that_is_started_is_confined_too(void **state)
{
	(void)state;
	struct cw_confine confine;
	struct cw_error error;
	struct cw_child child;
	if (!prepare(&confine))
		skip();
	const char *const arguments[] = {"/bin/sh", "-c",
		"cat \"$1/own/file\" >/dev/null || exit 1; cat \"$1/certs/server.key\" 2>/dev/null && exit 2; exit 0",
		"sh", test_folder_path(""), NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_NULL,
		.confine = &confine};
	assert_true(cw_child_start(&setup, &child, &error));
	struct pollfd ended = {.fd = child.pidfd, .events = POLLIN};
	assert_int_equal(poll(&ended, 1, 60000), 1);
	assert_true(cw_child_ended(&child));
	assert_int_equal(child.status, 0);
	cw_child_finish(&child);
	cw_confine_finish(&confine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_named_cannot_be_opened),
		cmocka_unit_test(no_program_is_run_and_no_socket_made),
		cmocka_unit_test(a_program_that_is_started_is_confined_too),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
