#include "admin/front/front_parts.h"

#include <stdio.h>
#include <string.h>

/* --- pages that are no screens of the node --- */

static void put_text(struct cw_buffer *html, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			cw_buffer_text(html, "&lt;");
			break;
		case '&':
			cw_buffer_text(html, "&amp;");
			break;
		case '"':
			cw_buffer_text(html, "&quot;");
			break;
		default:
			cw_buffer_char(html, *text);
		}
}

void cw_front_parts_fault(
	void *context, struct cw_web_exchange *exchange, const char *text, struct cw_web_answer *ret)
{
	const struct cw_web_route *route = cw_web_exchange_route(exchange);
	(void)context;
	if (route && route->role == CW_FRONT_BASIC) {
		ret->type = "text/plain; charset=utf-8";
		cw_buffer_printf(&ret->body, "%s\n", text);
		return;
	}
	cw_buffer_text(&ret->body, "<!DOCTYPE html><title>Causeway</title><p>");
	put_text(&ret->body, text);
	cw_buffer_text(&ret->body, "</p><p><a href=\"/\">Overview</a></p>");
}

static const char *error_of(const json_t *answer)
{
	const char *text = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
	return text ? text : "the node refused it";
}

static const char *page_text(const struct cw_front_asker *asker, const char *key)
{
	const char *text = json_string_value(json_object_get(asker->page, key));
	return text ? text : "";
}

/* --- log in --- */

static void show_log_in(struct cw_front_asker *asker, unsigned status, const char *notice)
{
	AUTO_WEB_ANSWER answer = {.status = status};
	cw_buffer_text(&answer.body, "<!DOCTYPE html><title>Log in</title><p>");
	put_text(&answer.body, notice);
	cw_buffer_text(&answer.body,
		"</p><form method=post action=/do/session/begin><input name=user><input name=password "
		"type=password><button>Log in</button></form>");
	cw_web_exchange_answer(asker->exchange, &answer);
}

static void on_front(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	show_log_in(asker, status, status == 200 ? "" : error_of(answer));
}

static void get_log_in(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/front", NULL, on_front);
}

static void set_cookie(struct cw_web_answer *answer, const char *token)
{
	struct cw_http_cookie cookie = {.name = cw_http_text(CW_FRONT_PARTS_COOKIE),
		.value = cw_http_text(token),
		.path = cw_http_text("/"),
		.secure = true,
		.http_only = true,
		.same_site = CW_HTTP_SAME_SITE_STRICT};
	if (!*token) { /* taken back */
		cookie.value = cw_http_text("x");
		cookie.has_max_age = true;
	}
	cw_web_answer_cookie(answer, &cookie);
}

static void on_begun(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	const char *token = json_string_value(json_object_get(answer, "token"));
	const char *then = cw_web_form_value(cw_web_exchange_form(asker->exchange), "then");
	AUTO_WEB_ANSWER redirect = {0};
	if (status != 200 || !token) {
		show_log_in(asker, status == 200 ? 500 : status, error_of(answer));
		return;
	}
	set_cookie(&redirect, token);
	if (then[0] != '/' || then[1] == '/' || then[1] == '\\' || strpbrk(then, "\r\n"))
		then = "/";
	cw_web_answer_redirect(&redirect, then);
	cw_web_exchange_answer(asker->exchange, &redirect);
}

static void post_log_in(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/begin",
		cw_front_parts_with("session/begin", cw_web_exchange_form(exchange)), on_begun);
}

static void on_ended(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	AUTO_WEB_ANSWER redirect = {0};
	(void)status;
	(void)answer;
	set_cookie(&redirect, "");
	cw_web_answer_redirect(&redirect, "/login");
	cw_web_exchange_answer(asker->exchange, &redirect);
}

static void post_log_out(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/end", NULL, on_ended);
}

/* --- the first password --- */

static void on_link(struct cw_front_asker *asker, unsigned status, const json_t *said)
{
	AUTO_WEB_ANSWER answer = {.status = status};
	const char *token = json_string_value(json_object_get(said, "token"));
	if (status != 200 || !token) {
		cw_web_exchange_fault(asker->exchange, status == 200 ? 500 : status, error_of(said));
		return;
	}
	cw_buffer_text(&answer.body,
		"<!DOCTYPE html><title>Set a password</title><form method=post action=/do/session/first><input "
		"name=token value=\"");
	put_text(&answer.body, token);
	cw_buffer_text(&answer.body,
		"\"><input name=password type=password><input name=again type=password><button>Set</button></form>");
	cw_web_exchange_answer(asker->exchange, &answer);
}

