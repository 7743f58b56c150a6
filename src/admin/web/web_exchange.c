#include "admin/web/web_machine_parts.h"

#include "http/http_write.h"

#include <stdio.h>
#include <string.h>

const struct cw_http_head *cw_web_exchange_head(const struct cw_web_exchange *exchange)
{
	return cw_http_reader_head(exchange->machine->reader);
}

const struct cw_web_route *cw_web_exchange_route(const struct cw_web_exchange *exchange)
{
	return exchange->route;
}

bool cw_web_exchange_reads(const struct cw_web_exchange *exchange)
{
	enum cw_http_method method = cw_web_exchange_head(exchange)->start.method;
	return method == CW_HTTP_METHOD_GET || method == CW_HTTP_METHOD_HEAD;
}

struct cw_http_text cw_web_exchange_part(const struct cw_web_exchange *exchange, size_t index)
{
	return index < CW_WEB_ROUTE_PARTS_MAX ? exchange->parts[index] : (struct cw_http_text){0};
}

const struct cw_web_form *cw_web_exchange_query(const struct cw_web_exchange *exchange)
{
	return &exchange->query;
}

const struct cw_web_form *cw_web_exchange_form(const struct cw_web_exchange *exchange)
{
	return &exchange->form;
}

struct cw_http_text cw_web_exchange_body(const struct cw_web_exchange *exchange)
{
	return (struct cw_http_text){cw_buffer_string(&exchange->body), exchange->body.length};
}

const char *cw_web_exchange_address(const struct cw_web_exchange *exchange)
{
	return exchange->machine->address;
}

const char *cw_web_exchange_note(const struct cw_web_exchange *exchange)
{
	return exchange->machine->note;
}

bool cw_web_exchange_cookie(
	const struct cw_web_exchange *exchange, const char *name, struct cw_http_text *ret)
{
	return cw_http_cookie_find(&exchange->cookies, name, ret);
}

unsigned cw_web_exchange_status(const struct cw_web_exchange *exchange)
{
	return exchange->status;
}

void cw_web_exchange_set_context(struct cw_web_exchange *exchange, void *context)
{
	exchange->context = context;
}

void *cw_web_exchange_context(const struct cw_web_exchange *exchange)
{
	return exchange->context;
}

/* --- where it comes from --- */

bool cw_web_exchange_is_own_host(const struct cw_web_exchange *exchange, const char *host)
{
	struct cw_http_text asked;
	char local[64];
	const char *port = strchr(host, ':');
	snprintf(local, sizeof local, "localhost%s", port ? port : "");
	return cw_http_head_known(cw_web_exchange_head(exchange), CW_HTTP_FIELD_HOST, &asked) &&
		(cw_http_text_same_word(asked, host) || cw_http_text_same_word(asked, local));
}

bool cw_web_exchange_is_same_origin(const struct cw_web_exchange *exchange)
{
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	struct cw_http_text site, origin, host;
	bool has_site = cw_http_head_known(head, CW_HTTP_FIELD_SEC_FETCH_SITE, &site);
	bool has_origin = cw_http_head_known(head, CW_HTTP_FIELD_ORIGIN, &origin);
	if (!cw_http_head_known(head, CW_HTTP_FIELD_HOST, &host) || (!has_site && !has_origin))
		return false;
	if (has_site && !cw_http_text_equal(site, "same-origin"))
		return false;
	/* A form's page says "null" where it tells no referrer (Fetch standard, "serialize a request origin"), as ours. */
	if (has_site && has_origin && cw_http_text_equal(origin, "null"))
		return true;
	const char *scheme = exchange->machine->site->secure ? "https://" : "http://";
	size_t length = strlen(scheme);
	return !has_origin ||
		(origin.length == length + host.length && memcmp(origin.at, scheme, length) == 0 &&
			memcmp(origin.at + length, host.at, host.length) == 0);
}

bool cw_web_machine_is_token(const struct cw_web_exchange *exchange, struct cw_http_text token)
{
	size_t length = strlen(exchange->token);
	unsigned char differs = 0;
	if (token.length != length)
		return false;
	for (size_t i = 0; i < length; i++)
		differs |= (unsigned char)(token.at[i] ^ exchange->token[i]);
	return !differs;
}

void cw_web_exchange_want_token(struct cw_web_exchange *exchange, const char *token)
{
	snprintf(exchange->token, sizeof exchange->token, "%s", token);
}

/* --- going on --- */

void cw_web_exchange_known(struct cw_web_exchange *exchange)
{
	exchange->machine->known = true;
}

void cw_web_exchange_allow(struct cw_web_exchange *exchange)
{
	struct cw_web_machine *machine = exchange->machine;
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	struct cw_http_text token;
	if (machine->stage != CW_WEB_AT_CHECK)
		return;
	enum cw_web_body body = exchange->route->body;
	bool is_form =
		body == CW_WEB_BODY_FORM || body == CW_WEB_BODY_MULTIPART || body == CW_WEB_BODY_FIELDS;
	bool has_header = cw_http_head_find(head, CW_WEB_EXCHANGE_TOKEN_HEADER, &token);
	if (*exchange->token && (has_header || !is_form)) {
		if (!has_header || !cw_web_machine_is_token(exchange, token)) {
			cw_web_exchange_fault(exchange, 403, "the request's token is missing or wrong");
			return;
		}
		exchange->token[0] = '\0';
	}
	if (head->expects_continue && head->framing != CW_HTTP_NO_BODY)
		cw_buffer_text(&machine->out, "HTTP/1.1 100 Continue\r\n\r\n");
	machine->stage = CW_WEB_AT_BODY;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_BODY_TIME);
	machine->body_end = machine->now + CW_WEB_MACHINE_BODY_WHOLE;
	cw_web_machine_wake(machine);
}

