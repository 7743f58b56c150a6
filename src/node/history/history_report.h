/**
 * The history of a node, as text and JSON.
 */
#ifndef CW_NODE_HISTORY_HISTORY_REPORT_H
#define CW_NODE_HISTORY_HISTORY_REPORT_H

#include "node/history/history_store.h"

/**
 * Reads the newest events of the node whose state folder is `folder`, at most `most`, from `since` on, oldest first: an
 * array for json_decref. The node may run or not. CW_E_USAGE: it has no history.
 */
CW_MUST_USE bool cw_history_report_read(
	const char *folder, cw_time since, unsigned most, json_t **ret, struct cw_error *error);

/** Appends them as marked text (report/text/layout.h): a line each, and what was before and after. */
void cw_history_report_text(const json_t *events, struct cw_buffer *ret);

#endif
