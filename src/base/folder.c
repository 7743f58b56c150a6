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

static bool is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
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

bool cw_folder_number(const char *path, unsigned *ret)
{
	const char *name = name_of(path);
	unsigned number = 0;
	size_t digits = 0;
	for (; digits <= CW_FOLDER_DIGITS_MAX && is_digit(name[digits]); digits++)
		number = number * 10 + (unsigned)(name[digits] - '0');
	if (!digits || digits > CW_FOLDER_DIGITS_MAX || !name[digits] || !strchr("-_ .", name[digits]) ||
		(name[digits] == '.' && is_digit(name[digits + 1])))
		return false;
	*ret = number;
	return true;
}

bool cw_folder_has_numbers(const struct cw_strings *files)
{
	unsigned number;
	for (size_t i = 0; i < files->count; i++)
		if (cw_folder_number(files->items[i], &number))
			return true;
	return false;
}

struct numbered {
	char *path;
	bool certificates, has_number;
	unsigned number;
};

/* Files with certificates first: they alone have a say. */
static int by_number(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;
	if (a->certificates != b->certificates)
		return a->certificates ? -1 : 1;
	if (a->has_number != b->has_number)
		return a->has_number ? 1 : -1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* Sorted: the first has no number where one has none, and what has the same number stands side by side. */
static bool check_numbers(
	const struct numbered *sorted, size_t count, bool *ret_ordered, struct cw_strings *notes)
{
	static const char remedy[] =
		"so the order of the box is not known: number every file, or name them in " CW_FOLDER_ORDER
		", first to last";
	*ret_ordered = false;
	if (!sorted[0].certificates)
		return true;
	if (!sorted[0].has_number)
		return cw_strings_addf(notes,
			"%s: its name begins with no number, as those of other files of the folder do, %s",
			sorted[0].path, remedy);
	for (size_t i = 1; i < count && sorted[i].certificates; i++)
		if (sorted[i].number == sorted[i - 1].number)
			return cw_strings_addf(notes, "%s: its name begins with the number of %s, %s",
				sorted[i].path, name_of(sorted[i - 1].path), remedy);
	*ret_ordered = true;
	return true;
}

bool cw_folder_sort_numbers(struct cw_strings *files, const bool *certificates, bool *ret_ordered,
	struct cw_strings *notes, struct cw_error *error)
{
	AUTO(free) struct numbered *sorted = calloc(files->count + 1, sizeof *sorted);
	if (!sorted)
		return cw_error_memory(error);
	for (size_t i = 0; i < files->count; i++) {
		struct numbered *file = &sorted[i];
		*file = (struct numbered){.path = files->items[i], .certificates = certificates[i]};
		file->has_number = cw_folder_number(file->path, &file->number);
	}
	qsort(sorted, files->count, sizeof *sorted, by_number);
	if (!check_numbers(sorted, files->count, ret_ordered, notes))
		return cw_error_memory(error);
	for (size_t i = 0; *ret_ordered && i < files->count; i++)
		files->items[i] = sorted[i].path;
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

/* In the order of the list, then as order.txt has it, then the others by name. */
static bool compose_order(const struct cw_strings *files, const struct cw_strings *order,
	const struct cw_buffer *text, struct cw_buffer *ret)
{
	AUTO(free) bool *placed = calloc(files->count + 1, sizeof *placed);
	if (!placed)
		return false;
	for (size_t i = 0; i < order->count; i++) {
		const char *name = name_of(order->items[i]);
		size_t index = find_named(files, name, strlen(name));
		if (index == files->count || placed[index])
			continue;
		placed[index] = true;
		cw_buffer_printf(ret, "%s\n", name);
	}
	if (!keep_lines(files, text, placed, ret))
		return false;
	for (size_t i = 0; i < files->count; i++)
		if (!placed[i] && !is_order(files->items[i]))
			cw_buffer_printf(ret, "%s\n", name_of(files->items[i]));
	return !ret->failed;
}

static bool numbers_tell(const struct cw_strings *order)
{
	unsigned former = 0, number;
	for (size_t i = 0; i < order->count; i++) {
		if (!cw_folder_number(order->items[i], &number) || (i && number <= former))
			return false;
		former = number;
	}
	return true;
}

bool cw_folder_order_update(
	const char *folder, const struct cw_strings *order, bool numbered, struct cw_error *error)
{
	AUTO_STRINGS files = {0};
	AUTO_BUFFER text = {0}, kept = {0};
	AUTO(free) char *path = cw_file_path(folder, CW_FOLDER_ORDER);
	struct stat status = {.st_mode = 0644};
	if (!path)
		return cw_error_memory(error);
	bool has = stat(path, &status) == 0;
	if (!has && (!numbered || numbers_tell(order)))
		return true;
	if (!list_names(folder, &files, error) ||
		(has && !cw_file_read(path, CW_FOLDER_ORDER_MAX, &text, error)))
		return false;
	if (!compose_order(&files, order, &text, &kept))
		return cw_error_memory(error);
	if (has && kept.length == text.length &&
		memcmp(cw_buffer_string(&kept), cw_buffer_string(&text), kept.length) == 0)
		return true;
	return cw_file_write(path, cw_buffer_string(&kept), kept.length, status.st_mode & 07777, error);
}
