/*
 * Servers that are none: our client connects, and is dropped from the other side, kept waiting, or sent
 * something that is no TLS. Each time it ends with a reason, and in time.
 */
#include "net/connection.h"
#include "support/certs.h"
#include "support/cmocka.h"

#include <arpa/inet.h>
#include <event2/listener.h>
#include <signal.h>
#include <unistd.h>

enum after { STAYS, HALF_CLOSES, CLOSES };

struct row {
	const char *what, *bytes;
	size_t length;
	enum after after;
	enum cw_end want_end;
	const char *want_reason;
};

static struct {
	struct event_base *base;
	const struct row *row;
	evutil_socket_t accepted;
	struct cw_connection_report report;
	bool over;
} scene;

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	(void)context;
	(void)chain;
	(void)count;
	fail_msg("%s: somebody was judged", scene.row->what);
	return SSL_AD_INTERNAL_ERROR;
}

static void on_up(void *context, struct cw_connection *connection)
{
	(void)context;
	(void)connection;
	fail_msg("%s: a handshake was done", scene.row->what);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	(void)context;
	(void)connection;
	(void)data;
	(void)length;
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	(void)context;
	(void)connection;
	scene.report = *report;
	scene.over = true;
	event_base_loopbreak(scene.base);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	(void)listener;
	(void)from;
	(void)length;
	(void)context;
	scene.accepted = socket_;
	if (scene.row->length)
		assert_int_equal(send(socket_, scene.row->bytes, scene.row->length, MSG_NOSIGNAL),
			(ssize_t)scene.row->length);
	if (scene.row->after == HALF_CLOSES)
		shutdown(socket_, SHUT_WR);
	if (scene.row->after == CLOSES) {
		evutil_closesocket(socket_);
		scene.accepted = -1;
	}
}

static void connect_to(const struct sockaddr_in *address)
{
	static const struct cw_limits limits = {
		.connect = 5000, .handshake = 600, .first_byte = 600, .idle = 600, .drain = 50};
	struct cw_error error;
	AUTO(SSL_CTX_free) SSL_CTX *tls = NULL;
	struct cw_cert *chain[] = {test_cert("client")};
	struct cw_tls_setup setup = {
		.chain = chain, .chain_count = 1, .key = test_key("client"), .asks = true};
	struct cw_connection *connection;
	assert_true(cw_tls_context(&setup, &tls, &error));
	struct cw_connection_setup open = {.base = scene.base,
		.tls = tls,
		.judge = {.ask = ask},
		.limits = &limits,
		.owner = {on_up, on_received, on_ended, NULL, NULL}};
	const struct cw_connection_route route = {
		NULL, (const struct sockaddr *)address, sizeof *address, "e1.acme.test"};
	assert_true(cw_connection_open(&open, &route, &connection, &error));
}

static void play(const struct row *row)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, address;
	socklen_t size = sizeof address;
	memset(&scene, 0, sizeof scene);
	scene.base = event_base_new();
	scene.row = row;
	scene.accepted = -1;
	struct evconnlistener *listener = evconnlistener_new_bind(
		scene.base, on_accept, NULL, LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&any, sizeof any);
	assert_non_null(listener);
	assert_int_equal(getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&address, &size), 0);
	connect_to(&address);
	while (!scene.over)
		assert_int_equal(event_base_dispatch(scene.base), 0);
	if (scene.accepted >= 0)
		evutil_closesocket(scene.accepted);
	evconnlistener_free(listener);
	event_base_free(scene.base);
}

static void every_server_that_is_none_has_a_reason(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", 28, STAYS, CW_END_GARBAGE,
			"what came was no TLS"},
		{"SIP", "SIP/2.0 400 Bad Request\r\n\r\n", 27, STAYS, CW_END_GARBAGE, "what came was no TLS"},
		{"SSH", "SSH-2.0-OpenSSH_9.2p1\r\n", 23, STAYS, CW_END_GARBAGE, "what came was no TLS"},
		{"zeros", "\0\0\0\0\0\0\0\0\0\0\0\0", 12, STAYS, CW_END_GARBAGE, "no TLS"},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x28", 7, STAYS, CW_END_PEER_ALERT,
			"the other side sent the alert handshake_failure"},
		{"application data first", "\x17\x03\x03\x00\x05hello", 10, STAYS, CW_END_GARBAGE,
			"unexpected message"},
		{"a record too long", "\x16\x03\x03\xff\xff\x02\x00\x00\x00\x00\x00", 11, STAYS,
			CW_END_GARBAGE, "length"},
		{"a message too long", "\x16\x03\x03\x00\x04\x02\xff\xff\xff", 9, STAYS, CW_END_FLOOD,
			"a message over 102400 bytes"},
		{"half a ServerHello, then silence", "\x16\x03\x03\x00\x50\x02\x00\x00\x4c\x03\x03", 11,
			STAYS, CW_END_TIME, "nothing came in time (handshake)"},
		{"half a ServerHello, then the end", "\x16\x03\x03\x00\x50\x02\x00\x00\x4c\x03\x03", 11,
			HALF_CLOSES, CW_END_PEER_CLOSED,
			"the other side closed in the middle of the handshake"},
		{"silence", "", 0, STAYS, CW_END_TIME, "nothing came in time (handshake)"},
		{"the end at once", "", 0, HALF_CLOSES, CW_END_PEER_CLOSED,
			"the other side closed in the middle of the handshake"},
		{"a closed door", "", 0, CLOSES, CW_END_PEER_CLOSED,
			"the other side closed in the middle of the handshake"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		play(&rows[i]);
		if (scene.report.end != rows[i].want_end || !strstr(scene.report.reason, rows[i].want_reason))
			fail_msg("%s: ended as %d: %s", rows[i].what, (int)scene.report.end,
				scene.report.reason);
		assert_false(scene.report.handshake_done);
	}
}

static int make_all(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	test_make_certs("root ca; client by=root eku=server,client san=DNS:c1.acme.test");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_server_that_is_none_has_a_reason)};
	return cmocka_run_group_tests(tests, make_all, test_certs_teardown);
}
