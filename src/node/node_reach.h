/**
 * The links that a node dials besides its traversal zone: Expressway-C's to CUCM, CUCM's to Expressway-C, and those to
 * the other peers of a cluster.
 *
 * Links to servers are made once in a while, as discovery does it, judged at both ends, and closed: what client traffic
 * needs later dials by itself; this is how the node knows, and tells, that it would be refused. Links of a cluster stay:
 * OPTIONS with the zone's user name and password every 3 seconds, and a document of each end to the other
 * (node_document.h). A link is up once bytes came back: in TLS 1.3 the other side's refusal comes after the handshake.
 */
#ifndef CW_NODE_NODE_REACH_H
#define CW_NODE_NODE_REACH_H

#include "node/node_core.h"

/** Begins with all at once. */
CW_MUST_USE bool cw_node_reach_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_reach_end(struct cw_node_core *core);
/** As cw_node_dial_cancel. */
void cw_node_reach_cancel(struct cw_node_core *core);
/** The snapshot is another one: links that are up and still pass stay, all others are tried at once. */
CW_MUST_USE bool cw_node_reach_reload(
	struct cw_node_core *core, const struct cw_snapshot *before, struct cw_error *error);
/** What this node tells the peers of its cluster is another thing: it is told at the next keep-alive. */
void cw_node_reach_tell(struct cw_node_core *core);
/** Links that are up are judged again, by the time of now. */
void cw_node_reach_judge(struct cw_node_core *core);
/** Raises an alarm for each that is refused, and for a peer of the cluster whose list is another. */
void cw_node_reach_look(struct cw_node_core *core);
/** Appends a row for each. */
bool cw_node_reach_status(const struct cw_node_core *core, json_t *services);

/** Calls the owner for each of them that is up, or is refused (node_effect.h). */
void cw_node_reach_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner);

#endif
