/**
 * The account that ssh and sshd run as: that of this process, or where it is root another one without rights.
 *
 * sshd without root logs a peer in as the account it runs as itself, and refuses accounts that look locked or
 * have no shell: a service's own account is wanted, made by the package. No command is ever run by it.
 */
#ifndef CW_TRAVERSAL_TUNNEL_ACCOUNT_H
#define CW_TRAVERSAL_TUNNEL_ACCOUNT_H

#include "base/error.h"

#include <sys/types.h>

#define CW_TUNNEL_ACCOUNT_NAME_SIZE 64

struct cw_tunnel_account {
	char name[CW_TUNNEL_ACCOUNT_NAME_SIZE];
	uid_t uid;
	gid_t gid;
	bool drops; /* this process is root, and the children are not */
};

/**
 * Looks up `user` (NULL: the account of this process). Refused (CW_E_USAGE, with what to do): root as the
 * account, root without an account named, another account without being root, `nobody` (systemd's name
 * service shows it as locked), a shell that is not there.
 */
CW_MUST_USE bool cw_tunnel_account_find(
	const char *user, struct cw_tunnel_account *ret, struct cw_error *error);

#endif
