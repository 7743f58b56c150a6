#include "node/admin/answer_password.h"

static void on_password(void *context, const struct cw_admin_password_answer *answer)
{
	struct cw_answer_pending *pending = context;
	struct cw_node_admin *admin = pending->admin;
	void (*failed)(struct cw_node_admin * admin) = pending->failed;
	if (answer->worked) {
		pending->then(pending, answer);
		return;
	}
	cw_answer_pending_refuse(pending, 503, "The password could not be checked now", "Try again.");
	if (failed)
		failed(admin);
}

void cw_answer_password_check(struct cw_answer_pending *pending, const char *user, const char *password,
	cw_answer_pending_then then)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_password_owner owner = {on_password, pending};
	uint64_t now = cw_admin_parts_now();
	uint64_t wait = cw_admin_backoff_wait(&admin->backoff, user, pending->address, now);
	struct cw_error error;
	if (wait) {
		cw_answer_pending_refuse_wait(pending, wait);
		return;
	}
	const struct cw_admin_account *account = cw_answer_pending_account(pending, user);
	cw_admin_backoff_failed(&admin->backoff, user, pending->address, now);
	pending->then = then;
	if (!cw_admin_password_check(
		    admin->password, password, account ? account->hash : NULL, &owner, &error))
		cw_answer_pending_refuse(pending, 429, error.message, "Try again.");
}

bool cw_answer_password_is_right(
	struct cw_answer_pending *pending, const char *user, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account = cw_answer_pending_account(pending, user);
	if (answer->matches && account) {
		cw_admin_backoff_worked(&admin->backoff, user, pending->address);
		cw_answer_pending_is(pending, account);
		return true;
	}
	const struct cw_node_history_event event = {.kind = "log-in-refused",
		.about = "administrators",
		.who = user,
		.after = pending->address,
		.text = "user name or password is wrong"};
	cw_node_history_tell(admin->core->history, &event);
	cw_node_core_say(admin->core, "log-in refused: %.64s from %s", user, pending->address);
	cw_answer_pending_refuse(pending, 401, "Invalid username or password", NULL);
	return false;
}

void cw_answer_password_make(struct cw_answer_pending *pending, const char *text, cw_answer_pending_then then)
{
	const struct cw_admin_password_owner owner = {on_password, pending};
	struct cw_error error;
	pending->then = then;
	if (!cw_admin_password_make(pending->admin->password, text, &owner, &error))
		cw_answer_pending_refuse(pending, 400, error.message, NULL);
}
