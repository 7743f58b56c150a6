#include "node/admin/admin_accounts.h"

#include "base/file.h"
#include "base/lock.h"
#include "report/json.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)256 * 1024)
#define VERSION 1

static const char *const role_names[] = {"", "auditor", "read-only", "read-write"};

const char *cw_admin_accounts_role_name(enum cw_admin_role role)
{
	return role_names[role];
}

enum cw_admin_role cw_admin_accounts_role(const char *name)
{
	for (enum cw_admin_role role = CW_ADMIN_ROLE_AUDITOR; name && role <= CW_ADMIN_ROLE_READ_WRITE;
		role++)
		if (strcmp(role_names[role], name) == 0)
			return role;
	return CW_ADMIN_ROLE_NONE;
}

/* --- tokens --- */

void cw_admin_accounts_token(char ret[CW_ADMIN_ACCOUNTS_TOKEN_SIZE])
{
	unsigned char random[32];
	randombytes_buf(random, sizeof random);
	sodium_bin2base64(ret, CW_ADMIN_ACCOUNTS_TOKEN_SIZE, random, sizeof random,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	explicit_bzero(random, sizeof random);
}

void cw_admin_accounts_digest(const char *token, char ret[CW_ADMIN_ACCOUNTS_DIGEST_SIZE])
{
	unsigned char hash[32];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)token, strlen(token), NULL, 0);
	sodium_bin2hex(ret, CW_ADMIN_ACCOUNTS_DIGEST_SIZE, hash, sizeof hash);
}

/* --- the file --- */

static bool is_user(const char *user)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";
	size_t length = strspn(user, good);
	return length && length <= CW_ADMIN_ACCOUNTS_USER_MAX && !user[length];
}

static bool read_account(const json_t *row, struct cw_admin_accounts *accounts)
{
	const char *user = json_string_value(json_object_get(row, "user"));
	const char *hash = json_string_value(json_object_get(row, "password"));
	enum cw_admin_role role = cw_admin_accounts_role(json_string_value(json_object_get(row, "role")));
	if (!user || !hash || !role || !is_user(user) || strlen(hash) >= CW_ADMIN_PASSWORD_HASH_SIZE ||
		accounts->count == CW_ADMIN_ACCOUNTS_MAX || cw_admin_accounts_find(accounts, user))
		return false;
	struct cw_admin_account *account = &accounts->items[accounts->count++];
	account->role = role;
	snprintf(account->user, sizeof account->user, "%s", user);
	snprintf(account->hash, sizeof account->hash, "%s", hash);
	return true;
}

static bool read_link(const json_t *link, struct cw_admin_accounts *accounts)
{
	const char *user = json_string_value(json_object_get(link, "user"));
	const char *hash = json_string_value(json_object_get(link, "hash"));
	const char *until = json_string_value(json_object_get(link, "until"));
	struct cw_error ignored;
	if (!link)
		return true;
	if (!user || !hash || !until || !is_user(user) || strlen(hash) >= sizeof accounts->link_hash ||
		!cw_time_parse(until, 0, &accounts->link_until, &ignored))
		return false;
	snprintf(accounts->link_user, sizeof accounts->link_user, "%s", user);
	snprintf(accounts->link_hash, sizeof accounts->link_hash, "%s", hash);
	return true;
}

static bool parse(const json_t *root, struct cw_admin_accounts *ret)
{
	size_t i;
	json_t *row;
	const json_t *rows = json_object_get(root, "administrators");
	if (json_integer_value(json_object_get(root, "version")) != VERSION || !json_is_array(rows))
		return false;
	json_array_foreach(rows, i, row)
	{
		if (!read_account(row, ret))
			return false;
	}
	return read_link(json_object_get(root, "link"), ret);
}

bool cw_admin_accounts_read_file(const char *path, struct cw_admin_accounts *ret, struct cw_error *error)
{
	AUTO_BUFFER text = {.secret = true};
	*ret = (struct cw_admin_accounts){0};
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	if (!cw_file_read(path, FILE_MAX_BYTES, &text, error))
		return false;
	AUTO(json_decref) json_t *root = NULL;
	if (!cw_json_read(cw_buffer_string(&text), text.length, &root, error) && error->code == CW_E_MEMORY)
		return false;
	if (parse(root, ret))
		return true;
	*ret = (struct cw_admin_accounts){0};
	return cw_error_set(error, CW_E_FORMAT,
		"%s: wanted version %d of the list of administrators, found something else; nobody can log in",
		path, VERSION);
}

bool cw_admin_accounts_read(const char *folder, struct cw_admin_accounts *ret, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, CW_ADMIN_ACCOUNTS_FILE);
	*ret = (struct cw_admin_accounts){0};
	return path ? cw_admin_accounts_read_file(path, ret, error) : cw_error_memory(error);
}

