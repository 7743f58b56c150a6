/**
 * Any JSON as what a page is made of (a case of tests/admin/answers.json): a page comes out, well-formed, with nothing in it that
 * runs, and what follows a form that was posted is found.
 */
#include "admin/cases.h"
#include "admin/page/outcome.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_element(void *context, const char *name, const char **attributes)
{
	size_t *scripts = context;
	*scripts += strcmp(name, "script") == 0;
	for (; *attributes; attributes += 2) {
		bool leads = strcmp(attributes[0], "href") == 0 || strcmp(attributes[0], "action") == 0;
		if (strncmp(attributes[0], "on", 2) == 0 ||
			(leads && strncmp(attributes[1], "javascript:", 11) == 0))
			abort();
	}
}

static void look_at(const struct cw_buffer *page)
{
	size_t scripts = 0;
	XML_Parser parser = XML_ParserCreate("UTF-8");
	if (!parser)
		return;
	XML_SetUserData(parser, &scripts);
	XML_SetStartElementHandler(parser, on_element);
	if (XML_Parse(parser, page->data, (int)page->length, 1) != XML_STATUS_OK || scripts != 1)
		abort();
	XML_ParserFree(parser);
}

static void follow(const json_t *item)
{
	AUTO_OUTCOME outcome = {0};
	const json_t *answer = json_object_get(item, "answer");
	const struct cw_outcome_given given = {.operation = cw_screen_json_text(item, "operation"),
		.with = json_object_get(item, "sent"),
		.status = 200,
		.answer = answer,
		.role = cw_screen_role_named(cw_screen_json_text(json_object_get(answer, "page"), "role"))};
	cw_outcome_find(&given, &outcome);
	if (given.role && !outcome.row)
		abort();
	if (outcome.row)
		json_decref(cw_screens_with(outcome.row, given.with));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_error error;
	AUTO_BUFFER page = {0};
	json_t *item = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, NULL);
	if (item && render_case(item, &page, &error))
		look_at(&page);
	else if (item && page.failed)
		abort();
	if (item)
		follow(item);
	json_decref(item);
	return 0;
}
