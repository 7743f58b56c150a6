#include "report/text/layout.h"

#include "base/escape.h"

#include <string.h>

#define COLOUR_COUNT 6

const char *cw_layout_verdict_mark(enum cw_verdict verdict)
{
	switch (verdict) {
	case CW_VERDICT_PASS:
		return CW_MARK_GOOD;
	case CW_VERDICT_WARN:
		return CW_MARK_WARN;
	case CW_VERDICT_UNKNOWN:
		return CW_MARK_UNKNOWN;
	case CW_VERDICT_REFUSED:
		break;
	}
	return CW_MARK_BAD;
}

static bool is_mark(char c)
{
	return (c >= 1 && c <= COLOUR_COUNT) || c == *CW_MARK_SPACE;
}

static bool continues_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;
	for (size_t i = 0; i < length; i++)
		width += text[i] == *CW_MARK_SPACE || (!is_mark(text[i]) && !continues_character(text[i]));
	return width;
}

size_t cw_layout_width(const char *text)
{
	return width_of(text, strlen(text));
}

static void spaces(struct cw_buffer *buffer, size_t count)
{
	while (count--)
		cw_buffer_char(buffer, ' ');
}

void cw_layout_column(struct cw_buffer *buffer, const char *text, size_t width)
{
	size_t used = cw_layout_width(text);
	cw_buffer_text(buffer, text);
	spaces(buffer, used < width ? width - used : 1);
}

void cw_layout_wrap(struct cw_buffer *buffer, const char *prefix, size_t indent, const char *text)
{
	cw_buffer_text(buffer, prefix);
	size_t column = cw_layout_width(prefix);
	bool fresh = true; /* no word on this line yet */
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");
		size_t width = width_of(text, length);
		if (!fresh && column + 1 + width > CW_REPORT_WIDTH) {
			cw_buffer_char(buffer, '\n');
			spaces(buffer, indent);
			column = indent;
			fresh = true;
		}
		if (!fresh)
			cw_buffer_char(buffer, ' ');
		cw_buffer_append(buffer, text, length);
		column += width + !fresh;
		fresh = false;
		text += length;
	}
	cw_buffer_char(buffer, '\n');
}

/* ECMA-48 SGR; the base colours, which every terminal theme keeps readable. */
static const char *const sequences[COLOUR_COUNT + 1] = {
	"", "\033[1;31m", "\033[32m", "\033[33m", "\033[36m", "\033[1m", "\033[0m"};

void cw_layout_render(const struct cw_buffer *marked, bool colour, struct cw_buffer *ret)
{
	const char *text = cw_buffer_string(marked);
	const char *end = text + marked->length;
	while (text < end) {
		const char *start = text;
		while (text < end && !is_mark(*text) && *text != '\n')
			text++;
		cw_escape(ret, start, (size_t)(text - start), "");
		if (text == end)
			break;
		if (*text == '\n')
			cw_buffer_char(ret, '\n');
		else if (*text == *CW_MARK_SPACE)
			cw_buffer_char(ret, ' ');
		else if (colour)
			cw_buffer_text(ret, sequences[(int)*text]);
		text++;
	}
	ret->failed |= marked->failed;
}
