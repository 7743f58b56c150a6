#include "base/draft.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct cw_draft {
	char *path;
	struct cw_buffer temporary; /* its name; empty once it has the right one */
	FILE *stream;
};

static bool system_error(struct cw_error *error, const char *path)
{
	return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
}

void cw_draft_free(struct cw_draft *draft)
{
	if (!draft)
		return;
	if (draft->stream) {
		fclose(draft->stream);
		if (draft->temporary.length)
			unlink(draft->temporary.data);
	}
	cw_buffer_finish(&draft->temporary);
	free(draft->path);
	free(draft);
}

/* 0600 until it is committed */
static bool open_temporary(struct cw_draft *draft, struct cw_error *error)
{
	int fd = mkostemp(draft->temporary.data, O_CLOEXEC);
	if (fd < 0)
		return system_error(error, draft->path);
	draft->stream = fdopen(fd, "w");
	if (draft->stream)
		return true;
	close(fd);
	unlink(draft->temporary.data);
	return cw_error_memory(error);
}

bool cw_draft_open(const char *path, struct cw_draft **ret, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = calloc(1, sizeof *draft);
	if (!draft)
		return cw_error_memory(error);
	draft->path = strdup(path);
	cw_buffer_printf(&draft->temporary, "%s.XXXXXX", path);
	if (!draft->path || draft->temporary.failed)
		return cw_error_memory(error);
	if (!open_temporary(draft, error))
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

bool cw_draft_commit(struct cw_draft *draft, mode_t mode, struct cw_error *error)
{
	int fd = fileno(draft->stream);
	if (fflush(draft->stream) != 0 || fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return system_error(error, draft->path);
	if (ferror(draft->stream))
		return cw_error_set(error, CW_E_IO, "%s: cannot write all of it", draft->path);
	if (rename(draft->temporary.data, draft->path) != 0)
		return system_error(error, draft->path);
	draft->temporary.length = 0;
	sync_folder(draft->path);
	return true;
}
