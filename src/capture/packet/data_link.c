#include "capture/packet/data_link.h"

#include "capture/octets.h"

/* https://www.tcpdump.org/linktypes.html */
enum data_link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW_LINUX = 12, /* DLT_RAW as some programs write it */
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_COOKED = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_COOKED_2 = 276,
};

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd
#define TYPE_PPPOE 0x8864
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057
#define LENGTH_MAX 1500 /* an EtherType up to here is an 802.3 length */

struct bytes {
	const uint8_t *at;
	size_t left;
};

static bool skip(struct bytes *bytes, size_t length)
{
	if (bytes->left < length)
		return false;
	bytes->at += length;
	bytes->left -= length;
	return true;
}

static bool is_tag(unsigned type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200;
}

/* What follows an EtherType: IP, or IP behind VLAN tags, PPPoE or LLC/SNAP. */
static bool follow_type(unsigned type, struct bytes *bytes)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0, 0, 0};
	for (int tags = 0; is_tag(type); tags++) {
		if (tags == CW_VLAN_TAGS_MAX || bytes->left < 4)
			return false;
		type = cw_octets_16(bytes->at + 2);
		skip(bytes, 4);
	}
	if (type <= LENGTH_MAX && bytes->left >= 8 && memcmp(bytes->at, snap, sizeof snap) == 0) {
		type = cw_octets_16(bytes->at + 6);
		skip(bytes, 8);
	}
	if (type == TYPE_PPPOE && bytes->left >= 8) {
		unsigned inner = cw_octets_16(bytes->at + 6);
		skip(bytes, 8);
		return inner == PPP_IPV4 || inner == PPP_IPV6;
	}
	return type == TYPE_IPV4 || type == TYPE_IPV6;
}

/* BSD's null header is an address family in the byte order of
 * the machine that captured. IPv6 has a number on each system. */
static bool known_family(uint32_t family)
{
	return family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
}

static bool find(uint32_t data_link_type, struct bytes *bytes)
{
	switch ((enum data_link_type)data_link_type) {
	case LINK_ETHERNET:
		return bytes->left >= 14 && skip(bytes, 14) &&
			follow_type(cw_octets_16(bytes->at - 2), bytes);
	case LINK_COOKED:
		return bytes->left >= 16 && skip(bytes, 16) &&
			follow_type(cw_octets_16(bytes->at - 2), bytes);
	case LINK_COOKED_2:
		return bytes->left >= 20 && skip(bytes, 20) &&
			follow_type(cw_octets_16(bytes->at - 20), bytes);
	case LINK_NULL:
	case LINK_LOOP:
		return bytes->left >= 4 && skip(bytes, 4) &&
			(known_family(cw_octets_32(bytes->at - 4)) ||
				known_family(cw_octets_file_32(bytes->at - 4, false)));
	case LINK_RAW:
	case LINK_RAW_LINUX:
	case LINK_RAW_OPENBSD:
	case LINK_IPV4:
	case LINK_IPV6:
		return true;
	}
	return false;
}

bool cw_data_link_find_ip(const struct cw_packet *packet, const uint8_t **ip, size_t *length)
{
	struct bytes bytes = {packet->data, packet->length};
	if (!find(packet->data_link_type, &bytes) || bytes.left == 0)
		return false;
	*ip = bytes.at;
	*length = bytes.left;
	return true;
}

bool cw_data_link_known(uint32_t data_link_type)
{
	switch ((enum data_link_type)data_link_type) {
	case LINK_NULL:
	case LINK_ETHERNET:
	case LINK_RAW_LINUX:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_LOOP:
	case LINK_COOKED:
	case LINK_IPV4:
	case LINK_IPV6:
	case LINK_COOKED_2:
		return true;
	}
	return false;
}
