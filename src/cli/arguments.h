/**
 * Reads the words behind a verb: options from a table, and the rest.
 *
 * Long options are written whole (`--format json`, `--format=json`), short ones as `-f json` or `-fjson`;
 * options and other words mix freely; `--` ends the options; `-` is a word (standard input or output). An
 * option that may not be repeated is refused the second time: two answers to one question are a mistake.
 * Knows nothing of what the options mean.
 */
#ifndef CW_CLI_ARGUMENTS_H
#define CW_CLI_ARGUMENTS_H

#include "base/error.h"

#include <stddef.h>

struct cw_option {
	const char *name;    /* without dashes; NULL ends a table */
	char letter;	     /* 0: none */
	const char *value;   /* what it takes, as help shows it ("FILE"); NULL: nothing */
	const char *choices; /* "text|json": the values there are; NULL: any */
	bool repeated;	     /* may be given several times */
	const char *help;
};

struct cw_option_use {
	const struct cw_option *option;
	const char *value; /* NULL where the option takes none */
};

/** What was typed; points into the argument vector. */
struct cw_arguments {
	struct cw_option_use *uses; /* in the order typed */
	size_t use_count;
	size_t use_capacity;
	const char **words;
	size_t word_count;
	size_t word_capacity;
};

void cw_arguments_finish(struct cw_arguments *arguments);
#define AUTO_ARGUMENTS __attribute__((cleanup(cw_arguments_finish))) struct cw_arguments

/**
 * Sorts `count` arguments into options of `table` (may be NULL: none) and words. CW_E_USAGE says what was
 * found, what is wanted, and what was probably meant. The caller finishes `*ret`.
 */
CW_MUST_USE bool cw_arguments_parse(const struct cw_option *table, char *const *items, size_t count,
	struct cw_arguments *ret, struct cw_error *error);

/** The value of this option, or NULL where it was not given. */
const char *cw_arguments_value(const struct cw_arguments *arguments, const char *name);
/** The `index`th value of a repeated option, from 0, or NULL where there are not that many. */
const char *cw_arguments_nth(const struct cw_arguments *arguments, const char *name, size_t index);
bool cw_arguments_given(const struct cw_arguments *arguments, const char *name);

#endif
