/**
 * The list of administrators (admin_accounts.h), as administrators look at it and change it.
 *
 * Every change is told to the history; a new password, another role and a removal end what their user has open, but for
 * the session that asks.
 */
#ifndef CW_NODE_ADMIN_ANSWER_ACCOUNTS_H
#define CW_NODE_ADMIN_ANSWER_ACCOUNTS_H

#include "node/admin/answer_pending.h"

void cw_answer_accounts_list(struct cw_answer_pending *pending);
/** A new one, or another role, another password; answers as the list does. */
void cw_answer_accounts_set(struct cw_answer_pending *pending);
void cw_answer_accounts_remove(struct cw_answer_pending *pending);

#endif
