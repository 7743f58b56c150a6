/*
 * State folders of older versions: what is in them is in the new one, the former is kept, and a migration that is killed
 * leaves the one or the other.
 */
#include "base/file.h"
#include "node/node_folder.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char base[256]; /* of the node's folder */

static const char *below(const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s%s", base, name);
	return path;
}

static void put(const char *name, const char *text, mode_t mode)
{
	char whole[300];
	snprintf(whole, sizeof whole, "%s%s", strrchr(base, '/') + 1, name);
	assert_int_equal(chmod(test_folder_write(whole, text, strlen(text)), mode), 0);
}

/* As the first version had it. */
static void make_old(const char *name)
{
	snprintf(base, sizeof base, "%s", test_folder_path(name));
	put("/version", "1\n", 0644);
	put("/node.yaml", "causeway: 1\n", 0640);
	put("/certs/server.pem", "certificate", 0644);
	put("/certs/server.key", "key", 0644);
	put("/certs/crl/a.pem", "list", 0644);
	put("/secrets/zone.txt", "password", 0600);
	put("/history.db", "events", 0600);
	put("/history.db-wal", "more events", 0600);
	put("/run/left.sock", "", 0600);
	char link[300];
	snprintf(link, sizeof link, "%s/certs/trusted-ca.pem", base);
	assert_int_equal(symlink("server.pem", link), 0);
}

static void want_file(const char *name, const char *text, mode_t mode)
{
	struct stat status;
	struct cw_error error = {0};
	AUTO_BUFFER found = {0};
	if (!cw_file_read(below(name), 1 << 16, &found, &error))
		fail_msg("%s", error.message);
	assert_string_equal(cw_buffer_string(&found), text);
	assert_int_equal(stat(below(name), &status), 0);
	assert_int_equal(status.st_mode & 0777, mode);
}

static void want_new(void)
{
	char target[64] = "";
	want_file("/version", "2\n", 0644);
	want_file("/node.yaml", "causeway: 1\n", 0640);
	want_file("/certs/server.pem", "certificate", 0644);
	want_file("/certs/server.key", "key", 0600);
	want_file("/certs/crl/a.pem", "list", 0644);
	want_file("/secrets/zone.txt", "password", 0600);
	want_file("/history/history.db", "events", 0600);
	want_file("/history/history.db-wal", "more events", 0600);
	assert_int_not_equal(access(below("/history.db"), F_OK), 0);
	assert_int_equal(readlink(below("/certs/trusted-ca.pem"), target, sizeof target - 1), 10);
	assert_string_equal(target, "server.pem");
}

static void an_older_folder_becomes_a_new_one_and_is_kept(void **state)
{
	(void)state;
	struct cw_error error = {0};
	make_old("older");
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	AUTO_NODE_FOLDER other = CW_NODE_FOLDER_NONE;
	if (!cw_node_folder_open(base, true, &folder, &error))
		fail_msg("%s", error.message);
	want_new();
	assert_string_equal(folder.former, below(".version-1"));
	want_file(".version-1/version", "1\n", 0644);
	want_file(".version-1/history.db", "events", 0600);
	assert_int_not_equal(access(below(".migrating"), F_OK), 0);
	assert_false(cw_node_folder_open(base, true, &other, &error)); /* the new one's lock is held */
	assert_int_equal(error.code, CW_E_USAGE);
	assert_true(cw_node_folder_open(base, false, &other, &error));
	assert_null(other.former);
}

static void whoever_only_asks_changes_nothing(void **state)
{
	(void)state;
	struct cw_error error = {0};
	make_old("asked");
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	assert_true(cw_node_folder_open(base, false, &folder, &error));
	want_file("/version", "1\n", 0644);
	want_file("/history.db", "events", 0600);
}

static void a_newer_folder_is_refused(void **state)
{
	(void)state;
	static const char *const versions[] = {"3\n", "0\n", "x\n", "-1\n", "1 2\n", ""};
	struct cw_error error = {0};
	make_old("newer");
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
		put("/version", versions[i], 0644);
		assert_false(cw_node_folder_open(base, true, &folder, &error));
		assert_non_null(strstr(error.message, "version"));
	}
}

static void what_a_killed_migration_left_is_taken_up(void **state)
{
	(void)state;
	struct cw_error error = {0};
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	make_old("before"); /* its exchange: a half copy */
	put(".migrating/version", "1\n", 0644);
	put(".migrating/half", "x", 0644);
	if (!cw_node_folder_open(base, true, &folder, &error))
		fail_msg("%s", error.message);
	want_new();
	assert_int_not_equal(access(below("/half"), F_OK), 0);
	cw_node_folder_finish(&folder);
	put(".migrating/version", "1\n", 0644); /* after its exchange: the former, without its name */
	if (!cw_node_folder_open(base, true, &folder, &error))
		fail_msg("%s", error.message);
	assert_string_equal(folder.former, below(".version-1-2"));
	want_new();
}

/* Killed after ever more microseconds: whoever comes next finds the old or the new folder, and gets the new one. */
static void killed_at_any_moment_it_is_the_old_or_the_new(void **state)
{
	(void)state;
	for (useconds_t wait = 0; wait < 20000; wait += 1000) {
		char name[32];
		struct cw_error error = {0};
		AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
		snprintf(name, sizeof name, "killed%u", (unsigned)wait);
		make_old(name);
		pid_t process = fork();
		if (process == 0) {
			struct cw_node_folder own = CW_NODE_FOLDER_NONE;
			(void)!cw_node_folder_open(base, true, &own, &error);
			pause();
		}
		usleep(wait);
		kill(process, SIGKILL);
		assert_int_equal(waitpid(process, NULL, 0), process);
		if (!cw_node_folder_open(base, true, &folder, &error))
			fail_msg("after %u: %s", (unsigned)wait, error.message);
		want_new();
		want_file(".version-1/version", "1\n", 0644);
		want_file(".version-1/certs/server.key", "key", 0644);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_older_folder_becomes_a_new_one_and_is_kept),
		cmocka_unit_test(whoever_only_asks_changes_nothing),
		cmocka_unit_test(a_newer_folder_is_refused),
		cmocka_unit_test(what_a_killed_migration_left_is_taken_up),
		cmocka_unit_test(killed_at_any_moment_it_is_the_old_or_the_new),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
