/**
 * The table of TCP connections: found by addresses and ports, kept in the order of their last packet,
 * bounded.
 *
 * A flow that is over keeps its place until it is needed, so that late packets of it are known for what they
 * are.
 */
#ifndef CW_CAPTURE_PACKET_FLOWS_H
#define CW_CAPTURE_PACKET_FLOWS_H

#include "capture/packet/segment.h"
#include "capture/packet/stream.h"

/* Against a scan or a SYN flood: 9 MB of table. The oldest are given up, with what was read in them. */
#define CW_FLOWS_MAX 32768

/** Two ends in a fixed order: [0] is the smaller one, whichever opened the connection. */
struct cw_flow_key {
	uint8_t address[2][16];
	uint16_t port[2];
	uint16_t version; /* of IP; as wide as the ports, so that keys can be compared byte by byte */
};

struct cw_session_reader;

struct cw_flow {
	struct cw_flow_key key;
	uint32_t chain;	       /* next in the hash bucket */
	uint32_t newer, older; /* by last packet */
	uint32_t hash;
	bool used;
	bool over;		       /* reported; what still comes is not read */
	bool syn[2];		       /* seen, by sender */
	int8_t reset_by, ended_by;     /* the first to reset or end it; -1: neither */
	struct cw_stream streams[2];   /* [0]: sent by the smaller end */
	struct cw_session_reader *tls; /* NULL before the first payload and when over */
	int64_t first_time, last_time;
	uint64_t first_frame, last_frame;
};

struct cw_flows;

/** A table of at most `limit` flows. NULL: no memory. */
CW_MUST_USE struct cw_flows *cw_flows_new(uint32_t limit);
void cw_flows_free(struct cw_flows *flows);
CW_DEFINE_AUTO(struct cw_flows *, cw_flows_free)

/** The key of a segment; `*from`: which of the two ends sent it. */
void cw_flows_key(const struct cw_datagram *datagram, const struct cw_segment *segment,
	struct cw_flow_key *ret, int *from);

/** The flow with this key, moved to the newest place; NULL where it is not in the table. */
struct cw_flow *cw_flows_find(struct cw_flows *flows, const struct cw_flow_key *key);

/** The table is full: the oldest flow has to be ended and removed before another can be added. */
bool cw_flows_full(const struct cw_flows *flows);

/** A new flow in the newest place. The table is not full and does not hold the key. */
struct cw_flow *cw_flows_add(struct cw_flows *flows, const struct cw_flow_key *key);

/** Removes a flow, whose streams and TLS state the caller has released. */
void cw_flows_remove(struct cw_flows *flows, struct cw_flow *flow);

/** By last packet, oldest first; NULL: none. */
struct cw_flow *cw_flows_oldest(struct cw_flows *flows);
struct cw_flow *cw_flows_newer(struct cw_flows *flows, const struct cw_flow *flow);

#endif
