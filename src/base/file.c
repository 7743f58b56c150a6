#include "base/file.h"

#include "base/draft.h"

#include <errno.h>
#include <fcntl.h>
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

static bool read_all(int fd, const char *path, size_t limit, struct cw_buffer *buffer, struct cw_error *error)
{
	char chunk[16384];
	for (;;) {
		ssize_t got = read(fd, chunk, sizeof chunk);
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

bool cw_file_read(const char *path, size_t limit, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER buffer = {0};
	AUTO_DESCRIPTOR file = {STDIN_FILENO};
	if (strcmp(path, "-") != 0) {
		/* O_NONBLOCK: opening a FIFO must not hang */
		file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (file.fd < 0)
			return system_error(error, path, "open");
		struct stat status;
		if (fstat(file.fd, &status) != 0)
			return system_error(error, path, "look at");
		if (S_ISDIR(status.st_mode))
			return cw_error_set(error, CW_E_IO, "%s: is a folder; wanted a file", path);
		if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
			return cw_error_set(
				error, CW_E_IO, "%s: is a device or a socket; wanted a file", path);
		if (S_ISFIFO(status.st_mode) && fcntl(file.fd, F_SETFL, O_RDONLY) != 0)
			return system_error(error, path, "read");
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
	if (fwrite(data, 1, length, cw_draft_stream(draft)) != length)
		return system_error(error, path, "write");
	return cw_draft_commit(draft, mode, error);
}

bool cw_file_create(const char *path, const void *data, size_t length, mode_t mode, struct cw_error *error)
{
	AUTO_DESCRIPTOR file = {open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0700)};
	if (file.fd < 0 || !write_all(file.fd, data, length) || fchmod(file.fd, mode) != 0)
		return system_error(error, path, "write");
	return true;
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
