#include "import/source/archive.h"

#include "base/forward.h"

#include "base/buffer.h"
#include "base/escape.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define BLOCK ((size_t)128 * 1024)

static void free_archive(struct archive *archive)
{
	if (archive)
		archive_read_free(archive);
}
CW_DEFINE_AUTO(struct archive *, free_archive)

struct walk {
	struct archive *archive;
	const struct cw_archive_reader *reader;
	struct cw_error *error;
	size_t entries;
	long long unpacked; /* of files read; tar's own sum stands in the filter */
	struct cw_buffer data;
	char *name; /* of the entry, to be shown */
};

/* Fails softly: `stop` is for the archive as a whole, told to the reader. */
enum step { STEP_NEXT, STEP_STOP, STEP_FAIL };

size_t cw_archive_limit(enum cw_sniff_kind kind)
{
	switch (kind) {
	case CW_SNIFF_ARCHIVE:
	case CW_SNIFF_CAPTURE:
		return (size_t)64 * 1024 * 1024;
	case CW_SNIFF_XCONFIGURATION:
	case CW_SNIFF_XSTATUS:
	case CW_SNIFF_XML:
	case CW_SNIFF_JSON:
	case CW_SNIFF_SESSION:
	case CW_SNIFF_SHOWCERTS:
	case CW_SNIFF_CERTIFICATES:
		return (size_t)32 * 1024 * 1024;
	case CW_SNIFF_SIGNED_LIST: /* lengths in it have 16 bits; the largest seen are 30 kB */
		return (size_t)4 * 1024 * 1024;
	case CW_SNIFF_UNKNOWN:
	case CW_SNIFF_EMPTY:
	case CW_SNIFF_LOG:
	case CW_SNIFF_ENCRYPTED_BACKUP:
		return 0;
	}
	return 0;
}

static enum step tell(struct walk *walk, const char *why, enum step then)
{
	if (!walk->reader->unused(walk->reader->context, walk->name ? walk->name : "", why, walk->error))
		return STEP_FAIL;
	return then;
}

static enum step no_memory(struct walk *walk)
{
	cw_error_memory(walk->error);
	return STEP_FAIL;
}

/* What libarchive says, made safe to show. */
static enum step tell_trouble(struct walk *walk, const char *what, enum step then)
{
	AUTO_BUFFER text = {0};
	const char *said = archive_error_string(walk->archive);
	if (!said)
		said = "no reason given";
	cw_buffer_printf(&text, "%s: ", what);
	cw_escape(&text, said, strlen(said), "");
	if (text.failed)
		return no_memory(walk);
	return tell(walk, cw_buffer_string(&text), then);
}

/* "./a//b" becomes "a/b"; what is left of it is only shown. */
static bool set_name(struct walk *walk, struct archive_entry *entry)
{
	const char *raw = archive_entry_pathname(entry);
	if (!raw)
		raw = archive_entry_pathname_utf8(entry);
	AUTO_BUFFER name = {0};
	size_t unread = CW_FORWARD_BEGIN;
	for (const char *at = raw ? raw : "(a name that cannot be read)";
		*at && cw_forward(&unread, strlen(at));) {
		size_t length = strcspn(at, "/");
		if (length && !(length == 1 && *at == '.')) {
			cw_buffer_text(&name, name.length ? "/" : "");
			cw_escape(&name, at, length < CW_ARCHIVE_NAME_MAX ? length : CW_ARCHIVE_NAME_MAX, "");
		}
		at += length + (at[length] == '/');
		if (name.length > CW_ARCHIVE_NAME_MAX)
			break;
	}
	cw_buffer_text(&name, "");
	free(walk->name);
	walk->name = cw_buffer_steal(&name);
	return walk->name != NULL;
}

static size_t depth_of(const char *name)
{
	size_t depth = 0;
	for (; *name; name++)
		depth += *name == '/';
	return depth;
}

