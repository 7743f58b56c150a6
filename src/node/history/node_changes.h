/**
 * What a change of the files changed, for the history: one event for each certificate that came or went, each identity
 * that is another, and each setting.
 */
#ifndef CW_NODE_HISTORY_NODE_CHANGES_H
#define CW_NODE_HISTORY_NODE_CHANGES_H

#include "node/history/node_history.h"
#include "node/snapshot.h"

/**
 * Tells `history` what is another in `after`, and who made it so ("files": somebody who wrote them). Passwords are told to
 * be another, and no more.
 */
void cw_node_changes_tell(struct cw_node_history *history, const char *who, const struct cw_snapshot *before,
	const struct cw_snapshot *after);

#endif
