#include "http/http_prefix.h"

#include "http/http_base64.h"

/* Takes what stands before the next slash off the front; false: nothing is left. */
static bool take_part(struct cw_http_text *rest, struct cw_http_text *ret)
{
	if (!rest->at)
		return false;
	size_t end = cw_http_text_find(*rest, '/');
	*ret = cw_http_text_part(*rest, 0, end);
	if (end == rest->length)
		*rest = (struct cw_http_text){0};
	else
		*rest = (struct cw_http_text){rest->at + end + 1, rest->length - end - 1};
	return true;
}

static bool parse_protocol(struct cw_http_text text, bool *ret_is_https)
{
	*ret_is_https = cw_http_text_equal(text, "https");
	return *ret_is_https || cw_http_text_equal(text, "http");
}

static bool parse_server(
	struct cw_http_text rest, struct cw_http_prefix *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_text protocol, port;
	if (!take_part(&rest, &protocol) || !take_part(&rest, &ret->host) || !take_part(&rest, &port) ||
		rest.at)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_FORM);
	if (!parse_protocol(protocol, &ret->is_https))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_PROTOCOL);
	struct cw_http_host host;
	if (!cw_http_host_parse(ret->host, &host) || host.is_ipv6 || host.port)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_HOST);
	if (!cw_http_host_port(port, &ret->port))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_PORT);
	if (!ret->rest.length || ret->rest.at[0] != '/')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_REST);
	ret->kind = CW_HTTP_PREFIX_SERVER;
	return true;
}

/* TelePresence endpoints put a slash behind the service's name. */
static bool is_service(struct cw_http_text path, const char *name)
{
	if (path.length && path.at[path.length - 1] == '/')
		path.length--;
	return cw_http_text_equal(path, name);
}

static bool parse_service(struct cw_http_prefix *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_text path = cw_http_text_part(ret->rest, 0, cw_http_text_find(ret->rest, '?'));
	if (is_service(path, "/get_edge_config"))
		ret->kind = CW_HTTP_PREFIX_EDGE_CONFIG;
	else if (is_service(path, "/get_edge_sso"))
		ret->kind = CW_HTTP_PREFIX_EDGE_SSO;
	else
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_REST);
	return true;
}

/* How long the first segment is; the query is no part of it. */
static size_t segment_length(struct cw_http_text target)
{
	size_t slash = cw_http_text_find(target, '/'), mark = cw_http_text_find(target, '?');
	return slash < mark ? slash : mark;
}

bool cw_http_prefix_parse(
	struct cw_http_text target, struct cw_http_prefix *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_text decoded;
	if (!target.length || target.at[0] != '/')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_FORM);
	target = cw_http_text_part(target, 1, CW_HTTP_REST);
	size_t length = segment_length(target);
	if (!length ||
		!cw_http_base64_decode(cw_http_text_part(target, 0, length), CW_HTTP_BASE64_URL, &decoded,
			ret->decoded, sizeof ret->decoded))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_FORM);
	ret->rest = cw_http_text_part(target, length, CW_HTTP_REST);
	if (!take_part(&decoded, &ret->domain) || !cw_http_host_is_domain(ret->domain))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_PREFIX_DOMAIN);
	if (decoded.at)
		return parse_server(decoded, ret, ret_reason);
	return parse_service(ret, ret_reason);
}

void cw_http_prefix_write_domain(struct cw_buffer *buffer, struct cw_http_text domain)
{
	cw_buffer_char(buffer, '/');
	cw_http_base64_encode(buffer, domain, CW_HTTP_BASE64_URL);
}

void cw_http_prefix_write_server(struct cw_buffer *buffer, const struct cw_http_prefix *prefix)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%.*s/%s/%.*s/%u", (int)prefix->domain.length, prefix->domain.at,
		prefix->is_https ? "https" : "http", (int)prefix->host.length, prefix->host.at, prefix->port);
	cw_http_prefix_write_domain(buffer, (struct cw_http_text){text.data, text.length});
	buffer->failed |= text.failed;
}
