/* Logs out of files, folders and archives, good and hostile ones. */
#include "observe/log/log_source.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE "expe tvcs: No SSL error available, probably remote disconnect\n"
#define PACKED_MAX ((size_t)4 * 1024 * 1024)

struct member {
	const char *name, *data;
	size_t length;
};

/* An archive of these members; `format` is libarchive's, `filter` too. */
static struct cw_buffer packed(int format, int filter, const struct member *members, size_t count)
{
	struct archive *archive = archive_write_new();
	struct cw_buffer made = {0};
	size_t used = 0;
	char *room = malloc(PACKED_MAX);
	assert_non_null(room);
	assert_int_equal(archive_write_set_format(archive, format), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open_memory(archive, room, PACKED_MAX, &used), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *entry = archive_entry_new();
		archive_entry_set_pathname(entry, members[i].name);
		archive_entry_set_filetype(entry, members[i].data ? AE_IFREG : AE_IFLNK);
		archive_entry_set_perm(entry, 0644);
		if (members[i].data)
			archive_entry_set_size(entry, (la_int64_t)members[i].length);
		else
			archive_entry_set_symlink(entry, "/etc/passwd");
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		if (members[i].data)
			assert_int_equal(archive_write_data(archive, members[i].data, members[i].length),
				(la_ssize_t)members[i].length);
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
	cw_buffer_append(&made, room, used);
	free(room);
	return made;
}

struct answer {
	struct cw_log_scan *scan;
	struct cw_log_result result;
	struct cw_strings troubles;
};

static void answer_finish(struct answer *answer)
{
	cw_log_scan_free(answer->scan);
	cw_strings_finish(&answer->troubles);
}
#define AUTO_ANSWER __attribute__((cleanup(answer_finish))) struct answer

static void read_path(struct answer *answer, const char *path)
{
	struct cw_error error;
	assert_true(cw_log_scan_new(&answer->scan, &error));
	assert_true(cw_log_source_read(answer->scan, path, &answer->troubles, &error));
	cw_log_scan_result(answer->scan, &answer->result);
}

static void read_bytes(struct answer *answer, const void *data, size_t length)
{
	struct cw_error error;
	assert_true(cw_log_scan_new(&answer->scan, &error));
	assert_true(cw_log_source_bytes(answer->scan, "x", data, length, &answer->troubles, &error));
	cw_log_scan_result(answer->scan, &answer->result);
}

static const char *place(const struct answer *answer)
{
	return answer->result.streams->items[answer->result.incidents[0].places[0].file];
}

static void archives_of_every_kind_are_read(void **state)
{
	(void)state;
	static const struct member members[] = {{"d/readme.txt", "hello\n", 6},
		{"d/loggingsnapshot_expe_2026.txt", "first\n" LINE, sizeof("first\n" LINE) - 1},
		{"d/link", NULL, 0}, {"../../outside.txt", "nothing\n", 8}};
	static const struct {
		int format, filter;
		uint64_t want_lines; /* a zip that is read as it comes has links as their text */
	} kinds[] = {{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, 4},
		{ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, 4},
		{ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_XZ, 4},
		{ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_BZIP2, 4},
		{ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, 5}};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		AUTO_BUFFER made = packed(kinds[i].format, kinds[i].filter, members, 4);
		AUTO_ANSWER answer = {0};
		const char *path = test_folder_write("bundle", made.data, made.length);
		read_path(&answer, path);
		assert_int_equal(answer.troubles.count, 0);
		assert_int_equal(answer.result.incident_count, 1);
		assert_int_equal(answer.result.lines, kinds[i].want_lines);
		assert_int_equal(answer.result.incidents[0].places[0].line, 2);
		assert_non_null(strstr(place(&answer), "bundle: d/loggingsnapshot_expe_2026.txt"));
	}
}

static struct cw_buffer gzipped(const char *data, size_t length)
{
	const struct member member = {"data", data, length};
	return packed(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &member, 1);
}

static void packed_logs_are_read_in_archives_too(void **state)
{
	(void)state;
	AUTO_BUFFER inner = gzipped(LINE, sizeof LINE - 1);
	const struct member members[] = {
		{"messages.1.gz", inner.data, inner.length}, {"messages", LINE, sizeof LINE - 1}};
	AUTO_BUFFER made = packed(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, members, 2);
	AUTO_ANSWER alone = {0}, both = {0};
	read_bytes(&alone, inner.data, inner.length);
	assert_int_equal(alone.result.incidents[0].count, 1);
	assert_string_equal(place(&alone), "x");
	read_bytes(&both, made.data, made.length);
	assert_int_equal(both.result.incident_count, 1);
	assert_int_equal(both.result.incidents[0].count, 2);
	assert_string_equal(place(&both), "x: messages.1.gz");
}

