/**
 * Expressway-C's links to CUCM: each is made once in a while, as discovery does it, judged at both ends, and closed.
 *
 * A link is up once bytes came back: in TLS 1.3 the other side's refusal comes after the handshake. What client
 * traffic needs later dials by itself; this is how the node knows, and tells, that it would be refused.
 */
#ifndef CW_NODE_NODE_REACH_H
#define CW_NODE_NODE_REACH_H

#include "node/node_core.h"

/** Begins: all at once, then every half minute; sooner while one of them is not up. */
CW_MUST_USE bool cw_node_reach_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_reach_end(struct cw_node_core *core);
/** The snapshot is another one: what is on its way is dropped, all are tried at once. */
CW_MUST_USE bool cw_node_reach_reload(struct cw_node_core *core, struct cw_error *error);
/** Raises an alarm for each that is refused. */
void cw_node_reach_look(struct cw_node_core *core);
/** Appends a row for each. */
bool cw_node_reach_status(const struct cw_node_core *core, json_t *services);

#endif
