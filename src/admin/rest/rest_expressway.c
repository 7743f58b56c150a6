/*
 * Expressway's interface. Shapes: Cisco Expressway REST API Summary Guide; what that does not show is as public clients of
 * the interface read it.
 */
#include "admin/rest/rest_parts.h"

#include <string.h>

/* --- certificates --- */

static void take_server(struct cw_rest_taking *taking)
{
	cw_json_put(taking->json, taking->with, "identity", cw_json_text("server"));
}

static void take_store(struct cw_rest_taking *taking)
{
	cw_json_put(taking->json, taking->with, "store", cw_json_text("trusted-ca"));
}

static void take_server_file(struct cw_rest_taking *taking)
{
	take_server(taking);
	cw_rest_parts_file(taking);
}

static void take_store_file(struct cw_rest_taking *taking)
{
	take_store(taking);
	cw_rest_parts_file(taking);
}

/* PEM with CRLF, and no JSON around it. */
static json_t *give_pem(struct cw_rest_giving *giving, const char *pem)
{
	AUTO_BUFFER text = {0};
	if (!pem)
		return cw_rest_parts_none(giving);
	for (const char *c = pem; *c; c++) {
		if (*c == '\n')
			cw_buffer_char(&text, '\r');
		cw_buffer_char(&text, *c);
	}
	giving->json->failed |= text.failed;
	return cw_rest_parts_plain(giving, "text/html", cw_buffer_string(&text));
}

static json_t *give_server(struct cw_rest_giving *giving)
{
	return give_pem(giving, cw_rest_parts_text(json_object_get(giving->said, "certificate"), "pem"));
}

static json_t *give_list(struct cw_rest_giving *giving)
{
	return give_pem(giving, cw_rest_parts_text(giving->said, "pem"));
}

static json_t *give_request(struct cw_rest_giving *giving)
{
	return give_pem(giving, cw_rest_parts_text(json_object_get(giving->said, "request"), "pem"));
}

/* What the page would show goes with the refusal. */
static json_t *give_upload(struct cw_rest_giving *giving, const char *message)
{
	const char *page = cw_rest_parts_text(giving->said, "page_text");
	if (!json_is_true(json_object_get(giving->said, "refused")))
		return cw_rest_parts_message(message);
	giving->reply->status = 400;
	return cw_rest_parts_message(page ? page : "refused");
}

static json_t *give_server_upload(struct cw_rest_giving *giving)
{
	return give_upload(giving, "Server Certificate updated.");
}

static json_t *give_list_upload(struct cw_rest_giving *giving)
{
	return give_upload(giving, "Root Certificate updated.");
}

/* --- generate_csr --- */

static const struct {
	const char *from, *to;
} csr_fields[] = {
	{"Country", "country"},
	{"Province", "state"},
	{"Locality", "locality"},
	{"Organization", "organization"},
	{"OrganizationalUnit", "unit"},
	{"Email", "email"},
};

static void take_names(struct cw_rest_taking *taking, const json_t *body)
{
	const json_t *names = cw_rest_parts_member(body, "Additional_FQDNS");
	if (names && !json_is_array(names) && !json_is_string(names))
		taking->wanted = "Additional_FQDNS: wanted a list of names";
	else if (names)
		cw_json_put(taking->json, taking->with, "sans", json_deep_copy(names));
}

static void take_key(struct cw_rest_taking *taking, const json_t *body)
{
	const json_t *length = cw_rest_parts_member(body, "KeyLength");
	const char *digest = cw_rest_parts_text(body, "DigestAlgorithm");
	char text[40];
	if (json_is_integer(length))
		snprintf(text, sizeof text, "rsa:%" JSON_INTEGER_FORMAT, json_integer_value(length));
	else
		snprintf(text, sizeof text, "rsa:%.20s",
			json_string_value(length) ? json_string_value(length) : "");
	if (length)
		cw_json_put(taking->json, taking->with, "key", cw_json_text(text));
	AUTO_BUFFER lower = {0};
	for (const char *c = digest ? digest : ""; *c; c++)
		if (*c != '-')
			cw_buffer_char(&lower, *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c);
	if (digest)
		cw_json_put(taking->json, taking->with, "digest", cw_json_text(cw_buffer_string(&lower)));
}

