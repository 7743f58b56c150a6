/*
 * What is said over a link: both ends of each conversation against each other, and against what does not
 * belong there.
 */
#include "rehearse/http_talk.h"
#include "support/cmocka.h"

#define DIALOG "Via: SIP/2.0/TLS x\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\n"

struct pair {
	struct cw_conversation client, server;
};

static void ask(struct cw_conversation *conversation, struct cw_buffer *out)
{
	if (conversation->kind == CW_CONVERSATION_HTTP)
		cw_http_talk_ask(conversation, out);
	else
		cw_conversation_ask(conversation, out);
}

static bool take(struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out)
{
	return conversation->kind == CW_CONVERSATION_HTTP
		? cw_http_talk_take(conversation, data, length, out)
		: cw_conversation_take(conversation, data, length, out);
}

static struct pair make(enum cw_conversation_kind kind)
{
	struct pair pair = {.client = {.kind = kind,
				    .host = "e1.acme.test",
				    .username = "traversal",
				    .password = "secret"},
		.server = {.kind = kind,
			.server = true,
			.host = "e1.acme.test",
			.username = "traversal",
			.password = "secret"}};
	return pair;
}

/* Until nobody has anything to say; `step` bytes at a time. */
static void talk(struct pair *pair, size_t step)
{
	AUTO_BUFFER to_server = {0};
	ask(&pair->client, &to_server);
	while (to_server.length) {
		AUTO_BUFFER to_client = {0};
		for (size_t i = 0; i < to_server.length; i += step) {
			size_t left = to_server.length - i;
			take(&pair->server, to_server.data + i, left < step ? left : step, &to_client);
		}
		cw_buffer_finish(&to_server);
		for (size_t i = 0; i < to_client.length; i += step) {
			size_t left = to_client.length - i;
			take(&pair->client, to_client.data + i, left < step ? left : step, &to_server);
		}
	}
}

static void finish(struct pair *pair)
{
	cw_conversation_finish(&pair->client);
	cw_conversation_finish(&pair->server);
}

static void every_conversation_comes_up_however_it_is_cut(void **state)
{
	(void)state;
	static const enum cw_conversation_kind kinds[] = {CW_CONVERSATION_ZONE, CW_CONVERSATION_REGISTER,
		CW_CONVERSATION_OPTIONS, CW_CONVERSATION_HTTP};
	static const size_t steps[] = {1, 7, 1000000};
	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < 3; k++) {
			struct pair pair = make(kinds[i]);
			talk(&pair, steps[k]);
			assert_int_equal(pair.client.state, CW_CONVERSATION_UP);
			assert_int_equal(pair.server.state, CW_CONVERSATION_UP);
			finish(&pair);
		}
	}
}

static void a_zone_stays_up_by_asking_again(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_ZONE);
	for (unsigned i = 0; i < 3; i++) {
		talk(&pair, 1000);
		assert_int_equal(pair.client.state, CW_CONVERSATION_UP);
	}
	assert_int_equal(pair.client.sequence, 4); /* the first one needed two */
	finish(&pair);
}

static void wrong_credentials_are_denied_and_the_server_knows_which(void **state)
{
	(void)state;
	static const struct {
		const char *username, *password;
		const char *want_reason;
	} rows[] = {{"traversal", "wrong", "the zone's password is another one"},
		{"other", "secret", "the zone's user name is another one"},
		{"traversal\"", "secret", "the zone's user name is another one"},
		{"", "", "the zone's user name is another one"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pair pair = make(CW_CONVERSATION_ZONE);
		pair.client.username = rows[i].username;
		pair.client.password = rows[i].password;
		talk(&pair, 1000);
		assert_int_equal(pair.client.state, CW_CONVERSATION_DENIED);
		assert_int_equal(pair.server.state, CW_CONVERSATION_DENIED);
		assert_string_equal(pair.server.reason, rows[i].want_reason);
		finish(&pair);
	}
}

/* A request that was heard comes again: its count is used up, and who knows the password is asked anew. */
static void a_request_that_comes_again_lets_nobody_in(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_ZONE);
	AUTO_BUFFER out = {0}, again = {0};
	talk(&pair, 1000);
	ask(&pair.client, &out);
	take(&pair.server, out.data, out.length, &again);
	assert_memory_equal(again.data, "SIP/2.0 200", 11);
	cw_buffer_finish(&again);
	take(&pair.server, out.data, out.length, &again);
	assert_memory_equal(again.data, "SIP/2.0 401", 11);
	assert_non_null(strstr(again.data, "stale=true"));
	finish(&pair);
}

