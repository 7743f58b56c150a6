/**
 * Gives up what a process may do beyond an ordinary user, once what needed it is open.
 *
 * For a program that opens something with rights (a network interface) and then reads what strangers sent: a fault in a
 * parser then runs with the rights of a person, not of root. What is open stays open. There is no way back, for this
 * process and for what it executes. Threads of its own: before the first, the kernel keeps these rights per thread.
 *
 * Does not confine: files that the user may read can still be read, sockets be opened.
 */
#ifndef CW_BASE_RIGHTS_H
#define CW_BASE_RIGHTS_H

#include "base/error.h"

#include <sys/types.h>

/* "nobody" and "nogroup" of Debian, for who came as root and has no other user to be. */
#define CW_RIGHTS_NOBODY 65534

struct cw_rights_user {
	uid_t uid;
	gid_t gid;
};

/**
 * Whom root should become: the owner of `folder`, to which files will still be written (NULL: to none); else the user
 * who called sudo; else nobody. CW_E_IO where the folder is not there.
 */
CW_MUST_USE bool cw_rights_choose(const char *folder, struct cw_rights_user *ret, struct cw_error *error);

/**
 * Root becomes `user` and leaves all groups; whoever it is then gives up every capability, and can have none again by
 * executing a program (PR_SET_NO_NEW_PRIVS). Where `user` is root itself, the capabilities go all the same. CW_E_IO
 * where anything of that did not happen: nothing may be parsed then.
 */
CW_MUST_USE bool cw_rights_drop(const struct cw_rights_user *user, struct cw_error *error);

#endif
