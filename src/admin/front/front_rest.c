#include "admin/front/front_parts.h"

#include <string.h>

static void reply(struct cw_web_exchange *exchange, struct cw_rest_reply *said)
{
	AUTO_WEB_ANSWER answer = {.status = said->status, .type = said->type};
	if (said->body.length)
		cw_buffer_append(&answer.body, said->body.data, said->body.length);
	if (said->allow)
		cw_web_answer_field(&answer, "Allow", said->allow);
	cw_web_exchange_answer(exchange, &answer);
}

static void on_rest(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	AUTO_REST_REPLY said = {0};
	struct cw_error error;
	if (cw_rest_answer(asker->call, status, answer, &said, &error))
		reply(asker->exchange, &said);
	else
		cw_front_parts_plain(asker->exchange, 500, error.message);
}

/* The path was read strictly: no sign in it hides a slash or a dot. */
static void decode(struct cw_http_text path, struct cw_buffer *ret)
{
	for (size_t i = 0; i < path.length; i++)
		if (path.at[i] == '%' && i + 2 < path.length) {
			cw_buffer_char(ret,
				(char)(cw_http_text_hex(path.at[i + 1]) << 4 |
					cw_http_text_hex(path.at[i + 2])));
			i += 2;
		} else {
			cw_buffer_char(ret, path.at[i]);
		}
}

/* A body of JSON is an object or a list; what is neither JSON nor a form is the file itself. False: no JSON. */
static bool take_body(
	const struct cw_web_exchange *exchange, struct cw_rest_request *request, json_t **ret_body)
{
	struct cw_http_text body = cw_web_exchange_body(exchange), type = {0}, file;
	json_error_t ignored;
	cw_http_head_known(cw_web_exchange_head(exchange), CW_HTTP_FIELD_CONTENT_TYPE, &type);
	if (cw_web_form_find(cw_web_exchange_form(exchange), "file", 0, &file)) {
		request->file = file.at;
		request->file_length = file.length;
		request->file_name = "file";
		return true;
	}
	if (!body.length)
		return true;
	if (type.length < 16 || !cw_http_text_same_word(cw_http_text_part(type, 0, 16), "application/json")) {
		request->file = body.at;
		request->file_length = body.length;
		request->file_name = "file";
		return true;
	}
	*ret_body = json_loadb(body.at, body.length, JSON_REJECT_DUPLICATES, &ignored);
	request->body = *ret_body;
	return *ret_body != NULL;
}

void cw_front_parts_rest(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	AUTO(json_decref) json_t *query = cw_front_parts_query(cw_web_exchange_query(exchange)), *body = NULL;
	AUTO_BUFFER path = {0};
	AUTO_REST_REPLY said = {0};
	struct cw_http_text csrf;
	struct cw_error error;
	bool ready = false;
	(void)context;
	decode(head->start.target.path, &path);
	struct cw_rest_request request = {.method = cw_web_exchange_reads(exchange)
			? "GET"
			: cw_http_head_method_name(head->start.method),
		.path = cw_buffer_string(&path),
		.query = query,
		.csrf = cw_http_head_known(head, CW_HTTP_FIELD_X_CSRF_HEADER, &csrf)};
	asker->call = calloc(1, sizeof *asker->call);
	if (!take_body(exchange, &request, &body)) {
		cw_front_parts_plain(exchange, 400, "the body is no JSON, or has a key twice");
		return;
	}
	if (!asker->call || path.failed || !cw_rest_ask(&request, asker->call, &ready, &said, &error)) {
		cw_front_parts_plain(exchange, 503, "out of memory");
		return;
	}
	if (ready)
		cw_front_parts_ask(asker, asker->call->operation, json_incref(asker->call->with), on_rest);
	else
		reply(exchange, &said);
}
