/*
 * kill -9 at every step that changes a file: the old file or the new one stands there, never half of one, and
 * the same command run again ends well.
 *
 * The verb runs in a child that is traced; it is killed where it is about to make its first, second, third …
 * system call of those that change something, until one run gets through.
 */
#include "faulted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STEPS_MAX 400
#define EC "--key", "ecdsa:256"

/* Runs the verb and kills it before its `step`th change. True: it got through (and ended well). */
static bool run_and_kill(const char *const *words, size_t step)
{
	struct faulted ran = faulted_run(words, step, 0);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	return !ran.killed;
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("sound", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "ca", "new", "new", "--cn", "New Root CA", "--key", "ec");
	return 0;
}

static void restore(void)
{
	assert_int_equal(system("rm -rf work && cp -a sound work"), 0);
}

static bool is_one_of(const char *path, const char *a, const char *b)
{
	AUTO(free) char *text = door_read(path);
	return strcmp(text, a) == 0 || strcmp(text, b) == 0;
}

static void a_trust_list_is_the_old_or_the_new_one(void **state)
{
	(void)state;
	static const char *const words[] = {
		"trust", "append", "-d", "work", "c1.acme.test", "new/ca.pem", NULL};
	restore();
	AUTO(free) char *before = door_read("work/c1/ca.pem");
	door_want(CW_EXIT_GOOD, words);
	AUTO(free) char *after = door_read("work/c1/ca.pem");
	size_t step = 1;
	for (; step < STEPS_MAX; step++) {
		restore();
		if (run_and_kill(words, step))
			break;
		assert_true(is_one_of("work/c1/ca.pem", before, after));
		door_want(CW_EXIT_GOOD, words);
		assert_true(is_one_of("work/c1/ca.pem", after, after));
	}
	assert_in_range(step, 5, STEPS_MAX - 1); /* it was killed several times, and got through in the end */
}

static void a_request_is_there_with_its_key_or_not_at_all(void **state)
{
	(void)state;
	static const char *const words[] = {"csr", "new", "work", "c1.acme.test", EC, NULL};
	size_t step = 1;
	for (; step < STEPS_MAX; step++) {
		restore();
		if (run_and_kill(words, step))
			break;
		if (door_there("work/c1/c1.acme.test.csr")) {
			AUTO(free) char *key = door_read("work/c1/c1.acme.test.csr.key");
			want_text(key, "-----END PRIVATE KEY-----");
			WANT(CW_EXIT_GOOD, "csr", "show", "work/c1/c1.acme.test.csr");
		} else {
			door_want(CW_EXIT_GOOD, words);
		}
		struct stat status;
		if (stat("work/c1/c1.acme.test.csr.key", &status) == 0)
			assert_int_equal(status.st_mode & 07777, 0600);
	}
	assert_in_range(step, 8, STEPS_MAX - 1);
}

static void an_installation_is_whole_and_can_be_repeated(void **state)
{
	(void)state;
	static const char *const words[] = {
		"cert", "accept", "work", "c1.acme.test", "kill.pem", "--install", NULL};
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "sound/ca/private-issuing", "-o", "kill.pem",
		"sound/c1/c1.acme.test.csr");
	AUTO(free) char *before = door_read("sound/c1/server.pem");
	AUTO(free) char *after = door_read("kill.pem");
	AUTO(free) char *old_key = door_read("sound/c1/privkey.pem");
	AUTO(free) char *new_key = door_read("sound/c1/c1.acme.test.csr.key");
	bool seen_between = false;
	size_t step = 1;
	for (; step < STEPS_MAX; step++) {
		restore();
		bool through = run_and_kill(words, step);
		assert_true(is_one_of("work/c1/server.pem", before, after));
		assert_true(is_one_of("work/c1/privkey.pem", old_key, new_key));
		if (through)
			break;
		bool between = is_one_of("work/c1/server.pem", before, before) &&
			is_one_of("work/c1/privkey.pem", new_key, new_key);
		TEST_ANSWER told = {0};
		RUN(&told, "cert", "accept", "work", "c1.acme.test", "kill.pem");
		assert_int_equal(strstr(told.err, "an installation was interrupted") != NULL, between);
		seen_between |= between;
		door_want(CW_EXIT_GOOD, words);
		assert_true(is_one_of("work/c1/server.pem", after, after));
		assert_true(is_one_of("work/c1/privkey.pem", new_key, new_key));
		assert_true(is_one_of("work/c1/server.pem.former", before, before));
		assert_true(is_one_of("work/c1/privkey.pem.former", old_key, old_key));
	}
	assert_in_range(step, 15, STEPS_MAX - 1);
	assert_true(seen_between);
}

static void a_discarded_request_is_remembered(void **state)
{
	(void)state;
	static const char *const words[] = {"csr", "discard", "work", "c1.acme.test", NULL};
	size_t step = 1;
	for (; step < STEPS_MAX; step++) {
		restore();
		if (run_and_kill(words, step))
			break;
		if (door_there("work/c1/c1.acme.test.csr"))
			door_want(CW_EXIT_GOOD, words);
		assert_false(door_there("work/c1/c1.acme.test.csr.key"));
		assert_true(door_there("work/c1/c1.acme.test.discarded"));
	}
	assert_in_range(step, 5, STEPS_MAX - 1);
}

/* As one leaves it that is killed between its two last files. */
static void kill_import_before_its_record(void)
{
	assert_int_equal(rename("site/import.json", "site/.causeway-import.json"), 0);
}

static void an_import_killed_before_its_record_is_given_again(void **state)
{
	(void)state;
	static const char *const words[] = {"import", "sources", "-o", "site", NULL};
	TEST_ANSWER again = {0};
	TEST_ANSWER edited = {0};
	WANT(CW_EXIT_GOOD, "lab", "export", "sound", "--as", "bundle", "-o", "sources");
	door_want(CW_EXIT_REFUSED, words); /* there is something to ask */
	AUTO(free) char *yaml = door_read("site/deployment.yaml");
	AUTO(free) char *record = door_read("site/import.json");
	kill_import_before_its_record();
	door_run(&again, words);
	assert_int_equal(again.status, CW_EXIT_REFUSED);
	want_no_text(again.out, "brought up to date");
	assert_true(is_one_of("site/deployment.yaml", yaml, yaml));
	assert_true(is_one_of("site/import.json", record, record));
	assert_false(door_there("site/deployment.yaml.before"));
	assert_false(door_there("site/.causeway-import.json"));

	kill_import_before_its_record();
	door_edit("site/deployment.yaml", "port: 7001", "port: 7002");
	door_write("site/c1.acme.test/ca.pem", "");
	door_run(&edited, words);
	assert_int_equal(edited.status, CW_EXIT_REFUSED);
	want_text(edited.out, "/expressway-c/traversal/port");
	want_text(edited.out, "c1.acme.test/ca.pem");
	AUTO(free) char *kept = door_read("site/deployment.yaml");
	AUTO(free) char *before = door_read("site/deployment.yaml.before");
	want_text(kept, "port: 7002");
	want_text(before, "port: 7002");
	assert_true(is_one_of("site/c1.acme.test/ca.pem", "", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trust_list_is_the_old_or_the_new_one),
		cmocka_unit_test(a_request_is_there_with_its_key_or_not_at_all),
		cmocka_unit_test(an_installation_is_whole_and_can_be_repeated),
		cmocka_unit_test(a_discarded_request_is_remembered),
		cmocka_unit_test(an_import_killed_before_its_record_is_given_again),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
