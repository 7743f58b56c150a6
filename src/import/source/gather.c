#include "import/source/gather.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/unopened.h"
#include "import/source/archive.h"
#include "import/source/reading.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Standard input is read whole: as much as the largest file that is of use. */
#define INPUT_MAX ((size_t)256 * 1024 * 1024)
#define FOLDER_FILES_MAX 50000

struct gather {
	struct cw_evidence *evidence;
	const char *container; /* as shown: the archive, the folder or the file */
	const char *inside;    /* what the names of members stand behind; "" for none */
	unsigned nested;       /* how many archives deep */
	cw_gather_progress progress;
	void *user;
};

static const struct {
	enum cw_sniff_kind kind;
	bool (*read)(const struct cw_reading *read, struct cw_error *error);
} readers[] = {
	{CW_SNIFF_XCONFIGURATION, cw_reading_settings},
	{CW_SNIFF_XSTATUS, cw_reading_settings},
	{CW_SNIFF_XML, cw_reading_xml},
	{CW_SNIFF_JSON, cw_reading_json},
	{CW_SNIFF_SESSION, cw_reading_session},
	{CW_SNIFF_SHOWCERTS, cw_reading_showcerts},
	{CW_SNIFF_SIGNED_LIST, cw_reading_signed_list},
	{CW_SNIFF_CERTIFICATES, cw_reading_certificates},
	{CW_SNIFF_CAPTURE, cw_reading_capture},
};

static bool unused(const struct gather *gather, const char *shown, const char *why, struct cw_error *error)
{
	return cw_evidence_unused(gather->evidence, shown, 0, why, error);
}

/* The message without the file's name, which the note has. */
static const char *without_name(const char *message, const char *shown)
{
	size_t length = strlen(shown);
	if (strncmp(message, shown, length) != 0 || message[length] != ':')
		return message;
	message += length + 1;
	return message + strspn(message, " ");
}

/* The reader's own error is told and not passed on, but for memory and the limits of the whole import. */
static bool run_reader(struct gather *gather, const struct cw_reading *read, enum cw_sniff_kind kind,
	const char *shown, struct cw_error *error)
{
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (readers[i].kind != kind)
			continue;
		struct cw_error trouble;
		if (readers[i].read(read, &trouble))
			return true;
		if (trouble.code == CW_E_MEMORY)
			return cw_error_memory(error);
		return unused(gather, shown, without_name(trouble.message, shown), error);
	}
	return true;
}

static const char *useless(const struct cw_archive_file *file)
{
	switch (file->kind) {
	case CW_SNIFF_UNKNOWN:
		return cw_sniff_why(file->data, file->length);
	case CW_SNIFF_EMPTY:
		return "empty";
	case CW_SNIFF_ENCRYPTED_BACKUP:
		return "an encrypted backup; its format is not public. Import a diagnostic archive of the "
		       "box "
		       "instead (Maintenance > Diagnostics > Diagnostic logging)";
	default:
		return NULL;
	}
}

static bool read_nested(
	struct gather *gather, const struct cw_archive_file *file, const char *shown, struct cw_error *error);

static bool take(
	struct gather *gather, const char *shown, const struct cw_archive_file *file, struct cw_error *error)
{
	const char *why = useless(file);
	if (gather->progress)
		gather->progress(gather->user, shown);
	if (why)
		return unused(gather, shown, why, error);
	if (file->kind == CW_SNIFF_ARCHIVE)
		return read_nested(gather, file, shown, error);
	struct cw_reading read = {.evidence = gather->evidence, .data = file->data, .length = file->length};
	if (!cw_evidence_add_source(gather->evidence, shown, gather->container, &read.source, error))
		return false;
	struct cw_evidence_source *source = &gather->evidence->sources[read.source];
	source->kind = file->kind;
	source->time = file->time;
	source->packed = gather->nested > 0;
	return run_reader(gather, &read, file->kind, shown, error);
}

static char *member_name(const struct gather *gather, const char *name)
{
	AUTO_BUFFER shown = {0};
	cw_buffer_printf(&shown, "%s%s%s", gather->inside, *gather->inside && *name ? "/" : "", name);
	return cw_buffer_steal(&shown);
}

