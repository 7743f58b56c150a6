#include "base/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As sudo sets it for what it runs. False: it is none, or says root. */
static bool read_id(const char *name, unsigned *ret)
{
	const char *text = getenv(name);
	char *end;
	if (!text || *text < '1' || *text > '9')
		return false;
	unsigned long number = strtoul(text, &end, 10);
	if (*end || number >= CW_RIGHTS_NOBODY)
		return false;
	*ret = (unsigned)number;
	return true;
}

bool cw_rights_choose(const char *folder, struct cw_rights_user *ret, struct cw_error *error)
{
	struct stat status;
	unsigned uid, gid;
	if (folder) {
		if (stat(folder, &status) != 0)
			return cw_error_set(error, CW_E_IO, "%s: %s", folder, strerror(errno));
		*ret = (struct cw_rights_user){status.st_uid, status.st_gid};
	} else if (read_id("SUDO_UID", &uid) && read_id("SUDO_GID", &gid)) {
		*ret = (struct cw_rights_user){uid, gid};
	} else {
		*ret = (struct cw_rights_user){CW_RIGHTS_NOBODY, CW_RIGHTS_NOBODY};
	}
	return true;
}

static bool become(const struct cw_rights_user *user)
{
	if (geteuid() != 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(user->gid, user->gid, user->gid) == 0 &&
		setresuid(user->uid, user->uid, user->uid) == 0;
}

/* libcap's cap_set_proc would be one more library for this one call. */
static bool set_no_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	return syscall(SYS_capset, &header, data) == 0;
}

static bool has_no_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (data[i].effective || data[i].permitted || data[i].inheritable)
			return false;
	return true;
}

bool cw_rights_drop(const struct cw_rights_user *user, struct cw_error *error)
{
	errno = 0;
	bool good = become(user) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
		(has_no_capabilities() || (set_no_capabilities() && has_no_capabilities()));
	if (good)
		prctl(PR_SET_DUMPABLE, 0); /* a change of the user may have set it again */
	return good ||
		cw_error_set(error, CW_E_IO,
			"cannot give up the rights it was started with: %s; start it as a "
			"user with CAP_NET_RAW alone, or as root",
			errno ? strerror(errno) : "some stayed");
}