/* NULL: a file to be read. "": a folder, of which nothing is told. */
static const char *entry_trouble(const struct walk *walk, struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_symlink(entry))
		return "a link; links in archives are not followed";
	if (archive_entry_filetype(entry) == AE_IFDIR)
		return "";
	if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0)
		return "no regular file";
	if (archive_entry_is_encrypted(entry))
		return "encrypted; unpack it with its password and import the folder";
	if (strlen(walk->name) >= CW_ARCHIVE_NAME_MAX)
		return "a name of 1024 characters or more";
	if (depth_of(walk->name) > CW_ARCHIVE_DEPTH_MAX)
		return "more than 32 folders deep";
	return NULL;
}

/* Bytes in and out of the whole archive so far: a bomb is known by them, whatever its headers say. */
static bool is_bomb(const struct walk *walk)
{
	long long packed = archive_filter_bytes(walk->archive, -1);
	long long unpacked = archive_filter_bytes(walk->archive, 0);
	if (unpacked < walk->unpacked)
		unpacked = walk->unpacked;
	return unpacked > CW_ARCHIVE_BYTES_MAX ||
		(unpacked > CW_ARCHIVE_RATIO_FROM && packed > 0 && unpacked / packed > CW_ARCHIVE_RATIO_MAX);
}

static enum step tell_bomb(struct walk *walk)
{
	return tell(walk,
		"the archive unpacks to far more than a diagnostic archive holds (over 1:300 or 8 GB); "
		"the rest of it is not read",
		STEP_STOP);
}

/* Reads on until there are `wanted` bytes or the file ends (`*ended`). */
static enum step read_until(struct walk *walk, size_t wanted, bool *ended)
{
	*ended = false;
	while (walk->data.length < wanted) { /* ends: each turn adds bytes, or returns */
		char block[BLOCK];
		size_t room = wanted - walk->data.length;
		la_ssize_t got = archive_read_data(walk->archive, block, room < BLOCK ? room : BLOCK);
		if (got < 0)
			return tell_trouble(
				walk, "cannot be read", got == ARCHIVE_FATAL ? STEP_STOP : STEP_NEXT);
		if (got == 0) {
			*ended = true;
			return STEP_NEXT;
		}
		cw_buffer_append(&walk->data, block, (size_t)got);
		walk->unpacked += got;
		if (walk->data.failed)
			return no_memory(walk);
		if (is_bomb(walk))
			return tell_bomb(walk);
	}
	return STEP_NEXT;
}

/* Past the rest of a file, looking out for bombs: libarchive's own skipping does not. */
static enum step skip_rest(struct walk *walk)
{
	for (;;) { /* ends: libarchive goes on in the file at each turn, and a bomb is given up */
		const void *block;
		size_t length;
		la_int64_t offset;
		int status = archive_read_data_block(walk->archive, &block, &length, &offset);
		if (status == ARCHIVE_EOF)
			return STEP_NEXT;
		if (status == ARCHIVE_FATAL)
			return tell_trouble(walk, "cannot be read to its end", STEP_STOP);
		if (status < ARCHIVE_WARN)
			return STEP_NEXT;
		walk->unpacked += (long long)length;
		if (is_bomb(walk))
			return tell_bomb(walk);
	}
}

static enum step hand_on(struct walk *walk, struct archive_entry *entry, enum cw_sniff_kind kind, bool whole)
{
	struct cw_archive_file file = {
		.name = walk->name,
		.time = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0,
		.kind = kind,
		.data = cw_buffer_string(&walk->data),
		.length = walk->data.length,
		.whole = whole,
	};
	return walk->reader->file(walk->reader->context, &file, walk->error) ? STEP_NEXT : STEP_FAIL;
}

