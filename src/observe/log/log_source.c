#include "observe/log/log_source.h"

#include "base/file.h"
#include "base/unopened.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE 512
#define BLOCK_SIZE ((size_t)64 * 1024)
#define FOLDER_FILES_MAX 100000

static void close_file(int *file)
{
	if (*file > STDIN_FILENO)
		close(*file);
}

/* Where bytes come from: a descriptor, memory, or the entry of an archive. */
struct bytes {
	int file; /* -1: none */
	struct archive *entry;
	const char *memory;
	size_t memory_left;
	char head[HEAD_SIZE]; /* read to see what it is, handed out first */
	size_t head_length, head_used;
	uint64_t read;
	const char *trouble; /* why no more comes, or NULL; lives until the next call to libarchive */
};

struct job {
	struct cw_log_scan *scan;
	struct cw_strings *troubles;
	uint64_t packed, unpacked; /* of the file at hand */
	size_t entries;
	bool over; /* a limit was reached: no more of this file */
	struct cw_error *error;
};

static size_t read_raw(struct bytes *bytes, char *room, size_t size)
{
	if (bytes->memory) {
		size_t length = size < bytes->memory_left ? size : bytes->memory_left;
		if (length)
			memcpy(room, bytes->memory, length);
		bytes->memory += length;
		bytes->memory_left -= length;
		return length;
	}
	for (;;) { /* ends: only an interrupted read comes back here */
		ssize_t length = bytes->entry ? archive_read_data(bytes->entry, room, size)
					      : read(bytes->file, room, size);
		if (length >= 0)
			return (size_t)length;
		if (bytes->entry ? length == ARCHIVE_RETRY : errno == EINTR)
			continue;
		bytes->trouble = bytes->entry ? archive_error_string(bytes->entry) : strerror(errno);
		if (!bytes->trouble)
			bytes->trouble = "damaged";
		return 0;
	}
}

/* 0: the end, or a trouble. */
static size_t read_bytes(struct bytes *bytes, char *room, size_t size)
{
	size_t length = bytes->head_length - bytes->head_used;
	if (length) {
		length = length < size ? length : size;
		memcpy(room, bytes->head + bytes->head_used, length);
		bytes->head_used += length;
		return length;
	}
	length = read_raw(bytes, room, size);
	bytes->read += length;
	return length;
}

static void read_head(struct bytes *bytes)
{
	size_t length;
	while (bytes->head_length < HEAD_SIZE &&
		(length = read_raw(bytes, bytes->head + bytes->head_length, HEAD_SIZE - bytes->head_length)) >
			0)
		bytes->head_length += length;
	bytes->read = bytes->head_length;
}

static bool begins(const struct bytes *bytes, const char *magic, size_t length)
{
	return bytes->head_length >= length && memcmp(bytes->head, magic, length) == 0;
}

static bool is_packed(const struct bytes *bytes)
{
	return begins(bytes, "\x1f\x8b", 2) || begins(bytes, "PK\3\4", 4) || begins(bytes, "PK\5\6", 4) ||
		begins(bytes, "BZh", 3) ||
		begins(bytes,
			"\xfd"
			"7zXZ",
			5) ||
		begins(bytes, "\x28\xb5\x2f\xfd", 4) ||
		(bytes->head_length >= 262 && memcmp(bytes->head + 257, "ustar", 5) == 0);
}

static bool is_capture(const struct bytes *bytes)
{
	return begins(bytes, "\xd4\xc3\xb2\xa1", 4) || begins(bytes, "\xa1\xb2\xc3\xd4", 4) ||
		begins(bytes, "\x4d\x3c\xb2\xa1", 4) || begins(bytes, "\xa1\xb2\x3c\x4d", 4) ||
		begins(bytes, "\x0a\x0d\x0d\x0a", 4);
}

static bool tell(struct job *job, const char *name, const char *what)
{
	return cw_strings_addf(job->troubles, "%s: %s", name, what) || cw_error_memory(job->error);
}

