#include "sip/sip_uri.h"

#include "base/forward.h"

#include "sip/sip_limits.h"

#include <osipparser2/osip_port.h>
#include <osipparser2/osip_uri.h>
#include <string.h>
#include <strings.h>

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alphanum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* From `at` on: unreserved bytes, escapes, and those of `more` (RFC 3261 §25.1). Returns where they end. */
static size_t run(struct cw_sip_text text, size_t at, const char *more)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (at < text.length && cw_forward(&unread, text.length - at)) {
		char c = text.data[at];
		if (c == '%') {
			if (at + 2 >= text.length || !is_hex(text.data[at + 1]) || !is_hex(text.data[at + 2]))
				return at;
			at += 3;
			continue;
		}
		if (!is_alphanum(c) && (!c || (!strchr("-_.!~*'()", c) && !strchr(more, c))))
			return at;
		at++;
	}
	return at;
}

/* user[:password]@ */
static bool check_user(struct cw_sip_text text, size_t *at)
{
	const char *sign = memchr(text.data + *at, '@', text.length - *at);
	if (!sign)
		return true;
	size_t end = (size_t)(sign - text.data);
	size_t user_end = run(text, *at, "&=+$,;?/");
	if (user_end == *at)
		return false;
	if (user_end < end && text.data[user_end] == ':') {
		size_t password_end = run(text, user_end + 1, "&=+$,");
		if (password_end == user_end + 1) /* osipparser2 wants one where there is a colon */
			return false;
		user_end = password_end;
	}
	*at = end + 1;
	return user_end == end;
}

/* An underscore is no byte of a host name, and stands in names of real Expressways all the same. */
static bool check_host(struct cw_sip_text text, size_t *at)
{
	size_t begin = *at, end = begin;
	if (end < text.length && text.data[end] == '[') {
		do
			end++;
		while (end < text.length &&
			(is_hex(text.data[end]) || text.data[end] == ':' || text.data[end] == '.'));
		if (end == begin + 1 || end == text.length || text.data[end] != ']')
			return false;
		*at = end + 1;
		return true;
	}
	while (end < text.length && (is_alphanum(text.data[end]) || strchr("-._", text.data[end])) &&
		text.data[end])
		end++;
	*at = end;
	return end > begin;
}

static bool check_port(struct cw_sip_text text, size_t *at, unsigned *port)
{
	uint64_t value;
	size_t end = *at + 1;
	*port = 0;
	if (*at >= text.length || text.data[*at] != ':')
		return true;
	while (end < text.length && is_digit(text.data[end]) && end - *at <= 5)
		end++;
	if (!cw_sip_text_number(cw_sip_text_part(text, *at + 1, end - *at - 1), 65535, &value) || value == 0)
		return false;
	*port = (unsigned)value;
	*at = end;
	return true;
}

static bool check_parameters(struct cw_sip_text text, size_t *at)
{
	for (unsigned count = 0; *at < text.length && text.data[*at] == ';'; count++) {
		size_t begin = *at + 1, end = run(text, begin, "[]/:&+$");
		if (end == begin || count == CW_SIP_PARAMETERS_MAX)
			return false;
		if (end < text.length && text.data[end] == '=') {
			begin = end + 1;
			end = run(text, begin, "[]/:&+$");
			if (end == begin)
				return false;
		}
		*at = end;
	}
	return true;
}

static bool check_headers(struct cw_sip_text text, size_t *at, bool *headers)
{
	*headers = *at < text.length && text.data[*at] == '?';
	for (unsigned count = 0; *at < text.length && text.data[*at] == (count ? '&' : '?'); count++) {
		size_t begin = *at + 1, end = run(text, begin, "[]/?:+$");
		if (end == begin || end == text.length || text.data[end] != '=' ||
			count == CW_SIP_PARAMETERS_MAX)
			return false;
		*at = run(text, end + 1, "[]/?:+$");
	}
	return true;
}

