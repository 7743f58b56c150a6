/*
 * What a killed command left is told by the next check, with the command that ends it, and left alone; where nothing is
 * left, nothing is said.
 */
#include "front_door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EC "--key", "ecdsa:256"

static void shell(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("sound", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "sound/ca/private-issuing", "-o", "signed.pem",
		"sound/c1/c1.acme.test.csr");
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "e1.acme.test", EC);
	shell("cp sound/e1/e1.acme.test.csr.key other.key && rm sound/e1/e1.acme.test.csr*");
	shell("cp -a sound installed");
	WANT(CW_EXIT_GOOD, "cert", "accept", "installed", "c1.acme.test", "signed.pem", "--install");
	return 0;
}

static void what_is_left_is_told_with_what_ends_it(void **state)
{
	(void)state;
	static const struct {
		const char *name, *left, *want, *ends[8];
	} rows[] = {
		{"a draft", "cp other.key work/c1/.causeway-draft-999999-0",
			"work/c1: a command that was killed left unfinished files",
			{"csr", "discard", "work", "c1.acme.test"}},
		{"a key without its request", "cp other.key work/e1/e1.acme.test.csr.key",
			"work/e1/e1.acme.test.csr.key: a private key without its request",
			{"csr", "new", "work", "e1.acme.test", EC}},
		{"a request without its key", "rm work/c1/c1.acme.test.csr.key",
			"work/c1/c1.acme.test.csr: a request whose private key is gone",
			{"csr", "discard", "work", "c1.acme.test"}},
		{"a key of another request", "cp other.key work/c1/c1.acme.test.csr.key",
			"is not the key of the request beside it",
			{"csr", "new", "work", "c1.acme.test", "--discard", EC}},
		{"a request of what is installed", "cp installed/c1/*.pem installed/c1/*.former work/c1/",
			"the certificate for this request is installed",
			{"cert", "accept", "work", "c1.acme.test", "signed.pem", "--install"}},
		{"a new key beside the old certificate",
			"cp installed/c1/privkey.pem installed/c1/privkey.pem.former work/c1/",
			"work/c1/privkey.pem is not the key of work/c1/server.pem, but",
			{"cert", "accept", "work", "c1.acme.test", "signed.pem", "--install"}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER told = {0};
		TEST_ANSWER after = {0};
		shell("rm -rf work && cp -a sound work");
		shell(rows[i].left);
		shell("rm -rf before && cp -a work before");
		RUN(&told, "check", "work");
		if (!strstr(told.err, rows[i].want))
			fail_msg("%s: wanted \"%s\", found \"%s\"", rows[i].name, rows[i].want, told.err);
		shell("diff -r before work");
		door_want(CW_EXIT_GOOD, rows[i].ends);
		RUN(&after, "check", "work");
		if (*after.err)
			fail_msg(
				"%s: still told after the command that ends it: %s", rows[i].name, after.err);
	}
}

static void where_nothing_is_left_nothing_is_said(void **state)
{
	(void)state;
	static const char *const folders[] = {"sound", "installed"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "check", folders[i]);
		assert_string_equal(ran.err, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_nothing_is_left_nothing_is_said),
		cmocka_unit_test(what_is_left_is_told_with_what_ends_it),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
