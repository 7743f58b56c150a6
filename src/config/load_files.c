#include "config/load_files.h"

#include "base/file.h"
#include "base/unopened.h"
#include "config/load.h"
#include "pki/key.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct cw_file {
	char *path;
	char *password; /* or NULL */
	struct cw_bundle bundle;
	enum cw_error_code code;
	char *trouble; /* why there is no bundle, or NULL */
};

static void file_free(struct cw_file *file)
{
	if (!file)
		return;
	free(file->path);
	cw_load_files_password_free(file->password);
	cw_bundle_finish(&file->bundle);
	free(file->trouble);
	free(file);
}
CW_DEFINE_AUTO(struct cw_file *, file_free)

void cw_load_files_finish(struct cw_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		file_free(files->items[i]);
	free(files->items);
	files->items = NULL;
	files->count = files->capacity = 0;
}

void cw_load_files_password_free(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
	free(password);
}

/* Never "-", which is standard input. NULL: no memory. */
static char *path_of(const struct cw_files *files, const char *typed)
{
	AUTO(free) char *path = cw_file_path(files->folder, typed);
	return path && strcmp(path, "-") == 0 ? strdup("./-") : TAKE(path);
}

static int compare(const struct cw_file *file, const char *path, const char *password)
{
	int order = strcmp(file->path, path);
	const char *own = file->password ? file->password : "";
	const char *other = password ? password : "";
	return order != 0 ? order : strcmp(own, other);
}

/* The index of the file, or where it belongs. */
static size_t search(const struct cw_files *files, const char *path, const char *password, bool *found)
{
	size_t low = 0, high = files->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(files->items[middle], path, password);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

/* NULL: none of that name is held. */
static const struct cw_load_held *find_held(const struct cw_files *files, const char *typed)
{
	for (size_t i = 0; i < files->held_count; i++)
		if (strcmp(files->held[i].path, typed) == 0)
			return &files->held[i];
	return NULL;
}

static bool not_held(const char *typed, struct cw_error *error)
{
	return cw_error_set(error, CW_E_IO, "%s: %s", typed, strerror(ENOENT));
}

static bool bundle_of(struct cw_files *files, const char *path, const char *typed, const char *password,
	struct cw_bundle *ret, struct cw_error *error)
{
	if (!files->held)
		return cw_bundle_read(path, typed, password, files->pool, ret, error);
	const struct cw_load_held *held = find_held(files, typed);
	if (!held)
		return not_held(typed, error);
	const struct cw_bundle_file file = {held->data, held->length, typed};
	return cw_bundle_parse(&file, password, files->pool, ret, error);
}

static struct cw_file *file_read(
	struct cw_files *files, const char *path, const char *typed, const char *password)
{
	AUTO(file_free) struct cw_file *file = calloc(1, sizeof *file);
	if (!file)
		return NULL;
	file->path = strdup(path);
	file->password = password ? strdup(password) : NULL;
	if (!file->path || (password && !file->password))
		return NULL;
	struct cw_error error;
	if (!bundle_of(files, path, typed, password, &file->bundle, &error)) {
		file->code = error.code;
		file->trouble = strdup(error.message);
		if (!file->trouble || error.code == CW_E_MEMORY)
			return NULL;
	}
	return TAKE(file);
}

const struct cw_bundle *cw_load_files_bundle(
	struct cw_files *files, const char *typed, const char *password, struct cw_error *error)
{
	AUTO(free) char *path = path_of(files, typed);
	bool found = false;
	size_t place = path ? search(files, path, password, &found) : 0;
	if (!path) {
		cw_error_memory(error);
		return NULL;
	}
	if (!found) {
		AUTO(file_free) struct cw_file *file = file_read(files, path, typed, password);
		if (!file ||
			!cw_memory_grow(
				&files->items, &files->capacity, files->count, sizeof *files->items)) {
			cw_error_memory(error);
			return NULL;
		}
		memmove(&files->items[place + 1], &files->items[place],
			(files->count - place) * sizeof *files->items);
		files->items[place] = TAKE(file);
		files->count++;
	}
	const struct cw_file *file = files->items[place];
	if (!file->trouble)
		return &file->bundle;
	cw_error_set(error, file->code, "%s", file->trouble);
	return NULL;
}

/* Without an allocation: a failed one would make a folder a file. A path too long for the system is neither.
 */
static bool stat_typed(const struct cw_files *files, const char *typed, struct stat *status)
{
	char path[PATH_MAX];
	bool whole = typed[0] == '/' || !*files->folder;
	int length = whole ? snprintf(path, sizeof path, "%s", typed)
			   : snprintf(path, sizeof path, "%s/%s", files->folder, typed);
	return length > 0 && (size_t)length < sizeof path && stat(path, status) == 0;
}

bool cw_load_files_is_folder(const struct cw_files *files, const char *typed)
{
	struct stat status;
	return !files->held && stat_typed(files, typed, &status) && S_ISDIR(status.st_mode);
}

bool cw_load_files_is_there(const struct cw_files *files, const char *typed)
{
	struct stat status;
	if (files->held)
		return find_held(files, typed) != NULL;
	return stat_typed(files, typed, &status) || errno == EACCES;
}

static void folder_close(DIR *folder)
{
	if (folder)
		closedir(folder);
}
CW_DEFINE_AUTO(DIR *, folder_close)

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In a report they would be marks of its layout, on a terminal orders to it. */
static const char controls[] =
	"\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b"
	"\x1c\x1d\x1e\x1f\x7f";

/* Lower layers name where the file was found; the person typed something shorter. */
static bool name_as_typed(const char *path, const char *typed, struct cw_error *error)
{
	size_t length = strlen(path);
	if (strncmp(error->message, path, length) != 0)
		return false;
	struct cw_error inner = *error;
	return cw_error_set(error, inner.code, "%s%s", typed, inner.message + length);
}

bool cw_load_files_list(
	const struct cw_files *files, const char *typed, struct cw_strings *ret, struct cw_error *error)
{
	AUTO(free) char *path = path_of(files, typed);
	if (!path)
		return cw_error_memory(error);
	AUTO(folder_close) DIR *folder = opendir(path);
	if (!folder)
		return cw_unopened_error(error, path) || name_as_typed(path, typed, error);
	AUTO_STRINGS names = {0};
	for (const struct dirent *entry; (entry = readdir(folder));) {
		AUTO(free) char *name = cw_file_path(typed, entry->d_name);
		struct stat status;
		if (!name)
			return cw_error_memory(error);
		if (entry->d_name[0] == '.' || !stat_typed(files, name, &status) || !S_ISREG(status.st_mode))
			continue;
		if (strpbrk(entry->d_name, controls))
			return cw_error_set(error, CW_E_FORMAT,
				"%s: the name of a file in this folder holds a control character; rename it",
				typed);
		if (names.count == CW_FOLDER_FILES_MAX)
			return cw_error_set(error, CW_E_LIMIT, "%s: more than %d files in this folder", typed,
				CW_FOLDER_FILES_MAX);
		if (!cw_strings_add(&names, name))
			return cw_error_memory(error);
	}
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_name);
	*ret = names;
	names = (struct cw_strings){0};
	return true;
}

