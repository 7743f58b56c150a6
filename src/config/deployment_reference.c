#include "config/deployment_reference.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define WANTED "wanted"
#define NONE "none"
#define UNKNOWN "unknown: its links are unknown, never passing"
#define OS_ADMINISTRATION "Cisco Unified OS Administration > Security > Certificate Management"

#define SUFFIX "-password-file"

/* Every key with this suffix. */
static const struct cw_deployment_reference password_file = {SUFFIX, NULL, CW_VALUE_FILE, NULL,
	"none: the file is not encrypted", "a text file of yours; its first line is the password",
	"server-password-file: c1/password.txt"};

static const struct cw_deployment_reference table[] = {
	{"causeway", NULL, CW_VALUE_VERSION, NULL, WANTED, "always 1", "causeway: 1"},
	{"name", &cw_deployment_schema, CW_VALUE_TEXT, NULL, "the name of the file or its folder",
		"yours to choose; it stands in every report", "name: acme"},
	{"name", &cw_domain_schema, CW_VALUE_HOST, NULL, WANTED,
		"Configuration > Domains on Expressway-C: domains with \"Unified CM registrations\" on",
		"name: acme.test"},
	{"name", &cw_zone_schema, CW_VALUE_TEXT, NULL, WANTED, "Configuration > Zones > Zones: Name",
		"name: site-a"},
	{"name", &cw_endpoint_schema, CW_VALUE_TEXT, NULL, WANTED,
		"yours to choose; it stands in every report", "name: laptop"},
	{"name", NULL, CW_VALUE_TEXT, NULL, "the key's own name; wanted where there is a list",
		"yours to choose", "name: site-a"},
	{"domains", &cw_endpoint_schema, CW_VALUE_HOSTS, NULL, "all of the deployment",
		"the domains that its users sign in with", "domains: [acme.test]"},
	{"domains", NULL, CW_VALUE_NAMES_OR_MAPS, NULL, "none: no sign-in is judged",
		"Configuration > Domains on Expressway-C: domains with \"Unified CM registrations\" on",
		"domains: [acme.test, {name: other.test, edge: collab-edge}]"},
	{"edge", NULL, CW_VALUE_CHOICE, "dns|collab-edge|none", "either name will do",
		"how the domain stands in the Expressway-E certificate: as itself, or as collab-edge.DOMAIN",
		"edge: collab-edge"},
	{"chat-aliases", NULL, CW_VALUE_HOSTS, NULL, NONE,
		"IM and Presence administration: group chat server alias mapping",
		"chat-aliases: [chat.acme.test]"},
	{"federation-domains", NULL, CW_VALUE_HOSTS, NULL, NONE,
		"IM and Presence administration: XMPP federation domains",
		"federation-domains: [im.acme.test]"},
	{"phone-profiles", &cw_deployment_schema, CW_VALUE_TEXTS, NULL, NONE,
		"CUCM: System > Security > Phone Security Profile, those with Device Security Mode \"Encrypted\"",
		"phone-profiles: [secure-jabber.acme.test]"},
	{"phone-profiles", NULL, CW_VALUE_TEXTS, NULL, "those of the deployment",
		"CUCM: System > Security > Phone Security Profile, those with Device Security Mode \"Encrypted\"",
		"phone-profiles: [secure-jabber.acme.test]"},
	{"expressway-c", NULL, CW_VALUE_MAP_OR_LIST, NULL, NONE, "one for each cluster", "expressway-c:"},
	{"expressway-e", NULL, CW_VALUE_MAP_OR_LIST, NULL, NONE, "one for each cluster", "expressway-e:"},
	{"cucm", NULL, CW_VALUE_MAP_OR_LIST, NULL, NONE,
		"Configuration > Unified Communications > Unified CM servers on Expressway-C", "cucm:"},
	{"imp", NULL, CW_VALUE_MAP_OR_LIST, NULL, NONE,
		"Configuration > Unified Communications on Expressway-C: IM and Presence Service nodes",
		"imp:"},
	{"unity", NULL, CW_VALUE_MAP_OR_LIST, NULL, NONE,
		"Configuration > Unified Communications on Expressway-C: Unity Connection servers", "unity:"},
	{"front", NULL, CW_VALUE_MAP, NULL, "none: endpoints reach Expressway-E itself",
		"the load balancer or proxy that ends TLS before Expressway-E",
		"front: {fqdn: edge.acme.test, server: front/server.pem}"},
	{"zones", NULL, CW_VALUE_LIST, NULL, "the short form: traversal in expressway-c and expressway-e",
		"Configuration > Zones > Zones: those of type Unified Communications traversal", "zones:"},
	{"endpoints", NULL, CW_VALUE_LIST, NULL, "none: no sign-in is judged",
		"one for each kind of endpoint, with what it trusts", "endpoints:"},
	{"release", NULL, CW_VALUE_RELEASE, NULL, "X14.2; cucm, imp and unity: 14",
		"Status > Overview: Software version; CUCM: show version active", "release: X15.2"},
	{"cluster", NULL, CW_VALUE_HOST, NULL, "none: a single peer", "System > Clustering: Cluster name",
		"cluster: expc.acme.test"},
	{"traversal", NULL, CW_VALUE_MAP, NULL, "none: where zones are listed",
		"Configuration > Zones > Zones: the Unified Communications traversal zone",
		"traversal: {peers: [e1.acme.test]}"},
	{"cucm-tls-verify", NULL, CW_VALUE_CHOICE, "on|off|unknown", "on",
		"Configuration > Unified Communications > Unified CM servers: TLS verify mode",
		"cucm-tls-verify: on"},
	{"verify-origin-server", NULL, CW_VALUE_SWITCH, NULL, "on",
		"xConfiguration EdgeConfigServer VerifyOriginServer on Expressway-C",
		"verify-origin-server: on"},
	{"prefer", NULL, CW_VALUE_CHOICE, "rsa|ecdsa", "by release",
		"Maintenance > Security > Ciphers on Expressway-C: which kind of cipher stands first",
		"prefer: ecdsa"},
	{"eku-check", NULL, CW_VALUE_SWITCH, NULL, "on", "X15.5: ExtendedKeyUsage Checking Mode",
		"eku-check: on"},
	{"server-eku-upload", NULL, CW_VALUE_SWITCH, NULL, "by release",
		"X15.4: whether a server certificate without clientAuth may be uploaded",
		"server-eku-upload: on"},
	{"revocation", NULL, CW_VALUE_CHOICE, "off|crl|unknown", "off",
		"Configuration > Protocols > SIP: Certificate revocation checking mode", "revocation: crl"},
	{"revocation-fallback", NULL, CW_VALUE_CHOICE, "fail|ignore", "fail",
		"Configuration > Protocols > SIP: Fallback behavior", "revocation-fallback: ignore"},
	{"cluster-tls-verify", NULL, CW_VALUE_CHOICE, "on|permissive", "permissive",
		"System > Clustering: TLS verification mode", "cluster-tls-verify: on"},
	{"nodes", NULL, CW_VALUE_LIST, NULL, WANTED, "System > Clustering: the peers; CUCM: System > Server",
		"nodes:"},
	{"secure-registration", NULL, CW_VALUE_CHOICE, "on|off|unknown", "off",
		"CUCM: the endpoints' phone security profiles are encrypted", "secure-registration: on"},
	{"sip-oauth", NULL, CW_VALUE_SWITCH, NULL, "off", "CUCM command line: utils sipOAuth-mode",
		"sip-oauth: on"},
	{"tunnel-key-algorithms", NULL, CW_VALUE_TEXTS, NULL, "all of them",
		"the SSH key algorithms of the tunnels, where they were restricted on the box",
		"tunnel-key-algorithms: [RSA, nistp256]"},
	{"profile", NULL, CW_VALUE_TEXT, NULL, "what the cluster has on",
		"CUCM: Device > Phone: Device Security Profile of the phone", "profile: oauth"},
	{"fqdn", NULL, CW_VALUE_HOST, NULL, WANTED, "System > DNS: System host name and Domain name",
		"fqdn: c1.acme.test"},
	{"address", NULL, CW_VALUE_HOST_OR_HOSTS, NULL, "the fqdn alone",
		"how others reach it: Unified CM servers on Expressway-C (CUCM), System > IP",
		"address: 192.0.2.10"},
	{"sends", NULL, CW_VALUE_CHOICE, "auto|leaf|file", "auto",
		"a packet capture: whether intermediates follow the certificate", "sends: leaf"},
	{"server", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, UNKNOWN,
		"Maintenance > Security > Server certificate: Show (PEM file)", "server: c1/server.pem"},
	{"client", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, "the server certificate",
		"X15.5: the client certificate on Maintenance > Security", "client: c1/client.pem"},
	{"key", NULL, CW_VALUE_FILE, NULL, "none: only compared where it is given",
		"a file of yours, where the request was not made on the box", "key: c1/privkey.pem"},
	{"client-key", NULL, CW_VALUE_FILE, NULL, "none: only compared where it is given",
		"a file of yours, where the request was not made on the box",
		"client-key: c1/client-key.pem"},
	{"trusted-ca", NULL, CW_VALUE_FILES, NULL, UNKNOWN,
		"Maintenance > Security > Trusted CA certificate: Show all (PEM file); single files in a folder have "
		"the order of the numbers that all their names begin with, or of its order.txt",
		"trusted-ca: c1/ca.pem"},
	{"crl", NULL, CW_VALUE_FILES, NULL, NONE,
		"Maintenance > Security > CRL management; causeway crl fetch gets them", "crl: c1/crl.pem"},
	{"publisher", NULL, CW_VALUE_SWITCH, NULL, "on for the first node", "System > Server on CUCM",
		"publisher: true"},
	{"same-as", NULL, CW_VALUE_HOST, NULL, "none: each node has lists of its own",
		"a node of the same cluster whose two trust stores are known", "same-as: pub.acme.test"},
	{"tomcat", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, UNKNOWN, OS_ADMINISTRATION ": tomcat",
		"tomcat: pub/tomcat.pem"},
	{"tomcat-ecdsa", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, "there is none",
		OS_ADMINISTRATION ": tomcat-ECDSA", "tomcat-ecdsa: pub/tomcat-ECDSA.pem"},
	{"callmanager", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, UNKNOWN, OS_ADMINISTRATION ": CallManager",
		"callmanager: pub/CallManager.pem"},
	{"callmanager-ecdsa", NULL, CW_VALUE_FILE_OR_UNKNOWN, NULL, "there is none",
		OS_ADMINISTRATION ": CallManager-ECDSA", "callmanager-ecdsa: pub/CallManager-ECDSA.pem"},
	{"tomcat-trust", NULL, CW_VALUE_FILES, NULL, UNKNOWN, OS_ADMINISTRATION ": each tomcat-trust",
		"tomcat-trust: pub/tomcat-trust"},
	{"callmanager-trust", NULL, CW_VALUE_FILES, NULL, UNKNOWN,
		OS_ADMINISTRATION ": each CallManager-trust", "callmanager-trust: pub/CallManager-trust"},
	{"c", NULL, CW_VALUE_TEXT, NULL, "the only expressway-c", "the name of an expressway-c of this file",
		"c: site-a"},
	{"e", NULL, CW_VALUE_TEXT, NULL, "the only expressway-e", "the name of an expressway-e of this file",
		"e: dmz"},
	{"port", NULL, CW_VALUE_PORT, NULL, "7001", "Configuration > Zones > Zones: SIP Port", "port: 7001"},
	{"peers", NULL, CW_VALUE_HOSTS, NULL, WANTED,
		"Configuration > Zones > Zones on Expressway-C: Peer 1 address and the others, as typed",
		"peers: [e1.acme.test, e2.acme.test]"},
	{"tls-verify-name", NULL, CW_VALUE_HOST, NULL, "none: the name is not judged",
		"Configuration > Zones > Zones on Expressway-E: TLS verify subject name",
		"tls-verify-name: expc.acme.test"},
	{"username", NULL, CW_VALUE_TEXT, NULL, "none: not judged", "Configuration > Zones > Zones: Username",
		"username: traversal"},
	{"password", NULL, CW_VALUE_TEXT, NULL, "none: not judged", "Configuration > Zones > Zones: Password",
		"password: secret"},
	{"password-file", NULL, CW_VALUE_FILE, NULL, "none: password says it",
		"a text file of yours; its first line is the password", "password-file: secrets/zone.txt"},
	{"kind", NULL, CW_VALUE_CHOICE, "jabber|webex|telepresence|phone-7800|phone-8800|phone-9800", WANTED,
		"what the endpoint is", "kind: jabber"},
	{"trust", NULL, CW_VALUE_TRUST, NULL, UNKNOWN,
		"the list of the device: exported from it, the vendor's published list, or system",
		"trust: system"},
	{"fingerprints", NULL, CW_VALUE_FILE, NULL, WANTED,
		"a vendor's published list of CAs, one SHA-256 a line", "fingerprints: phones/8800.txt"},
};

