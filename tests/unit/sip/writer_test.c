/*
 * What is written is read again and says the same; what a hop changes, and nothing else; no text becomes a
 * header field.
 */
#include "sip/sip_writer.h"
#include "support/sip.h"
#include "support/sip_torture.h"

static const struct cw_sip_text nothing = {0};

static struct cw_sip_message *end_and_read(
	struct cw_sip_writer *writer, const char *type, struct cw_sip_text body)
{
	struct cw_error error;
	assert_true(cw_sip_writer_end(writer, type, body, &error));
	return test_sip_bytes(writer->out->data, writer->out->length);
}

static void put_dialog(struct cw_sip_writer *writer, const char *method)
{
	cw_sip_writer_field(
		writer, CW_SIP_VIA, "SIP/2.0/TLS %s:%d;branch=z9hG4bK%s;rport", "c1.acme.test", 5061, "77");
	cw_sip_writer_field(writer, CW_SIP_FROM, "<sip:c1.acme.test>;tag=8");
	cw_sip_writer_field(writer, CW_SIP_TO, "<sip:e1.acme.test:7001>");
	cw_sip_writer_field(writer, CW_SIP_CALL_ID, "77@c1.acme.test");
	cw_sip_writer_field(writer, CW_SIP_CSEQ, "9 %s", method);
}

static void requests_of_our_own_are_read_again(void **state)
{
	(void)state;
	static const struct {
		const char *method, *uri, *type, *body;
	} rows[] = {
		{"OPTIONS", "sip:e1.acme.test:7001;transport=tls", NULL, ""},
		{"OPTIONS", "sip:e1.acme.test:7001;transport=tls", "text/xml", "<resourceusageinfo/>"},
		{"REGISTER", "sip:cucm.acme.test", NULL, ""},
		{"SERVICE", "sip:serviceserver@cucm02.acme.test", "multipart/mixed;boundary=b",
			"--b\r\n\r\nx\r\n--b--"},
		{"INFO", "sip:e1.acme.test:7001", "application/vnd.causeway.zone+json", "{\"version\":1}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		cw_sip_writer_request(&writer, rows[i].method, rows[i].uri);
		put_dialog(&writer, rows[i].method);
		cw_sip_writer_field(&writer, CW_SIP_MAX_FORWARDS, "0");
		cw_sip_writer_other(&writer, "X-TAATag", "%s", "tag with words");
		AUTO(cw_sip_message_free)
		struct cw_sip_message *message =
			end_and_read(&writer, rows[i].type, cw_sip_text_of(rows[i].body));
		assert_int_equal(message->refusal.status, 0);
		assert_true(cw_sip_message_is(message, rows[i].method));
		test_sip_equal(message->start.uri.whole, rows[i].uri);
		test_sip_equal(message->body, rows[i].body);
		test_sip_equal(cw_sip_message_field(message, CW_SIP_CONTENT_TYPE, 0),
			rows[i].type ? rows[i].type : "");
		test_sip_equal(cw_sip_message_other(message, "x-taatag"), "tag with words");
		test_sip_equal(cw_sip_via_branch(&message->vias[0]), "z9hG4bK77");
		assert_int_equal(message->cseq.number, 9);
		assert_int_equal(message->max_forwards, 0);
	}
}

static void answers_are_read_again(void **state)
{
	(void)state;
	static const struct {
		unsigned status;
		const char *reason, *want_reason, *want_tag;
	} rows[] = {{100, NULL, "Trying", ""}, {200, NULL, "OK", "t1"}, {200, "", "", "t1"},
		{401, NULL, "Unauthorized", "t1"},
		{403, "Authentication Failed", "Authentication Failed", "t1"},
		{407, NULL, "Proxy Authentication Required", "t1"}, {430, NULL, "Flow Failed", "t1"},
		{481, NULL, "Call/Transaction Does Not Exist", "t1"}, {501, NULL, "Not Implemented", "t1"},
		{599, NULL, "", "t1"}};
	AUTO_BUFFER request = {0};
	struct cw_sip_writer asked = {.out = &request};
	cw_sip_writer_request(&asked, "OPTIONS", "sip:e1.acme.test");
	put_dialog(&asked, "OPTIONS");
	AUTO(cw_sip_message_free) struct cw_sip_message *question = end_and_read(&asked, NULL, nothing);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		cw_sip_writer_answer(&writer, question, rows[i].status, rows[i].reason, "t1");
		AUTO(cw_sip_message_free)
		struct cw_sip_message *answer = end_and_read(&writer, NULL, nothing);
		assert_int_equal(answer->refusal.status, 0);
		assert_int_equal(answer->start.status, rows[i].status);
		test_sip_equal(answer->start.reason, rows[i].want_reason);
		test_sip_equal(cw_sip_address_parameter(cw_sip_message_address(answer, CW_SIP_TO, 0), "tag"),
			rows[i].want_tag);
		assert_true(cw_sip_text_same(answer->call_id, question->call_id));
		assert_int_equal(answer->cseq.number, question->cseq.number);
		assert_int_equal(answer->via_count, 1);
	}
}

