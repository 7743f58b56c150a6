/**
 * The outcome of a check as lines that can be read and compared: services, every link's verdict, every
 * finding with its judge, store, depth, culprit and remedy, every node's own findings. Nothing in it changes
 * from run to run.
 */
#ifndef TESTS_SCENARIO_OUTCOME_H
#define TESTS_SCENARIO_OUTCOME_H

#include "base/buffer.h"
#include "check/check.h"

void outcome_write(const struct cw_check *check, struct cw_buffer *ret);

#endif