const struct cw_deployment_reference *cw_deployment_reference(const struct cw_schema *schema, const char *key)
{
	size_t length = strlen(key);
	for (size_t i = 0; i < COUNT(table); i++)
		if (strcmp(table[i].key, key) == 0 && (!table[i].schema || table[i].schema == schema))
			return &table[i];
	if (length > strlen(SUFFIX) && strcmp(key + length - strlen(SUFFIX), SUFFIX) == 0)
		return &password_file;
	return NULL;
}

const char *cw_deployment_reference_type(enum cw_value_kind kind)
{
	static const char *const types[CW_VALUE_KIND_COUNT] = {[CW_VALUE_VERSION] = "the number 1",
		[CW_VALUE_TEXT] = "text",
		[CW_VALUE_HOST] = "a host name or IP address",
		[CW_VALUE_HOSTS] = "a list of names",
		[CW_VALUE_HOST_OR_HOSTS] = "a host name or IP address, or a list of them",
		[CW_VALUE_TEXTS] = "a list of names",
		[CW_VALUE_SWITCH] = "on or off",
		[CW_VALUE_CHOICE] = "one of",
		[CW_VALUE_PORT] = "a number from 1 to 65535",
		[CW_VALUE_RELEASE] = "a release: X12.5 to X15.5, or 12.5 to 15 of cucm, imp and unity",
		[CW_VALUE_FILE] = "a file",
		[CW_VALUE_FILE_OR_UNKNOWN] = "a file (PEM, DER, PKCS#7, PKCS#12), or unknown",
		[CW_VALUE_FILES] = "a file, a list of files, a folder, or unknown; order counts",
		[CW_VALUE_MAP] = "a map",
		[CW_VALUE_MAP_OR_LIST] = "a map, or a list of maps",
		[CW_VALUE_LIST] = "a list of maps",
		[CW_VALUE_NAMES_OR_MAPS] = "a list of names or maps",
		[CW_VALUE_TRUST] =
			"system, a file, a folder, a map (known by fingerprints), a list of these, or unknown"};
	return types[kind];
}

