/**
 * The sound deployments: small, cluster and large. Trust lists are still empty (lists.h fills them).
 */
#ifndef CW_LAB_LAB_SIZES_H
#define CW_LAB_LAB_SIZES_H

#include "lab/lab.h"
#include "lab/lab_plan.h"

/** Builds into an empty plan whose `at` and `key_kind` are set. */
void cw_lab_size_build(struct cw_lab_plan *plan, enum cw_lab_size size);

#endif
