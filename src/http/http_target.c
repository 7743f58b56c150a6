#include "http/http_target.h"

#include "base/forward.h"

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

static bool check_percents(struct cw_http_text text, bool in_path)
{
	for (size_t at = 0;; at += 3) {
		at += cw_http_text_find(cw_http_text_part(text, at, CW_HTTP_REST), '%');
		if (at >= text.length)
			return true;
		if (!check_percent(text, at, in_path))
			return false;
	}
}

/* A path begins with a slash, and each segment behind one. */
static bool has_dots(struct cw_http_text path)
{
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; at < path.length && cw_forward(&unread, path.length - at);) {
		at++;
		if (is_dots(path, at))
			return true;
		at += cw_http_text_find(cw_http_text_part(path, at, CW_HTTP_REST), '/');
	}
	return false;
}

static bool check_bytes(struct cw_http_text text, bool in_path, enum cw_http_reason *ret_reason)
{
	if (cw_http_text_run(text, 0, CW_HTTP_IN_TARGET) != text.length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_TARGET_BYTE);
	if (!check_percents(text, in_path))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_TARGET_PERCENT);
	if (in_path && has_dots(text))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_TARGET_DOTS);
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
