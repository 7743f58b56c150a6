#include "sip/sip_address.h"

#include <string.h>

void cw_sip_address_finish(struct cw_sip_address *address)
{
	cw_sip_uri_finish(&address->uri);
	cw_sip_parameters_finish(&address->parameters);
}

struct cw_sip_text cw_sip_address_parameter(const struct cw_sip_address *address, const char *name)
{
	const struct cw_sip_parameter *found = cw_sip_parameters_find(&address->parameters, name);
	return found ? found->value : (struct cw_sip_text){0};
}

/* A quoted string, or tokens with white space between them; nothing at all is fine too. */
static bool display_fits(struct cw_sip_text display)
{
	if (display.length && display.data[0] == '"')
		return cw_sip_text_quoted(display, 0) == display.length;
	for (size_t i = 0; i < display.length; i++) {
		char c = display.data[i];
		if (c != ' ' && c != '\t' && !cw_sip_text_token_byte(c))
			return false;
	}
	return true;
}

static bool wants_brackets(enum cw_sip_field_id field)
{
	return field == CW_SIP_ROUTE || field == CW_SIP_RECORD_ROUTE || field == CW_SIP_PATH ||
		field == CW_SIP_SERVICE_ROUTE;
}

/* name-addr: where its URI and what is behind it stand. */
static bool split_brackets(struct cw_sip_text text, size_t open, struct cw_sip_address *address,
	struct cw_sip_text *uri, struct cw_sip_text *rest)
{
	const char *close = memchr(text.data + open, '>', text.length - open);
	address->display = cw_sip_text_trim(cw_sip_text_part(text, 0, open));
	if (!close || !display_fits(address->display))
		return false;
	size_t end = (size_t)(close - text.data);
	*uri = cw_sip_text_part(text, open + 1, end - open - 1);
	*rest = cw_sip_text_part(text, end + 1, text.length);
	return true;
}

/* addr-spec: everything behind the first semicolon is the header's, never the URI's (RFC 3261 §20.10). */
static bool split_bare(struct cw_sip_text text, struct cw_sip_text *uri, struct cw_sip_text *rest)
{
	const char *semicolon = memchr(text.data, ';', text.length);
	size_t end = semicolon ? (size_t)(semicolon - text.data) : text.length;
	*uri = cw_sip_text_trim(cw_sip_text_part(text, 0, end));
	*rest = cw_sip_text_part(text, end, text.length);
	return !memchr(uri->data, '?', uri->length) && !memchr(uri->data, ',', uri->length);
}

bool cw_sip_address_parse(
	enum cw_sip_field_id field, struct cw_sip_text text, struct cw_sip_address *ret, const char **reason)
{
	struct cw_sip_address address = {.field = field, .whole = text};
	struct cw_sip_text uri, rest;
	*reason = "wanted an address, found other bytes";
	if (!text.length || text.length > CW_SIP_VALUE_MAX)
		return false;
	if (field == CW_SIP_CONTACT && cw_sip_text_is(text, "*")) {
		address.any = true;
		*ret = address;
		return true;
	}
	size_t open = 0;
	if (text.data[0] == '"')
		open = cw_sip_text_quoted(text, 0);
	const char *bracket = memchr(text.data + open, '<', text.length - open);
	if (bracket ? !split_brackets(text, (size_t)(bracket - text.data), &address, &uri, &rest)
		    : wants_brackets(field) || open || !split_bare(text, &uri, &rest))
		return false;
	if (!cw_sip_parameters_parse(rest, &address.parameters, reason) ||
		!cw_sip_uri_parse(uri, &address.uri, reason)) {
		cw_sip_address_finish(&address);
		return false;
	}
	*ret = address;
	return true;
}