static const struct cw_schema *node_of_group(const struct cw_schema *group)
{
	for (int kind = 0; kind < CW_NODE_FRONT; kind++)
		if (cw_deployment_keys_group((enum cw_node_kind)kind) == group)
			return cw_deployment_keys_node((enum cw_node_kind)kind);
	return NULL;
}

static const struct cw_schema *group_named(const char *key)
{
	for (int kind = 0; kind < CW_NODE_FRONT; kind++)
		if (strcmp(cw_node_kind_name((enum cw_node_kind)kind), key) == 0)
			return cw_deployment_keys_group((enum cw_node_kind)kind);
	return NULL;
}

const struct cw_schema *cw_deployment_reference_child(const struct cw_schema *schema, const char *key)
{
	static const struct {
		const char *key;
		const struct cw_schema *child;
	} fixed[] = {
		{"zones", &cw_zone_schema}, {"endpoints", &cw_endpoint_schema}, {"trust", &cw_trust_schema}};
	if (strcmp(key, "nodes") == 0)
		return node_of_group(schema);
	if (strcmp(key, "front") == 0)
		return cw_deployment_keys_node(CW_NODE_FRONT);
	if (strcmp(key, "domains") == 0)
		return schema == &cw_deployment_schema ? &cw_domain_schema : NULL;
	if (strcmp(key, "traversal") == 0 && schema == cw_deployment_keys_group(CW_NODE_EXPRESSWAY_C))
		return &cw_traversal_c_schema;
	if (strcmp(key, "traversal") == 0)
		return &cw_traversal_e_schema;
	for (size_t i = 0; i < COUNT(fixed); i++)
		if (strcmp(fixed[i].key, key) == 0)
			return fixed[i].child;
	return group_named(key);
}
