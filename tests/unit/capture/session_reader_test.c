#include "support/cmocka.h"
#include "support/tls_session.h"

#include <openssl/ssl.h>
#include <stdlib.h>

/* What is to be said of a session: the fixed part, then the chains. */
struct row {
	const char *name;
	struct test_tls spec;
	const char *want; /* up to the chains */
	bool want_server, want_client;
	const char *want_end; /* after the chains */
	bool keys;
};

#define UP_12 "up TLS 1.2 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0"
#define UP_13 "up TLS 1.3 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0"
#define UP_13_MUTUAL "up TLS 1.3 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0"
#define UP_13_HIDDEN "up TLS 1.3 sni=- resumed=0 hidden=1 asked=0 ca=0 missing=0,0"
#define CLOSED " alert:client/0 alert:server/0"
#define CLOSED_HIDDEN " alert:client/hidden alert:server/hidden"

static const struct row rows[] = {
	{"TLS 1.2", {.sni = "e1.acme.test"},
		"up TLS 1.2 sni=e1.acme.test resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false, "",
		false},
	{"TLS 1.0", {.version = TLS1_VERSION, .mutual = true},
		"up TLS 1.0 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true, "", false},
	{"TLS 1.1", {.version = TLS1_1_VERSION, .mutual = true},
		"up TLS 1.1 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true, "", false},
	{"TLS 1.2, mutual", {.mutual = true, .data = true},
		"up TLS 1.2 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true, CLOSED_HIDDEN,
		false},
	{"TLS 1.2, smallest records", {.mutual = true, .record = 512, .extra_certs = 100},
		"up TLS 1.2 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true, "", false},
	{"TLS 1.2, the client refuses", {.client_refuses = true},
		"refused by client TLS 1.2 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false,
		" alert:client/48", false},
	{"TLS 1.2, the server refuses", {.server_refuses = true, .mutual = true},
		"refused by server TLS 1.2 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true,
		" alert:server/48", false},
	{"TLS 1.2, resumed", {.resume = true}, "up TLS 1.2 sni=- resumed=1 hidden=0 asked=0 ca=0 missing=0,0",
		false, false, "", false},
	{"TLS 1.2 with keys: GCM", {.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", .data = true}, UP_12, true,
		false, CLOSED, true},
	{"TLS 1.2 with keys: GCM-384", {.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384", .data = true}, UP_12,
		true, false, CLOSED, true},
	{"TLS 1.2 with keys: CCM", {.ciphers = "ECDHE-ECDSA-AES128-CCM", .data = true}, UP_12, true, false,
		CLOSED, true},
	{"TLS 1.2 with keys: CCM-8", {.ciphers = "ECDHE-ECDSA-AES256-CCM8", .data = true}, UP_12, true, false,
		CLOSED, true},
	{"TLS 1.2 with keys: ChaCha20", {.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305", .data = true}, UP_12,
		true, false, CLOSED, true},
	{"TLS 1.2 with keys: CBC", {.ciphers = "ECDHE-ECDSA-AES128-SHA256", .data = true}, UP_12, true, false,
		CLOSED, true},
	{"TLS 1.2 with keys: CBC, MAC inside",
		{.ciphers = "ECDHE-ECDSA-AES256-SHA384", .data = true, .no_encrypt_then_mac = true}, UP_12,
		true, false, CLOSED, true},
	{"TLS 1.1 with keys",
		{.version = TLS1_1_VERSION, .data = true, .ciphers = "AES128-SHA:@SECLEVEL=0", .rsa = true},
		"up TLS 1.1 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false, CLOSED, true},
	{"TLS 1.0 with keys",
		{.version = TLS1_VERSION, .data = true, .ciphers = "AES256-SHA:@SECLEVEL=0", .rsa = true},
		"up TLS 1.0 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false, CLOSED, true},
	{"TLS 1.0 with keys, MAC inside",
		{.version = TLS1_VERSION,
			.data = true,
			.ciphers = "AES256-SHA:@SECLEVEL=0",
			.rsa = true,
			.no_encrypt_then_mac = true},
		"up TLS 1.0 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false, CLOSED, true},
	{"TLS 1.3 without keys", {.version = TLS1_3_VERSION, .data = true}, UP_13_HIDDEN, false, false, "",
		false},
	{"TLS 1.3 with keys", {.version = TLS1_3_VERSION, .data = true}, UP_13, true, false, CLOSED, true},
	{"TLS 1.3 with keys, mutual", {.version = TLS1_3_VERSION, .mutual = true, .data = true}, UP_13_MUTUAL,
		true, true, CLOSED, true},
	{"TLS 1.3 with keys: AES-256",
		{.version = TLS1_3_VERSION, .mutual = true, .suites = "TLS_AES_256_GCM_SHA384"}, UP_13_MUTUAL,
		true, true, "", true},
	{"TLS 1.3 with keys: ChaCha20",
		{.version = TLS1_3_VERSION, .mutual = true, .suites = "TLS_CHACHA20_POLY1305_SHA256"},
		UP_13_MUTUAL, true, true, "", true},
	{"TLS 1.3 with keys: CCM",
		{.version = TLS1_3_VERSION, .mutual = true, .suites = "TLS_AES_128_CCM_SHA256"}, UP_13_MUTUAL,
		true, true, "", true},
	{"TLS 1.3 with keys: CCM-8",
		{.version = TLS1_3_VERSION, .mutual = true, .suites = "TLS_AES_128_CCM_8_SHA256"},
		UP_13_MUTUAL, true, true, "", true},
	{"TLS 1.3 with keys, HelloRetryRequest", {.version = TLS1_3_VERSION, .mutual = true, .retry = true},
		UP_13_MUTUAL, true, true, "", true},
	{"TLS 1.3 with keys, key update",
		{.version = TLS1_3_VERSION, .mutual = true, .update_keys = true, .data = true}, UP_13_MUTUAL,
		true, true, CLOSED, true},
	{"TLS 1.3 with keys, the client refuses", {.version = TLS1_3_VERSION, .client_refuses = true},
		"refused by client TLS 1.3 sni=- resumed=0 hidden=0 asked=0 ca=0 missing=0,0", true, false,
		" alert:client/48", true},
	{"TLS 1.3 with keys, the server refuses",
		{.version = TLS1_3_VERSION, .server_refuses = true, .mutual = true},
		"refused by server TLS 1.3 sni=- resumed=0 hidden=0 asked=1 ca=1 missing=0,0", true, true,
		" alert:server/48", true},
	{"TLS 1.3 without keys, the client refuses before it has keys",
		{.version = TLS1_3_VERSION, .client_refuses = true},
		"refused by client TLS 1.3 sni=- resumed=0 hidden=1 asked=0 ca=0 missing=0,0", false, false,
		" alert:client/48", false},
	{"TLS 1.3 without keys, the server refuses",
		{.version = TLS1_3_VERSION, .server_refuses = true, .mutual = true},
		"hidden by server TLS 1.3 sni=- resumed=0 hidden=1 asked=0 ca=0 missing=0,0", false, false,
		"", false},
	{"TLS 1.3, resumed", {.version = TLS1_3_VERSION, .resume = true, .data = true},
		"up TLS 1.3 sni=- resumed=1 hidden=0 asked=0 ca=0 missing=0,0", false, false, "", false},
	{"TLS 1.3 with keys, client certificate after the handshake",
		{.version = TLS1_3_VERSION, .post_auth = true, .data = true},
		"up TLS 1.3 sni=- resumed=0 hidden=0 asked=1 ca=0 missing=0,0", true, true, CLOSED, true},
	{"SMTP", {.preface = {"EHLO a\r\n", "250-b\r\n250 STARTTLS\r\n", "STARTTLS\r\n", "220 go\r\n"}},
		UP_12, true, false, " after smtp", false},
	{"IMAP", {.preface = {"a STARTTLS\r\n", "a OK\r\n"}}, UP_12, true, false, " after imap", false},
	{"POP3", {.preface = {"STLS\r\n", "+OK\r\n"}}, UP_12, true, false, " after pop3", false},
	{"XMPP",
		{.preface = {"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
			 "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}},
		UP_12, true, false, " after xmpp", false},
	{"LDAP",
		{.preface = {"0\x1d\x02\x01\x01w\x18\x80\x16"
			     "1.3.6.1.4.1.1466.20037",
			 "0\x0c\x02\x01\x01x\x07"}},
		UP_12, true, false, " after ldap", false},
	{"after something else", {.preface = {"hello", "hello yourself"}}, UP_12, true, false, " after other",
		false},
};

static void want_of(const struct row *row, struct cw_buffer *want)
{
	const struct test_tls_certs *certs = test_tls_certs();
	const struct cw_cert *server[128] = {
		row->spec.rsa ? certs->rsa_server : certs->server, certs->middle};
	const struct cw_cert *client[] = {certs->client, certs->middle};
	for (size_t i = 0; i < row->spec.extra_certs; i++)
		server[2 + i] = certs->root;
	cw_buffer_text(want, row->want);
	if (row->want_server)
		test_chain_text(want, "server", server, 2 + row->spec.extra_certs);
	if (row->want_client)
		test_chain_text(want, "client", client, 2);
	cw_buffer_text(want, row->want_end);
	cw_buffer_char(want, '\n');
}

/* The rows' talk as packets, treated in some way, and what is said of it. */
static void check(const struct row *row, const struct test_talk *talk, const char *keylog,
	const struct test_tcp *tcp, void (*treat)(struct test_traffic *traffic, unsigned seed), unsigned seed)
{
	struct test_traffic traffic = {0};
	AUTO_BUFFER want = {0};
	want_of(row, &want);
	test_traffic_add_talk(&traffic, talk, tcp);
	if (treat)
		treat(&traffic, seed);
	AUTO(free) char *got = test_traffic_read(&traffic, row->keys ? keylog : NULL);
	if (strcmp(got, want.data) != 0)
		fail_msg("%s, segments of %zu, seed %u:\n got %s want %s", row->name, tcp->segment, seed, got,
			want.data);
	test_traffic_finish(&traffic);
}

static void every(void (*one)(const struct row *row, const struct test_talk *talk, const char *keylog))
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct test_talk talk = {0};
		AUTO_BUFFER keylog = {0};
		test_tls_run(&rows[i].spec, &talk, &keylog);
		one(&rows[i], &talk, keylog.data);
		test_talk_finish(&talk);
	}
}

static void in_order(const struct row *row, const struct test_talk *talk, const char *keylog)
{
	static const size_t segments[] = {1, 7, 64, 1448, 65000};
	for (size_t i = 0; i < sizeof segments / sizeof segments[0]; i++)
		check(row, talk, keylog, &(struct test_tcp){.segment = segments[i]}, NULL, 0);
	check(row, talk, keylog, &(struct test_tcp){.segment = 536, .ipv6 = true}, NULL, 0);
	check(row, talk, keylog,
		&(struct test_tcp){.client_isn = 0xffffff00, .server_isn = 0xfffffff0, .segment = 100}, NULL,
		0);
	check(row, talk, keylog, &(struct test_tcp){.segment = 1448, .fragment = 256}, NULL, 0);
	check(row, talk, keylog, &(struct test_tcp){.segment = 1448, .fragment = 64, .ipv6 = true}, NULL, 0);
}

static void every_session_is_told_in_segments_of_any_size(void **state)
{
	(void)state;
	every(in_order);
}

static void shuffle(struct test_traffic *traffic, unsigned seed)
{
	test_traffic_shuffle(traffic, seed, 12);
}

static void double_and_shuffle(struct test_traffic *traffic, unsigned seed)
{
	test_traffic_double(traffic, seed);
	test_traffic_shuffle(traffic, seed, 12);
}

static void out_of_order(const struct row *row, const struct test_talk *talk, const char *keylog)
{
	if (strncmp(row->want, "hidden", 6) == 0) /* which record was first is told by the order alone */
		return;
	for (unsigned seed = 1; seed <= 3; seed++) {
		check(row, talk, keylog, &(struct test_tcp){.segment = 200}, shuffle, seed);
		check(row, talk, keylog, &(struct test_tcp){.segment = 150}, double_and_shuffle, seed);
		check(row, talk, keylog, &(struct test_tcp){.segment = 150, .fragment = 64}, shuffle, seed);
	}
}

static void every_session_is_told_whatever_the_order_of_its_packets(void **state)
{
	(void)state;
	every(out_of_order);
}

static void a_second_handshake_is_read_with_keys_and_said_to_be_there_without(void **state)
{
	(void)state;
	struct test_tls spec = {
		.renegotiate = true, .data = true, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"};
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	AUTO_BUFFER keylog = {0};
	AUTO_BUFFER want = {0};
	const struct test_tls_certs *certs = test_tls_certs();
	test_tls_run(&spec, &talk, &keylog);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	cw_buffer_text(&want, "up TLS 1.2 sni=- resumed=0 hidden=0 asked=1 ca=0 missing=0,0");
	for (int i = 0; i < 2; i++)
		test_chain_text(&want, "server", (const struct cw_cert *[]){certs->server, certs->middle}, 2);
	test_chain_text(&want, "client", (const struct cw_cert *[]){certs->client, certs->middle}, 2);
	cw_buffer_text(&want, CLOSED "\n");
	AUTO(free) char *with = test_traffic_read(&traffic, keylog.data);
	assert_string_equal(with, want.data);
	AUTO(free) char *without = test_traffic_read(&traffic, NULL);
	assert_non_null(strstr(without, UP_12));
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

static void keys_of_another_connection_are_said_not_to_fit(void **state)
{
	(void)state;
	struct test_tls spec = {.version = TLS1_3_VERSION};
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	AUTO_BUFFER keylog = {0};
	test_tls_run(&spec, &talk, &keylog);
	/* Another secret under the same client random. */
	for (char *at = keylog.data; (at = strchr(at, '\n')); at++)
		if (at > keylog.data && at[-1] != '\n')
			at[-1] = at[-1] == '0' ? '1' : '0';
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	AUTO(free) char *got = test_traffic_read(&traffic, keylog.data);
	assert_non_null(strstr(got, "hidden=1"));
	assert_null(strstr(got, "server:"));
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_session_is_told_in_segments_of_any_size),
		cmocka_unit_test(every_session_is_told_whatever_the_order_of_its_packets),
		cmocka_unit_test(a_second_handshake_is_read_with_keys_and_said_to_be_there_without),
		cmocka_unit_test(keys_of_another_connection_are_said_not_to_fit),
	};
	return cmocka_run_group_tests(tests, test_tls_certs_make, test_tls_certs_free);
}