static void take_csr(struct cw_rest_taking *taking)
{
	const json_t *body = taking->request->body;
	take_server(taking);
	if (body && !json_is_object(body)) {
		taking->wanted = "wanted an object: Additional_FQDNS, Country, Organization, KeyLength, …";
		return;
	}
	for (size_t i = 0; i < sizeof csr_fields / sizeof *csr_fields; i++) {
		const char *text = cw_rest_parts_text(body, csr_fields[i].from);
		if (text && *text)
			cw_json_put(taking->json, taking->with, csr_fields[i].to, cw_json_text(text));
	}
	take_names(taking, body);
	take_key(taking, body);
}

static json_t *give_csr(struct cw_rest_giving *giving)
{
	giving->reply->status = 201;
	return cw_rest_parts_message("CSR generated.");
}

static json_t *give_discarded(struct cw_rest_giving *giving)
{
	(void)giving;
	return cw_rest_parts_message("CSR discarded.");
}

/* --- zones --- */

static json_t *probe(void)
{
	return json_pack("{s:i, s:i, s:i}", "KeepAliveInterval", 20, "RetryInterval", 2, "RetryCount", 5);
}

static json_t *zone_of(const json_t *zone, bool client)
{
	json_t *port = json_object_get(zone, "port");
	json_t *object = json_pack("{s:o?, s:o?, s:o?, s:o?, s:s, s:s, s:i, s:i, s:s, s:s}", "Name",
		json_incref(json_object_get(zone, "name")), "Status",
		json_incref(json_object_get(zone, "status")), "SIPPort", json_incref(port),
		"AuthenticationUserName", json_incref(json_object_get(zone, "user")), "AuthenticationMode",
		"DoNotCheckCredentials", "AcceptProxiedRegistrations", "Allow", "RetryInterval", 120,
		"HopCount", 15, "SIPMediaICESupport", "Off", "SIPMultistreamMode", "On");
	const char *name = cw_rest_parts_text(zone, "verify_name");
	size_t i;
	json_t *peer;
	if (!client) {
		json_object_set_new(object, "SIPTLSVerifySubjectName", json_string(name ? name : ""));
		json_object_set_new(object, "TCPProbe", probe());
		json_object_set_new(object, "UDPProbe", probe());
		return object;
	}
	json_t *peers = json_array();
	json_array_foreach(json_object_get(zone, "peers"), i, peer)
		json_array_append(peers, json_object_get(peer, "address"));
	json_object_set_new(object, "PeerAddress", peers);
	return object;
}

static json_t *give_zones(struct cw_rest_giving *giving, const char *role)
{
	bool client = strcmp(role, "expressway-c") == 0;
	AUTO(json_decref) json_t *list = json_array();
	size_t i;
	json_t *zone;
	if (!cw_rest_parts_is(giving, role))
		return cw_rest_parts_none(giving);
	json_array_foreach(json_object_get(giving->said, "zones"), i, zone)
		cw_json_add(giving->json, list, zone_of(zone, client));
	return TAKE(list);
}

static json_t *give_client_zones(struct cw_rest_giving *giving)
{
	return give_zones(giving, "expressway-c");
}

static json_t *give_server_zones(struct cw_rest_giving *giving)
{
	return give_zones(giving, "expressway-e");
}

/* Zones of other kinds: these nodes have none. */
static json_t *give_no_list(struct cw_rest_giving *giving)
{
	(void)giving;
	return json_array();
}

/* --- servers, domains, settings --- */

