/**
 * Who may log in at the desk with a password: a file of its own, of the form of a node's list of administrators.
 *
 * Passwords are argon2id hashes and are compared in a process of their own (node/admin/admin_password.h); whoever guesses
 * waits, per user and per address (node/admin/admin_backoff.h). The file is read anew where it has changed: who was taken
 * out of it, or got another password, is out at once. Knows no sessions. Roles are those of nodes, and mean nothing here.
 */
#ifndef CW_ADMIN_DESK_DESK_USERS_H
#define CW_ADMIN_DESK_DESK_USERS_H

#include "base/error.h"
#include "node/admin/admin_accounts.h"

#include <event2/event.h>

struct cw_desk_users;

/** CW_E_USAGE: the file names nobody (the message says how somebody is added). `path` is borrowed. */
CW_MUST_USE bool cw_desk_users_open(
	struct event_base *base, const char *path, struct cw_desk_users **ret, struct cw_error *error);
void cw_desk_users_free(struct cw_desk_users *users);
CW_DEFINE_AUTO(struct cw_desk_users *, cw_desk_users_free)

struct cw_desk_users_owner {
	/* `account` NULL: user or password is wrong, or they could not be compared */
	void (*done)(void *context, const struct cw_admin_account *account);
	void *context;
};

/**
 * Compares, and says so later (never inside this call). It counts as failed until it was found right. False, and `done` is
 * not called: CW_E_LIMIT with a sentence for the person (too many failures, or too many at once), CW_E_MEMORY.
 */
CW_MUST_USE bool cw_desk_users_check(struct cw_desk_users *users, const char *user, const char *password,
	const char *address, const struct cw_desk_users_owner *owner, struct cw_error *error);
/** Whoever waits with this context hears nothing. */
void cw_desk_users_forget(struct cw_desk_users *users, const void *context);

/** The account with that name as the file has it now; NULL: none. */
const struct cw_admin_account *cw_desk_users_find(struct cw_desk_users *users, const char *user);

/** Adds a user to the file, or gives another password; makes the file where there is none (0600). Waits for the hash. */
CW_MUST_USE bool cw_desk_users_add(
	const char *path, const char *user, const char *password, struct cw_error *error);

#endif
