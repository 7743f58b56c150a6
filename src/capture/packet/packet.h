/**
 * One captured packet, as a source hands it out: bytes, when, which, and which kind of data link they come from.
 */
#ifndef CW_CAPTURE_PACKET_PACKET_H
#define CW_CAPTURE_PACKET_PACKET_H

#include <stddef.h>
#include <stdint.h>

struct cw_packet {
	const uint8_t *data;	 /* borrowed; valid until the source is asked again */
	size_t length;		 /* captured */
	size_t wire_length;	 /* on the wire: more, where the capture cut packets */
	int64_t time;		 /* nanoseconds since 1970-01-01T00:00:00Z; 0 where the file has none */
	uint64_t number;	 /* from 1, in the file: the frame number that Wireshark shows */
	uint32_t data_link_type; /* LINKTYPE_ value of the interface */
};

#endif
