/*
 * The documents that a zone carries: both ends against each other, and an end that wants none.
 */
#include "support/cmocka.h"
#include "traversal/conversation.h"

#include <string.h>

struct pair {
	struct cw_conversation client, server;
};

static struct pair make(const char *client_document, const char *server_document)
{
	const struct cw_conversation end = {.kind = CW_CONVERSATION_ZONE,
		.host = "e1.acme.test",
		.username = "traversal",
		.password = "secret"};
	struct pair pair = {end, end};
	pair.client.document = client_document;
	pair.server.document = server_document;
	pair.server.server = true;
	return pair;
}

static void finish(struct pair *pair)
{
	cw_conversation_finish(&pair->client);
	cw_conversation_finish(&pair->server);
}

/* Until nobody has anything to say. */
static void pass(struct pair *pair, struct cw_buffer *to_server)
{
	while (to_server->length) {
		AUTO_BUFFER to_client = {0};
		cw_conversation_take(&pair->server, to_server->data, to_server->length, &to_client);
		cw_buffer_finish(to_server);
		cw_conversation_take(
			&pair->client, cw_buffer_string(&to_client), to_client.length, to_server);
	}
}

static void ask(struct pair *pair)
{
	AUTO_BUFFER request = {0};
	cw_conversation_ask(&pair->client, &request);
	pass(pair, &request);
}

static void inform(struct pair *pair)
{
	AUTO_BUFFER request = {0};
	cw_conversation_inform(&pair->client, &request);
	pass(pair, &request);
}

static void a_zone_that_is_up_carries_both_ends_documents(void **state)
{
	(void)state;
	struct pair pair = make("{\"serial\":1}", "{\"serial\":2}");
	ask(&pair);
	for (unsigned round = 0; round < 2; round++) {
		pair.client.news = pair.server.news = false;
		inform(&pair);
		assert_true(pair.client.news && pair.server.news);
		assert_string_equal(cw_buffer_string(&pair.client.told), "{\"serial\":2}");
		assert_string_equal(cw_buffer_string(&pair.server.told), "{\"serial\":1}");
		ask(&pair);
		assert_int_equal(pair.client.state, CW_CONVERSATION_UP);
		assert_int_equal(pair.server.state, CW_CONVERSATION_UP);
	}
	finish(&pair);
}

static void a_document_before_the_password_is_refused(void **state)
{
	(void)state;
	struct pair pair = make("{}", "{}");
	AUTO_BUFFER request = {0}, answer = {0};
	cw_conversation_inform(&pair.client, &request);
	cw_conversation_take(&pair.server, request.data, request.length, &answer);
	assert_non_null(strstr(cw_buffer_string(&answer), " 403 "));
	assert_int_equal(pair.server.state, CW_CONVERSATION_BROKEN);
	assert_false(pair.server.news);
	finish(&pair);
}

static void an_end_without_a_document_takes_none(void **state)
{
	(void)state;
	struct pair pair = make("{}", NULL);
	ask(&pair);
	inform(&pair);
	assert_int_equal(pair.server.state, CW_CONVERSATION_BROKEN);
	assert_false(pair.server.news);
	finish(&pair);
}

static void count_relayed(void *context, const struct cw_sip_message *message)
{
	unsigned *count = context;
	(void)message;
	++*count;
}

#define FIELDS \
	"Max-Forwards: 9\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: rehearsal\r\nContent-Length: 0\r\n"
#define VIA "Via: SIP/2.0/TLS a;branch=z9hG4bK1\r\n"
static const struct {
	const char *name, *text;
	bool server;
	unsigned want; /* relayed; else the zone's own */
} relayed[] = {
	{"a registration comes to Expressway-C",
		"REGISTER sip:b SIP/2.0\r\n" VIA "CSeq: 1 REGISTER\r\n" FIELDS "\r\n", false, 1},
	{"also with the zone's own method",
		"OPTIONS sip:b SIP/2.0\r\n" VIA "CSeq: 1 OPTIONS\r\n" FIELDS "\r\n", false, 1},
	{"an answer that goes on has two Vias",
		"SIP/2.0 200 OK\r\n" VIA VIA "CSeq: 9 OPTIONS\r\n" FIELDS "\r\n", false, 1},
	{"an answer with one is the zone's own", "SIP/2.0 200 OK\r\n" VIA "CSeq: 9 OPTIONS\r\n" FIELDS "\r\n",
		false, 0},
	{"an answer comes to Expressway-E", "SIP/2.0 200 OK\r\n" VIA "CSeq: 1 REGISTER\r\n" FIELDS "\r\n",
		true, 1},
	{"a request with a Route goes on",
		"OPTIONS sip:b SIP/2.0\r\n" VIA "Route: <sip:x@e1;lr>\r\nCSeq: 1 OPTIONS\r\n" FIELDS "\r\n",
		true, 1},
	{"a request without is the zone's own",
		"OPTIONS sip:b SIP/2.0\r\n" VIA "CSeq: 1 OPTIONS\r\n" FIELDS "\r\n", true, 0},
};

static void a_clients_messages_pass_beside_the_zones_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof relayed / sizeof relayed[0]; i++) {
		for (unsigned up = 0; up < 2; up++) {
			AUTO_BUFFER out = {0};
			unsigned count = 0;
			struct pair pair = make("{}", "{}");
			struct cw_conversation *end = relayed[i].server ? &pair.server : &pair.client;
			end->relay = count_relayed;
			end->relay_context = &count;
			if (up)
				ask(&pair);
			bool own = cw_conversation_take(end, relayed[i].text, strlen(relayed[i].text), &out);
			if (count != (up ? relayed[i].want : 0) || own != !count)
				fail_msg("%s: relayed %u", relayed[i].name, count);
			finish(&pair);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_that_is_up_carries_both_ends_documents),
		cmocka_unit_test(a_document_before_the_password_is_refused),
		cmocka_unit_test(an_end_without_a_document_takes_none),
		cmocka_unit_test(a_clients_messages_pass_beside_the_zones_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
