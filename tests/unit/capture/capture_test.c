#include "capture/capture.h"

#include "capture/packet/segment.h"
#include "support/cmocka.h"
#include "support/tls_session.h"

#include <openssl/ssl.h>
#include <stdio.h>

static char *read_talk(const struct test_talk *talk, const struct test_tcp *tcp, size_t dropped)
{
	struct test_traffic traffic = {0};
	test_traffic_add_talk(&traffic, talk, tcp);
	if (dropped)
		test_traffic_drop(&traffic, dropped);
	char *text = test_traffic_read(&traffic, NULL);
	test_traffic_finish(&traffic);
	return text;
}

static void session(const struct test_tls *spec, struct test_talk *talk)
{
	AUTO_BUFFER keylog = {0};
	test_tls_run(spec, talk, &keylog);
}

static void must_hold(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("wanted \"%s\" in: %s", part, text);
}

/* Packets: SYN, SYN+ACK, ACK, then the client's hello and the server's flight. */
static void missing_bytes_are_counted_and_what_they_hide_is_not_shown(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	session(&(struct test_tls){.mutual = true, .data = true}, &talk);
	struct test_tcp tcp = {.segment = 300};
	AUTO(free) char *whole = read_talk(&talk, &tcp, 0);
	must_hold(whole, "missing=0,0");
	must_hold(whole, " server:");
	AUTO(free) char *without = read_talk(&talk, &tcp, 6);
	must_hold(without, "missing=0,300");
	assert_null(strstr(without, " server:"));
	must_hold(without, " client:"); /* the other direction is whole */
	must_hold(without, "up ");	/* application data was seen */
	test_talk_finish(&talk);
}

static void a_connection_begun_in_the_middle_is_read_from_there(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	session(&(struct test_tls){.mutual = true, .data = true}, &talk);
	AUTO(free) char *no_syn = read_talk(&talk, &(struct test_tcp){.no_syn = true}, 0);
	must_hold(no_syn, "up TLS 1.2");
	must_hold(no_syn, " server:");
	must_hold(no_syn, " client:");
	/* Without the hellos: the client's certificate is a message of its own. */
	struct test_talk rest = {0};
	for (size_t i = 2; i < talk.count; i++)
		test_talk_add(&rest, talk.items[i].from, talk.items[i].data, talk.items[i].length);
	AUTO(free) char *later = read_talk(&rest, &(struct test_tcp){.no_syn = true}, 0);
	must_hold(later, " client:");
	test_talk_finish(&rest);
	test_talk_finish(&talk);
}

static void data_of_a_handshake_before_the_capture_is_said_to_be_that(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	static const char record[] = "\x17\x03\x03\0\x20"
				     "0123456789abcdef0123456789abcdef";
	for (int i = 0; i < 4; i++)
		test_talk_add(&talk, i % 2, record, 37);
	AUTO(free) char *text = read_talk(&talk, &(struct test_tcp){.no_syn = true}, 0);
	must_hold(text, "middle -");
	test_talk_finish(&talk);
}

static void how_a_handshake_broke_off_is_told(void **state)
{
	(void)state;
	static const struct {
		size_t sayings;
		struct test_tcp tcp;
		const char *want;
	} rows[] = {
		{1, {.reset = true}, "reset by server -"},
		{2, {.reset = true}, "reset by server TLS 1.2"},
		{2, {0}, "closed by client TLS 1.2"},
		{2, {.no_fin = true}, "unfinished TLS 1.2"},
	};
	struct test_talk talk = {0};
	session(&(struct test_tls){.mutual = true}, &talk);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct test_talk part = {talk.items, rows[i].sayings, 0};
		AUTO(free) char *text = read_talk(&part, &rows[i].tcp, 0);
		must_hold(text, rows[i].want);
	}
	test_talk_finish(&talk);
}

static void ports_used_again_are_another_connection(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	session(&(struct test_tls){0}, &talk);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){.client_isn = 77, .server_isn = 88});
	test_traffic_add_talk(
		&traffic, &talk, &(struct test_tcp){.client_isn = 99, .server_isn = 11, .no_fin = true});
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){.client_isn = 5, .server_isn = 6});
	AUTO(free) char *text = test_traffic_read(&traffic, NULL);
	size_t lines = 0;
	for (const char *at = text; (at = strstr(at, "up TLS 1.2")); at++)
		lines++;
	assert_int_equal(lines, 4);
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

