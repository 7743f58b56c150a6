#include "base/draft.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name that is taken is tried again: a folder with so many drafts of one process is no folder of ours. */
#define TRIES_MAX 1000

struct cw_draft {
	char *path;		    /* where it goes; a link is followed */
	struct cw_buffer temporary; /* its name; empty once it has the right one */
	FILE *stream;
	bool replaces;	    /* something stands there */
	struct stat former; /* and this is what it is */
};

static bool system_error(struct cw_error *error, const char *path)
{
	return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
}

void cw_draft_free(struct cw_draft *draft)
{
	if (!draft)
		return;
	if (draft->temporary.length) /* by its name first: its lock says that it has an owner */
		unlink(draft->temporary.data);
	if (draft->stream)
		fclose(draft->stream);
	cw_buffer_finish(&draft->temporary);
	free(draft->path);
	free(draft);
}

bool cw_draft_is_name(const char *name)
{
	return strncmp(name, CW_DRAFT_PREFIX, sizeof CW_DRAFT_PREFIX - 1) == 0;
}

/* The file that a link names is the one to replace: the link stays what it is. */
static bool find_place(struct cw_draft *draft, const char *path, struct cw_error *error)
{
	struct stat link;
	char real[PATH_MAX];
	if (lstat(path, &link) != 0) {
		draft->path = strdup(path);
		return draft->path ? true : cw_error_memory(error);
	}
	if (S_ISLNK(link.st_mode) && link.st_uid != geteuid() && link.st_uid != 0)
		return cw_error_set(error, CW_E_IO,
			"%s: a link that another user made (%ld), which may lead anywhere; wanted a file, or a name that is "
			"free",
			path, (long)link.st_uid);
	if (!realpath(path, real))
		return cw_error_set(error, CW_E_IO,
			"%s: a link to something that is not there; wanted a file, or a name that is free",
			path);
	if (stat(real, &draft->former) != 0)
		return system_error(error, path);
	if (!S_ISREG(draft->former.st_mode))
		return cw_error_set(
			error, CW_E_IO, "%s: is no file; wanted one, or a name that is free", path);
	draft->replaces = true;
	draft->path = strdup(real);
	return draft->path ? true : cw_error_memory(error);
}

static bool name_draft(struct cw_draft *draft, unsigned number, struct cw_error *error)
{
	AUTO(free) char *folder = cw_file_folder(draft->path);
	AUTO_BUFFER name = {0};
	cw_buffer_printf(&name, CW_DRAFT_PREFIX "%ld-%u", (long)getpid(), number);
	if (!folder || !cw_buffer_ok(&name, error))
		return cw_error_memory(error);
	AUTO(free) char *joined = cw_file_path(folder, cw_buffer_string(&name));
	if (!joined)
		return cw_error_memory(error);
	cw_buffer_finish(&draft->temporary);
	cw_buffer_text(&draft->temporary, joined);
	return cw_buffer_ok(&draft->temporary, error);
}

