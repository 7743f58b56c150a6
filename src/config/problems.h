/**
 * Everything that is wrong with a deployment file, collected while it is read and printed in the order of its
 * lines.
 *
 * Adding cannot fail for the caller: a failed allocation is remembered (`no_memory`), as in a struct
 * cw_buffer. Whoever reads the file goes on after a problem, so that one run finds them all.
 */
#ifndef CW_CONFIG_PROBLEMS_H
#define CW_CONFIG_PROBLEMS_H

#include "base/error.h"
#include "base/strings.h"

/* Against a file that is wrong a million times: the rest is counted, not kept. */
#define CW_PROBLEMS_KEPT 4096

struct cw_yaml;

struct cw_problem {
	size_t line; /* from 1; 0: the file as a whole */
	size_t column;
	size_t number; /* in the order found: keeps the sort stable */
	char *text;
};

struct cw_problems {
	struct cw_problem *items;
	size_t count;
	size_t capacity;
	size_t dropped; /* beyond CW_PROBLEMS_KEPT */
	bool no_memory;
};

void cw_problems_finish(struct cw_problems *problems);
#define AUTO_PROBLEMS __attribute__((cleanup(cw_problems_finish))) struct cw_problems

/** A problem with the value `at`. */
void cw_problem(struct cw_problems *problems, const struct cw_yaml *at, const char *format, ...)
	CW_PRINTF(3, 4);

/** A problem at a place that is no value. */
void cw_problem_at(struct cw_problems *problems, size_t line, size_t column, const char *format, ...)
	CW_PRINTF(4, 5);

/** Nothing went wrong so far. */
bool cw_problems_none(const struct cw_problems *problems);

/**
 * Appends one line per problem to `lines`, "shown:line:column: text", sorted by place, at most `limit` lines;
 * the last says how many more there are. Where there was no memory, that is the only line.
 */
void cw_problems_print(
	struct cw_problems *problems, const char *shown, size_t limit, struct cw_strings *lines);

/**
 * What a file holds, for a sentence: in double quotes, control characters replaced, cut where it is long.
 * Returns `quoted`. Not for passwords, which are never shown.
 */
#define CW_QUOTED_SIZE 128
const char *cw_problem_quote(const char *text, char quoted[CW_QUOTED_SIZE]);

/** The same for a key: cut behind a ":", where it is "password:secret" without a space. */
const char *cw_problem_quote_key(const char *key, char quoted[CW_QUOTED_SIZE]);

/** cw_strings_suggest for a word in whatever case; the candidates are lower case. */
const char *cw_problem_suggest_lower(const char *word, const char *const *candidates, size_t count);

/** "; did you mean \"…\"?", or "" for NULL. Belongs to the caller's `text`. */
#define CW_SUGGESTION_SIZE 300
const char *cw_problem_did_you_mean(const char *meant, char text[CW_SUGGESTION_SIZE]);

#endif
