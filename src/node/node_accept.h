/**
 * Expressway-E's side: the zone's port, the tunnels' port, and a state for each Expressway-C that came.
 *
 * Every client is judged inside its handshake (net/listener.h), then asked for user name and password. Once it is
 * Active its certificate is judged for the tunnel; where it passes, the tunnels' server lets that key in and the answer
 * to C's document says where the tunnel begins.
 */
#ifndef CW_NODE_NODE_ACCEPT_H
#define CW_NODE_NODE_ACCEPT_H

#include "node/node_core.h"
#include "traversal/tunnel_dial.h"

/** Listens. CW_E_NETWORK where the zone's port is taken; a tunnels' server that cannot be had is an alarm. */
CW_MUST_USE bool cw_node_accept_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_accept_end(struct cw_node_core *core);

/** As those of node_dial.h. */
void cw_node_accept_reload(struct cw_node_core *core, const struct cw_snapshot *before);
void cw_node_accept_judge(struct cw_node_core *core);
void cw_node_accept_look(struct cw_node_core *core);
bool cw_node_accept_status(const struct cw_node_core *core, json_t *zones, json_t *tunnels);

/** Opens a stream through one of the tunnels that are active, another one each time. CW_E_NETWORK: none is. */
CW_MUST_USE bool cw_node_accept_stream(struct cw_node_core *core, const struct cw_tunnel_dial_owner *owner,
	struct cw_tunnel_dial **ret, struct cw_error *error);

/** Calls the owner for each of them that is up, or is refused (node_effect.h). */
void cw_node_accept_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner);

#endif
