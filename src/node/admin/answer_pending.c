#include "node/admin/answer_pending.h"

#include "report/json.h"

#include <stdio.h>
#include <string.h>

static void drop(struct cw_answer_pending *pending)
{
	struct cw_answer_pending **place = &pending->admin->pending;
	while (*place != pending)
		place = &(*place)->next;
	*place = pending->next;
	json_decref(pending->frame);
	explicit_bzero(pending, sizeof *pending);
	free(pending);
}

void cw_admin_parts_forget(struct cw_node_admin *admin)
{
	while (admin->pending)
		drop(admin->pending);
}

const struct cw_admin_account *cw_answer_pending_account(
	const struct cw_answer_pending *pending, const char *user)
{
	struct cw_node_admin *admin = pending->admin;
	return cw_admin_parts_accounts(admin) ? cw_admin_accounts_find(&admin->accounts, user) : NULL;
}

void cw_answer_pending_is(struct cw_answer_pending *pending, const struct cw_admin_account *account)
{
	snprintf(pending->user, sizeof pending->user, "%s", account->user);
	pending->role = account->role;
}

static json_t *page_of(const struct cw_answer_pending *pending)
{
	const struct cw_node_core *core = pending->admin->core;
	struct cw_json json = {0};
	json_t *page = json_object();
	cw_json_put(&json, page, "node", cw_json_text(core->snapshot->node->fqdn));
	cw_json_put(&json, page, "role", cw_json_text(cw_node_kind_name(core->snapshot->node->kind)));
	if (*pending->user) {
		cw_json_put(&json, page, "user", cw_json_text(pending->user));
		cw_json_put(
			&json, page, "user_role", cw_json_text(cw_admin_accounts_role_name(pending->role)));
		cw_json_put(&json, page, "alarms", cw_json_count(core->alarm_count));
		cw_json_put(&json, page, "csrf", cw_json_text(pending->csrf));
	}
	return page;
}

void cw_answer_pending_reply(
	struct cw_answer_pending *pending, unsigned status, json_t *answer, json_t *fault)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	json_object_set_new(frame, "id", json_integer(pending->id));
	cw_json_put(&json, frame, "status", cw_json_count(status));
	if (answer) {
		json_t *page = json_object_get(answer, "page");
		if (!page)
			cw_json_put(&json, answer, "page", page_of(pending));
		else if (*pending->csrf)
			json_object_set_new(page, "csrf", json_string(pending->csrf));
		cw_json_put(&json, frame, "answer", answer);
	}
	if (fault) {
		cw_json_put(&json, frame, "error", fault);
		cw_json_put(&json, frame, "page", page_of(pending));
	}
	cw_admin_parts_send(pending->admin, pending->generation, frame);
	drop(pending);
}

void cw_answer_pending_refuse(
	struct cw_answer_pending *pending, unsigned status, const char *text, const char *next)
{
	struct cw_json json = {0};
	json_t *fault = json_object();
	cw_json_put(&json, fault, "text", cw_json_text(text));
	cw_json_put(&json, fault, "next", cw_json_text(next));
	cw_answer_pending_reply(pending, status, NULL, fault);
}

void cw_answer_pending_refuse_wait(struct cw_answer_pending *pending, uint64_t seconds)
{
	char text[120];
	snprintf(text, sizeof text, "Too many failed log-ins: try again in %llu seconds",
		(unsigned long long)seconds);
	cw_answer_pending_refuse(pending, 429, text, NULL);
}

const char *cw_answer_pending_text(const struct cw_answer_pending *pending, const char *key)
{
	const char *text = json_string_value(json_object_get(pending->with, key));
	return text ? text : "";
}

void cw_answer_pending_tell(
	const struct cw_answer_pending *pending, const char *kind, const char *about, const char *text)
{
	const struct cw_node_history_event event = {
		.kind = kind, .about = about, .who = pending->user, .after = pending->address, .text = text};
	cw_node_history_tell(pending->admin->core->history, &event);
}