static bool on_file(void *context, const struct cw_archive_file *file, struct cw_error *error)
{
	struct gather *gather = context;
	AUTO(free) char *shown = member_name(gather, file->name);
	return shown ? take(gather, shown, file, error) : cw_error_memory(error);
}

static bool on_unused(void *context, const char *name, const char *why, struct cw_error *error)
{
	const struct gather *gather = context;
	AUTO(free) char *shown = member_name(gather, name);
	return shown ? unused(gather, shown, why, error) : cw_error_memory(error);
}

static bool read_nested(
	struct gather *gather, const struct cw_archive_file *file, const char *shown, struct cw_error *error)
{
	struct gather inner = *gather;
	inner.nested++;
	inner.inside = inner.container = shown;
	if (inner.nested > CW_GATHER_NESTED_MAX)
		return unused(gather, shown, "an archive in an archive, more than three deep", error);
	struct cw_archive_reader reader = {&inner, on_file, on_unused};
	return cw_archive_read_memory(file->data, file->length, &reader, error);
}

/* Past its beginning where a kind has a reader. */
static bool read_rest(int fd, size_t limit, struct cw_buffer *data, bool *whole, struct cw_error *error)
{
	char block[64 * 1024];
	for (;;) { /* ends: at the limit at the latest */
		ssize_t got = read(fd, block, sizeof block);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cw_error_set(error, CW_E_IO, "cannot be read: %s", strerror(errno));
		if (got == 0) {
			*whole = true;
			return true;
		}
		if (data->length + (size_t)got > limit) {
			*whole = false;
			return true;
		}
		cw_buffer_append(data, block, (size_t)got);
		if (!cw_buffer_ok(data, error))
			return false;
	}
}

static bool read_head(int fd, struct cw_buffer *data, struct cw_error *error)
{
	char block[16 * 1024];
	while (data->length < CW_SNIFF_HEAD) { /* ends: each turn adds bytes, or was interrupted */
		ssize_t got = read(fd, block, sizeof block);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cw_error_set(error, CW_E_IO, "cannot be read: %s", strerror(errno));
		if (got == 0)
			break;
		cw_buffer_append(data, block, (size_t)got);
	}
	return cw_buffer_ok(data, error);
}

static bool take_descriptor(
	struct gather *gather, int fd, const char *path, const char *shown, struct cw_error *error)
{
	AUTO_BUFFER data = {0};
	struct stat status = {0};
	if (!read_head(fd, &data, error))
		return false;
	struct cw_archive_file file = {.name = shown,
		.kind = cw_sniff_kind(cw_buffer_string(&data), data.length),
		.time = fstat(fd, &status) == 0 ? status.st_mtime : 0};
	if (file.kind == CW_SNIFF_ARCHIVE && path) {
		struct gather inner = *gather;
		inner.nested++;
		inner.inside = inner.container = shown;
		struct cw_archive_reader reader = {&inner, on_file, on_unused};
		return cw_archive_read(path, &reader, error);
	}
	size_t limit = path ? cw_archive_limit(file.kind) : INPUT_MAX;
	if (limit && !read_rest(fd, limit, &data, &file.whole, error))
		return false;
	if (limit && !file.whole)
		return unused(gather, shown, "larger than any file of its kind; not read", error);
	file.data = cw_buffer_string(&data);
	file.length = data.length;
	return take(gather, shown, &file, error);
}

static bool take_path(struct gather *gather, const char *path, const char *shown, struct cw_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return cw_error_set(error, CW_E_IO, "%s: cannot be opened: %s", shown, strerror(errno));
	bool done = take_descriptor(gather, fd, path, shown, error);
	close(fd);
	return done ? true : cw_error_prefix(error, "%s", shown);
}

static bool take_folder(
	struct gather *gather, const char *path, const char *shown, unsigned depth, struct cw_error *error);

