/*
 * RFC 4475: each message of section 3 is answered or refused as its text says, over a stream.
 */
#include "sip/sip_admit.h"
#include "sip/sip_auth_server.h"
#include "support/sip.h"
#include "support/sip_torture.h"

static const char *const methods[] = {"INVITE", "OPTIONS", "REGISTER", "MESSAGE", NULL};
static const char *const types[] = {"application/sdp", "multipart/mixed", NULL};
static const struct cw_sip_admit server = {.methods = methods, .types = types};

static struct cw_sip_message *message_of(const char *name)
{
	for (size_t i = 0; i < test_torture_count; i++) {
		AUTO_BUFFER bytes = {0};
		if (strcmp(test_torture[i].name, name) != 0)
			continue;
		test_torture_write(&test_torture[i], &bytes);
		return test_sip_bytes(bytes.data, bytes.length);
	}
	fail_msg("no message %s", name);
	return NULL;
}

static unsigned status_of(const struct cw_sip_message *message)
{
	return message->start.status ? message->refusal.status : cw_sip_admit_check(message, &server);
}

static void every_message_is_answered_or_refused_as_the_rfc_says(void **state)
{
	(void)state;
	assert_int_equal(test_torture_count, 49);
	for (size_t i = 0; i < test_torture_count; i++) {
		const struct test_torture *torture = &test_torture[i];
		static const enum cw_sip_frame_kind kinds[] = {
			[TEST_TORTURE_MESSAGE] = CW_SIP_FRAME_MESSAGE,
			[TEST_TORTURE_MORE] = CW_SIP_FRAME_MORE,
			[TEST_TORTURE_BROKEN] = CW_SIP_FRAME_BROKEN,
		};
		AUTO_BUFFER bytes = {0};
		struct cw_error error;
		struct cw_sip_frame frame = {0};
		struct cw_sip_frame_piece piece;
		AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
		test_torture_write(torture, &bytes);
		assert_true(cw_sip_frame_feed(&frame, bytes.data, bytes.length, &error));
		cw_sip_frame_next(&frame, &piece);
		unsigned status = piece.status;
		if (piece.head) {
			assert_true(
				cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error));
			if (piece.kind == CW_SIP_FRAME_MESSAGE)
				status = status_of(message);
		}
		if (piece.kind != kinds[torture->want_frame] || status != torture->want_status)
			fail_msg("%s %s: wanted %d and %u, found %d and %u (%s)", torture->section,
				torture->name, kinds[torture->want_frame], torture->want_status, piece.kind,
				status, message && message->refusal.reason ? message->refusal.reason : "-");
		cw_sip_frame_finish(&frame);
	}
}

/* 3.1.1.1 */
static void white_space_and_folds_change_nothing(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free) struct cw_sip_message *message = message_of("wsinv");
	const struct cw_sip_address *from = cw_sip_message_address(message, CW_SIP_FROM, 0);
	const struct cw_sip_address *contact = cw_sip_message_address(message, CW_SIP_CONTACT, 0);
	test_sip_equal(from->display, "\"J Rosenberg \\\\\\\"\"");
	test_sip_equal(cw_sip_address_parameter(from, "tag"), "98asjd8");
	test_sip_equal(cw_sip_address_parameter(cw_sip_message_address(message, CW_SIP_TO, 0), "tag"),
		"1918181833n");
	assert_int_equal(message->via_count, 3);
	assert_null(cw_sip_via_branch(&message->vias[0]).data);
	test_sip_equal(cw_sip_via_branch(&message->vias[2]), "z9hG4bK30239");
	assert_string_equal(cw_sip_via_host(&message->vias[1]), "spindle.example.com");
	assert_string_equal(cw_sip_via_transport(&message->vias[1]), "TCP");
	test_sip_equal(cw_sip_address_parameter(contact, "newparam"), "newvalue");
	test_sip_equal(cw_sip_address_parameter(contact, "q"), "0.33");
	assert_non_null(cw_sip_parameters_find(&contact->parameters, "secondparam"));
	assert_int_equal(message->max_forwards, 68);
	assert_int_equal(message->cseq.number, 9);
	assert_int_equal(message->body.length, 150);
	test_sip_equal(cw_sip_message_other(message, "newfangledheader"),
		"newfangled value   continued newfangled value");
}

/* 3.1.1.3, 3.1.1.4 */
static void escapes_are_undone_once_and_with_their_length(void **state)
{
	(void)state;
	AUTO_BUFFER bytes = {0};
	AUTO(cw_sip_message_free) struct cw_sip_message *message = message_of("escnull");
	const struct cw_sip_address *to = cw_sip_message_address(message, CW_SIP_TO, 0);
	assert_string_equal(cw_sip_uri_user(&to->uri), "null-%00-null");
	cw_sip_uri_unescape(cw_sip_uri_user(&to->uri), &bytes);
	assert_int_equal(bytes.length, 11);
	assert_memory_equal(bytes.data, "null-\0-null", 11);
	assert_string_equal(
		cw_sip_uri_user(&cw_sip_message_address(message, CW_SIP_CONTACT, 1)->uri), "%00%00");
	AUTO(cw_sip_message_free) struct cw_sip_message *twice = message_of("esc01");
	const struct cw_sip_address *contact = cw_sip_message_address(twice, CW_SIP_CONTACT, 0);
	assert_string_equal(cw_sip_uri_parameter(&contact->uri, "n%61me"), "v%61lue%25%34%31");
	assert_string_equal(cw_sip_uri_user(&twice->start.uri), "sips%3Auser%40example.com");
}

