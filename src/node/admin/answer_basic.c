#include "node/admin/answer_basic.h"

#include "node/admin/answer_password.h"

#include <string.h>

static bool is_same_basic(const struct cw_answer_pending *one, const struct cw_answer_pending *other)
{
	const json_t *basic = json_object_get(one->frame, "basic");
	return basic && json_equal(basic, json_object_get(other->frame, "basic")) &&
		strcmp(one->address, other->address) == 0;
}

/* A client that asks several things at once has one password: the first is checked, and counts. */
static bool joins(struct cw_answer_pending *pending)
{
	for (const struct cw_answer_pending *each = pending->admin->pending; each; each = each->next)
		if (each != pending && each->checks && is_same_basic(each, pending))
			return pending->joined = true;
	return false;
}

static struct cw_answer_pending *first_woken(struct cw_node_admin *admin)
{
	for (struct cw_answer_pending *each = admin->pending; each; each = each->next)
		if (each->woken)
			return each;
	return NULL;
}

/* The check that others waited for is over: they begin anew. Where it was wrong, each of them counts: one is checked, the
 * others wait for that one again. */
static void wake_joined(struct cw_node_admin *admin)
{
	struct cw_answer_pending *woken;
	for (struct cw_answer_pending *each = admin->pending; each; each = each->next) {
		each->woken = each->joined;
		each->joined = false;
	}
	while ((woken = first_woken(admin))) { /* ends: each turn takes one of those that were there */
		woken->woken = false;
		cw_answer_basic(woken);
	}
}

static void on_basic(struct cw_answer_pending *pending, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	const json_t *basic = json_object_get(pending->frame, "basic");
	const char *user = json_string_value(json_object_get(basic, "user"));
	const char *password = json_string_value(json_object_get(basic, "password"));
	pending->checks = false;
	if (cw_answer_password_is_right(pending, user, answer)) {
		cw_admin_sessions_know(admin->sessions, user, password, cw_admin_parts_now());
		pending->known(pending);
	}
	wake_joined(admin);
}

void cw_answer_basic(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const json_t *basic = json_object_get(pending->frame, "basic");
	const char *user = json_string_value(json_object_get(basic, "user"));
	const char *password = json_string_value(json_object_get(basic, "password"));
	if (!user || !password) {
		cw_answer_pending_refuse(pending, 401, "Log in first", NULL);
		return;
	}
	const struct cw_admin_account *account = cw_answer_pending_account(pending, user);
	if (!account || !cw_admin_sessions_knows(admin->sessions, user, password, cw_admin_parts_now())) {
		if (joins(pending))
			return;
		pending->checks = true;
		pending->failed = wake_joined;
		cw_answer_password_check(pending, user, password, on_basic);
		return;
	}
	cw_answer_pending_is(pending, account);
	pending->known(pending);
}