/* A file of a folder. A link may lead anywhere; what else is no file might wait for ever. */
static bool take_entry(
	struct gather *gather, const char *path, const char *shown, unsigned depth, struct cw_error *error)
{
	struct stat status;
	struct cw_error trouble;
	if (lstat(path, &status) != 0)
		return unused(gather, shown, strerror(errno), error);
	if (S_ISLNK(status.st_mode))
		return unused(gather, shown, "a symbolic link; links in folders are not followed", error);
	bool folder = S_ISDIR(status.st_mode);
	if (!folder && !S_ISREG(status.st_mode))
		return unused(gather, shown, "no regular file", error);
	if (folder ? take_folder(gather, path, shown, depth + 1, &trouble)
		   : take_path(gather, path, shown, &trouble))
		return true;
	if (trouble.code != CW_E_IO) {
		*error = trouble;
		return false;
	}
	return unused(gather, shown, without_name(trouble.message, shown), error);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_folder(DIR *folder, struct cw_strings *ret, struct cw_error *error)
{
	for (struct dirent *entry; (entry = readdir(folder));)
		if (entry->d_name[0] != '.' && ret->count < FOLDER_FILES_MAX &&
			!cw_strings_add(ret, entry->d_name))
			return cw_error_memory(error);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, compare_names);
	return true;
}

static bool take_listed(struct gather *gather, const char *path, const char *shown,
	const struct cw_strings *names, unsigned depth, struct cw_error *error)
{
	for (size_t i = 0; i < names->count; i++) {
		AUTO(free) char *inner = cw_file_path(path, names->items[i]);
		AUTO(free) char *escaped = cw_escape_copy(names->items[i], strlen(names->items[i]));
		AUTO(free) char *inner_shown = escaped ? cw_file_path(shown, escaped) : NULL;
		if (!inner || !inner_shown)
			return cw_error_memory(error);
		if (!take_entry(gather, inner, inner_shown, depth, error))
			return false;
	}
	return true;
}

static bool take_folder(
	struct gather *gather, const char *path, const char *shown, unsigned depth, struct cw_error *error)
{
	if (depth > CW_GATHER_FOLDER_DEPTH_MAX)
		return unused(gather, shown, "more than 16 folders deep", error);
	DIR *folder = opendir(path);
	if (!folder)
		return cw_error_set(error, CW_E_IO, "%s: cannot be opened: %s", shown, strerror(errno));
	AUTO_STRINGS names = {0};
	bool done = list_folder(folder, &names, error);
	closedir(folder);
	if (done && depth > 1 && cw_strings_contain(&names, "deployment.yaml") &&
		cw_strings_contain(&names, "import.json"))
		return unused(gather, shown,
			"an import wrote this folder, and it is no source of the next one; name it by itself to read it",
			error);
	if (done && !names.count)
		return unused(gather, shown, "a folder with no file in it", error);
	return done && take_listed(gather, path, shown, &names, depth, error);
}

/* "exports/" and "exports" are one folder; "a/" in front of a file would be no folder of its own. */
static char *shown_path(const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	return cw_escape_copy(path, length);
}

bool cw_gather_source(struct cw_evidence *evidence, const char *path, cw_gather_progress progress, void *user,
	struct cw_error *error)
{
	struct stat status;
	AUTO(free) char *shown = shown_path(path);
	if (!shown)
		return cw_error_memory(error);
	struct gather gather = {
		.evidence = evidence, .container = shown, .inside = "", .progress = progress, .user = user};
	if (strcmp(path, "-") == 0)
		return take_descriptor(&gather, STDIN_FILENO, NULL, shown, error);
	if (stat(path, &status) != 0)
		return cw_unopened_error(error, path);
	if (S_ISDIR(status.st_mode))
		return take_folder(&gather, path, shown, 1, error);
	return take_path(&gather, path, shown, error);
}

bool cw_gather_bytes(struct cw_evidence *evidence, const char *shown, const char *data, size_t length,
	struct cw_error *error)
{
	struct gather gather = {.evidence = evidence, .container = shown, .inside = ""};
	struct cw_archive_file file = {.name = shown,
		.kind = cw_sniff_kind(data, length),
		.data = data,
		.length = length,
		.whole = true};
	return take(&gather, shown, &file, error);
}
