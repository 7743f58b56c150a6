#include "capture/packet/segment.h"

#include "capture/octets.h"

#define HEADER 20

bool cw_segment_read(const struct cw_datagram *datagram, struct cw_segment *ret)
{
	const uint8_t *data = datagram->payload;
	if (datagram->length < HEADER)
		return false;
	size_t header = (size_t)(data[12] >> 4) * 4;
	if (header < HEADER || header > datagram->wire_length)
		return false;
	/* A packet that the capture cut inside the options has no payload. */
	size_t captured = header < datagram->length ? header : datagram->length;
	*ret = (struct cw_segment){
		.source_port = cw_octets_16(data),
		.destination_port = cw_octets_16(data + 2),
		.sequence = cw_octets_32(data + 4),
		.acknowledged = cw_octets_32(data + 8),
		.flags = data[13],
		.data = data + captured,
		.length = datagram->length - captured,
		.wire_length = datagram->wire_length - header,
	};
	return true;
}