/* The next request begins where this one ends: known where its body was read to its end, or there is none. */
static bool is_read(struct cw_web_machine *machine)
{
	const struct cw_http_head *head = cw_http_reader_head(machine->reader);
	struct cw_http_text nothing = {0}, piece;
	if (machine->stage == CW_WEB_AT_HANDLER)
		return true;
	if (machine->stage != CW_WEB_AT_CHECK || !machine->head_read)
		return false;
	return (head->framing == CW_HTTP_NO_BODY || (head->framing == CW_HTTP_BY_LENGTH && !head->length)) &&
		cw_http_reader_read(machine->reader, &nothing, &piece) == CW_HTTP_READ_END;
}

void cw_web_exchange_answer(struct cw_web_exchange *exchange, struct cw_web_answer *answer)
{
	struct cw_web_machine *machine = exchange->machine;
	const struct cw_http_head *head = cw_http_reader_head(machine->reader);
	if (machine->stage == CW_WEB_AT_EVENTS || machine->stage == CW_WEB_AT_END)
		return;
	bool keeps = is_read(machine) && head->keep_alive && !machine->ends;
	struct cw_web_answer_how how = {
		.is_head = machine->head_read && head->start.method == CW_HTTP_METHOD_HEAD,
		.closes = !keeps,
		.secure = machine->site->secure};
	exchange->status = answer->status ? answer->status : 200;
	if (!cw_web_answer_write(answer, &how, &machine->out)) {
		exchange->status = 500;
		keeps = false;
	}
	cw_web_answer_finish(answer);
	cw_web_machine_answered(machine, keeps);
}

void cw_web_exchange_fault(struct cw_web_exchange *exchange, unsigned status, const char *text)
{
	const struct cw_web_site *site = exchange->machine->site;
	AUTO_WEB_ANSWER answer = {.status = status};
	if (site->fault) {
		site->fault(site->context, exchange, text, &answer);
	} else {
		answer.type = "text/plain; charset=utf-8";
		cw_buffer_printf(&answer.body, "%s\n", text);
	}
	cw_web_exchange_answer(exchange, &answer);
}

/* --- server-sent events --- */

void cw_web_exchange_events(struct cw_web_exchange *exchange)
{
	struct cw_web_machine *machine = exchange->machine;
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	AUTO_WEB_ANSWER answer = {.type = "text/event-stream"};
	const struct cw_web_answer_how how = {
		.closes = true, .secure = machine->site->secure, .streams = true};
	if (machine->stage != CW_WEB_AT_HANDLER)
		return;
	if (!head->start.version_minor || head->start.method == CW_HTTP_METHOD_HEAD) {
		cw_web_exchange_fault(exchange, 406, "events are told in answer to GET, with HTTP/1.1");
		return;
	}
	exchange->status = 200;
	machine->ends = true;
	if (!cw_web_answer_write(&answer, &how, &machine->out)) {
		cw_web_machine_answered(machine, false);
		return;
	}
	machine->stage = CW_WEB_AT_EVENTS;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_COMMENT_TIME);
	cw_web_machine_wake(machine);
}

bool cw_web_exchange_event(struct cw_web_exchange *exchange, const char *name, const char *data)
{
	struct cw_web_machine *machine = exchange->machine;
	AUTO_BUFFER text = {0};
	char line[CW_HTTP_CHUNK_LINE_SIZE];
	if (machine->stage != CW_WEB_AT_EVENTS || machine->out.length > CW_WEB_MACHINE_EVENTS_MAX)
		return false;
	cw_buffer_printf(&text, "event: %s\n", name);
	for (const char *at = data; at;) { /* ends: each turn takes a line */
		size_t length = strcspn(at, "\r\n");
		cw_buffer_printf(&text, "data: %.*s\n", (int)length, at);
		at = at[length] ? at + length + 1 : NULL;
	}
	cw_buffer_char(&text, '\n');
	if (text.failed)
		return false;
	cw_buffer_append(&machine->out, line, cw_http_write_chunk((uint32_t)text.length, line));
	cw_buffer_append(&machine->out, text.data, text.length);
	cw_buffer_text(&machine->out, CW_HTTP_CHUNK_TAIL);
	cw_web_machine_wake(machine);
	return !machine->out.failed;
}

void cw_web_exchange_events_end(struct cw_web_exchange *exchange)
{
	struct cw_web_machine *machine = exchange->machine;
	if (machine->stage != CW_WEB_AT_EVENTS)
		return;
	cw_buffer_text(&machine->out, CW_HTTP_CHUNK_LAST);
	cw_web_machine_answered(machine, false);
}