/* `*end`: where the headers begin, or the end. */
static bool check_sip(struct cw_sip_text text, size_t at, struct cw_sip_uri *uri, size_t *end)
{
	if (!check_user(text, &at) || !check_host(text, &at) || !check_port(text, &at, &uri->port) ||
		!check_parameters(text, &at))
		return false;
	*end = at;
	return check_headers(text, &at, &uri->headers) && at == text.length;
}

/* Hands the URI to osipparser2 without its headers, of which nothing but their presence is used. */
static bool take_apart(struct cw_sip_uri *uri, size_t end, const char **reason)
{
	char copy[3 * CW_SIP_URI_MAX + 1];
	size_t length = 0;
	for (size_t i = 0; i < end; i++) {
		copy[length++] = uri->whole.data[i];
		if (uri->whole.data[i] == '%') {
			copy[length++] = '2';
			copy[length++] = '5';
		}
	}
	copy[length] = '\0';
	*reason = NULL;
	if (osip_uri_init(&uri->parts) != 0)
		return false;
	int code = osip_uri_parse(uri->parts, copy);
	if (code == 0 && uri->parts->host)
		return true;
	if (code != OSIP_NOMEM)
		*reason = "a SIP URI that osipparser2 does not read";
	osip_uri_free(uri->parts);
	uri->parts = NULL;
	return false;
}

bool cw_sip_uri_parse(struct cw_sip_text text, struct cw_sip_uri *ret, const char **reason)
{
	struct cw_sip_uri uri = {.whole = text};
	size_t colon = 0, end = 0;
	while (colon < text.length &&
		(is_alphanum(text.data[colon]) || (text.data[colon] && strchr("+-.", text.data[colon]))))
		colon++;
	*reason = "wanted a URI, found other bytes";
	if (text.length > CW_SIP_URI_MAX || colon == 0 || colon == text.length || text.data[colon] != ':' ||
		is_digit(text.data[0]))
		return false;
	uri.scheme = cw_sip_text_part(text, 0, colon);
	uri.secure = cw_sip_text_is(uri.scheme, "sips");
	uri.sip = uri.secure || cw_sip_text_is(uri.scheme, "sip");
	if (!uri.sip) {
		end = run(text, colon + 1, ";/?:@&=+$,");
		if (end != text.length || end == colon + 1)
			return false;
	} else if (!check_sip(text, colon + 1, &uri, &end) || !take_apart(&uri, end, reason)) {
		return false;
	}
	*ret = uri;
	return true;
}

void cw_sip_uri_finish(struct cw_sip_uri *uri)
{
	if (uri->parts)
		osip_uri_free(uri->parts);
	uri->parts = NULL;
}

const char *cw_sip_uri_host(const struct cw_sip_uri *uri)
{
	return uri->parts ? uri->parts->host : NULL;
}

const char *cw_sip_uri_user(const struct cw_sip_uri *uri)
{
	return uri->parts ? uri->parts->username : NULL;
}

const char *cw_sip_uri_parameter(const struct cw_sip_uri *uri, const char *name)
{
	osip_list_iterator_t at;
	if (!uri->parts)
		return NULL;
	for (osip_uri_param_t *one = osip_list_get_first(&uri->parts->url_params, &at);
		osip_list_iterator_has_elem(at); one = osip_list_get_next(&at)) {
		if (one && one->gname && strcasecmp(one->gname, name) == 0)
			return one->gvalue ? one->gvalue : "";
	}
	return NULL;
}

static unsigned hex_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a' + 10);
}

void cw_sip_uri_unescape(const char *text, struct cw_buffer *out)
{
	for (; *text; text++) {
		if (*text == '%' && is_hex(text[1]) && is_hex(text[2])) {
			cw_buffer_char(out, (char)(hex_value(text[1]) << 4 | hex_value(text[2])));
			text += 2;
		} else {
			cw_buffer_char(out, *text);
		}
	}
}
