#include "http/http_reader.h"

#include "support/cmocka.h"

#define POST "POST /x HTTP/1.1\r\nHost: e1.acme.test\r\nContent-Length: 5\r\n\r\n"
#define GET "GET /y HTTP/1.1\r\nHost: e1.acme.test\r\n\r\n"

static void a_message_comes_in_its_steps_and_the_next_one_stays_with_the_caller(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 100);
	struct cw_http_text input = cw_http_text(POST "hello" GET), piece;
	assert_true(cw_http_reader_is_idle(reader));
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	assert_false(cw_http_reader_is_idle(reader));
	assert_true(cw_http_text_equal(input, "hello" GET));
	const struct cw_http_head *head = cw_http_reader_head(reader);
	assert_true(cw_http_text_equal(head->start.target.path, "/x"));
	assert_int_equal(head->length, 5);
	assert_true(head->keep_alive);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_BODY);
	assert_true(cw_http_text_equal(piece, "hello"));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_END);
		assert_true(cw_http_text_equal(input, GET));
	}
	cw_http_reader_next(reader);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_END);
	cw_http_reader_next(reader);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_MORE);
	assert_int_equal(cw_http_reader_close(reader), CW_HTTP_READ_MORE);
}

static void pieces_of_a_body_point_into_what_was_handed_in(void **state)
{
	(void)state;
	static const char bytes[] = POST "hello";
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 100);
	struct cw_http_text head = cw_http_text(POST), first = {bytes + sizeof POST - 1, 2}, piece;
	assert_int_equal(cw_http_reader_read(reader, &head, &piece), CW_HTTP_READ_HEAD);
	assert_int_equal(cw_http_reader_read(reader, &first, &piece), CW_HTTP_READ_BODY);
	assert_ptr_equal(piece.at, bytes + sizeof POST - 1);
	assert_int_equal(piece.length, 2);
	assert_int_equal(cw_http_reader_read(reader, &first, &piece), CW_HTTP_READ_MORE);
}

static void a_body_may_be_bound_when_its_head_was_seen(void **state)
{
	(void)state;
	static const struct {
		uint64_t limit;
		enum cw_http_read want;
	} rows[] = {{5, CW_HTTP_READ_BODY}, {4, CW_HTTP_READ_REFUSED}, {0, CW_HTTP_READ_REFUSED}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_http_reader_free)
		struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 0);
		struct cw_http_text input = cw_http_text(POST "hello"), piece;
		assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
		cw_http_reader_limit(reader, rows[i].limit);
		assert_int_equal(cw_http_reader_read(reader, &input, &piece), rows[i].want);
	}
}

static void a_body_that_was_begun_keeps_its_bound(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, 6);
	struct cw_http_text input = cw_http_text("HTTP/1.1 200 OK\r\n\r\nhello"), more = cw_http_text("12"),
			    piece;
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_BODY);
	cw_http_reader_limit(reader, 1);
	assert_int_equal(cw_http_reader_read(reader, &more, &piece), CW_HTTP_READ_BODY);
	assert_int_equal(piece.length, 1);
	assert_int_equal(cw_http_reader_read(reader, &more, &piece), CW_HTTP_READ_REFUSED);
	assert_int_equal(cw_http_reader_reason(reader), CW_HTTP_BAD_BODY_LONG);
}

static void a_refusal_stays_one(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 0);
	struct cw_http_text input = cw_http_text("GET /\n"), again = cw_http_text(GET), piece;
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_REFUSED);
	assert_int_equal(cw_http_reader_reason(reader), CW_HTTP_BAD_BARE_LF);
	cw_http_reader_next(reader);
	assert_int_equal(cw_http_reader_read(reader, &again, &piece), CW_HTTP_READ_REFUSED);
	assert_int_equal(cw_http_reader_close(reader), CW_HTTP_READ_REFUSED);
	assert_int_equal(cw_http_reader_reason(reader), CW_HTTP_BAD_BARE_LF);
}

static void an_answer_to_head_has_no_body(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, 100);
	struct cw_http_text input = cw_http_text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), piece;
	cw_http_reader_asked(reader, CW_HTTP_METHOD_HEAD);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	assert_int_equal(cw_http_reader_head(reader)->length, 5);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_END);
}