bool cw_admin_accounts_print(
	const struct cw_admin_accounts *accounts, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *root = json_object(), *rows = json_array();
	struct cw_json json = {0};
	char until[CW_TIME_TEXT_SIZE];
	cw_json_put(&json, root, "version", cw_json_count(VERSION));
	for (size_t i = 0; i < accounts->count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "user", cw_json_text(accounts->items[i].user));
		cw_json_put(&json, row, "role", cw_json_text(role_names[accounts->items[i].role]));
		cw_json_put(&json, row, "password", cw_json_text(accounts->items[i].hash));
		cw_json_add(&json, rows, row);
	}
	cw_json_put(&json, root, "administrators", json_incref(rows));
	if (*accounts->link_hash) {
		json_t *link = json_object();
		cw_json_put(&json, link, "user", cw_json_text(accounts->link_user));
		cw_json_put(&json, link, "hash", cw_json_text(accounts->link_hash));
		cw_json_put(&json, link, "until", cw_json_text(cw_time_format(accounts->link_until, until)));
		cw_json_put(&json, root, "link", link);
	}
	return cw_json_print(&json, root, false, ret, error);
}

bool cw_admin_accounts_write_file(
	const char *path, const struct cw_admin_accounts *accounts, struct cw_error *error)
{
	AUTO_BUFFER text = {.secret = true};
	cw_lock_sweep_beside(path);
	return cw_admin_accounts_print(accounts, &text, error) &&
		cw_file_write(path, text.data, text.length, 0600, error);
}

bool cw_admin_accounts_write(
	const char *folder, const struct cw_admin_accounts *accounts, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, CW_ADMIN_ACCOUNTS_FILE);
	return path ? cw_admin_accounts_write_file(path, accounts, error) : cw_error_memory(error);
}

/* --- changes --- */

const struct cw_admin_account *cw_admin_accounts_find(
	const struct cw_admin_accounts *accounts, const char *user)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].user, user) == 0)
			return &accounts->items[i];
	return NULL;
}

/* Would anybody else than this one still be able to change something? */
static bool has_another_writer(const struct cw_admin_accounts *accounts, const struct cw_admin_account *but)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (&accounts->items[i] != but && accounts->items[i].role == CW_ADMIN_ROLE_READ_WRITE)
			return true;
	return false;
}

static bool refuse_last(const char *user, struct cw_error *error)
{
	return cw_error_set(error, CW_E_USAGE,
		"%s is the last administrator with the role read-write: give somebody else that role first",
		user);
}

bool cw_admin_accounts_set(struct cw_admin_accounts *accounts, const char *user, enum cw_admin_role role,
	const char *hash, struct cw_error *error)
{
	struct cw_admin_account *account = NULL;
	if (!is_user(user))
		return cw_error_set(error, CW_E_USAGE,
			"wanted a user name of 1 to %d letters, digits, dots, hyphens, underscores, at signs",
			CW_ADMIN_ACCOUNTS_USER_MAX);
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].user, user) == 0)
			account = &accounts->items[i];
	if (account && account->role == CW_ADMIN_ROLE_READ_WRITE && role &&
		role != CW_ADMIN_ROLE_READ_WRITE && !has_another_writer(accounts, account))
		return refuse_last(user, error);
	if (!account && (!role || !hash))
		return cw_error_set(error, CW_E_USAGE, "%s is new: wanted a role and a password", user);
	if (!account && accounts->count == CW_ADMIN_ACCOUNTS_MAX)
		return cw_error_set(error, CW_E_LIMIT,
			"there are %d administrators: at most that many are kept", CW_ADMIN_ACCOUNTS_MAX);
	if (!account) {
		account = &accounts->items[accounts->count++];
		*account = (struct cw_admin_account){0};
		snprintf(account->user, sizeof account->user, "%s", user);
	}
	if (role)
		account->role = role;
	if (hash)
		snprintf(account->hash, sizeof account->hash, "%s", hash);
	return true;
}

bool cw_admin_accounts_remove(struct cw_admin_accounts *accounts, const char *user, struct cw_error *error)
{
	for (size_t i = 0; i < accounts->count; i++) {
		struct cw_admin_account *account = &accounts->items[i];
		if (strcmp(account->user, user) != 0)
			continue;
		if (account->role == CW_ADMIN_ROLE_READ_WRITE && !has_another_writer(accounts, account))
			return refuse_last(user, error);
		accounts->count--;
		memmove(account, account + 1, (accounts->count - i) * sizeof *account);
		return true;
	}
	return cw_error_set(error, CW_E_USAGE, "there is no administrator of that name");
}

/* --- the link --- */

bool cw_admin_accounts_make_link(struct cw_admin_accounts *accounts, const char *user, cw_time now,
	char ret_token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], struct cw_error *error)
{
	if (sodium_init() < 0)
		return cw_error_set(error, CW_E_CRYPTO, "no random numbers");
	if (!is_user(user))
		return cw_error_set(error, CW_E_USAGE, "wanted the name of an administrator");
	cw_admin_accounts_token(ret_token);
	cw_admin_accounts_digest(ret_token, accounts->link_hash);
	snprintf(accounts->link_user, sizeof accounts->link_user, "%s", user);
	accounts->link_until = now + CW_ADMIN_ACCOUNTS_LINK_SECONDS;
	return true;
}

bool cw_admin_accounts_is_link(const struct cw_admin_accounts *accounts, const char *token, cw_time now)
{
	char digest[CW_ADMIN_ACCOUNTS_DIGEST_SIZE];
	cw_admin_accounts_digest(token, digest);
	return strlen(accounts->link_hash) == sizeof digest - 1 && now < accounts->link_until &&
		now >= accounts->link_until - CW_ADMIN_ACCOUNTS_LINK_SECONDS &&
		sodium_memcmp(digest, accounts->link_hash, sizeof digest) == 0;
}
