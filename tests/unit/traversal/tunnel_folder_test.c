/*
 * The folder of one side of a tunnel: whose it may be, and what is refused.
 */
#include "traversal/tunnel_folder.h"

#include "base/buffer.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cw_tunnel_account own_account(void)
{
	struct cw_tunnel_account account = {.uid = geteuid(), .gid = getegid()};
	snprintf(account.name, sizeof account.name, "keeper");
	return account;
}

static const char *below(const char *name)
{
	static char path[4][CW_TUNNEL_FOLDER_MAX];
	static unsigned turn;
	char *ret = path[turn++ % 4];
	snprintf(ret, CW_TUNNEL_FOLDER_MAX, "%s/%s", test_folder_path("tunnels"), name);
	return ret;
}

static void want_refused(
	const char *path, const struct cw_tunnel_account *account, enum cw_error_code code, const char *want)
{
	struct cw_tunnel_folder folder;
	struct cw_error error;
	if (cw_tunnel_folder_open(path, account, &folder, &error))
		fail_msg("%s: wanted \"%s\", found that it is good", path, want);
	if (error.code != code || !strstr(error.message, want))
		fail_msg("%s: wanted \"%s\", found \"%s\"", path, want, error.message);
}

static int make_folders(void **state)
{
	if (test_folder_setup(state) != 0)
		return -1;
	test_folder_write("tunnels/file", "x", 1);
	return chmod(test_folder_path("tunnels"), 0755) == 0 && chmod(test_folder_path(""), 0755) == 0 ? 0
												       : -1;
}

static void a_path_that_ssh_would_read_otherwise_is_refused(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	want_refused("run/tunnel", &account, CW_E_USAGE, "wanted an absolute path");
	want_refused(below("a b"), &account, CW_E_USAGE, "ssh cannot be given a path with \" \" in it");
	want_refused(below("a%h"), &account, CW_E_USAGE, "ssh cannot be given a path with \"%\" in it");
	want_refused(below("nothing/here"), &account, CW_E_IO, "wanted a folder for the tunnel's");
	char name[CW_TUNNEL_FOLDER_MAX];
	memset(name, 'a', sizeof name);
	name[sizeof name - 1] = '\0';
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "/tmp/%s", name);
	want_refused(cw_buffer_string(&path), &account, CW_E_USAGE, "longer than 511 bytes");
}

static void a_folder_that_others_could_change_is_refused(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	static const struct {
		mode_t mode;
		const char *want; /* NULL: good */
	} rows[] = {
		{0755, NULL},
		{0700, NULL},
		{01777, NULL}, /* as /tmp: a name belongs to who made it */
		{0775, "others may write to it"},
		{0757, "others may write to it"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_tunnel_folder folder;
		struct cw_error error;
		assert_int_equal(chmod(test_folder_path("tunnels"), rows[i].mode), 0);
		if (rows[i].want)
			want_refused(below("one"), &account, CW_E_IO, rows[i].want);
		else if (!cw_tunnel_folder_open(below("one"), &account, &folder, &error))
			fail_msg("%o: %s", rows[i].mode, error.message);
	}
	assert_int_equal(chmod(test_folder_path("tunnels"), 0755), 0);
}

static void a_folder_that_the_account_cannot_enter_is_refused(void **state)
{
	(void)state;
	struct cw_tunnel_account account = own_account();
	account.uid += 1;
	account.gid += 1;
	assert_int_equal(chmod(test_folder_path("tunnels"), 0710), 0);
	want_refused(below("one"), &account, CW_E_IO,
		"the account keeper cannot enter it, as which the tunnels run; let others pass it (chmod o+x)");
	account.gid -= 1; /* its group may */
	struct cw_tunnel_folder folder;
	struct cw_error error;
	if (!cw_tunnel_folder_open(below("one"), &account, &folder, &error))
		fail_msg("%s", error.message);
	assert_int_equal(chmod(test_folder_path("tunnels"), 0755), 0);
}

static void somebody_elses_folder_is_refused(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(test_folder_path("tunnels"), 12345, (gid_t)-1), 0);
	want_refused(below("one"), &account, CW_E_IO, "belongs to user number 12345");
	assert_int_equal(chown(test_folder_path("tunnels"), 0, (gid_t)-1), 0);
}

static void what_stands_in_its_place_is_no_folder_of_ours(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	want_refused(below("file"), &account, CW_E_IO, "is there already and is no folder");
	assert_int_equal(symlink("/tmp", below("link")), 0);
	want_refused(below("link"), &account, CW_E_IO, "is there already and is no folder");
	test_folder_write("tunnels/full/host_key/inside", "x", 1);
	want_refused(below("full"), &account, CW_E_IO, "full/host_key: what an earlier process left there");
	want_refused(below("file/below"), &account, CW_E_IO, "");
}

static void files_of_an_earlier_process_go_and_others_stay(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	struct cw_tunnel_folder folder;
	struct cw_error error;
	test_folder_write("tunnels/two/user_key", "old", 3);
	test_folder_write("tunnels/two/authorized_keys.new", "old", 3);
	test_folder_write("tunnels/two/notes", "mine", 4);
	if (!cw_tunnel_folder_open(below("two/"), &account, &folder, &error))
		fail_msg("%s", error.message);
	assert_int_not_equal(access(below("two/user_key"), F_OK), 0);
	assert_int_not_equal(access(below("two/authorized_keys.new"), F_OK), 0);
	assert_int_equal(access(below("two/notes"), F_OK), 0);
	struct stat status;
	assert_int_equal(stat(below("two"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
}

static void a_file_is_put_in_its_place_in_one_step_or_not_at_all(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = own_account();
	struct cw_tunnel_folder folder;
	struct cw_error error;
	struct stat status;
	char path[CW_TUNNEL_PATH_SIZE];
	if (!cw_tunnel_folder_open(below("three"), &account, &folder, &error) ||
		!cw_tunnel_folder_write(&folder, "user_key", "key", 3, &error))
		fail_msg("%s", error.message);
	assert_int_equal(stat(cw_tunnel_folder_path(&folder, "user_key", path), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(status.st_size, 3);
	test_folder_write("tunnels/three/known_hosts/inside", "x", 1);
	assert_false(cw_tunnel_folder_write(&folder, "known_hosts", "line", 4, &error));
	assert_int_equal(error.code, CW_E_IO);
	assert_non_null(strstr(error.message, "known_hosts: cannot write"));
	assert_int_not_equal(access(below("three/known_hosts.new"), F_OK), 0);
	assert_true(cw_tunnel_folder_remove(&folder, "user_key"));
	assert_true(cw_tunnel_folder_remove(&folder, "user_key")); /* it is not there */
	assert_false(cw_tunnel_folder_remove(&folder, "known_hosts"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_that_ssh_would_read_otherwise_is_refused),
		cmocka_unit_test(a_folder_that_others_could_change_is_refused),
		cmocka_unit_test(a_folder_that_the_account_cannot_enter_is_refused),
		cmocka_unit_test(somebody_elses_folder_is_refused),
		cmocka_unit_test(what_stands_in_its_place_is_no_folder_of_ours),
		cmocka_unit_test(files_of_an_earlier_process_go_and_others_stay),
		cmocka_unit_test(a_file_is_put_in_its_place_in_one_step_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, make_folders, test_folder_teardown);
}
