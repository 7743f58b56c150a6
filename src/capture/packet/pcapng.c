#include "capture/packet/pcap_file.h"

#include "capture/octets.h"

/* Block types and option codes: IETF draft-ietf-opsawg-pcapng §4. */
#define BLOCK_SECTION 0x0a0d0d0aU
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET_OLD 2
#define BLOCK_PACKET_SIMPLE 3
#define BLOCK_PACKET 6
#define BLOCK_SECRETS 10
#define BYTE_ORDER_MAGIC 0x1a2b3c4dU
#define SECRETS_TLS 0x544c534bU
#define OPTION_END 0
#define OPTION_RESOLUTION 9
#define OPTION_OFFSET 14

#define BLOCK_OVERHEAD 12 /* type, length, length again */
#define MICROSECONDS 6

bool cw_pcap_file_ng_matches(const uint8_t *data, size_t length)
{
	return length >= 4 && cw_octets_32(data) == BLOCK_SECTION; /* the same in both byte orders */
}

void cw_pcap_file_ng_finish(struct cw_pcapng *pcapng)
{
	free(pcapng->interfaces);
	*pcapng = (struct cw_pcapng){0};
}

static bool damaged(struct cw_input *input, const char *what, struct cw_error *error)
{
	return cw_error_set(error, CW_E_CAPTURE, "%s: byte %llu: %s: the file is damaged here",
		cw_input_name(input), (unsigned long long)cw_input_offset(input), what);
}

