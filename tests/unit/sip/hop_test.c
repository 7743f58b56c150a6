/*
 * One hop of a registration: what goes on, with which way written into it, and what does not.
 */
#include "sip/sip_hop.h"
#include "support/sip.h"

#include <stdio.h>

static const uint8_t key_e[CW_SIP_FLOW_KEY] = "e-key", key_c[CW_SIP_FLOW_KEY] = "c-key";
#define CLIENT 77
#define ZONE 5
#define SERVER 900

/* Connection 78 and zone 6 are gone. */
static bool lives(void *context, const struct cw_sip_flow *flow, enum cw_sip_hop_side side)
{
	const struct cw_sip_hop *hop = context;
	return side == hop->zone_side ? flow->zone == ZONE
				      : flow->connection == CLIENT || flow->connection == SERVER;
}

struct pair {
	struct cw_sip_hop e, c;
};

static struct pair *pair_of(struct pair *pair)
{
	pair->e = (struct cw_sip_hop){.host = "e1.acme.test",
		.port = 5061,
		.key = key_e,
		.worker = 1,
		.zone_side = CW_SIP_HOP_INNER,
		.lives = lives,
		.context = &pair->e};
	pair->c = (struct cw_sip_hop){.host = "c1.acme.test",
		.port = 5061,
		.key = key_c,
		.worker = 2,
		.zone_side = CW_SIP_HOP_OUTER,
		.lives = lives,
		.context = &pair->c};
	return pair;
}

static const struct cw_sip_hop_from from_client = {.side = CW_SIP_HOP_OUTER,
	.zone = ZONE,
	.connection = CLIENT,
	.received = "192.0.2.9",
	.rport = 40000};
static const struct cw_sip_hop_from from_zone_in = {
	.side = CW_SIP_HOP_OUTER, .zone = ZONE, .connection = SERVER};
static const struct cw_sip_hop_from from_server = {.side = CW_SIP_HOP_INNER, .connection = SERVER};
static const struct cw_sip_hop_from from_zone_out = {.side = CW_SIP_HOP_INNER, .zone = ZONE};

/* What goes on, read again; NULL: nothing was written. */
static struct cw_sip_message *take(struct cw_sip_hop *hop, const struct cw_sip_message *message,
	const struct cw_sip_hop_from *from, struct cw_sip_hop_step *ret)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	assert_true(cw_sip_hop_take(hop, message, from, &out, ret, &error));
	return out.length ? test_sip_bytes(out.data, out.length) : NULL;
}

static struct cw_sip_message *request(const char *method, const char *more)
{
	char text[2000];
	snprintf(text, sizeof text,
		"%s sip:pub.acme.test SIP/2.0\r\nVia: SIP/2.0/TLS phone.invalid;branch=z9hG4bK1;rport\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:a@pub.acme.test>;tag=1\r\nTo: <sip:a@pub.acme.test>\r\n"
		"Call-ID: one\r\nCSeq: 1 %s\r\nContact: <sip:a@10.0.0.7>\r\n%sContent-Length: 0\r\n\r\n",
		method, method, more);
	return test_sip(text);
}

static struct cw_sip_message *answer_to(const struct cw_sip_message *asked, unsigned status)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_writer writer = {.out = &out};
	cw_sip_writer_answer(&writer, asked, status, NULL, "t");
	assert_true(cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, &error));
	return test_sip_bytes(out.data, out.length);
}

static void a_registration_goes_through_both_and_its_answer_comes_back(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	pair_of(&pair);
	AUTO(cw_sip_message_free)
	struct cw_sip_message *sent = request("REGISTER", "Route: <sip:c1.acme.test:5061;lr>\r\n");
	AUTO(cw_sip_message_free) struct cw_sip_message *zone = take(&pair.e, sent, &from_client, &step);
	assert_int_equal(step.way, CW_SIP_HOP_INWARD);
	assert_int_equal(step.flow.zone, ZONE);
	assert_int_equal(zone->via_count, 2);
	assert_int_equal(zone->max_forwards, 69);
	assert_null(cw_sip_message_field(zone, CW_SIP_ROUTE, 0).data);
	test_sip_equal(zone->vias[1].parameters.items[1].value, "192.0.2.9");
	AUTO(cw_sip_message_free) struct cw_sip_message *server = take(&pair.c, zone, &from_zone_in, &step);
	assert_int_equal(step.way, CW_SIP_HOP_INWARD);
	assert_int_equal(step.flow.connection, SERVER);
	const struct cw_sip_address *near = cw_sip_message_address(server, CW_SIP_PATH, 0);
	const struct cw_sip_address *far = cw_sip_message_address(server, CW_SIP_PATH, 1);
	assert_string_equal(cw_sip_uri_host(&near->uri), "c1.acme.test");
	assert_null(cw_sip_uri_parameter(&near->uri, "ob"));
	assert_string_equal(cw_sip_uri_host(&far->uri), "e1.acme.test");
	assert_non_null(cw_sip_uri_parameter(&far->uri, "ob"));
	uint64_t number = step.sent;
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = answer_to(server, 200);
	AUTO(cw_sip_message_free) struct cw_sip_message *back = take(&pair.c, answer, &from_server, &step);
	assert_int_equal(step.way, CW_SIP_HOP_OUTWARD);
	assert_int_equal(step.flow.zone, ZONE);
	assert_int_equal(step.sent, number);
	AUTO(cw_sip_message_free) struct cw_sip_message *home = take(&pair.e, back, &from_zone_out, &step);
	assert_int_equal(step.way, CW_SIP_HOP_OUTWARD);
	assert_int_equal(step.flow.connection, CLIENT);
	assert_int_equal(home->via_count, 1);
}

