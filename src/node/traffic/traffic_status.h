/**
 * What people's traffic through an Expressway was: counts of Expressway-E, sessions of Expressway-C, as status, pages, REST and
 * metrics tell them.
 *
 * Counts are sums over the workers of the HTTPS lane, those that have ended among them (worker_lane.h). No passwords, no cookies.
 */
#ifndef CW_NODE_TRAFFIC_TRAFFIC_STATUS_H
#define CW_NODE_TRAFFIC_TRAFFIC_STATUS_H

#include "node/node_core.h"

/**
 * Puts into "edge" of the node's status: on Expressway-E "active", "requests", "refused", "sign_ins", "sign_ins_refused" and
 * "statuses":{"200"}; on Expressway-C "sessions".
 */
void cw_traffic_status(const struct cw_node_core *core, json_t *ret);

/** Expressway-C: how many are signed in. */
size_t cw_traffic_status_count(const struct cw_node_core *core);
/**
 * Expressway-C: rows {"user", "client", "agent", "address", "edge", "since", "until"}, the newest `most`, for json_decref.
 * NULL: no memory.
 */
json_t *cw_traffic_status_sessions(const struct cw_node_core *core, size_t most);

#endif
