#include "http/http_cookie.h"

#include "base/forward.h"

#include <string.h>

/* cookie-octets, with quotes around all of them or without. */
static bool is_value(struct cw_http_text value)
{
	if (value.length >= 2 && value.at[0] == '"' && value.at[value.length - 1] == '"')
		value = cw_http_text_part(value, 1, value.length - 2);
	return cw_http_text_run(value, 0, CW_HTTP_IN_COOKIE) == value.length;
}

static bool parse_pair(struct cw_http_text text, struct cw_http_cookie_pair *ret)
{
	size_t equals = cw_http_text_find(text, '=');
	ret->name = cw_http_text_part(text, 0, equals);
	ret->value = cw_http_text_part(text, equals + 1, CW_HTTP_REST);
	return equals < text.length && cw_http_text_is(ret->name, CW_HTTP_IN_TOKEN) && is_value(ret->value);
}

static bool same(struct cw_http_text a, struct cw_http_text b)
{
	return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static bool is_there(const struct cw_http_cookies *cookies, struct cw_http_text name)
{
	for (size_t i = 0; i < cookies->count; i++) {
		if (same(cookies->pairs[i].name, name))
			return true;
	}
	return false;
}

bool cw_http_cookie_find(const struct cw_http_cookies *cookies, const char *name, struct cw_http_text *ret)
{
	for (size_t i = 0; i < cookies->count; i++) {
		if (cw_http_text_equal(cookies->pairs[i].name, name)) {
			*ret = cookies->pairs[i].value;
			return true;
		}
	}
	return false;
}

bool cw_http_cookie_parse(
	struct cw_http_text value, struct cw_http_cookies *ret, enum cw_http_reason *ret_reason)
{
	ret->count = 0;
	size_t unread = CW_FORWARD_BEGIN;
	for (bool more = true; more && cw_forward(&unread, value.length);) {
		struct cw_http_cookie_pair pair;
		size_t end = cw_http_text_find(value, ';');
		if (!parse_pair(cw_http_text_part(value, 0, end), &pair))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_COOKIE_FORM);
		if (ret->count == CW_HTTP_COOKIES_MAX)
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_COOKIE_MANY);
		if (is_there(ret, pair.name))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_COOKIE_TWICE);
		ret->pairs[ret->count++] = pair;
		more = end < value.length;
		if (more && (end + 1 == value.length || value.at[end + 1] != ' '))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_COOKIE_FORM);
		value = cw_http_text_part(value, end + 2, CW_HTTP_REST);
	}
	return true;
}