static void a_folder_is_its_files_by_name(void **state)
{
	(void)state;
	AUTO_ANSWER answer = {0};
	test_folder_write("set/messages.2", LINE, sizeof LINE - 1);
	test_folder_write("set/messages", LINE, sizeof LINE - 1);
	test_folder_write("set/below/other", LINE, sizeof LINE - 1);
	assert_int_equal(mkfifo(test_folder_path("set/pipe"), 0600), 0);
	assert_int_equal(symlink(test_folder_path("set/messages"), test_folder_path("set/again")), 0);
	read_path(&answer, test_folder_path("set"));
	assert_int_equal(answer.result.incidents[0].count, 3);
	assert_int_equal(answer.result.streams->count, 3);
	assert_non_null(strstr(answer.result.streams->items[0], "set/below/other"));
}

static void damaged_archives_are_read_up_to_the_damage(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, LINE);
	uint32_t seed = 1;
	for (size_t i = 0; i < 400000; i++) {
		seed = seed * 1664525U + 1013904223U;
		cw_buffer_char(&text, (char)(' ' + (seed >> 24) % 90));
	}
	const struct member member = {"log.txt", text.data, text.length};
	AUTO_BUFFER made = packed(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, &member, 1);
	AUTO_ANSWER cut = {0}, none = {0};
	read_bytes(&cut, made.data, made.length / 2);
	assert_int_equal(cut.result.incident_count, 1);
	assert_true(cut.troubles.count >= 1);
	read_bytes(&none, "\x1f\x8b rubbish that is no gzip", 26);
	assert_int_equal(none.result.incident_count, 0);
}

static void a_bomb_is_given_up(void **state)
{
	(void)state;
	size_t size = CW_LOG_UNPACKED_FREE + ((size_t)64 << 20);
	char *blanks = malloc(size);
	assert_non_null(blanks);
	memset(blanks, ' ', size);
	AUTO_BUFFER made = gzipped(blanks, size);
	free(blanks);
	assert_true(made.length < size / CW_LOG_RATIO_MAX);
	AUTO_ANSWER answer = {0};
	read_bytes(&answer, made.data, made.length);
	assert_int_equal(answer.troubles.count, 1);
	assert_non_null(strstr(answer.troubles.items[0], "unpacks to far more"));
	assert_true(answer.result.bytes < size);
}

static struct cw_buffer archived(const char *data, size_t length)
{
	const struct member member = {"inner", data, length};
	return packed(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, &member, 1);
}

static void nesting_ends(void **state)
{
	(void)state;
	AUTO_BUFFER made = {0};
	cw_buffer_text(&made, LINE);
	for (size_t i = 0; i < CW_LOG_NESTING_MAX; i++) {
		AUTO_BUFFER outer = archived(made.data, made.length);
		made.length = 0;
		cw_buffer_append(&made, outer.data, outer.length);
	}
	AUTO_ANSWER deep = {0}, deeper = {0};
	read_bytes(&deep, made.data, made.length);
	assert_int_equal(deep.result.incident_count, 1);
	AUTO_BUFFER outer = archived(made.data, made.length);
	read_bytes(&deeper, outer.data, outer.length);
	assert_int_equal(deeper.result.incident_count, 0);
}

static void captures_and_empty_files_have_no_lines(void **state)
{
	(void)state;
	AUTO_ANSWER capture = {0}, empty = {0};
	read_bytes(&capture, "\xd4\xc3\xb2\xa1" LINE, 4 + sizeof LINE - 1);
	assert_int_equal(capture.result.lines, 0);
	read_bytes(&empty, "", 0);
	assert_int_equal(empty.result.lines, 0);
	assert_int_equal(empty.troubles.count, 0);
}

static void what_is_not_there_is_an_error(void **state)
{
	(void)state;
	AUTO_ANSWER answer = {0};
	struct cw_error error;
	assert_true(cw_log_scan_new(&answer.scan, &error));
	assert_false(cw_log_source_read(answer.scan, test_folder_path("absent"), &answer.troubles, &error));
	assert_int_equal(error.code, CW_E_IO);
	assert_non_null(strstr(error.message, "absent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives_of_every_kind_are_read),
		cmocka_unit_test(packed_logs_are_read_in_archives_too),
		cmocka_unit_test(a_folder_is_its_files_by_name),
		cmocka_unit_test(damaged_archives_are_read_up_to_the_damage),
		cmocka_unit_test(a_bomb_is_given_up),
		cmocka_unit_test(nesting_ends),
		cmocka_unit_test(captures_and_empty_files_have_no_lines),
		cmocka_unit_test(what_is_not_there_is_an_error),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