static void get_first(void *context, struct cw_web_exchange *exchange)
{
	struct cw_http_text token = cw_web_exchange_part(exchange, 0);
	json_t *with = json_object();
	(void)context;
	json_object_set_new(with, "token", json_stringn(token.at, token.length));
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/link", with, on_link);
}

static void on_first(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	if (status == 200)
		on_begun(asker, status, answer);
	else
		cw_web_exchange_fault(asker->exchange, status, error_of(answer));
}

static void post_first(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/first",
		cw_front_parts_with("session/first", cw_web_exchange_form(exchange)), on_first);
}

/* --- screens --- */

static void on_page(struct cw_front_asker *asker, unsigned status, const json_t *said)
{
	AUTO_WEB_ANSWER answer = {.status = status};
	AUTO(free) char *text = json_dumps(said, JSON_INDENT(2));
	cw_buffer_printf(&answer.body,
		"<!DOCTYPE html><title>%s</title><form method=post action=/do/session/end><input type=hidden name=csrf "
		"value=%s><button>Log out</button></form><pre>",
		page_text(asker, "node"), page_text(asker, "csrf"));
	put_text(&answer.body, text ? text : "");
	cw_buffer_text(&answer.body, "</pre>");
	cw_web_exchange_answer(asker->exchange, &answer);
}

static void get_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_http_text name = cw_web_exchange_part(exchange, 0);
	char operation[64] = "overview";
	(void)context;
	if (name.length && name.length < sizeof operation)
		snprintf(operation, sizeof operation, "%.*s", (int)name.length, name.at);
	cw_front_parts_ask(cw_web_exchange_context(exchange), operation,
		cw_front_parts_with(operation, cw_web_exchange_query(exchange)), on_page);
}

static void post_do(void *context, struct cw_web_exchange *exchange)
{
	struct cw_http_text name = cw_web_exchange_part(exchange, 0),
			    more = cw_web_exchange_part(exchange, 1);
	char operation[64];
	(void)context;
	snprintf(operation, sizeof operation, "%.*s%s%.*s", (int)name.length, name.at, more.length ? "/" : "",
		(int)more.length, more.length ? more.at : "");
	cw_front_parts_ask(cw_web_exchange_context(exchange), operation,
		cw_front_parts_with(operation, cw_web_exchange_form(exchange)), on_page);
}

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/login", CW_FRONT_OPEN, CW_WEB_BODY_NONE, 0, get_log_in, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/begin", CW_FRONT_OPEN, CW_WEB_BODY_FORM, 4096, post_log_in, NULL},
	{CW_HTTP_METHOD_GET, "/first/{}", CW_FRONT_OPEN, CW_WEB_BODY_NONE, 0, get_first, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/first", CW_FRONT_OPEN, CW_WEB_BODY_FORM, 4096, post_first, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/end", CW_FRONT_SESSION, CW_WEB_BODY_FORM, 4096, post_log_out,
		NULL},
	{CW_HTTP_METHOD_GET, "/metrics", CW_FRONT_BASIC, CW_WEB_BODY_NONE, 0, get_page, NULL},
	{CW_HTTP_METHOD_GET, "/", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, get_page, NULL},
	{CW_HTTP_METHOD_GET, "/{}", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, get_page, NULL},
	{CW_HTTP_METHOD_GET, "/{}/{}", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, get_page, NULL},
	{CW_HTTP_METHOD_POST, "/do/{}", CW_FRONT_SESSION, CW_WEB_BODY_FIELDS, CW_FRONT_PARTS_BODY_MAX,
		post_do, NULL},
	{CW_HTTP_METHOD_POST, "/do/{}/{}", CW_FRONT_SESSION, CW_WEB_BODY_FIELDS, CW_FRONT_PARTS_BODY_MAX,
		post_do, NULL},
};

void cw_front_parts_site(struct cw_front *front)
{
	front->site = (struct cw_web_site){.routes = routes,
		.route_count = sizeof routes / sizeof routes[0],
		.secure = true,
		.check = cw_front_parts_check,
		.fault = cw_front_parts_fault,
		.over = cw_front_parts_over,
		.context = front};
}
