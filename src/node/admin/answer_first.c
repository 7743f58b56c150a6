#include "node/admin/answer_first.h"

#include "node/admin/answer_password.h"
#include "node/admin/answer_session.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

static bool is_link(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	uint64_t wait = cw_admin_backoff_wait(&admin->backoff, "", pending->address, cw_admin_parts_now());
	if (wait) {
		cw_answer_pending_refuse_wait(pending, wait);
		return false;
	}
	if (cw_admin_parts_accounts(admin) &&
		cw_admin_accounts_is_link(
			&admin->accounts, cw_answer_pending_text(pending, "token"), cw_time_now()))
		return true;
	cw_admin_backoff_failed(&admin->backoff, "", pending->address, cw_admin_parts_now());
	cw_answer_pending_tell(pending, "log-in-refused", "administrators",
		"a one-time link that is not, or no longer, good");
	cw_answer_pending_refuse(pending, 403,
		"This link is no longer good: it can be used once, within an hour",
		"causeway node link prints a new one.");
	return false;
}

void cw_answer_first_link(struct cw_answer_pending *pending)
{
	struct cw_json json = {0};
	if (!is_link(pending))
		return;
	json_t *answer = json_object();
	cw_json_put(&json, answer, "token", cw_json_text(cw_answer_pending_text(pending, "token")));
	cw_json_put(&json, answer, "user", cw_json_text(pending->admin->accounts.link_user));
	cw_json_put(&json, answer, "expires", cw_json_time(pending->admin->accounts.link_until));
	cw_answer_pending_reply(pending, 200, answer, NULL);
}

static void on_first(struct cw_answer_pending *pending, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_admin_accounts *accounts = &admin->accounts;
	struct cw_error error;
	if (!is_link(pending)) /* two at once: the first one counts */
		return;
	const char *user = accounts->link_user;
	const struct cw_admin_account *there = cw_admin_accounts_find(accounts, user);
	pending->role = there ? there->role : CW_ADMIN_ROLE_READ_WRITE;
	snprintf(pending->user, sizeof pending->user, "%s", user);
	accounts->link_hash[0] = '\0';
	if (!cw_admin_accounts_set(accounts, pending->user, pending->role, answer->hash, &error) ||
		!cw_admin_parts_accounts_write(admin, &error)) {
		admin->accounts_read = false;
		pending->user[0] = '\0';
		cw_answer_pending_refuse(pending, 409, error.message, NULL);
		return;
	}
	cw_admin_sessions_end_user(admin->sessions, pending->user, NULL);
	cw_answer_pending_tell(pending, "change", "administrators", "password set by the one-time link");
	cw_answer_session_begin(pending);
}

void cw_answer_first_set(struct cw_answer_pending *pending)
{
	const char *again = cw_answer_pending_text(pending, "again");
	if (!is_link(pending))
		return;
	if (*again && strcmp(again, cw_answer_pending_text(pending, "password")) != 0)
		cw_answer_pending_refuse(pending, 400, "The two passwords differ", NULL);
	else
		cw_answer_password_make(pending, cw_answer_pending_text(pending, "password"), on_first);
}
