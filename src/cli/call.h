/**
 * What a verb is: one row that help, man pages and completion are made from, and the function that does it.
 *
 * Each verb's row stands in its own file (verb_check.c holds cw_verb_check); verbs.c lists them all. To add a
 * verb: write verb_NAME.c with its row, announce the row in verbs.h, list it in verbs.c.
 */
#ifndef CW_CLI_CALL_H
#define CW_CLI_CALL_H

#include "base/buffer.h"
#include "base/lock.h"
#include "base/time.h"
#include "cli/arguments.h"
#include "report/text/layout.h"

#include <stdint.h>
#include <stdio.h>

/* What the program returns. */
enum cw_exit {
	CW_EXIT_GOOD = 0,
	CW_EXIT_REFUSED = 1, /* an answer: something is refused */
	CW_EXIT_TROUBLE = 2, /* no answer: the question could not be asked */
	CW_EXIT_DIFFERS = 3, /* rehearse: prediction and observation differ */
};

struct cw_verb;
struct cw_progress;

/** One call of a verb. */
struct cw_call {
	const struct cw_verb *verb;
	struct cw_arguments arguments; /* already checked against the verb's table */
	FILE *out;
	FILE *err;
	cw_time now;
	bool colour;		      /* `out` is a terminal and NO_COLOR is not set */
	struct cw_progress *progress; /* a bar that makes way for what is told on `err`, or NULL */
	struct cw_locks locks; /* of the folders in which the verb writes; released when it has ended */
	const struct cw_error_mark *mark; /* opened when the call began; NULL: there is none */
};

#define CW_WORDS_MANY SIZE_MAX

struct cw_verb {
	const char *name;    /* "cert" */
	const char *sub;     /* "show", or NULL */
	const char *summary; /* one line, no full stop */
	const char *words;   /* as usage shows them: "DEPLOYMENT..."; "" for none */
	size_t words_min;
	size_t words_max;
	const struct cw_option *options; /* NULL: none but --help */
	const char *about;		 /* paragraphs, lines of at most 80 characters */
	const char *example;		 /* commands and what they answer, indented by the printer */
	enum cw_exit (*run)(struct cw_call *call);
};

/* The options that several verbs share: a row each, so that they read alike everywhere. */
#define CW_OPTION_OUTPUT \
	{ \
		"output", 'o', "FILE", NULL, false, "write to FILE in one step (- is standard output)" \
	}
#define CW_OPTION_FORMAT(choices) \
	{ \
		"format", 'f', choices, choices, false, "what the answer looks like" \
	}
#define CW_OPTION_AT \
	{ \
		"at", 0, "TIME", NULL, false, \
			"judge as of TIME: 2026-11-20T12:00:00Z, 2026-11-20, now, +30d" \
	}
#define CW_OPTION_COLOR \
	{ \
		"color", 0, "WHEN", "auto|always|never", false, \
			"text in colour: auto (on a terminal that knows colours), always or never" \
	}
#define CW_OPTION_PASSWORD \
	{ \
		"password-file", 0, "FILE", NULL, false, \
			"its first line opens PKCS#12 files and encrypted keys" \
	}
#define CW_OPTIONS_END \
	{ \
		NULL, 0, NULL, NULL, false, NULL \
	}

/**
 * False with CW_E_MEMORY where the answer failed, or where memory ran out anywhere since the call began: judgements
 * without it are wrong, and a part of the text may be missing. For verbs that print by themselves.
 */
CW_MUST_USE bool cw_call_whole(
	const struct cw_call *call, const struct cw_buffer *answer, struct cw_error *error);

/**
 * Hands the answer out, if it is whole: to the file of --output in one step, else to standard output. A reader that went away
 * (a closed pipe) is no trouble. False with CW_E_IO.
 */
CW_MUST_USE bool cw_call_write(struct cw_call *call, const struct cw_buffer *answer, struct cw_error *error);

/** A file in one step, as all verbs write theirs: what killed commands left unfinished beside it goes first. */
CW_MUST_USE bool cw_call_write_file(const struct cw_call *call, const char *path,
	const struct cw_buffer *content, mode_t mode, struct cw_error *error);

/** The time of --at, else now. */
CW_MUST_USE bool cw_call_time(const struct cw_call *call, cw_time *ret, struct cw_error *error);

/* A certificate may not outlive the year 9999; a hundred years are more than any lab needs. */
#define CW_DAYS_MAX 36500

/** The number of days of --days; 0 where it was not given. CW_E_USAGE for what is no number from 1 on. */
CW_MUST_USE bool cw_call_days(const struct cw_call *call, long *ret, struct cw_error *error);

/**
 * The password in the first line of --password-file, so that none stands on a command line or in a shell's
 * history. The caller wipes and frees it (AUTO_PASSWORD); NULL where the option was not given.
 */
CW_MUST_USE bool cw_call_password(const struct cw_call *call, char **ret, struct cw_error *error);

/** For AUTO_PASSWORD: overwritten before it is released. */
void cw_call_password_finish(char **password);
#define AUTO_PASSWORD __attribute__((cleanup(cw_call_password_finish))) char *

/**
 * Takes the lock of a folder before anything in it is read that will be written back (base/lock.h): of one that is
 * made if it is not there; of the folder of a file.
 */
CW_MUST_USE bool cw_call_lock_made(struct cw_call *call, const char *folder, struct cw_error *error);
CW_MUST_USE bool cw_call_lock_for(struct cw_call *call, const char *path, struct cw_error *error);

/**
 * How the answer is to look. Colour as --color says (CW_OPTION_COLOR); by itself on a terminal, without NO_COLOR, one
 * that knows colours (TERM is not "dumb"), where the answer does not go to a file. The width is the terminal's.
 */
struct cw_layout_look cw_call_look(const struct cw_call *call);

/** The columns of the terminal that the answer goes to; 0: it goes to none, or to one that does not say. */
size_t cw_call_width(const struct cw_call *call);

/** "causeway: message" on standard error, made safe to show (base/escape.h) and on one line. */
void cw_call_tell(const struct cw_call *call, const char *message);

/** Text of several lines on standard error, made safe to show line by line. */
void cw_call_say(const struct cw_call *call, const char *text);

/** Tells the error. Returns CW_EXIT_TROUBLE. */
enum cw_exit cw_call_trouble(const struct cw_call *call, const struct cw_error *error);

#endif