/* The Route that a registrar makes of the Path. */
static void outward(struct pair *pair, char ret[400])
{
	struct cw_sip_hop_step step;
	AUTO(cw_sip_message_free) struct cw_sip_message *sent = request("REGISTER", "");
	AUTO(cw_sip_message_free) struct cw_sip_message *zone = take(&pair->e, sent, &from_client, &step);
	AUTO(cw_sip_message_free) struct cw_sip_message *server = take(&pair->c, zone, &from_zone_in, &step);
	snprintf(ret, 400, "Route: %.*s\r\nRoute: %.*s\r\n",
		CW_SIP_TEXT_ARGS(cw_sip_message_field(server, CW_SIP_PATH, 0)),
		CW_SIP_TEXT_ARGS(cw_sip_message_field(server, CW_SIP_PATH, 1)));
}

static void a_request_outward_goes_by_the_way_that_was_written(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	char route[400];
	outward(pair_of(&pair), route);
	AUTO(cw_sip_message_free) struct cw_sip_message *asked = request("OPTIONS", route);
	AUTO(cw_sip_message_free) struct cw_sip_message *zone = take(&pair.c, asked, &from_server, &step);
	assert_int_equal(step.way, CW_SIP_HOP_OUTWARD);
	assert_int_equal(step.flow.zone, ZONE);
	AUTO(cw_sip_message_free) struct cw_sip_message *phone = take(&pair.e, zone, &from_zone_out, &step);
	assert_int_equal(step.way, CW_SIP_HOP_OUTWARD);
	assert_int_equal(step.flow.connection, CLIENT);
	assert_null(cw_sip_message_field(phone, CW_SIP_ROUTE, 0).data);
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = answer_to(phone, 200);
	AUTO(cw_sip_message_free) struct cw_sip_message *back = take(&pair.e, answer, &from_client, &step);
	assert_int_equal(step.way, CW_SIP_HOP_INWARD);
	assert_int_equal(step.flow.zone, ZONE);
	AUTO(cw_sip_message_free) struct cw_sip_message *home = take(&pair.c, back, &from_zone_in, &step);
	assert_int_equal(step.way, CW_SIP_HOP_INWARD);
	assert_int_equal(step.flow.connection, SERVER);
	assert_int_equal(home->via_count, 1);
}

static void a_way_counts_over_the_zone_and_connection_that_it_names(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	char route[400], *second;
	static const struct cw_sip_hop_from other_zone = {.side = CW_SIP_HOP_INNER, .zone = ZONE + 1};
	static const struct cw_sip_hop_from other_client = {
		.side = CW_SIP_HOP_OUTER, .zone = ZONE, .connection = CLIENT + 1, .received = "192.0.2.8"};
	outward(pair_of(&pair), route);
	second = strstr(route, "\r\n") + 2;
	AUTO(cw_sip_message_free) struct cw_sip_message *asked = request("OPTIONS", second);
	AUTO(cw_sip_message_free) struct cw_sip_message *refused = take(&pair.e, asked, &other_zone, &step);
	assert_int_equal(refused->start.status, 403);
	/* a client that has seen another's token, or made its own of it */
	AUTO(cw_sip_message_free) struct cw_sip_message *stolen = take(&pair.e, asked, &other_client, &step);
	assert_int_equal(stolen->start.status, 403);
	char *digit = second + strlen("Route: <sip:") + 20, was = *digit;
	*digit = 'x';
	if (was == 'x')
		*digit = 'y';
	AUTO(cw_sip_message_free) struct cw_sip_message *forged = request("OPTIONS", second);
	AUTO(cw_sip_message_free) struct cw_sip_message *no = take(&pair.e, forged, &from_zone_out, &step);
	assert_int_equal(no->start.status, 403);
	/* an answer on another connection than its request went out on */
	AUTO(cw_sip_message_free) struct cw_sip_message *phone = take(&pair.e, asked, &from_zone_out, &step);
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = answer_to(phone, 200);
	assert_null(take(&pair.e, answer, &other_client, &step));
	assert_int_equal(step.way, CW_SIP_HOP_DROP);
}