static void a_second_challenge_is_a_no(void **state)
{
	(void)state;
	static const char challenge[] =
		"SIP/2.0 401 Unauthorized\r\n" DIALOG
		"CSeq: %u OPTIONS\r\nWWW-Authenticate: Digest realm=\"r\", "
		"nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";
	struct pair pair = make(CW_CONVERSATION_ZONE);
	AUTO_BUFFER out = {0};
	ask(&pair.client, &out);
	for (unsigned i = 0; i < 2; i++) {
		AUTO_BUFFER said = {0};
		assert_int_equal(pair.client.state, CW_CONVERSATION_TALKING);
		cw_buffer_printf(&said, challenge, pair.client.sequence);
		take(&pair.client, said.data, said.length, &out);
	}
	assert_int_equal(pair.client.state, CW_CONVERSATION_DENIED);
	assert_string_equal(pair.client.reason, "Authentication Failed");
	finish(&pair);
}

static void odd_user_names_go_through(void **state)
{
	(void)state;
	static const char *const names[] = {
		"a\"b", "back\\slash", "two words, and=more", "line\r\nX-Evil: 1", "Gr\xc3\xbc\xc3\x9f"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct pair pair = make(CW_CONVERSATION_ZONE);
		pair.client.username = pair.server.username = names[i];
		talk(&pair, 1000);
		assert_int_equal(pair.client.state, CW_CONVERSATION_UP);
		finish(&pair);
	}
}

static void a_password_is_never_sent(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_ZONE);
	AUTO_BUFFER out = {0};
	talk(&pair, 1000);
	ask(&pair.client, &out);
	assert_non_null(strstr(out.data, "Authorization: Digest username=\"traversal\""));
	assert_non_null(strstr(out.data, "nc=00000002"));
	assert_null(strstr(out.data, "secret"));
	finish(&pair);
}

static void an_address_of_ipv6_stands_in_brackets(void **state)
{
	(void)state;
	static const char *const hosts[] = {"2001:db8::1", "[2001:db8::1]"};
	for (size_t i = 0; i < 2; i++) {
		struct pair pair = make(CW_CONVERSATION_ZONE);
		AUTO_BUFFER out = {0};
		pair.client.host = pair.server.host = hosts[i];
		talk(&pair, 1000);
		assert_int_equal(pair.client.state, CW_CONVERSATION_UP);
		ask(&pair.client, &out);
		assert_memory_equal(out.data, "OPTIONS sip:[2001:db8::1] SIP/2.0\r\n", 35);
		finish(&pair);
	}
}

/* RFC 5626 §4.4.1 */
static void a_ping_is_answered(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_ZONE);
	AUTO_BUFFER out = {0};
	assert_false(take(&pair.server, "\r\n\r\n", 4, &out));
	assert_string_equal(out.data, "\r\n");
	assert_false(take(&pair.client, "\r\n", 2, &out));
	assert_int_equal(pair.client.state, CW_CONVERSATION_TALKING);
	finish(&pair);
}

static void a_forbidden_registration_is_told_as_403(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_REGISTER);
	pair.server.forbid = true;
	talk(&pair, 1000);
	assert_int_equal(pair.client.state, CW_CONVERSATION_FORBIDDEN);
	assert_int_equal(pair.server.state, CW_CONVERSATION_FORBIDDEN);
	finish(&pair);
}

