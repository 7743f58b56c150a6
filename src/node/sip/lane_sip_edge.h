/**
 * The edge worker's lane for SIP of clients outside, on Expressway-E: 5061, TLS with its server certificate, nobody is asked for one.
 *
 * A connection is a flow (RFC 5626): it begins and ends with it, STUN and CR LF keep it alive, a registration over it makes its
 * time as long as that lasts. What becomes of a message says sip/sip_hop.h. A REGISTER with credentials is held, once a flow, until
 * Expressway-C has answered a SERVICE; where it refuses, or does not answer, the client hears nothing, as with the vendor's box.
 */
#ifndef CW_NODE_SIP_LANE_SIP_EDGE_H
#define CW_NODE_SIP_LANE_SIP_EDGE_H

#include "node/worker/worker_lane.h"

#define CW_LANE_SIP_EDGE_NAME "sip"

extern const struct cw_worker_lane cw_lane_sip_edge;

#endif
