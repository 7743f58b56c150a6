/*
 * What an attack on the program found, restated: nothing is lost, and nothing is said that did not happen. Each test
 * is the sample of a kind; the kinds are named in docs/threat-model.md.
 */
#include "front_door.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAS 16

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	for (unsigned i = 1; i <= CAS; i++) {
		char folder[16], name[16];
		snprintf(folder, sizeof folder, "ca%u", i);
		snprintf(name, sizeof name, "CA %u", i);
		WANT(CW_EXIT_GOOD, "ca", "new", folder, "--cn", name, "--key", "ec");
	}
	door_lab("lab", CW_LAB_SMALL, NULL);
	return 0;
}

/* The two certificates with bytes between them that are no text. */
static void write_list(const char *path, const char *between, size_t length)
{
	AUTO(free) char *first = door_read("ca1/ca.pem");
	AUTO(free) char *second = door_read("ca2/ca.pem");
	AUTO_BUFFER text = {0};
	struct cw_error error;
	cw_buffer_text(&text, first);
	cw_buffer_append(&text, between, length);
	cw_buffer_text(&text, second);
	assert_true(cw_buffer_ok(&text, &error) &&
		cw_file_write(path, cw_buffer_string(&text), text.length, 0644, &error));
}

static void want_list(const char *path, const char *const *names, size_t count)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "trust", "list", path);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	const char *at = ran.out;
	for (size_t i = 0; i < count; i++) {
		at = strstr(at, names[i]);
		if (!at)
			fail_msg("wanted %s in its place in\n%s", names[i], ran.out);
	}
}

static void a_nul_between_certificates_loses_none(void **state)
{
	(void)state;
	write_list("list.pem", "\0\n", 2);
	WANT(CW_EXIT_GOOD, "trust", "append", "list.pem", "ca3/ca.pem");
	want_list("list.pem", (const char *const[]){"CN=CA 1", "CN=CA 2", "CN=CA 3"}, 3);
	WANT(CW_EXIT_GOOD, "trust", "move", "list.pem", "1", "--last");
	want_list("list.pem", (const char *const[]){"CN=CA 2", "CN=CA 3", "CN=CA 1"}, 3);
	WANT(CW_EXIT_GOOD, "trust", "remove", "list.pem", "CA 3");
	want_list("list.pem", (const char *const[]){"CN=CA 2", "CN=CA 1"}, 2);
}

static void a_list_that_no_verb_could_read_is_not_written(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	AUTO(free) char *cert = door_read("ca1/ca.pem");
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%sprinted text\n    Issuer: CN=Somebody\n", cert);
	door_write("printed.pem", cw_buffer_string(&text));
	RUN(&ran, "trust", "remove", "printed.pem", "1");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "so nothing is changed");
	AUTO(free) char *after = door_read("printed.pem");
	assert_string_equal(after, cw_buffer_string(&text));
	cw_buffer_finish(&text);
}

static void two_new_entries_of_one_name_are_two_files(void **state)
{
	(void)state;
	WANT(CW_EXIT_GOOD, "ca", "new", "twin1", "--cn", "O=One, CN=Twin", "--key", "ec");
	WANT(CW_EXIT_GOOD, "ca", "new", "twin2", "--cn", "O=Two, CN=Twin", "--key", "ec");
	door_lab("twins", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "cert", "split", "twins/c1/ca.pem", "--dir", "twins/c1/store");
	door_edit("twins/deployment.yaml", "trusted-ca: c1/ca.pem", "trusted-ca: c1/store");
	WANT(CW_EXIT_GOOD, "trust", "append", "-d", "twins", "c1.acme.test", "twin1/ca.pem", "twin2/ca.pem");
	TEST_ANSWER ran = {0};
	RUN(&ran, "trust", "list", "-d", "twins", "c1.acme.test");
	want_text(ran.out, "O=One, CN=Twin");
	want_text(ran.out, "O=Two, CN=Twin");
}

static void what_cannot_be_made_destroys_nothing(void **state)
{
	(void)state;
	static const char *const wrong[][2] = {
		{"--subject", "C=USA, O=Acme"},
		{"--subject", "NOSUCH=x"},
		{"--subject", "O="},
		{"--san", "a\nb.acme.test"},
		{"--san", "not a name"},
		{"--cn", "01234567890123456789012345678901234567890123456789012345678901234567890123456789"},
		{"--password-file", "not-there"},
	};
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256");
	AUTO(free) char *key = door_read("lab/c1/c1.acme.test.csr.key");
	AUTO(free) char *request = door_read("lab/c1/c1.acme.test.csr");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		TEST_ANSWER ran = {0};
		RUN(&ran, "csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256", "--discard", wrong[i][0],
			wrong[i][1]);
		if (ran.status != CW_EXIT_TROUBLE)
			fail_msg("%s %s: wanted trouble, got %s", wrong[i][0], wrong[i][1], ran.out);
		AUTO(free) char *key_after = door_read("lab/c1/c1.acme.test.csr.key");
		AUTO(free) char *request_after = door_read("lab/c1/c1.acme.test.csr");
		assert_string_equal(key_after, key);
		assert_string_equal(request_after, request);
		assert_false(door_there("lab/c1/c1.acme.test.discarded"));
	}
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256", "--discard");
	assert_true(door_there("lab/c1/c1.acme.test.discarded"));
	WANT(CW_EXIT_GOOD, "csr", "discard", "lab", "c1.acme.test");
}

static void a_key_behind_a_link_is_not_said_to_be_destroyed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "e1.acme.test", "--key", "ecdsa:256");
	assert_int_equal(rename("lab/e1/e1.acme.test.csr.key", "kept.key"), 0);
	assert_int_equal(symlink("../../kept.key", "lab/e1/e1.acme.test.csr.key"), 0);
	RUN(&ran, "csr", "discard", "lab", "e1.acme.test");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "is a link or no file, so that the key would not be destroyed");
	assert_true(door_there("lab/e1/e1.acme.test.csr"));
	assert_true(door_there("kept.key"));
}

