/*
 * What replaces a file has its owner, its mode and its links; what is new obeys the umask; a secret that is replaced
 * is overwritten.
 */
#include "base/draft.h"

#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, mode_t mode)
{
	struct cw_error error;
	unlink(path);
	assert_true(cw_file_create(path, "old", 3, 0600, &error));
	assert_int_equal(chmod(path, mode), 0);
}

static struct stat look(const char *path)
{
	struct stat status;
	assert_int_equal(lstat(path, &status), 0);
	return status;
}

static size_t drafts(void)
{
	size_t count = 0;
	DIR *folder = opendir(".");
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += cw_draft_is_name(entry->d_name);
	closedir(folder);
	return count;
}

static void a_file_keeps_the_mode_that_it_has(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		mode_t former, asked, want_mode;
	} rows[] = {
		{"a list that the group may write", 0664, 0644, 0664},
		{"a list for its owner alone", 0600, 0644, 0600},
		{"a key that a group may read", 0640, 0600, 0640},
		{"a key over a file that all may read", 0644, 0600, 0600},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_error error;
		put("file", rows[i].former);
		assert_true(cw_file_write("file", "new", 3, rows[i].asked, &error));
		if ((look("file").st_mode & 07777) != rows[i].want_mode)
			fail_msg("%s: wanted %o, got %o", rows[i].name, (unsigned)rows[i].want_mode,
				(unsigned)(look("file").st_mode & 07777));
	}
}

static void a_new_file_obeys_the_umask(void **state)
{
	(void)state;
	struct cw_error error;
	mode_t before = umask(027);
	unlink("file");
	bool written = cw_file_write("file", "new", 3, 0644, &error);
	unlink("other");
	written = written && cw_file_create("other", "new", 3, 0644, &error);
	umask(before);
	assert_true(written);
	assert_int_equal(look("file").st_mode & 07777, 0640);
	assert_int_equal(look("other").st_mode & 07777, 0640);
}

static void a_link_stays_a_link(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_buffer content = {0};
	put("file", 0644);
	unlink("link");
	assert_int_equal(symlink("file", "link"), 0);
	assert_true(cw_file_write("link", "new", 3, 0644, &error));
	assert_true(S_ISLNK(look("link").st_mode));
	assert_true(cw_file_read("file", 10, &content, &error));
	assert_string_equal(cw_buffer_string(&content), "new");
	cw_buffer_finish(&content);
}

static void a_link_to_nothing_is_refused(void **state)
{
	(void)state;
	struct cw_error error;
	unlink("link");
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_false(cw_file_write("link", "new", 3, 0644, &error));
	assert_non_null(strstr(error.message, "link: a link to something that is not there"));
	assert_int_equal(unlink("link"), 0);
}

static void a_link_that_another_user_made_is_not_followed(void **state)
{
	(void)state;
	struct cw_error error;
	if (geteuid() != 0)
		skip(); /* nobody else's links can be made */
	put("file", 0644);
	unlink("link");
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(lchown("link", 12345, 12345), 0);
	assert_false(cw_file_write("link", "new!", 4, 0644, &error));
	assert_non_null(strstr(error.message, "link: a link that another user made"));
	assert_int_equal(look("file").st_size, 3);
	assert_int_equal(unlink("link"), 0);
}

static void a_file_keeps_its_owner(void **state)
{
	(void)state;
	struct cw_error error;
	if (geteuid() != 0)
		skip(); /* nobody else's files can be made */
	put("file", 0644);
	assert_int_equal(chown("file", 12345, 23456), 0);
	assert_true(cw_file_write("file", "new", 3, 0644, &error));
	assert_int_equal(look("file").st_uid, 12345);
	assert_int_equal(look("file").st_gid, 23456);
	unlink("file");
}

static void a_secret_that_is_replaced_is_overwritten(void **state)
{
	(void)state;
	struct cw_error error;
	char content[4] = "";
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	put("key", 0600);
	int former = open("key", O_RDONLY | O_CLOEXEC); /* the old file, whatever its name is later */
	assert_true(cw_draft_open("key", &draft, &error));
	fputs("new", cw_draft_stream(draft));
	assert_true(cw_draft_commit_over_secret(draft, &error));
	assert_int_equal(pread(former, content, 3, 0), 3);
	assert_memory_equal(content, "\0\0\0", 3);
	assert_int_equal(drafts(), 0);
	close(former);
}

static void what_is_destroyed_is_overwritten_and_gone(void **state)
{
	(void)state;
	struct cw_error error;
	char content[4] = "";
	put("key", 0600);
	int former = open("key", O_RDONLY | O_CLOEXEC);
	assert_true(cw_file_destroy("key", &error));
	assert_int_equal(pread(former, content, 3, 0), 3);
	assert_memory_equal(content, "\0\0\0", 3);
	assert_int_not_equal(access("key", F_OK), 0);
	assert_true(cw_file_destroy("key", &error)); /* what is not there is destroyed */
	close(former);
}

static void a_key_behind_a_link_is_not_called_destroyed(void **state)
{
	(void)state;
	struct cw_error error;
	put("key", 0600);
	assert_int_equal(symlink("key", "link"), 0);
	assert_false(cw_file_destroy("link", &error));
	assert_non_null(strstr(error.message, "link: is a link"));
	assert_int_equal(look("key").st_size, 3);
	unlink("link");
}

static void a_draft_that_is_not_put_in_place_is_gone(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_draft *draft;
	put("file", 0644);
	assert_true(cw_draft_open("file", &draft, &error));
	assert_int_equal(drafts(), 1);
	cw_draft_free(draft);
	assert_int_equal(drafts(), 0);
	assert_int_equal(look("file").st_size, 3);
}

static int enter(void **state)
{
	(void)state;
	return chdir(test_folder_make());
}

static int leave(void **state)
{
	(void)state;
	int left = chdir("/");
	test_folder_remove();
	return left;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_keeps_the_mode_that_it_has),
		cmocka_unit_test(a_new_file_obeys_the_umask),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(a_link_to_nothing_is_refused),
		cmocka_unit_test(a_link_that_another_user_made_is_not_followed),
		cmocka_unit_test(a_file_keeps_its_owner),
		cmocka_unit_test(a_secret_that_is_replaced_is_overwritten),
		cmocka_unit_test(what_is_destroyed_is_overwritten_and_gone),
		cmocka_unit_test(a_key_behind_a_link_is_not_called_destroyed),
		cmocka_unit_test(a_draft_that_is_not_put_in_place_is_gone),
	};
	return cmocka_run_group_tests(tests, enter, leave);
}
