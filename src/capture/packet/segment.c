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
	bool cut = header > datagram->length; /* inside the options: no payload then */
	*ret = (struct cw_segment){
		.source_port = cw_octets_16(data),
		.destination_port = cw_octets_16(data + 2),
		.sequence = cw_octets_32(data + 4),
		.acknowledged = cw_octets_32(data + 8),
		.flags = data[13],
		.data = cut ? data + datagram->length : data + header,
		.length = cut ? 0 : datagram->length - header,
		.wire_length = datagram->wire_length - header,
	};
	return true;
}
