/*
 * STUN keep-alives and flow tokens.
 */
#include "sip/sip_flow.h"
#include "sip/sip_stun.h"
#include "support/cmocka.h"

#define HEAD(type, length) \
	type "\0" length "\x21\x12\xa4\x42" \
	     "0123456789ab"

/* RFC 5769 §2.2: an IPv4 response with SOFTWARE, MESSAGE-INTEGRITY and FINGERPRINT. */
static const uint8_t rfc5769[] = {0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01,
	0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20,
	0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12,
	0xa6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89,
	0xf9, 0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96};

static void the_example_of_the_rfc_is_read(void **state)
{
	(void)state;
	struct cw_sip_stun stun;
	const char *reason;
	static const uint8_t want[] = {192, 0, 2, 1};
	assert_true(cw_sip_stun_parse(rfc5769, sizeof rfc5769, &stun, &reason));
	assert_int_equal(stun.class, CW_SIP_STUN_SUCCESS);
	assert_true(stun.has_address);
	assert_int_equal(stun.address.port, 32853);
	assert_memory_equal(stun.address.bytes, want, 4);
	assert_int_equal(stun.unknown_count, 0);
}

static void a_request_is_answered_with_where_it_came_from(void **state)
{
	(void)state;
	static const struct cw_sip_stun_address addresses[] = {
		{.ipv6 = false, .bytes = {10, 0, 0, 5}, .port = 58980},
		{.ipv6 = true, .bytes = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}, .port = 1},
	};
	for (size_t i = 0; i < 2; i++) {
		AUTO_BUFFER request = {0};
		AUTO_BUFFER answer = {0};
		struct cw_sip_stun asked, got;
		const char *reason;
		cw_sip_stun_ask((const uint8_t *)"transaction!", &request);
		assert_true(cw_sip_stun_parse(request.data, request.length, &asked, &reason));
		assert_int_equal(asked.class, CW_SIP_STUN_REQUEST);
		cw_sip_stun_answer(&asked, &addresses[i], &answer);
		assert_true(cw_sip_stun_parse(answer.data, answer.length, &got, &reason));
		assert_int_equal(got.class, CW_SIP_STUN_SUCCESS);
		assert_memory_equal(got.transaction, "transaction!", 12);
		assert_int_equal(got.address.ipv6, addresses[i].ipv6);
		assert_int_equal(got.address.port, addresses[i].port);
		assert_memory_equal(got.address.bytes, addresses[i].bytes, addresses[i].ipv6 ? 16 : 4);
		cw_buffer_finish(&request);
		cw_sip_stun_answer(&got, &addresses[i], &request); /* an answer is not answered */
		assert_int_equal(request.length, 0);
	}
}

#define ROW(bytes, want) \
	{ \
		bytes, sizeof(bytes) - 1, want \
	}

static void what_is_no_binding_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		bool want;
	} rows[] = {
		ROW(HEAD("\0\1", "\0"), true),
		ROW(HEAD("\0\x11", "\0"), true), /* an indication */
		ROW(HEAD("\1\x11", "\0"), true), /* an error */
		ROW(HEAD("\0\1", "\4") "\x80\x22\0\0", true),
		ROW(HEAD("\0\1", "\x8") "\x80\x22\0\1x\0\0\0", true),
		ROW(HEAD("\0\3", "\0"), false), /* Allocate */
		ROW(HEAD("\0\1", "\4"), false),
		ROW(HEAD("\0\1", "\4") "\x80\x22\0\1", false),
		ROW(HEAD("\0\1", "\4") "\x80\x22\xff\xff", false),
		ROW(HEAD("\1\1", "\x8") "\0\x20\0\4\0\1\0\0", false),	       /* an address of four bytes */
		ROW(HEAD("\1\1", "\xc") "\0\x20\0\x8\0\2\0\0\0\0\0\0", false), /* of another family */
		ROW("\0\1\0", false),
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_stun stun;
		const char *reason;
		if (cw_sip_stun_parse(rows[i].bytes, rows[i].length, &stun, &reason) != rows[i].want)
			fail_msg("row %zu", i);
	}
}

static void attributes_that_must_be_understood_get_a_420(void **state)
{
	(void)state;
	AUTO_BUFFER answer = {0};
	struct cw_sip_stun stun;
	const char *reason;
	static const struct cw_sip_stun_address from = {.port = 1};
	static const char request[] = HEAD("\0\1", "\xc") "\x7f\x01\0\1x\0\0\0\0\x06\0\0";
	static const char want[] = "\1\x11\0\x10\x21\x12\xa4\x42"
				   "0123456789ab\0\x09\0\4\0\0\4\x14\0\x0a\0\2\x7f\x01\0\0";
	assert_true(cw_sip_stun_parse(request, sizeof request - 1, &stun, &reason));
	cw_sip_stun_answer(&stun, &from, &answer);
	assert_int_equal(answer.length, sizeof want - 1);
	assert_memory_equal(answer.data, want, sizeof want - 1);
}

static const uint8_t key[CW_SIP_FLOW_KEY] = {1, 2, 3};
static const uint8_t other_key[CW_SIP_FLOW_KEY] = {1, 2, 4};

static void a_token_says_what_was_written_into_it(void **state)
{
	(void)state;
	static const struct cw_sip_flow flows[] = {
		{0, 0, 0, false}, {65535, 3, UINT64_MAX, true}, {7, 65535, 0x0102030405060708, false}};
	for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
		char token[CW_SIP_FLOW_SIZE];
		struct cw_sip_flow flow;
		struct cw_error error;
		assert_true(cw_sip_flow_write(key, &flows[i], token, &error));
		assert_int_equal(strlen(token), 40);
		assert_true(cw_sip_flow_read(key, token, &flow));
		assert_int_equal(flow.worker, flows[i].worker);
		assert_int_equal(flow.zone, flows[i].zone);
		assert_true(flow.connection == flows[i].connection);
		assert_int_equal(flow.towards_server, flows[i].towards_server);
		assert_false(cw_sip_flow_read(other_key, token, &flow));
	}
}

static void no_other_token_is_taken(void **state)
{
	(void)state;
	static const struct cw_sip_flow flow = {.worker = 1, .connection = 77};
	char token[CW_SIP_FLOW_SIZE];
	struct cw_sip_flow got;
	struct cw_error error;
	assert_true(cw_sip_flow_write(key, &flow, token, &error));
	for (size_t i = 0; i < CW_SIP_FLOW_SIZE - 1; i++) {
		char changed[CW_SIP_FLOW_SIZE];
		memcpy(changed, token, sizeof changed);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_false(cw_sip_flow_read(key, changed, &got));
		changed[i] = '%';
		assert_false(cw_sip_flow_read(key, changed, &got));
		changed[i] = '\0';
		assert_false(cw_sip_flow_read(key, changed, &got));
	}
	assert_false(cw_sip_flow_read(key, "", &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_rfc_is_read),
		cmocka_unit_test(a_request_is_answered_with_where_it_came_from),
		cmocka_unit_test(what_is_no_binding_is_refused),
		cmocka_unit_test(attributes_that_must_be_understood_get_a_420),
		cmocka_unit_test(a_token_says_what_was_written_into_it),
		cmocka_unit_test(no_other_token_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
