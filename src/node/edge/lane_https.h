/**
 * Expressway-E's port 8443, in its edge workers: clients from outside (edge_outer.h).
 *
 * Of its core a worker asks for streams of tunnels: {"stream":ID}; the answer is {"stream":ID} with the open socket, or
 * {"none":ID}. Domains and keys are shared (edge_share.h).
 */
#ifndef CW_NODE_EDGE_LANE_HTTPS_H
#define CW_NODE_EDGE_LANE_HTTPS_H

#include "node/worker/worker_lane.h"

#define CW_LANE_HTTPS_NAME "https"

extern const struct cw_worker_lane cw_lane_https;

#endif