static void what_does_not_belong_there_breaks_it_off_with_a_reason(void **state)
{
	(void)state;
	static const struct {
		bool server;
		const char *bytes;
		const char *want_reason;
	} rows[] = {
		{true, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a stream needs Content-Length"},
		{true, "REGISTER sip:x SIP/2.0\r\n" DIALOG "CSeq: 1 REGISTER\r\nl: 0\r\n\r\n",
			"wanted another SIP request"},
		{true, "SIP/2.0 200 OK\r\n" DIALOG "CSeq: 1 OPTIONS\r\nl: 0\r\n\r\n", "wanted a SIP request"},
		{true, "OPTIONS sip:x SIP/2.0\r\nl: 0\r\n\r\n", "Via is missing"},
		{true,
			"OPTIONS sip:x SIP/2.0\r\n" DIALOG "CSeq: 1 OPTIONS\r\nl: 0\r\n"
			"Authorization: Digest realm\r\n\r\n",
			"wanted credentials for this request"},
		{true, "\x16\x03\x01 TLS in TLS", "wanted SIP or STUN, found other bytes"},
		{false, "SIP/2.0 500 No\r\n" DIALOG "CSeq: 0 OPTIONS\r\nl: 0\r\n\r\n",
			"wanted an answer of 200, 401 or 403"},
		{false, "SIP/2.0 401 Who\r\n" DIALOG "CSeq: 0 OPTIONS\r\nl: 0\r\n\r\n",
			"a challenge that cannot be answered"},
		{false, "SIP/2.0 200 OK\r\n" DIALOG "CSeq: 7 OPTIONS\r\nl: 0\r\n\r\n",
			"wanted the answer to the request"},
		{false, "SIP/2.0\r\nl: 0\r\n\r\n", "wanted a SIP start line"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pair pair = make(CW_CONVERSATION_ZONE);
		struct cw_conversation *conversation = rows[i].server ? &pair.server : &pair.client;
		AUTO_BUFFER out = {0};
		take(conversation, rows[i].bytes, strlen(rows[i].bytes), &out);
		assert_int_not_equal(conversation->state, CW_CONVERSATION_UP);
		assert_string_equal(conversation->reason, rows[i].want_reason);
		finish(&pair);
	}
}

static void headers_without_end_are_broken_off(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_HTTP);
	AUTO_BUFFER out = {0};
	for (unsigned i = 0; i < 1000 && pair.server.state != CW_CONVERSATION_BROKEN; i++)
		take(&pair.server, "X-Header: 0123456789\r\n", 22, &out);
	assert_int_equal(pair.server.state, CW_CONVERSATION_BROKEN);
	assert_true(pair.server.in.length < 9000);
	assert_int_equal(out.length, 0);
	finish(&pair);
}

static void over_https_what_is_no_request_and_no_answer_breaks_it_off(void **state)
{
	(void)state;
	static const struct {
		bool server;
		const char *bytes;
		const char *want_reason;
	} rows[] = {
		{true, "OPTIONS sip:x SIP/2.0\r\nVia: x\r\n\r\n", "wanted an HTTP request"},
		{true, "GET\r\n\r\n", "wanted an HTTP request"},
		{true, "\x16\x03\x01 TLS in TLS", "wanted lines of text, found other bytes"},
		{true, "GET / HTTP/1.1\r\nContent-Length: 4 \r\n\r\nbody",
			"a message with a body, which this conversation has none of"},
		{true, "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
			"a message with a body, which this conversation has none of"},
		{false, "HTTP/1.1 500 No\r\n\r\n", "wanted an answer of 200 or 403"},
		{false, "HTTP/1.0 200 OK\r\n\r\n", "wanted an answer of 200 or 403"},
		{false, "HTTP/1.1 20 OK\r\n\r\n", "wanted an answer of 200 or 403"},
		{false, "HTTP/1.1 2x0 OK\r\n\r\n", "wanted an answer of 200 or 403"},
		{false, "HTTP/1.1 403 No\r\nContent-Length: 0 \r\n\r\n", "403 Forbidden"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pair pair = make(CW_CONVERSATION_HTTP);
		struct cw_conversation *conversation = rows[i].server ? &pair.server : &pair.client;
		AUTO_BUFFER out = {0};
		take(conversation, rows[i].bytes, strlen(rows[i].bytes), &out);
		assert_int_not_equal(conversation->state, CW_CONVERSATION_UP);
		assert_string_equal(conversation->reason, rows[i].want_reason);
		assert_int_equal(out.length, 0);
		finish(&pair);
	}
}

static void a_forbidden_request_is_told_as_403(void **state)
{
	(void)state;
	struct pair pair = make(CW_CONVERSATION_HTTP);
	pair.server.forbid = true;
	talk(&pair, 1);
	assert_int_equal(pair.client.state, CW_CONVERSATION_FORBIDDEN);
	assert_int_equal(pair.server.state, CW_CONVERSATION_FORBIDDEN);
	finish(&pair);
}

static void stun_in_a_zone_breaks_it_off(void **state)
{
	(void)state;
	static const char binding[20] = "\0\1\0\0\x21\x12\xa4\x42";
	struct pair pair = make(CW_CONVERSATION_ZONE);
	AUTO_BUFFER out = {0};
	assert_false(take(&pair.server, binding, sizeof binding, &out));
	assert_int_equal(pair.server.state, CW_CONVERSATION_BROKEN);
	assert_string_equal(pair.server.reason, "wanted SIP, found STUN");
	finish(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_conversation_comes_up_however_it_is_cut),
		cmocka_unit_test(a_zone_stays_up_by_asking_again),
		cmocka_unit_test(wrong_credentials_are_denied_and_the_server_knows_which),
		cmocka_unit_test(a_request_that_comes_again_lets_nobody_in),
		cmocka_unit_test(a_second_challenge_is_a_no),
		cmocka_unit_test(odd_user_names_go_through),
		cmocka_unit_test(a_password_is_never_sent),
		cmocka_unit_test(an_address_of_ipv6_stands_in_brackets),
		cmocka_unit_test(a_ping_is_answered),
		cmocka_unit_test(a_forbidden_registration_is_told_as_403),
		cmocka_unit_test(what_does_not_belong_there_breaks_it_off_with_a_reason),
		cmocka_unit_test(headers_without_end_are_broken_off),
		cmocka_unit_test(over_https_what_is_no_request_and_no_answer_breaks_it_off),
		cmocka_unit_test(a_forbidden_request_is_told_as_403),
		cmocka_unit_test(stun_in_a_zone_breaks_it_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
