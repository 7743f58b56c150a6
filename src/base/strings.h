/**
 * An ordered list of strings, each owned by the list.
 */
#ifndef CW_BASE_STRINGS_H
#define CW_BASE_STRINGS_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

struct cw_strings {
	char **items;
	size_t count;
	size_t capacity;
};

void cw_strings_finish(struct cw_strings *strings);

/** The list itself is a local. */
#define AUTO_STRINGS __attribute__((cleanup(cw_strings_finish))) struct cw_strings

/** Adds a copy at the end. False: no memory. */
CW_MUST_USE bool cw_strings_add(struct cw_strings *strings, const char *text);

/** Adds a copy of the first `length` bytes. False: no memory. */
CW_MUST_USE bool cw_strings_add_range(struct cw_strings *strings, const char *text, size_t length);

/** Adds what printf would print. False: no memory. */
CW_MUST_USE bool cw_strings_addf(struct cw_strings *strings, const char *format, ...) CW_PRINTF(2, 3);

bool cw_strings_contain(const struct cw_strings *strings, const char *text);

/** The same, upper and lower case alike (ASCII): for host names. */
bool cw_strings_contain_name(const struct cw_strings *strings, const char *name);

/**
 * The candidate that `word` was probably meant to be (edit distance of at most a third of its length, two
 * letters swapped counting one), or NULL: for "did you mean".
 */
const char *cw_strings_suggest(const char *word, const char *const *candidates, size_t count);

#endif
