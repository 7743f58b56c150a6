#include "admin/front/front_parts.h"

#include "http/http_auth.h"
#include "node/work/node_work.h"

#include <string.h>

/* --- what is known of a request --- */

/* fetch() and EventSource, not somebody who opens a page (Fetch Metadata Request Headers, Sec-Fetch-Dest). */
static bool is_by_script(const struct cw_web_exchange *exchange)
{
	struct cw_http_text value;
	return cw_web_exchange_reads(exchange) &&
		cw_http_head_find(cw_web_exchange_head(exchange), "Sec-Fetch-Dest", &value) &&
		cw_http_text_equal(value, "empty");
}

static struct cw_front_asker *asker_of(struct cw_front *front, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = calloc(1, sizeof *asker);
	if (!asker)
		return NULL;
	asker->front = front;
	asker->exchange = exchange;
	asker->quiet = is_by_script(exchange);
	asker->next = front->askers;
	front->askers = asker;
	cw_web_exchange_set_context(exchange, asker);
	return asker;
}

void cw_front_parts_over(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	if (!asker)
		return;
	struct cw_front_asker **place = &asker->front->askers;
	while (*place != asker)
		place = &(*place)->next;
	*place = asker->next;
	cw_front_parts_forget(context, asker);
	json_decref(asker->basic);
	json_decref(asker->page);
	json_decref(asker->sent);
	if (asker->call)
		cw_rest_call_finish(asker->call);
	free(asker->call);
	explicit_bzero(asker, sizeof *asker);
	free(asker);
}

/* --- the check of each way in --- */

static void log_in_first(struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	AUTO_BUFFER path = {0};
	struct cw_http_text asked = cw_web_exchange_head(exchange)->start.target.path;
	if (!cw_web_exchange_reads(exchange)) {
		cw_web_exchange_fault(
			exchange, 401, "you are not logged in, or no longer: log in and try again");
		return;
	}
	/* a path that was taken has no byte that would mean something else in a query, but "&", "+" and "%" */
	bool plain = asked.length > 1 && asked.length < 200 && !memchr(asked.at, '&', asked.length) &&
		!memchr(asked.at, '+', asked.length) && !memchr(asked.at, '%', asked.length);
	cw_buffer_text(&path, "/login");
	if (plain)
		cw_buffer_printf(&path, "?then=%.*s", (int)asked.length, asked.at);
	cw_web_answer_redirect(&answer, cw_buffer_string(&path));
	cw_web_exchange_answer(exchange, &answer);
}

static void refuse_by(struct cw_web_exchange *exchange, unsigned status, const json_t *answer)
{
	const char *text = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
	cw_web_exchange_fault(exchange, status, text ? text : "the node refused it");
}

/* What the core would refuse of this role, known before the body is read; the core looks again. */
static bool may_not(const struct cw_front_asker *asker)
{
	const char *role = json_string_value(json_object_get(asker->page, "user_role"));
	char name[CW_FRONT_PARTS_NAME_SIZE];
	const char *operation;
	bool writes;
	unsigned kinds;
	cw_front_parts_name(asker->exchange, name);
	if (role && strcmp(role, "read-write") == 0)
		return false;
	for (size_t i = 0; (operation = cw_node_work_operation(i, &writes, &kinds)); i++)
		if (writes && strcmp(operation, name) == 0)
			return true;
	return strncmp(name, "administrators/", 15) == 0;
}

/* The session is somebody's: what changes something must come from a page of ours, and show its token. */
static void on_session(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	struct cw_web_exchange *exchange = asker->exchange;
	const char *csrf = json_string_value(json_object_get(json_object_get(answer, "page"), "csrf"));
	if (status == 401) {
		log_in_first(exchange);
		return;
	}
	if (status != 200 || !csrf) {
		cw_front_parts_refuse(asker, status == 200 ? 500 : status, answer);
		return;
	}
	cw_web_exchange_known(exchange);
	if (!cw_web_exchange_reads(exchange)) {
		if (!cw_web_exchange_is_same_origin(exchange)) {
			cw_web_exchange_fault(exchange, 403, "this request comes from another site");
			return;
		}
		if (may_not(asker)) {
			cw_web_exchange_fault(exchange, 403, "your role may not do that");
			return;
		}
		cw_web_exchange_want_token(exchange, csrf);
	}
	cw_web_exchange_allow(exchange);
}

