/**
 * Expressway-C's end of the tunnels, in its edge workers: requests that come out of them (edge_inner.h).
 *
 * The core hands over each stream as it comes out: {"take":true} with the open socket. A worker dials by the core's hand:
 * {"connect":ID,"host":…,"port":…}; the answer is {"connected":ID} with the open socket, or {"failed":ID,"why":…}. Keys are
 * shared (edge_share.h).
 */
#ifndef CW_NODE_EDGE_LANE_RELAY_H
#define CW_NODE_EDGE_LANE_RELAY_H

#include "node/worker/worker_lane.h"

#define CW_LANE_RELAY_NAME "relay"

extern const struct cw_worker_lane cw_lane_relay;

#endif
