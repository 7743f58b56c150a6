/**
 * Who administers this node: secrets/administrators.json, with the hash of each password and the one link that sets a
 * first one. There is no default password.
 *
 *     {"version":1,"administrators":[{"user":"admin","role":"read-write","password":"$argon2id$..."}],
 *      "link":{"user":"admin","hash":"...","until":"2026-11-28T12:00:00Z"}}
 *
 * Read whole before every use: `node init` and another process may have written it. Written in one step, 0600. Does not
 * hash passwords (admin_password.h).
 */
#ifndef CW_NODE_ADMIN_ADMIN_ACCOUNTS_H
#define CW_NODE_ADMIN_ADMIN_ACCOUNTS_H

#include "base/buffer.h"
#include "base/time.h"
#include "node/admin/admin_password.h"

/* In the node's folder. */
#define CW_ADMIN_ACCOUNTS_FILE "secrets/administrators.json"
#define CW_ADMIN_ACCOUNTS_USER_MAX 64
/* Against a list that is looked through at every request. */
#define CW_ADMIN_ACCOUNTS_MAX 64
#define CW_ADMIN_ACCOUNTS_LINK_SECONDS 3600
/* 256 random bits as base64url, and a NUL. */
#define CW_ADMIN_ACCOUNTS_TOKEN_SIZE 48
/* A hash of such a token in hexadecimal digits, and a NUL. */
#define CW_ADMIN_ACCOUNTS_DIGEST_SIZE 65

enum cw_admin_role {
	CW_ADMIN_ROLE_NONE,
	CW_ADMIN_ROLE_AUDITOR,
	CW_ADMIN_ROLE_READ_ONLY,
	CW_ADMIN_ROLE_READ_WRITE
};

struct cw_admin_account {
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];
	enum cw_admin_role role;
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE];
};

struct cw_admin_accounts {
	struct cw_admin_account items[CW_ADMIN_ACCOUNTS_MAX];
	size_t count;
	char link_user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];
	char link_hash[CW_ADMIN_ACCOUNTS_DIGEST_SIZE]; /* "": there is no link */
	cw_time link_until;
};

/** "read-write", "read-only", "auditor"; "" for none. */
const char *cw_admin_accounts_role_name(enum cw_admin_role role);
/** CW_ADMIN_ROLE_NONE for another word. */
enum cw_admin_role cw_admin_accounts_role(const char *name);

/** A file that is not there is nobody. CW_E_FORMAT, CW_E_IO. */
CW_MUST_USE bool cw_admin_accounts_read(
	const char *folder, struct cw_admin_accounts *ret, struct cw_error *error);
CW_MUST_USE bool cw_admin_accounts_write(
	const char *folder, const struct cw_admin_accounts *accounts, struct cw_error *error);

/** The same by the file's own path. */
CW_MUST_USE bool cw_admin_accounts_read_file(
	const char *path, struct cw_admin_accounts *ret, struct cw_error *error);
CW_MUST_USE bool cw_admin_accounts_write_file(
	const char *path, const struct cw_admin_accounts *accounts, struct cw_error *error);

/** Appends the bytes of the file. */
CW_MUST_USE bool cw_admin_accounts_print(
	const struct cw_admin_accounts *accounts, struct cw_buffer *ret, struct cw_error *error);

/** NULL: there is no such user. */
const struct cw_admin_account *cw_admin_accounts_find(
	const struct cw_admin_accounts *accounts, const char *user);

/**
 * Adds a user, or changes role (CW_ADMIN_ROLE_NONE: as before) or hash (NULL: as before). CW_E_USAGE: a name that is
 * none (letters, digits, dot, hyphen, underscore, at sign), a new user without both, too many, and where the last one who
 * may change something would lose that.
 */
CW_MUST_USE bool cw_admin_accounts_set(struct cw_admin_accounts *accounts, const char *user,
	enum cw_admin_role role, const char *hash, struct cw_error *error);
/** CW_E_USAGE where there is no such user, or where it is the last one who may change something. */
CW_MUST_USE bool cw_admin_accounts_remove(
	struct cw_admin_accounts *accounts, const char *user, struct cw_error *error);

/** Makes the one-time link's token for a user, good for an hour from `now` on; a former link is no longer good. */
CW_MUST_USE bool cw_admin_accounts_make_link(struct cw_admin_accounts *accounts, const char *user,
	cw_time now, char ret_token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], struct cw_error *error);
/** The token is the link's, and it is still good. */
bool cw_admin_accounts_is_link(const struct cw_admin_accounts *accounts, const char *token, cw_time now);

/** 256 random bits as text. */
void cw_admin_accounts_token(char ret[CW_ADMIN_ACCOUNTS_TOKEN_SIZE]);
/** What is kept in place of a token. */
void cw_admin_accounts_digest(const char *token, char ret[CW_ADMIN_ACCOUNTS_DIGEST_SIZE]);

#endif
