/**
 * Any bytes as a request and as a response, made anew as both nodes do: what comes out is read as the same request by the
 * next one, with nothing in it that a client may not say and nothing that belongs to a connection.
 */
#include "http/http_reader.h"
#include "node/edge/edge_cookie.h"
#include "node/edge/edge_message.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TARGET "/x?y"

static bool read_head(struct cw_http_reader *reader, struct cw_http_text input)
{
	struct cw_http_text piece;
	return cw_http_reader_read(reader, &input, &piece) == CW_HTTP_READ_HEAD;
}

/* What is written is read back whole: the same method and framing, and one Via. */
static void look_at_request(const struct cw_http_head *before, const struct cw_buffer *bytes, bool outer)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, UINT64_MAX);
	struct cw_http_text value;
	if (!reader || !read_head(reader, (struct cw_http_text){bytes->data, bytes->length}))
		abort();
	const struct cw_http_head *head = cw_http_reader_head(reader);
	if (head->parsed != bytes->length || head->start.method != before->start.method ||
		head->framing != before->framing || head->length != before->length ||
		!cw_http_text_equal(head->start.target_text, TARGET))
		abort();
	if (cw_http_head_known(head, CW_HTTP_FIELD_CONNECTION, &value) ||
		cw_http_head_known(head, CW_HTTP_FIELD_TE, &value) ||
		cw_http_head_known(head, CW_HTTP_FIELD_EXPECT, &value) ||
		cw_http_head_find(head, "Forwarded", &value) || !cw_http_head_find(head, "Via", &value))
		abort();
	struct cw_http_cookies cookies;
	enum cw_http_reason reason;
	if (!outer && cw_http_head_known(head, CW_HTTP_FIELD_COOKIE, &value) &&
		(!cw_http_cookie_parse(value, &cookies, &reason) ||
			cw_http_cookie_find(&cookies, CW_EDGE_COOKIE_NAME, &value)))
		abort();
}

static void try_request(struct cw_http_text input)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, UINT64_MAX);
	if (!reader || !read_head(reader, input))
		return;
	for (int outer = 0; outer < 2; outer++) {
		const struct cw_http_head *head = cw_http_reader_head(reader);
		const struct cw_edge_message_request request = {.head = head,
			.target = cw_http_text(TARGET),
			.host = "cucm.acme.test:8443",
			.node = "n.acme.test",
			.client = outer ? "192.0.2.7" : NULL,
			.tracking = outer ? "0123" : NULL};
		struct cw_error error;
		AUTO_BUFFER bytes = {0};
		if (cw_edge_message_request(&request, &bytes, &error))
			look_at_request(head, &bytes, outer);
	}
}

static void look_at_response(const struct cw_http_head *before, const struct cw_buffer *bytes, bool old)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, UINT64_MAX);
	struct cw_http_text value;
	if (!reader)
		abort();
	cw_http_reader_asked(reader, before->asked);
	if (!read_head(reader, (struct cw_http_text){bytes->data, bytes->length}))
		abort();
	const struct cw_http_head *head = cw_http_reader_head(reader);
	if (head->parsed != bytes->length || head->start.status != before->start.status ||
		head->framing != cw_edge_message_response_framing(before, old) ||
		cw_http_head_find(head, "Alt-Svc", &value) ||
		cw_http_head_known(head, CW_HTTP_FIELD_UPGRADE, &value))
		abort();
}

static void try_response(struct cw_http_text input, enum cw_http_method asked)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, UINT64_MAX);
	if (!reader)
		return;
	cw_http_reader_asked(reader, asked);
	if (!read_head(reader, input))
		return;
	for (int i = 0; i < 4; i++) {
		const struct cw_edge_message_response response = {
			.head = cw_http_reader_head(reader), .from_server = i & 1, .is_http_1_0 = i & 2};
		struct cw_error error;
		AUTO_BUFFER bytes = {0};
		if (cw_edge_message_response(&response, &bytes, &error))
			look_at_response(response.head, &bytes, response.is_http_1_0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_http_text input = {(const char *)data, size};
	try_request(input);
	try_response(input, CW_HTTP_METHOD_GET);
	try_response(input, CW_HTTP_METHOD_HEAD);
	return 0;
}
