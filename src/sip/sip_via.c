#include "sip/sip_via.h"

#include "sip/sip_limits.h"

#include <osipparser2/headers/osip_via.h>
#include <osipparser2/osip_port.h>
#include <string.h>

#define COOKIE "z9hG4bK"

void cw_sip_via_finish(struct cw_sip_via *via)
{
	cw_sip_parameters_finish(&via->parameters);
	if (via->parts)
		osip_via_free(via->parts);
	via->parts = NULL;
}

static size_t skip_blanks(struct cw_sip_text text, size_t at)
{
	while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
		at++;
	return at;
}

/* A token, with white space around it, and the slash behind it. */
static bool read_word(struct cw_sip_text text, size_t *at, struct cw_sip_text *ret)
{
	size_t begin = skip_blanks(text, *at), end = begin;
	while (end < text.length && cw_sip_text_token_byte(text.data[end]))
		end++;
	*ret = cw_sip_text_part(text, begin, end - begin);
	*at = skip_blanks(text, end);
	return end > begin && *at < text.length && text.data[(*at)++] == '/';
}

/* sent-by: host, or [address], and a port, white space around the colon allowed. */
static bool read_host(struct cw_sip_text text, struct cw_sip_text *host, struct cw_sip_text *port)
{
	size_t end = 0;
	bool bracket = text.length && text.data[0] == '[';
	if (bracket) {
		end = 1;
		while (end < text.length && text.data[end] &&
			strchr("0123456789abcdefABCDEF:.", text.data[end]))
			end++;
		if (end >= text.length || text.data[end++] != ']')
			return false;
	} else {
		/* ends: one byte a turn */
		while (end < text.length && text.data[end] != ':' && text.data[end] != ' ' &&
			text.data[end] != '\t') {
			char c = text.data[end++];
			if (!cw_sip_text_token_byte(c) || strchr("!%*+`'~", c))
				return false;
		}
	}
	*host = cw_sip_text_part(text, 0, end);
	end = skip_blanks(text, end);
	if (end < text.length && text.data[end] != ':')
		return false;
	*port = end < text.length ? cw_sip_text_trim(cw_sip_text_part(text, end + 1, text.length))
				  : (struct cw_sip_text){0};
	return host->length > (bracket ? 2U : 0U) && (end == text.length || port->length);
}

/* What osipparser2 gets: one space, no white space else, no port and no parameters, which are read. */
static bool take_apart(const struct cw_sip_text *words, struct cw_sip_via *via, const char **reason)
{
	char copy[600];
	*reason = "a Via that is too long";
	int length = snprintf(copy, sizeof copy, "SIP/2.0/%.*s %.*s", CW_SIP_TEXT_ARGS(words[0]),
		CW_SIP_TEXT_ARGS(words[1]));
	if (length < 0 || (size_t)length >= sizeof copy)
		return false;
	*reason = NULL;
	if (osip_via_init(&via->parts) != 0)
		return false;
	int code = osip_via_parse(via->parts, copy);
	if (code == 0 && via->parts->host && via->parts->protocol)
		return true;
	if (code != OSIP_NOMEM)
		*reason = "a Via that osipparser2 does not read";
	return false;
}

bool cw_sip_via_parse(struct cw_sip_text text, struct cw_sip_via *ret, const char **reason)
{
	struct cw_sip_via via = {.whole = text};
	struct cw_sip_text protocol, version, words[3];
	uint64_t port = 0;
	size_t at = 0;
	*reason = "wanted SIP/2.0/TRANSPORT and a host in Via, found other bytes";
	size_t end = cw_sip_text_find(text, 0, ';');
	via.sent = cw_sip_text_trim(cw_sip_text_part(text, 0, end));
	if (text.length > CW_SIP_VALUE_MAX || !read_word(via.sent, &at, &protocol) ||
		!read_word(via.sent, &at, &version) || !cw_sip_text_is(protocol, "SIP") ||
		!cw_sip_text_is(version, "2.0"))
		return false;
	at = skip_blanks(via.sent, at);
	size_t blank = at;
	while (blank < via.sent.length && cw_sip_text_token_byte(via.sent.data[blank]))
		blank++;
	words[0] = cw_sip_text_part(via.sent, at, blank - at);
	size_t host = skip_blanks(via.sent, blank);
	if (blank == at || host == blank ||
		!read_host(cw_sip_text_part(via.sent, host, via.sent.length), &words[1], &words[2]))
		return false;
	if (words[2].length && (!cw_sip_text_number(words[2], 65535, &port) || port == 0))
		return false;
	via.port = (unsigned)port;
	if (!cw_sip_parameters_parse(cw_sip_text_part(text, end, text.length), &via.parameters, reason) ||
		!take_apart(words, &via, reason)) {
		cw_sip_via_finish(&via);
		return false;
	}
	*ret = via;
	return true;
}

const char *cw_sip_via_transport(const struct cw_sip_via *via)
{
	return via->parts->protocol;
}

const char *cw_sip_via_host(const struct cw_sip_via *via)
{
	return via->parts->host;
}

struct cw_sip_text cw_sip_via_branch(const struct cw_sip_via *via)
{
	const struct cw_sip_parameter *found = cw_sip_parameters_find(&via->parameters, "branch");
	size_t length = strlen(COOKIE);
	if (!found || found->quoted || found->value.length <= length ||
		!cw_sip_text_is(cw_sip_text_part(found->value, 0, length), COOKIE))
		return (struct cw_sip_text){0};
	return found->value;
}