static void a_tag_that_is_there_stays(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	AUTO(cw_sip_message_free)
	struct cw_sip_message *request = test_sip(
		"INFO sip:e SIP/2.0\r\nVia: SIP/2.0/TLS c\r\nFrom: <sip:c>;tag=1\r\nTo: <sip:e>;tag=own\r\n"
		"Call-ID: 1\r\nCSeq: 1 INFO\r\nl: 0\r\n\r\n");
	cw_sip_writer_answer(&writer, request, 200, NULL, "other");
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = end_and_read(&writer, NULL, nothing);
	test_sip_equal(cw_sip_address_parameter(cw_sip_message_address(answer, CW_SIP_TO, 0), "tag"), "own");
}

static void a_refused_request_is_answered_with_what_it_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < test_torture_count; i++) {
		AUTO_BUFFER bytes = {0};
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		struct cw_sip_frame frame = {0};
		struct cw_sip_frame_piece piece;
		struct cw_error error;
		AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
		test_torture_write(&test_torture[i], &bytes);
		assert_true(cw_sip_frame_feed(&frame, bytes.data, bytes.length, &error));
		cw_sip_frame_next(&frame, &piece);
		if (piece.head && test_torture[i].want_status) {
			assert_true(
				cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error));
			cw_sip_writer_answer(&writer, message, test_torture[i].want_status, NULL, "t");
			AUTO(cw_sip_message_free)
			struct cw_sip_message *answer = end_and_read(&writer, NULL, nothing);
			assert_int_equal(answer->start.status, test_torture[i].want_status);
			assert_int_equal(cw_sip_head_count(&answer->head, CW_SIP_VIA),
				cw_sip_head_count(&message->head, CW_SIP_VIA));
		}
		cw_sip_frame_finish(&frame);
	}
}

#define IN \
	"REGISTER sip:cucm SIP/2.0\r\nVia: SIP/2.0/TLS 10.0.0.5:1;rport;branch=z9hG4bKa, SIP/2.0/TCP " \
	"old\r\n" \
	"Max-Forwards: 70\r\nRoute: <sip:e;lr>, <sip:c;lr>\r\nRoute: <sip:d;lr>\r\nFrom: " \
	"<sip:a@cucm>;tag=1\r\n" \
	"To: <sip:a@cucm>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nX-Unknown:  as it is \r\nm: " \
	"<sip:x@10.0.0.5>\r\n" \
	"Path: <sip:p;lr>\r\nl: 2\r\n\r\nhi"

