/**
 * Expressway-C's side: every address in `peers` is dialled, and beside each zone connection that is up stands an SSH
 * tunnel.
 *
 * A zone is Active once an OPTIONS with user name and password was answered, and not when TLS is up (in TLS 1.3 the
 * other side's refusal comes later). Whatever is lost is dialled anew, with growing waits and jitter. The tunnel comes
 * after the zone, with the certificate that Expressway-E showed there, where this node's judge passes it and
 * Expressway-E's document says where it begins.
 */
#ifndef CW_NODE_NODE_DIAL_H
#define CW_NODE_NODE_DIAL_H

#include "node/node_core.h"

/** Dials what the snapshot's zone names and is not dialled yet, ends what it does not name any more. */
CW_MUST_USE bool cw_node_dial_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_dial_end(struct cw_node_core *core);

/** Names that are asked for are not any more: `cw_node_dial_reload` follows. */
void cw_node_dial_cancel(struct cw_node_core *core);
/** The snapshot is another one than `before`: everything is judged again, failed ones are tried at once. */
void cw_node_dial_reload(struct cw_node_core *core, const struct cw_snapshot *before);
/** Time went by: everything is judged again. */
void cw_node_dial_judge(struct cw_node_core *core);

/** Raises the alarms that there is reason for. */
void cw_node_dial_look(struct cw_node_core *core);
/** Appends a zone and a tunnel for each. False: no memory. */
bool cw_node_dial_status(const struct cw_node_core *core, json_t *zones, json_t *tunnels);
/** Appends what became of each peer's certificate in SERVICE. */
bool cw_node_dial_services(const struct cw_node_core *core, json_t *services);

/** Calls the owner for each of them that is up, or is refused (node_effect.h). */
void cw_node_dial_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner);

#endif