static void a_flow_that_is_gone_has_failed(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	struct cw_error error;
	char token[CW_SIP_FLOW_SIZE], route[200];
	static const struct {
		uint16_t zone;
		uint64_t connection;
		bool at_c;
		unsigned want;
	} rows[] = {
		{ZONE, CLIENT + 1, false, 430}, /* the client has gone */
		{ZONE + 1, SERVER, true, 430},	/* the zone is another one */
	};
	pair_of(&pair);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_sip_flow flow = {1, rows[i].zone, rows[i].connection, false};
		struct cw_sip_hop *hop = rows[i].at_c ? &pair.c : &pair.e;
		const struct cw_sip_hop_from *from = rows[i].at_c ? &from_server : &from_zone_out;
		assert_true(cw_sip_flow_write(hop->key, &flow, token, &error));
		snprintf(route, sizeof route, "Route: <sip:%s@here;lr>\r\n", token);
		AUTO(cw_sip_message_free) struct cw_sip_message *asked = request("OPTIONS", route);
		AUTO(cw_sip_message_free) struct cw_sip_message *no = take(hop, asked, from, &step);
		assert_int_equal(no->start.status, rows[i].want);
	}
}

#define ROW(method, more, want) \
	{ \
		method, more, want \
	}
static const struct {
	const char *method, *more;
	unsigned want; /* 0: it goes on */
} asked_rows[] = {
	ROW("REGISTER", "", 0), ROW("OPTIONS", "", 0), ROW("INVITE", "", 501), ROW("SERVICE", "", 501),
	ROW("BYE", "", 501), ROW("NOTHING", "", 501), ROW("REGISTER", "Path: <sip:x@192.0.2.1;lr>\r\n", 403),
	ROW("OPTIONS", "Record-Route: <sip:x@192.0.2.1;lr>\r\n", 403),
	ROW("REGISTER", "Proxy-Require: x\r\n", 420), ROW("REGISTER", "Max-Forwards: 1\r\n", 400), /* twice */
};

static void what_a_client_asks_goes_on_or_is_answered(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	pair_of(&pair);
	for (size_t i = 0; i < sizeof asked_rows / sizeof asked_rows[0]; i++) {
		AUTO(cw_sip_message_free)
		struct cw_sip_message *sent = request(asked_rows[i].method, asked_rows[i].more);
		AUTO(cw_sip_message_free)
		struct cw_sip_message *out = take(&pair.e, sent, &from_client, &step);
		if (step.status != asked_rows[i].want || out->start.status != asked_rows[i].want)
			fail_msg("%s %s: wanted %u, found %u", asked_rows[i].method, asked_rows[i].more,
				asked_rows[i].want, step.status);
		if (asked_rows[i].want == 501)
			assert_non_null(strstr(
				cw_sip_message_field(out, CW_SIP_WARNING, 0).data, "calls are not carried"));
	}
}

static void without_a_zone_there_is_no_way(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	struct cw_sip_hop_from from = from_client;
	from.zone = 0;
	pair_of(&pair);
	AUTO(cw_sip_message_free) struct cw_sip_message *sent = request("REGISTER", "");
	AUTO(cw_sip_message_free) struct cw_sip_message *out = take(&pair.e, sent, &from, &step);
	assert_int_equal(out->start.status, 503);
}

static void an_acknowledgement_is_never_answered(void **state)
{
	(void)state;
	struct pair pair;
	struct cw_sip_hop_step step;
	pair_of(&pair);
	AUTO(cw_sip_message_free) struct cw_sip_message *sent = request("ACK", "");
	assert_null(take(&pair.e, sent, &from_client, &step));
	assert_int_equal(step.way, CW_SIP_HOP_DROP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_goes_through_both_and_its_answer_comes_back),
		cmocka_unit_test(a_request_outward_goes_by_the_way_that_was_written),
		cmocka_unit_test(a_way_counts_over_the_zone_and_connection_that_it_names),
		cmocka_unit_test(a_flow_that_is_gone_has_failed),
		cmocka_unit_test(what_a_client_asks_goes_on_or_is_answered),
		cmocka_unit_test(without_a_zone_there_is_no_way),
		cmocka_unit_test(an_acknowledgement_is_never_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
