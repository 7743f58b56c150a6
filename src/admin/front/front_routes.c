#include "admin/front/front_parts.h"

#include <stdio.h>
#include <string.h>

static const char *error_of(const json_t *answer)
{
	const char *text = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
	return text ? text : "the node refused it";
}

/* --- log in --- */

static void show_log_in(struct cw_front_asker *asker, unsigned status, const json_t *said)
{
	const struct cw_web_form *form = cw_web_exchange_form(asker->exchange);
	const char *then = cw_web_form_value(form, "then");
	AUTO(json_decref) json_t *answer = json_object(), *sent = json_object();
	const struct cw_screen_notice notice = {.kind = CW_SCREEN_REFUSED, .text = error_of(said)};
	if (!*then)
		then = cw_web_form_value(cw_web_exchange_query(asker->exchange), "then");
	json_object_set(answer, "page", asker->page);
	json_object_set_new(answer, "then", *then ? json_string(then) : json_null());
	json_object_set_new(answer, "certificate_only",
		json_boolean(json_is_true(json_object_get(said, "certificate_only"))));
	json_object_set_new(sent, "user", json_string(cw_web_form_value(form, "user")));
	const struct cw_screens_given given = {.answer = answer,
		.sent = sent,
		.operation = "session/begin",
		.notice = status == 200 ? NULL : &notice};
	cw_front_parts_render(asker, status, cw_screens_find("login", CW_SCREEN_ROLE_ANY), &given);
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
		show_log_in(asker, status == 200 ? 500 : status, answer);
		return;
	}
	set_cookie(&redirect, token);
	if (then[0] != '/' || then[1] == '/' || then[1] == '\\' || strpbrk(then, "\r\n"))
		then = "/";
	cw_web_answer_redirect(&redirect, then);
	cw_web_exchange_answer(asker->exchange, &redirect);
}

/* The certificate lets in by itself. Whom it names as nobody is told so. */
static void on_certificate(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	if (status == 200)
		on_begun(asker, status, answer);
	else
		cw_front_parts_refuse(asker, status, answer);
}

static void on_front(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	if (status == 403)
		cw_front_parts_refuse(asker, status, answer);
	else if (json_is_true(json_object_get(answer, "certificate_only")))
		cw_front_parts_ask(asker, "session/certificate", NULL, on_certificate);
	else
		show_log_in(asker, status, answer);
}

static void get_log_in(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/front", NULL, on_front);
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
	const struct cw_screens_given given = {.answer = said, .operation = "session/first"};
	if (status == 200)
		cw_front_parts_render(
			asker, 200, cw_screens_find("firstpassword", CW_SCREEN_ROLE_ANY), &given);
	else
		cw_front_parts_refuse(asker, status, said);
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
		cw_front_parts_refuse(asker, status, answer);
}

static void post_first(void *context, struct cw_web_exchange *exchange)
{
	(void)context;
	cw_front_parts_ask(cw_web_exchange_context(exchange), "session/first",
		cw_front_parts_with("session/first", cw_web_exchange_form(exchange)), on_first);
}

/* --- what changes --- */

static void get_live(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	(void)context;
	asker->listens = true;
	cw_web_exchange_events(exchange);
}

#define REST(method, path, body, max) \
	{ \
		CW_HTTP_METHOD_##method, path, CW_FRONT_BASIC, CW_WEB_BODY_##body, max, cw_front_parts_rest, \
			NULL \
	}
#define REST_ALL(path) \
	REST(GET, path, NONE, 0), REST(POST, path, ANY, CW_FRONT_PARTS_BODY_MAX), \
		REST(PUT, path, ANY, CW_FRONT_PARTS_BODY_MAX), REST(DELETE, path, NONE, 0)

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/login", CW_FRONT_OPEN, CW_WEB_BODY_NONE, 0, get_log_in, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/begin", CW_FRONT_OPEN, CW_WEB_BODY_FORM, 4096, post_log_in, NULL},
	{CW_HTTP_METHOD_GET, "/first/{}", CW_FRONT_OPEN, CW_WEB_BODY_NONE, 0, get_first, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/first", CW_FRONT_OPEN, CW_WEB_BODY_FORM, 4096, post_first, NULL},
	{CW_HTTP_METHOD_POST, "/do/session/end", CW_FRONT_SESSION, CW_WEB_BODY_FORM, 4096, post_log_out,
		NULL},
	REST(GET, "/metrics", NONE, 0),
	REST(GET, "/status.xml", NONE, 0),
	REST_ALL("/api/{*}"),
	REST_ALL("/platformcom/api/{*}"),
	{CW_HTTP_METHOD_GET, "/download", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, cw_front_parts_download,
		NULL},
	{CW_HTTP_METHOD_GET, "/live", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, get_live, NULL},
	{CW_HTTP_METHOD_GET, "/", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, cw_front_parts_get, NULL},
	{CW_HTTP_METHOD_GET, "/{}", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, cw_front_parts_get, NULL},
	{CW_HTTP_METHOD_GET, "/{}/{}", CW_FRONT_SESSION, CW_WEB_BODY_NONE, 0, cw_front_parts_get, NULL},
	{CW_HTTP_METHOD_POST, "/do/{}", CW_FRONT_SESSION, CW_WEB_BODY_FIELDS, CW_FRONT_PARTS_BODY_MAX,
		cw_front_parts_do, NULL},
	{CW_HTTP_METHOD_POST, "/do/{}/{}", CW_FRONT_SESSION, CW_WEB_BODY_FIELDS, CW_FRONT_PARTS_BODY_MAX,
		cw_front_parts_do, NULL},
};

void cw_front_parts_site(struct cw_front *front)
{
	cw_screens_style_sheet(&front->style);
	front->files[0] = (struct cw_web_file){
		"/style.css", "text/css; charset=utf-8", cw_buffer_string(&front->style)};
	front->files[1] =
		(struct cw_web_file){"/script.js", "text/javascript; charset=utf-8", cw_screens_script};
	front->site = (struct cw_web_site){.routes = routes,
		.route_count = sizeof routes / sizeof routes[0],
		.files = front->files,
		.file_count = 2,
		.secure = true,
		.check = cw_front_parts_check,
		.fault = cw_front_parts_fault,
		.over = cw_front_parts_over,
		.context = front};
}
