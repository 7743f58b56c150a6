#include "traversal/tunnel_account.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENTRY_MAX 16384

static bool fill(const struct passwd *entry, struct cw_tunnel_account *ret, struct cw_error *error)
{
	const char *shell = *entry->pw_shell ? entry->pw_shell : "/bin/sh";
	struct stat status;
	if (strlen(entry->pw_name) >= sizeof ret->name)
		return cw_error_set(error, CW_E_USAGE, "the name of the account %s is too long for a tunnel",
			entry->pw_name);
	if (entry->pw_uid == 0)
		return cw_error_set(error, CW_E_USAGE,
			"tunnels do not run as root; name an account without rights in user:");
	if (strcmp(entry->pw_name, "nobody") == 0)
		return cw_error_set(error, CW_E_USAGE,
			"sshd takes the account nobody for a locked one; name a service's own account in user:");
	if (stat(shell, &status) != 0 || !S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		return cw_error_set(error, CW_E_USAGE,
			"sshd lets nobody in as %s, whose shell %s cannot be run; name an account in user: whose "
			"shell is there (/usr/sbin/nologin will do)",
			entry->pw_name, shell);
	*ret = (struct cw_tunnel_account){
		.uid = entry->pw_uid, .gid = entry->pw_gid, .drops = geteuid() == 0};
	strcpy(ret->name, entry->pw_name);
	return true;
}

bool cw_tunnel_account_find(const char *user, struct cw_tunnel_account *ret, struct cw_error *error)
{
	struct passwd entry, *found = NULL;
	char bytes[ENTRY_MAX];
	if (!user && geteuid() == 0)
		return cw_error_set(error, CW_E_USAGE,
			"started as root, and no account to give that up for; name one without rights in user:");
	int trouble = user ? getpwnam_r(user, &entry, bytes, sizeof bytes, &found)
			   : getpwuid_r(geteuid(), &entry, bytes, sizeof bytes, &found);
	if (!found && user)
		return cw_error_set(error, CW_E_USAGE, "there is no account %s on this system (%s)", user,
			trouble ? strerror(trouble) : "no such entry");
	if (!found)
		return cw_error_set(error, CW_E_USAGE,
			"user number %u of this process has no account; sshd needs one to log peers in as",
			(unsigned)geteuid());
	if (geteuid() != 0 && entry.pw_uid != geteuid())
		return cw_error_set(error, CW_E_USAGE,
			"only root can run tunnels as %s; start as %s, or leave user: out", user, user);
	return fill(found, ret, error);
}
