#include "config/problems.h"

#include "base/buffer.h"
#include "config/yaml_tree.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void cw_problems_finish(struct cw_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		free(problems->items[i].text);
	free(problems->items);
	*problems = (struct cw_problems){0};
}

static CW_PRINTF(4, 0) void add(
	struct cw_problems *problems, size_t line, size_t column, const char *format, va_list args)
{
	if (problems->count >= CW_PROBLEMS_KEPT) {
		problems->dropped++;
		return;
	}
	AUTO_BUFFER buffer = {0};
	cw_buffer_vprintf(&buffer, format, args);
	AUTO(free) char *text = cw_buffer_steal(&buffer);
	if (!text ||
		!cw_memory_grow(
			&problems->items, &problems->capacity, problems->count, sizeof *problems->items)) {
		problems->no_memory = true;
		return;
	}
	problems->items[problems->count] =
		(struct cw_problem){.line = line, .column = column, .number = problems->count};
	problems->items[problems->count++].text = TAKE(text);
}

void cw_problem(struct cw_problems *problems, const struct cw_yaml *at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(problems, at->line, at->column, format, args);
	va_end(args);
}

void cw_problem_at(struct cw_problems *problems, size_t line, size_t column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(problems, line, column, format, args);
	va_end(args);
}

bool cw_problems_none(const struct cw_problems *problems)
{
	return problems->count == 0 && !problems->no_memory;
}

static int compare(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int by_place(const void *left, const void *right)
{
	const struct cw_problem *a = left, *b = right;
	int order = compare(a->line, b->line);
	if (order == 0)
		order = compare(a->column, b->column);
	return order != 0 ? order : compare(a->number, b->number);
}

static bool print_one(const struct cw_problem *problem, const char *shown, struct cw_strings *lines)
{
	if (problem->line == 0)
		return cw_strings_addf(lines, "%s: %s", shown, problem->text);
	return cw_strings_addf(lines, "%s:%zu:%zu: %s", shown, problem->line, problem->column, problem->text);
}

void cw_problems_print(
	struct cw_problems *problems, const char *shown, size_t limit, struct cw_strings *lines)
{
	if (problems->count)
		qsort(problems->items, problems->count, sizeof *problems->items, by_place);
	size_t total = problems->count + problems->dropped;
	size_t printed = total <= limit ? problems->count : limit - 1;
	bool ok = !problems->no_memory; /* what else is missing may be missing for want of it */
	for (size_t i = 0; i < printed && ok; i++)
		ok = print_one(&problems->items[i], shown, lines);
	if (ok && printed < total)
		ok = cw_strings_addf(lines, "%s: and %zu more problems", shown, total - printed);
	if (!ok)
		ok = cw_strings_addf(lines, "%s: out of memory", shown);
	(void)ok; /* nothing is left to say it with */
}

/* Bytes of the character at `text` that a terminal obeys and does not show: C0, DEL, and C1 in UTF-8. */
static size_t control_length(const unsigned char *text)
{
	if (text[0] < 0x20 || text[0] == 0x7f)
		return 1;
	return text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0 ? 2 : 0;
}

const char *cw_problem_quote(const char *text, char quoted[CW_QUOTED_SIZE])
{
	const unsigned char *from = (const unsigned char *)text;
	size_t length = 0;
	quoted[length++] = '"';
	/* room for an ellipsis (3 bytes), the quote and the NUL; never half a UTF-8 character */
	while (*from && (length < CW_QUOTED_SIZE - 12 || (*from & 0xc0) == 0x80)) {
		size_t control = control_length(from);
		quoted[length++] = control ? '?' : (char)*from;
		from += control ? control : 1;
	}
	if (*from) {
		memcpy(quoted + length, "…", 3);
		length += 3;
	}
	quoted[length++] = '"';
	quoted[length] = '\0';
	return quoted;
}

const char *cw_problem_quote_key(const char *key, char quoted[CW_QUOTED_SIZE])
{
	const char *colon = strchr(key, ':');
	if (!colon)
		return cw_problem_quote(key, quoted);
	char start[CW_QUOTED_SIZE];
	snprintf(start, sizeof start, "%.*s:…", (int)(colon - key < 64 ? colon - key : 64), key);
	return cw_problem_quote(start, quoted);
}

const char *cw_problem_suggest_lower(const char *word, const char *const *candidates, size_t count)
{
	char lower[128]; /* cw_strings_suggest has nothing to say on longer words */
	size_t length = 0;
	for (; word[length] && length + 1 < sizeof lower; length++)
		lower[length] = (char)tolower((unsigned char)word[length]);
	lower[length] = '\0';
	return word[length] ? NULL : cw_strings_suggest(lower, candidates, count);
}

const char *cw_problem_did_you_mean(const char *meant, char text[CW_SUGGESTION_SIZE])
{
	*text = '\0';
	if (meant)
		snprintf(text, CW_SUGGESTION_SIZE, "; did you mean \"%s\"?", meant);
	return text;
}