static void a_hop_changes_what_it_says_and_nothing_else(void **state)
{
	(void)state;
	static const struct cw_sip_forward all = {
		.via = "SIP/2.0/TLS e1;branch=z9hG4bKb",
		.received = "192.0.2.7",
		.rport = 4711,
		.path = "<sip:token@e1;lr;ob>",
		.record_route = "<sip:token@e1;lr>",
		.contact = "<sip:uuid@c1>",
		.drop_route = true,
	};
	static const struct cw_sip_forward none = {0};
	static const struct {
		const struct cw_sip_forward *forward;
		const char *want;
	} rows[] = {
		{&all,
			"REGISTER sip:cucm SIP/2.0\r\nVia: SIP/2.0/TLS e1;branch=z9hG4bKb\r\n"
			"Via: SIP/2.0/TLS 10.0.0.5:1;branch=z9hG4bKa;received=192.0.2.7;rport=4711\r\nVia: "
			"SIP/2.0/TCP old\r\n"
			"Max-Forwards: 69\r\nRoute: <sip:c;lr>\r\nRoute: <sip:d;lr>\r\nFrom: "
			"<sip:a@cucm>;tag=1\r\n"
			"To: <sip:a@cucm>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nX-Unknown: as it is\r\n"
			"Contact: <sip:uuid@c1>\r\nPath: <sip:token@e1;lr;ob>\r\nPath: <sip:p;lr>\r\n"
			"Record-Route: <sip:token@e1;lr>\r\nContent-Length: 2\r\n\r\nhi"},
		{&none,
			"REGISTER sip:cucm SIP/2.0\r\nVia: SIP/2.0/TLS 10.0.0.5:1;rport;branch=z9hG4bKa, "
			"SIP/2.0/TCP old\r\n"
			"Max-Forwards: 69\r\nRoute: <sip:e;lr>, <sip:c;lr>\r\nRoute: <sip:d;lr>\r\nFrom: "
			"<sip:a@cucm>;tag=1\r\n"
			"To: <sip:a@cucm>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nX-Unknown: as it is\r\n"
			"Contact: <sip:x@10.0.0.5>\r\nPath: <sip:p;lr>\r\nContent-Length: 2\r\n\r\nhi"},
	};
	AUTO(cw_sip_message_free) struct cw_sip_message *request = test_sip(IN);
	assert_int_equal(request->refusal.status, 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER out = {0};
		struct cw_error error;
		struct cw_sip_writer writer = {.out = &out};
		cw_sip_writer_forward(&writer, request, rows[i].forward);
		assert_true(cw_sip_writer_end(&writer, NULL, request->body, &error));
		assert_string_equal(out.data, rows[i].want);
	}
}

static void what_the_sender_says_of_its_own_address_does_not_count(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	static const struct cw_sip_forward forward = {.received = "192.0.2.7", .rport = 1};
	AUTO(cw_sip_message_free)
	struct cw_sip_message *request =
		test_sip("OPTIONS sip:e SIP/2.0\r\nVia: SIP/2.0/TLS c;received=1.2.3.4;x=\"a;b\"\r\nFrom: "
			 "<sip:c>;tag=1\r\n"
			 "To: <sip:e>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nl: 0\r\n\r\n");
	cw_sip_writer_forward(&writer, request, &forward);
	AUTO(cw_sip_message_free) struct cw_sip_message *on = end_and_read(&writer, NULL, nothing);
	test_sip_equal(on->vias[0].whole, "SIP/2.0/TLS c;x=\"a;b\";received=192.0.2.7");
	assert_int_equal(on->max_forwards, 70); /* there was none */
}

static void a_response_goes_back_without_the_via_of_ours(void **state)
{
	(void)state;
	static const struct {
		const char *vias, *want;
	} rows[] = {{"Via: SIP/2.0/TLS own\r\nv: SIP/2.0/TLS c\r\n", "Via: SIP/2.0/TLS c\r\n"},
		{"Via: SIP/2.0/TLS own;x=\"a,b\" , SIP/2.0/TLS c\r\n", "Via: SIP/2.0/TLS c\r\n"},
		{"Via: SIP/2.0/TLS own\r\n", ""}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER text = {0};
		AUTO_BUFFER out = {0};
		AUTO_BUFFER want = {0};
		struct cw_error error;
		struct cw_sip_writer writer = {.out = &out};
		cw_buffer_printf(&text, "SIP/2.0 200 OK\r\n%sl: 0\r\nX: y\r\n\r\n", rows[i].vias);
		cw_buffer_printf(
			&want, "SIP/2.0 200 OK\r\n%sX: y\r\nContent-Length: 0\r\n\r\n", rows[i].want);
		AUTO(cw_sip_message_free) struct cw_sip_message *response = test_sip(text.data);
		cw_sip_writer_return(&writer, response);
		assert_true(cw_sip_writer_end(&writer, NULL, nothing, &error));
		assert_string_equal(out.data, want.data);
	}
}

