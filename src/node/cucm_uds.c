#include "node/cucm_uds.h"

#include "http/http_auth.h"
#include "http/http_write.h"

#include <string.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"

/* What a client wrote goes back into XML: nothing in it is markup. */
static void put_text(struct cw_buffer *ret, struct cw_http_text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.at[i];
		if (byte > ' ' && byte < 0x7f && !strchr("<>&\"'", byte))
			cw_buffer_char(ret, (char)byte);
		else
			cw_buffer_printf(ret, "&#%u;", (unsigned)byte);
	}
}

static bool begins(struct cw_http_text text, const char *with)
{
	size_t length = strlen(with);
	return text.length >= length && memcmp(text.at, with, length) == 0;
}

/* The value of the first parameter: "username=U" or "email=U". */
static struct cw_http_text first_value(struct cw_http_text target)
{
	const char *equals = memchr(target.at, '=', target.length);
	if (!equals)
		return (struct cw_http_text){"", 0};
	struct cw_http_text value = {
		.at = equals + 1, .length = target.length - (size_t)(equals + 1 - target.at)};
	const char *end = memchr(value.at, '&', value.length);
	if (end)
		value.length = (size_t)(end - value.at);
	return value;
}

static void put_user(struct cw_buffer *body, const char *host, struct cw_http_text user)
{
	cw_buffer_printf(body,
		XML "<clusterUser version=\"14.0.0\" uri=\"https://%s:8443/cucm-uds/clusterUser\">"
		    "<result found=\"true\" uri=\"https://%s:8443/cucm-uds/user/",
		host, host);
	put_text(body, user);
	cw_buffer_printf(body,
		"\" version=\"14.0.0\"/><homeCluster serversUri=\"https://%s:8443/cucm-uds/servers\">%s"
		"</homeCluster></clusterUser>",
		host, host);
}

static void put_servers(struct cw_buffer *body, const char *host, const struct cw_strings *servers)
{
	cw_buffer_printf(
		body, XML "<servers version=\"14.0.0\" uri=\"https://%s:8443/cucm-uds/servers\">", host);
	for (size_t i = 0; i < servers->count; i++)
		cw_buffer_printf(body, "<server>%s</server>", servers->items[i]);
	cw_buffer_text(body, "</servers>");
}

static bool has_password(const struct cw_http_head *request)
{
	struct cw_http_text value;
	enum cw_http_reason reason;
	AUTO_HTTP_AUTH auth;
	memset(&auth, 0, sizeof auth);
	return cw_http_head_known(request, CW_HTTP_FIELD_AUTHORIZATION, &value) &&
		cw_http_auth_parse(value, &auth, &reason) && auth.scheme == CW_HTTP_AUTH_BASIC;
}

/* The status, and what goes with it. */
static unsigned decide(const struct cw_http_head *request, const char *host, const struct cw_strings *servers,
	struct cw_buffer *body)
{
	struct cw_http_text target = request->start.target_text;
	if (request->start.method != CW_HTTP_METHOD_GET)
		return 405;
	if (begins(target, "/cucm-uds/version")) {
		cw_buffer_printf(body,
			XML
			"<versionInformation version=\"14.0.0\" "
			"uri=\"https://%s:8443/cucm-uds/version\"><version>14.0.0</version></versionInformation>",
			host);
	} else if (begins(target, "/cucm-uds/clusterUser?")) {
		put_user(body, host, first_value(target));
	} else if (begins(target, "/cucm-uds/servers")) {
		put_servers(body, host, servers);
	} else if (begins(target, "/cucm-uds/user/")) {
		if (!has_password(request))
			return 401;
		cw_buffer_printf(body,
			XML "<devices version=\"14.0.0\" uri=\"https://%s:8443/cucm-uds/user/devices\"/>",
			host);
	} else {
		return 404;
	}
	return 200;
}

bool cw_cucm_uds_answer(const struct cw_http_head *request, const char *host,
	const struct cw_strings *servers, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER body = {0};
	size_t from = ret->length;
	unsigned status = decide(request, host, servers, &body);
	if (!cw_http_write_status(ret, status, NULL, error) ||
		(status == 401 &&
			!cw_http_write_named(ret, "WWW-Authenticate",
				"Basic realm=\"Cisco Web Services Realm\"", error)) ||
		(status == 405 && !cw_http_write_named(ret, "Allow", "GET", error)) ||
		(body.length &&
			!cw_http_write_named(ret, "Content-Type", "application/xml;charset=UTF-8", error)))
		return false;
	cw_http_write_length(ret, body.length);
	cw_http_write_close(ret);
	if (!cw_buffer_ok(&body, error) || !cw_http_write_head_end(ret, from, error))
		return false;
	cw_buffer_append(ret, body.data, body.length);
	return cw_buffer_ok(ret, error);
}
