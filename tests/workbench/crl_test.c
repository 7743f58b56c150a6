/*
 * crl fetch against a small server of our own on loopback: what is stored, and what is not.
 */
#include "crl_server.h"
#include "front_door.h"
#include "workbench/crl/fetch.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME(...) crl_server_name("lab", (const char *const[]){__VA_ARGS__, NULL})

static void write_crl(const char *ca, const char *path, cw_time from, cw_time until, bool pem)
{
	crl_server_write(&(struct crl_server_list){"lab", ca, path, from, until, pem});
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	door_lab("lab", CW_LAB_SMALL, NULL);
	write_crl("public-issuing", "good.crl", TEST_AT - CW_DAY, TEST_AT + 9 * CW_DAY, false);
	write_crl("public-root", "root.crl", TEST_AT - CW_DAY, TEST_AT + 9 * CW_DAY, true);
	write_crl("public-issuing", "older.crl", TEST_AT - 5 * CW_DAY, TEST_AT + 9 * CW_DAY, false);
	write_crl("public-issuing", "newer.crl", TEST_AT - 60, TEST_AT + 9 * CW_DAY, false);
	write_crl("public-issuing", "expired.crl", TEST_AT - 9 * CW_DAY, TEST_AT - CW_DAY, false);
	WANT(CW_EXIT_GOOD, "ca", "new", "lab/ca/stranger", "--cn", "Stranger CA", "--key", "ec");
	write_crl("stranger", "stranger.crl", TEST_AT - CW_DAY, TEST_AT + 9 * CW_DAY, false);
	door_write("page.crl", "<html>sign in</html>");
	crl_server_start();
	return 0;
}

static int leave(void **state)
{
	crl_server_stop();
	return door_leave(state);
}

