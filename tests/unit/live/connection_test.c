/*
 * TLS connections on a loop: both ends good, refusals with their alerts, and peers that hang, send garbage,
 * half-close or flood.
 */
#include "live/connection.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/heap.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <event2/listener.h>
#include <openssl/err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* One end, and what became of it. */
struct end {
	struct cw_connection *connection;
	struct cw_connection_report report;
	int answer; /* what its judge says */
	size_t asked, shown;
	size_t bytes;
	bool up, over;
	bool refuses_words; /* as the owner, whatever comes */
	bool talks_much;    /* answers more than it was told */
};

struct scene {
	struct event_base *base;
	struct evconnlistener *listener;
	struct sockaddr_in address;
	SSL_CTX *server_tls, *client_tls;
	struct end server, client;
	struct cw_limits limits;
	bool server_only; /* the client is not one of ours */
	const char *name; /* that the client asks for; NULL: "e1.acme.test" */
	char heard[64];	  /* what the server heard of that */
};

static struct scene scene;

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct end *end = context;
	assert_non_null(chain[0]);
	end->asked++;
	end->shown = count;
	return end->answer;
}

static void stop_where_all_is_over(void)
{
	if (scene.server.over && (scene.server_only || scene.client.over))
		event_base_loopbreak(scene.base);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct end *end = context;
	end->up = true;
	const char *name = SSL_get_servername(cw_connection_ssl(connection), TLSEXT_NAMETYPE_host_name);
	if (end == &scene.server)
		snprintf(scene.heard, sizeof scene.heard, "%s", name ? name : "none");
	if (end == &scene.client)
		cw_connection_send(connection, "?", 1);
}

static const char flood[64 * 1024];

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct end *end = context;
	(void)data;
	end->bytes += length;
	if (end->refuses_words)
		cw_connection_refuse(connection, "that is no message");
	else if (end->talks_much)
		cw_connection_send(connection, flood, sizeof flood);
	else if (end == &scene.server)
		cw_connection_send(connection, "!", 1);
	else
		cw_connection_close(connection);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct end *end = context;
	(void)connection;
	end->connection = NULL;
	end->over = true;
	end->report = *report;
	stop_where_all_is_over();
}

static struct cw_connection_setup setup_of(struct end *end, SSL_CTX *tls)
{
	return (struct cw_connection_setup){.base = scene.base,
		.tls = tls,
		.judge = {.ask = ask, .context = end},
		.limits = &scene.limits,
		.owner = {on_up, on_received, on_ended, end}};
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	(void)listener;
	(void)from;
	(void)length;
	(void)context;
	struct cw_error error;
	struct cw_connection_setup setup = setup_of(&scene.server, scene.server_tls);
	assert_true(cw_connection_accept(&setup, socket_, &scene.server.connection, &error));
}

static SSL_CTX *context_of(bool server, bool asks, const char *name, enum cw_tls_versions versions)
{
	struct cw_error error;
	SSL_CTX *ret;
	struct cw_cert *chain[] = {test_cert(name), test_cert("root")};
	struct cw_tls_setup setup = {.server = server,
		.versions = versions,
		.chain = chain,
		.chain_count = 2,
		.key = test_key(name),
		.asks = asks};
	assert_true(cw_tls_context(&setup, &ret, &error));
	return ret;
}

static void open_scene(enum cw_tls_versions versions, bool server_asks)
{
	memset(&scene, 0, sizeof scene);
	scene.limits = cw_limits_default;
	scene.base = event_base_new();
	scene.server_tls = context_of(true, server_asks, "server", versions);
	scene.client_tls = context_of(false, true, "client", versions);
	scene.server.answer = scene.client.answer = CW_TLS_ACCEPT;
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	scene.listener = evconnlistener_new_bind(scene.base, on_accept, NULL,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, (struct sockaddr *)&any, sizeof any);
	assert_non_null(scene.listener);
	socklen_t size = sizeof scene.address;
	assert_int_equal(
		getsockname(evconnlistener_get_fd(scene.listener), (struct sockaddr *)&scene.address, &size),
		0);
}

