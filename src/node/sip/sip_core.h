/**
 * The core's half of the SIP lanes: clients' messages between its edge workers and the connections of the traversal zone.
 *
 * Over a zone that is active such messages go beside its own OPTIONS and INFO (traversal/conversation.h). A worker reads strangers'
 * bytes, so what it wants sent is read here again, and only what the other end takes for a client's message goes out: no worker
 * speaks for the zone itself. The key of flow tokens (sip_flow.h) is made here anew at each start, and shared with the workers.
 * Expressway-C's workers have their connections to Unified CM dialled here, and to nothing else.
 */
#ifndef CW_NODE_SIP_SIP_CORE_H
#define CW_NODE_SIP_SIP_CORE_H

#include "net/connection.h"
#include "node/node_core.h"
#include "sip/sip_message.h"

struct cw_sip_core;

/** Before the workers are served; CW_E_MEMORY, CW_E_CRYPTO. */
CW_MUST_USE bool cw_sip_core_begin(struct cw_node_core *core, struct cw_error *error);
void cw_sip_core_end(struct cw_node_core *core);

/** A zone's connection is active: its number, never 0, for the next two calls; 0: there are too many. `peer` is copied. */
uint16_t cw_sip_core_up(struct cw_node_core *core, const char *peer, struct cw_connection *connection);
/** It is no more. 0 is fine. */
void cw_sip_core_down(struct cw_node_core *core, uint16_t zone);
/** A client's message came over the zone of that number. */
void cw_sip_core_take(struct cw_node_core *core, uint16_t number, const struct cw_sip_message *message);

/** "edge" of the node's status, for json_decref; NULL: this node has none, or no memory. */
json_t *cw_sip_core_status(const struct cw_node_core *core);

/* --- from workers --- */

void cw_sip_core_outer_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count);
void cw_sip_core_inner_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count);

#endif
