/* The cases of tests/admin/answers.json: a page each, with the answer that it is made of. */
#ifndef TESTS_ADMIN_CASES_H
#define TESTS_ADMIN_CASES_H

#include "admin/page/screens.h"

/* Renders one case; `item` is a value of "cases"; `map` of the lab's front page, or NULL. */
static inline bool render_case_with(
	const json_t *item, const struct cw_buffer *map, struct cw_buffer *ret, struct cw_error *error)
{
	static const char *const kinds[] = {"information", "good", "warning", "refused"};
	const json_t *answer = json_object_get(item, "answer"), *said = json_object_get(item, "notice");
	const char *name = json_string_value(json_object_get(item, "screen"));
	const char *role = cw_screen_json_text(json_object_get(answer, "page"), "role");
	const struct cw_screen_row *row = cw_screens_find(name ? name : "?", cw_screen_role_named(role));
	struct cw_screen_notice notice = {
		.text = cw_screen_json_text(said, "text"), .next = cw_screen_json_text_or_null(said, "next")};
	struct cw_screens_given given = {.answer = answer,
		.sent = json_object_get(item, "sent"),
		.operation = cw_screen_json_text(item, "operation"),
		.notice = said ? &notice : NULL,
		.made = map};
	for (int kind = 0; kind < 4; kind++)
		if (cw_screen_json_equals(said, "kind", kinds[kind]))
			notice.kind = (enum cw_screen_kind)kind;
	if (!row)
		return cw_error_set(error, CW_E_USAGE, "no page %s for %s", name ? name : "?", role);
	return cw_screens_render(row, &given, ret, error);
}

static inline bool render_case(const json_t *item, struct cw_buffer *ret, struct cw_error *error)
{
	return render_case_with(item, NULL, ret, error);
}

#endif
