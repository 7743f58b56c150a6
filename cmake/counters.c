/*
 * Of the build with counters only (cmake/coverage.cmake): the linker puts these functions in the place of two others.
 *
 * A process that ends by _exit or by a signal writes no counters, and one that is confined cannot reach their files:
 * what such a process does would count as never having run, and what the library says of it on standard error would be
 * taken for the process's own words.
 */
#include "base/confine.h"

#include <gcov.h>
#include <signal.h>
#include <unistd.h>

/* What the linker makes of them. */
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
/* Weak: most programs have no use for it. */
bool __real_cw_confine_prepare(const struct cw_confine_path *paths, size_t count, struct cw_confine *ret,
	struct cw_error *error) __attribute__((weak));
bool __wrap_cw_confine_prepare(
	const struct cw_confine_path *paths, size_t count, struct cw_confine *ret, struct cw_error *error);

/* Not what a handler may call; but the process is about to end, and hangs at worst. */
static void end(int number)
{
	signal(number, SIG_DFL);
	__gcov_dump();
	raise(number);
}

/* Whoever handles them, or ignores them, does so instead. */
__attribute__((constructor)) static void begin(void)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (signal(numbers[i], end) == SIG_IGN)
			signal(numbers[i], SIG_IGN);
}

void __wrap__exit(int status)
{
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
