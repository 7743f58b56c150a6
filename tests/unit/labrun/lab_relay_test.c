/*
 * The ports of a lab for other machines: bytes go through both ways, ends too, and what cannot be had is told.
 */
#include "labrun/lab_relay.h"

#include "net/loopback.h"
#include "support/cmocka.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOMCAT 8443
#define MUCH (3 * 1024 * 1024)

static struct {
	struct event_base *base;
	struct cw_loopback network;
	struct cw_node node;
	struct cw_lab_folder folder;
	struct cw_lab_folders folders;
	struct cw_lab_relay *relay;
	int listening; /* in the node's place */
} scene;

static int begin(void **state)
{
	struct cw_error error;
	(void)state;
	memset(&scene, 0, sizeof scene);
	scene.base = event_base_new();
	if (!scene.base || !cw_loopback_take(&scene.network, &error))
		return -1;
	struct sockaddr_in own = cw_loopback_address(&scene.network, 0, TOMCAT);
	scene.node.fqdn = (char *)(uintptr_t) "pub.acme.test";
	scene.node.kind = CW_NODE_CUCM;
	scene.folder.node = &scene.node;
	inet_ntop(AF_INET, &own.sin_addr, scene.folder.address, sizeof scene.folder.address);
	scene.folders = (struct cw_lab_folders){&scene.folder, 1};
	scene.listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return bind(scene.listening, (struct sockaddr *)&own, sizeof own) == 0 &&
			listen(scene.listening, 8) == 0
		? 0
		: -1;
}

static int end(void **state)
{
	(void)state;
	cw_lab_relay_end(scene.relay);
	close(scene.listening);
	cw_loopback_release(&scene.network);
	event_base_free(scene.base);
	return 0;
}

