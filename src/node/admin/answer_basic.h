/**
 * REST and /metrics: user and password at each request, known by a keyed hash for a while.
 *
 * A client that asks several things at once has one password: the first is checked, and counts; the others wait for it.
 */
#ifndef CW_NODE_ADMIN_ANSWER_BASIC_H
#define CW_NODE_ADMIN_ANSWER_BASIC_H

#include "node/admin/answer_pending.h"

/** Finds out who asks from the frame's "basic", then calls the frame's `known`; refuses it where that is nobody. */
void cw_answer_basic(struct cw_answer_pending *pending);

#endif
