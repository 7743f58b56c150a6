#include "trust/names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool cw_name_is_ip(const char *wanted, uint8_t ip[16], size_t *length)
{
	char bare[INET6_ADDRSTRLEN + 2];
	size_t size = strlen(wanted);
	if (wanted[0] == '[' && size > 2 && wanted[size - 1] == ']') {
		wanted++;
		size -= 2;
	}
	if (size >= sizeof bare)
		return false;
	memcpy(bare, wanted, size);
	bare[size] = '\0';
	if (inet_pton(AF_INET, bare, ip) == 1)
		*length = 4;
	else if (inet_pton(AF_INET6, bare, ip) == 1)
		*length = 16;
	else
		return false;
	return true;
}

bool cw_name_pattern_matches(const char *pattern, const char *host)
{
	size_t pattern_length = strlen(pattern), host_length = strlen(host);
	if (pattern_length && pattern[pattern_length - 1] == '.')
		return false; /* no host name in a certificate (RFC 5280 §4.2.1.6, RFC 1034 §3.5) */
	if (host_length && host[host_length - 1] == '.')
		host_length--; /* as typed: an absolute name is the same name */
	if (!host_length || host[0] == '.' || !pattern_length)
		return false;
	if (pattern_length > 2 && pattern[0] == '*' && pattern[1] == '.') {
		const char *dot = memchr(host, '.', host_length);
		if (!dot || dot == host)
			return false;
		pattern++; /* now ".acme.test", as the rest of the host must be */
		pattern_length--;
		host_length -= (size_t)(dot - host);
		host = dot;
	}
	return pattern_length == host_length && strncasecmp(pattern, host, host_length) == 0;
}

static bool is_plain(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!isascii((unsigned char)*c) || (!isalnum((unsigned char)*c) && !strchr(".-_*:[]", *c)))
			return false;
	return *name != '\0';
}

void cw_name_show(struct cw_buffer *ret, const char *name)
{
	cw_buffer_printf(ret, is_plain(name) ? "%s" : "\"%s\"", name);
}

void cw_name_show_san(struct cw_buffer *ret, const struct cw_san *san)
{
	static const char *const kinds[] = {[CW_SAN_DNS] = "",
		[CW_SAN_IP] = "IP ",
		[CW_SAN_URI] = "URI ",
		[CW_SAN_EMAIL] = "email ",
		[CW_SAN_SRV] = "SRVName ",
		[CW_SAN_OTHER] = ""};
	cw_buffer_text(ret, kinds[san->kind]);
	if (san->kind == CW_SAN_DNS)
		cw_name_show(ret, san->text);
	else
		cw_buffer_text(ret, san->text);
}

static enum cw_name_match find_ip(const struct cw_sans *sans, const uint8_t *ip, size_t length, bool cut)
{
	enum cw_name_match best = CW_NAME_NONE;
	for (size_t i = 0; i < sans->count; i++) {
		const struct cw_san *san = &sans->items[i];
		if (san->kind != CW_SAN_IP || san->ip_length != length || memcmp(san->ip, ip, length) != 0)
			continue;
		if (!cut || san->text_end <= CW_SAN_CHARACTERS_MAX)
			return CW_NAME_EXACT;
		best = CW_NAME_BEYOND_CUT;
	}
	return best;
}

static enum cw_name_match find_host(const struct cw_sans *sans, const char *host, bool cut)
{
	enum cw_name_match best = CW_NAME_NONE;
	for (size_t i = 0; i < sans->count; i++) {
		const struct cw_san *san = &sans->items[i];
		bool service = san->kind == CW_SAN_SRV && strcasecmp(san->text, host) == 0; /* RFC 4985 */
		if (!service && (san->kind != CW_SAN_DNS || !cw_name_pattern_matches(san->text, host)))
			continue;
		if (cut && san->text_end > CW_SAN_CHARACTERS_MAX)
			best = best == CW_NAME_NONE ? CW_NAME_BEYOND_CUT : best;
		else if (san->text[0] != '*')
			return CW_NAME_EXACT;
		else
			best = CW_NAME_WILDCARD;
	}
	return best;
}

enum cw_name_match cw_name_find(const struct cw_cert *cert, const char *wanted, struct cw_name_rule rule)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	uint8_t ip[16];
	size_t length;
	if (cw_name_is_ip(wanted, ip, &length))
		return find_ip(sans, ip, length, rule.san_is_cut);
	enum cw_name_match match = find_host(sans, wanted, rule.san_is_cut);
	const char *common_name = cw_cert_common_name(cert);
	if (match == CW_NAME_NONE && common_name && cw_name_pattern_matches(common_name, wanted))
		match = rule.common_name_counts ? CW_NAME_COMMON_NAME : CW_NAME_CN_IGNORED;
	return match;
}

bool cw_name_found(enum cw_name_match match)
{
	switch (match) {
	case CW_NAME_EXACT:
	case CW_NAME_WILDCARD:
	case CW_NAME_COMMON_NAME:
		return true;
	case CW_NAME_NONE:
	case CW_NAME_CN_IGNORED:
	case CW_NAME_BEYOND_CUT:
		return false;
	}
	return false;
}
