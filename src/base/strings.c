#include "base/strings.h"

#include "base/buffer.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#define SUGGEST_LENGTH_MAX 64 /* longer words are no typing errors; also bounds the work */

void cw_strings_finish(struct cw_strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
	*strings = (struct cw_strings){0};
}

bool cw_strings_add_range(struct cw_strings *strings, const char *text, size_t length)
{
	if (!cw_memory_grow(&strings->items, &strings->capacity, strings->count, sizeof *strings->items))
		return false;
	char *copy = strndup(text, length);
	if (!copy)
		return false;
	strings->items[strings->count++] = copy;
	return true;
}

bool cw_strings_add(struct cw_strings *strings, const char *text)
{
	return cw_strings_add_range(strings, text, strlen(text));
}

bool cw_strings_addf(struct cw_strings *strings, const char *format, ...)
{
	AUTO_BUFFER buffer = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&buffer, format, args);
	va_end(args);
	return !buffer.failed && cw_strings_add(strings, cw_buffer_string(&buffer));
}

bool cw_strings_contain(const struct cw_strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->items[i], text) == 0)
			return true;
	return false;
}

bool cw_strings_contain_name(const struct cw_strings *strings, const char *name)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcasecmp(strings->items[i], name) == 0)
			return true;
	return false;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance; both words are at most SUGGEST_LENGTH_MAX long. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][SUGGEST_LENGTH_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b_length; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = smaller(replace, smaller(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b_length];
}

const char *cw_strings_suggest(const char *word, const char *const *candidates, size_t count)
{
	size_t length = strlen(word);
	if (length > SUGGEST_LENGTH_MAX)
		return NULL;
	const char *best = NULL;
	size_t best_distance = length / 3 + 1;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(candidates[i]);
		if (other > SUGGEST_LENGTH_MAX)
			continue;
		size_t far = distance(word, length, candidates[i], other);
		if (far < best_distance) {
			best = candidates[i];
			best_distance = far;
		}
	}
	return best;
}
