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
	return (c >= 1 && c <= COLOUR_COUNT) || c == *CW_MARK_SPACE || c == *CW_MARK_FLOW;
}

static bool continues_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == *CW_MARK_FLOW)
			i++; /* its indent */
		else
			width += text[i] == *CW_MARK_SPACE ||
				(!is_mark(text[i]) && !continues_character(text[i]));
	}
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

/* An indent is one byte behind the mark: from this character on, which is none that could be taken for a mark. */
#define INDENT_ZERO ' '
#define INDENT_MAX 90

void cw_layout_flow(struct cw_buffer *buffer, const char *prefix, size_t indent, const char *text)
{
	cw_buffer_text(buffer, prefix);
	cw_buffer_text(buffer, CW_MARK_FLOW);
	cw_buffer_char(buffer, (char)(INDENT_ZERO + (indent < INDENT_MAX ? indent : INDENT_MAX)));
	cw_buffer_text(buffer, text);
	cw_buffer_char(buffer, '\n');
}

void cw_layout_keep(struct cw_buffer *text, const char *name)
{
	size_t length = name ? strlen(name) : 0;
	if (!length || text->failed || !text->length)
		return;
	for (char *at = text->data; (at = memmem(at, text->length - (size_t)(at - text->data), name, length));
		at += length)
		for (size_t i = 0; i < length; i++)
			if (at[i] == ' ')
				at[i] = *CW_MARK_SPACE;
}

/* ECMA-48 SGR; the base colours, which every terminal theme keeps readable. */
static const char *const sequences[COLOUR_COUNT + 1] = {
	"", "\033[1;31m", "\033[32m", "\033[33m", "\033[36m", "\033[1m", "\033[0m"};

/* A text while it is rendered. A line is broken before a word that would not fit, where it flows; a word that is
 * longer than a whole line is broken at the spaces that it was to keep. */
struct rendering {
	struct cw_buffer *ret;
	struct cw_layout_look look;
	size_t indent, column;
	size_t gap; /* spaces that stand before the next word, if it is on this line */
};

static void render_mark(struct rendering *rendering, char mark)
{
	if (mark == *CW_MARK_SPACE)
		cw_buffer_char(rendering->ret, ' ');
	else if (rendering->look.colour && mark <= COLOUR_COUNT)
		cw_buffer_text(rendering->ret, sequences[(int)mark]);
}

/* Text and its marks as they stand. */
static void render_raw(struct rendering *rendering, const char *text, size_t length)
{
	const char *end = text + length;
	rendering->column += width_of(text, length);
	while (text < end) {
		const char *start = text;
		while (text < end && !is_mark(*text))
			text++;
		cw_escape(rendering->ret, start, (size_t)(text - start), "");
		if (text < end)
			render_mark(rendering, *text++);
	}
}

static void break_line(struct rendering *rendering)
{
	cw_buffer_char(rendering->ret, '\n');
	spaces(rendering->ret, rendering->indent);
	rendering->column = rendering->indent;
	rendering->gap = 0;
}

static void render_word(struct rendering *rendering, const char *word, size_t length)
{
	size_t width = width_of(word, length);
	bool fresh = rendering->column <= rendering->indent && !rendering->gap;
	if (!fresh && rendering->column + rendering->gap + width > rendering->look.width)
		break_line(rendering);
	spaces(rendering->ret, rendering->gap);
	rendering->column += rendering->gap;
	rendering->gap = 0;
	render_raw(rendering, word, length);
}

/* Where a name that no line has room for may be broken: behind a comma ("C=US, CN=Acme"), else at any space. */
static size_t part_of_name(const char *name, size_t length, bool commas)
{
	size_t at = 0;
	while (at < length && (name[at] != *CW_MARK_SPACE || (commas && at && name[at - 1] != ',')))
		at++;
	return at;
}

static void render_long(struct rendering *rendering, const char *word, size_t length)
{
	size_t room = rendering->look.width - rendering->indent;
	for (size_t at = 0; at < length;) {
		size_t part = part_of_name(word + at, length - at, true);
		if (width_of(word + at, part) > room)
			part = part_of_name(word + at, length - at, false);
		render_word(rendering, word + at, part);
		at += part + 1;
		rendering->gap = at <= length;
	}
}

static void render_flowing(struct rendering *rendering, const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t begin = at;
		while (at < length && text[at] == ' ')
			at++;
		rendering->gap = begin && at > begin;
		begin = at;
		while (at < length && text[at] != ' ')
			at++;
		if (rendering->indent + width_of(text + begin, at - begin) > rendering->look.width)
			render_long(rendering, text + begin, at - begin);
		else if (at > begin)
			render_word(rendering, text + begin, at - begin);
	}
}

static void render_line(struct rendering *rendering, const char *line, size_t length)
{
	const char *flow = memchr(line, *CW_MARK_FLOW, length);
	size_t before = flow ? (size_t)(flow - line) : length;
	rendering->column = rendering->gap = 0;
	render_raw(rendering, line, before);
	if (!flow || before + 1 == length)
		return;
	size_t indent = (unsigned char)flow[1] - (size_t)INDENT_ZERO;
	rendering->indent = indent <= INDENT_MAX ? indent : 0;
	render_flowing(rendering, flow + 2, length - before - 2);
}

static size_t bounded(size_t width)
{
	if (!width)
		return CW_REPORT_WIDTH;
	if (width < CW_REPORT_WIDTH_MIN)
		return CW_REPORT_WIDTH_MIN;
	return width < CW_REPORT_WIDTH_MAX ? width : CW_REPORT_WIDTH_MAX;
}

void cw_layout_render(const struct cw_buffer *marked, struct cw_layout_look look, struct cw_buffer *ret)
{
	struct rendering rendering = {.ret = ret, .look = look};
	const char *text = cw_buffer_string(marked);
	const char *end = text + marked->length;
	rendering.look.width = bounded(look.width);
	while (text < end) {
		const char *line = text;
		while (text < end && *text != '\n')
			text++;
		render_line(&rendering, line, (size_t)(text - line));
		if (text++ < end)
			cw_buffer_char(ret, '\n');
	}
	ret->failed |= marked->failed;
}
