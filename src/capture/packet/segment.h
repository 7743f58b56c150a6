/**
 * One TCP segment (RFC 9293 §3.1): header fields and payload.
 */
#ifndef CW_CAPTURE_PACKET_SEGMENT_H
#define CW_CAPTURE_PACKET_SEGMENT_H

#include "capture/packet/ip.h"

#define CW_TCP_FIN 0x01
#define CW_TCP_SYN 0x02
#define CW_TCP_RST 0x04
#define CW_TCP_ACK 0x10

struct cw_segment {
	uint16_t source_port, destination_port;
	uint32_t sequence, acknowledged;
	uint8_t flags;
	const uint8_t *data; /* borrowed */
	size_t length;	     /* captured */
	size_t wire_length;  /* sent */
};

/** Reads the header of a datagram's payload. False: too short or broken. */
bool cw_segment_read(const struct cw_datagram *datagram, struct cw_segment *ret);

#endif
