#include "capture/packet/ip.h"

#include "capture/octets.h"

#define HEADER_4 20
#define HEADER_6 40

/* IPv6 extension headers (IANA "IPv6 Extension Header Types"). */
enum extension {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	OPTIONS = 60,
	MOBILITY = 135
};

/* Cuts the payload to what the header says; offloaded packets say 0 and mean all there is. */
static void set_payload(struct cw_datagram *datagram, const uint8_t *at, size_t captured, size_t said)
{
	datagram->payload = at;
	datagram->length = captured < said ? captured : said;
	datagram->wire_length = said;
}

static bool read_4(const uint8_t *data, size_t length, struct cw_datagram *ret)
{
	if (length < HEADER_4)
		return false;
	size_t header = (size_t)(data[0] & 15) * 4, total = cw_octets_16(data + 2);
	if (total == 0)
		total = length;
	if (header < HEADER_4 || header > length || total < header)
		return false;
	unsigned fragment = cw_octets_16(data + 6);
	ret->version = 4;
	ret->protocol = data[9];
	memcpy(ret->source, data + 12, 4);
	memcpy(ret->destination, data + 16, 4);
	ret->more_fragments = fragment & 0x2000;
	ret->offset = (fragment & 0x1fff) * 8;
	ret->fragment = ret->more_fragments || ret->offset;
	ret->id = cw_octets_16(data + 4);
	set_payload(ret, data + header, length - header, total - header);
	return true;
}

static bool is_extension(unsigned protocol)
{
	return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT ||
		protocol == AUTHENTICATION || protocol == OPTIONS || protocol == MOBILITY;
}

static bool pass(struct cw_datagram *datagram, size_t length)
{
	if (datagram->length < length || datagram->wire_length < length)
		return false;
	datagram->protocol = datagram->payload[0];
	datagram->payload += length;
	datagram->length -= length;
	datagram->wire_length -= length;
	return true;
}

bool cw_ip_walk_extensions(struct cw_datagram *ret)
{
	for (int count = 0; is_extension(ret->protocol); count++) {
		if (count == CW_IP_EXTENSIONS_MAX || ret->length < 8)
			return false;
		const uint8_t *at = ret->payload;
		if (ret->protocol == FRAGMENT) {
			unsigned where = cw_octets_16(at + 2);
			ret->offset = where & 0xfff8;
			ret->more_fragments = where & 1;
			ret->id = cw_octets_32(at + 4);
			ret->fragment = ret->more_fragments || ret->offset; /* else an atomic one, RFC 6946 */
			if (!pass(ret, 8))
				return false;
			if (ret->fragment)
				return true;
			continue;
		}
		size_t length = ret->protocol == AUTHENTICATION ? (at[1] + 2U) * 4 : (at[1] + 1U) * 8;
		if (!pass(ret, length))
			return false;
	}
	return true;
}

static bool read_6(const uint8_t *data, size_t length, struct cw_datagram *ret)
{
	if (length < HEADER_6)
		return false;
	size_t said = cw_octets_16(data + 4);
	if (said == 0) /* a jumbogram, or offloaded */
		said = length - HEADER_6;
	ret->version = 6;
	ret->protocol = data[6];
	memcpy(ret->source, data + 8, 16);
	memcpy(ret->destination, data + 24, 16);
	set_payload(ret, data + HEADER_6, length - HEADER_6, said);
	return cw_ip_walk_extensions(ret);
}

bool cw_ip_read(const uint8_t *data, size_t length, struct cw_datagram *ret)
{
	*ret = (struct cw_datagram){0};
	if (length == 0)
		return false;
	switch (data[0] >> 4) {
	case 4:
		return read_4(data, length, ret);
	case 6:
		return read_6(data, length, ret);
	}
	return false;
}
