#include "base/draft.h"
#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_file_is_written_with_its_mode_and_read_back(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	struct stat status;
	const char *path = test_folder_path("a");
	assert_true(cw_file_write(path, "x\0y", 3, 0640, &error));
	assert_true(cw_file_read(path, 3, &got, &error));
	assert_int_equal(got.length, 3);
	assert_memory_equal(got.data, "x\0y", 4);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
}

static void what_is_empty_is_written_as_an_empty_file(void **state)
{
	(void)state;
	struct cw_error error;
	struct stat status;
	assert_true(cw_file_write(test_folder_path("nothing"), NULL, 0, 0644, &error));
	assert_int_equal(stat(test_folder_path("nothing"), &status), 0);
	assert_int_equal(status.st_size, 0);
}

static void an_empty_file_reads_as_empty_text(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	assert_true(cw_file_read(test_folder_write("empty", "", 0), 10, &got, &error));
	assert_int_equal(got.length, 0);
	assert_string_equal(got.data, "");
}

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	const char *fifo = test_folder_path("fifo");
	const struct {
		const char *path;
		enum cw_error_code want_code;
		const char *want;
	} rows[] = {
		{"/nonexistent", CW_E_IO,
			"/nonexistent: cannot open: No such file or directory; nothing in that folder has a name "
			"like it"},
		{"/nonexistent/x", CW_E_IO,
			"/nonexistent/x: cannot open: No such file or directory; the folder that it should be in is "
			"not there either"},
		{"/dev/zreo", CW_E_IO,
			"/dev/zreo: cannot open: No such file or directory; did you mean \"zero\"?"},
		{"/dev", CW_E_IO, "/dev: is a folder; wanted a file"},
		{"/dev/zero", CW_E_IO,
			"/dev/zero: is a pipe, a device or a socket; wanted a file (\"-\" is standard input)"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_error error;
		struct cw_buffer untouched = {0};
		assert_false(cw_file_read(rows[i].path, 10, &untouched, &error));
		assert_int_equal(error.code, rows[i].want_code);
		assert_string_equal(error.message, rows[i].want);
		assert_null(untouched.data);
	}
	AUTO_BUFFER got = {0};
	struct cw_error error;
	assert_int_equal(mkfifo(fifo, 0600), 0); /* nobody writes: refused at once, no hanging */
	assert_false(cw_file_read(fifo, 10, &got, &error));
	assert_non_null(strstr(error.message, "is a pipe, a device or a socket"));
}

static void one_byte_over_the_limit_is_refused(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	const char *path = test_folder_write("long", "12345", 5);
	assert_false(cw_file_read(path, 4, &got, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_non_null(strstr(error.message, "longer than 4 bytes"));
	assert_true(cw_file_read(path, 5, &got, &error));
}

static int count_files(const char *path)
{
	DIR *folder = opendir(path);
	int count = 0;
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

static void a_write_replaces_whole_files_and_leaves_nothing_beside(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	const char *path = test_folder_write("box/state", "old", 3);
	int reader = open(path, O_RDONLY | O_CLOEXEC); /* who reads the old file keeps the old file */
	assert_true(cw_file_write(path, "new text", 8, 0600, &error));
	char old[4] = "";
	assert_int_equal(read(reader, old, 3), 3);
	close(reader);
	assert_string_equal(old, "old");
	assert_true(cw_file_read(path, 100, &got, &error));
	assert_string_equal(got.data, "new text");
	assert_int_equal(count_files(test_folder_path("box")), 1);
}

static void a_write_that_fails_leaves_nothing_behind(void **state)
{
	(void)state;
	struct cw_error error;
	test_folder_write("taken/inside", "x", 1);
	const char *path = test_folder_path("taken"); /* a folder: rename onto it fails */
	int before = count_files(test_folder_path("."));
	assert_false(cw_file_write(path, "x", 1, 0600, &error));
	assert_int_equal(error.code, CW_E_IO);
	assert_int_equal(count_files(test_folder_path(".")), before);
	assert_false(cw_file_write(test_folder_path("nowhere/x"), "x", 1, 0600, &error));
	assert_non_null(strstr(error.message, "nowhere/x: cannot write: No such file or directory"));
}

static void a_draft_counts_only_once_it_is_committed(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	const char *path = test_folder_write("drafts/answer", "old", 3);
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	struct cw_draft *dropped;
	assert_true(cw_draft_open(path, &dropped, &error));
	fputs("half an ans", cw_draft_stream(dropped));
	cw_draft_free(dropped);
	assert_int_equal(count_files(test_folder_path("drafts")), 1);
	assert_true(cw_draft_open(path, &draft, &error));
	fputs("new", cw_draft_stream(draft));
	assert_true(cw_file_read(path, 100, &got, &error));
	assert_string_equal(got.data, "old");
	assert_true(cw_draft_commit(draft, 0644, &error));
	cw_buffer_finish(&got);
	assert_true(cw_file_read(path, 100, &got, &error));
	assert_string_equal(got.data, "new");
	assert_int_equal(count_files(test_folder_path("drafts")), 1);
}

static void a_new_file_is_created_and_an_old_one_never_touched(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_error error;
	struct stat status;
	const char *path = test_folder_path("new");
	assert_true(cw_file_create(path, "first", 5, 0600, &error));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_false(cw_file_create(path, "second", 6, 0644, &error));
	assert_int_equal(error.code, CW_E_IO);
	assert_non_null(strstr(error.message, "new: cannot write: File exists"));
	assert_true(cw_file_read(path, 10, &got, &error));
	assert_string_equal(got.data, "first");
}

static void folders_are_made_with_their_parents(void **state)
{
	(void)state;
	struct cw_error error;
	assert_true(cw_file_make_folder(test_folder_path("p/q/r"), &error));
	assert_true(cw_file_make_folder(test_folder_path("p/q/r"), &error));
	test_folder_write("file", "x", 1);
	assert_false(cw_file_make_folder(test_folder_path("file"), &error));
	assert_non_null(strstr(error.message, "file: exists and is no folder"));
	assert_false(cw_file_make_folder(test_folder_path("file/below"), &error));
}

static void paths_are_joined_and_taken_apart(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *path, *want_joined, *want_folder;
	} rows[] = {
		{"a", "b.pem", "a/b.pem", ""},
		{"a/", "b/c.pem", "a/b/c.pem", "b"},
		{"", "b", "b", ""},
		{"a", "/b", "/b", "/"},
		{"/", "b/c/d", "/b/c/d", "b/c"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(free) char *joined = cw_file_path(rows[i].folder, rows[i].path);
		AUTO(free) char *folder = cw_file_folder(rows[i].path);
		assert_string_equal(joined, rows[i].want_joined);
		assert_string_equal(folder, rows[i].want_folder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_written_with_its_mode_and_read_back),
		cmocka_unit_test(an_empty_file_reads_as_empty_text),
		cmocka_unit_test(what_is_empty_is_written_as_an_empty_file),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(one_byte_over_the_limit_is_refused),
		cmocka_unit_test(a_write_replaces_whole_files_and_leaves_nothing_beside),
		cmocka_unit_test(a_write_that_fails_leaves_nothing_behind),
		cmocka_unit_test(a_draft_counts_only_once_it_is_committed),
		cmocka_unit_test(a_new_file_is_created_and_an_old_one_never_touched),
		cmocka_unit_test(folders_are_made_with_their_parents),
		cmocka_unit_test(paths_are_joined_and_taken_apart),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
