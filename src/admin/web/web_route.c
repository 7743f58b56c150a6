#include "admin/web/web_route.h"

#include <string.h>

static struct cw_http_text segment(struct cw_http_text path, size_t at)
{
	struct cw_http_text rest = cw_http_text_part(path, at, CW_HTTP_REST);
	return cw_http_text_part(rest, 0, cw_http_text_find(rest, '/'));
}

/* Segment by segment; both begin with a slash. */
static bool fits(const char *pattern, struct cw_http_text path, struct cw_http_text *ret_parts)
{
	const struct cw_http_text wanted = cw_http_text(pattern);
	size_t at = 1, wanted_at = 1, count = 0;
	while (at <= path.length &&
		wanted_at <= wanted.length) { /* ends: each turn takes a segment of both */
		struct cw_http_text one = segment(path, at), other = segment(wanted, wanted_at);
		if (cw_http_text_equal(other, "{*}") && count < CW_WEB_ROUTE_PARTS_MAX) {
			ret_parts[count] = cw_http_text_part(path, at, CW_HTTP_REST);
			return ret_parts[count].length > 0;
		}
		if (cw_http_text_equal(other, "{}")) {
			if (!one.length || count == CW_WEB_ROUTE_PARTS_MAX)
				return false;
			ret_parts[count++] = one;
		} else if (one.length != other.length ||
			(one.length && memcmp(one.at, other.at, one.length) != 0)) {
			return false;
		}
		at += one.length + 1;
		wanted_at += other.length + 1;
	}
	return at > path.length && wanted_at > wanted.length;
}

const struct cw_web_route *cw_web_route_find(const struct cw_web_site *site,
	const struct cw_http_start *start, struct cw_http_text *ret_parts, unsigned *ret_allow)
{
	enum cw_http_method method = start->method;
	if (method == CW_HTTP_METHOD_HEAD)
		method = CW_HTTP_METHOD_GET;
	*ret_allow = 0;
	for (size_t i = 0; i < site->route_count; i++) {
		const struct cw_web_route *route = &site->routes[i];
		struct cw_http_text parts[CW_WEB_ROUTE_PARTS_MAX] = {{0}};
		if (!fits(route->path, start->target.path, parts))
			continue;
		if (route->method == method) {
			memcpy(ret_parts, parts, sizeof parts);
			return route;
		}
		*ret_allow |= 1U << route->method;
		if (route->method == CW_HTTP_METHOD_GET)
			*ret_allow |= 1U << CW_HTTP_METHOD_HEAD;
	}
	return NULL;
}

const struct cw_web_file *cw_web_route_file(const struct cw_web_site *site, struct cw_http_text path)
{
	for (size_t i = 0; i < site->file_count; i++)
		if (cw_http_text_equal(path, site->files[i].path))
			return &site->files[i];
	return NULL;
}
