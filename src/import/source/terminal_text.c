#include "import/source/terminal_text.h"

#include "base/forward.h"

#include <ctype.h>
#include <string.h>

/* What the pager of the CUCM command line asks between two pages, up to and with these last words. */
static const struct {
	const char *begin;
	const char *end;
} pagers[] = {
	{"Press <enter> for 1 line", "to quit"},
	{"options: q=quit", ") :"},
	{"--More--", "--More--"},
	{"-- More --", "-- More --"},
};

/* Behind an escape sequence that begins at `at` (ESC); at least one byte further. */
static const char *skip_escape(const char *at, const char *end)
{
	at++;
	if (at == end)
		return at;
	if (*at == ']') { /* operating system command: up to BEL or ESC \ */
		while (at < end && *at != '\a' && *at != '\033')
			at++;
		return at < end && *at == '\a' ? at + 1 : at;
	}
	if (*at != '[')
		return at + 1;
	at++;
	while (at < end && !isalpha((unsigned char)*at) && *at != '@' && *at != '~')
		at++;
	return at < end ? at + 1 : at;
}

/*
 * One line as the terminal shows it. A carriage return goes back to the start; what follows overwrites (the
 * pager wipes its prompt with blanks so), and where nothing follows, the line stays.
 */
static void clean_line(const char *at, const char *end, struct cw_buffer *ret)
{
	size_t start = ret->length;
	bool returned = false;
	size_t unread = CW_FORWARD_BEGIN;
	while (at < end && cw_forward(&unread, (size_t)(end - at))) {
		char c = *at;
		if (c == '\033') {
			at = skip_escape(at, end);
			continue;
		}
		at++;
		if (c == '\r') {
			returned = true;
		} else if (c == '\b') {
			if (ret->length > start)
				ret->length--;
		} else if (c == '\t' || (unsigned char)c >= ' ') {
			if (returned) {
				ret->length = start;
				returned = false;
			}
			cw_buffer_char(ret, c);
		}
	}
}

/* Takes the pager's question out of the line that begins at `start`. */
static void drop_pager(struct cw_buffer *ret, size_t start)
{
	for (size_t i = 0; i < sizeof pagers / sizeof pagers[0]; i++) {
		char *line = ret->data + start;
		char *begin = memmem(line, ret->length - start, pagers[i].begin, strlen(pagers[i].begin));
		if (!begin)
			continue;
		size_t left = ret->length - (size_t)(begin - ret->data);
		char *end = memmem(begin, left, pagers[i].end, strlen(pagers[i].end));
		if (!end)
			continue;
		end += strlen(pagers[i].end);
		memmove(begin, end, (size_t)(ret->data + ret->length - end));
		ret->length -= (size_t)(end - begin);
	}
}

void cw_terminal_text_clean(const char *data, size_t length, struct cw_buffer *ret)
{
	const char *end = data + length;
	size_t unread = CW_FORWARD_BEGIN;
	for (const char *at = data; at < end && cw_forward(&unread, (size_t)(end - at));) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t start = ret->length;
		clean_line(at, stop ? stop : end, ret);
		if (ret->failed)
			return;
		if (ret->length > start)
			drop_pager(ret, start);
		cw_buffer_char(ret, '\n');
		at = stop ? stop + 1 : end;
	}
}
