/**
 * Which Unified CM a registration goes to, by the host of its request, and how: over TLS judged as the link `sip-out`, or in
 * the clear where the cluster has no secure registration.
 */
#ifndef CW_NODE_SIP_SIP_SERVER_H
#define CW_NODE_SIP_SIP_SERVER_H

#include "node/snapshot.h"

#define CW_SIP_SERVER_HOST_SIZE 256
#define CW_SIP_SERVER_PLAIN_PORT 5060

struct cw_sip_server_target {
	const struct cw_link *link; /* of the snapshot; NULL: in the clear */
	char host[CW_SIP_SERVER_HOST_SIZE];
	unsigned port;
};

/** The one of that name, else the first; false: the file names none. */
CW_MUST_USE bool cw_sip_server_find(
	const struct cw_snapshot *snapshot, const char *host, struct cw_sip_server_target *ret);
/** It is one of them: what a worker may have dialled. */
bool cw_sip_server_may(const struct cw_snapshot *snapshot, const char *host, unsigned port);

#endif
