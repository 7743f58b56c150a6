#include "import/source/reading.h"

#include "base/forward.h"

#include "base/buffer.h"

#include <ctype.h>
#include <string.h>

/* Against a line of words without end; the longest key of the command reference has 12 words. */
#define PATH_MAX_LENGTH 256

#define CONFIGURATION "*c xConfiguration "
#define STATUS "*s "

/* "Zones Zone 6 Name" becomes "Zones Zone.6 Name". False: too long for any key. */
static bool make_path(const char *words, size_t length, char path[PATH_MAX_LENGTH])
{
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		char c = words[i];
		if (used + 2 > PATH_MAX_LENGTH || !c)
			return false;
		size_t digits = 0;
		while (c == ' ' && i + 1 + digits < length && isdigit((unsigned char)words[i + 1 + digits]))
			digits++;
		bool number = digits && (i + 1 + digits == length || words[i + 1 + digits] == ' ');
		path[used++] = number ? '.' : c;
	}
	path[used] = 0;
	return true;
}

/* Takes blanks and one pair of quotes off. */
static void trim_value(const char **value, size_t *length)
{
	while (*length && isspace((unsigned char)(*value)[*length - 1]))
		(*length)--;
	size_t unread = CW_FORWARD_BEGIN;
	while (*length && isspace((unsigned char)**value) && cw_forward(&unread, *length)) {
		(*value)++;
		(*length)--;
	}
	if (*length >= 2 && (*value)[0] == '"' && (*value)[*length - 1] == '"') {
		(*value)++;
		*length -= 2;
	}
}

/*
 * Any kind of secret by its key's last word, or by the mark that the box puts in front of what it encrypts: anywhere in
 * the value, since a copy may have joined two lines.
 */
static bool is_secret(const char *path, const char *value, size_t length)
{
	const char *last = strrchr(path, ' ');
	if (memmem(value, length, "{cipher}", 8))
		return true;
	return cw_fact_is_secret(last ? last : path);
}

static bool take_statement(
	const struct cw_reading *read, const char *words, size_t length, size_t line, struct cw_error *error)
{
	const char *colon = memchr(words, ':', length);
	char path[PATH_MAX_LENGTH];
	if (!colon || !make_path(words, (size_t)(colon - words), path))
		return true;
	const char *value = colon + 1;
	size_t value_length = length - (size_t)(value - words);
	trim_value(&value, &value_length);
	if (is_secret(path, value, value_length))
		return !value_length ||
			cw_evidence_drop(read->evidence, read->source, line, "password of a setting", error);
	struct cw_evidence_fact fact = {.source = read->source, .line = line};
	if (!cw_fact_find(path, &fact.key, &fact.a, &fact.b))
		return true;
	return cw_evidence_add_fact(read->evidence, &fact, value, value_length, error);
}

/* The statements of one line: pasted copies join several by blanks. */
static bool take_line(
	const struct cw_reading *read, const char *at, const char *end, size_t line, struct cw_error *error)
{
	size_t mark = strlen(STATUS);
	if ((size_t)(end - at) > mark && memcmp(at, STATUS, mark) == 0)
		return take_statement(read, at + mark, (size_t)(end - at) - mark, line, error);
	mark = strlen(CONFIGURATION);
	at = memmem(at, (size_t)(end - at), CONFIGURATION, mark);
	size_t unread = CW_FORWARD_BEGIN;
	while (at && cw_forward(&unread, (size_t)(end - at))) {
		const char *words = at + mark;
		at = memmem(words, (size_t)(end - words), CONFIGURATION, mark);
		if (!take_statement(read, words, (size_t)((at ? at : end) - words), line, error))
			return false;
	}
	return true;
}

bool cw_reading_settings(const struct cw_reading *read, struct cw_error *error)
{
	const char *end = read->data + read->length;
	size_t line = 1;
	for (const char *at = read->data; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!take_line(read, at, stop ? stop : end, line, error))
			return false;
		at = stop ? stop + 1 : end;
	}
	return true;
}
