#include "admin/page/outcome.h"

#include "admin/page/effect_screen.h"

#include <string.h>

#define LIST "cmplatform/certificateFindList.do"

/* By operation: where it leads, and what is said where the answer has no words of its own. */
struct row {
	const char *operation, *page;
	bool itself; /* the answer is the page's */
	const char *said;
};

static const struct row *row_of(const char *operation)
{
	static const struct row rows[] = {
		{"zone/set", "zones", false, "Saved."},
		{"request/new", "servercertificate", false,
			"The request is made: download it and have it signed."},
		{"request/discard", "servercertificate", false, "The request and its key are discarded."},
		{"identity/upload", "servercertificate", false, "The certificate is installed."},
		{"trust/append", "trustedcacertificate", false, "Appended."},
		{"trust/replace", "trustedcacertificate", false, "Replaced."},
		{"trust/remove", "trustedcacertificate", false, "Deleted."},
		{"trust/move", "trustedcacertificate", false, "Moved."},
		{"trust/reset", "trustedcacertificate", false, "The list is reset."},
		{"crl/upload", "crlupdater", false, "The CRL is uploaded."},
		{"crl/set", "crlupdater", false, "Saved."},
		{"client-test", "certificatetesting", true, NULL},
		{"cba/set", "cbaconfig", false, "Set, and not confirmed yet."},
		{"cba/confirm", "cbaconfig", false, "Confirmed."},
		{"traversal-test", "traversaltest", true, NULL},
		{"cucm-servers/add", "cucmservers", false, "Added."},
		{"cucm-servers/remove", "cucmservers", false, "Deleted."},
		{"cucm-servers/refresh", "cucmservers", false, "All servers are asked now."},
		{"domains/add", "domains", false, "Added."},
		{"domains/remove", "domains", false, "Deleted."},
		{"restart", "restart", false, "The node restarts. Sign in again in a moment."},
		{"administrators/set", "administrators", false, "Saved."},
		{"administrators/remove", "administrators", false, "Deleted."},
		{"certificate/upload", LIST, false, "Success: Certificate Uploaded..."},
		{"certificate/delete", LIST, false, "Deleted."},
		{"certificate/regenerate", LIST, false, "Regenerated."},
		{"ca/issue", "certsrv", true, NULL},
		{"exercise/hint", "exercise", false, NULL},
		{"exercise/check", "exercise", true, NULL},
		{"exercise/reset", "exercise", false, "Every node has the files of the beginning again."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].operation, operation) == 0)
			return &rows[i];
	return NULL;
}

void cw_outcome_finish(struct cw_outcome *outcome)
{
	cw_buffer_finish(&outcome->text);
	*outcome = (struct cw_outcome){0};
}

static bool was_tried(const struct cw_outcome_given *given)
{
	size_t length = strlen(given->operation);
	if (!cw_effect_screen_find(given->operation))
		return false;
	return (length > 4 && strcmp(given->operation + length - 4, "/try") == 0) ||
		json_is_true(json_object_get(given->with, "try"));
}

/* A CUCM node's certificates all stand in one list, and the client certificate has a page of its own. */
static const char *page_of(const struct cw_outcome_given *given, const struct row *row)
{
	if (!row)
		return "";
	if (strcmp(row->page, "servercertificate") == 0 && given->role & CW_SCREEN_ROLE_CUCM)
		return LIST;
	if (strcmp(row->page, "servercertificate") == 0 &&
		cw_screen_json_equals(given->with, "identity", "client"))
		return "clientcertificate";
	if (strcmp(row->page, "trustedcacertificate") == 0 && given->role & CW_SCREEN_ROLE_CUCM)
		return LIST;
	return row->page;
}

/* What ended and began, in a sentence each. */
static void links(struct cw_buffer *ret, const json_t *items, const char *what)
{
	size_t i;
	json_t *item;
	json_array_foreach(items, i, item)
	{
		cw_buffer_printf(ret, " %s: %s to %s.", what, cw_screen_json_text(item, "link"),
			cw_screen_json_text(item, "peer"));
	}
}

static void say(const struct cw_outcome_given *given, const struct row *row, struct cw_outcome *ret)
{
	const json_t *answer = given->answer;
	const char *page_text = cw_screen_json_text(answer, "page_text"),
		   *change = cw_screen_json_text(answer, "change");
	bool refused = cw_screen_json_is(answer, "refused");
	if (*page_text)
		cw_buffer_printf(&ret->text, "%s", page_text);
	else if (row && row->said)
		cw_buffer_text(&ret->text, row->said);
	if (*change && !refused)
		cw_buffer_printf(&ret->text, " %s.", change);
	links(&ret->text, json_object_get(answer, "ends"), "Ended");
	links(&ret->text, json_object_get(answer, "begins"), "Can come up again");
	ret->notice.kind = refused ? CW_SCREEN_REFUSED : CW_SCREEN_GOOD;
	if (json_array_size(json_object_get(answer, "ends")))
		ret->notice.kind = CW_SCREEN_WARNING;
	ret->notice.next = cw_screen_json_text_or_null(answer, "restart");
	ret->notice.text = ret->text.length ? cw_buffer_string(&ret->text) : NULL;
}

void cw_outcome_find(const struct cw_outcome_given *given, struct cw_outcome *ret)
{
	const struct row *row = row_of(given->operation);
	*ret = (struct cw_outcome){.kind = CW_OUTCOME_THIS};
	if (given->status != 200 && given->status != 202) {
		ret->row = cw_screens_find("refusal", CW_SCREEN_ROLE_ANY);
		return;
	}
	if (was_tried(given)) {
		ret->row = cw_screens_find("effect", CW_SCREEN_ROLE_ANY);
		return;
	}
	ret->row = cw_screens_find(page_of(given, row), given->role);
	if (!ret->row)
		ret->row = cw_screens_find("", given->role);
	if (row && row->itself)
		return;
	ret->kind = CW_OUTCOME_ASK;
	say(given, row, ret);
}
