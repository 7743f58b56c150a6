/*
 * REST (admin/rest/rest.h) over HTTP: user name and password at each request, no cookie, no page.
 */
#include "admin/front/front_parts.h"

#include <string.h>

static const char *method_name(enum cw_http_method method)
{
#define X(name) [CW_HTTP_METHOD_##name] = #name,
	static const char *const names[] = {CW_HTTP_METHODS(X)};
#undef X
	return method == CW_HTTP_METHOD_HEAD ? "GET" : names[method];
}

static void send_reply(struct cw_web_exchange *exchange, struct cw_rest_reply *reply)
{
	AUTO_WEB_ANSWER answer = {.status = reply->status, .type = reply->type};
	if (reply->allow)
		cw_web_answer_field(&answer, "Allow", reply->allow);
	answer.body = reply->body;
	reply->body = (struct cw_buffer){0};
	cw_web_exchange_answer(exchange, &answer);
}

static void on_answer(struct cw_front_asker *asker, unsigned status, const json_t *said)
{
	AUTO_REST_REPLY reply = {0};
	struct cw_error error;
	if (cw_rest_answer(&asker->rest, status, said, &reply, &error))
		send_reply(asker->exchange, &reply);
	else
		cw_web_exchange_fault(asker->exchange, 503, error.message);
}

/* Each name once: the first. */
static json_t *query_of(const struct cw_web_exchange *exchange)
{
	const struct cw_web_form *query = cw_web_exchange_query(exchange);
	json_t *object = json_object();
	for (size_t i = 0; i < query->count; i++)
		if (!json_object_get(object, query->fields[i].name))
			json_object_set_new(object, query->fields[i].name,
				json_string(cw_web_form_value(query, query->fields[i].name)));
	return object;
}

/* False: a body that is no JSON. */
static bool read_body(const struct cw_web_exchange *exchange, json_t **ret)
{
	struct cw_http_text body = cw_web_exchange_body(exchange);
	json_error_t ignored;
	*ret = body.length ? json_loadb(body.at, body.length, JSON_REJECT_DUPLICATES, &ignored) : NULL;
	return *ret || !body.length;
}

static void ask(struct cw_front_asker *asker, const struct cw_rest_request *request)
{
	AUTO_REST_REPLY reply = {0};
	struct cw_error error;
	bool ready;
	if (!cw_rest_ask(request, &asker->rest, &ready, &reply, &error)) {
		cw_web_exchange_fault(asker->exchange, 503, error.message);
		return;
	}
	if (!ready) {
		send_reply(asker->exchange, &reply);
		return;
	}
	json_t *with = asker->rest.with;
	asker->rest.with = NULL;
	cw_front_parts_ask(asker, asker->rest.operation, with, on_answer);
}

void cw_front_parts_rest(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	const struct cw_web_route *route = cw_web_exchange_route(exchange);
	AUTO(json_decref) json_t *query = query_of(exchange), *body = NULL;
	struct cw_http_text file = {0}, ignored;
	char path[512];
	(void)context;
	struct cw_rest_request request = {
		.method = method_name(head->start.method), .path = path, .query = query};
	snprintf(path, sizeof path, "%.*s", (int)head->start.target.path.length, head->start.target.path.at);
	request.csrf = cw_http_head_known(head, CW_HTTP_FIELD_X_CSRF_HEADER, &ignored);
	if (route->body == CW_WEB_BODY_BYTES && !read_body(exchange, &body)) {
		cw_web_exchange_fault(exchange, 400, "wanted JSON");
		return;
	}
	request.body = body;
	if (route->body == CW_WEB_BODY_MULTIPART &&
		cw_web_form_find(cw_web_exchange_form(exchange), "file", 0, &file)) {
		request.file = file.at ? file.at : "";
		request.file_length = file.length;
	}
	ask(asker, &request);
}
