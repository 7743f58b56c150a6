#include "sip/sip_text.h"

#include "base/forward.h"

#include <string.h>
#include <strings.h>

struct cw_sip_text cw_sip_text_of(const char *string)
{
	return (struct cw_sip_text){string, string ? strlen(string) : 0};
}

struct cw_sip_text cw_sip_text_part(struct cw_sip_text text, size_t at, size_t length)
{
	if (!text.data)
		return text;
	if (at > text.length)
		at = text.length;
	if (length > text.length - at)
		length = text.length - at;
	return (struct cw_sip_text){text.data + at, length};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct cw_sip_text cw_sip_text_trim(struct cw_sip_text text)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (text.length && is_blank(text.data[0]) && cw_forward(&unread, text.length)) {
		text.data++;
		text.length--;
	}
	while (text.length && is_blank(text.data[text.length - 1]))
		text.length--;
	return text;
}

bool cw_sip_text_is(struct cw_sip_text text, const char *word)
{
	return strlen(word) == text.length &&
		(!text.length || strncasecmp(text.data, word, text.length) == 0);
}

bool cw_sip_text_same(struct cw_sip_text a, struct cw_sip_text b)
{
	return a.length == b.length && (!a.length || memcmp(a.data, b.data, a.length) == 0);
}

bool cw_sip_text_token_byte(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return c && strchr("-.!%*_+`'~", c);
}

bool cw_sip_text_is_token(struct cw_sip_text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!cw_sip_text_token_byte(text.data[i]))
			return false;
	return text.length > 0;
}

bool cw_sip_text_number(struct cw_sip_text text, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;
	for (size_t i = 0; i < text.length; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
		if (digit > 9 || value > (max - digit) / 10 || digit > max)
			return false;
		value = value * 10 + digit;
	}
	if (!text.length || value > max)
		return false;
	*ret = value;
	return true;
}

size_t cw_sip_text_quoted(struct cw_sip_text text, size_t at)
{
	if (at >= text.length || text.data[at] != '"')
		return 0;
	for (size_t i = at + 1; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c == '"')
			return i + 1 - at;
		if (c == '\\') {
			i++;
			if (i < text.length &&
				(text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] & 0x80))
				return 0;
		} else if ((c < ' ' && c != '\t') || c == 0x7f) {
			return 0;
		}
	}
	return 0;
}

size_t cw_sip_text_find(struct cw_sip_text text, size_t at, char c)
{
	bool bracket = false;
	size_t unread = CW_FORWARD_BEGIN;
	while (at < text.length && cw_forward(&unread, text.length - at)) {
		if (text.data[at] == '"' && !bracket) {
			size_t quoted = cw_sip_text_quoted(text, at);
			if (!quoted)
				return text.length;
			at += quoted;
			continue;
		}
		if (text.data[at] == c && !bracket)
			return at;
		if (text.data[at] == '<')
			bracket = true;
		else if (text.data[at] == '>')
			bracket = false;
		at++;
	}
	return text.length;
}
