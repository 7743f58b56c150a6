#include "capture/packet/pcap_file.h"

#include "base/forward.h"

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

/* A block without its type and its two lengths. */
struct block {
	uint32_t type;
	const uint8_t *body;
	size_t length;
};

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
	size_t unread = CW_FORWARD_BEGIN;
	while (end - at >= 4 && cw_forward(&unread, (size_t)(end - at))) {
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

static bool read_interface(
	struct cw_pcapng *pcapng, struct cw_input *input, const struct block *block, struct cw_error *error)
{
	const uint8_t *body = block->body;
	if (block->length < 8)
		return damaged(input, "an interface block that is too short", error);
	if (pcapng->count == CW_INTERFACES_MAX)
		return damaged(input, "more than 4096 interfaces", error);
	if (!cw_memory_grow(
		    &pcapng->interfaces, &pcapng->capacity, pcapng->count, sizeof *pcapng->interfaces))
		return cw_error_memory(error);
	struct cw_pcapng_interface *interface = &pcapng->interfaces[pcapng->count++];
	*interface = (struct cw_pcapng_interface){
		.data_link_type = cw_octets_file_16(body, pcapng->swapped),
		.snap_length = cw_octets_file_32(body + 4, pcapng->swapped),
		.resolution = MICROSECONDS,
	};
	read_options(body + 8, body + block->length, pcapng->swapped, interface);
	return true;
}

/* A packet as its block describes it: time and data link are those of its interface. */
struct described {
	size_t interface;
	uint64_t ticks; /* 0: no time */
	struct cw_packet packet;
};

static bool give_packet(const struct cw_pcapng *pcapng, struct cw_input *input,
	const struct described *described, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	if (described->interface >= pcapng->count)
		return damaged(input, "a packet of an interface that was not described", error);
	const struct cw_pcapng_interface *interface = &pcapng->interfaces[described->interface];
	ret->kind = CW_PCAP_FILE_PACKET;
	ret->packet = described->packet;
	ret->packet.data_link_type = interface->data_link_type;
	ret->packet.time = described->ticks ? to_time(interface, described->ticks) : 0;
	return true;
}

/* Enhanced packets, and the obsolete packet block, whose interface number is shorter: a drop count follows. */
static bool read_packet(const struct cw_pcapng *pcapng, struct cw_input *input, const struct block *block,
	struct cw_pcap_file_item *ret, struct cw_error *error)
{
	const uint8_t *body = block->body;
	bool swapped = pcapng->swapped, old = block->type == BLOCK_PACKET_OLD;
	if (block->length < 20)
		return damaged(input, "a packet block that is too short", error);
	const struct described described = {
		.interface = old ? cw_octets_file_16(body, swapped) : cw_octets_file_32(body, swapped),
		.ticks = (uint64_t)cw_octets_file_32(body + 4, swapped) << 32 |
			cw_octets_file_32(body + 8, swapped),
		.packet = {.data = body + 20,
			.length = cw_octets_file_32(body + 12, swapped),
			.wire_length = cw_octets_file_32(body + 16, swapped)},
	};
	if (described.packet.length > block->length - 20)
		return damaged(input, "a packet longer than its block", error);
	return give_packet(pcapng, input, &described, ret, error);
}

static bool read_simple_packet(const struct cw_pcapng *pcapng, struct cw_input *input,
	const struct block *block, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	if (block->length < 4)
		return damaged(input, "a packet block that is too short", error);
	size_t wire_length = cw_octets_file_32(block->body, pcapng->swapped), length = wire_length;
	size_t snap = pcapng->count ? pcapng->interfaces[0].snap_length : 0;
	if (snap && length > snap)
		length = snap;
	if (length > block->length - 4)
		length = block->length - 4;
	const struct described described = {
		.packet = {.data = block->body + 4, .length = length, .wire_length = wire_length}};
	return give_packet(pcapng, input, &described, ret, error);
}

static void read_secrets(
	const struct cw_pcapng *pcapng, const struct block *block, struct cw_pcap_file_item *ret)
{
	if (block->length < 8 || cw_octets_file_32(block->body, pcapng->swapped) != SECRETS_TLS)
		return;
	size_t secrets = cw_octets_file_32(block->body + 4, pcapng->swapped), room = block->length - 8;
	ret->kind = CW_PCAP_FILE_SECRETS;
	ret->secrets = block->body + 8;
	ret->secrets_length = secrets < room ? secrets : room;
}

static bool read_block(struct cw_pcapng *pcapng, struct cw_input *input, const struct block *block,
	struct cw_pcap_file_item *ret, struct cw_error *error)
{
	switch (block->type) {
	case BLOCK_SECTION:
		pcapng->count = 0;
		return true;
	case BLOCK_INTERFACE:
		return read_interface(pcapng, input, block, error);
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		return read_packet(pcapng, input, block, ret, error);
	case BLOCK_PACKET_SIMPLE:
		return read_simple_packet(pcapng, input, block, ret, error);
	case BLOCK_SECRETS:
		read_secrets(pcapng, block, ret);
		return true;
	}
	return true; /* names, statistics, what others invent: of no use here */
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
	const struct block block = {type, data + 8, length - BLOCK_OVERHEAD};
	if (!read_block(pcapng, input, &block, ret, error))
		return false;
	cw_input_advance(input, length);
	return true;
}
