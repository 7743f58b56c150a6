#include "base/file.h"

#include "base/draft.h"
#include "base/unopened.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct descriptor {
	int fd;
};

static void descriptor_close(struct descriptor *descriptor)
{
	if (descriptor->fd > STDERR_FILENO)
		close(descriptor->fd);
}

#define AUTO_DESCRIPTOR __attribute__((cleanup(descriptor_close))) struct descriptor

static bool system_error(struct cw_error *error, const char *path, const char *doing)
{
	return cw_error_set(error, CW_E_IO, "%s: cannot %s: %s", path, doing, strerror(errno));
}

#define OPEN_FILES 16 /* while a folder is walked */
#define CHUNK 16384

static bool read_chunks(
	int fd, const char *path, size_t limit, char *chunk, struct cw_buffer *buffer, struct cw_error *error)
{
	for (;;) {
		ssize_t got = read(fd, chunk, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_error(error, path, "read");
		if (got == 0)
			return cw_buffer_ok(buffer, error);
		if ((size_t)got > limit - buffer->length)
			return cw_error_set(error, CW_E_LIMIT,
				"%s: longer than %zu bytes, which no file of this kind is", path, limit);
		cw_buffer_append(buffer, chunk, (size_t)got);
	}
}

/* Where a FIFO or a device stands for a file, a reader hangs or never ends. */
static bool check_kind(int fd, const char *path, struct cw_error *error)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return system_error(error, path, "look at");
	if (S_ISDIR(status.st_mode))
		return cw_error_set(error, CW_E_IO, "%s: is a folder; wanted a file", path);
	if (!S_ISREG(status.st_mode))
		return cw_error_set(error, CW_E_IO,
			"%s: is a pipe, a device or a socket; wanted a file (\"-\" is standard input)", path);
	return true;
}

/* It may be a key or a password: no copy of it stays on the stack. */
static bool read_all(int fd, const char *path, size_t limit, struct cw_buffer *buffer, struct cw_error *error)
{
	char chunk[CHUNK];
	bool good = read_chunks(fd, path, limit, chunk, buffer, error);
	explicit_bzero(chunk, sizeof chunk);
	return good;
}

bool cw_file_read(const char *path, size_t limit, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER buffer = {.secret = true};
	AUTO_DESCRIPTOR file = {STDIN_FILENO};
	if (strcmp(path, "-") != 0) {
		/* O_NONBLOCK: opening a FIFO must not hang */
		file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (file.fd < 0)
			return cw_unopened_error(error, path);
		if (!check_kind(file.fd, path, error))
			return false;
	}
	if (!read_all(file.fd, path, limit, &buffer, error))
		return false;
	cw_buffer_append(&buffer, "", 0);
	if (!cw_buffer_ok(&buffer, error))
		return false;
	*ret = buffer;
	buffer = (struct cw_buffer){0};
	return true;
}

static bool write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t put = write(fd, data, length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		data += put;
		length -= (size_t)put;
	}
	return true;
}

bool cw_file_write(const char *path, const void *data, size_t length, mode_t mode, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	if (!cw_draft_open(path, &draft, error))
		return false;
	setvbuf(cw_draft_stream(draft), NULL, _IONBF, 0); /* it may be a private key: no copy of it stays */
	/* of an empty list `data` is NULL */
	if (length && fwrite(data, 1, length, cw_draft_stream(draft)) != length)
		return system_error(error, path, "write");
	return cw_draft_commit(draft, mode, error);
}

bool cw_file_create(const char *path, const void *data, size_t length, mode_t mode, struct cw_error *error)
{
	AUTO_DESCRIPTOR file = {open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
	if (file.fd < 0 || !write_all(file.fd, data, length))
		return system_error(error, path, "write");
	return true;
}

bool cw_file_overwrite(int fd)
{
	static const char zeros[4096];
	struct stat status;
	if (fstat(fd, &status) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return false;
	for (off_t left = status.st_size; left > 0; left -= (off_t)sizeof zeros)
		if (!write_all(fd, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros))
			return false;
	return fsync(fd) == 0;
}

bool cw_file_destroy(const char *path, struct cw_error *error)
{
	struct stat status;
	AUTO_DESCRIPTOR file = {open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
	if (file.fd < 0 && errno == ENOENT)
		return true;
	if (file.fd < 0 && errno == ELOOP)
		return cw_error_set(error, CW_E_IO,
			"%s: is a link, and what it names is not destroyed with it; destroy that, then remove the "
			"link",
			path);
	if (file.fd < 0 || fstat(file.fd, &status) != 0)
		return system_error(error, path, "destroy");
	if (!S_ISREG(status.st_mode))
		return cw_error_set(error, CW_E_IO, "%s: is no file and cannot be destroyed", path);
	if (!cw_file_overwrite(file.fd) || unlink(path) != 0)
		return system_error(error, path, "destroy");
	return true;
}

bool cw_file_remove(const char *path, struct cw_error *error)
{
	return unlink(path) == 0 || errno == ENOENT ? true : system_error(error, path, "remove");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

void cw_file_remove_folder(const char *path)
{
	(void)nftw(path, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
}

bool cw_file_make_folder(const char *path, struct cw_error *error)
{
	AUTO(free) char *partial = strdup(path);
	if (!partial)
		return cw_error_memory(error);
	for (char *slash = partial + 1; *partial && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(partial, 0755) != 0 && errno != EEXIST)
			return system_error(error, partial, "make folder");
		*slash = '/';
	}
	struct stat status;
	if (mkdir(path, 0755) != 0 && (errno != EEXIST || stat(path, &status) != 0))
		return system_error(error, path, "make folder");
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode)
		? true
		: cw_error_set(error, CW_E_IO, "%s: exists and is no folder", path);
}

char *cw_file_path(const char *folder, const char *path)
{
	if (path[0] == '/' || !*folder)
		return strdup(path);
	AUTO_BUFFER joined = {0};
	cw_buffer_printf(&joined, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", path);
	return cw_buffer_steal(&joined);
}

char *cw_file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup("");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

bool cw_file_is_special(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}