/* Whatever was taken goes on, is taken again, and says the same. */
static void what_goes_on_is_what_came(void **state)
{
	(void)state;
	static const struct cw_sip_forward none = {0};
	for (size_t i = 0; i < test_torture_count; i++) {
		AUTO_BUFFER bytes = {0};
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		if (test_torture[i].want_frame != TEST_TORTURE_MESSAGE)
			continue;
		test_torture_write(&test_torture[i], &bytes);
		AUTO(cw_sip_message_free)
		struct cw_sip_message *first = test_sip_bytes(bytes.data, bytes.length);
		if (first->refusal.status || first->start.status)
			continue;
		cw_sip_writer_forward(&writer, first, &none);
		AUTO(cw_sip_message_free)
		struct cw_sip_message *second = end_and_read(&writer, NULL, first->body);
		assert_int_equal(second->refusal.status, 0);
		assert_int_equal(second->via_count, first->via_count);
		assert_int_equal(second->address_count, first->address_count);
		for (size_t k = 0; k < first->address_count; k++)
			assert_true(cw_sip_text_same(first->addresses[k].whole, second->addresses[k].whole));
		assert_true(cw_sip_text_same(first->body, second->body));
		assert_true(cw_sip_text_same(first->start.uri.whole, second->start.uri.whole));
	}
}

static void no_text_from_outside_becomes_a_header_field(void **state)
{
	(void)state;
	static const char *const values[] = {"a\r\nX: 1", "a\nX: 1", "a\rX: 1"};
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		for (unsigned where = 0; where < 5; where++) {
			AUTO_BUFFER out = {0};
			struct cw_error error;
			struct cw_sip_writer writer = {.out = &out};
			cw_sip_writer_request(
				&writer, where == 0 ? values[i] : "INFO", where == 1 ? values[i] : "sip:h");
			if (where == 2)
				cw_sip_writer_field(&writer, CW_SIP_FROM, "%s", values[i]);
			else if (where == 3)
				cw_sip_writer_other(&writer, values[i], "x");
			assert_int_equal(
				cw_sip_writer_end(&writer, where == 4 ? values[i] : NULL, nothing, &error),
				false);
			assert_int_equal(error.code, CW_E_FORMAT);
		}
	}
}

static void what_nobody_would_take_is_not_written(void **state)
{
	(void)state;
	static const char body[CW_SIP_BODY_MAX + 1];
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_writer writer = {.out = &out};
	cw_sip_writer_request(&writer, "INFO", "sip:h");
	assert_false(
		cw_sip_writer_end(&writer, "text/plain", (struct cw_sip_text){body, sizeof body}, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	cw_sip_writer_status(&writer, 99, "x");
	assert_non_null(writer.unfit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_of_our_own_are_read_again),
		cmocka_unit_test(answers_are_read_again),
		cmocka_unit_test(a_tag_that_is_there_stays),
		cmocka_unit_test(a_refused_request_is_answered_with_what_it_has),
		cmocka_unit_test(a_hop_changes_what_it_says_and_nothing_else),
		cmocka_unit_test(what_the_sender_says_of_its_own_address_does_not_count),
		cmocka_unit_test(a_response_goes_back_without_the_via_of_ours),
		cmocka_unit_test(what_goes_on_is_what_came),
		cmocka_unit_test(no_text_from_outside_becomes_a_header_field),
		cmocka_unit_test(what_nobody_would_take_is_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
