/**
 * The first password, and one that was forgotten: set by whoever has the one-time link of `causeway node link`.
 *
 * A link is good once, within its hour; wrong ones count as failed log-ins of their address.
 */
#ifndef CW_NODE_ADMIN_ANSWER_FIRST_H
#define CW_NODE_ADMIN_ANSWER_FIRST_H

#include "node/admin/answer_pending.h"

/** Whether the link is good, for whom and until when. */
void cw_answer_first_link(struct cw_answer_pending *pending);
/** Sets the password; its user is logged in, and all that he had open ends. */
void cw_answer_first_set(struct cw_answer_pending *pending);

#endif
