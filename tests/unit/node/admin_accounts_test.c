#include "node/admin/admin_accounts.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define HASH \
	"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct cw_admin_accounts two(void)
{
	struct cw_admin_accounts accounts = {0};
	struct cw_error error;
	assert_true(cw_admin_accounts_set(&accounts, "admin", CW_ADMIN_ROLE_READ_WRITE, HASH, &error));
	assert_true(cw_admin_accounts_set(&accounts, "reader", CW_ADMIN_ROLE_READ_ONLY, HASH, &error));
	return accounts;
}

static void what_is_written_is_read_back_and_is_its_owners_alone(void **state)
{
	const char *folder = test_folder_path("node");
	(void)state;
	(void)test_folder_write("node/secrets/keep", "", 0);
	struct cw_admin_accounts accounts = two(), back;
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], path[4096];
	struct cw_error error;
	struct stat status;
	assert_true(cw_admin_accounts_make_link(&accounts, "eve", 1000000, token, &error));
	assert_true(cw_admin_accounts_write(folder, &accounts, &error));
	assert_true(cw_admin_accounts_read(folder, &back, &error));
	assert_int_equal(back.count, 2);
	assert_string_equal(back.items[0].hash, HASH);
	assert_int_equal(cw_admin_accounts_find(&back, "reader")->role, CW_ADMIN_ROLE_READ_ONLY);
	assert_true(cw_admin_accounts_is_link(&back, token, 1000000));
	snprintf(path, sizeof path, "%s/secrets/administrators.json", folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_link_is_good_for_an_hour_and_a_new_one_takes_its_place(void **state)
{
	(void)state;
	struct cw_admin_accounts accounts = {0};
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE], other[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	struct cw_error error;
	assert_false(cw_admin_accounts_is_link(&accounts, "", 1000000));
	assert_true(cw_admin_accounts_make_link(&accounts, "admin", 1000000, token, &error));
	static const struct {
		cw_time after;
		bool want;
	} rows[] = {{0, true}, {3599, true}, {3600, false}, {-1, false}, {1000000, false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
			cw_admin_accounts_is_link(&accounts, token, 1000000 + rows[i].after), rows[i].want);
	assert_true(cw_admin_accounts_make_link(&accounts, "admin", 1000000, other, &error));
	assert_false(cw_admin_accounts_is_link(&accounts, token, 1000000));
	other[3] ^= 1;
	assert_false(cw_admin_accounts_is_link(&accounts, other, 1000000));
}

static void the_last_one_who_may_change_something_stays(void **state)
{
	(void)state;
	struct cw_admin_accounts accounts = two();
	struct cw_error error;
	assert_false(cw_admin_accounts_remove(&accounts, "admin", &error));
	assert_non_null(strstr(error.message, "last administrator"));
	assert_false(cw_admin_accounts_set(&accounts, "admin", CW_ADMIN_ROLE_AUDITOR, NULL, &error));
	assert_true(cw_admin_accounts_set(&accounts, "reader", CW_ADMIN_ROLE_READ_WRITE, NULL, &error));
	assert_true(cw_admin_accounts_remove(&accounts, "admin", &error));
	assert_int_equal(accounts.count, 1);
	assert_false(cw_admin_accounts_remove(&accounts, "admin", &error));
}

static void names_and_new_users_are_looked_at(void **state)
{
	(void)state;
	static const struct {
		const char *user;
		enum cw_admin_role role;
		const char *hash;
		bool want;
	} rows[] = {
		{"eve", CW_ADMIN_ROLE_AUDITOR, HASH, true},
		{"e.v-e_1@acme.test", CW_ADMIN_ROLE_AUDITOR, HASH, true},
		{"", CW_ADMIN_ROLE_AUDITOR, HASH, false},
		{"e v", CW_ADMIN_ROLE_AUDITOR, HASH, false},
		{"<script>", CW_ADMIN_ROLE_AUDITOR, HASH, false},
		{"eve\n", CW_ADMIN_ROLE_AUDITOR, HASH, false},
		{"eve", CW_ADMIN_ROLE_NONE, HASH, false},
		{"eve", CW_ADMIN_ROLE_AUDITOR, NULL, false},
		{"admin", CW_ADMIN_ROLE_NONE, HASH, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_admin_accounts accounts = two();
		struct cw_error error;
		assert_int_equal(
			cw_admin_accounts_set(&accounts, rows[i].user, rows[i].role, rows[i].hash, &error),
			rows[i].want);
	}
}

static void a_file_that_is_none_lets_nobody_in(void **state)
{
	const char *folder = test_folder_path("node");
	(void)state;
	(void)test_folder_write("node/secrets/keep", "", 0);
	static const char *const rows[] = {"", "{}", "[]", "{\"version\":2,\"administrators\":[]}",
		"{\"version\":1,\"administrators\":[{\"user\":\"a\",\"role\":\"root\",\"password\":\"x\"}]}",
		"{\"version\":1,\"administrators\":[{\"user\":\"a\",\"role\":\"auditor\"}]}",
		"{\"version\":1,\"administrators\":[{\"user\":\"a\",\"role\":\"auditor\",\"password\":\"x\"},{\"user\":\"a\","
		"\"role\":\"read-write\",\"password\":\"y\"}]}",
		"{\"version\":1,\"administrators\":[],\"link\":{\"user\":\"a\"}}"};
	char path[4096];
	struct cw_error error;
	snprintf(path, sizeof path, "%s/secrets/administrators.json", folder);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_admin_accounts accounts;
		assert_true(cw_file_write(path, rows[i], strlen(rows[i]), 0600, &error));
		assert_false(cw_admin_accounts_read(folder, &accounts, &error));
		assert_int_equal(accounts.count, 0);
		assert_non_null(strstr(error.message, "administrators.json"));
	}
	assert_true(cw_file_remove(path, &error));
	struct cw_admin_accounts accounts;
	assert_true(cw_admin_accounts_read(folder, &accounts, &error));
	assert_int_equal(accounts.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back_and_is_its_owners_alone),
		cmocka_unit_test(a_link_is_good_for_an_hour_and_a_new_one_takes_its_place),
		cmocka_unit_test(the_last_one_who_may_change_something_stays),
		cmocka_unit_test(names_and_new_users_are_looked_at),
		cmocka_unit_test(a_file_that_is_none_lets_nobody_in),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
