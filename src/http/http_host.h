/**
 * Host names as they stand in Host, in a path prefix and in a Domain attribute. Does not ask who has the
 * name.
 */
#ifndef CW_HTTP_HOST_H
#define CW_HTTP_HOST_H

#include "http/http_text.h"

struct cw_http_host {
	struct cw_http_text name; /* without the brackets of an IPv6 address */
	bool is_ipv6;
	uint16_t port; /* 0: none was written */
};

/**
 * The one value of Host: a name, an IPv4 address or an IPv6 address in brackets, and perhaps a port (RFC
 * 9110 7.2). No user, no percent sign, no dot at the end, no empty name or port: implementations strip or
 * keep them differently.
 */
bool cw_http_host_parse(struct cw_http_text value, struct cw_http_host *ret);

/** Labels of 1 to 63 letters, digits, hyphens and underscores, 253 bytes in all, no dot at an end. */
bool cw_http_host_is_name(struct cw_http_text name);

/** A name of two labels or more, the last with a letter: what people sign in with, and no IPv4 address. */
bool cw_http_host_is_domain(struct cw_http_text name);

/** Four decimal numbers of 0 to 255 without zeros in front: no implementation takes them for octal. */
bool cw_http_host_is_ipv4(struct cw_http_text name);

/** 1 to 65535, no zeros in front. */
bool cw_http_host_port(struct cw_http_text text, uint16_t *ret);

#endif
