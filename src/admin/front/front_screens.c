#include "admin/front/front_parts.h"

#include "admin/page/effect_screen.h"
#include "admin/page/outcome.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static uint64_t now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec;
}

static unsigned role_of(const struct cw_front_asker *asker)
{
	const char *role = json_string_value(json_object_get(asker->page, "role"));
	return cw_screen_role_named(role ? role : "");
}

/* --- rendering --- */

void cw_front_parts_render(struct cw_front_asker *asker, unsigned status, const struct cw_screen_row *row,
	const struct cw_screens_given *given)
{
	AUTO_WEB_ANSWER answer = {.status = status};
	struct cw_error error;
	if (row && cw_screens_render(row, given, &answer.body, &error))
		cw_web_exchange_answer(asker->exchange, &answer);
	else
		cw_front_parts_plain(asker->exchange, 500, "this page could not be made");
}

void cw_front_parts_refuse(struct cw_front_asker *asker, unsigned status, const json_t *said)
{
	const struct cw_screens_given given = {.answer = said, .operation = asker->operation};
	cw_front_parts_render(asker, status, cw_screens_find("refusal", CW_SCREEN_ROLE_ANY), &given);
}

/* {"page"} for a page that asks nothing. */
static json_t *page_alone(const struct cw_front_asker *asker)
{
	json_t *answer = json_object();
	json_object_set(answer, "page", asker->page);
	return answer;
}

/* --- GET: a screen --- */

static void show(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	struct cw_front_memory_said said;
	struct cw_screen_notice notice = {0};
	bool speaks =
		!asker->quiet && cw_front_memory_said(&asker->front->memory, asker->token, now_s(), &said);
	if (speaks)
		notice = (struct cw_screen_notice){.kind = (enum cw_screen_kind)said.kind,
			.text = said.text,
			.next = *said.next ? said.next : NULL};
	const struct cw_screens_given given = {
		.answer = answer, .sent = asker->sent, .operation = "", .notice = speaks ? &notice : NULL};
	cw_front_parts_render(asker, status, asker->row, &given);
}

static void on_screen(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	if (status == 200 || status == 202)
		show(asker, 200, answer);
	else
		cw_front_parts_refuse(asker, status, answer);
}

void cw_front_parts_name(const struct cw_web_exchange *exchange, char ret[CW_FRONT_PARTS_NAME_SIZE])
{
	AUTO_BUFFER name = {0};
	for (size_t i = 0; i < 2; i++) {
		struct cw_http_text part = cw_web_exchange_part(exchange, i);
		if (i && part.length)
			cw_buffer_char(&name, '/');
		if (part.length)
			cw_buffer_append(&name, part.at, part.length);
	}
	snprintf(ret, CW_FRONT_PARTS_NAME_SIZE, "%s", cw_buffer_string(&name));
}

/* An auditor sees the event log and nothing else: it is where such a person comes in. */
static bool is_auditor(const struct cw_front_asker *asker)
{
	const char *role = json_string_value(json_object_get(asker->page, "user_role"));
	return role && strcmp(role, "auditor") == 0;
}

void cw_front_parts_get(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	char name[CW_FRONT_PARTS_NAME_SIZE];
	(void)context;
	cw_front_parts_name(exchange, name);
	if (!*name && is_auditor(asker))
		snprintf(name, sizeof name, "eventlog");
	asker->row = cw_screens_find(name, role_of(asker));
	asker->sent = cw_front_parts_query(cw_web_exchange_query(exchange));
	if (!asker->row) {
		cw_web_exchange_fault(exchange, 404, "there is no such page on this node");
	} else if (asker->row->operation) {
		cw_front_parts_ask(
			asker, asker->row->operation, cw_screens_with(asker->row, asker->sent), on_screen);
	} else {
		AUTO(json_decref) json_t *answer = page_alone(asker);
		show(asker, 200, answer);
	}
}

/* --- POST: try, then do --- */

/* The operation that tries what this one does, where there is one: with "try": true, or "…/try". */
static const struct cw_effect_screen_row *row_that_tries(const char *does)
{
	char tried[CW_FRONT_PARTS_NAME_SIZE];
	const struct cw_effect_screen_row *row = cw_effect_screen_find(does);
	const char *slash = strrchr(does, '/');
	if (row)
		return strcmp(row->does, row->tried) == 0 ? row : NULL;
	if (!slash)
		return NULL;
	snprintf(tried, sizeof tried, "%.*s/try", (int)(slash - does), does);
	row = cw_effect_screen_find(tried);
	return row && strcmp(row->does, does) == 0 ? row : NULL;
}

