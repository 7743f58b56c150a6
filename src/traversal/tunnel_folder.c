#include "traversal/tunnel_folder.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_SUFFIX ".new"

/* All that a side of a tunnel ever writes, but for its list of children (tunnel_leftover). */
static const char *const own_files[] = {"host_key", "user_key", "authorized_keys", "known_hosts",
	"sshd_config", "host_key" NEW_SUFFIX, "user_key" NEW_SUFFIX, "authorized_keys" NEW_SUFFIX,
	"known_hosts" NEW_SUFFIX, "sshd_config" NEW_SUFFIX, "children" NEW_SUFFIX};

static bool check_characters(const char *path, struct cw_error *error)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+=,@";
	if (path[0] != '/')
		return cw_error_set(
			error, CW_E_USAGE, "%s: wanted an absolute path for the tunnel's folder", path);
	size_t length = strspn(path, good);
	if (path[length])
		return cw_error_set(error, CW_E_USAGE,
			"%s: ssh cannot be given a path with \"%c\" in it; choose a folder of letters, digits and "
			"/._-+=,@",
			path, path[length]);
	return true;
}

static bool may_enter(const struct stat *status, const struct cw_tunnel_account *account)
{
	if (status->st_uid == account->uid)
		return (status->st_mode & S_IXUSR) != 0;
	if (status->st_gid == account->gid)
		return (status->st_mode & S_IXGRP) != 0;
	return (status->st_mode & S_IXOTH) != 0;
}

/* One folder of the path. A folder that everybody may write to is good where names belong to who made them
 * (/tmp, the sticky bit). */
static bool check_step(const char *path, const struct cw_tunnel_account *account, struct cw_error *error)
{
	struct stat status;
	if (lstat(path, &status) != 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return cw_error_set(error, CW_E_IO, "%s: is no folder", path);
	if (status.st_uid != 0 && status.st_uid != geteuid())
		return cw_error_set(error, CW_E_IO,
			"%s: belongs to user number %u, who could put other keys in its place; wanted root or the "
			"user of this process",
			path, (unsigned)status.st_uid);
	if ((status.st_mode & (S_IWGRP | S_IWOTH)) && !(status.st_mode & S_ISVTX))
		return cw_error_set(error, CW_E_IO,
			"%s: others may write to it, and could put other keys in its place; take that right away "
			"(chmod go-w)",
			path);
	if (!may_enter(&status, account))
		return cw_error_set(error, CW_E_IO,
			"%s: the account %s cannot enter it, as which the tunnels run; let others pass it (chmod "
			"o+x), or keep the node's folder elsewhere",
			path, account->name);
	return true;
}

/* `path` has no links in it. */
static bool check_parents(const char *path, const struct cw_tunnel_account *account, struct cw_error *error)
{
	char part[CW_TUNNEL_FOLDER_MAX];
	if (!check_step("/", account, error))
		return false;
	for (const char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		size_t length = (size_t)(slash - path);
		memcpy(part, path, length);
		part[length] = '\0';
		if (!check_step(part, account, error))
			return false;
	}
	return true;
}

/* The folder's own name below where its parent really is. */
static bool resolve(const char *path, char ret[CW_TUNNEL_FOLDER_MAX], struct cw_error *error)
{
	AUTO(free) char *copy = strdup(path);
	size_t length = strlen(path);
	while (copy && length > 1 && copy[length - 1] == '/')
		copy[--length] = '\0';
	AUTO(free) char *parent = copy ? cw_file_folder(copy) : NULL;
	if (!parent)
		return cw_error_memory(error);
	AUTO(free) char *real = realpath(parent, NULL);
	if (!real)
		return cw_error_set(
			error, CW_E_IO, "%s: %s; wanted a folder for the tunnel's", parent, strerror(errno));
	int size = snprintf(
		ret, CW_TUNNEL_FOLDER_MAX, "%s%s", strcmp(real, "/") == 0 ? "" : real, strrchr(copy, '/'));
	if (size < 0 || size >= CW_TUNNEL_FOLDER_MAX)
		return cw_error_set(
			error, CW_E_USAGE, "%.60s…: longer than %d bytes", real, CW_TUNNEL_FOLDER_MAX - 1);
	return true;
}

/* Root's folder is the account's group to read; a user's own is nobody else's. */
static bool make(const char *path, const struct cw_tunnel_account *account, struct cw_error *error)
{
	struct stat status;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return cw_error_set(
			error, CW_E_IO, "%s: cannot make the tunnel's folder: %s", path, strerror(errno));
	if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid())
		return cw_error_set(
			error, CW_E_IO, "%s: is there already and is no folder of this process's user", path);
	if ((account->drops && lchown(path, 0, account->gid) != 0) ||
		chmod(path, account->drops ? 0750 : 0700) != 0)
		return cw_error_set(
			error, CW_E_IO, "%s: cannot set owner and mode: %s", path, strerror(errno));
	return true;
}

bool cw_tunnel_folder_open(const char *path, const struct cw_tunnel_account *account,
	struct cw_tunnel_folder *ret, struct cw_error *error)
{
	struct cw_tunnel_folder folder = {.account = *account};
	if (!check_characters(path, error) || !resolve(path, folder.path, error) ||
		!check_characters(folder.path, error) || !check_parents(folder.path, account, error) ||
		!make(folder.path, account, error))
		return false;
	for (size_t i = 0; i < sizeof own_files / sizeof own_files[0]; i++)
		if (!cw_tunnel_folder_remove(&folder, own_files[i]))
			return cw_error_set(error, CW_E_IO,
				"%s/%s: what an earlier process left there cannot be removed: %s", path,
				own_files[i], strerror(errno));
	*ret = folder;
	return true;
}

const char *cw_tunnel_folder_path(
	const struct cw_tunnel_folder *folder, const char *name, char ret[CW_TUNNEL_PATH_SIZE])
{
	snprintf(ret, CW_TUNNEL_PATH_SIZE, "%s/%s", folder->path, name);
	return ret;
}

/* ssh and sshd refuse a private key that is theirs and that a group may read; root's, they take. */
static bool hand_over(const struct cw_tunnel_folder *folder, const char *path)
{
	if (!folder->account.drops)
		return true;
	return lchown(path, 0, folder->account.gid) == 0 && chmod(path, 0640) == 0;
}

bool cw_tunnel_folder_write(const struct cw_tunnel_folder *folder, const char *name, const void *data,
	size_t length, struct cw_error *error)
{
	char path[CW_TUNNEL_PATH_SIZE];
	char draft[CW_TUNNEL_PATH_SIZE + sizeof NEW_SUFFIX];
	cw_tunnel_folder_path(folder, name, path);
	snprintf(draft, sizeof draft, "%s" NEW_SUFFIX, path);
	unlink(draft);
	if (cw_file_create(draft, data, length, 0600, error)) {
		if (hand_over(folder, draft) && rename(draft, path) == 0)
			return true;
		cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	}
	unlink(draft);
	return false;
}

bool cw_tunnel_folder_remove(const struct cw_tunnel_folder *folder, const char *name)
{
	char path[CW_TUNNEL_PATH_SIZE];
	return unlink(cw_tunnel_folder_path(folder, name, path)) == 0 || errno == ENOENT;
}
