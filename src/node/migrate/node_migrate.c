#include "node/migrate/node_migrate.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_SUFFIX ".migrating"
#define FORMER_MAX 100
#define LINK_SIZE 4096

static void close_folder(DIR *folder)
{
	if (folder)
		closedir(folder);
}
CW_DEFINE_AUTO(DIR *, close_folder)

static bool fail(struct cw_error *error, const char *name)
{
	return cw_error_set(
		error, CW_E_IO, "%s: cannot be copied for its new version: %s", name, strerror(errno));
}

/* --- the copy --- */

static bool copy_bytes(int from, int to)
{
	ssize_t sent;
	do /* ends: at the end of the file, or at an error */
		sent = sendfile(to, from, NULL, 1 << 20);
	while (sent > 0);
	return sent == 0;
}

static bool copy_file(int from, int to, const char *name, const struct stat *status)
{
	int in = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = in >= 0 && out >= 0 && copy_bytes(in, out) &&
		(geteuid() != 0 || fchown(out, status->st_uid, status->st_gid) == 0) &&
		fchmod(out, status->st_mode & 07777) == 0;
	int why = errno;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0)
		good = false;
	errno = why;
	return good;
}

static bool copy_link(int from, int to, const char *name)
{
	char target[LINK_SIZE];
	ssize_t length = readlinkat(from, name, target, sizeof target - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return symlinkat(target, to, name) == 0;
}

struct copying {
	size_t files;
	struct cw_error *error;
};

static bool copy_folder(struct copying *copying, int from, int to, unsigned depth);

static bool copy_below(struct copying *copying, int from, int to, const char *name, const struct stat *status,
	unsigned depth)
{
	int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	bool made = mkdirat(to, name, 0700) == 0;
	int out = made ? openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
	bool good =
		in >= 0 && out >= 0 ? copy_folder(copying, in, out, depth + 1) : fail(copying->error, name);
	if (good &&
		((geteuid() == 0 && fchown(out, status->st_uid, status->st_gid) != 0) ||
			fchmod(out, status->st_mode & 07777) != 0))
		good = fail(copying->error, name);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return good;
}

/* Sockets are a running node's; its lock is made anew. */
static bool copy_one(struct copying *copying, int from, int to, const char *name, unsigned depth)
{
	struct stat status;
	if (++copying->files > CW_NODE_MIGRATE_FILES_MAX || depth > CW_NODE_MIGRATE_DEPTH_MAX)
		return cw_error_set(copying->error, CW_E_LIMIT,
			"%s: more files, or deeper folders, than a node has", name);
	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return fail(copying->error, name);
	if (S_ISDIR(status.st_mode))
		return copy_below(copying, from, to, name, &status, depth);
	if (S_ISREG(status.st_mode) && !(depth == 0 && strcmp(name, "lock") == 0))
		return copy_file(from, to, name, &status) ? true : fail(copying->error, name);
	if (S_ISLNK(status.st_mode))
		return copy_link(from, to, name) ? true : fail(copying->error, name);
	return true;
}

static bool copy_folder(struct copying *copying, int from, int to, unsigned depth)
{
	int again = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(close_folder) DIR *folder = again >= 0 ? fdopendir(again) : NULL;
	const struct dirent *entry;
	if (!folder)
		return fail(copying->error, ".");
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			!copy_one(copying, from, to, entry->d_name, depth))
			return false;
	return true;
}

/* --- the steps --- */

static bool move_history(int folder, struct cw_error *error)
{
	static const char *const names[][2] = {{"history.db", "history/history.db"},
		{"history.db-wal", "history/history.db-wal"}, {"history.db-shm", "history/history.db-shm"}};
	if (mkdirat(folder, "history", 0700) != 0 && errno != EEXIST)
		return fail(error, "history");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (renameat2(folder, names[i][0], folder, names[i][1], RENAME_NOREPLACE) != 0 &&
			errno != ENOENT && errno != EEXIST)
			return fail(error, names[i][0]);
	return true;
}

