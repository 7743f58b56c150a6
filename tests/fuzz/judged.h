/**
 * What holds for every answer of the judge, whatever the question.
 */
#ifndef TEST_FUZZ_JUDGED_H
#define TEST_FUZZ_JUDGED_H

#include "trust/judge.h"

/**
 * Asks without a cache, with an empty and with a warm one. Aborts where the answers differ, a verdict is not
 * that of its worst finding, a finding lacks its words, or a trusted path does not end in the list.
 */
void judged_ask(struct cw_judge_question question);

#endif
