#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child was doing when it failed, and what it tells its parent through a pipe that exec closes. */
enum child_step { STEP_DESCRIPTORS, STEP_ACCOUNT, STEP_CONFINE, STEP_EXECUTE };

struct child_failure {
	int number; /* errno */
	enum child_step step;
};

/* Both ends of what becomes one standard descriptor: the child's and the caller's, -1 where there is none. */
struct child_stream {
	int theirs, ours;
};

static void close_one(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

static void close_streams(struct child_stream streams[3])
{
	for (size_t i = 0; i < 3; i++) {
		close_one(&streams[i].theirs);
		close_one(&streams[i].ours);
	}
}

/* A descriptor of the caller's is copied, so that each stream owns what it holds. */
static bool open_stream(int given, bool child_reads, struct child_stream *ret)
{
	int ends[2];
	*ret = (struct child_stream){-1, -1};
	if (given == CW_CHILD_NULL) {
		ret->theirs = open("/dev/null", O_RDWR | O_CLOEXEC);
	} else if (given != CW_CHILD_PIPE) {
		ret->theirs = fcntl(given, F_DUPFD_CLOEXEC, 3);
	} else if (pipe2(ends, O_CLOEXEC) == 0) {
		ret->theirs = ends[child_reads ? 0 : 1];
		ret->ours = ends[child_reads ? 1 : 0];
		fcntl(ret->ours, F_SETFL, O_NONBLOCK);
	}
	return ret->theirs >= 0;
}

/* From here to exec: only what may be called between fork and exec. */

static void fail(int tell, enum child_step step)
{
	struct child_failure failure = {errno, step};
	(void)!write(tell, &failure, sizeof failure);
	_exit(127);
}

static void take_descriptors(const struct child_stream streams[3], int tell)
{
	/* above the standard ones, so that none is overwritten before it is copied */
	int high[3];
	for (int i = 0; i < 3; i++)
		if ((high[i] = fcntl(streams[i].theirs, F_DUPFD_CLOEXEC, 3)) < 0)
			fail(tell, STEP_DESCRIPTORS);
	for (int i = 0; i < 3; i++)
		if (dup2(high[i], i) < 0)
			fail(tell, STEP_DESCRIPTORS);
	/* whatever else the program has open, libraries' descriptors too */
	if (syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) != 0)
		fail(tell, STEP_DESCRIPTORS);
}

static void reset_signals(void)
{
	sigset_t none;
	for (int number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become_program(
	const struct cw_child_setup *setup, const struct child_stream streams[3], int tell, pid_t parent)
{
	static const char *const nothing[] = {NULL};
	const char *const *environment = setup->environment ? setup->environment : nothing;
	setpgid(0, 0);
	reset_signals();
	if (setup->drops &&
		(setgroups(0, NULL) != 0 || setgid(setup->gid) != 0 || setuid(setup->uid) != 0 ||
			setuid(0) == 0))
		fail(tell, STEP_ACCOUNT);
	/* after the change of account, which clears it; a parent that died meanwhile sends nothing any more */
	if (!setup->survives)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if ((!setup->survives && getppid() != parent) || chdir("/") != 0)
		fail(tell, STEP_ACCOUNT);
	take_descriptors(streams, tell);
	if (setup->confine && !cw_confine_enter(setup->confine))
		fail(tell, STEP_CONFINE);
	execve(setup->arguments[0], (char *const *)(uintptr_t)setup->arguments,
		(char *const *)(uintptr_t)environment);
	fail(tell, STEP_EXECUTE);
}

/* Waits until the child runs its program, or could not: a millisecond. */
static bool wait_for_program(int listen, const struct cw_child_setup *setup, struct cw_error *error)
{
	static const char *const doing[] = {"give the program its descriptors", "change to the account",
		"confine the program", "run the program"};
	struct child_failure failure;
	ssize_t got;
	do
		got = read(listen, &failure, sizeof failure);
	while (got < 0 && errno == EINTR);
	if (got != sizeof failure)
		return true;
	return cw_error_set(error, CW_E_IO, "%s: cannot %s: %s", setup->arguments[0], doing[failure.step],
		strerror(failure.number));
}

static bool start(const struct cw_child_setup *setup, struct child_stream streams[3], int tell[2],
	struct cw_child *child, struct cw_error *error)
{
	const int given[3] = {setup->in, setup->out, setup->err};
	for (size_t i = 0; i < 3; i++)
		if (!open_stream(given[i], i == 0, &streams[i]))
			return cw_error_set(error, CW_E_IO, "%s: cannot make its descriptors: %s",
				setup->arguments[0], strerror(errno));
	if (pipe2(tell, O_CLOEXEC) != 0)
		return cw_error_set(
			error, CW_E_IO, "%s: cannot make a pipe: %s", setup->arguments[0], strerror(errno));
	pid_t parent = getpid();
	child->pid = fork();
	if (child->pid == 0)
		become_program(setup, streams, tell[1], parent);
	if (child->pid < 0) {
		child->pid = 0;
		return cw_error_set(error, CW_E_IO, "%s: cannot make a process: %s", setup->arguments[0],
			strerror(errno));
	}
	setpgid(child->pid, child->pid); /* both sides do it: whoever comes first */
	close_one(&tell[1]);
	if (!wait_for_program(tell[0], setup, error))
		return false;
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	return child->pidfd >= 0 ? true
				 : cw_error_set(error, CW_E_IO, "%s: cannot watch the process: %s",
					   setup->arguments[0], strerror(errno));
}

bool cw_child_start(const struct cw_child_setup *setup, struct cw_child *ret, struct cw_error *error)
{
	struct child_stream streams[3] = {{-1, -1}, {-1, -1}, {-1, -1}};
	int tell[2] = {-1, -1};
	struct cw_child child = CW_CHILD_NONE;
	bool good = start(setup, streams, tell, &child, error);
	if (good) {
		child.in = streams[0].ours;
		child.out = streams[1].ours;
		child.err = streams[2].ours;
		for (size_t i = 0; i < 3; i++)
			streams[i].ours = -1;
		*ret = child;
	} else {
		cw_child_finish(&child);
	}
	close_streams(streams);
	close_one(&tell[0]);
	close_one(&tell[1]);
	return good;
}

bool cw_child_ended(struct cw_child *child)
{
	if (child->pid == 0)
		return true;
	siginfo_t seen = {0};
	if (waitid(P_PID, (id_t)child->pid, &seen, WEXITED | WNOHANG | WNOWAIT) != 0 || seen.si_pid == 0)
		return false;
	/* what it started, while the number of the group cannot be another's yet */
	kill(-child->pid, SIGKILL);
	waitpid(child->pid, &child->status, 0);
	child->pid = 0;
	return true;
}

void cw_child_signal(const struct cw_child *child, int signal)
{
	if (child->pid > 0)
		kill(-child->pid, signal);
}

void cw_child_finish(struct cw_child *child)
{
	if (child->pid > 0) {
		kill(-child->pid, SIGKILL);
		while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
			continue;
		child->pid = 0;
	}
	close_one(&child->pidfd);
	close_one(&child->in);
	close_one(&child->out);
	close_one(&child->err);
}

const char *cw_child_status_text(int status, char text[CW_CHILD_STATUS_SIZE])
{
	if (WIFSIGNALED(status))
		snprintf(text, CW_CHILD_STATUS_SIZE, "was killed by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		snprintf(text, CW_CHILD_STATUS_SIZE, "ended with status %d", WEXITSTATUS(status));
	return text;
}
