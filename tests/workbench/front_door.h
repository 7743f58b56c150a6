/**
 * Calls verbs as a person would, inside the test program, with a clock that stands still; and compares what
 * they print with the files below golden/.
 *
 * The test program works inside a temporary folder, so that paths in answers are short and the same in every
 * run. What differs from run to run (fingerprints, serial numbers, lines of PEM files) is masked.
 */
#ifndef TEST_WORKBENCH_FRONT_DOOR_H
#define TEST_WORKBENCH_FRONT_DOOR_H

#include "cli/call.h"
#include "lab/lab.h"
#include "support/cmocka.h"
#include "support/verb.h"

/** Runs a verb as RUN does (support/verb.h); `words` ends with NULL. */
void door_run(struct test_answer *ran, const char *const *words);

/** Runs it and wants this status; what it printed is shown where it is another. */
void door_want(enum cw_exit status, const char *const *words);
#define WANT(status, ...) door_want((status), (const char *const[]){__VA_ARGS__, NULL})

/** The text holds this, broken lines put together; shows the text where it does not. */
void want_text(const char *text, const char *part);
void want_no_text(const char *text, const char *part);

/** The text is that of golden/NAME.txt. CAUSEWAY_ACCEPT=1 writes the file instead. */
void want_golden(const char *name, const char *text);

/** Makes a lab with EC keys in `folder`. */
void door_lab(const char *folder, enum cw_lab_size size, const char *fault);

/** Writes the certificate of a new CA, valid from long ago until `until`; its key is forgotten. */
void door_ca(const char *path, const char *subject, cw_time until);

/** Replaces `from` (which must be there) by `to` in a text file. */
void door_edit(const char *path, const char *from, const char *to);

/** The file's text; the caller frees it. */
char *door_read(const char *path);
void door_write(const char *path, const char *text);
bool door_there(const char *path);

/** For cmocka's group setup and teardown: a temporary folder, entered and left. */
int door_enter(void **state);
int door_leave(void **state);

#endif
