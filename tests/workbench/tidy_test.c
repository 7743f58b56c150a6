/*
 * Tidying: what is proposed is proven, and what is taken away changes nothing.
 */
#include "front_door.h"

#include <stdlib.h>
#include <string.h>

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_ca("unused.pem", "CN=Unused Root CA", TEST_AT + 1000 * CW_DAY);
	door_ca("old.pem", "CN=Old Root CA", TEST_AT - CW_DAY);
	door_ca("same.pem", "C=US, O=Acme, CN=Acme Root CA", TEST_AT + 1000 * CW_DAY);
	return 0;
}

static char *check_json(const char *folder)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", folder, "-f", "json");
	char *links = strstr(ran.out, "\"links\": [");
	assert_non_null(links);
	char *nodes = strstr(links, "\"nodes\": [");
	assert_non_null(nodes);
	*nodes = '\0';
	return strdup(links);
}

static void a_tidy_deployment_is_left_alone(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("sound", CW_LAB_SMALL, NULL);
	RUN(&ran, "trust", "tidy", "sound");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "Every list is tidy");
}

static void what_is_of_no_use_is_proposed_and_proven(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("lab", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "trust", "append", "lab/c1/ca.pem", "unused.pem", "old.pem");
	WANT(CW_EXIT_GOOD, "trust", "append", "lab/c1/ca.pem", "same.pem", "--allow-same-subject");
	AUTO(free) char *list = door_read("lab/c1/ca.pem");
	AUTO(free) char *twice = door_read("unused.pem");
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s%s", list, twice);
	door_write("lab/c1/ca.pem", cw_buffer_string(&text));
	AUTO(free) char *before = check_json("lab");
	RUN(&ran, "trust", "tidy", "lab");
	want_text(ran.out, "the same certificate as entry 5");
	want_no_text(ran.out, "Old Root CA"); /* expired, and nothing in its place: asked for only */
	RUN(&ran, "trust", "tidy", "lab", "--unused");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("tidy", ran.out);
	AUTO(free) char *untouched = door_read("lab/c1/ca.pem");
	assert_string_equal(untouched, cw_buffer_string(&text));
	RUN(&ran, "trust", "tidy", "lab", "--unused", "--apply");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	AUTO(free) char *after = check_json("lab");
	RUN(&ran, "trust", "list", "lab/c1/ca.pem");
	want_text(ran.out, "lab/c1/ca.pem: 4 certificates");
	want_no_text(ran.out, "!");
	RUN(&ran, "trust", "tidy", "lab", "--unused");
	want_text(ran.out, "Every list is tidy");
	assert_non_null(before);
	assert_non_null(after);
}

static void a_shadowed_entry_that_is_the_right_one_stays(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("shadow", CW_LAB_SMALL, "issuer-shadowed");
	RUN(&ran, "trust", "tidy", "shadow", "--unused");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "but it is the right one");
}

static void a_list_that_is_not_known_in_full_is_not_judged(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("half", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "trust", "append", "half/c1/ca.pem", "old.pem");
	door_edit("half/deployment.yaml", "server: e1/server.pem", "server: unknown");
	RUN(&ran, "trust", "tidy", "half", "--unused", "--node", "c1.acme.test");
	want_text(ran.out, "is not known in full, so");
	RUN(&ran, "trust", "tidy", "half", "--unused", "--apply");
	RUN(&ran, "trust", "list", "half/c1/ca.pem");
	want_text(ran.out, "CN=Old Root CA");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tidy_deployment_is_left_alone),
		cmocka_unit_test(what_is_of_no_use_is_proposed_and_proven),
		cmocka_unit_test(a_shadowed_entry_that_is_the_right_one_stays),
		cmocka_unit_test(a_list_that_is_not_known_in_full_is_not_judged),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
