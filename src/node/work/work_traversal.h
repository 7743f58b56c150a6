/**
 * Maintenance > Tools > Secure traversal test: one connection to an Expressway-E, stage by stage, judged as the traversal
 * zone would be. It runs on the loop; whoever asks again is told how far it is. For src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_TRAVERSAL_H
#define CW_NODE_WORK_WORK_TRAVERSAL_H

#include "node/node_core.h"

struct cw_work_traversal;

/** Ends it. NULL is fine. */
void cw_work_traversal_free(struct cw_work_traversal *test);
/** A name that is asked for is not any more: the snapshot goes. */
void cw_work_traversal_cancel(struct cw_work_traversal *test);

#endif
