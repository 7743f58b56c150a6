#include "node/cucm_uds.h"

#include "http/http_auth.h"
#include "http/http_write.h"

#include <ctype.h>
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

static bool is(struct cw_http_text text, const char *what)
{
	return text.length == strlen(what) && memcmp(text.at, what, text.length) == 0;
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

/* --- users and devices --- */

static void put_cluster_user(struct cw_buffer *body, const char *host, struct cw_http_text user)
{
	if (!user.length || is(user, "nobody")) {
		cw_buffer_printf(body,
			XML "<clusterUser version=\"14.0.0\" uri=\"https://%s:8443/cucm-uds/clusterUser\">"
			    "<result found=\"false\"/></clusterUser>",
			host);
		return;
	}
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

static void put_servers(struct cw_buffer *body, const struct cw_cucm_uds_box *box)
{
	cw_buffer_printf(
		body, XML "<servers version=\"14.0.0\" uri=\"https://%s:8443/cucm-uds/servers\">", box->host);
	for (size_t i = 0; i < box->servers->count; i++)
		cw_buffer_printf(body, "<server>%s</server>", box->servers->items[i]);
	cw_buffer_text(body, "</servers>");
}

/* "https://HOST:8443/cucm-uds/user/USER" */
static void put_uri(struct cw_buffer *body, const char *host, struct cw_http_text user)
{
	cw_buffer_printf(body, "https://%s:8443/cucm-uds/user/", host);
	put_text(body, user);
}

static void put_device_name(struct cw_buffer *body, struct cw_http_text user)
{
	cw_buffer_text(body, "CSF");
	for (size_t i = 0; i < user.length; i++)
		if (isalnum((unsigned char)user.at[i]))
			cw_buffer_char(body, (char)toupper((unsigned char)user.at[i]));
}

static void put_user(struct cw_buffer *body, const struct cw_cucm_uds_box *box, struct cw_http_text user)
{
	cw_buffer_text(body, XML "<user version=\"14.0.0\" uri=\"");
	put_uri(body, box->host, user);
	cw_buffer_text(body, "\"><userName>");
	put_text(body, user);
	cw_buffer_text(body, "</userName><devices uri=\"");
	put_uri(body, box->host, user);
	cw_buffer_printf(body,
		"/devices\"/><serviceProfile uri=\"https://%s:6972/SPDefault.cnf.xml\"/>"
		"<homeCluster enableImAndPresence=\"false\">true</homeCluster></user>",
		box->host);
}

static void put_device(struct cw_buffer *body, const struct cw_cucm_uds_box *box, struct cw_http_text user)
{
	cw_buffer_text(body, "<device uri=\"");
	put_uri(body, box->host, user);
	cw_buffer_text(body, "/device/");
	put_device_name(body, user);
	cw_buffer_text(body, "\"><name>");
	put_device_name(body, user);
	cw_buffer_printf(body,
		"</name><model>Cisco Unified Client Services Framework</model>"
		"<provision uri=\"https://%s:6972/",
		box->host);
	put_device_name(body, user);
	cw_buffer_text(body, ".cnf.xml\"/></device>");
}

static void put_devices(struct cw_buffer *body, const struct cw_cucm_uds_box *box, struct cw_http_text user)
{
	cw_buffer_text(body, XML "<devices version=\"14.0.0\" uri=\"");
	put_uri(body, box->host, user);
	cw_buffer_text(body, "/devices\">");
	put_device(body, box, user);
	cw_buffer_text(body, "</devices>");
}

/* --- files --- */

static void put_profile(struct cw_buffer *body)
{
	cw_buffer_text(body, XML "<UCServiceProfile><type>default</type></UCServiceProfile>");
}

/* deviceSecurityMode: 1 none, 3 encrypted; transportLayerProtocol: 1 TCP, 3 TLS. */
static void put_device_file(
	struct cw_buffer *body, const struct cw_cucm_uds_box *box, struct cw_http_text device)
{
	unsigned mode = box->secure ? 3 : 1;
	cw_buffer_printf(body,
		XML "<device><deviceSecurityMode>%u</deviceSecurityMode>"
		    "<transportLayerProtocol>%u</transportLayerProtocol><certHash></certHash>"
		    "<devicePool><callManagerGroup><members>",
		mode, mode);
	for (size_t i = 0; i < box->servers->count; i++)
		cw_buffer_printf(body,
			"<member priority=\"%zu\"><callManager><name>%s</name><ports><sipPort>5060</sipPort>"
			"<securedSipPort>5061</securedSipPort></ports><processNodeName>%s</processNodeName>"
			"</callManager></member>",
			i, box->servers->items[i], box->servers->items[i]);
	cw_buffer_text(body,
		"</members></callManagerGroup></devicePool><sipProfile><sipLines><line button=\"1\"><name>");
	put_text(body, device);
	cw_buffer_text(body, "</name><contact>");
	put_text(body, device);
	cw_buffer_printf(body,
		"</contact></line></sipLines></sipProfile><capfList><capf><phonePort>3804</phonePort>"
		"<processNodeName>%s</processNodeName></capf></capfList></device>",
		box->host);
}

static unsigned decide_file(
	struct cw_http_text target, const struct cw_cucm_uds_box *box, struct cw_buffer *body)
{
	static const char end[] = ".cnf.xml";
	const size_t length = sizeof end - 1;
	if (is(target, "/SPDefault.cnf.xml")) {
		put_profile(body);
		return 200;
	}
	if (!begins(target, "/CSF") || target.length < 5 + length || target.length > 64 ||
		memcmp(target.at + target.length - length, end, length) != 0)
		return 404;
	put_device_file(body, box, (struct cw_http_text){target.at + 1, target.length - 1 - length});
	return 200;
}

/* --- which of them --- */

static bool has_password(const struct cw_http_head *request)
{
	struct cw_http_text value;
	enum cw_http_reason reason;
	AUTO_HTTP_AUTH auth;
	memset(&auth, 0, sizeof auth);
	return cw_http_head_known(request, CW_HTTP_FIELD_AUTHORIZATION, &value) &&
		cw_http_auth_parse(value, &auth, &reason) && auth.scheme == CW_HTTP_AUTH_BASIC &&
		!is(auth.password, "wrong");
}

/* What stands behind "/cucm-uds/user/": "U", "U/devices", "U/device/ID". */
static unsigned decide_user(
	struct cw_http_text rest, const struct cw_cucm_uds_box *box, struct cw_buffer *body)
{
	const char *slash = memchr(rest.at, '/', rest.length);
	struct cw_http_text user = rest, part = {"", 0};
	if (slash) {
		user.length = (size_t)(slash - rest.at);
		part = (struct cw_http_text){slash, rest.length - user.length};
	}
	if (!user.length)
		return 404;
	if (!part.length) {
		put_user(body, box, user);
	} else if (is(part, "/devices")) {
		put_devices(body, box, user);
	} else if (begins(part, "/device/")) {
		cw_buffer_text(body, XML);
		put_device(body, box, user);
	} else {
		return 404;
	}
	return 200;
}

/* The status, and what goes with it. */
static unsigned decide(
	const struct cw_http_head *request, const struct cw_cucm_uds_box *box, struct cw_buffer *body)
{
	static const char users[] = "/cucm-uds/user/";
	struct cw_http_text target = request->start.target_text;
	if (request->start.method != CW_HTTP_METHOD_GET)
		return 405;
	if (box->tftp)
		return decide_file(target, box, body);
	if (begins(target, "/cucm-uds/version")) {
		cw_buffer_printf(body,
			XML
			"<versionInformation version=\"14.0.0\" "
			"uri=\"https://%s:8443/cucm-uds/version\"><version>14.0.0</version></versionInformation>",
			box->host);
	} else if (begins(target, "/cucm-uds/clusterUser?")) {
		put_cluster_user(body, box->host, first_value(target));
	} else if (begins(target, "/cucm-uds/servers")) {
		put_servers(body, box);
	} else if (begins(target, users)) {
		const size_t length = sizeof users - 1;
		if (!has_password(request))
			return 401;
		return decide_user(
			(struct cw_http_text){target.at + length, target.length - length}, box, body);
	} else {
		return 404;
	}
	return 200;
}

bool cw_cucm_uds_keeps(const struct cw_http_head *request)
{
	return request->keep_alive && request->framing == CW_HTTP_NO_BODY;
}

bool cw_cucm_uds_answer(const struct cw_http_head *request, const struct cw_cucm_uds_box *box,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER body = {0};
	size_t from = ret->length;
	unsigned status = decide(request, box, &body);
	if (!cw_http_write_status(ret, status, NULL, error) ||
		(status == 401 &&
			!cw_http_write_named(ret, "WWW-Authenticate",
				"Basic realm=\"Cisco Web Services Realm\"", error)) ||
		(status == 405 && !cw_http_write_named(ret, "Allow", "GET", error)) ||
		(body.length &&
			!cw_http_write_named(ret, "Content-Type", "application/xml;charset=UTF-8", error)))
		return false;
	cw_http_write_length(ret, body.length);
	if (!cw_cucm_uds_keeps(request))
		cw_http_write_close(ret);
	if (!cw_buffer_ok(&body, error) || !cw_http_write_head_end(ret, from, error))
		return false;
	cw_buffer_append(ret, body.data, body.length);
	return cw_buffer_ok(ret, error);
}