/* The port that leads to `service`, as the relay tells it. */
static struct sockaddr_in port_of(const char *service)
{
	AUTO_BUFFER told = {0};
	char wanted[80];
	unsigned port = 0;
	cw_lab_relay_tell(scene.relay, &told);
	snprintf(wanted, sizeof wanted, "pub.acme.test %s (", service);
	const char *line = strstr(cw_buffer_string(&told), wanted);
	assert_non_null(line);
	const char *at = strstr(line, "): 127.0.0.1:");
	assert_true(at && sscanf(at, "): 127.0.0.1:%u", &port) == 1 && port);
	return (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void open_relay(void)
{
	struct cw_error error;
	if (!cw_lab_relay_begin(scene.base, "127.0.0.1:0", &scene.folders, &scene.relay, &error))
		fail_msg("%s", error.message);
}

static int dial(const char *service)
{
	const struct sockaddr_in to = port_of(service);
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(made, (const struct sockaddr *)&to, sizeof to), 0);
	return made;
}

static int accept_one(void)
{
	struct pollfd waits = {.fd = scene.listening, .events = POLLIN};
	while (poll(&waits, 1, 0) == 0)
		event_base_loop(scene.base, EVLOOP_ONCE);
	return accept(scene.listening, NULL, NULL);
}

/* Exactly so many bytes, or fewer at the end. */
static size_t receive(int from, char *bytes, size_t length)
{
	size_t have = 0;
	while (have < length) {
		ssize_t got = recv(from, bytes + have, length - have, MSG_DONTWAIT);
		if (got == 0)
			break;
		if (got > 0)
			have += (size_t)got;
		else
			event_base_loop(scene.base, EVLOOP_ONCE);
	}
	return have;
}

static void bytes_go_both_ways_and_an_end_is_an_end(void **state)
{
	(void)state;
	char bytes[64] = "";
	open_relay();
	int outside = dial("tomcat"), inside = accept_one();
	assert_true(send(outside, "hello", 5, 0) == 5);
	assert_int_equal(receive(inside, bytes, 5), 5);
	assert_memory_equal(bytes, "hello", 5);
	assert_true(send(inside, "and you", 7, 0) == 7);
	close(inside);
	assert_int_equal(receive(outside, bytes, sizeof bytes), 7); /* and then its end */
	assert_memory_equal(bytes, "and you", 7);
	close(outside);
}

/* More than is kept for a side that does not read: it waits, nothing is lost, and the end comes last. */
static void who_reads_slowly_gets_everything(void **state)
{
	(void)state;
	static char sent[MUCH], got[MUCH + 1];
	size_t at = 0, have = 0;
	for (size_t i = 0; i < MUCH; i++)
		sent[i] = (char)(i * 7 + i / 251);
	open_relay();
	int outside = dial("tomcat"), inside = accept_one();
	while (at < MUCH) { /* ends: each turn sends something, or the other side takes something */
		ssize_t now = send(inside, sent + at, MUCH - at, MSG_DONTWAIT);
		if (now > 0)
			at += (size_t)now;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
		ssize_t read = now > 0 ? 0 : recv(outside, got + have, 4096, MSG_DONTWAIT);
		if (read > 0)
			have += (size_t)read;
	}
	shutdown(inside, SHUT_WR);
	have += receive(outside, got + have, sizeof got - have);
	assert_int_equal(have, MUCH);
	assert_memory_equal(sent, got, MUCH);
	close(inside);
	close(outside);
}

static void a_node_that_does_not_listen_ends_the_connection(void **state)
{
	(void)state;
	char byte;
	open_relay();
	int outside = dial("tftp");
	assert_int_equal(receive(outside, &byte, 1), 0);
	close(outside);
}

static void each_port_of_a_node_that_runs_is_told(void **state)
{
	(void)state;
	AUTO_BUFFER told = {0};
	open_relay();
	port_of("tomcat");
	port_of("tftp");
	port_of("sip");
	cw_lab_relay_end(scene.relay);
	scene.relay = NULL;
	snprintf(scene.folder.trouble, sizeof scene.folder.trouble, "its certificate is not known");
	open_relay();
	cw_lab_relay_tell(scene.relay, &told);
	assert_int_equal(told.length, 0);
}

static void what_is_no_address_or_taken_is_an_error(void **state)
{
	(void)state;
	char taken[64];
	snprintf(taken, sizeof taken, "%s:%d", scene.folder.address, TOMCAT);
	const struct {
		const char *listen;
		enum cw_error_code want_code;
		const char *want;
	} rows[] = {
		{"", CW_E_USAGE, "wanted an IPv4 address, with a first port or without"},
		{"lab.acme.test", CW_E_USAGE, "found \"lab.acme.test\""},
		{"127.0.0.1:", CW_E_USAGE, "found \"127.0.0.1:\""},
		{"127.0.0.1:x", CW_E_USAGE, "found \"127.0.0.1:x\""},
		{"127.0.0.1:1x", CW_E_USAGE, "found"},
		{"127.0.0.1:65536", CW_E_USAGE, "found"},
		{"127.0.0.1:123456", CW_E_USAGE, "found"},
		{"127.0.0.1.127.0.0.1.1", CW_E_USAGE, "found"},
		{"::1", CW_E_USAGE, "found"},
		{taken, CW_E_NETWORK, "cannot be listened on"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_lab_relay *relay = NULL;
		struct cw_error error;
		if (cw_lab_relay_begin(scene.base, rows[i].listen, &scene.folders, &relay, &error))
			fail_msg("\"%s\" is taken", rows[i].listen);
		assert_int_equal(error.code, rows[i].want_code);
		if (!strstr(error.message, rows[i].want))
			fail_msg("wanted \"%s\", found \"%s\"", rows[i].want, error.message);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_go_both_ways_and_an_end_is_an_end),
		TEST(who_reads_slowly_gets_everything),
		TEST(a_node_that_does_not_listen_ends_the_connection),
		TEST(each_port_of_a_node_that_runs_is_told),
		TEST(what_is_no_address_or_taken_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