/* Time in nanoseconds: ticks are 10^-n seconds, or 2^-n where the high bit is set. */
static int64_t to_time(const struct cw_pcapng_interface *interface, uint64_t ticks)
{
	unsigned power = interface->resolution & 0x7f;
	uint64_t nano;
	if (interface->resolution & 0x80) {
		if (power > 63)
			return 0;
		uint64_t rest = power ? ticks & ((UINT64_C(1) << power) - 1) : 0;
		nano = (ticks >> power) * 1000000000U +
			(uint64_t)((double)rest * 1e9 / (double)(UINT64_C(1) << power));
	} else if (power <= 9) {
		static const uint32_t scale[] = {
			1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
		nano = ticks * scale[power];
	} else {
		for (nano = ticks; power > 9; power--)
			nano /= 10;
	}
	return (int64_t)(nano + (uint64_t)interface->offset * 1000000000U);
}

static void read_options(
	const uint8_t *at, const uint8_t *end, bool swapped, struct cw_pcapng_interface *interface)
{
	while (end - at >= 4) {
		unsigned code = cw_octets_file_16(at, swapped), length = cw_octets_file_16(at + 2, swapped);
		size_t padded = (length + 3U) & ~3U;
		at += 4;
		if (code == OPTION_END || (size_t)(end - at) < padded)
			return;
		if (code == OPTION_RESOLUTION && length >= 1)
			interface->resolution = at[0];
		if (code == OPTION_OFFSET && length >= 8) {
			uint64_t first = cw_octets_file_32(at, swapped),
				 second = cw_octets_file_32(at + 4, swapped);
			interface->offset = (int64_t)(swapped ? first << 32 | second : second << 32 | first);
		}
		at += padded;
	}
}

static bool read_interface(struct cw_pcapng *pcapng, struct cw_input *input, const uint8_t *body,
	size_t length, struct cw_error *error)
{
	if (length < 8)
		return damaged(input, "an interface block that is too short", error);
	if (pcapng->count == CW_INTERFACES_MAX)
		return damaged(input, "more than 4096 interfaces", error);
	if (!cw_memory_grow(
		    &pcapng->interfaces, &pcapng->capacity, pcapng->count, sizeof *pcapng->interfaces))
		return cw_error_memory(error);
	struct cw_pcapng_interface *interface = &pcapng->interfaces[pcapng->count++];
	*interface = (struct cw_pcapng_interface){
		.link_type = cw_octets_file_16(body, pcapng->swapped),
		.snap_length = cw_octets_file_32(body + 4, pcapng->swapped),
		.resolution = MICROSECONDS,
	};
	read_options(body + 8, body + length, pcapng->swapped, interface);
	return true;
}

static bool give_packet(const struct cw_pcapng *pcapng, struct cw_input *input, size_t interface,
	uint64_t ticks, const struct cw_packet *packet, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	if (interface >= pcapng->count)
		return damaged(input, "a packet of an interface that was not described", error);
	ret->kind = CW_PCAP_FILE_PACKET;
	ret->packet = *packet;
	ret->packet.link_type = pcapng->interfaces[interface].link_type;
	ret->packet.time = ticks ? to_time(&pcapng->interfaces[interface], ticks) : 0;
	return true;
}

/* Enhanced packets, and the obsolete packet block, which has a drop count beside a shorter interface number.
 */
static bool read_packet(const struct cw_pcapng *pcapng, struct cw_input *input, const uint8_t *body,
	size_t length, bool old, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	bool swapped = pcapng->swapped;
	if (length < 20)
		return damaged(input, "a packet block that is too short", error);
	struct cw_packet packet = {
		.data = body + 20,
		.length = cw_octets_file_32(body + 12, swapped),
		.wire_length = cw_octets_file_32(body + 16, swapped),
	};
	if (packet.length > length - 20)
		return damaged(input, "a packet longer than its block", error);
	size_t interface = old ? cw_octets_file_16(body, swapped) : cw_octets_file_32(body, swapped);
	uint64_t ticks =
		(uint64_t)cw_octets_file_32(body + 4, swapped) << 32 | cw_octets_file_32(body + 8, swapped);
	return give_packet(pcapng, input, interface, ticks, &packet, ret, error);
}

static bool read_simple_packet(const struct cw_pcapng *pcapng, struct cw_input *input, const uint8_t *body,
	size_t length, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	if (length < 4)
		return damaged(input, "a packet block that is too short", error);
	struct cw_packet packet = {.data = body + 4, .wire_length = cw_octets_file_32(body, pcapng->swapped)};
	size_t snap = pcapng->count ? pcapng->interfaces[0].snap_length : 0;
	packet.length = packet.wire_length;
	if (snap && packet.length > snap)
		packet.length = snap;
	if (packet.length > length - 4)
		packet.length = length - 4;
	return give_packet(pcapng, input, 0, 0, &packet, ret, error);
}

static void read_secrets(
	const struct cw_pcapng *pcapng, const uint8_t *body, size_t length, struct cw_pcap_file_item *ret)
{
	if (length < 8 || cw_octets_file_32(body, pcapng->swapped) != SECRETS_TLS)
		return;
	size_t secrets = cw_octets_file_32(body + 4, pcapng->swapped);
	ret->kind = CW_PCAP_FILE_SECRETS;
	ret->secrets = body + 8;
	ret->secrets_length = secrets < length - 8 ? secrets : length - 8;
}

static bool read_block(struct cw_pcapng *pcapng, struct cw_input *input, uint32_t type, const uint8_t *body,
	size_t length, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	switch (type) {
	case BLOCK_SECTION:
		pcapng->count = 0;
		return true;
	case BLOCK_INTERFACE:
		return read_interface(pcapng, input, body, length, error);
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		return read_packet(pcapng, input, body, length, type == BLOCK_PACKET_OLD, ret, error);
	case BLOCK_PACKET_SIMPLE:
		return read_simple_packet(pcapng, input, body, length, ret, error);
	case BLOCK_SECRETS:
		read_secrets(pcapng, body, length, ret);
		return true;
	}
	return true; /* names, statistics, what others invent: nothing for us */
}

bool cw_pcap_file_ng_next(struct cw_pcapng *pcapng, struct cw_input *input, struct cw_pcap_file_item *ret,
	struct cw_error *error)
{
	const uint8_t *data;
	size_t available;
	if (!cw_input_peek(input, BLOCK_OVERHEAD, &data, &available, error))
		return false;
	if (available < BLOCK_OVERHEAD) {
		*ret = (struct cw_pcap_file_item){
			.kind = CW_PCAP_FILE_END, .cut = available != 0 || cw_input_cut(input)};
		return true;
	}
	uint32_t type = cw_octets_file_32(data, pcapng->swapped);
	if (type == BLOCK_SECTION) { /* each section has its own byte order */
		pcapng->swapped = cw_octets_file_32(data + 8, false) != BYTE_ORDER_MAGIC;
		if (cw_octets_file_32(data + 8, pcapng->swapped) != BYTE_ORDER_MAGIC)
			return damaged(input, "a section without its byte order mark", error);
	}
	size_t length = cw_octets_file_32(data + 4, pcapng->swapped);
	if (length < BLOCK_OVERHEAD || length % 4 || length > CW_BLOCK_MAX)
		return damaged(input, "a block of an impossible length", error);
	if (!cw_input_peek(input, length, &data, &available, error))
		return false;
	if (available < length) {
		*ret = (struct cw_pcap_file_item){.kind = CW_PCAP_FILE_END, .cut = true};
		return true;
	}
	if (cw_octets_file_32(data + length - 4, pcapng->swapped) != length)
		return damaged(input, "a block whose two lengths differ", error);
	ret->kind = CW_PCAP_FILE_NOTHING;
	if (!read_block(pcapng, input, type, data + 8, length - BLOCK_OVERHEAD, ret, error))
		return false;
	cw_input_advance(input, length);
	return true;
}