static bool within_limits(struct job *job, const char *name, bool *ret_within)
{
	*ret_within = job->unpacked <= CW_LOG_UNPACKED_MAX &&
		(job->unpacked <= CW_LOG_UNPACKED_FREE || job->unpacked / CW_LOG_RATIO_MAX <= job->packed);
	if (*ret_within)
		return true;
	job->over = true;
	return tell(job, name, "unpacks to far more than any log does; the rest was not read");
}

static bool read_plain(struct job *job, struct bytes *bytes, const char *name, unsigned depth)
{
	bool within = true;
	size_t size, length;
	if (!cw_log_scan_begin(job->scan, name, job->error))
		return false;
	while (within) { /* ends: each turn reads bytes, within limits */
		char *room = cw_log_scan_room(job->scan, &size);
		if (!(length = read_bytes(bytes, room, size)))
			break;
		if (!cw_log_scan_took(job->scan, length, job->error))
			return false;
		job->unpacked += length;
		if (depth && !within_limits(job, name, &within))
			return false;
	}
	if (bytes->trouble && !tell(job, name, bytes->trouble))
		return false;
	return cw_log_scan_end(job->scan, job->error);
}

/* A capture is read as a whole: boxes make them of at most 20 MB. */
static bool read_capture(struct job *job, struct bytes *bytes, const char *name)
{
	AUTO(free) char *block = malloc(BLOCK_SIZE);
	AUTO_BUFFER data = {0};
	size_t length;
	if (!block)
		return cw_error_memory(job->error);
	/* ends: at the limit at the latest */
	while ((length = read_bytes(bytes, block, BLOCK_SIZE)) > 0) {
		if (data.length + length > CW_LOG_CAPTURE_MAX)
			return tell(job, name,
				"is too long a capture to be looked at here; `causeway capture` reads it");
		cw_buffer_append(&data, block, length);
		job->unpacked += length;
	}
	if (bytes->trouble && !tell(job, name, bytes->trouble))
		return false;
	return cw_buffer_ok(&data, job->error) &&
		cw_log_scan_capture(job->scan, name, data.data, data.length, job->error);
}

/* Bytes for libarchive, out of a struct bytes. */
struct feed {
	struct job *job;
	struct bytes *from;
	unsigned depth;
	char block[BLOCK_SIZE];
};

static la_ssize_t feed_read(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	size_t length = read_bytes(feed->from, feed->block, sizeof feed->block);
	if (!length && feed->from->trouble) {
		archive_set_error(archive, EIO, "%s", feed->from->trouble);
		return ARCHIVE_FATAL;
	}
	if (feed->depth == 0)
		feed->job->packed += length;
	*ret = feed->block;
	return (la_ssize_t)length;
}

static void free_archive(struct archive *archive)
{
	if (archive)
		archive_read_free(archive);
}
CW_DEFINE_AUTO(struct archive *, free_archive)