/* What belongs to nobody else: folders as node init makes them, and private keys by their names. */
static bool close_secrets(int folder, struct cw_error *error)
{
	static const char *const closed[] = {"certs", "secrets", "history"};
	static const char *const keys[] = {"certs/server.key", "certs/client.key"};
	for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
		if (fchmodat(folder, closed[i], 0700, 0) != 0 && errno != ENOENT)
			return fail(error, closed[i]);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (fchmodat(folder, keys[i], 0600, 0) != 0 && errno != ENOENT)
			return fail(error, keys[i]);
	return true;
}

static bool to_version_2(int folder, struct cw_error *error)
{
	return move_history(folder, error) && close_secrets(folder, error);
}

/* By the version that it begins with. */
static bool (*const steps[])(int folder, struct cw_error *error) = {[1] = to_version_2};
#define STEPS (long)(sizeof steps / sizeof steps[0])

static bool change_copy(int folder, const char *path, long from, struct cw_error *error)
{
	AUTO(free) char *version = cw_file_path(path, "version");
	char text[16];
	for (long step = from; step < STEPS; step++)
		if (!steps[step](folder, error))
			return false;
	int length = snprintf(text, sizeof text, "%ld\n", STEPS);
	if (!version)
		return cw_error_memory(error);
	return cw_file_write(version, text, (size_t)length, 0644, error);
}

/* --- the exchange --- */

static char *former_name(const char *path, long version)
{
	char name[LINK_SIZE];
	for (unsigned i = 1; i < FORMER_MAX; i++) {
		int length = i == 1 ? snprintf(name, sizeof name, "%s.version-%ld", path, version)
				    : snprintf(name, sizeof name, "%s.version-%ld-%u", path, version, i);
		if (length > 0 && (size_t)length < sizeof name && access(name, F_OK) != 0)
			return strdup(name);
	}
	return NULL;
}

static char *copy_name(const char *path)
{
	size_t size = strlen(path) + sizeof COPY_SUFFIX;
	char *name = malloc(size);
	if (name)
		snprintf(name, size, "%s%s", path, COPY_SUFFIX);
	return name;
}

static bool take_lock(int folder, int *ret, struct cw_error *error)
{
	int lock = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
		*ret = lock;
		return true;
	}
	fail(error, "lock");
	if (lock >= 0)
		close(lock);
	return false;
}

static bool make_copy(const char *path, const char *copy, long from, int *ret_lock, struct cw_error *error)
{
	struct stat status;
	struct copying copying = {.error = error};
	int in = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool made = in >= 0 && fstat(in, &status) == 0 && mkdir(copy, 0700) == 0;
	int out = made ? open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool good = out >= 0 ? copy_folder(&copying, in, out, 0) : fail(error, copy);
	good = good && change_copy(out, copy, from, error) && take_lock(out, ret_lock, error);
	if (good &&
		((geteuid() == 0 && fchown(out, status.st_uid, status.st_gid) != 0) ||
			fchmod(out, status.st_mode & 07777) != 0 || syncfs(out) != 0))
		good = fail(error, copy);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return good;
}

bool cw_node_migrate(const char *path, long from, int *ret_lock, char **ret_former, struct cw_error *error)
{
	AUTO(free) char *copy = copy_name(path);
	AUTO(free) char *former = former_name(path, from);
	int lock = -1;
	if (!copy || !former)
		return cw_error_memory(error);
	cw_file_remove_folder(copy); /* of a try that was killed before its exchange */
	bool good = make_copy(path, copy, from, &lock, error);
	if (good && renameat2(AT_FDCWD, copy, AT_FDCWD, path, RENAME_EXCHANGE) != 0)
		good = cw_error_set(error, CW_E_IO,
			"%s: cannot be exchanged with the copy of its new version: %s", path,
			strerror(errno));
	if (!good) {
		if (lock >= 0)
			close(lock);
		cw_file_remove_folder(copy);
		return cw_error_prefix(error, "%s, of version %ld", path, from);
	}
	if (rename(copy, former) != 0) { /* it is the new one all the same */
		free(former);
		former = strdup(copy);
	}
	*ret_lock = lock;
	*ret_former = TAKE(former);
	return true;
}

char *cw_node_migrate_finish(const char *path)
{
	AUTO(free) char *copy = copy_name(path);
	AUTO(free) char *former = former_name(path, STEPS - 1);
	if (!copy || !former || access(copy, F_OK) != 0 || rename(copy, former) != 0)
		return NULL;
	return TAKE(former);
}