static json_t *give_servers(struct cw_rest_giving *giving)
{
	AUTO(json_decref) json_t *list = json_array();
	size_t i;
	json_t *server;
	json_array_foreach(json_object_get(giving->said, "servers"), i, server)
	{
		if (!json_is_true(json_object_get(server, "publisher")))
			continue;
		cw_json_add(giving->json, list,
			json_pack("{s:o?, s:o?, s:s, s:s, s:s, s:s}", "Publisher",
				json_incref(json_object_get(server, "address")), "TlsVerify",
				json_incref(json_object_get(server, "tls_verify")), "AxlUsername", "axl",
				"AesGcm", "Off", "IcePassthrough", "Off", "SipUpdateForSessionRefresh",
				"Off"));
	}
	return TAKE(list);
}

static void take_publisher(struct cw_rest_taking *taking)
{
	const char *publisher = cw_rest_parts_text(taking->request->body, "Publisher");
	const char *verify = cw_rest_parts_text(taking->request->body, "TlsVerify");
	if (!publisher) {
		taking->wanted = "Publisher: wanted the address of the Unified CM publisher";
		return;
	}
	cw_json_put(taking->json, taking->with, "address", cw_json_text(publisher));
	if (verify)
		cw_json_put(
			taking->json, taking->with, "tls_verify", json_boolean(strcmp(verify, "Off") != 0));
}

static json_t *give_added(struct cw_rest_giving *giving)
{
	giving->reply->status = 201;
	return cw_rest_parts_message("Created.");
}

static json_t *give_removed(struct cw_rest_giving *giving)
{
	(void)giving;
	return cw_rest_parts_message("Deleted.");
}

static json_t *give_domains(struct cw_rest_giving *giving)
{
	AUTO(json_decref) json_t *list = json_array();
	size_t i;
	json_t *domain;
	json_array_foreach(json_object_get(giving->said, "domains"), i, domain)
	{
		json_t *row = json_pack("{s:I, s:o?, s:s, s:s}", "Index", (json_int_t)i + 1, "Name",
			json_incref(json_object_get(domain, "name")), "EdgeSip", "On", "XmppFederation",
			"Off");
		cw_json_add(giving->json, list, row);
	}
	return TAKE(list);
}

static void take_domain(struct cw_rest_taking *taking)
{
	const char *name = cw_rest_parts_text(taking->request->body, "Name");
	if (name)
		cw_json_put(taking->json, taking->with, "domain", cw_json_text(name));
	else
		taking->wanted = "Name: wanted the name of the domain";
}

static json_t *give_mra(struct cw_rest_giving *giving)
{
	(void)giving;
	return json_pack("{s:s, s:s}", "SSO", "Off", "Enabled", "On");
}

static json_t *give_dns(struct cw_rest_giving *giving)
{
	const char *node = cw_rest_parts_text(json_object_get(giving->said, "page"), "node");
	char host[256];
	if (!node)
		node = "";
	size_t length = strcspn(node, ".");
	snprintf(host, sizeof host, "%.*s", (int)(length < 255 ? length : 255), node);
	return json_pack(
		"{s:s, s:s}", "SystemHostName", host, "DomainName", node + length + (node[length] == '.'));
}

static json_t *give_sip(struct cw_rest_giving *giving)
{
	(void)giving;
	return json_pack("[{s:s, s:s, s:s, s:s, s:i, s:s, s:i, s:i, s:i, s:i}]", "SipMode", "On", "UdpMode",
		"Off", "TcpMode", "On", "TlsMode", "On", "TlsPort", 5061, "MutualTlsMode", "On",
		"MutualTlsPort", 5062, "TcpOutboundPortStart", 25000, "TcpOutboundPortEnd", 29999,
		"TlsHandshakeTimeout", 5);
}

static json_t *give_sysinfo(struct cw_rest_giving *giving)
{
	return json_pack("{s:o?, s:o?, s:s}", "SoftwareVersion",
		json_incref(json_object_get(giving->said, "release")), "SystemName",
		json_incref(json_object_get(giving->said, "node")), "Product", "Cisco Expressway");
}