static struct archive *open_archive(struct feed *feed)
{
	struct archive *archive = archive_read_new();
	if (!archive)
		return NULL;
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_zip_streamable(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
	archive_read_open(archive, feed, NULL, feed_read, NULL);
	return archive;
}

static bool read_stream(struct job *job, struct bytes *bytes, const char *name, unsigned depth);

static bool read_entry(struct job *job, struct archive *archive, struct archive_entry *entry,
	const char *name, unsigned depth)
{
	const char *path = archive_entry_pathname(entry);
	struct bytes bytes = {.file = -1, .entry = archive};
	AUTO_BUFFER full = {0};
	cw_buffer_text(&full, name);
	if (archive_format(archive) != ARCHIVE_FORMAT_RAW)
		cw_buffer_printf(&full, ": %s", path ? path : "(a name that cannot be read)");
	if (!cw_buffer_ok(&full, job->error))
		return false;
	return read_stream(job, &bytes, cw_buffer_string(&full), depth + 1);
}

static bool next_entry(struct archive *archive, struct archive_entry **ret)
{
	int status;
	do
		status = archive_read_next_header(archive, ret);
	while (status == ARCHIVE_RETRY);
	return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

static bool read_archive(struct job *job, struct bytes *bytes, const char *name, unsigned depth)
{
	AUTO(free) struct feed *feed = malloc(sizeof *feed);
	if (!feed)
		return cw_error_memory(job->error);
	feed->job = job;
	feed->from = bytes;
	feed->depth = depth;
	AUTO(free_archive) struct archive *archive = open_archive(feed);
	struct archive_entry *entry;
	if (!archive)
		return cw_error_memory(job->error);
	while (!job->over && next_entry(archive, &entry)) { /* ends: at so many entries */
		if (++job->entries > CW_LOG_ENTRIES_MAX) {
			job->over = true;
			return tell(job, name, "has more than 100000 entries; the rest was not read");
		}
		bool file = archive_entry_filetype(entry) == AE_IFREG ||
			archive_format(archive) == ARCHIVE_FORMAT_RAW;
		if (file && !archive_entry_hardlink(entry) && !read_entry(job, archive, entry, name, depth))
			return false;
	}
	const char *trouble = archive_errno(archive) ? archive_error_string(archive) : NULL;
	return !trouble || job->over || tell(job, name, trouble);
}

static bool read_stream(struct job *job, struct bytes *bytes, const char *name, unsigned depth)
{
	read_head(bytes);
	if (is_capture(bytes))
		return read_capture(job, bytes, name);
	if (is_packed(bytes) && depth < CW_LOG_NESTING_MAX)
		return read_archive(job, bytes, name, depth);
	return read_plain(job, bytes, name, depth);
}

static bool read_path(struct job *job, const char *path, unsigned depth);

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void close_folder(DIR *folder)
{
	if (folder)
		closedir(folder);
}
CW_DEFINE_AUTO(DIR *, close_folder)

static bool read_folder(struct job *job, const char *path, unsigned depth)
{
	AUTO(close_folder) DIR *folder = opendir(path);
	AUTO_STRINGS names = {0};
	struct dirent *entry;
	if (!folder)
		return cw_unopened_error(job->error, path);
	while ((entry = readdir(folder))) { /* ends: with the folder */
		bool dots = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
		if (dots || entry->d_type == DT_LNK)
			continue;
		if (names.count == FOLDER_FILES_MAX)
			return tell(job, path, "has more than 100000 files; none of them was read");
		if (!cw_strings_add(&names, entry->d_name))
			return cw_error_memory(job->error);
	}
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_name);
	for (size_t i = 0; i < names.count; i++) {
		AUTO(free) char *below = cw_file_path(path, names.items[i]);
		if (!below)
			return cw_error_memory(job->error);
		if (!read_path(job, below, depth + 1))
			return false;
	}
	return true;
}

static bool read_path(struct job *job, const char *path, unsigned depth)
{
	struct stat status;
	bool input = strcmp(path, "-") == 0 && depth == 0;
	/* What lies in a folder may be a pipe; what was named is waited for. */
	int flags = depth ? O_NONBLOCK : 0;
	__attribute__((cleanup(close_file))) int file =
		input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | flags);
	if (file < 0 || fstat(file, &status) != 0)
		return cw_unopened_error(job->error, path);
	if (S_ISDIR(status.st_mode) && depth >= CW_LOG_FOLDER_DEPTH_MAX)
		return tell(job, path, "lies too deep; it was not read");
	if (S_ISDIR(status.st_mode))
		return read_folder(job, path, depth);
	if (depth && !S_ISREG(status.st_mode))
		return true;
	struct bytes bytes = {.file = file};
	job->packed = job->unpacked = 0;
	job->entries = 0;
	job->over = false;
	return read_stream(job, &bytes, input ? "(standard input)" : path, 0);
}

bool cw_log_source_read(
	struct cw_log_scan *scan, const char *path, struct cw_strings *troubles, struct cw_error *error)
{
	struct job job = {.scan = scan, .troubles = troubles, .error = error};
	return read_path(&job, path, 0);
}

bool cw_log_source_bytes(struct cw_log_scan *scan, const char *name, const void *data, size_t length,
	struct cw_strings *troubles, struct cw_error *error)
{
	struct job job = {.scan = scan, .troubles = troubles, .error = error};
	struct bytes bytes = {.file = -1, .memory = length ? data : "", .memory_left = length};
	return read_stream(&job, &bytes, name, 0);
}