/* 3.1.1.5 */
static void a_percent_sign_in_a_name_is_no_escape(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free) struct cw_sip_message *message = message_of("esc02");
	assert_string_equal(
		cw_sip_uri_user(&cw_sip_message_address(message, CW_SIP_CONTACT, 1)->uri), "alias3");
	assert_null(cw_sip_message_address(message, CW_SIP_CONTACT, 2));
	assert_false(cw_sip_message_is(message, "REGISTER"));
}

/* 3.1.1.9, 3.3.12, 3.3.13 */
static void a_semicolon_belongs_to_whoever_has_it(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free) struct cw_sip_message *user = message_of("semiuri");
	AUTO(cw_sip_message_free) struct cw_sip_message *header = message_of("cparam01");
	AUTO(cw_sip_message_free) struct cw_sip_message *uri = message_of("cparam02");
	const struct cw_sip_address *bare = cw_sip_message_address(header, CW_SIP_CONTACT, 0);
	const struct cw_sip_address *bracket = cw_sip_message_address(uri, CW_SIP_CONTACT, 0);
	assert_string_equal(cw_sip_uri_user(&user->start.uri), "user;par=u%40example.net");
	assert_non_null(cw_sip_parameters_find(&bare->parameters, "unknownparam"));
	assert_null(cw_sip_uri_parameter(&bare->uri, "unknownparam"));
	assert_null(cw_sip_parameters_find(&bracket->parameters, "unknownparam"));
	assert_string_equal(cw_sip_uri_parameter(&bracket->uri, "unknownparam"), "");
}

/* 3.1.1.8: in a stream what follows is the next message. */
static void a_second_request_is_a_second_request(void **state)
{
	(void)state;
	AUTO_BUFFER bytes = {0};
	struct cw_error error;
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	test_torture_write(&test_torture[7], &bytes);
	assert_true(cw_sip_frame_feed(&frame, bytes.data, bytes.length, &error));
	assert_int_equal(cw_sip_frame_next(&frame, &piece), CW_SIP_FRAME_MESSAGE);
	assert_memory_equal(piece.data, "REGISTER ", 9);
	assert_int_equal(cw_sip_frame_next(&frame, &piece), CW_SIP_FRAME_MESSAGE);
	assert_memory_equal(piece.data, "INVITE ", 7);
	cw_sip_frame_finish(&frame);
}

/* 3.3.5, 3.3.7, 3.3.10, 3.3.11 */
static void what_the_answer_must_hold_is_there(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_sip_digest digest;
	struct cw_sip_auth_server auth = {.realm = "example.com", .algorithm = CW_SIP_DIGEST_MD5};
	static const struct cw_sip_admit hop = {.hop = true};
	AUTO(cw_sip_message_free) struct cw_sip_message *extension = message_of("bext01");
	AUTO(cw_sip_message_free) struct cw_sip_message *scheme = message_of("regaut01");
	AUTO(cw_sip_message_free) struct cw_sip_message *broadcast = message_of("bcast");
	AUTO(cw_sip_message_free) struct cw_sip_message *zero = message_of("zeromf");
	cw_sip_admit_explain(&writer, extension, &server, 420);
	assert_string_equal(
		cw_buffer_string(&out), "Unsupported: nothingSupportsThis, nothingSupportsThisEither\r\n");
	cw_buffer_finish(&out);
	assert_int_equal(cw_sip_admit_check(extension, &hop), 420);
	cw_sip_admit_explain(&writer, extension, &hop, 420);
	assert_string_equal(
		cw_buffer_string(&out), "Unsupported: noProxiesSupportThis, norDoAnyProxiesSupportThis\r\n");
	assert_int_equal(cw_sip_auth_server_read(&auth, scheme, 0, &digest), CW_SIP_AUTH_SERVER_NONE);
	assert_false(cw_sip_admit_return(broadcast));
	assert_int_equal(cw_sip_admit_check(zero, &hop), 483);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_answered_or_refused_as_the_rfc_says),
		cmocka_unit_test(white_space_and_folds_change_nothing),
		cmocka_unit_test(escapes_are_undone_once_and_with_their_length),
		cmocka_unit_test(a_percent_sign_in_a_name_is_no_escape),
		cmocka_unit_test(a_semicolon_belongs_to_whoever_has_it),
		cmocka_unit_test(a_second_request_is_a_second_request),
		cmocka_unit_test(what_the_answer_must_hold_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
