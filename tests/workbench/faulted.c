#include "faulted.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

static bool changes_something(const struct ptrace_syscall_info *info)
{
	switch (info->entry.nr) {
	case SYS_openat:
		return (info->entry.args[2] & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)) != 0;
	case SYS_write:
		return info->entry.args[0] > 2;
#ifdef SYS_rename
	case SYS_rename:
	case SYS_unlink:
	case SYS_mkdir:
	case SYS_rmdir:
	case SYS_link:
#endif
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_unlinkat:
	case SYS_mkdirat:
	case SYS_linkat:
	case SYS_fchmod:
	case SYS_fchown:
	case SYS_ftruncate:
	case SYS_pwrite64:
	case SYS_fsync:
	case SYS_flock:
		return true;
	default:
		return false;
	}
}

static void run_child(const char *const *words)
{
	TEST_ANSWER ran = {0};
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(nothing, 1);
	dup2(nothing, 2);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(99);
	raise(SIGSTOP);
	door_run(&ran, words);
	raise(SIGSTOP); /* what comes now is not the verb's: a build with counters writes them */
	_exit((int)ran.status);
}

#ifdef __x86_64__
/* At the entry the call is made another one, which does nothing; at the exit it gets its answer. */
static bool refuse_entry(pid_t child)
{
	struct user_regs_struct registers;
	if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
		return false;
	registers.orig_rax = (unsigned long long)-1;
	return ptrace(PTRACE_SETREGS, child, NULL, &registers) == 0;
}

static bool answer_exit(pid_t child, int number)
{
	struct user_regs_struct registers;
	if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
		return false;
	registers.rax = (unsigned long long)-number;
	return ptrace(PTRACE_SETREGS, child, NULL, &registers) == 0;
}
#else
static bool refuse_entry(pid_t child)
{
	(void)child;
	return false;
}

static bool answer_exit(pid_t child, int number)
{
	(void)child;
	(void)number;
	return false;
}
#endif

static pid_t start(const char *const *words)
{
	int status;
	pid_t child = fork();
	if (child == 0)
		run_child(words);
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		skip(); /* no tracing here */
	ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	return child;
}

static void end(pid_t child, struct faulted *ret)
{
	int status;
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	ret->killed = true;
}

/* It has ended its verb, and ends by itself. */
static enum cw_exit status_of(pid_t child)
{
	int status;
	ptrace(PTRACE_DETACH, child, NULL, NULL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (enum cw_exit)WEXITSTATUS(status);
}

struct faulted faulted_run(const char *const *words, size_t step, int number)
{
	struct faulted ran = {0};
	bool answering = false;
	int status;
	pid_t child = start(words);
	for (;;) {
		struct ptrace_syscall_info info;
		ptrace(PTRACE_SYSCALL, child, NULL, NULL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSTOPPED(status));
		if (WSTOPSIG(status) == SIGSTOP) {
			ran.status = status_of(child);
			return ran;
		}
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (answering) {
			answering = false;
			assert_true(answer_exit(child, number));
			continue;
		}
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof info, &info) <= 0)
			skip();
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes_something(&info) ||
			++ran.changes != step)
			continue;
		ran.hit = true;
		if (!number) {
			end(child, &ran);
			return ran;
		}
		if (!refuse_entry(child)) {
			end(child, &ran);
			skip(); /* another processor */
		}
		answering = true;
	}
}
