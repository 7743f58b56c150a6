#include "base/unopened.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/strings.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void folder_close(DIR *folder)
{
	if (folder)
		closedir(folder);
}
CW_DEFINE_AUTO(DIR *, folder_close)

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Names of the folder that could be meant; what there is no memory for is not told. */
static void read_names(DIR *folder, struct cw_strings *names)
{
	const struct dirent *entry;
	while (names->count < CW_UNOPENED_NAMES_MAX && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && !cw_strings_add(names, entry->d_name))
			return;
}

/* Of two that are equally alike, the same one is told each time. */
static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void about_absent(const char *path, struct cw_buffer *ret)
{
	AUTO(free) char *parent = cw_file_folder(path);
	AUTO_STRINGS names = {0};
	if (!parent || !*last_part(path)) /* "folder/" */
		return;
	AUTO(folder_close) DIR *folder = opendir(*parent ? parent : ".");
	if (!folder && errno == ENOENT)
		cw_buffer_text(ret, "; the folder that it should be in is not there either");
	if (!folder)
		return;
	read_names(folder, &names);
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_name);
	const char *meant =
		cw_strings_suggest(last_part(path), (const char *const *)names.items, names.count);
	if (meant)
		cw_buffer_printf(ret, "; did you mean \"%s\"?", meant);
	else if (!names.count)
		cw_buffer_text(ret, "; the folder that it should be in is empty");
	else
		cw_buffer_text(ret, "; nothing in that folder has a name like it");
}

static void about_forbidden(const char *path, struct cw_buffer *ret)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		cw_buffer_text(ret, "; one of the folders above it may not be entered by this user");
		return;
	}
	const struct passwd *owner = getpwuid(status.st_uid);
	cw_buffer_printf(ret,
		"; it belongs to %s and has mode %04o: run this as its owner, or let this user read it",
		owner ? owner->pw_name : "another user", (unsigned)(status.st_mode & 07777));
}

bool cw_unopened_error(struct cw_error *error, const char *path)
{
	int reason = errno;
	AUTO_BUFFER next = {0};
	if (reason == ENOENT)
		about_absent(path, &next);
	else if (reason == EACCES)
		about_forbidden(path, &next);
	return cw_error_set(error, CW_E_IO, "%s: cannot open: %s%s", path, strerror(reason),
		next.failed ? "" : cw_buffer_string(&next));
}
