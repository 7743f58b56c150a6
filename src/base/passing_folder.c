#include "base/passing_folder.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES_MAX 3

static const char *place_of(const struct cw_passing_folder_kind *kind)
{
	const char *base = getenv("TMPDIR");
	if (kind->place)
		return kind->place;
	return base && *base ? base : "/tmp";
}

static void remove_left(const struct cw_passing_folder_kind *kind, const char *path)
{
	struct stat status;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return;
	DIR *stream = NULL;
	if (fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
		flock(folder, LOCK_EX | LOCK_NB) == 0)
		stream = opendir(path);
	bool more = true;
	for (const struct dirent *entry; stream && more && (entry = readdir(stream));) {
		AUTO(free) char *inside = cw_file_path(path, entry->d_name);
		more = inside && kind->remove_entry(inside, entry->d_name);
	}
	if (stream) {
		closedir(stream);
		rmdir(path);
	}
	close(folder);
}

static void remove_all_left(const struct cw_passing_folder_kind *kind)
{
	DIR *stream = opendir(place_of(kind));
	for (const struct dirent *entry; stream && (entry = readdir(stream));) {
		AUTO(free) char *path = cw_file_path(place_of(kind), entry->d_name);
		if (path && strncmp(entry->d_name, kind->prefix, strlen(kind->prefix)) == 0)
			remove_left(kind, path);
	}
	if (stream)
		closedir(stream);
}

static bool make_locked(
	const struct cw_passing_folder_kind *kind, struct cw_passing_folder *ret, struct cw_error *error)
{
	int length = snprintf(ret->path, sizeof ret->path, "%s/%sXXXXXX", place_of(kind), kind->prefix);
	if (length < 0 || (size_t)length >= sizeof ret->path || !mkdtemp(ret->path)) {
		ret->path[0] = '\0';
		return cw_error_set(error, CW_E_IO, "no folder can be made in %.200s: %s", place_of(kind),
			strerror(errno));
	}
	ret->lock = open(ret->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Another one that begins now may have taken it for one that was left, before it was locked. */
	return (ret->lock >= 0 && flock(ret->lock, LOCK_EX) == 0 && chmod(ret->path, kind->mode) == 0) ||
		cw_error_set(error, CW_E_IO, "%s: %s", ret->path, strerror(errno));
}

static void give_up(struct cw_passing_folder *folder)
{
	if (folder->lock >= 0)
		close(folder->lock);
	*folder = CW_PASSING_FOLDER_NONE;
}

bool cw_passing_folder_make(
	const struct cw_passing_folder_kind *kind, struct cw_passing_folder *ret, struct cw_error *error)
{
	remove_all_left(kind);
	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		struct cw_passing_folder made = CW_PASSING_FOLDER_NONE;
		if (make_locked(kind, &made, error)) {
			*ret = made;
			return true;
		}
		give_up(&made);
	}
	return false;
}

bool cw_passing_folder_finish(struct cw_passing_folder *folder, struct cw_error *error)
{
	bool good = !*folder->path || rmdir(folder->path) == 0 ||
		cw_error_set(error, CW_E_IO, "%s: this folder cannot be removed: %s", folder->path,
			strerror(errno));
	give_up(folder);
	return good;
}