bool cw_load_files_read(const struct cw_files *files, const char *typed, size_t limit, struct cw_buffer *ret,
	struct cw_error *error)
{
	AUTO(free) char *path = path_of(files, typed);
	if (!path)
		return cw_error_memory(error);
	if (files->held)
		return not_held(typed, error); /* fingerprints, orders, passwords: what is held has none */
	return cw_file_read(path, limit, ret, error) || name_as_typed(path, typed, error);
}

static bool held_key(const struct cw_files *files, const char *typed, const char *password, EVP_PKEY **ret,
	struct cw_error *error)
{
	const struct cw_load_held *held = find_held(files, typed);
	AUTO_BUFFER file = {.secret = true};
	if (!held)
		return not_held(typed, error);
	cw_buffer_append(&file, held->data, held->length);
	return cw_buffer_ok(&file, error) && cw_key_parse_file(&file, typed, password, ret, error);
}

bool cw_load_files_key(const struct cw_files *files, const char *typed, const char *password, EVP_PKEY **ret,
	struct cw_error *error)
{
	AUTO(free) char *path = path_of(files, typed);
	if (!path)
		return cw_error_memory(error);
	if (files->held)
		return held_key(files, typed, password, ret, error);
	return cw_key_read(path, password, ret, error) || name_as_typed(path, typed, error);
}

bool cw_load_files_password(
	const struct cw_files *files, const char *typed, char **ret, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	if (!cw_load_files_read(files, typed, CW_PASSWORD_FILE_MAX, &content, error))
		return false;
	const char *text = cw_buffer_string(&content);
	char *line = strndup(text, strcspn(text, "\r\n"));
	if (content.data)
		explicit_bzero(content.data, content.length);
	if (!line)
		return cw_error_memory(error);
	*ret = line;
	return true;
}