static void a_response_without_a_length_lasts_until_the_connection_ends(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, 100);
	struct cw_http_text input = cw_http_text("HTTP/1.1 200 OK\r\n\r\nhello"), piece;
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	assert_false(cw_http_reader_head(reader)->keep_alive);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_BODY);
	assert_true(cw_http_text_equal(piece, "hello"));
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_MORE);
	assert_int_equal(cw_http_reader_close(reader), CW_HTTP_READ_END);
}

static void fields_are_found_by_name(void **state)
{
	(void)state;
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 0);
	struct cw_http_text input = cw_http_text(
				    "GET / HTTP/1.1\r\nHost: a.test:81\r\nX-One:  1 \r\ncookie: a=b\r\n\r\n"),
			    value;
	assert_int_equal(cw_http_reader_read(reader, &input, &value), CW_HTTP_READ_HEAD);
	const struct cw_http_head *head = cw_http_reader_head(reader);
	assert_int_equal(head->field_count, 3);
	assert_true(cw_http_head_find(head, "x-one", &value));
	assert_true(cw_http_text_equal(value, "1"));
	assert_true(cw_http_head_known(head, CW_HTTP_FIELD_COOKIE, &value));
	assert_true(cw_http_text_equal(value, "a=b"));
	assert_false(cw_http_head_known(head, CW_HTTP_FIELD_ORIGIN, &value));
	assert_false(cw_http_head_find(head, "x-two", &value));
	assert_int_equal(head->host.port, 81);
	assert_true(cw_http_text_equal(head->host.name, "a.test"));
}

static void known_fields_are_known_in_any_case(void **state)
{
	(void)state;
	for (enum cw_http_known known = 0; known < CW_HTTP_FIELD_OTHER; known++) {
		char name[32] = "";
		strncpy(name, cw_http_field_name(known), sizeof name - 1);
		assert_int_equal(cw_http_field_known(cw_http_text(name)), known);
		for (char *at = name; *at; at++)
			*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
		assert_int_equal(cw_http_field_known(cw_http_text(name)), known);
		name[strlen(name) - 1]++;
		assert_int_equal(cw_http_field_known(cw_http_text(name)), CW_HTTP_FIELD_OTHER);
	}
	assert_int_equal(cw_http_field_known(cw_http_text("Accept")), CW_HTTP_FIELD_OTHER);
	assert_int_equal(cw_http_field_known(cw_http_text("A-Name-Longer-Than-All")), CW_HTTP_FIELD_OTHER);
	assert_int_equal(cw_http_field_known(cw_http_text("")), CW_HTTP_FIELD_OTHER);
}

static void every_reason_has_a_name_a_status_and_a_sentence(void **state)
{
	(void)state;
	for (enum cw_http_reason i = CW_HTTP_BAD_NOTHING + 1; i < CW_HTTP_REASON_COUNT; i++) {
		assert_true(cw_http_reason_status(i) >= 400 && cw_http_reason_status(i) < 600);
		assert_true(strlen(cw_http_reason_name(i)) > 0 && strlen(cw_http_reason_text(i)) > 10);
		for (enum cw_http_reason j = i + 1; j < CW_HTTP_REASON_COUNT; j++)
			assert_string_not_equal(cw_http_reason_name(i), cw_http_reason_name(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_comes_in_its_steps_and_the_next_one_stays_with_the_caller),
		cmocka_unit_test(pieces_of_a_body_point_into_what_was_handed_in),
		cmocka_unit_test(a_body_may_be_bound_when_its_head_was_seen),
		cmocka_unit_test(a_body_that_was_begun_keeps_its_bound),
		cmocka_unit_test(a_refusal_stays_one),
		cmocka_unit_test(an_answer_to_head_has_no_body),
		cmocka_unit_test(a_response_without_a_length_lasts_until_the_connection_ends),
		cmocka_unit_test(fields_are_found_by_name),
		cmocka_unit_test(known_fields_are_known_in_any_case),
		cmocka_unit_test(every_reason_has_a_name_a_status_and_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
