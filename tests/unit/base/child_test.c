#include "base/child.h"
#include "support/cmocka.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void wait_for(struct cw_child *child)
{
	struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};
	assert_int_equal(poll(&ended, 1, 60000), 1);
	assert_true(cw_child_ended(child));
}

/* All that comes until the other end is closed. */
static void read_all(int descriptor, char *text, size_t size)
{
	size_t length = 0;
	struct pollfd ready = {.fd = descriptor, .events = POLLIN};
	for (;;) {
		poll(&ready, 1, 60000);
		ssize_t got = read(descriptor, text + length, size - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
}

static void a_child_has_its_pipes_and_nothing_else(void **state)
{
	(void)state;
	char text[512];
	struct cw_error error;
	struct cw_child child;
	const char *const arguments[] = {"/bin/sh", "-c",
		"read a; echo got $a $NAME $HOME.; ls /proc/self/fd | wc -l; echo no >&2; exit 3", NULL};
	const char *const environment[] = {"NAME=value", "PATH=/bin:/usr/bin", NULL};
	const struct cw_child_setup setup = {arguments, environment, CW_CHILD_PIPE, CW_CHILD_PIPE,
		CW_CHILD_PIPE, false, 0, 0, NULL, false};
	int open_here = dup(STDERR_FILENO); /* is not inherited */
	assert_true(cw_child_start(&setup, &child, &error));
	assert_int_equal(write(child.in, "this\n", 5), 5);
	read_all(child.out, text, sizeof text);
	assert_string_equal(text, "got this value .\n4\n"); /* ls has the folder open */
	read_all(child.err, text, sizeof text);
	assert_string_equal(text, "no\n");
	wait_for(&child);
	assert_string_equal(cw_child_status_text(child.status, text), "ended with status 3");
	cw_child_finish(&child);
	close(open_here);
}

static void a_program_that_is_not_there_is_told(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_child child = CW_CHILD_NONE;
	const char *const arguments[] = {"/nonexistent/program", NULL};
	const struct cw_child_setup setup = {
		arguments, NULL, CW_CHILD_NULL, CW_CHILD_NULL, CW_CHILD_NULL, false, 0, 0, NULL, false};
	assert_false(cw_child_start(&setup, &child, &error));
	assert_string_equal(
		error.message, "/nonexistent/program: cannot run the program: No such file or directory");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	cw_child_finish(&child);
}

static void the_whole_group_is_killed(void **state)
{
	(void)state;
	char text[CW_CHILD_STATUS_SIZE];
	struct cw_error error;
	struct cw_child child;
	const char *const arguments[] = {"/bin/sh", "-c", "/bin/cat <&0 & wait", NULL};
	const struct cw_child_setup setup = {
		arguments, NULL, CW_CHILD_PIPE, CW_CHILD_PIPE, CW_CHILD_NULL, false, 0, 0, NULL, false};
	assert_true(cw_child_start(&setup, &child, &error));
	assert_false(cw_child_ended(&child));
	cw_child_signal(&child, SIGTERM);
	read_all(child.out, text, sizeof text); /* ends when the grandchild is gone, too */
	wait_for(&child);
	assert_string_equal(cw_child_status_text(child.status, text), "was killed by signal 15 (Terminated)");
	cw_child_finish(&child);
	assert_true(cw_child_ended(&child));
}

/* What the child leaves behind in its group ends with it. */
static void what_a_child_leaves_behind_is_killed(void **state)
{
	(void)state;
	char text[64];
	struct cw_error error;
	struct cw_child child;
	const char *const arguments[] = {"/bin/sh", "-c", "/bin/cat <&0 & exit 0", NULL};
	const struct cw_child_setup setup = {
		arguments, NULL, CW_CHILD_PIPE, CW_CHILD_PIPE, CW_CHILD_NULL, false, 0, 0, NULL, false};
	assert_true(cw_child_start(&setup, &child, &error));
	wait_for(&child);
	read_all(child.out, text, sizeof text);
	cw_child_finish(&child);
}

static void a_child_ends_with_its_parent(void **state)
{
	(void)state;
	char text[8];
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	pid_t parent = fork();
	if (parent == 0) {
		struct cw_error error;
		struct cw_child child;
		const char *const arguments[] = {"/bin/sleep", "1000", NULL};
		const struct cw_child_setup setup = {
			arguments, NULL, CW_CHILD_NULL, pipes[1], CW_CHILD_NULL, false, 0, 0, NULL, false};
		if (!cw_child_start(&setup, &child, &error))
			_exit(1);
		raise(SIGKILL);
	}
	close(pipes[1]);
	waitpid(parent, NULL, 0);
	read_all(pipes[0], text, sizeof text); /* its copy of the pipe is closed */
	close(pipes[0]);
}

static void root_is_given_up(void **state)
{
	(void)state;
	char text[64];
	struct cw_error error;
	struct cw_child child;
	const char *const arguments[] = {"/usr/bin/id", "-u", NULL};
	const struct cw_child_setup setup = {
		arguments, NULL, CW_CHILD_NULL, CW_CHILD_PIPE, CW_CHILD_NULL, true, 4711, 4711, NULL, false};
	bool started = cw_child_start(&setup, &child, &error);
	assert_int_equal(started, geteuid() == 0);
	if (!started)
		return;
	read_all(child.out, text, sizeof text);
	assert_string_equal(text, "4711\n");
	wait_for(&child);
	cw_child_finish(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_has_its_pipes_and_nothing_else),
		cmocka_unit_test(a_program_that_is_not_there_is_told),
		cmocka_unit_test(the_whole_group_is_killed),
		cmocka_unit_test(what_a_child_leaves_behind_is_killed),
		cmocka_unit_test(a_child_ends_with_its_parent),
		cmocka_unit_test(root_is_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
