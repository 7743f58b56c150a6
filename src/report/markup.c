#include "report/markup.h"

#include "base/escape.h"
#include "report/text/layout.h"

#include <stdarg.h>
#include <string.h>

/* What HTML and XML both know. */
static const char *entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* XML 1.0 §2.2: U+FFFE and U+FFFF are no characters. Their UTF-8 ends in 0xbe and 0xbf. */
static bool is_no_character(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	return bytes[0] == 0xef && bytes[1] == 0xbf && bytes[2] >= 0xbe;
}

static void escaped_run(struct cw_buffer *ret, const char *text, size_t length)
{
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, text, length, "");
	for (const char *at = cw_buffer_string(&safe); *at; at++) {
		const char *word = entity(*at);
		if (word)
			cw_buffer_text(ret, word);
		else if (is_no_character(at))
			cw_buffer_text(ret, "?"), at += 2;
		else
			cw_buffer_char(ret, *at);
	}
	ret->failed |= safe.failed;
}

void cw_markup_text(struct cw_buffer *ret, const char *text)
{
	if (text)
		escaped_run(ret, text, strlen(text));
}

void cw_markup_printf(struct cw_buffer *ret, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	ret->failed |= text.failed;
	cw_markup_text(ret, cw_buffer_string(&text));
}

/* By mark; NULL: no element. */
static const char *const classes[] = {
	[1] = "bad", [2] = "good", [3] = "warn", [4] = "unknown", [5] = "strong"};

static void show_mark(struct cw_buffer *ret, char mark, bool elements, unsigned *open)
{
	if (mark == '\n') {
		cw_buffer_char(ret, '\n');
	} else if (mark == *CW_MARK_SPACE) {
		cw_buffer_text(ret, elements ? "\xc2\xa0" : " ");
	} else if (mark == *CW_MARK_END) {
		cw_buffer_text(ret, elements && *open ? "</b>" : "");
		*open -= *open > 0;
	} else if (elements) {
		cw_buffer_printf(ret, "<b class=\"%s\">", classes[(int)mark]);
		++*open;
	}
}

static void show_marked(struct cw_buffer *ret, const char *marked, bool elements)
{
	static const char marks[] =
		CW_MARK_BAD CW_MARK_GOOD CW_MARK_WARN CW_MARK_UNKNOWN CW_MARK_BOLD CW_MARK_END CW_MARK_SPACE
		"\n";
	unsigned open = 0;
	while (*marked) {
		size_t length = strcspn(marked, marks);
		escaped_run(ret, marked, length);
		marked += length;
		if (*marked)
			show_mark(ret, *marked++, elements, &open);
	}
	while (open--)
		cw_buffer_text(ret, "</b>");
}

void cw_markup_marked(struct cw_buffer *ret, const char *marked)
{
	show_marked(ret, marked, true);
}

void cw_markup_plain(struct cw_buffer *ret, const char *marked)
{
	show_marked(ret, marked, false);
}
