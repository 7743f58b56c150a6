#include "admin/desk/desk_worker_files.h"

#include "admin/desk/desk_frame.h"
#include "base/file.h"
#include "base/strings.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_path(const char *path, struct cw_error *error)
{
	size_t depth = 0;
	for (const char *name = path; name; depth++) {
		const char *slash = strchr(name, '/');
		size_t length = slash ? (size_t)(slash - name) : strlen(name);
		if (!length || *name == '.' || length > 200 || depth >= CW_DESK_WORKER_FILES_DEPTH)
			return cw_error_set(error, CW_E_USAGE,
				"wanted a path below the session's folder, found \"%.200s\"", path);
		name = slash ? slash + 1 : NULL;
	}
	return true;
}

static bool make_folders(const char *path, struct cw_error *error)
{
	AUTO_BUFFER folder = {0};
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		folder.length = 0;
		cw_buffer_append(&folder, path, (size_t)(slash - path));
		if (!cw_buffer_ok(&folder, error))
			return false;
		if (mkdir(cw_buffer_string(&folder), 0700) != 0 && errno != EEXIST)
			return cw_error_set(
				error, CW_E_IO, "%s: %s", cw_buffer_string(&folder), strerror(errno));
	}
	return true;
}

bool cw_desk_worker_files_put(const char *path, const struct cw_buffer *data, struct cw_error *error)
{
	return is_path(path, error) && make_folders(path, error) &&
		cw_file_write(path, cw_buffer_string(data), data->length, 0600, error);
}

bool cw_desk_worker_files_get(const char *path, struct cw_buffer *ret, struct cw_error *error)
{
	return is_path(path, error) && cw_file_read(path, CW_DESK_FRAME_OUT_MAX, ret, error);
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The files below `folder`/`inside`, by their paths below `folder`. */
static bool collect(
	const char *folder, const char *inside, size_t depth, struct cw_strings *ret, struct cw_error *error)
{
	AUTO(free) char *at = *inside ? cw_file_path(folder, inside) : strdup(folder);
	DIR *stream = at && depth < CW_DESK_WORKER_FILES_DEPTH ? opendir(at) : NULL;
	bool good = true;
	for (const struct dirent *entry; stream && good && (entry = readdir(stream));) {
		if (entry->d_name[0] == '.' || ret->count >= CW_DESK_WORKER_FILES_MAX)
			continue;
		AUTO(free)
		char *below = *inside ? cw_file_path(inside, entry->d_name) : strdup(entry->d_name);
		AUTO(free) char *whole = below ? cw_file_path(folder, below) : NULL;
		struct stat status;
		if (!whole)
			good = cw_error_memory(error);
		else if (lstat(whole, &status) != 0)
			continue;
		else if (S_ISDIR(status.st_mode))
			good = collect(folder, below, depth + 1, ret, error);
		else if (S_ISREG(status.st_mode))
			good = cw_strings_add(ret, below) || cw_error_memory(error);
	}
	if (stream)
		closedir(stream);
	return good;
}

static bool sorted(const char *path, struct cw_strings *ret, struct cw_error *error)
{
	if (!is_path(path, error) || !collect(path, "", 0, ret, error))
		return false;
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_text);
	return true;
}

bool cw_desk_worker_files_list(const char *path, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_STRINGS files = {0};
	if (!sorted(path, &files, error))
		return false;
	for (size_t i = 0; i < files.count; i++)
		cw_buffer_printf(ret, "%s\n", files.items[i]);
	return cw_buffer_ok(ret, error);
}

static la_ssize_t on_bytes(struct archive *archive, void *context, const void *bytes, size_t length)
{
	struct cw_buffer *ret = context;
	(void)archive;
	if (ret->length + length > CW_DESK_FRAME_OUT_MAX)
		return -1;
	cw_buffer_append(ret, bytes, length);
	return ret->failed ? -1 : (la_ssize_t)length;
}

static bool pack_file(struct archive *archive, const char *folder, const char *name, struct cw_error *error)
{
	AUTO_BUFFER content = {.secret = true};
	AUTO(free) char *path = cw_file_path(folder, name);
	struct archive_entry *entry = archive_entry_new();
	if (!path || !entry || !cw_file_read(path, CW_DESK_FRAME_OUT_MAX, &content, error)) {
		archive_entry_free(entry);
		return path && entry ? false : cw_error_memory(error);
	}
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, (la_int64_t)content.length);
	bool good = archive_write_header(archive, entry) == ARCHIVE_OK &&
		archive_write_data(archive, cw_buffer_string(&content), content.length) ==
			(la_ssize_t)content.length;
	archive_entry_free(entry);
	return good ||
		cw_error_set(error, CW_E_IO, "%s cannot be packed: %s", name, archive_error_string(archive));
}

bool cw_desk_worker_files_pack(const char *path, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_STRINGS files = {0};
	struct archive *archive = archive_write_new();
	if (!archive)
		return cw_error_memory(error);
	bool good = sorted(path, &files, error) &&
		(files.count || cw_error_set(error, CW_E_USAGE, "%s: there is nothing to pack", path)) &&
		((archive_write_add_filter_gzip(archive) == ARCHIVE_OK &&
			 archive_write_set_format_ustar(archive) == ARCHIVE_OK &&
			 archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
			 archive_write_open(archive, ret, NULL, on_bytes, NULL) == ARCHIVE_OK) ||
			cw_error_memory(error));
	for (size_t i = 0; good && i < files.count; i++)
		good = pack_file(archive, path, files.items[i], error);
	if (good && archive_write_close(archive) != ARCHIVE_OK)
		good = cw_error_set(error, CW_E_IO, "%s cannot be packed", path);
	archive_write_free(archive);
	return good;
}

bool cw_desk_worker_files_remove(const char *path, struct cw_error *error)
{
	struct stat status;
	if (!is_path(path, error))
		return false;
	if (lstat(path, &status) != 0)
		return true;
	if (!S_ISDIR(status.st_mode))
		return cw_file_remove(path, error);
	cw_file_remove_folder(path);
	return lstat(path, &status) != 0 || cw_error_set(error, CW_E_IO, "%s cannot be removed", path);
}
