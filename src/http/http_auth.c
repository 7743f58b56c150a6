#include "http/http_auth.h"

#include "http/http_base64.h"

#include <string.h>

/* No control bytes, the tab neither. */
static bool is_printable(struct cw_http_text text)
{
	return cw_http_text_run(text, 0, CW_HTTP_IN_VALUE) == text.length &&
		cw_http_text_find(text, '\t') == text.length;
}

static bool parse_basic(struct cw_http_text text, struct cw_http_auth *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_text decoded;
	if (text.length > (sizeof ret->decoded + 2) / 3 * 4)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_LONG);
	if (!cw_http_base64_decode(text, CW_HTTP_BASE64_PADDED, &decoded, ret->decoded, sizeof ret->decoded))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_BASE64);
	size_t colon = cw_http_text_find(decoded, ':');
	if (!colon || colon == decoded.length || !is_printable(decoded))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_FORM);
	ret->scheme = CW_HTTP_AUTH_BASIC;
	ret->user = cw_http_text_part(decoded, 0, colon);
	ret->password = cw_http_text_part(decoded, colon + 1, CW_HTTP_REST);
	return true;
}

/* b64token (RFC 6750 2.1): at least one of its bytes, then nothing but "=". */
static bool parse_bearer(struct cw_http_text text, struct cw_http_auth *ret, enum cw_http_reason *ret_reason)
{
	if (text.length > CW_HTTP_AUTH_TOKEN_MAX)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_LONG);
	size_t end = cw_http_text_run(text, 0, CW_HTTP_IN_TOKEN68);
	if (!end)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_FORM);
	while (end < text.length && text.at[end] == '=')
		end++;
	if (end != text.length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_FORM);
	ret->scheme = CW_HTTP_AUTH_BEARER;
	ret->token = text;
	return true;
}

bool cw_http_auth_parse(struct cw_http_text value, struct cw_http_auth *ret, enum cw_http_reason *ret_reason)
{
	size_t end = cw_http_text_find(value, ' ');
	struct cw_http_text scheme = cw_http_text_part(value, 0, end);
	struct cw_http_text credentials = cw_http_text_part(value, end + 1, CW_HTTP_REST);
	memset(ret, 0, offsetof(struct cw_http_auth, decoded));
	if (!cw_http_text_is(scheme, CW_HTTP_IN_TOKEN) || !credentials.length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_FORM);
	if (cw_http_text_same_word(scheme, "Basic"))
		return parse_basic(credentials, ret, ret_reason);
	if (cw_http_text_same_word(scheme, "Bearer"))
		return parse_bearer(credentials, ret, ret_reason);
	return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_AUTH_SCHEME);
}

void cw_http_auth_finish(struct cw_http_auth *auth)
{
	explicit_bzero(auth, sizeof *auth);
}

bool cw_http_auth_write_basic(struct cw_buffer *buffer, struct cw_http_text user,
	struct cw_http_text password, struct cw_error *error)
{
	char joined[CW_HTTP_AUTH_BASIC_MAX];
	size_t length = user.length + 1 + password.length;
	if (!user.length || cw_http_text_find(user, ':') < user.length || !is_printable(user) ||
		!is_printable(password))
		return cw_error_set(error, CW_E_HTTP,
			"the user or the password cannot be sent by Basic: no user, a colon in it, or "
			"control bytes");
	if (user.length >= sizeof joined || password.length >= sizeof joined || length > sizeof joined)
		return cw_error_set(error, CW_E_LIMIT,
			"user and password have %zu bytes; at most %zu can be sent", length, sizeof joined);
	memcpy(joined, user.at, user.length);
	joined[user.length] = ':';
	if (password.length)
		memcpy(joined + user.length + 1, password.at, password.length);
	cw_buffer_text(buffer, "Basic ");
	cw_http_base64_encode(buffer, (struct cw_http_text){joined, length}, CW_HTTP_BASE64_PADDED);
	explicit_bzero(joined, sizeof joined);
	return cw_buffer_ok(buffer, error);
}
