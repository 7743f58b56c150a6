/*
 * crl fetch against a small server of our own on loopback: what is stored, and what is not.
 */
#include "front_door.h"
#include "workbench/fetch.h"

#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t server;
static unsigned port;

static void send_all(int peer, const char *data, size_t length)
{
	while (length) {
		ssize_t sent = send(peer, data, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		data += sent;
		length -= (size_t)sent;
	}
}

/* /FILE is a file of the working folder; /endless never ends, /https and /around redirect, /slow says
 * nothing. */
static void answer(int peer, const char *path)
{
	AUTO_BUFFER head = {0}, body = {0};
	struct cw_error error;
	if (strcmp(path, "endless") == 0) {
		static char chunk[65536];
		cw_buffer_text(&head, "HTTP/1.0 200 OK\r\n\r\n");
		send_all(peer, head.data, head.length);
		for (int i = 0; i < 64; i++)
			send_all(peer, chunk, sizeof chunk);
		return;
	}
	if (strcmp(path, "slow") == 0) {
		char byte;
		while (recv(peer, &byte, 1, 0) > 0)
			;
		return;
	}
	if (strcmp(path, "https") == 0)
		cw_buffer_printf(
			&head, "HTTP/1.0 302 Found\r\nLocation: https://127.0.0.1:%u/good.crl\r\n\r\n", port);
	else if (strcmp(path, "file") == 0)
		cw_buffer_text(&head, "HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n");
	else if (strcmp(path, "around") == 0)
		cw_buffer_printf(
			&head, "HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:%u/around\r\n\r\n", port);
	else if (!cw_file_read(path, 1 << 20, &body, &error))
		cw_buffer_text(&head, "HTTP/1.0 404 Not Found\r\n\r\n");
	else
		cw_buffer_printf(&head, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n", body.length);
	send_all(peer, head.data, head.length);
	send_all(peer, cw_buffer_string(&body), body.length);
}

static void serve(int listener)
{
	for (;;) {
		char request[2048];
		int peer = accept(listener, NULL, NULL);
		if (peer < 0)
			continue;
		ssize_t got = recv(peer, request, sizeof request - 1, 0);
		request[got > 0 ? got : 0] = '\0';
		char *path = strchr(request, '/');
		if (path) {
			path[1 + strcspn(path + 1, " \r\n")] = '\0';
			answer(peer, path + 1);
		}
		close(peer);
	}
}

static void start_server(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	port = ntohs(address.sin_port);
	server = fork();
	if (server == 0)
		serve(listener);
	close(listener);
}

struct ca {
	EVP_PKEY *key;
	struct cw_pool *pool;
	struct cw_bundle bundle;
};

static void ca_finish(struct ca *ca)
{
	EVP_PKEY_free(ca->key);
	cw_bundle_finish(&ca->bundle);
	cw_pool_free(ca->pool);
}

static void ca_read(struct ca *ca, const char *name)
{
	AUTO_BUFFER cert = {0}, key = {0};
	struct cw_error error;
	ca->pool = cw_pool_new();
	cw_buffer_printf(&cert, "lab/ca/%s/ca.pem", name);
	cw_buffer_printf(&key, "lab/ca/%s/privkey.pem", name);
	if (!cw_bundle_read(cw_buffer_string(&cert), "ca", NULL, ca->pool, &ca->bundle, &error) ||
		!cw_key_read(cw_buffer_string(&key), NULL, &ca->key, &error))
		fail_msg("%s", error.message);
}

static void write_crl(const char *ca_name, const char *path, cw_time from, cw_time until, bool pem)
{
	__attribute__((cleanup(ca_finish))) struct ca ca = {0};
	AUTO_BUFFER der = {0}, text = {0};
	struct cw_error error;
	const struct cw_issue_crl_spec spec = {.this_update = from, .next_update = until, .number = 1};
	ca_read(&ca, ca_name);
	assert_true(cw_issue_crl_der(&spec, cw_cert_x509(ca.bundle.entries[0].cert), ca.key, &der, &error));
	assert_true(cw_pem_write_block(&text, "X509 CRL", der.data, der.length, &error));
	assert_true(pem ? cw_file_write(path, text.data, text.length, 0644, &error)
			: cw_file_write(path, der.data, der.length, 0644, &error));
}

/* e1 gets a certificate that names these addresses (a path each, or a whole address). */
static void name_addresses(const char *const *paths)
{
	__attribute__((cleanup(ca_finish))) struct ca ca = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER urls = {0}, pem = {0};
	struct cw_error error;
	for (size_t i = 0; paths[i]; i++)
		if (strstr(paths[i], "://"))
			cw_buffer_printf(&urls, "%s%s", i ? ", " : "", paths[i]);
		else
			cw_buffer_printf(&urls, "%shttp://127.0.0.1:%u/%s", i ? ", " : "", port, paths[i]);
	const struct cw_issue_spec spec = {.subject = "CN=e1.acme.test",
		.sans = "DNS:e1.acme.test, DNS:acme.test",
		.not_before = DOOR_AT - CW_DAY,
		.not_after = DOOR_AT + 100 * CW_DAY,
		.eku = "server, client",
		.crl_urls = cw_buffer_string(&urls)};
	ca_read(&ca, "public-issuing");
	if (!cw_key_read("lab/e1/privkey.pem", NULL, &key, &error) ||
		!cw_issue(&spec, key, ca.bundle.entries[0].cert, ca.key, &cert, &error) ||
		!cw_pem_write_cert(&pem, cert, &error))
		fail_msg("%s", error.message);
	door_write("lab/e1/server.pem", cw_buffer_string(&pem));
}
#define NAME(...) name_addresses((const char *const[]){__VA_ARGS__, NULL})

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	door_lab("lab", CW_LAB_SMALL, NULL);
	write_crl("public-issuing", "good.crl", DOOR_AT - CW_DAY, DOOR_AT + 9 * CW_DAY, false);
	write_crl("public-root", "root.crl", DOOR_AT - CW_DAY, DOOR_AT + 9 * CW_DAY, true);
	write_crl("public-issuing", "older.crl", DOOR_AT - 5 * CW_DAY, DOOR_AT + 9 * CW_DAY, false);
	write_crl("public-issuing", "newer.crl", DOOR_AT - 60, DOOR_AT + 9 * CW_DAY, false);
	write_crl("public-issuing", "expired.crl", DOOR_AT - 9 * CW_DAY, DOOR_AT - CW_DAY, false);
	WANT(CW_EXIT_GOOD, "ca", "new", "lab/ca/stranger", "--cn", "Stranger CA", "--key", "ec");
	write_crl("stranger", "stranger.crl", DOOR_AT - CW_DAY, DOOR_AT + 9 * CW_DAY, false);
	door_write("page.crl", "<html>sign in</html>");
	start_server();
	return 0;
}

static int leave(void **state)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return door_leave(state);
}

static void good_lists_are_stored_and_then_judged_with(void **state)
{
	(void)state;
	AUTO_RAN ran = {0};
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
	AUTO_RAN ran = {0};
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
		AUTO_RAN ran = {0};
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
	AUTO_RAN ran = {0};
	NAME("slow");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "slow.pem", "--timeout", "1");
	assert_int_equal(ran.status, CW_EXIT_REFUSED);
	want_text(ran.out, "failed: ");
	assert_false(door_there("slow.pem"));
}

static void a_file_of_other_things_is_not_written_over(void **state)
{
	(void)state;
	AUTO_RAN ran = {0};
	NAME("good.crl");
	RUN(&ran, "crl", "fetch", "lab", "--private", "--store", "lab/c1/ca.pem");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "holds more than revocation lists");
}

static void a_certificate_does_not_choose_an_address_of_ours(void **state)
{
	(void)state;
	AUTO_RAN ran = {0};
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
	AUTO_RAN ran = {0};
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