static json_t *give_credentials(struct cw_rest_giving *giving)
{
	AUTO(json_decref) json_t *list = json_array();
	size_t i;
	json_t *zone;
	json_array_foreach(json_object_get(giving->said, "zones"), i, zone) cw_json_add(
		giving->json, list, json_pack("{s:o?}", "Name", json_incref(json_object_get(zone, "user"))));
	return TAKE(list);
}

static json_t *give_restart(struct cw_rest_giving *giving)
{
	giving->reply->status = 200;
	return cw_rest_parts_message("Restarting.");
}

#define GET(path, operation, take, give, summary) \
	{ \
		"GET", path, operation, take, give, false, summary \
	}
#define POST(path, operation, take, give, summary) \
	{ \
		"POST", path, operation, take, give, false, summary \
	}

const struct cw_rest_row cw_rest_expressway_rows[] = {
	GET("/certs/server", "identity", take_server, give_server, "The server certificate, PEM"),
	POST("/certs/server", "identity/upload", take_server_file, give_server_upload,
		"Upload a server certificate: a multipart form, field file"),
	GET("/certs/root", "trust", take_store, give_list, "The trusted CA list in its order, PEM"),
	POST("/certs/root", "trust/append", take_store_file, give_list_upload,
		"Append trusted CA certificates: a multipart form, field file"),
	GET("/certs/generate_csr", "identity", take_server, give_request,
		"The request in progress, PEM; 404: none"),
	POST("/certs/generate_csr", "request/new", take_csr, give_csr,
		"Generate a certificate signing request"),
	{"DELETE", "/certs/generate_csr", "request/discard", take_server, give_discarded, false,
		"Discard the request in progress"},
	GET("/controller/zone/unifiedcommunicationstraversal", "zones", NULL, give_client_zones,
		"Traversal zones of an Expressway-C"),
	GET("/edge/zone/unifiedcommunicationstraversal", "zones", NULL, give_server_zones,
		"Traversal zones of an Expressway-E"),
	GET("/controller/zone/traversalclient", "zones", NULL, give_no_list, "Zones of other kinds: none"),
	GET("/edge/zone/traversalserver", "zones", NULL, give_no_list, "Zones of other kinds: none"),
	GET("/common/zone/neighborzone", "zones", NULL, give_no_list, "Zones of other kinds: none"),
	GET("/common/zone/dnszone", "zones", NULL, give_no_list, "Zones of other kinds: none"),
	GET("/controller/server/cucm", "cucm-servers", NULL, give_servers, "Unified CM servers"),
	POST("/controller/server/cucm", "cucm-servers/add", take_publisher, give_added,
		"Add a Unified CM server"),
	{"DELETE", "/controller/server/cucm", "cucm-servers/remove", take_publisher, give_removed, false,
		"Remove a Unified CM server"},
	GET("/controller/server/imp", "cucm-servers", NULL, give_no_list, "IM and Presence servers: none"),
	GET("/common/mra", "zones", NULL, give_mra, "MRA settings"),
	GET("/common/domain", "domains", NULL, give_domains, "Domains"),
	POST("/common/domain", "domains/add", take_domain, give_added, "Add a domain"),
	{"DELETE", "/common/domain", "domains/remove", take_domain, give_removed, false, "Remove a domain"},
	GET("/common/protocol/sip/configuration", "zones", NULL, give_sip, "SIP settings"),
	GET("/common/dns/dns", "zones", NULL, give_dns, "Host name and domain name"),
	GET("/common/credential", "zones", NULL, give_credentials, "User names of the traversal zones"),
	GET("/sysinfo", "overview", NULL, give_sysinfo, "System information"),
	{"POST", "/common/restart", "restart", NULL, give_restart, true, "Restart the node"},
};
const size_t cw_rest_expressway_count = sizeof cw_rest_expressway_rows / sizeof *cw_rest_expressway_rows;
