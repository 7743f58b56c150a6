#include "sip/sip_stun.h"

#include "base/forward.h"

#include <string.h>

#define HEAD 20
#define BINDING 0x0001
#define XOR_MAPPED_ADDRESS 0x0020
#define ERROR_CODE 0x0009
#define UNKNOWN_ATTRIBUTES 0x000a
#define OPTIONAL 0x8000 /* from here on an attribute need not be understood */

static const uint8_t cookie[4] = {0x21, 0x12, 0xa4, 0x42};

static uint16_t number(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

/* What authenticates: nobody here asks for it, so it says nothing (RFC 8489 §9). */
static bool is_passed_over(uint16_t type)
{
	static const uint16_t types[] = {
		0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i] == type)
			return true;
	return type >= OPTIONAL;
}

static bool read_address(const uint8_t *value, size_t length, struct cw_sip_stun *ret)
{
	size_t size = length == 20 ? 16 : 4;
	if ((length != 8 && length != 20) || value[1] != (size == 16 ? 2 : 1))
		return false;
	ret->address.ipv6 = size == 16;
	ret->address.port = (uint16_t)(number(value + 2) ^ 0x2112);
	for (size_t i = 0; i < size; i++)
		ret->address.bytes[i] =
			(uint8_t)(value[4 + i] ^ (i < 4 ? cookie[i] : ret->transaction[i - 4]));
	ret->has_address = true;
	return true;
}

bool cw_sip_stun_parse(const void *bytes, size_t length, struct cw_sip_stun *ret, const char **reason)
{
	const uint8_t *data = bytes;
	struct cw_sip_stun stun = {0};
	*reason = "wanted a STUN Binding message";
	if (length < HEAD || (size_t)number(data + 2) + HEAD != length || memcmp(data + 4, cookie, 4) != 0 ||
		(number(data) & ~0x0110) != BINDING)
		return false;
	stun.class = (enum cw_sip_stun_class)((data[0] & 1) << 1 | (data[1] >> 4 & 1));
	memcpy(stun.transaction, data + 8, CW_SIP_STUN_TRANSACTION);
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = HEAD; at < length && cw_forward(&unread, length - at);) {
		*reason = "STUN attributes that do not fill their message";
		if (length - at < 4)
			return false;
		uint16_t type = number(data + at);
		size_t size = number(data + at + 2), padded = (size + 3) & ~(size_t)3;
		if (padded > length - at - 4)
			return false;
		*reason = "a STUN address of an unfit length";
		if (type == XOR_MAPPED_ADDRESS && !stun.has_address) {
			if (!read_address(data + at + 4, size, &stun))
				return false;
		} else if (type != XOR_MAPPED_ADDRESS && !is_passed_over(type) &&
			stun.unknown_count < CW_SIP_STUN_UNKNOWN_MAX) {
			stun.unknown[stun.unknown_count++] = type;
		}
		at += 4 + padded;
	}
	*ret = stun;
	return true;
}

static void put(struct cw_buffer *out, uint16_t value)
{
	const uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};
	cw_buffer_append(out, bytes, 2);
}

static void put_head(struct cw_buffer *out, uint16_t type, size_t length, const uint8_t *transaction)
{
	put(out, type);
	put(out, (uint16_t)length);
	cw_buffer_append(out, cookie, 4);
	cw_buffer_append(out, transaction, CW_SIP_STUN_TRANSACTION);
}

void cw_sip_stun_ask(const uint8_t transaction[CW_SIP_STUN_TRANSACTION], struct cw_buffer *out)
{
	put_head(out, BINDING, 0, transaction);
}

static void put_unknown(const struct cw_sip_stun *request, struct cw_buffer *out)
{
	static const uint8_t code[] = {0, 0, 4, 20};
	size_t size = 2 * request->unknown_count, padded = (size + 3) & ~(size_t)3;
	put_head(out, BINDING | 0x0110, 8 + 4 + padded, request->transaction);
	put(out, ERROR_CODE);
	put(out, sizeof code);
	cw_buffer_append(out, code, sizeof code);
	put(out, UNKNOWN_ATTRIBUTES);
	put(out, (uint16_t)size);
	for (size_t i = 0; i < request->unknown_count; i++)
		put(out, request->unknown[i]);
	if (padded > size)
		put(out, 0);
}

void cw_sip_stun_answer(
	const struct cw_sip_stun *request, const struct cw_sip_stun_address *from, struct cw_buffer *out)
{
	size_t size = from->ipv6 ? 16 : 4;
	uint8_t bytes[16];
	if (request->class != CW_SIP_STUN_REQUEST)
		return;
	if (request->unknown_count) {
		put_unknown(request, out);
		return;
	}
	put_head(out, BINDING | 0x0100, 4 + 4 + size, request->transaction);
	put(out, XOR_MAPPED_ADDRESS);
	put(out, (uint16_t)(4 + size));
	put(out, from->ipv6 ? 2 : 1);
	put(out, from->port ^ 0x2112);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(from->bytes[i] ^ (i < 4 ? cookie[i] : request->transaction[i - 4]));
	cw_buffer_append(out, bytes, size);
}
