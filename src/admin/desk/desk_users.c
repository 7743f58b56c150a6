#include "admin/desk/desk_users.h"

#include "base/file.h"
#include "node/admin/admin_backoff.h"
#include "node/worker/node_child.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* One password that is being compared. */
struct
try {
	struct cw_desk_users *users;
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1], address[64];
	struct cw_desk_users_owner owner; /* `done` NULL: nobody waits any more */
	struct try *next;
};

struct cw_desk_users {
	const char *path;
	struct cw_admin_accounts accounts;
	struct stat seen; /* how the file was when it was read */
	struct cw_admin_password *password;
	struct cw_admin_backoff backoff;
	struct try *tries;
};

static uint64_t now_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec;
}

/* --- the file --- */

static bool is_same_file(const struct stat *one, const struct stat *other)
{
	return one->st_ino == other->st_ino && one->st_size == other->st_size &&
		one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
		one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

/* A file that cannot be read is nobody's: nobody is let in by what it said before. */
static bool read_again(struct cw_desk_users *users, struct cw_error *error)
{
	struct stat now = {0};
	(void)!stat(users->path, &now);
	if (now.st_ino && is_same_file(&now, &users->seen))
		return true;
	users->seen = now;
	if (cw_admin_accounts_read_file(users->path, &users->accounts, error))
		return true;
	users->seen = (struct stat){0};
	return false;
}

const struct cw_admin_account *cw_desk_users_find(struct cw_desk_users *users, const char *user)
{
	struct cw_error ignored;
	return read_again(users, &ignored) ? cw_admin_accounts_find(&users->accounts, user) : NULL;
}

/* --- passwords --- */

static void drop_try(struct try *try)
{
	struct try **place = &try->users->tries;
	while (*place != try)
		place = &(*place)->next;
	*place = try->next;
	free(try);
}

static void on_compared(void *context, const struct cw_admin_password_answer *answer)
{
	struct try *try = context;
	struct cw_desk_users *users = try->users;
	const struct cw_desk_users_owner owner = try->owner;
	const struct cw_admin_account *account = NULL;
	if (answer->worked && answer->matches)
		account = cw_desk_users_find(users, try->user);
	if (account)
		cw_admin_backoff_worked(&users->backoff, try->user, try->address);
	drop_try(try);
	if (owner.done)
		owner.done(owner.context, account);
}

bool cw_desk_users_check(struct cw_desk_users *users, const char *user, const char *password,
	const char *address, const struct cw_desk_users_owner *owner, struct cw_error *error)
{
	uint64_t now = now_seconds(), wait = cw_admin_backoff_wait(&users->backoff, user, address, now);
	if (wait)
		return cw_error_set(error, CW_E_LIMIT, "Too many failed log-ins: try again in %llu seconds",
			(unsigned long long)wait);
	struct try *try = calloc(1, sizeof *try);
	if (!try)
		return cw_error_memory(error);
	*try = (struct try){.users = users, .owner = *owner, .next = users->tries};
	snprintf(try->user, sizeof try->user, "%s", user);
	snprintf(try->address, sizeof try->address, "%s", address);
	users->tries = try;
	const struct cw_admin_account *account = cw_desk_users_find(users, user);
	const struct cw_admin_password_owner compared = {on_compared, try};
	cw_admin_backoff_failed(&users->backoff, user, address, now);
	if (cw_admin_password_check(
		    users->password, password, account ? account->hash : NULL, &compared, error))
		return true;
	drop_try(try);
	return false;
}

void cw_desk_users_forget(struct cw_desk_users *users, const void *context)
{
	for (struct try *try = users->tries; try; try = try->next)
		if (try->owner.context == context)
			try->owner.done = NULL;
}

/* --- begin and end --- */

bool cw_desk_users_open(
	struct event_base *base, const char *path, struct cw_desk_users **ret, struct cw_error *error)
{
	AUTO(cw_desk_users_free) struct cw_desk_users *users = calloc(1, sizeof *users);
	if (!users)
		return cw_error_memory(error);
	users->path = path;
	if (!read_again(users, error) ||
		!cw_admin_password_new(base, CW_NODE_CHILD_PROGRAM, &users->password, error))
		return false;
	if (!users->accounts.count)
		return cw_error_set(error, CW_E_USAGE,
			"%s names nobody who may log in: causeway desk --users %s --add-user NAME", path,
			path);
	*ret = TAKE(users);
	return true;
}

void cw_desk_users_free(struct cw_desk_users *users)
{
	if (!users)
		return;
	cw_admin_password_free(users->password);
	while (users->tries)
		drop_try(users->tries);
	explicit_bzero(&users->accounts, sizeof users->accounts);
	free(users);
}

/* --- another user --- */

struct making {
	struct event_base *base;
	struct cw_admin_password_answer answer;
};

static void on_made(void *context, const struct cw_admin_password_answer *answer)
{
	struct making *making = context;
	making->answer = *answer;
	event_base_loopbreak(making->base);
}

static bool make_hash(const char *text, struct making *making, struct cw_error *error)
{
	AUTO(cw_admin_password_free) struct cw_admin_password *password = NULL;
	const struct cw_admin_password_owner owner = {on_made, making};
	if (!cw_admin_password_new(making->base, CW_NODE_CHILD_PROGRAM, &password, error) ||
		!cw_admin_password_make(password, text, &owner, error))
		return false;
	event_base_dispatch(making->base);
	return making->answer.worked ? true
				     : cw_error_set(error, CW_E_CRYPTO, "the password could not be hashed");
}

bool cw_desk_users_add(const char *path, const char *user, const char *password, struct cw_error *error)
{
	AUTO(free) struct cw_admin_accounts *accounts = calloc(1, sizeof *accounts);
	struct making making = {.base = event_base_new()};
	if (!accounts || !making.base)
		return cw_error_memory(error);
	bool good = cw_admin_accounts_read_file(path, accounts, error) &&
		make_hash(password, &making, error) &&
		cw_admin_accounts_set(accounts, user, CW_ADMIN_ROLE_READ_WRITE, making.answer.hash, error) &&
		cw_admin_accounts_write_file(path, accounts, error);
	event_base_free(making.base);
	explicit_bzero(&making, sizeof making);
	return good;
}
