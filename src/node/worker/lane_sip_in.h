/**
 * Expressway-C's port 5061, where CUCM dials in: judged in the handshake by the link `sip-in`; OPTIONS are answered.
 */
#ifndef CW_NODE_WORKER_LANE_SIP_IN_H
#define CW_NODE_WORKER_LANE_SIP_IN_H

#include "node/worker/worker_lane.h"

extern const struct cw_worker_lane cw_lane_sip_in;

#endif
