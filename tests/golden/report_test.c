/*
 * Reports as people see them, of labs with each fault that there is: expected/CODE.txt and some more. Keys
 * are made anew each time, so digits of a SHA-256 are shown as "#".
 */
#include "base/file.h"
#include "lab/lab.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/verb.h"

#include <ctype.h>
#include <stdio.h>

#define EXPECTED_MAX (1024 * 1024)
#define DIGITS_MIN 16 /* as many as reports show of a SHA-256 */

struct row {
	const char *name;
	enum cw_lab_size size;
	const char *fault;
	const char *option; /* NULL: none */
	enum cw_exit want_status;
};

static const struct row rows[] = {
	{"sound", CW_LAB_SMALL, NULL, NULL, CW_EXIT_GOOD},
	{"large", CW_LAB_LARGE, "issuer-missing", NULL, CW_EXIT_REFUSED},
	{"issuer-missing-json", CW_LAB_SMALL, "issuer-missing", "-fjson", CW_EXIT_REFUSED},
	{"issuer-missing-junit", CW_LAB_SMALL, "issuer-missing", "-fjunit", CW_EXIT_REFUSED},
};

static void hide_digits(char *text)
{
	for (char *at = text; *at;) {
		size_t length = strspn(at, "0123456789abcdef");
		if (length >= DIGITS_MIN && (at == text || !isalnum((unsigned char)at[-1])))
			memset(at, '#', length);
		at += length ? length : 1;
	}
}

/* Commands name the deployment where it happens to lie. */
static void hide_folder(char *text, const char *folder)
{
	char *at;
	while ((at = strstr(text, folder))) {
		size_t length = strlen(folder);
		memmove(at, at + length - 3, strlen(at + length - 3) + 1);
		memcpy(at, "lab", 3);
	}
}

static void compare(const char *name, const char *found)
{
	struct cw_error error;
	char path[512];
	snprintf(path, sizeof path, "%s/%s.txt", EXPECTED_FOLDER, name);
	if (getenv("CAUSEWAY_ACCEPT")) {
		assert_true(cw_file_write(path, found, strlen(found), 0644, &error));
		return;
	}
	AUTO_BUFFER want = {0};
	if (!cw_file_read(path, EXPECTED_MAX, &want, &error))
		fail_msg("%s", error.message);
	if (strcmp(cw_buffer_string(&want), found) != 0)
		fail_msg("%s: wanted\n%s\nfound\n%s", name, cw_buffer_string(&want), found);
}

static void make_lab(const struct row *row, const char *folder)
{
	struct cw_error error;
	struct cw_lab_options options = {.folder = folder,
		.size = row->size,
		.key = "ec",
		.at = TEST_AT,
		.faults = &row->fault,
		.fault_count = row->fault ? 1 : 0};
	if (!cw_lab_new(&options, &error))
		fail_msg("%s", error.message);
}

static void reports_read_as_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		test_folder_make();
		const char *folder = test_folder_path("lab");
		make_lab(&rows[i], folder);
		TEST_ANSWER got = {0};
		test_run(&got, (const char *const[]){"check", folder, rows[i].option, NULL});
		test_folder_remove();
		if (got.status != rows[i].want_status)
			fail_msg("%s: exit status %d, %s", rows[i].name, got.status, got.err);
		assert_string_equal(got.err, "");
		hide_folder(got.out, folder);
		hide_digits(got.out);
		compare(rows[i].name, got.out);
	}
}

/* Notes are shown with --all only. */
static void run_until_told(struct test_answer *got, const char *folder, const char *code)
{
	RUN(got, "check", folder);
	if (strstr(got->out, code))
		return;
	test_answer_finish(got);
	*got = (struct test_answer){0};
	RUN(got, "check", "--all", folder);
}

static void every_finding_code_reads_as_expected(void **state)
{
	(void)state;
	for (size_t i = 0; cw_lab_fault_at(i); i++) {
		const char *code = cw_lab_fault_at(i)->code;
		test_folder_make();
		const char *folder = test_folder_path("lab");
		make_lab(&(struct row){.fault = code}, folder);
		TEST_ANSWER got = {0};
		run_until_told(&got, folder, code);
		test_folder_remove();
		if (got.status == CW_EXIT_TROUBLE || *got.err || !strstr(got.out, code))
			fail_msg("%s: exit status %d, %s%s", code, got.status, got.err, got.out);
		hide_digits(got.out);
		compare(code, got.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_read_as_expected),
		cmocka_unit_test(every_finding_code_reads_as_expected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
