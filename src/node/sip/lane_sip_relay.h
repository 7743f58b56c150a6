/**
 * The edge worker's lane for SIP of clients, on Expressway-C: from the zone to Unified CM and back.
 *
 * A connection to each Unified CM, made when it is needed and kept, judged as the link sip-out: where it is refused or cannot be
 * had, the client is answered 502, where no answer comes 408. SERVICE is answered here: the certificate in it is judged as the link
 * service; refused, it is 408, which makes Expressway-E hold the registration. Its finding goes to the log and the history.
 */
#ifndef CW_NODE_SIP_LANE_SIP_RELAY_H
#define CW_NODE_SIP_LANE_SIP_RELAY_H

#include "node/worker/worker_lane.h"

#define CW_LANE_SIP_RELAY_NAME "sip-relay"

extern const struct cw_worker_lane cw_lane_sip_relay;

#endif
