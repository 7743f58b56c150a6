#include "rehearse/message.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *find(const char *data, size_t length, const char *text)
{
	return memmem(data, length, text, strlen(text));
}

static bool looks_like_text(const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];
		if (c < ' ' && c != '\r' && c != '\n' && c != '\t')
			return false;
	}
	return true;
}

static bool find_header(
	const struct cw_message *message, const char *name, const char **value, size_t *length)
{
	size_t name_length = strlen(name);
	const char *at = message->headers, *stop = message->headers + message->headers_length;
	while ((at = find(at, (size_t)(stop - at), "\r\n"))) {
		at += 2;
		const char *end = find(at, (size_t)(stop - at), "\r\n");
		if (!end)
			return false;
		if ((size_t)(end - at) <= name_length || strncasecmp(at, name, name_length) != 0 ||
			at[name_length] != ':')
			continue;
		const char *from = at + name_length + 1;
		while (from < end && isspace((unsigned char)*from))
			from++;
		while (end > from && isspace((unsigned char)end[-1]))
			end--;
		*value = from;
		*length = (size_t)(end - from);
		return true;
	}
	return false;
}

static bool has_body(const struct cw_message *message)
{
	const char *value;
	size_t length;
	if (find_header(message, "Transfer-Encoding", &value, &length))
		return true;
	return find_header(message, "Content-Length", &value, &length) && !(length == 1 && *value == '0');
}

enum cw_message_state cw_message_read(
	const char *data, size_t length, struct cw_message *ret, const char **reason)
{
	if (!looks_like_text(data, length)) {
		*reason = "wanted lines of text, found other bytes";
		return CW_MESSAGE_BROKEN;
	}
	const char *end = find(data, length, "\r\n\r\n");
	if (!end && length > CW_MESSAGE_MAX) {
		*reason = "a message longer than any of its kind";
		return CW_MESSAGE_BROKEN;
	}
	if (!end)
		return CW_MESSAGE_PART;
	const char *line = find(data, length, "\r\n");
	*ret = (struct cw_message){.start = data,
		.start_length = (size_t)(line - data),
		.headers = line,
		.headers_length = (size_t)(end - line) + 2,
		.length = (size_t)(end - data) + 4};
	if (has_body(ret)) {
		*reason = "a message with a body, which this conversation has none of";
		return CW_MESSAGE_BROKEN;
	}
	return CW_MESSAGE_WHOLE;
}

static bool word_at(const struct cw_message *message, unsigned place, const char **ret, size_t *length)
{
	const char *at = message->start, *stop = at + message->start_length;
	for (;;) {
		while (at < stop && *at == ' ')
			at++;
		const char *end = at;
		while (end < stop && *end != ' ')
			end++;
		if (end == at)
			return false;
		if (place-- == 0) {
			*ret = at;
			*length = (size_t)(end - at);
			return true;
		}
		at = end;
	}
}

bool cw_message_word(const struct cw_message *message, unsigned place, const char *word)
{
	const char *found;
	size_t length;
	return word_at(message, place, &found, &length) && length == strlen(word) &&
		memcmp(found, word, length) == 0;
}

unsigned cw_message_status(const struct cw_message *message)
{
	const char *found;
	size_t length;
	if (!word_at(message, 0, &found, &length) || strncmp(found, "HTTP/1.1", length) != 0 ||
		length != strlen("HTTP/1.1"))
		return 0;
	if (!word_at(message, 1, &found, &length) || length != 3)
		return 0;
	unsigned status = 0;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)found[i]))
			return 0;
		status = status * 10 + (unsigned)(found[i] - '0');
	}
	return status;
}