static void close_scene(void)
{
	evconnlistener_free(scene.listener);
	event_base_free(scene.base);
	SSL_CTX_free(scene.server_tls);
	SSL_CTX_free(scene.client_tls);
}

static void connect_client(void)
{
	struct cw_error error;
	struct cw_connection_setup setup = setup_of(&scene.client, scene.client_tls);
	scene.client =
		(struct end){.answer = scene.client.answer, .refuses_words = scene.client.refuses_words};
	scene.server =
		(struct end){.answer = scene.server.answer, .refuses_words = scene.server.refuses_words};
	assert_true(cw_connection_open(&setup, NULL, (struct sockaddr *)&scene.address, sizeof scene.address,
		scene.name ? scene.name : "e1.acme.test", &scene.client.connection, &error));
}

static void play(void)
{
	connect_client();
	assert_int_equal(event_base_dispatch(scene.base), 0);
	assert_true(scene.server.over && scene.client.over);
}

static const enum cw_tls_versions versions[] = {CW_TLS_1_2, CW_TLS_1_3};

static void a_good_link_is_up_after_a_byte_each_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_scene(versions[i], true);
		play();
		assert_true(scene.server.up && scene.client.up);
		assert_int_equal(scene.server.bytes, 1);
		assert_int_equal(scene.client.bytes, 1);
		assert_int_equal(scene.client.report.end, CW_END_CLOSED);
		assert_int_equal(scene.server.report.end, CW_END_PEER_CLOSED);
		assert_int_equal(scene.client.report.alert_received, -1);
		assert_int_equal(scene.server.report.alert_received, -1);
		assert_int_equal(scene.server.asked, 1);
		assert_int_equal(scene.client.asked, 1);
		close_scene();
	}
}

static void the_chain_is_sent_as_it_was_given(void **state)
{
	(void)state;
	open_scene(CW_TLS_ANY, true);
	play();
	assert_int_equal(scene.server.shown, 2);
	assert_int_equal(scene.client.shown, 2);
	close_scene();
}

/* RFC 6066 §3: no addresses */
static void a_host_name_is_sent_and_an_address_is_not(void **state)
{
	(void)state;
	static const struct {
		const char *name, *want;
	} rows[] = {{"e1.acme.test", "e1.acme.test"}, {"10.0.0.1", "none"}, {"2001:db8::1", "none"},
		{"", "none"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		open_scene(versions[i % 2], true);
		scene.name = rows[i].name;
		play();
		assert_string_equal(scene.heard, rows[i].want);
		close_scene();
	}
}

static void nobody_resumes_a_session(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_scene(versions[i], true);
		for (unsigned round = 0; round < 3; round++) {
			play();
			assert_int_equal(scene.server.asked, 1);
			assert_int_equal(scene.client.asked, 1);
		}
		close_scene();
	}
}

static void a_client_that_is_not_asked_shows_nothing(void **state)
{
	(void)state;
	open_scene(CW_TLS_ANY, false);
	play();
	assert_int_equal(scene.server.asked, 0);
	assert_int_equal(scene.client.asked, 1);
	assert_int_equal(scene.client.report.end, CW_END_CLOSED);
	close_scene();
}

/* Every alert of the finding table, from either side, in either version, arrives as it was meant. */
static void a_refusal_sends_its_alert_and_the_other_side_sees_it(void **state)
{
	(void)state;
	static const char *const names[] = {"unknown_ca", "bad_certificate", "certificate_expired",
		"certificate_revoked", "unsupported_certificate", "decrypt_error", "handshake_failure"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		for (size_t round = 0; round < 4; round++) {
			int alert = cw_tls_alert(names[i]);
			char text[CW_TLS_ALERT_TEXT_SIZE];
			assert_string_equal(cw_tls_alert_text(alert, text), names[i]);
			open_scene(versions[round % 2], true);
			struct end *refusing = round < 2 ? &scene.client : &scene.server;
			struct end *other = round < 2 ? &scene.server : &scene.client;
			refusing->answer = alert;
			play();
			assert_int_equal(refusing->report.end, CW_END_JUDGED);
			assert_int_equal(refusing->report.alert_sent, alert);
			assert_int_equal(other->report.end, CW_END_PEER_ALERT);
			assert_int_equal(other->report.alert_received, alert);
			assert_int_equal(scene.client.bytes, 0);
			close_scene();
		}
	}
}

