/*
 * Trust lists as an administrator works on them: order is kept, one subject once, nothing is half written.
 */
#include "front_door.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define C1 "lab/c1/ca.pem"

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("lab", CW_LAB_CLUSTER, NULL);
	door_ca("new.pem", "CN=New Root CA", TEST_AT + 1000 * CW_DAY);
	door_ca("other.pem", "CN=Other Root CA", TEST_AT + 1000 * CW_DAY);
	door_ca("same.pem", "C=US, O=Acme, CN=Acme Root CA", TEST_AT + 1000 * CW_DAY);
	door_ca("old.pem", "CN=Old Root CA", TEST_AT - CW_DAY);
	return 0;
}

static void a_list_shows_places_and_what_is_odd(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "trust", "append", "odd.pem", C1, "old.pem");
	WANT(CW_EXIT_GOOD, "trust", "append", "odd.pem", "same.pem", "--allow-same-subject");
	RUN(&ran, "trust", "list", "odd.pem");
	want_golden("trust-list", ran.out);
}

static void append_keeps_the_order_and_says_what_is_there_already(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	AUTO(free) char *before = door_read(C1);
	RUN(&ran, "trust", "append", "-d", "lab", "c1.acme.test", "new.pem", "lab/e1/ca.pem");
	want_golden("trust-append", ran.out);
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	AUTO(free) char *after = door_read(C1);
	AUTO(free) char *added = door_read("new.pem");
	assert_memory_equal(after, before, strlen(before)); /* what stood there is as it was, byte by byte */
	assert_string_equal(after + strlen(before), added);
	WANT(CW_EXIT_GOOD, "trust", "remove", "-d", "lab", "c1.acme.test", "New Root CA");
	AUTO(free) char *restored = door_read(C1);
	assert_string_equal(restored, before);
}

static void a_second_entry_of_one_subject_is_refused_unless_told(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	AUTO(free) char *before = door_read(C1);
	RUN(&ran, "trust", "append", C1, "new.pem", "same.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("trust-append-refused", ran.out);
	AUTO(free) char *after = door_read(C1);
	assert_string_equal(after, before); /* all or nothing: new.pem did not get in either */
	door_write("told.pem", before);
	RUN(&ran, "trust", "append", "told.pem", "same.pem", "--allow-same-subject");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "there it has no effect");
	door_write("told.pem", before);
	RUN(&ran, "trust", "append", "told.pem", "same.pem", "--replace");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "replaced: C=US, O=Acme, CN=Acme Root CA");
	RUN(&ran, "trust", "list", "told.pem", "-f", "json");
	want_text(ran.out, "\"place\": 4");
	want_no_text(ran.out, "\"place\": 5");
}

static void a_folder_is_appended_whole_and_names_what_it_leaves_out(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	AUTO(free) char *leaf = door_read("lab/e1/server.pem");
	AUTO(free) char *root = door_read("new.pem");
	door_write("saved/1.pem", leaf);
	door_write("saved/2.pem", root);
	door_write("saved/notes.txt", "seen on Monday\n");
	RUN(&ran, "trust", "append", "from.pem", "--from", "saved");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("trust-append-from", ran.out);
	want_text(ran.err, "left out: saved/notes.txt: ");
	RUN(&ran, "trust", "append", "from.pem", "--from", "saved", "--leaves");
	want_text(ran.out, "from.pem: 1 of 2 certificates taken; it holds 2 now");
}

static void entries_are_named_by_place_fingerprint_subject_or_cn(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	static const char *const ways[] = {"2", "CN=Other Root CA", "other root ca"};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		WANT(CW_EXIT_GOOD, "trust", "append", "ways.pem", "new.pem", "other.pem");
		RUN(&ran, "trust", "remove", "ways.pem", ways[i]);
		assert_int_equal(ran.status, CW_EXIT_GOOD);
		want_text(ran.out, "removed: entry 2, CN=Other Root CA");
	}
	static const struct {
		const char *which, *want;
	} rows[] = {
		{"0", "there is no place 0; it holds 1 certificate"},
		{"7", "there is no place 7; it holds 1 certificate"},
		{"Nobody", "no entry is \"Nobody\"; wanted a place"},
		{"0123456789abcdef", "no entry is \"0123456789abcdef\""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		RUN(&ran, "trust", "remove", "ways.pem", rows[i].which);
		assert_int_equal(ran.status, CW_EXIT_TROUBLE);
		want_text(ran.err, rows[i].want);
	}
	WANT(CW_EXIT_GOOD, "trust", "append", "two.pem", C1, "same.pem", "--allow-same-subject");
	RUN(&ran, "trust", "remove", "two.pem", "Acme Root CA");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "fits more than one entry (2, 5)");
}

static void move_puts_an_entry_where_it_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *which, *option, *value,
			*want; /* order of new (N), other (O), old (X) afterwards */
	} rows[] = {
		{"3", "--first", NULL, "XNO"},
		{"1", "--last", NULL, "OXN"},
		{"1", "--before", "3", "ONX"},
		{"3", "--before", "1", "XNO"},
		{"1", "--after", "2", "ONX"},
		{"3", "--after", "1", "NXO"},
		{"2", "--after", "2", "NOX"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		remove("move.pem");
		WANT(CW_EXIT_GOOD, "trust", "append", "move.pem", "new.pem", "other.pem", "old.pem");
		RUN(&ran, "trust", "move", "move.pem", rows[i].which, rows[i].option, rows[i].value);
		assert_int_equal(ran.status, CW_EXIT_GOOD);
		RUN(&ran, "trust", "list", "move.pem");
		char got[4] = "";
		static const char *const names[] = {"CN=New", "CN=Other", "CN=Old"};
		for (size_t k = 0; k < 3; k++) {
			const char *at = strstr(ran.out, names[k]);
			assert_non_null(at);
			size_t place = (size_t)(at[-3] - '1');
			assert_true(place < 3);
			got[place] = "NOX"[k];
		}
		if (memcmp(got, rows[i].want, 3) != 0)
			fail_msg("row %zu: got %.3s", i, got);
	}
	WANT(CW_EXIT_TROUBLE, "trust", "move", "move.pem", "1");
	WANT(CW_EXIT_TROUBLE, "trust", "move", "move.pem", "1", "--first", "--last");
}

