#include "capture/packet/pcap_file.h"

#include "capture/octets.h"

#define FILE_HEADER 24
#define PACKET_HEADER 16
#define PACKET_HEADER_MODIFIED 24

#define MAGIC_MICRO 0xa1b2c3d4U
#define MAGIC_NANO 0xa1b23c4dU
#define MAGIC_MODIFIED 0xa1b2cd34U

static bool known_magic(uint32_t magic)
{
	return magic == MAGIC_MICRO || magic == MAGIC_NANO || magic == MAGIC_MODIFIED;
}

bool cw_pcap_file_matches(const uint8_t *data, size_t length)
{
	return length >= 4 &&
		(known_magic(cw_octets_file_32(data, false)) || known_magic(cw_octets_file_32(data, true)));
}

bool cw_pcap_file_start(struct cw_input *input, struct cw_pcap *ret, struct cw_error *error)
{
	const uint8_t *data;
	size_t available;
	if (!cw_input_peek(input, FILE_HEADER, &data, &available, error))
		return false;
	if (available < FILE_HEADER)
		return cw_error_set(error, CW_E_CAPTURE, "%s: %zu bytes; a pcap file has a header of %d",
			cw_input_name(input), available, FILE_HEADER);
	bool swapped = !known_magic(cw_octets_file_32(data, false));
	uint32_t magic = cw_octets_file_32(data, swapped);
	*ret = (struct cw_pcap){
		.swapped = swapped,
		.modified = magic == MAGIC_MODIFIED,
		.unit = magic == MAGIC_NANO ? 1 : 1000,
		.data_link_type = cw_octets_file_32(data + 20, swapped) &
			0xffff, /* above: length of the frame check sequence */
	};
	cw_input_advance(input, FILE_HEADER);
	return true;
}

bool cw_pcap_file_next(const struct cw_pcap *pcap, struct cw_input *input, struct cw_pcap_file_item *ret,
	struct cw_error *error)
{
	size_t header = pcap->modified ? PACKET_HEADER_MODIFIED : PACKET_HEADER;
	const uint8_t *data;
	size_t available;
	if (!cw_input_peek(input, header, &data, &available, error))
		return false;
	if (available < header) {
		*ret = (struct cw_pcap_file_item){
			.kind = CW_PCAP_FILE_END, .cut = available != 0 || cw_input_cut(input)};
		return true;
	}
	size_t length = cw_octets_file_32(data + 8, pcap->swapped);
	if (length > CW_PACKET_MAX)
		return cw_error_set(error, CW_E_CAPTURE,
			"%s: byte %llu: a packet of %zu bytes; wanted at most %d: the file is damaged here",
			cw_input_name(input), (unsigned long long)cw_input_offset(input), length,
			CW_PACKET_MAX);
	if (!cw_input_peek(input, header + length, &data, &available, error))
		return false;
	if (available < header + length) {
		*ret = (struct cw_pcap_file_item){.kind = CW_PCAP_FILE_END, .cut = true};
		return true;
	}
	ret->kind = CW_PCAP_FILE_PACKET;
	ret->packet = (struct cw_packet){
		.data = data + header,
		.length = length,
		.wire_length = cw_octets_file_32(data + 12, pcap->swapped),
		.time = (int64_t)cw_octets_file_32(data, pcap->swapped) * 1000000000 +
			(int64_t)cw_octets_file_32(data + 4, pcap->swapped) * pcap->unit,
		.data_link_type = pcap->data_link_type,
	};
	cw_input_advance(input, header + length);
	return true;
}
