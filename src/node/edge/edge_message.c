#include "node/edge/edge_message.h"

#include "http/http_cookie.h"
#include "http/http_write.h"
#include "node/edge/edge_cookie.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What only this lane may say of where a request came from, and what the next one would take for its own. */
static const char *const requests_drop[] = {"Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
	"X-Forwarded-Port", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override",
	"Forwarded", "Client-ip", "TrackingID", "True-Client-IP", "Max-Forwards", "Early-Data"};
/* What would move a client elsewhere, past the edge. */
static const char *const responses_drop[] = {"Alt-Svc", "Via", "Clear-Site-Data"};

static bool is_named(struct cw_http_text name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cw_http_text_same_word(name, names[i]))
			return true;
	return false;
}

#define IS_NAMED(name, names) is_named(name, names, sizeof(names) / sizeof((names)[0]))

/* --- requests --- */

static struct cw_http_text value_of(const struct cw_http_head *head, const char *name)
{
	struct cw_http_text value = {0};
	(void)cw_http_head_find(head, name, &value);
	return value;
}

static void append(struct cw_buffer *buffer, struct cw_http_text text)
{
	if (text.length)
		cw_buffer_append(buffer, text.at, text.length);
}

static bool write_buffer(
	struct cw_buffer *ret, const char *name, const struct cw_buffer *value, struct cw_error *error)
{
	return cw_buffer_ok(value, error) && cw_http_write_named(ret, name, cw_buffer_string(value), error);
}

static bool write_way(
	const struct cw_edge_message_request *request, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_http_head *head = request->head;
	bool inner = !request->client;
	AUTO_BUFFER via = {0}, from = {0}, client = {0}, tracking = {0};
	if (inner) {
		append(&via, value_of(head, "Via"));
		append(&from, value_of(head, "X-Forwarded-For"));
		append(&client, value_of(head, "Client-ip"));
		append(&tracking, value_of(head, "TrackingID"));
		cw_buffer_printf(&via, "%shttp/1.1 %s (Causeway)", via.length ? ", " : "", request->node);
		cw_buffer_printf(&from, "%s127.0.0.1", from.length ? ", " : "");
	} else {
		cw_buffer_printf(&via, "https/1.1 %s (Causeway)", request->node);
		cw_buffer_text(&from, request->client);
		cw_buffer_text(&client, request->client);
		cw_buffer_text(&tracking, request->tracking ? request->tracking : "");
	}
	return write_buffer(ret, "Via", &via, error) && write_buffer(ret, "X-Forwarded-For", &from, error) &&
		(!client.length || write_buffer(ret, "Client-ip", &client, error)) &&
		(!tracking.length || write_buffer(ret, "TrackingID", &tracking, error));
}

/* All cookies but the session's. What does not parse was refused before; if not, it goes nowhere. */
static bool write_cookies(struct cw_http_text value, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_http_cookies cookies;
	enum cw_http_reason reason;
	AUTO_BUFFER kept = {0};
	if (!cw_http_cookie_parse(value, &cookies, &reason))
		return true;
	for (size_t i = 0; i < cookies.count; i++) {
		if (cw_http_text_equal(cookies.pairs[i].name, CW_EDGE_COOKIE_NAME))
			continue;
		if (kept.length)
			cw_buffer_text(&kept, "; ");
		append(&kept, cookies.pairs[i].name);
		cw_buffer_char(&kept, '=');
		append(&kept, cookies.pairs[i].value);
	}
	return !kept.length || write_buffer(ret, "Cookie", &kept, error);
}

static bool write_fields(
	const struct cw_edge_message_request *request, struct cw_buffer *ret, struct cw_error *error)
{
	bool inner = !request->client;
	for (size_t i = 0; i < request->head->field_count; i++) {
		const struct cw_http_field field = cw_http_head_field(request->head, i);
		if (cw_http_field_is_for_connection(field.known) || field.known == CW_HTTP_FIELD_HOST ||
			IS_NAMED(field.name, requests_drop))
			continue;
		bool written = inner && field.known == CW_HTTP_FIELD_COOKIE
			? write_cookies(field.value, ret, error)
			: cw_http_write_field(ret, field.name, field.value, error);
		if (!written)
			return false;
	}
	return true;
}

bool cw_edge_message_request(
	const struct cw_edge_message_request *request, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_http_head *head = request->head;
	const size_t from = ret->length;
	if (!cw_http_write_request(ret, head->start.method, request->target, error) ||
		!cw_http_write_named(ret, "Host", request->host, error) ||
		!write_fields(request, ret, error) || !write_way(request, ret, error))
		return false;
	if (head->framing == CW_HTTP_BY_CHUNKS)
		cw_http_write_chunked(ret);
	else if (head->framing == CW_HTTP_BY_LENGTH || cw_http_head_method_has_body(head->start.method))
		cw_http_write_length(ret, head->length);
	return cw_http_write_head_end(ret, from, error);
}

/* --- responses --- */

enum cw_http_framing cw_edge_message_response_framing(const struct cw_http_head *head, bool is_http_1_0)
{
	bool until_end = head->framing == CW_HTTP_BY_CHUNKS || head->framing == CW_HTTP_BY_CLOSE;
	if (!until_end)
		return head->framing;
	return is_http_1_0 ? CW_HTTP_BY_CLOSE : CW_HTTP_BY_CHUNKS;
}

/* "X-Auth=…" of a server would be taken for a session by whoever is lenient. */
static bool sets_session(const struct cw_http_field *field)
{
	const size_t length = sizeof CW_EDGE_COOKIE_NAME - 1;
	return field->known == CW_HTTP_FIELD_SET_COOKIE && field->value.length > length &&
		strncasecmp(field->value.at, CW_EDGE_COOKIE_NAME, length) == 0 &&
		memchr("= \t", field->value.at[length], 3);
}

static bool is_dropped(const struct cw_edge_message_response *response, const struct cw_http_field *field)
{
	return cw_http_field_is_for_connection(field->known) || IS_NAMED(field->name, responses_drop) ||
		(response->from_server && sets_session(field));
}

bool cw_edge_message_response(
	const struct cw_edge_message_response *response, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_http_head *head = response->head;
	const size_t from = ret->length;
	char phrase[64];
	/* a server's own words go no further than Expressway-C, whose phrases are its answer */
	snprintf(phrase, sizeof phrase, "%.*s", (int)cw_http_text_part(head->start.phrase, 0, 60).length,
		head->start.phrase.length ? head->start.phrase.at : "");
	if (!cw_http_write_status(ret, head->start.status, response->from_server ? NULL : phrase, error))
		return false;
	for (size_t i = 0; i < head->field_count; i++) {
		const struct cw_http_field field = cw_http_head_field(head, i);
		if (!is_dropped(response, &field) &&
			!cw_http_write_field(ret, field.name, field.value, error))
			return false;
	}
	switch (cw_edge_message_response_framing(head, response->is_http_1_0)) {
	case CW_HTTP_BY_CHUNKS:
		cw_http_write_chunked(ret);
		break;
	case CW_HTTP_BY_LENGTH:
	case CW_HTTP_NO_BODY:
		cw_http_write_framing(ret, head);
		break;
	case CW_HTTP_BY_CLOSE:
		break;
	}
	if (response->closes)
		cw_http_write_close(ret);
	return cw_http_write_head_end(ret, from, error);
}

bool cw_edge_message_is_idempotent(enum cw_http_method method)
{
	return method != CW_HTTP_METHOD_POST && method != CW_HTTP_METHOD_PATCH;
}
