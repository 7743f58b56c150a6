/**
 * From what a lab is to be to its plan: the size, then the faults in their order, each at its time. Nothing is signed.
 */
#ifndef CW_LAB_LAB_BUILD_H
#define CW_LAB_LAB_BUILD_H

#include "lab/lab.h"
#include "lab/lab_plan.h"

/** Builds into an empty plan. The options have been looked at by cw_lab_check. CW_E_MEMORY. */
CW_MUST_USE bool cw_lab_build(
	struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error);

/** The size that it then has: a fault may need more than one peer. */
enum cw_lab_size cw_lab_build_size(const struct cw_lab_options *options);

#endif
