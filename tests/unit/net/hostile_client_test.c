/*
 * Clients that hang, send garbage, half-close, flood or do not keep to the rules of TLS: each is dropped with
 * a reason.
 */
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/connection_scene.h"

#include <openssl/err.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A peer of plain bytes: what it sends, and whether it then stays, half-closes or closes. */
enum after { STAYS, HALF_CLOSES, CLOSES };

static void play_raw(const void *bytes, size_t length, enum after after)
{
	int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	scene.server_only = true;
	scene.server = (struct test_end){.answer = CW_TLS_ACCEPT};
	assert_int_equal(connect(raw, (struct sockaddr *)&scene.address, sizeof scene.address), 0);
	if (length)
		assert_int_equal(send(raw, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
	if (after == HALF_CLOSES)
		shutdown(raw, SHUT_WR);
	if (after == CLOSES)
		close(raw);
	assert_int_equal(event_base_dispatch(scene.base), 0);
	if (after != CLOSES)
		close(raw);
	assert_true(scene.server.over);
	assert_false(scene.server.up);
}

#define HELLO "\x16\x03\x01\x00\xc0\x01\x00\x00\xbc\x03\x03" /* the start of a ClientHello */

static void strange_peers_are_dropped_with_a_reason(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *bytes;
		size_t length;
		enum after after;
		enum cw_end want_end;
		const char *want_in_reason;
	} rows[] = {
		{"HTTP", "GET / HTTP/1.1\r\nHost: e1\r\n\r\n", 27, STAYS, CW_END_GARBAGE, "no TLS"},
		{"SIP", "OPTIONS sip:e1 SIP/2.0\r\nVia: x\r\n\r\n", 35, STAYS, CW_END_GARBAGE, "no TLS"},
		{"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian\r\n", 30, STAYS, CW_END_GARBAGE, "no TLS"},
		{"zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16, STAYS, CW_END_GARBAGE, "no TLS"},
		{"0xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12, STAYS, CW_END_GARBAGE,
			"no TLS"},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x28", 7, STAYS, CW_END_GARBAGE, "unexpected message"},
		{"application data first", "\x17\x03\x03\x00\x05hello", 10, STAYS, CW_END_GARBAGE,
			"unexpected message"},
		{"a record too long", "\x16\x03\x01\xff\xff\x01\x00\x00\x00\x00\x00", 11, STAYS,
			CW_END_GARBAGE, "length"},
		{"a message too long", "\x16\x03\x01\x00\x04\x01\xff\xff\xff", 9, STAYS, CW_END_FLOOD,
			"a message over"},
		{"nothing", "", 0, CLOSES, CW_END_PEER_CLOSED, "closed in the middle of the handshake"},
		{"a half-closed nothing", "", 0, HALF_CLOSES, CW_END_PEER_CLOSED, "closed in the middle"},
		{"half a hello", HELLO, sizeof HELLO - 1, CLOSES, CW_END_PEER_CLOSED, "closed in the middle"},
		{"half a hello, half-closed", HELLO, sizeof HELLO - 1, HALF_CLOSES, CW_END_PEER_CLOSED,
			"closed in the middle"},
		{"half a hello, then silence", HELLO, sizeof HELLO - 1, STAYS, CW_END_TIME, "in time"},
		{"silence", "", 0, STAYS, CW_END_TIME, "in time"},
	};
	test_scene_open(CW_TLS_ANY, true);
	scene.limits.handshake = scene.limits.drain = 60;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		play_raw(rows[i].bytes, rows[i].length, rows[i].after);
		if (scene.server.report.end != rows[i].want_end ||
			!strstr(scene.server.report.reason, rows[i].want_in_reason))
			fail_msg("%s: ended as %d: %s", rows[i].what, (int)scene.server.report.end,
				scene.server.report.reason);
	}
	test_scene_close();
}

/* A byte now and then does not make the handshake's limit start anew. */
struct drip {
	int raw;
	struct event *timer;
};

static void on_drip(evutil_socket_t socket_, short what, void *context)
{
	(void)socket_;
	(void)what;
	struct drip *drip = context;
	(void)!send(drip->raw, "\x16", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void a_slow_loris_gets_no_more_time_than_others(void **state)
{
	(void)state;
	test_scene_open(CW_TLS_ANY, true);
	scene.limits.handshake = scene.limits.drain = 120;
	scene.server_only = true;
	struct drip drip = {.raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	assert_int_equal(connect(drip.raw, (struct sockaddr *)&scene.address, sizeof scene.address), 0);
	assert_int_equal(
		send(drip.raw, "\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03", 11, MSG_NOSIGNAL), 11);
	struct timeval every = {0, 10000};
	drip.timer = event_new(scene.base, -1, EV_PERSIST, on_drip, &drip);
	event_add(drip.timer, &every);
	assert_int_equal(event_base_dispatch(scene.base), 0);
	assert_int_equal(scene.server.report.end, CW_END_TIME);
	assert_string_equal(scene.server.report.reason, "nothing came in time (handshake)");
	event_free(drip.timer);
	close(drip.raw);
	test_scene_close();
}

/* A client of OpenSSL's own, in a thread, that does not keep to the rules. */
struct rogue {
	void (*act)(SSL *ssl);
	void (*prepare)(SSL_CTX *context);
	int max_version;
};

static void *run_rogue(void *argument)
{
	const struct rogue *rogue = argument;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_max_proto_version(context, rogue->max_version);
	SSL_CTX_use_certificate(context, cw_cert_x509(test_cert("client")));
	SSL_CTX_use_PrivateKey(context, test_key("client"));
	if (rogue->prepare)
		rogue->prepare(context);
	int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(raw, (struct sockaddr *)&scene.address, sizeof scene.address) == 0) {
		SSL *ssl = SSL_new(context);
		SSL_set_fd(ssl, raw);
		if (SSL_connect(ssl) == 1 && rogue->act)
			rogue->act(ssl);
		SSL_free(ssl);
	}
	ERR_clear_error();
	close(raw);
	SSL_CTX_free(context);
	return NULL;
}

/* How the server's end came to its end, and what it says of that. */
static void assert_ended(enum cw_end want_end, const char *want_in_reason)
{
	if (scene.server.report.end != want_end || !strstr(scene.server.report.reason, want_in_reason))
		fail_msg("ended as %d: %s", (int)scene.server.report.end, scene.server.report.reason);
}

static void play_rogue(struct rogue *rogue)
{
	pthread_t thread;
	scene.server_only = true;
	scene.server.refuses_words = true;
	assert_int_equal(pthread_create(&thread, NULL, run_rogue, rogue), 0);
	assert_int_equal(event_base_dispatch(scene.base), 0);
	pthread_join(thread, NULL);
	assert_true(scene.server.over);
}

static void renegotiate(SSL *ssl)
{
	SSL_renegotiate(ssl);
	SSL_do_handshake(ssl);
}

static void nobody_renegotiates(void **state)
{
	(void)state;
	struct rogue rogue = {.act = renegotiate, .max_version = TLS1_2_VERSION};
	test_scene_open(CW_TLS_1_2, true);
	scene.limits.first_byte = 2000;
	play_rogue(&rogue);
	assert_true(scene.server.up);
	/* it was told "no" in a warning, and made of it what OpenSSL makes */
	assert_ended(CW_END_PEER_ALERT, "the other side sent the alert handshake_failure");
	assert_int_equal(scene.server.asked, 1);
	assert_int_equal(scene.server.bytes, 0);
	test_scene_close();
}

static void send_long_chain(SSL_CTX *context)
{
	for (unsigned i = 0; i < 400; i++)
		SSL_CTX_add1_chain_cert(context, cw_cert_x509(test_cert("root")));
}

static void a_chain_of_100_kilobytes_is_a_flood(void **state)
{
	(void)state;
	struct rogue rogue = {.prepare = send_long_chain, .max_version = TLS1_3_VERSION};
	test_scene_open(CW_TLS_ANY, true);
	play_rogue(&rogue);
	assert_ended(CW_END_FLOOD, "a message over 102400 bytes");
	assert_int_equal(scene.server.asked, 0);
	test_scene_close();
}

/* Keys changed again and again: records that carry nothing (RFC 8446 §4.6.3). */
static void update_keys(SSL *ssl)
{
	for (unsigned i = 0; i < 100000; i++)
		if (!SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) || SSL_do_handshake(ssl) <= 0)
			break;
}

static void records_without_content_gain_nothing(void **state)
{
	(void)state;
	struct rogue rogue = {.act = update_keys, .max_version = TLS1_3_VERSION};
	test_scene_open(CW_TLS_1_3, true);
	scene.limits.first_byte = 60000; /* the flood ends it, however slow the machine is */
	play_rogue(&rogue);
	assert_true(scene.server.up);
	assert_ended(CW_END_FLOOD, "over 524288 bytes that carry nothing");
	assert_int_equal(scene.server.bytes, 0);
	test_scene_close();
}

static void offer_h2(SSL_CTX *context)
{
	SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3);
}

static void say_h2(SSL *ssl)
{
	SSL_write(ssl, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
	char bytes[16];
	SSL_read(ssl, bytes, sizeof bytes);
}

/* No protocol is ever chosen by ALPN; what is then said over TLS is refused by who reads it. */
static void a_wrong_alpn_is_not_chosen(void **state)
{
	(void)state;
	struct rogue rogue = {.prepare = offer_h2, .act = say_h2, .max_version = TLS1_3_VERSION};
	test_scene_open(CW_TLS_ANY, true);
	play_rogue(&rogue);
	assert_ended(CW_END_OWNER_REFUSED, "that is no message");
	test_scene_close();
}

static void silent_after_handshake(SSL *ssl)
{
	char byte;
	SSL_read(ssl, &byte, 1);
}

static void who_says_nothing_after_the_handshake_is_dropped(void **state)
{
	(void)state;
	struct rogue rogue = {.act = silent_after_handshake, .max_version = TLS1_3_VERSION};
	test_scene_open(CW_TLS_ANY, true);
	scene.limits.first_byte = 60;
	play_rogue(&rogue);
	assert_true(scene.server.up);
	assert_int_equal(scene.server.report.end, CW_END_TIME);
	assert_int_equal(scene.server.report.step, CW_STEP_TALK);
	test_scene_close();
}

/* Writes until nobody takes it any more, and reads nothing. */
static void write_only(SSL *ssl)
{
	while (SSL_write(ssl, test_flood, 4096) > 0)
		;
}

static void who_does_not_read_costs_nothing(void **state)
{
	(void)state;
	struct rogue rogue = {.act = write_only, .max_version = TLS1_3_VERSION};
	pthread_t thread;
	size_t turns = 0;
	test_scene_open(CW_TLS_ANY, true);
	scene.limits.first_byte = 300;
	scene.server_only = scene.server.talks_much = true;
	assert_int_equal(pthread_create(&thread, NULL, run_rogue, &rogue), 0);
	while (!scene.server.over && turns < 1000) {
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
		turns++;
	}
	if (!scene.server.over)
		fail_msg("the loop ran %zu times for a peer that does not read", turns);
	pthread_join(thread, NULL);
	assert_int_equal(scene.server.report.end, CW_END_TIME);
	test_scene_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strange_peers_are_dropped_with_a_reason),
		cmocka_unit_test(a_slow_loris_gets_no_more_time_than_others),
		cmocka_unit_test(nobody_renegotiates),
		cmocka_unit_test(a_chain_of_100_kilobytes_is_a_flood),
		cmocka_unit_test(records_without_content_gain_nothing),
		cmocka_unit_test(a_wrong_alpn_is_not_chosen),
		cmocka_unit_test(who_says_nothing_after_the_handshake_is_dropped),
		cmocka_unit_test(who_does_not_read_costs_nothing),
	};
	return cmocka_run_group_tests(tests, test_scene_make_certs, test_certs_teardown);
}