static void good_lists_are_stored_and_then_judged_with(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	NAME("good.crl", "root.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "stored.pem");
	if (ran.status != CW_EXIT_GOOD)
		fail_msg("%s%s", ran.out, ran.err);
	want_text(ran.out, "good.crl: C=US, O=Public Trust, CN=Public Trust Issuing CA, of");
	RUN(&ran, "cert", "show", "stored.pem");
	want_text(ran.out, "revocation list 2 of 2");
	RUN(&ran, "client-test", "--trusted-ca", "lab/c1/ca.pem", "--crl", "stored.pem", "--revocation",
		"all", "lab/e1/server.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "Valid certificate:  Valid\n");
}

static void a_list_is_never_replaced_by_an_older_one(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	unlink("roll.pem");
	NAME("good.crl");
	WANT(CW_EXIT_GOOD, "crl", "fetch", "lab", "--private", "--store", "roll.pem");
	AUTO(free) char *first = door_read("roll.pem");
	NAME("older.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "roll.pem");
	want_text(ran.out, "kept: ");
	AUTO(free) char *second = door_read("roll.pem");
	assert_string_equal(first, second);
	NAME("newer.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "roll.pem");
	want_text(ran.out, "stored: ");
	AUTO(free) char *third = door_read("roll.pem");
	assert_string_not_equal(first, third);
}

static void what_is_no_good_list_leaves_the_stored_one(void **state)
{
	(void)state;
	static const struct {
		const char *path, *want;
	} rows[] = {
		{"stranger.crl", "no CA of this deployment signed it (it says CN=Stranger CA)"},
		{"expired.crl", "expired on 2026-11-19"},
		{"page.crl", "an HTML page"},
		{"nothing.crl", "the server answered 404"},
		{"endless", "longer than 1024 bytes"},
		{"https", "failed: "},
		{"file", "failed: "},
		{"around", "failed: "},
		{"https://127.0.0.1:1/x.crl", "only http addresses are fetched"},
		{"ldap://127.0.0.1/x", "only http addresses are fetched"},
		{"http://127.0.0.1:1/x.crl", "failed: "},
	};
	door_write("kept.pem", "");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		NAME(rows[i].path);
		RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "kept.pem", "--max-size", "1",
			"--timeout", "5");
		if (ran.status != CW_EXIT_REFUSED)
			fail_msg("row %zu: status %d\n%s%s", i, (int)ran.status, ran.out, ran.err);
		want_text(ran.out, rows[i].want);
		AUTO(free) char *kept = door_read("kept.pem");
		assert_string_equal(kept, "");
	}
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	NAME("slow");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "slow.pem", "--timeout", "1");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_text(ran.out, "failed: ");
	assert_false(door_there("slow.pem"));
}

static void a_file_of_other_things_is_not_written_over(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	NAME("good.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "lab/c1/ca.pem");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "holds more than revocation lists");
}

static void a_certificate_does_not_choose_an_address_of_ours(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	NAME("good.crl", "root.crl"); /* on 127.0.0.1 */
	RUN(&ran, "crl", "fetch", "lab", "--store", "inside.pem");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_text(ran.out, "leads to an address of this machine or of a private network");
	assert_false(door_there("inside.pem"));
	NAME("http://user:secret@127.0.0.1:1/x.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "inside.pem");
	want_text(ran.out, "an address with a user name in it is not fetched");
}

static void a_proxy_of_the_environment_is_not_asked(void **state)
{
	(void)state;
	NAME("good.crl", "root.crl");
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	WANT(CW_EXIT_GOOD, "crl", "fetch", "lab", "--private", "--store", "proxy.pem");
	assert_int_equal(unsetenv("http_proxy"), 0);
	TEST_ANSWER ran = {0};
	RUN(&ran, "crl", "fetch", "lab", "--store", "other.pem", "--proxy", "http://127.0.0.1:1");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
}

static void what_is_public_is_told_from_what_is_not(void **state)
{
	(void)state;
	static const struct {
		const char *address;
		bool want_public;
	} rows[] = {
		{"8.8.8.8", true},
		{"127.0.0.1", false},
		{"10.1.2.3", false},
		{"172.16.0.1", false},
		{"172.32.0.1", true},
		{"192.168.1.1", false},
		{"169.254.169.254", false},
		{"100.64.0.1", false},
		{"100.128.0.1", true},
		{"0.0.0.0", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"2606:4700::1111", true},
		{"::1", false},
		{"::", false},
		{"fe80::1", false},
		{"fd00::1", false},
		{"ff02::1", false},
		{"::ffff:127.0.0.1", false},
		{"::ffff:8.8.8.8", true},
		{"64:ff9b::a00:1", false},
		{"2002:7f00:1::", false},
		{"2001:db8::1", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sockaddr_storage address = {0};
		struct sockaddr_in *four = (struct sockaddr_in *)(void *)&address;
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&address;
		address.ss_family = strchr(rows[i].address, ':') ? AF_INET6 : AF_INET;
		void *place =
			address.ss_family == AF_INET6 ? (void *)&six->sin6_addr : (void *)&four->sin_addr;
		assert_int_equal(inet_pton(address.ss_family, rows[i].address, place), 1);
		if (cw_fetch_is_public((struct sockaddr *)&address) != rows[i].want_public)
			fail_msg("%s: wanted %s", rows[i].address,
				rows[i].want_public ? "public" : "not public");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lists_are_stored_and_then_judged_with),
		cmocka_unit_test(a_certificate_does_not_choose_an_address_of_ours),
		cmocka_unit_test(a_proxy_of_the_environment_is_not_asked),
		cmocka_unit_test(what_is_public_is_told_from_what_is_not),
		cmocka_unit_test(a_list_is_never_replaced_by_an_older_one),
		cmocka_unit_test(what_is_no_good_list_leaves_the_stored_one),
		cmocka_unit_test(a_server_that_says_nothing_is_given_up),
		cmocka_unit_test(a_file_of_other_things_is_not_written_over),
	};
	return cmocka_run_group_tests(tests, make, leave);
}