static enum step read_file(struct walk *walk, struct archive_entry *entry)
{
	bool ended;
	walk->data.length = 0;
	enum step step = read_until(walk, CW_SNIFF_HEAD, &ended);
	if (step != STEP_NEXT || (!ended && walk->data.length < CW_SNIFF_HEAD))
		return step; /* told */
	enum cw_sniff_kind kind = cw_sniff_kind(cw_buffer_string(&walk->data), walk->data.length);
	size_t limit = cw_archive_limit(kind);
	if (!ended && limit) {
		step = read_until(walk, limit + 1, &ended);
		if (step != STEP_NEXT)
			return step;
		if (!ended && walk->data.length <= limit)
			return STEP_NEXT; /* told */
		if (!ended) {
			step = tell(walk, "larger than any file of its kind; not read", STEP_NEXT);
			return step == STEP_NEXT ? skip_rest(walk) : step;
		}
	}
	step = hand_on(walk, entry, kind, ended);
	return step == STEP_NEXT && !ended ? skip_rest(walk) : step;
}

static enum step read_entry(struct walk *walk, struct archive_entry *entry)
{
	if (++walk->entries > CW_ARCHIVE_ENTRIES_MAX)
		return tell(
			walk, "more than 20000 files in one archive; the rest of it is not read", STEP_STOP);
	if (!set_name(walk, entry))
		return no_memory(walk);
	const char *trouble = entry_trouble(walk, entry);
	if (!trouble)
		return read_file(walk, entry);
	if (!*trouble)
		return STEP_NEXT;
	enum step step = tell(walk, trouble, STEP_NEXT);
	return step == STEP_NEXT && !archive_entry_is_encrypted(entry) ? skip_rest(walk) : step;
}

static bool read_entries(struct walk *walk)
{
	for (enum step step = STEP_NEXT; step == STEP_NEXT;) { /* ends: each turn is at the next entry */
		struct archive_entry *entry;
		int status = archive_read_next_header(walk->archive, &entry);
		if (status == ARCHIVE_EOF)
			return true;
		if (status < ARCHIVE_WARN) {
			free(TAKE(walk->name));
			return tell_trouble(walk, "damaged or cut off; what stood before is used",
				       STEP_STOP) != STEP_FAIL;
		}
		step = read_entry(walk, entry);
		if (step == STEP_FAIL)
			return false;
	}
	return true;
}

static struct archive *make_archive(void)
{
	struct archive *archive = archive_read_new();
	if (!archive)
		return NULL;
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_zip(archive);
	archive_read_support_format_7zip(archive);
	archive_read_support_format_raw(archive); /* one packed file */
	return archive;
}

static bool run(struct archive *archive, const struct cw_archive_reader *reader, struct cw_error *error)
{
	struct walk walk = {.archive = archive, .reader = reader, .error = error};
	bool done = read_entries(&walk);
	cw_buffer_finish(&walk.data);
	free(walk.name);
	return done;
}

/* A file that is no archive after all: told like everything that is wrong inside. */
static bool tell_unopened(
	struct archive *archive, const struct cw_archive_reader *reader, struct cw_error *error)
{
	struct walk walk = {.archive = archive, .reader = reader, .error = error};
	return tell_trouble(&walk, "cannot be opened as an archive", STEP_STOP) != STEP_FAIL;
}

bool cw_archive_read(const char *path, const struct cw_archive_reader *reader, struct cw_error *error)
{
	AUTO(free_archive) struct archive *archive = make_archive();
	if (!archive)
		return cw_error_memory(error);
	if (archive_read_open_filename(archive, path, BLOCK) != ARCHIVE_OK)
		return tell_unopened(archive, reader, error);
	return run(archive, reader, error);
}

bool cw_archive_read_memory(
	const void *data, size_t length, const struct cw_archive_reader *reader, struct cw_error *error)
{
	AUTO(free_archive) struct archive *archive = make_archive();
	if (!archive)
		return cw_error_memory(error);
	if (archive_read_open_memory(archive, data, length) != ARCHIVE_OK)
		return tell_unopened(archive, reader, error);
	return run(archive, reader, error);
}
