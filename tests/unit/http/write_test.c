#include "http/http_reader.h"
#include "http/http_write.h"

#include "support/cmocka.h"

static void a_request_is_written(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	assert_true(cw_http_write_request(&out, CW_HTTP_METHOD_PUT, cw_http_text("/a?b"), &error));
	assert_true(cw_http_write_named(&out, "Host", "cucm.acme.test:8443", &error));
	cw_http_write_length(&out, 5);
	cw_http_write_close(&out);
	assert_true(cw_http_write_head_end(&out, 0, &error));
	assert_string_equal(out.data,
		"PUT /a?b HTTP/1.1\r\nHost: cucm.acme.test:8443\r\nContent-Length: 5\r\n"
		"Connection: close\r\n\r\n");
}

static void a_response_is_written_in_chunks(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	char size[CW_HTTP_CHUNK_LINE_SIZE];
	assert_true(cw_http_write_status(&out, 502, "Next Hop Connection Failed", &error));
	assert_true(cw_http_write_status(&out, 429, NULL, &error));
	assert_true(cw_http_write_status(&out, 299, NULL, &error));
	cw_http_write_chunked(&out);
	assert_true(cw_http_write_head_end(&out, 0, &error));
	cw_buffer_append(&out, size, cw_http_write_chunk(26, size));
	assert_string_equal(out.data,
		"HTTP/1.1 502 Next Hop Connection Failed\r\nHTTP/1.1 429 Too Many Requests\r\n"
		"HTTP/1.1 299 \r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n");
	assert_int_equal(cw_http_write_chunk(UINT32_MAX, size), 10);
	assert_string_equal(size, "ffffffff\r\n");
}

static void what_would_be_read_as_something_else_is_not_written(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
		bool want;
	} rows[] = {
		{"X-Note", "a b\tc", true},
		{"X-Note", "", true},
		{"X_Note", "a", true},
		{"X-Note", "a\r\nX: y", false},
		{"X-Note", "a\nb", false},
		{"X-Note", "a\x7f", false},
		{"X-Note", " a", false},
		{"X-Note", "a ", false},
		{"X Note", "a", false},
		{"X-Note:", "a", false},
		{"", "a", false},
		{"Content-Length", "5", false},
		{"content-length", "5", false},
		{"Transfer-Encoding", "chunked", false},
		{"Upgrade", "h2c", false},
		{"Trailer", "X", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER out = {0};
		struct cw_error error;
		if (cw_http_write_named(&out, rows[i].name, rows[i].value, &error) != rows[i].want)
			fail_msg("%s: %s", rows[i].name, rows[i].value);
		if (!rows[i].want)
			assert_int_equal(error.code, CW_E_HTTP);
	}
}

static void start_lines_that_would_be_refused_are_not_written(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	assert_false(cw_http_write_request(&out, CW_HTTP_METHOD_GET, cw_http_text("/a b"), &error));
	assert_false(cw_http_write_request(&out, CW_HTTP_METHOD_GET, cw_http_text("http://a.test/"), &error));
	assert_false(cw_http_write_request(&out, CW_HTTP_METHOD_GET, cw_http_text("/a/../b"), &error));
	assert_false(cw_http_write_status(&out, 200, "OK\r\nX: y", &error));
	assert_false(cw_http_write_status(&out, 99, NULL, &error));
	assert_false(cw_http_write_status(&out, 600, NULL, &error));
	assert_int_equal(out.length, 0);
}

static void a_head_has_the_reader_s_bound(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	assert_true(cw_http_write_status(&out, 200, NULL, &error));
	while (out.length < CW_HTTP_HEAD_MAX)
		assert_true(cw_http_write_named(&out, "X-Note", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &error));
	assert_false(cw_http_write_head_end(&out, 0, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_true(cw_http_write_head_end(&out, out.length, &error));
}

static void a_head_has_as_many_fields_as_the_reader_takes(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	assert_true(cw_http_write_status(&out, 200, NULL, &error));
	for (size_t i = 0; i < CW_HTTP_FIELDS_MAX; i++)
		assert_true(cw_http_write_named(&out, "X-Note", "a", &error));
	size_t length = out.length;
	assert_true(cw_http_write_head_end(&out, 0, &error));
	out.length = length;
	cw_http_write_length(&out, 5);
	assert_false(cw_http_write_head_end(&out, 0, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
}

static void a_message_that_is_sent_on_loses_what_belongs_to_its_connection(void **state)
{
	(void)state;
	static const enum cw_http_known without[] = {
		CW_HTTP_FIELD_HOST, CW_HTTP_FIELD_AUTHORIZATION, CW_HTTP_FIELD_OTHER};
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 10);
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_http_text input = cw_http_text(
		"POST /x HTTP/1.1\r\nHost: e1.acme.test\r\nConnection: keep-alive\r\nKeep-Alive: "
		"timeout=5\r\nTE: "
		"trailers\r\nAuthorization: Bearer x\r\nX-a:b\r\nProxy-Connection: close\r\nCookie: c=d\r\n"
		"Proxy-Authorization: Basic YTpi\r\nExpect: 100-continue\r\nTransfer-Encoding: "
		"chunked\r\n\r\n");
	struct cw_http_text piece;
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	const struct cw_http_head *head = cw_http_reader_head(reader);
	assert_true(head->expects_continue);
	assert_true(cw_http_write_request(&out, head->start.method, head->start.target_text, &error));
	assert_true(cw_http_write_named(&out, "Host", "cucm.acme.test", &error));
	assert_true(cw_http_write_fields(&out, head, without, &error));
	cw_http_write_framing(&out, head);
	assert_true(cw_http_write_head_end(&out, 0, &error));
	assert_string_equal(out.data,
		"POST /x HTTP/1.1\r\nHost: cucm.acme.test\r\nX-a: b\r\nCookie: c=d\r\n"
		"Transfer-Encoding: chunked\r\n\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_written),
		cmocka_unit_test(a_response_is_written_in_chunks),
		cmocka_unit_test(what_would_be_read_as_something_else_is_not_written),
		cmocka_unit_test(start_lines_that_would_be_refused_are_not_written),
		cmocka_unit_test(a_head_has_the_reader_s_bound),
		cmocka_unit_test(a_head_has_as_many_fields_as_the_reader_takes),
		cmocka_unit_test(a_message_that_is_sent_on_loses_what_belongs_to_its_connection),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