static bool take_cookie(struct cw_front_asker *asker)
{
	struct cw_http_text cookie;
	if (!cw_web_exchange_cookie(asker->exchange, CW_FRONT_PARTS_COOKIE, &cookie) || !cookie.length ||
		cookie.length >= sizeof asker->token)
		return false;
	memcpy(asker->token, cookie.at, cookie.length);
	return true;
}

static void ask_for_password(struct cw_web_exchange *exchange, const char *text)
{
	AUTO_WEB_ANSWER answer = {.status = 401, .type = "text/plain; charset=utf-8"};
	cw_web_answer_field(&answer, "WWW-Authenticate", "Basic realm=\"Causeway\", charset=\"UTF-8\"");
	cw_buffer_printf(&answer.body, "%s\n", text);
	cw_web_exchange_answer(exchange, &answer);
}

static void on_basic(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	if (status == 200) {
		cw_web_exchange_known(asker->exchange);
		cw_web_exchange_allow(asker->exchange);
	} else if (status == 401) {
		ask_for_password(asker->exchange, "user name or password is wrong");
	} else {
		refuse_by(asker->exchange, status, answer);
	}
}

/*
 * A page of another site cannot send this field without being asked whether it may (Fetch Standard, CORS-preflight); the
 * boxes want it from X14.2 on, and which request wants it, says the table of REST. Whoever is a browser wants it always: it
 * sends its user's password by itself.
 */
static bool is_forged(const struct cw_web_exchange *exchange)
{
	const struct cw_http_head *head = cw_web_exchange_head(exchange);
	struct cw_http_text value;
	return !cw_web_exchange_reads(exchange) &&
		!cw_http_head_known(head, CW_HTTP_FIELD_X_CSRF_HEADER, &value) &&
		(cw_http_head_known(head, CW_HTTP_FIELD_ORIGIN, &value) ||
			cw_http_head_known(head, CW_HTTP_FIELD_SEC_FETCH_SITE, &value));
}

static void check_basic(struct cw_front_asker *asker)
{
	struct cw_web_exchange *exchange = asker->exchange;
	AUTO_HTTP_AUTH auth = {0};
	struct cw_http_text value;
	enum cw_http_reason reason;
	if (!cw_http_head_known(cw_web_exchange_head(exchange), CW_HTTP_FIELD_AUTHORIZATION, &value)) {
		ask_for_password(exchange, "wanted user name and password (Basic)");
		return;
	}
	if (!cw_http_auth_parse(value, &auth, &reason) || auth.scheme != CW_HTTP_AUTH_BASIC) {
		ask_for_password(exchange, "wanted user name and password (Basic)");
		return;
	}
	if (is_forged(exchange)) {
		cw_web_exchange_fault(
			exchange, 403, "a request that changes something needs an X-CSRF-Header field");
		return;
	}
	asker->basic = json_object();
	if (json_object_set_new(asker->basic, "user", json_stringn(auth.user.at, auth.user.length)) != 0 ||
		json_object_set_new(
			asker->basic, "password", json_stringn(auth.password.at, auth.password.length)) != 0)
		ask_for_password(exchange, "user name and password are UTF-8");
	else
		cw_front_parts_ask(asker, "session/look", NULL, on_basic);
}

void cw_front_parts_check(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = asker_of(context, exchange);
	if (!asker) {
		cw_web_exchange_fault(exchange, 503, "out of memory");
		return;
	}
	switch ((enum cw_front_access)cw_web_exchange_route(exchange)->role) {
	case CW_FRONT_OPEN:
		take_cookie(asker);
		if (cw_web_exchange_reads(exchange) || cw_web_exchange_is_same_origin(exchange))
			cw_web_exchange_allow(exchange);
		else
			cw_web_exchange_fault(exchange, 403, "this request comes from another site");
		break;
	case CW_FRONT_SESSION:
		if (take_cookie(asker))
			cw_front_parts_ask(asker, "session/look", NULL, on_session);
		else
			log_in_first(exchange);
		break;
	case CW_FRONT_BASIC:
		check_basic(asker);
		break;
	}
}