static void a_server_that_the_client_refused_never_saw_its_certificate(void **state)
{
	(void)state;
	open_scene(CW_TLS_ANY, true);
	scene.client.answer = cw_tls_alert("unknown_ca");
	play();
	assert_int_equal(scene.server.asked, 0);
	close_scene();
}

static void an_owner_can_refuse_what_comes_over_tls(void **state)
{
	(void)state;
	open_scene(CW_TLS_ANY, true);
	scene.server.refuses_words = true;
	play();
	assert_int_equal(scene.server.report.end, CW_END_OWNER_REFUSED);
	assert_string_equal(scene.server.report.reason, "that is no message");
	assert_int_equal(scene.client.report.end, CW_END_PEER_CLOSED);
	close_scene();
}

/* A peer of plain bytes: what it sends, and whether it then stays, half-closes or closes. */
enum after { STAYS, HALF_CLOSES, CLOSES };

static void play_raw(const void *bytes, size_t length, enum after after)
{
	int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	scene.server_only = true;
	scene.server = (struct end){.answer = CW_TLS_ACCEPT};
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
	open_scene(CW_TLS_ANY, true);
	scene.limits.handshake = scene.limits.drain = 60;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		play_raw(rows[i].bytes, rows[i].length, rows[i].after);
		if (scene.server.report.end != rows[i].want_end ||
			!strstr(scene.server.report.reason, rows[i].want_in_reason))
			fail_msg("%s: ended as %d: %s", rows[i].what, (int)scene.server.report.end,
				scene.server.report.reason);
	}
	close_scene();
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
	open_scene(CW_TLS_ANY, true);
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
	close_scene();
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
	open_scene(CW_TLS_1_2, true);
	scene.limits.first_byte = 2000;
	play_rogue(&rogue);
	assert_true(scene.server.up);
	/* it was told "no" in a warning, and made of it what OpenSSL makes */
	assert_ended(CW_END_PEER_ALERT, "the other side sent the alert handshake_failure");
	assert_int_equal(scene.server.asked, 1);
	assert_int_equal(scene.server.bytes, 0);
	close_scene();
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
	open_scene(CW_TLS_ANY, true);
	play_rogue(&rogue);
	assert_ended(CW_END_FLOOD, "a message over 102400 bytes");
	assert_int_equal(scene.server.asked, 0);
	close_scene();
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
	open_scene(CW_TLS_1_3, true);
	scene.limits.first_byte = 60000; /* the flood ends it, however slow the machine is */
	play_rogue(&rogue);
	assert_true(scene.server.up);
	assert_ended(CW_END_FLOOD, "over 524288 bytes that carry nothing");
	assert_int_equal(scene.server.bytes, 0);
	close_scene();
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
	open_scene(CW_TLS_ANY, true);
	play_rogue(&rogue);
	assert_ended(CW_END_OWNER_REFUSED, "that is no message");
	close_scene();
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
	open_scene(CW_TLS_ANY, true);
	scene.limits.first_byte = 60;
	play_rogue(&rogue);
	assert_true(scene.server.up);
	assert_int_equal(scene.server.report.end, CW_END_TIME);
	assert_int_equal(scene.server.report.step, CW_STEP_TALK);
	close_scene();
}

/* Writes until nobody takes it any more, and reads nothing. */
static void write_only(SSL *ssl)
{
	while (SSL_write(ssl, flood, 4096) > 0)
		;
}

