#include "node/admin/answer_accounts.h"

#include "node/admin/answer_password.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

void cw_answer_accounts_list(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_json json = {0};
	if (!cw_admin_parts_accounts(admin)) {
		cw_answer_pending_refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	json_t *answer = json_object(), *rows = json_array();
	for (size_t i = 0; i < admin->accounts.count; i++) {
		const struct cw_admin_account *account = &admin->accounts.items[i];
		uint64_t wait =
			cw_admin_backoff_wait(&admin->backoff, account->user, "", cw_admin_parts_now());
		json_t *row = json_object();
		cw_json_put(&json, row, "user", cw_json_text(account->user));
		cw_json_put(&json, row, "role", cw_json_text(cw_admin_accounts_role_name(account->role)));
		cw_json_put(&json, row, "last", json_null());
		cw_json_put(&json, row, "locked_until",
			wait ? cw_json_time(cw_time_now() + (cw_time)wait) : json_null());
		cw_json_add(&json, rows, row);
	}
	cw_json_put(&json, answer, "administrators", rows);
	cw_answer_pending_reply(pending, 200, answer, NULL);
}

/* What was changed is written and told; a new password and another role end what its user has open. */
static void take_change(
	struct cw_answer_pending *pending, const char *user, const char *before, const char *text)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	struct cw_error error;
	if (!cw_admin_parts_accounts_write(admin, &error)) {
		cw_answer_pending_refuse(pending, 409, error.message, NULL);
		return;
	}
	char about[CW_ADMIN_ACCOUNTS_USER_MAX + 20];
	snprintf(about, sizeof about, "administrator %s", user);
	const struct cw_node_history_event event = {.kind = "change",
		.about = about,
		.who = pending->user,
		.before = before,
		.after = account ? cw_admin_accounts_role_name(account->role) : "",
		.text = text};
	cw_node_history_tell(admin->core->history, &event);
	cw_admin_sessions_end_user(
		admin->sessions, user, strcmp(user, pending->user) == 0 ? pending->token : NULL);
	cw_answer_accounts_list(pending);
}

static void set_account(struct cw_answer_pending *pending, const char *hash)
{
	struct cw_node_admin *admin = pending->admin;
	const char *user = cw_answer_pending_text(pending, "user"),
		   *role = cw_answer_pending_text(pending, "role"), *before = "";
	struct cw_error error;
	if (!cw_admin_parts_accounts(admin)) {
		cw_answer_pending_refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	if (account)
		before = cw_admin_accounts_role_name(account->role);
	if (*role && !cw_admin_accounts_role(role)) {
		cw_answer_pending_refuse(
			pending, 400, "wanted a role: read-write, read-only or auditor", NULL);
	} else if (!cw_admin_accounts_set(
			   &admin->accounts, user, cw_admin_accounts_role(role), hash, &error)) {
		admin->accounts_read = false;
		cw_answer_pending_refuse(pending, 409, error.message, NULL);
	} else {
		take_change(pending, user, before, hash ? "password set" : NULL);
	}
}

static void on_made(struct cw_answer_pending *pending, const struct cw_admin_password_answer *answer)
{
	set_account(pending, answer->hash);
}

void cw_answer_accounts_set(struct cw_answer_pending *pending)
{
	const char *password = cw_answer_pending_text(pending, "password");
	if (*password)
		cw_answer_password_make(pending, password, on_made);
	else
		set_account(pending, NULL);
}

void cw_answer_accounts_remove(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const char *user = cw_answer_pending_text(pending, "user"), *before = "";
	struct cw_error error;
	if (!cw_admin_parts_accounts(admin)) {
		cw_answer_pending_refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	if (account)
		before = cw_admin_accounts_role_name(account->role);
	if (cw_admin_accounts_remove(&admin->accounts, user, &error))
		take_change(pending, user, before, NULL);
	else
		cw_answer_pending_refuse(pending, 409, error.message, NULL);
}
