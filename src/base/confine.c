#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of the oldest system that this is built on. */
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)

#define READS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* all of the first version: nothing is left that is not handled */
#define FIRST_VERSION ((1ULL << 13) - 1)
#define OF_FILES \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
		ACCESS_TRUNCATE)

void cw_confine_finish(struct cw_confine *confine)
{
	if (confine->ruleset >= 0)
		close(confine->ruleset);
	*confine = CW_CONFINE_NONE;
}

static uint64_t handled(long version)
{
	uint64_t all = FIRST_VERSION;
	if (version >= 2)
		all |= ACCESS_REFER;
	if (version >= 3)
		all |= ACCESS_TRUNCATE;
	return all;
}

static bool add_path(int ruleset, const struct cw_confine_path *path, uint64_t all, struct cw_error *error)
{
	struct stat status;
	int place = open(path->path, O_PATH | O_CLOEXEC);
	if (place < 0)
		return errno == ENOENT ? true
				       : cw_error_set(error, CW_E_IO, "%s: %s", path->path, strerror(errno));
	struct landlock_path_beneath_attr rule = {
		.allowed_access = path->access == CW_CONFINE_WRITE ? all : READS, .parent_fd = place};
	if (fstat(place, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed_access &= OF_FILES;
	bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	int number = errno;
	close(place);
	return added ? true
		     : cw_error_set(error, CW_E_IO, "%s: cannot be named to Landlock: %s", path->path,
			       strerror(number));
}

bool cw_confine_prepare(
	const struct cw_confine_path *paths, size_t count, struct cw_confine *ret, struct cw_error *error)
{
	struct cw_confine confine = CW_CONFINE_NONE;
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	*ret = confine;
	if (version < 1)
		return true;
	const struct landlock_ruleset_attr attributes = {.handled_access_fs = handled(version)};
	confine.ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (confine.ruleset < 0)
		return cw_error_set(error, CW_E_IO, "Landlock: %s", strerror(errno));
	for (size_t i = 0; i < count; i++)
		if (!add_path(confine.ruleset, &paths[i], handled(version), error)) {
			cw_confine_finish(&confine);
			return false;
		}
	*ret = confine;
	return true;
}

bool cw_confine_enter(const struct cw_confine *confine)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	return confine->ruleset < 0 || syscall(SYS_landlock_restrict_self, confine->ruleset, 0) == 0;
}

/* Lists of what is not for such processes: libraries may go on asking for memory, time and locks as they like. */
static const int never[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(bind), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd), SCMP_SYS(kill),
	SCMP_SYS(mount), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(keyctl), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(io_uring_setup)};
static const int sockets[] = {SCMP_SYS(socket), SCMP_SYS(connect)};
static const int processes[] = {SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(listen)};

static bool refuse_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0) != 0)
			return false;
	return true;
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool load_filter(bool connects)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool good = filter && refuse_all(filter, never, COUNT(never)) &&
		(connects ? refuse_all(filter, processes, COUNT(processes))
			  : refuse_all(filter, sockets, COUNT(sockets))) &&
		seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}

bool cw_confine_calls(void)
{
	return load_filter(false);
}

bool cw_confine_calls_of_worker(void)
{
	return load_filter(true);
}
