/*
 * Of the build with counters only (cmake/coverage.cmake): the linker puts these functions in the place of three others.
 *
 * A process that ends by _exit or by a signal writes no counters, one that its parent kills cannot, and one that is
 * confined cannot reach their files: what such a process does would count as never having run, and what the library says
 * of it on standard error would be taken for the process's own words.
 */
#include "base/child.h"

#include <gcov.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the linker makes of them. */
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
/* Weak: most programs have no use for it. */
bool __real_cw_confine_prepare(const struct cw_confine_path *paths, size_t count, struct cw_confine *ret,
	struct cw_error *error) __attribute__((weak));
bool __wrap_cw_confine_prepare(
	const struct cw_confine_path *paths, size_t count, struct cw_confine *ret, struct cw_error *error);
void __real_cw_child_finish(struct cw_child *child) __attribute__((weak));
void __wrap_cw_child_finish(struct cw_child *child);

/* Some hundred files of counters, on a loaded machine. */
#define WRITE_MS 20000

static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
#define NUMBERS (sizeof numbers / sizeof numbers[0])

/* From now on it writes: a second time in the middle of it would wait for the first for ever. */
static void hear_nothing(void)
{
	for (size_t i = 0; i < NUMBERS; i++)
		signal(numbers[i], SIG_IGN);
}

/* Not what a handler may call; but the process is about to end, and hangs at worst. */
static void end(int number)
{
	hear_nothing();
	__gcov_dump();
	signal(number, SIG_DFL);
	raise(number);
}

/* Whoever handles them, or ignores them, does so instead. */
__attribute__((constructor)) static void begin(void)
{
	for (size_t i = 0; i < NUMBERS; i++)
		if (signal(numbers[i], end) == SIG_IGN)
			signal(numbers[i], SIG_IGN);
	(void)atexit(hear_nothing);
}

void __wrap__exit(int status)
{
	hear_nothing();
	__gcov_dump();
	__real__exit(status);
}

bool __wrap_cw_confine_prepare(
	const struct cw_confine_path *paths, size_t count, struct cw_confine *ret, struct cw_error *error)
{
	struct cw_confine_path more[CW_CONFINE_PATHS_MAX + 1] = {{COUNTERS_FOLDER, CW_CONFINE_WRITE}};
	if (count > CW_CONFINE_PATHS_MAX)
		return __real_cw_confine_prepare(paths, count, ret, error);
	for (size_t i = 0; i < count; i++)
		more[i + 1] = paths[i];
	return __real_cw_confine_prepare(more, count + 1, ret, error);
}

/* Stopped (SIGSTOP), or of those that ignore it: there is nothing to wait for. */
static bool is_deaf(pid_t pid)
{
	char path[40], line[200], state = '?';
	unsigned long long ignored = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		(void)(sscanf(line, "State: %c", &state) || sscanf(line, "SigIgn: %llx", &ignored));
	if (file)
		fclose(file);
	return state == '?' || state == 'T' || state == 't' || (ignored >> (SIGTERM - 1) & 1);
}

/* Asked to end before it is killed, so that it writes. */
void __wrap_cw_child_finish(struct cw_child *child)
{
	if (child->pid > 0 && child->pidfd >= 0 && !is_deaf(child->pid) && kill(child->pid, SIGTERM) == 0) {
		struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};
		(void)poll(&ended, 1, WRITE_MS);
	}
	__real_cw_child_finish(child);
}
