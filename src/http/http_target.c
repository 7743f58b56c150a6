#include "http/http_target.h"

/* What a percent sign and two digits must not stand for. In a path also what would change its segments. */
static bool may_be_encoded(int byte, bool in_path)
{
	if (byte < 0x20 || byte == 0x7f)
		return false;
	return !in_path || (byte != '/' && byte != '\\' && byte != '.' && byte != '%');
}

static bool check_percent(struct cw_http_text text, size_t at, bool in_path)
{
	if (text.length - at < 3)
		return false;
	int high = cw_http_text_hex(text.at[at + 1]), low = cw_http_text_hex(text.at[at + 2]);
	return high >= 0 && low >= 0 && may_be_encoded(high << 4 | low, in_path);
}

/* Is the segment that begins at `at` one that is, or becomes, . or ..? */
static bool is_dots(struct cw_http_text path, size_t at)
{
	size_t end = at;
	while (end < path.length && path.at[end] == '.')
		end++;
	if (end == at || end - at > 2)
		return false;
	return end == path.length || path.at[end] == '/' || path.at[end] == ';';
}

static bool check_bytes(struct cw_http_text text, bool in_path, enum cw_http_reason *ret_reason)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.at[i];
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		if (!cw_http_text_byte_is(byte, CW_HTTP_IN_TARGET))
			reason = CW_HTTP_BAD_TARGET_BYTE;
		else if (byte == '%' && !check_percent(text, i, in_path))
			reason = CW_HTTP_BAD_TARGET_PERCENT;
		else if (byte == '/' && in_path && is_dots(text, i + 1))
			reason = CW_HTTP_BAD_TARGET_DOTS;
		if (reason != CW_HTTP_BAD_NOTHING) {
			*ret_reason = reason;
			return false;
		}
	}
	return true;
}

bool cw_http_target_parse(
	struct cw_http_text target, struct cw_http_target *ret, enum cw_http_reason *ret_reason)
{
	/* two slashes in front: an authority to whoever reads it as a reference (RFC 3986 4.2) */
	if (!target.length || target.at[0] != '/' || (target.length > 1 && target.at[1] == '/')) {
		*ret_reason = CW_HTTP_BAD_TARGET_FORM;
		return false;
	}
	size_t end = cw_http_text_find(target, '?');
	struct cw_http_target parts = {
		.path = cw_http_text_part(target, 0, end),
		.query = cw_http_text_part(target, end + 1, target.length),
	};
	if (!check_bytes(parts.path, true, ret_reason) || !check_bytes(parts.query, false, ret_reason))
		return false;
	*ret = parts;
	return true;
}