/* The page of what was done comes by GET, so that reloading it does nothing again. */
static void lead_on(struct cw_front_asker *asker, const struct cw_outcome *outcome)
{
	AUTO_WEB_ANSWER redirect = {0};
	AUTO_BUFFER path = {0};
	struct cw_front_memory_said said = {.kind = (int)outcome->notice.kind};
	if (outcome->notice.text) {
		snprintf(said.text, sizeof said.text, "%s", outcome->notice.text);
		snprintf(said.next, sizeof said.next, "%s", outcome->notice.next ? outcome->notice.next : "");
		cw_front_memory_say(&asker->front->memory, asker->token, &said, now_s());
	}
	cw_buffer_printf(&path, "/%s", outcome->row->name);
	cw_web_answer_redirect(&redirect, cw_buffer_string(&path));
	cw_web_exchange_answer(asker->exchange, &redirect);
}

/* The node goes now: nobody could ask it for another page. */
static void say_good_bye(struct cw_front_asker *asker, const struct cw_outcome *outcome)
{
	AUTO(json_decref) json_t *answer = page_alone(asker);
	const struct cw_screens_given given = {
		.answer = answer, .operation = asker->operation, .notice = &outcome->notice};
	cw_front_parts_render(asker, 202, outcome->row, &given);
}

static void on_done(struct cw_front_asker *asker, unsigned status, const json_t *answer)
{
	AUTO_OUTCOME outcome = {0};
	const struct cw_outcome_given given = {.operation = asker->operation,
		.with = asker->sent,
		.status = status,
		.answer = answer,
		.role = role_of(asker)};
	const struct cw_effect_screen_row *tried = cw_effect_screen_find(asker->operation);
	cw_outcome_find(&given, &outcome);
	if (outcome.kind == CW_OUTCOME_ASK && strcmp(asker->operation, "restart") == 0) {
		say_good_bye(asker, &outcome);
		return;
	}
	if (outcome.kind == CW_OUTCOME_ASK) {
		lead_on(asker, &outcome);
		return;
	}
	if (status == 200 && tried && !json_is_true(json_object_get(answer, "refused")))
		cw_front_memory_try(&asker->front->memory, asker->token, tried->does, asker->sent, now_s());
	const struct cw_screens_given shown = {
		.answer = answer, .sent = asker->sent, .operation = asker->operation};
	cw_front_parts_render(asker, status == 202 ? 200 : status, outcome.row, &shown);
}

void cw_front_parts_do(void *context, struct cw_web_exchange *exchange)
{
	struct cw_front *front = context;
	struct cw_front_asker *asker = cw_web_exchange_context(exchange);
	char name[CW_FRONT_PARTS_NAME_SIZE];
	cw_front_parts_name(exchange, name);
	asker->sent = cw_front_parts_with(name, cw_web_exchange_form(exchange));
	if (!asker->sent) {
		cw_web_exchange_fault(exchange, 503, "out of memory");
		return;
	}
	const struct cw_effect_screen_row *tries = row_that_tries(name);
	if (tries && !cw_front_memory_was_tried(&front->memory, asker->token, name, asker->sent, now_s())) {
		json_object_set_new(asker->sent, "try", json_true());
		cw_front_parts_ask(asker, tries->tried, json_incref(asker->sent), on_done);
		return;
	}
	if (tries && strcmp(tries->tried, tries->does) == 0)
		json_object_set_new(asker->sent, "try", json_false());
	cw_front_parts_ask(asker, name, json_incref(asker->sent), on_done);
}

/* --- faults --- */

void cw_front_parts_plain(struct cw_web_exchange *exchange, unsigned status, const char *text)
{
	AUTO_WEB_ANSWER answer = {.status = status, .type = "text/plain; charset=utf-8"};
	cw_buffer_printf(&answer.body, "%s\n", text);
	cw_web_exchange_answer(exchange, &answer);
}

/* A page like the others where it is a person who asks. */
void cw_front_parts_fault(
	void *context, struct cw_web_exchange *exchange, const char *text, struct cw_web_answer *ret)
{
	const struct cw_web_route *route = cw_web_exchange_route(exchange);
	const struct cw_front_asker *asker = route ? cw_web_exchange_context(exchange) : NULL;
	AUTO(json_decref) json_t *said = json_object();
	struct cw_error error;
	(void)context;
	if (asker && asker->page)
		json_object_set(said, "page", asker->page);
	json_object_set_new(said, "status", json_integer((json_int_t)ret->status));
	json_object_set_new(said, "error", json_pack("{s:s}", "text", text));
	const struct cw_screens_given given = {.answer = said, .operation = ""};
	bool plain = route && route->role == CW_FRONT_BASIC;
	if (!plain &&
		cw_screens_render(cw_screens_find("refusal", CW_SCREEN_ROLE_ANY), &given, &ret->body, &error))
		return;
	cw_buffer_finish(&ret->body);
	ret->type = "text/plain; charset=utf-8";
	cw_buffer_printf(&ret->body, "%s\n", text);
}
