/**
 * Judging a made deployment folder and comparing the outcome with expected/NAME.txt. CAUSEWAY_ACCEPT=1
 * accepts it.
 */
#ifndef TESTS_SCENARIO_JUDGED_H
#define TESTS_SCENARIO_JUDGED_H

#include "base/buffer.h"
#include "check/check.h"
#include "lab/lab.h"
#include "support/instant.h"

/** Fails the test with the error's message. */
void scenario_must(bool worked, const struct cw_error *error);

/** A lab of EC keys in `folder` with up to one fault (NULL: none). */
void scenario_make_lab(const char *folder, enum cw_lab_size size, const char *fault);

/** Loads and judges folder/deployment.yaml; the outcome as lines, the same with no cache, an empty and a warm
 * one. */
void scenario_judge(const char *folder, const struct cw_check_options *options, struct cw_buffer *ret);

void scenario_compare(const char *name, const struct cw_buffer *found);

#endif
