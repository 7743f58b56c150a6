#include "base/folder.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool cw_folder_is(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool list_names(const char *folder, struct cw_strings *ret, struct cw_error *error)
{
	DIR *stream = opendir(folder);
	if (!stream)
		return cw_error_set(error, CW_E_IO, "%s: cannot open: %s", folder, strerror(errno));
	bool good = true;
	const struct dirent *entry;
	size_t length = strlen(folder);
	const char *between = length && folder[length - 1] == '/' ? "" : "/";
	while (good && (entry = readdir(stream)) && ret->count < CW_FOLDER_NAMES_MAX) {
		struct stat status;
		AUTO(free) char *path = cw_file_path(folder, entry->d_name);
		good = path != NULL;
		if (good && entry->d_name[0] != '.' && stat(path, &status) == 0 && S_ISREG(status.st_mode))
			good = cw_strings_addf(ret, "%s%s%s", folder, between, entry->d_name);
	}
	closedir(stream);
	if (!good)
		return cw_error_memory(error);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_name);
	return true;
}

/* The file with this name: its index, or the count. */
static size_t find_named(const struct cw_strings *files, const char *name, size_t length)
{
	size_t i = 0;
	for (; i < files->count; i++) {
		const char *file = name_of(files->items[i]);
		if (strlen(file) == length && memcmp(file, name, length) == 0)
			break;
	}
	return i;
}

/* One line without its end; `*at` behind it. */
static size_t take_line(const char **at, const char *end)
{
	const char *start = *at, *newline = memchr(start, '\n', (size_t)(end - start));
	size_t length = newline ? (size_t)(newline - start) : (size_t)(end - start);
	*at = newline ? newline + 1 : end;
	return length && start[length - 1] == '\r' ? length - 1 : length;
}

static bool is_order(const char *path)
{
	return strcmp(name_of(path), CW_FOLDER_ORDER) == 0;
}

static bool check_all_placed(
	const struct cw_strings *files, const bool *placed, const char *shown, struct cw_error *error)
{
	for (size_t i = 0; i < files->count; i++)
		if (!placed[i] && !is_order(files->items[i]))
			return cw_error_set(error, CW_E_FORMAT,
				"%s: it does not name %s; wanted every file of the folder", shown,
				files->items[i]);
	return true;
}

bool cw_folder_sort(
	const char *text, size_t length, const char *shown, struct cw_strings *files, struct cw_error *error)
{
	AUTO_STRINGS sorted = {0};
	AUTO(free) bool *placed = calloc(files->count + 1, sizeof *placed);
	if (!placed)
		return cw_error_memory(error);
	const char *at = text, *end = text + length;
	for (size_t line = 1; at < end; line++) {
		const char *name = at;
		size_t size = take_line(&at, end), index = find_named(files, name, size);
		if (!size)
			continue;
		if (index == files->count || placed[index])
			return cw_error_set(error, CW_E_FORMAT,
				"%s:%zu: wanted the name of a file of this folder, %s", shown, line,
				index == files->count ? "found none of that name" : "found it twice");
		placed[index] = true;
		if (!is_order(files->items[index]) && !cw_strings_add(&sorted, files->items[index]))
			return cw_error_memory(error);
	}
	if (!check_all_placed(files, placed, shown, error))
		return false;
	struct cw_strings former = *files;
	*files = sorted;
	sorted = former;
	return true;
}

bool cw_folder_files(const char *folder, struct cw_strings *ret, bool *ret_ordered, struct cw_error *error)
{
	AUTO_STRINGS files = {0};
	if (!list_names(folder, &files, error))
		return false;
	*ret_ordered = files.count < 2;
	for (size_t i = 0; i < files.count; i++) {
		if (!is_order(files.items[i]))
			continue;
		AUTO_BUFFER text = {0};
		AUTO(free) char *shown = strdup(files.items[i]);
		if (!shown)
			return cw_error_memory(error);
		if (!cw_file_read(shown, CW_FOLDER_ORDER_MAX, &text, error) ||
			!cw_folder_sort(cw_buffer_string(&text), text.length, shown, &files, error))
			return false;
		*ret_ordered = true;
		break;
	}
	*ret = files;
	files = (struct cw_strings){0};
	return true;
}

static bool keep_lines(
	const struct cw_strings *files, const struct cw_buffer *text, bool *placed, struct cw_buffer *ret)
{
	const char *at = cw_buffer_string(text), *end = at + text->length;
	while (at < end) {
		const char *name = at;
		size_t size = take_line(&at, end), index = find_named(files, name, size);
		if (!size || index == files->count || placed[index])
			continue;
		placed[index] = true;
		cw_buffer_append(ret, name, size);
		cw_buffer_char(ret, '\n');
	}
	return !ret->failed;
}

bool cw_folder_order_update(const char *folder, struct cw_error *error)
{
	AUTO_STRINGS files = {0};
	AUTO_BUFFER text = {0}, kept = {0};
	AUTO(free) char *path = cw_file_path(folder, CW_FOLDER_ORDER);
	struct stat status;
	if (!path)
		return cw_error_memory(error);
	if (stat(path, &status) != 0)
		return true;
	if (!list_names(folder, &files, error) || !cw_file_read(path, CW_FOLDER_ORDER_MAX, &text, error))
		return false;
	AUTO(free) bool *placed = calloc(files.count + 1, sizeof *placed);
	if (!placed || !keep_lines(&files, &text, placed, &kept))
		return cw_error_memory(error);
	for (size_t i = 0; i < files.count; i++)
		if (!placed[i] && !is_order(files.items[i]))
			cw_buffer_printf(&kept, "%s\n", name_of(files.items[i]));
	if (!cw_buffer_ok(&kept, error))
		return false;
	if (kept.length == text.length &&
		memcmp(cw_buffer_string(&kept), cw_buffer_string(&text), kept.length) == 0)
		return true;
	return cw_file_write(path, cw_buffer_string(&kept), kept.length, status.st_mode & 07777, error);
}