static pid_t start(const char *const *words)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	TEST_ANSWER ran = {0};
	door_run(&ran, words);
	_exit((int)ran.status);
}

static void want_good(const pid_t *children, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

static size_t occurrences(const char *path, const char *part)
{
	AUTO(free) char *text = door_read(path);
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

static void all_who_append_at_once_have_appended(void **state)
{
	(void)state;
	pid_t children[CAS - 1];
	AUTO(free) char *first = door_read("ca1/ca.pem");
	door_write("shared/list.pem", first);
	for (unsigned i = 0; i < CAS - 1; i++) {
		char path[32];
		snprintf(path, sizeof path, "ca%u/ca.pem", i + 2);
		children[i] = start((const char *const[]){"trust", "append", "shared/list.pem", path, NULL});
	}
	want_good(children, CAS - 1);
	assert_int_equal(occurrences("shared/list.pem", "BEGIN CERTIFICATE"), CAS);
	assert_false(door_there("shared/.causeway.lock"));
}

static void all_that_is_signed_at_once_stands_in_the_index(void **state)
{
	(void)state;
	pid_t children[6];
	WANT(CW_EXIT_GOOD, "csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256");
	for (unsigned i = 0; i < 6; i++) {
		char path[32];
		snprintf(path, sizeof path, "signed%u.pem", i);
		children[i] = start((const char *const[]){
			"ca", "sign", "--ca", "ca1", "-o", path, "lab/c1/c1.acme.test.csr", NULL});
	}
	want_good(children, 6);
	assert_int_equal(occurrences("ca1/index", "\n"), 6);
	WANT(CW_EXIT_GOOD, "csr", "discard", "lab", "c1.acme.test");
}

static void of_two_requests_at_once_one_is_made_whole(void **state)
{
	(void)state;
	pid_t children[4];
	unsigned good = 0;
	for (unsigned i = 0; i < 4; i++)
		children[i] = start((const char *const[]){
			"csr", "new", "lab", "c1.acme.test", "--key", "ecdsa:256", NULL});
	for (unsigned i = 0; i < 4; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	assert_int_equal(good, 1);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "lab/ca/private-issuing", "-o", "one.pem",
		"lab/c1/c1.acme.test.csr");
	/* An installation refuses a key that is not the certificate's. */
	WANT(CW_EXIT_GOOD, "cert", "accept", "lab", "c1.acme.test", "one.pem", "--install");
}

static void an_entry_that_stays_is_not_called_removed(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("readonly", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "cert", "split", "readonly/e1/ca.pem", "--dir", "readonly/e1/store");
	door_edit("readonly/deployment.yaml", "trusted-ca: e1/ca.pem", "trusted-ca: e1/store");
	assert_int_equal(chmod("readonly/e1/store", 0555), 0);
	if (geteuid() == 0) {
		assert_int_equal(chmod("readonly/e1/store", 0755), 0);
		pid_t child = fork();
		if (child == 0) {
			if (setgid(65534) != 0 || setuid(65534) != 0)
				_exit(77);
			door_run(&ran,
				(const char *const[]){
					"trust", "remove", "-d", "readonly", "e1.acme.test", "1", NULL});
			_exit(strstr(ran.out, "removed") ? 99 : (int)ran.status);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WEXITSTATUS(status), CW_EXIT_TROUBLE);
		return;
	}
	RUN(&ran, "trust", "remove", "-d", "readonly", "e1.acme.test", "1");
	assert_int_equal(chmod("readonly/e1/store", 0755), 0);
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_no_text(ran.out, "removed");
}

static void nothing_that_a_file_says_controls_the_terminal(void **state)
{
	(void)state;
	static const char *const verbs[][3] = {{"cert", "show"}, {"csr", "show"}, {"trust", "list"},
		{"cert", "chain"}, {"cert", "verify", "--trusted-ca"}};
	door_write("evil.pem", "-----BEGIN \033]0;PWNED\007\033[31m-----\nAAAA\n");
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		TEST_ANSWER ran = {0};
		const char *option = verbs[i][2] ? verbs[i][2] : "evil.pem";
		RUN(&ran, verbs[i][0], verbs[i][1], option, verbs[i][2] ? "evil.pem" : NULL);
		assert_int_equal(ran.status, CW_EXIT_TROUBLE);
		assert_null(strpbrk(ran.err, "\033\007"));
		assert_null(strpbrk(ran.out, "\033\007"));
	}
	TEST_ANSWER ran = {0};
	door_write("marks.yaml", "causeway: 1\n\"fo\\u202eo\\u200b\\U000e0041\": y\n");
	RUN(&ran, "check", "marks.yaml");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "fo<U+202E>o<U+200B><U+E0041>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_nul_between_certificates_loses_none),
		cmocka_unit_test(a_list_that_no_verb_could_read_is_not_written),
		cmocka_unit_test(two_new_entries_of_one_name_are_two_files),
		cmocka_unit_test(what_cannot_be_made_destroys_nothing),
		cmocka_unit_test(a_key_behind_a_link_is_not_said_to_be_destroyed),
		cmocka_unit_test(all_who_append_at_once_have_appended),
		cmocka_unit_test(all_that_is_signed_at_once_stands_in_the_index),
		cmocka_unit_test(of_two_requests_at_once_one_is_made_whole),
		cmocka_unit_test(an_entry_that_stays_is_not_called_removed),
		cmocka_unit_test(nothing_that_a_file_says_controls_the_terminal),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