static void who_does_not_read_costs_nothing(void **state)
{
	(void)state;
	struct rogue rogue = {.act = write_only, .max_version = TLS1_3_VERSION};
	pthread_t thread;
	size_t turns = 0;
	open_scene(CW_TLS_ANY, true);
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
	close_scene();
}

static void who_shows_no_certificate_is_told_so(void **state)
{
	(void)state;
	open_scene(CW_TLS_ANY, true);
	SSL_CTX_free(scene.client_tls);
	struct cw_tls_setup bare = {.asks = true};
	struct cw_error error;
	assert_true(cw_tls_context(&bare, &scene.client_tls, &error));
	play();
	assert_int_equal(scene.server.report.end, CW_END_NO_CERT);
	assert_int_equal(scene.client.report.end, CW_END_PEER_ALERT);
	assert_int_equal(scene.client.report.alert_received, SSL_AD_CERTIFICATE_REQUIRED);
	close_scene();
}

static size_t open_files(void)
{
	size_t count = 0;
	DIR *folder = opendir("/proc/self/fd");
	while (folder && readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* 10,000 with CAUSEWAY_HANDSHAKES=10000: `make endurance`. What is lost for good is LeakSanitizer's to see;
 * what is only kept shows in the heap. */
static void failed_handshakes_leave_nothing_behind(void **state)
{
	(void)state;
	const char *wish = getenv("CAUSEWAY_HANDSHAKES");
	unsigned rounds = wish ? (unsigned)strtoul(wish, NULL, 10) : 400;
	open_scene(CW_TLS_ANY, true);
	play();
	size_t before = open_files(), early = 0;
	for (unsigned i = 0; i < rounds; i++) {
		if (i == rounds / 10)
			early = test_heap();
		scene.client.answer = i % 2 ? CW_TLS_ACCEPT : SSL_AD_UNKNOWN_CA;
		scene.server.answer = i % 2 ? SSL_AD_CERTIFICATE_EXPIRED : CW_TLS_ACCEPT;
		play();
		assert_int_equal(scene.client.bytes, 0);
	}
	assert_int_equal(open_files(), before);
	size_t late = test_heap();
	print_message("failed handshakes: %u, heap at a tenth: %zu, at the end: %zu\n", rounds, early, late);
	assert_true(late <= early + early / 10);
	close_scene();
}

static int make_all(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	test_make_certs("root ca; server by=root eku=server,client san=DNS:e1.acme.test; "
			"client by=root eku=server,client san=DNS:c1.acme.test");
	return 0;
}

static int drop_all(void **state)
{
	(void)state;
	test_certs_finish();
	test_keys_finish();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_link_is_up_after_a_byte_each_way),
		cmocka_unit_test(the_chain_is_sent_as_it_was_given),
		cmocka_unit_test(a_host_name_is_sent_and_an_address_is_not),
		cmocka_unit_test(nobody_resumes_a_session),
		cmocka_unit_test(a_client_that_is_not_asked_shows_nothing),
		cmocka_unit_test(a_refusal_sends_its_alert_and_the_other_side_sees_it),
		cmocka_unit_test(a_server_that_the_client_refused_never_saw_its_certificate),
		cmocka_unit_test(an_owner_can_refuse_what_comes_over_tls),
		cmocka_unit_test(strange_peers_are_dropped_with_a_reason),
		cmocka_unit_test(a_slow_loris_gets_no_more_time_than_others),
		cmocka_unit_test(nobody_renegotiates),
		cmocka_unit_test(a_chain_of_100_kilobytes_is_a_flood),
		cmocka_unit_test(records_without_content_gain_nothing),
		cmocka_unit_test(a_wrong_alpn_is_not_chosen),
		cmocka_unit_test(who_says_nothing_after_the_handshake_is_dropped),
		cmocka_unit_test(who_does_not_read_costs_nothing),
		cmocka_unit_test(who_shows_no_certificate_is_told_so),
		cmocka_unit_test(failed_handshakes_leave_nothing_behind),
	};
	return cmocka_run_group_tests(tests, make_all, drop_all);
}
