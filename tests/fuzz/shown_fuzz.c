/**
 * Any bytes on their way out, in every form: what a terminal gets holds no control character but the line end, no
 * mark that turns the writing direction and nothing invisible; what a page gets holds no markup; JSON reads again as
 * what it was; what a verb says on standard error is one line.
 */
#include "base/escape.h"
#include "report/json.h"
#include "report/markup.h"
#include "report/text/layout.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const hidden[] = {"\xc2\xad", "\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
	"\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xab",
	"\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6", "\xe2\x81\xa7",
	"\xe2\x81\xa8", "\xe2\x81\xa9", "\xef\xbb\xbf", "\xf3\xa0\x80", "\xf3\xa0\x81"};

static void want_harmless(const struct cw_buffer *shown, bool lines)
{
	const unsigned char *text = (const unsigned char *)cw_buffer_string(shown);
	if (shown->failed)
		return;
	for (size_t i = 0; i < shown->length; i++) {
		if ((text[i] < ' ' && !(lines && text[i] == '\n')) || text[i] == 0x7f)
			abort();
		if (text[i] == 0xc2 && text[i + 1] >= 0x80 && text[i + 1] <= 0x9f)
			abort();
	}
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (memmem(text, shown->length, hidden[i], strlen(hidden[i])))
			abort();
}

static void try_escape(const uint8_t *data, size_t size)
{
	AUTO_BUFFER once = {0}, twice = {0};
	cw_escape(&once, data, size, "");
	want_harmless(&once, false);
	cw_escape(&twice, cw_buffer_string(&once), once.length, "");
	if (strcmp(cw_buffer_string(&once), cw_buffer_string(&twice)) != 0)
		abort(); /* what is safe stays as it is */
}

static void try_text(const char *text)
{
	AUTO_BUFFER marked = {0}, shown = {0};
	cw_layout_wrap(&marked, "  ", 4, text);
	cw_layout_column(&marked, text, 20);
	cw_layout_render(&marked, (struct cw_layout_look){0}, &shown);
	want_harmless(&shown, true);
}

static void try_page(const char *text)
{
	AUTO_BUFFER page = {0};
	cw_markup_text(&page, text);
	want_harmless(&page, false);
	if (strpbrk(cw_buffer_string(&page), "<>\"'"))
		abort();
}

static void try_json(const char *text)
{
	struct cw_json json = {0};
	AUTO_BUFFER printed = {0};
	struct cw_error error;
	json_t *object = json_object();
	cw_json_put(&json, object, "text", cw_json_text(text));
	if (!json.failed && cw_json_print(&json, object, true, &printed, &error)) {
		json_t *again = json_loads(cw_buffer_string(&printed), 0, NULL);
		if (!again || !json_equal(again, object))
			abort();
		json_decref(again);
	}
	json_decref(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free) char *text = strndup((const char *)data, size);
	if (!text)
		return 0;
	try_escape(data, size);
	try_text(text);
	try_page(text);
	try_json(text);
	return 0;
}
