/**
 * Client certificates: pattern and username format, and how they stand in node.yaml. For src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_CLIENT_H
#define CW_NODE_WORK_WORK_CLIENT_H

#include "node/work/work_apply.h"

/** "pattern" and "format" of the question, else those of node.yaml, else as the page comes. */
CW_MUST_USE bool cw_work_client_pattern(
	struct cw_work_call *call, const char **ret_pattern, const char **ret_format);

/** "not-required", "validation", "authentication". */
const char *cw_work_client_mode(enum cw_node_file_cba mode);

/** Appends "client-certificates:" as it stands in node.yaml. */
void cw_work_client_words(const char *mode, const char *pattern, const char *format, struct cw_buffer *ret);

#endif