/* Locked by its owner as long as it lives. False where a sweep took it in between (base/lock.h). */
static bool own(int fd)
{
	struct stat status;
	flock(fd, LOCK_EX); /* a file system without locks has no sweep either */
	return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

/* 0600 until it is committed. */
static bool open_temporary(struct cw_draft *draft, struct cw_error *error)
{
	int fd = -1;
	for (unsigned number = 0; fd < 0 && number < TRIES_MAX; number++) {
		if (!name_draft(draft, number, error))
			return false;
		fd = open(draft->temporary.data, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
		if (fd >= 0 && !own(fd)) {
			close(fd);
			fd = -1;
		}
	}
	if (fd < 0) {
		draft->temporary.length = 0;
		return system_error(error, draft->path);
	}
	draft->stream = fdopen(fd, "w+");
	if (draft->stream)
		return true;
	close(fd);
	return cw_error_memory(error);
}

bool cw_draft_open(const char *path, struct cw_draft **ret, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = calloc(1, sizeof *draft);
	if (!draft)
		return cw_error_memory(error);
	if (!find_place(draft, path, error) || !open_temporary(draft, error))
		return false;
	*ret = TAKE(draft);
	return true;
}

FILE *cw_draft_stream(const struct cw_draft *draft)
{
	return draft->stream;
}

static void sync_folder(const char *path)
{
	AUTO(free) char *folder = cw_file_folder(path);
	if (!folder)
		return;
	int fd = open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd); /* not every file system can: the rename stands all the same */
	close(fd);
}

/* For a moment stricter than it was, never looser. */
static mode_t current_umask(void)
{
	mode_t mask = umask(077);
	umask(mask);
	return mask;
}

/*
 * What replaces a file has its mode. A secret has it only where the former kept all others out, which somebody
 * meant: a private key written over a file that the world may read is for its owner alone.
 */
static mode_t mode_for(const struct cw_draft *draft, mode_t mode)
{
	mode_t former = draft->former.st_mode & 0777;
	bool secret = (mode & 077) == 0;
	if (!draft->replaces)
		return mode & ~current_umask();
	if (secret && (former & 07))
		return mode;
	return former;
}

static bool keep_owner(const struct cw_draft *draft, int fd, struct cw_error *error)
{
	struct stat own_status;
	if (!draft->replaces)
		return true;
	if (fstat(fd, &own_status) != 0)
		return system_error(error, draft->path);
	if (own_status.st_uid == draft->former.st_uid && own_status.st_gid == draft->former.st_gid)
		return true;
	if (fchown(fd, draft->former.st_uid, draft->former.st_gid) == 0)
		return true;
	return cw_error_set(error, CW_E_IO,
		"%s: belongs to user %ld and group %ld, and would not if it were replaced; do this as that user",
		draft->path, (long)draft->former.st_uid, (long)draft->former.st_gid);
}

static bool put(struct cw_draft *draft, mode_t mode, bool sync, struct cw_error *error)
{
	int fd = fileno(draft->stream);
	if (fflush(draft->stream) != 0)
		return system_error(error, draft->path);
	if (ferror(draft->stream))
		return cw_error_set(error, CW_E_IO, "%s: cannot write all of it", draft->path);
	if (!keep_owner(draft, fd, error))
		return false;
	if (fchmod(fd, mode_for(draft, mode)) != 0 || (sync && fsync(fd) != 0) ||
		rename(draft->temporary.data, draft->path) != 0)
		return system_error(error, draft->path);
	draft->temporary.length = 0;
	if (sync)
		sync_folder(draft->path);
	return true;
}

bool cw_draft_commit(struct cw_draft *draft, mode_t mode, struct cw_error *error)
{
	return put(draft, mode, true, error);
}

bool cw_draft_commit_loose(struct cw_draft *draft, mode_t mode, struct cw_error *error)
{
	return put(draft, mode, false, error);
}

/*
 * The former file gets a draft's name as a second one, before the rename takes its own away. Killed between the two,
 * the sweep finds it with two names and takes that one away; killed behind the rename, it finds a file whose only
 * name is a draft's, and destroys it.
 */
bool cw_draft_commit_over_secret(struct cw_draft *draft, struct cw_error *error)
{
	AUTO_BUFFER second = {0};
	if (!draft->replaces)
		return put(draft, 0600, true, error);
	cw_buffer_printf(&second, "%s-former", draft->temporary.data);
	if (!cw_buffer_ok(&second, error))
		return false;
	int former = open(draft->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (former < 0)
		return system_error(error, draft->path);
	bool linked = link(draft->path, second.data) == 0; /* not every file system can */
	bool good = put(draft, 0600, true, error);
	if (good && !cw_file_overwrite(former))
		good = cw_error_set(error, CW_E_IO,
			"%s: the new one is in its place, but the former one could not be overwritten: %s",
			draft->path, strerror(errno));
	close(former);
	if (linked && unlink(second.data) != 0 && good)
		good = cw_error_set(error, CW_E_IO, "%s: cannot remove it: %s", second.data, strerror(errno));
	return good;
}
