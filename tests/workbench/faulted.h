/**
 * Runs a verb in a child whose system calls are watched, and at one of those that change something kills it or lets
 * that call fail.
 */
#ifndef TEST_WORKBENCH_FAULTED_H
#define TEST_WORKBENCH_FAULTED_H

#include "front_door.h"

struct faulted {
	size_t changes; /* how many calls changed something, or would have */
	bool hit;	/* the step was reached */
	bool killed;
	enum cw_exit status; /* where it was not killed */
};

/**
 * At its `step`th change (from 1; 0: never) the child is killed (`number` 0), or the call fails with that errno.
 * Skips the test where nothing can be traced.
 */
struct faulted faulted_run(const char *const *words, size_t step, int number);

#endif