static void comments_go_with_their_entries(void **state)
{
	(void)state;
	AUTO(free) char *one = door_read("new.pem");
	AUTO(free) char *two = door_read("other.pem");
	AUTO_BUFFER text = {0}, wanted = {0};
	cw_buffer_printf(&text, "# one\n%s\n# two\n%s# the end", one, two);
	cw_buffer_printf(&wanted, "\n# two\n%s# one\n%s# the end\n", two, one);
	door_write("comments.pem", cw_buffer_string(&text));
	WANT(CW_EXIT_GOOD, "trust", "move", "comments.pem", "1", "--last");
	AUTO(free) char *got = door_read("comments.pem");
	assert_string_equal(got, cw_buffer_string(&wanted));
}

static void diff_tells_content_from_order_and_whether_order_matters(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	WANT(CW_EXIT_GOOD, "trust", "diff", "-d", "lab", "c1.acme.test", "c2.acme.test");
	WANT(CW_EXIT_GOOD, "trust", "append", "a.pem", "new.pem", "other.pem", C1);
	WANT(CW_EXIT_GOOD, "trust", "append", "b.pem", "other.pem", "new.pem", C1);
	RUN(&ran, "trust", "diff", "a.pem", "b.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("trust-diff-order", ran.out);
	WANT(CW_EXIT_GOOD, "trust", "append", "a.pem", "same.pem", "--allow-same-subject");
	WANT(CW_EXIT_GOOD, "trust", "append", "b.pem", "same.pem", "--allow-same-subject");
	WANT(CW_EXIT_GOOD, "trust", "move", "b.pem", "7", "--first");
	WANT(CW_EXIT_GOOD, "trust", "remove", "b.pem", "New Root CA");
	RUN(&ran, "trust", "diff", "a.pem", "b.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_golden("trust-diff-decides", ran.out);
	RUN(&ran, "trust", "diff", "a.pem", "b.pem", "-f", "json");
	want_text(ran.out, "\"first_of_subject_differs\": true");
}

static void a_store_is_named_by_node_and_store(void **state)
{
	(void)state;
	static const struct {
		const char *word, *want;
	} rows[] = {
		{"pub.acme.test",
			"wanted one of its lists: pub.acme.test:tomcat-trust, "
			"pub.acme.test:callmanager-trust"},
		{"c1.acme.test:tomcat-trust", "wanted one of its lists: c1.acme.test:trusted-ca"},
		{"nobody.acme.test", "has no node and no endpoint of that name"},
	};
	TEST_ANSWER ran = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		RUN(&ran, "trust", "list", "-d", "lab", rows[i].word);
		assert_int_equal(ran.status, CW_EXIT_TROUBLE);
		want_text(ran.err, rows[i].want);
	}
	WANT(CW_EXIT_GOOD, "trust", "list", "-d", "lab", "pub.acme.test:tomcat-trust", "room");
}

static void a_dry_run_changes_nothing(void **state)
{
	(void)state;
	AUTO(free) char *before = door_read(C1);
	WANT(CW_EXIT_GOOD, "trust", "append", "-n", C1, "new.pem");
	WANT(CW_EXIT_GOOD, "trust", "remove", "-n", C1, "1");
	WANT(CW_EXIT_GOOD, "trust", "move", "-n", C1, "1", "--last");
	AUTO(free) char *after = door_read(C1);
	assert_string_equal(after, before);
}

static void what_was_der_becomes_pem_and_the_mode_stays(void **state)
{
	(void)state;
	struct stat status;
	AUTO(free) char *pem = door_read("new.pem");
	door_write("mode.pem", pem);
	assert_int_equal(chmod("mode.pem", 0640), 0);
	WANT(CW_EXIT_GOOD, "trust", "append", "mode.pem", "other.pem");
	assert_int_equal(stat("mode.pem", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	WANT(CW_EXIT_TROUBLE, "trust", "append", "-", "other.pem");
	WANT(CW_EXIT_GOOD, "cert", "convert", "new.pem", "-o", "list.der");
	WANT(CW_EXIT_GOOD, "trust", "append", "list.der", "other.pem");
	AUTO(free) char *other = door_read("other.pem");
	AUTO(free) char *list = door_read("list.der");
	AUTO_BUFFER both = {0};
	cw_buffer_printf(&both, "%s%s", pem, other);
	assert_string_equal(list, cw_buffer_string(&both));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_shows_places_and_what_is_odd),
		cmocka_unit_test(append_keeps_the_order_and_says_what_is_there_already),
		cmocka_unit_test(a_second_entry_of_one_subject_is_refused_unless_told),
		cmocka_unit_test(a_folder_is_appended_whole_and_names_what_it_leaves_out),
		cmocka_unit_test(entries_are_named_by_place_fingerprint_subject_or_cn),
		cmocka_unit_test(move_puts_an_entry_where_it_is_told),
		cmocka_unit_test(comments_go_with_their_entries),
		cmocka_unit_test(diff_tells_content_from_order_and_whether_order_matters),
		cmocka_unit_test(a_store_is_named_by_node_and_store),
		cmocka_unit_test(a_dry_run_changes_nothing),
		cmocka_unit_test(what_was_der_becomes_pem_and_the_mode_stays),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
