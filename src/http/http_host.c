#include "http/http_host.h"

#include "base/forward.h"

#include <arpa/inet.h>
#include <string.h>

#define NAME_MAX_BYTES 253 /* RFC 1035 2.3.4, as it is written */
#define LABEL_MAX_BYTES 63

/* The next label from `at` on; without the dot. */
static struct cw_http_text label(struct cw_http_text name, size_t at)
{
	struct cw_http_text rest = cw_http_text_part(name, at, name.length);
	return cw_http_text_part(rest, 0, cw_http_text_find(rest, '.'));
}

/* How many labels; 0 where it is no name. `*ret_last`: the last one. */
static size_t labels(struct cw_http_text name, struct cw_http_text *ret_last)
{
	size_t count = 0;
	if (name.length > NAME_MAX_BYTES || !cw_http_text_is(name, CW_HTTP_IN_HOST))
		return 0;
	for (size_t at = 0; at <= name.length; count++) {
		*ret_last = label(name, at);
		if (!ret_last->length || ret_last->length > LABEL_MAX_BYTES)
			return 0;
		at += ret_last->length + 1;
	}
	return count;
}

static bool has_letter(struct cw_http_text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (cw_http_text_byte_is(text.at[i], CW_HTTP_IN_NAME) && (text.at[i] & 0x40))
			return true;
	}
	return false;
}

bool cw_http_host_is_name(struct cw_http_text name)
{
	struct cw_http_text last;
	return labels(name, &last) > 0;
}

bool cw_http_host_is_domain(struct cw_http_text name)
{
	struct cw_http_text last;
	return labels(name, &last) > 1 && has_letter(last);
}

bool cw_http_host_is_ipv4(struct cw_http_text name)
{
	struct cw_http_text last;
	uint64_t number = 0;
	if (labels(name, &last) != 4)
		return false;
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; at <= name.length && cw_forward(&unread, name.length - at);) {
		struct cw_http_text part = label(name, at);
		if (!cw_http_text_number(part, &number) || number > 255)
			return false;
		at += part.length + 1;
	}
	return true;
}

bool cw_http_host_port(struct cw_http_text text, uint16_t *ret)
{
	uint64_t number = 0;
	if (!cw_http_text_number(text, &number) || !number || number > UINT16_MAX)
		return false;
	*ret = (uint16_t)number;
	return true;
}

static bool is_ipv6(struct cw_http_text text)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr address;
	if (!text.length || text.length >= sizeof copy || memchr(text.at, '\0', text.length))
		return false;
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	return inet_pton(AF_INET6, copy, &address) == 1;
}

/* A name of digits alone at its end is an address, or what somebody takes for one (0x7f.1, 127.1). */
static bool is_name_or_ipv4(struct cw_http_text name)
{
	struct cw_http_text last;
	return labels(name, &last) > 0 && (has_letter(last) || cw_http_host_is_ipv4(name));
}

bool cw_http_host_parse(struct cw_http_text value, struct cw_http_host *ret)
{
	struct cw_http_host host = {.is_ipv6 = value.length && value.at[0] == '['};
	size_t end = cw_http_text_find(value, host.is_ipv6 ? ']' : ':');
	if (host.is_ipv6) {
		host.name = cw_http_text_part(value, 1, end - 1);
		if (end == value.length || !is_ipv6(host.name))
			return false;
		end++;
	} else {
		host.name = cw_http_text_part(value, 0, end);
		if (!is_name_or_ipv4(host.name))
			return false;
	}
	if (end < value.length) {
		struct cw_http_text port = cw_http_text_part(value, end + 1, value.length);
		if (value.at[end] != ':' || !cw_http_host_port(port, &host.port))
			return false;
	}
	*ret = host;
	return true;
}
