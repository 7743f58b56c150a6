#include "front_door.h"

#include "base/file.h"
#include "cli/verbs.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"
#include "support/folder.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define HEX_MIN 16 /* fewer digits are no fingerprint */

void door_run(struct test_answer *ran, const char *const *words)
{
	test_run(ran, words);
}

void door_want(enum cw_exit status, const char *const *words)
{
	TEST_ANSWER ran = {0};
	door_run(&ran, words);
	if (ran.status != status)
		fail_msg("%s %s: wanted status %d, got %d:\n%s%s", words[0], words[1] ? words[1] : "",
			(int)status, (int)ran.status, ran.out, ran.err);
}

/* Lines are broken where they are full: a break with what stands in front of the next line is a space. */
static void unwrap(const char *text, struct cw_buffer *ret)
{
	for (; *text; text++) {
		bool broken = *text == '\n' && text[1] == ' ';
		cw_buffer_char(ret, broken ? ' ' : *text);
		if (broken)
			text += strspn(text + 1, " ");
	}
}

static bool holds(const char *text, const char *part)
{
	AUTO_BUFFER flat = {0};
	unwrap(text, &flat);
	return strstr(text, part) || strstr(cw_buffer_string(&flat), part);
}

void want_text(const char *text, const char *part)
{
	if (!holds(text, part))
		fail_msg("wanted\n%s\nin\n%s", part, text);
}

void want_no_text(const char *text, const char *part)
{
	if (holds(text, part))
		fail_msg("wanted no\n%s\nin\n%s", part, text);
}

/* Length of a run of hexadecimal digits (colons between pairs allowed) that is a fingerprint or a serial. */
static size_t hex_run(const char *text, const char *start)
{
	size_t length = 0, digits = 0;
	if (text > start && isalnum((unsigned char)text[-1]))
		return 0;
	while (isxdigit((unsigned char)text[length]) ||
		(digits && text[length] == ':' && isxdigit((unsigned char)text[length + 1]) &&
			isxdigit((unsigned char)text[length + 2])))
		digits += text[length++] != ':';
	return digits >= HEX_MIN && !isalnum((unsigned char)text[length]) ? length : 0;
}

static void mask(const char *text, struct cw_buffer *ret)
{
	const char *start = text;
	while (*text) {
		size_t hex = hex_run(text, start);
		if (hex) {
			cw_buffer_text(ret, "HEX");
			text += hex;
		} else if (strncmp(text, "line ", 5) == 0 && isdigit((unsigned char)text[5])) {
			cw_buffer_text(ret, "line N");
			text += 5 + strspn(text + 5, "0123456789");
		} else {
			cw_buffer_char(ret, *text++);
		}
	}
}

void want_golden(const char *name, const char *text)
{
	AUTO_BUFFER path = {0}, masked = {0}, wanted = {0};
	struct cw_error error;
	cw_buffer_printf(&path, "%s/%s.txt", GOLDEN_FOLDER, name);
	mask(text, &masked);
	if (getenv("CAUSEWAY_ACCEPT")) {
		assert_true(cw_file_write(
			cw_buffer_string(&path), cw_buffer_string(&masked), masked.length, 0644, &error));
		return;
	}
	if (!cw_file_read(cw_buffer_string(&path), FILE_MAX, &wanted, &error))
		fail_msg("%s", error.message);
	if (strcmp(cw_buffer_string(&wanted), cw_buffer_string(&masked)) != 0)
		fail_msg("golden %s: wanted\n%s\ngot\n%s", name, cw_buffer_string(&wanted),
			cw_buffer_string(&masked));
}

void door_lab(const char *folder, enum cw_lab_size size, const char *fault)
{
	struct cw_error error;
	const struct cw_lab_options options = {.folder = folder,
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = fault ? &fault : NULL,
		.fault_count = fault != NULL};
	if (!cw_lab_new(&options, &error))
		fail_msg("%s", error.message);
}

char *door_read(const char *path)
{
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!cw_file_read(path, FILE_MAX, &text, &error))
		fail_msg("%s", error.message);
	return cw_buffer_steal(&text);
}

void door_write(const char *path, const char *text)
{
	struct cw_error error;
	AUTO(free) char *folder = cw_file_folder(path);
	if ((*folder && !cw_file_make_folder(folder, &error)) ||
		!cw_file_write(path, text, strlen(text), 0644, &error))
		fail_msg("%s", error.message);
}

void door_edit(const char *path, const char *from, const char *to)
{
	AUTO(free) char *text = door_read(path);
	AUTO_BUFFER edited = {0};
	const char *at = strstr(text, from);
	if (!at)
		fail_msg("%s: no \"%s\" in\n%s", path, from, text);
	cw_buffer_append(&edited, text, (size_t)(at - text));
	cw_buffer_text(&edited, to);
	cw_buffer_text(&edited, at + strlen(from));
	door_write(path, cw_buffer_string(&edited));
}

bool door_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static char *former;

int door_enter(void **state)
{
	(void)state;
	former = getcwd(NULL, 0);
	return chdir(test_folder_make());
}

int door_leave(void **state)
{
	(void)state;
	int left = chdir(former);
	free(former);
	test_folder_remove();
	return left;
}

void door_ca(const char *path, const char *subject, cw_time until)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	const struct cw_issue_spec spec = {.subject = subject,
		.not_before = TEST_AT - 1000 * CW_DAY,
		.not_after = until,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN};
	assert_true(cw_issue_key("ec", &key, &error) && cw_issue(&spec, key, NULL, NULL, &cert, &error) &&
		cw_pem_write_cert(&pem, cert, &error));
	door_write(path, cw_buffer_string(&pem));
}
