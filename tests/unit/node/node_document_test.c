/*
 * The documents of a zone: what is written is read, and what does not fit counts as not told.
 */
#include "node/node_document.h"
#include "support/cmocka.h"

#include <arpa/inet.h>
#include <string.h>

#define SECRET "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define WAY "\"login\":\"sshd\",\"port\":2222,\"listen\":\"127.0.0.1:4001\",\"secret\":\"" SECRET "\""

static void a_way_is_told_whole(void **state)
{
	(void)state;
	struct cw_node_document document = {.serial = 7,
		.node = "e1.acme.test",
		.tunnel = true,
		.passes = true,
		.login = "sshd",
		.port = 2222};
	struct cw_node_document read;
	AUTO_BUFFER text = {0};
	document.listen.sin_port = htons(4001);
	document.listen.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memset(document.secret, 0x5a, sizeof document.secret);
	cw_node_document_write(&document, NULL, NULL, &text);
	assert_true(cw_node_document_read(cw_buffer_string(&text), text.length, &read));
	assert_int_equal(read.serial, 7);
	assert_true(read.passes);
	assert_string_equal(read.login, "sshd");
	assert_int_equal(read.port, 2222);
	assert_int_equal(ntohs(read.listen.sin_port), 4001);
	assert_memory_equal(read.secret, document.secret, sizeof read.secret);
}

static void a_refusal_is_told_with_its_code(void **state)
{
	(void)state;
	struct cw_node_document document = {.node = "c1.acme.test"}, read;
	const struct cw_snapshot_answer answer = {
		.asked = true, .refuses = true, .code = "issuer-missing", .detail = "wanted \"it\"\n"};
	AUTO_BUFFER text = {0};
	cw_node_document_answer(&document, &answer);
	cw_node_document_write(&document, NULL, NULL, &text);
	assert_true(cw_node_document_read(cw_buffer_string(&text), text.length, &read));
	assert_true(read.tunnel);
	assert_false(read.passes);
	assert_string_equal(read.code, "issuer-missing");
	assert_string_equal(read.detail, "wanted \"it\"\n");
	assert_string_equal(read.login, "");
}

static void what_does_not_fit_is_not_told(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want_read, want_tunnel, want_way;
	} rows[] = {
		{"", false, false, false},
		{"[]", false, false, false},
		{"{}", false, false, false},
		{"{\"version\":2,\"tunnel\":{\"verdict\":\"pass\"}}", false, false, false},
		{"{\"version\":1,\"version\":1}", false, false, false},
		{"{\"version\":1}", true, false, false},
		{"{\"version\":1,\"tunnel\":7}", true, false, false},
		{"{\"version\":1,\"other\":{\"a\":[]},\"tunnel\":{\"verdict\":\"pass\"}}", true, true, false},
		{"{\"version\":1,\"tunnel\":{\"verdict\":\"pass\"," WAY "}}", true, true, true},
		{"{\"version\":1,\"tunnel\":{\"verdict\":\"refused\"," WAY "}}", true, true, false},
		{"{\"version\":1,\"tunnel\":{\"verdict\":\"pass\",\"login\":\"x\",\"port\":70000,\"listen\":"
		 "\"127.0.0.1:1\",\"secret\":\"" SECRET "\"}}",
			true, true, false},
		{"{\"version\":1,\"tunnel\":{\"verdict\":\"pass\",\"login\":\"x\",\"port\":1,\"listen\":"
		 "\"127.0.0.1:99999\",\"secret\":\"" SECRET "\"}}",
			true, true, false},
		{"{\"version\":1,\"tunnel\":{\"verdict\":\"pass\",\"login\":\"x\",\"port\":1,\"listen\":"
		 "\"127.0.0.1:1\",\"secret\":\"00\"}}",
			true, true, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_node_document read;
		bool good = cw_node_document_read(rows[i].text, strlen(rows[i].text), &read);
		if (good != rows[i].want_read || read.tunnel != rows[i].want_tunnel ||
			(*read.login != '\0') != rows[i].want_way)
			fail_msg("row %zu: %s", i, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_way_is_told_whole),
		cmocka_unit_test(a_refusal_is_told_with_its_code),
		cmocka_unit_test(what_does_not_fit_is_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
