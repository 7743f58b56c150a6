/**
 * The stand-in of a CUCM node, for labs and tests: its TLS ports, each with the list that it judges by.
 */
#ifndef CW_NODE_NODE_CUCM_H
#define CW_NODE_NODE_CUCM_H

#include "node/node_core.h"

CW_MUST_USE bool cw_node_cucm_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_cucm_end(struct cw_node_core *core);
void cw_node_cucm_reload(struct cw_node_core *core, const struct cw_snapshot *before);
/** Appends a row for each port. */
bool cw_node_cucm_status(const struct cw_node_core *core, json_t *services);

#endif