/* RFC 5246 E.2: a hello in the old form, answered by TLS. */
static void an_old_hello_is_read(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	static const char hello[] = "\x80\x1c\x01\x03\x01\0\x03\0\0\0\x10\0\0\x2f"
				    "0123456789abcdef";
	static const char done[] = "\x16\x03\x01\0\x2a\x02\0\0\x26\x03\x01"
				   "0123456789abcdef0123456789abcdef"
				   "\0\0\x2f\0";
	test_talk_add(&talk, 0, hello, sizeof hello - 1);
	test_talk_add(&talk, 1, done, sizeof done - 1);
	test_talk_add(&talk, 0, "\x15\x03\x01\0\2\2\x2a", 7);
	for (size_t segment = 1; segment < 40; segment += 6) {
		AUTO(free) char *text = read_talk(&talk, &(struct test_tcp){.segment = segment}, 0);
		must_hold(text, "refused by client TLS 1.0");
		must_hold(text, "alert:client/42");
	}
	test_talk_finish(&talk);
}

static void plain_traffic_is_no_tls(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	static char page[200000];
	memset(page, 'x', sizeof page);
	test_talk_add(&talk, 0, "GET / HTTP/1.1\r\n\r\n", 18);
	test_talk_add(&talk, 1, page, sizeof page);
	AUTO(free) char *text = read_talk(&talk, &(struct test_tcp){0}, 0);
	assert_string_equal(text, "");
	test_talk_finish(&talk);
}

struct seen {
	size_t connections, evicted, with_chain;
};

static bool count_one(void *context, const struct cw_session *connection, struct cw_error *error)
{
	struct seen *seen = context;
	(void)error;
	seen->connections++;
	seen->evicted += connection->evicted;
	seen->with_chain += connection->chain_count > 0;
	return true;
}

/* A hundred connections at once where there is room for ten: the oldest are told early, and counted. */
static void too_many_connections_at_once_push_out_the_oldest(void **state)
{
	(void)state;
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	struct seen seen = {0};
	struct cw_error error;
	session(&(struct test_tls){0}, &talk);
	for (uint16_t port = 1; port <= 100; port++)
		test_traffic_add_talk(
			&traffic, &talk, &(struct test_tcp){.client_port = port, .no_fin = true});
	struct cw_capture_options options = {
		.on_session = count_one, .context = &seen, .flows_max = 20, .readers_max = 10};
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	assert_true(cw_capture_new(&options, &capture, &error));
	for (size_t i = 0; i < traffic.count; i++) {
		struct cw_packet packet = {
			.data = traffic.items[i].data,
			.length = traffic.items[i].length,
			.wire_length = traffic.items[i].length,
			.data_link_type = 1,
			.number = i + 1,
		};
		assert_true(cw_capture_packet(capture, &packet, &error));
	}
	assert_true(cw_capture_finish(capture, &error));
	struct cw_capture_counts counts = cw_capture_counts(capture);
	assert_int_equal(seen.connections, 100);
	assert_int_equal(seen.with_chain, 100);
	assert_int_equal(seen.evicted, 90);
	assert_int_equal(counts.evicted, 90);
	assert_int_equal(counts.distinct, 2);
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_bytes_are_counted_and_what_they_hide_is_not_shown),
		cmocka_unit_test(a_connection_begun_in_the_middle_is_read_from_there),
		cmocka_unit_test(data_of_a_handshake_before_the_capture_is_said_to_be_that),
		cmocka_unit_test(how_a_handshake_broke_off_is_told),
		cmocka_unit_test(ports_used_again_are_another_connection),
		cmocka_unit_test(an_old_hello_is_read),
		cmocka_unit_test(plain_traffic_is_no_tls),
		cmocka_unit_test(too_many_connections_at_once_push_out_the_oldest),
	};
	return cmocka_run_group_tests(tests, test_tls_certs_make, test_tls_certs_free);
}
