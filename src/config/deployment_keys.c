#include "config/deployment_keys.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SCHEMA(what, keys) \
	{ \
		what, keys, COUNT(keys) \
	}

#define DEPLOYMENT(member) offsetof(struct cw_raw_deployment, member)
#define GROUP(member) offsetof(struct cw_raw_group, member)
#define NODE(member) offsetof(struct cw_raw_node, member)
#define ZONE(member) offsetof(struct cw_raw_zone, member)

#define DEPLOYMENT_KEYS \
	{"causeway", DEPLOYMENT(causeway), "version of the format: 1"}, \
		{"name", DEPLOYMENT(name), \
			"of the deployment, for reports; default: the file's or its folder's"}, \
		{"domains", DEPLOYMENT(domains), \
			"edge domains that users sign in with: names, or {name, edge}"}, \
		{"chat-aliases", DEPLOYMENT(chat_aliases), "XMPP persistent chat node aliases"}, \
		{"federation-domains", DEPLOYMENT(federation_domains), "XMPP federation domains"}, \
		{"phone-profiles", DEPLOYMENT(phone_profiles), \
			"phone security profiles: encrypted, without OAuth"}, \
		{"expressway-c", DEPLOYMENT(groups[CW_NODE_EXPRESSWAY_C]), \
			"a cluster of Expressway-C, or a list of them"}, \
		{"expressway-e", DEPLOYMENT(groups[CW_NODE_EXPRESSWAY_E]), \
			"a cluster of Expressway-E, or a list of them"}, \
		{"cucm", DEPLOYMENT(groups[CW_NODE_CUCM]), "a CUCM cluster, or a list of them"}, \
		{"imp", DEPLOYMENT(groups[CW_NODE_IMP]), "IM and Presence nodes"}, \
		{"unity", DEPLOYMENT(groups[CW_NODE_UNITY]), "Unity Connection nodes"}, \
		{"front", DEPLOYMENT(groups[CW_NODE_FRONT]), "a TLS front before Expressway-E"}, \
		{"zones", DEPLOYMENT(zones), "a list: who talks to whom; short form: traversal"}, \
	{ \
		"endpoints", DEPLOYMENT(endpoints), \
			"a list: Jabber, TelePresence and phones, and what they trust" \
	}

static const struct cw_key deployment_keys[] = {DEPLOYMENT_KEYS};
const struct cw_schema cw_deployment_schema = SCHEMA("a deployment", deployment_keys);

/* Of node.yaml alone: no deployment file has them. */
#define NODE_FILE(member) offsetof(struct cw_raw_deployment, member)
static const struct cw_key node_file_keys[] = {
	DEPLOYMENT_KEYS,
	{"listen", NODE_FILE(listen), "where this node listens: address, port or address:port, per service"},
	{"hosts", NODE_FILE(hosts), "a map: name to IPv4 address, looked at before anything else"},
	{"user", NODE_FILE(user), "the account that ssh and sshd run as; default: this process's own"},
	{"apply", NODE_FILE(apply), "what was changed counts: at-once (default), or after a restart"},
	{"tls", NODE_FILE(tls), "the TLS version: 1.2 or 1.3; default: those that the release has"},
	{"dns", NODE_FILE(dns),
		"a list of DNS servers: address or address:port; default: those of the system"},
	{"history", NODE_FILE(history), "the bounds of history.db"},
	{"workers", NODE_FILE(workers),
		"Expressways: processes between clients' bytes and this node's passwords; 1 to 64, default 1"},
	{"security-password-file", NODE_FILE(security_password),
		"CUCM: by which publisher and subscribers know each other; none: no list goes to subscribers"},
	{"client-certificates", NODE_FILE(client_certificates),
		"who may log in to the pages with a certificate; default: nobody needs one"},
	{"crl-updates", NODE_FILE(crl_updates), "from where revocation lists come by themselves"},
	{"edge", NODE_FILE(edge), "Expressways: how people sign in from outside"},
	{"allow", NODE_FILE(allow),
		"Expressway-C: a list of what signed-in people reach besides the servers of this file"},
	{"allow-tests", NODE_FILE(allow_tests),
		"Expressway-C: a list of requests that prove the allow list before it counts"},
};
const struct cw_schema cw_node_file_schema = SCHEMA("a node", node_file_keys);

#define LISTEN(member) offsetof(struct cw_raw_listen, member)
static const struct cw_key listen_keys[] = {
	{"from", LISTEN(from), "the IPv4 address that connections of this node begin at"},
	{"zone", LISTEN(zone), "Expressway-E: the traversal zone; default: port 7001 of every address"},
	{"tunnels", LISTEN(tunnels), "Expressway-E: SSH tunnels; default: port 2222 of every address"},
	{"streams", LISTEN(streams), "Expressway-E: where streams into tunnels begin; default: 127.0.0.1"},
	{"https", LISTEN(https),
		"CUCM: tomcat; Expressway-E: clients from outside; default: port 8443 of every address"},
	{"tftp", LISTEN(tftp), "CUCM: TFTP over HTTPS; default: port 6972 of every address"},
	{"sip", LISTEN(sip), "CUCM and Expressway-C: SIP over TLS; default: port 5061 of every address"},
	{"sip-oauth", LISTEN(sip_oauth), "CUCM: SIP OAuth; default: port 5091 of every address"},
	{"cluster", LISTEN(cluster),
		"the other peers of the cluster; default: port 4372 of every address, CUCM: 1515"},
	{"admin", LISTEN(admin), "the pages for administrators; default: port 7443 of every address"},
	{"admin-certificate", LISTEN(admin_cert),
		"the same, for browsers that show a certificate; default: port 7444 of every address"},
};
const struct cw_schema cw_listen_schema = SCHEMA("listen", listen_keys);

#define HISTORY(member) offsetof(struct cw_raw_history, member)
static const struct cw_key history_keys[] = {
	{"days", HISTORY(days), "older entries go; 1 to 3650, default 90"},
	{"megabytes", HISTORY(megabytes), "the oldest entries go; 1 to 10000, default 200"},
};
const struct cw_schema cw_history_schema = SCHEMA("history", history_keys);

#define CLIENT_CERTIFICATES(member) offsetof(struct cw_raw_client_certificates, member)
static const struct cw_key client_certificates_keys[] = {
	{"mode", CLIENT_CERTIFICATES(mode), "not-required (default), validation or authentication"},
	{"pattern", CLIENT_CERTIFICATES(pattern),
		"a regular expression with named groups for the decoded certificate"},
	{"format", CLIENT_CERTIFICATES(format), "the user name, with the groups between number signs"},
};
const struct cw_schema cw_client_certificates_schema =
	SCHEMA("client-certificates", client_certificates_keys);

#define CRL_UPDATES(member) offsetof(struct cw_raw_crl_updates, member)
static const struct cw_key crl_updates_keys[] = {
	{"enabled", CRL_UPDATES(enabled), "automatic CRL updates: on or off (default)"},
	{"daily", CRL_UPDATES(daily), "when, in UTC: 03:00"},
	{"urls", CRL_UPDATES(urls), "a list of HTTP(S) distribution points"},
};
const struct cw_schema cw_crl_updates_schema = SCHEMA("crl-updates", crl_updates_keys);
#define EDGE(member) offsetof(struct cw_raw_edge, member)
static const struct cw_key edge_keys[] = {
	{"session-minutes", EDGE(session_minutes),
		"Expressway-C: so long a session lasts; 1 to 720, default 480"},
	{"authorizations", EDGE(authorizations),
		"Expressway-E: a user may sign in so often in a period; 1 to 1000, default 8"},
	{"period-seconds", EDGE(period_seconds), "Expressway-E: the period; 1 to 3600, default 300"},
	{"maintenance", EDGE(maintenance),
		"Expressway-E: on: nobody is served, with status 503; default off"},
};
const struct cw_schema cw_edge_schema = SCHEMA("edge", edge_keys);

#define ALLOW(member) offsetof(struct cw_raw_allow, member)
static const struct cw_key allow_keys[] = {
	{"url", ALLOW(url), "http or https, host, perhaps a port and a path"},
	{"match", ALLOW(match), "prefix (default) or exact: how the path counts"},
	{"methods", ALLOW(methods), "a list of methods; default: GET"},
	{"description", ALLOW(description), "a text for people"},
};
const struct cw_schema cw_allow_schema = SCHEMA("a rule of allow", allow_keys);

static const struct cw_key allow_test_keys[] = {
	{"url", ALLOW(url), "http or https, host, perhaps a port and a path"},
	{"expect", ALLOW(expect), "allow or block"},
	{"method", ALLOW(method), "a method; default: GET"},
	{"description", ALLOW(description), "a text for people"},
};
const struct cw_schema cw_allow_test_schema = SCHEMA("a test of allow-tests", allow_test_keys);

static const struct cw_key domain_keys[] = {
	{"name", offsetof(struct cw_raw_domain, name), "the domain"},
	{"edge", offsetof(struct cw_raw_domain, edge),
		"dns, collab-edge or none; default: either name will do"},
};
const struct cw_schema cw_domain_schema = SCHEMA("a domain", domain_keys);

#define NAME \
	{ \
		"name", GROUP(name), "wanted where there is a list of them" \
	}
#define NODES \
	{ \
		"nodes", GROUP(nodes), "a list of its nodes" \
	}
#define CLUSTER \
	{ \
		"cluster", GROUP(cluster), "cluster FQDN; left out for a single peer" \
	}
#define RELEASE \
	{ \
		"release", GROUP(release), "X12.5 to X15.5; default X14.2" \
	}
#define CUCM_RELEASE \
	{ \
		"release", GROUP(release), "12.5 to 15; default 14" \
	}
#define TUNNEL_KEYS \
	{ \
		"tunnel-key-algorithms", GROUP(tunnel_key_algorithms), \
			"a list of RSA, nistp256, nistp384 and nistp521; default: all of them" \
	}
#define TRAVERSAL \
	{ \
		"traversal", GROUP(traversal), "its side of the one traversal zone" \
	}
#define EKU_CHECK \
	{ \
		"eku-check", GROUP(eku_check), "X15.5 ExtendedKeyUsage Checking Mode: on (default) or off" \
	}
#define REVOCATION \
	{"revocation", GROUP(revocation), "of SIP TLS links: off (default), crl or unknown"}, \
	{ \
		"revocation-fallback", GROUP(revocation_fallback), \
			"where a CRL cannot be had: fail (default) or ignore" \
	}
#define CLUSTER_TLS_VERIFY \
	{ \
		"cluster-tls-verify", GROUP(cluster_tls_verify), \
			"between cluster peers: on or permissive (default)" \
	}

static const struct cw_key c_keys[] = {
	NAME,
	RELEASE,
	CLUSTER,
	TRAVERSAL,
	{"cucm-tls-verify", GROUP(cucm_tls_verify),
		"towards CUCM, IM&P and Unity: on (default), off or unknown"},
	{"verify-origin-server", GROUP(verify_origin_server), "X14.2 traffic server: on (default) or off"},
	{"prefer", GROUP(prefer),
		"which of CUCM's twins a handshake picks: rsa or ecdsa; default: by release"},
	EKU_CHECK,
	REVOCATION,
	CLUSTER_TLS_VERIFY,
	TUNNEL_KEYS,
	NODES,
};

static const struct cw_key e_keys[] = {
	NAME,
	RELEASE,
	CLUSTER,
	TRAVERSAL,
	EKU_CHECK,
	{"server-eku-upload", GROUP(server_eku_upload),
		"X15.4: accepts a serverAuth-only certificate: on or off"},
	REVOCATION,
	CLUSTER_TLS_VERIFY,
	TUNNEL_KEYS,
	NODES,
};

static const struct cw_key cucm_keys[] = {
	NAME,
	CUCM_RELEASE,
	{"secure-registration", GROUP(secure_registration),
		"SIP over TLS inside: on, off (default) or unknown"},
	{"sip-oauth", GROUP(sip_oauth), "SIP OAuth mode, port 5091: on or off (default)"},
	{"cucm-tls-verify", GROUP(cucm_tls_verify), "instead of that of expressway-c: on, off or unknown"},
	{"phone-profiles", GROUP(phone_profiles), "instead of those of the deployment"},
	NODES,
};

static const struct cw_key tomcat_group_keys[] = {NAME, CUCM_RELEASE, NODES};

#define FQDN \
	{"fqdn", NODE(fqdn), "host name"}, \
		{"address", NODE(address), "further names and IP addresses: one or a list"}, \
	{ \
		"sends", NODE(sends), "on the wire: auto (default), leaf, or file (what stands in the file)" \
	}
#define IDENTITY(name, kind) \
	{name, NODE(identities[kind]), "a certificate file, or unknown"}, \
	{ \
		name "-password-file", NODE(identity_passwords[kind]), "for PKCS#12 and encrypted keys" \
	}
#define KEY(name, kind) \
	{name, NODE(keys[kind]), "the private key's file; only compared"}, \
	{ \
		name "-password-file", NODE(key_passwords[kind]), "where the key is encrypted" \
	}
#define STORE(name, kind) \
	{name, NODE(stores[kind]), "a file, a list of files, a folder, or unknown; order counts"}, \
	{ \
		name "-password-file", NODE(store_passwords[kind]), "for PKCS#12" \
	}

#define EXPRESSWAY_IDENTITIES \
	IDENTITY("server", CW_IDENTITY_SERVER), KEY("key", CW_IDENTITY_SERVER), \
		IDENTITY("client", CW_IDENTITY_CLIENT), KEY("client-key", CW_IDENTITY_CLIENT), \
		STORE("trusted-ca", CW_STORE_TRUSTED_CA)

static const struct cw_key expressway_node_keys[] = {
	FQDN,
	EXPRESSWAY_IDENTITIES,
	{"crl", NODE(crl), "a file, a list of files, a folder, or unknown"},
};

static const struct cw_key cucm_node_keys[] = {
	FQDN,
	{"publisher", NODE(publisher), "on for one node; default: the first"},
	IDENTITY("tomcat", CW_IDENTITY_TOMCAT),
	IDENTITY("tomcat-ecdsa", CW_IDENTITY_TOMCAT_ECDSA),
	IDENTITY("callmanager", CW_IDENTITY_CALLMANAGER),
	IDENTITY("callmanager-ecdsa", CW_IDENTITY_CALLMANAGER_ECDSA),
	STORE("tomcat-trust", CW_STORE_TOMCAT_TRUST),
	STORE("callmanager-trust", CW_STORE_CALLMANAGER_TRUST),
	{"same-as", NODE(same_as), "fqdn of the node whose two stores are this one's too"},
};

static const struct cw_key tomcat_node_keys[] = {
	FQDN,
	IDENTITY("tomcat", CW_IDENTITY_TOMCAT),
	IDENTITY("tomcat-ecdsa", CW_IDENTITY_TOMCAT_ECDSA),
	STORE("tomcat-trust", CW_STORE_TOMCAT_TRUST),
};

static const struct cw_key front_keys[] = {FQDN, EXPRESSWAY_IDENTITIES};

static const struct cw_schema group_schemas[] = {
	[CW_NODE_EXPRESSWAY_C] = SCHEMA("expressway-c", c_keys),
	[CW_NODE_EXPRESSWAY_E] = SCHEMA("expressway-e", e_keys),
	[CW_NODE_CUCM] = SCHEMA("cucm", cucm_keys),
	[CW_NODE_IMP] = SCHEMA("imp", tomcat_group_keys),
	[CW_NODE_UNITY] = SCHEMA("unity", tomcat_group_keys),
};

static const struct cw_schema node_schemas[] = {
	[CW_NODE_EXPRESSWAY_C] = SCHEMA("a node of expressway-c", expressway_node_keys),
	[CW_NODE_EXPRESSWAY_E] = SCHEMA("a node of expressway-e", expressway_node_keys),
	[CW_NODE_CUCM] = SCHEMA("a node of cucm", cucm_node_keys),
	[CW_NODE_IMP] = SCHEMA("a node of imp", tomcat_node_keys),
	[CW_NODE_UNITY] = SCHEMA("a node of unity", tomcat_node_keys),
	[CW_NODE_FRONT] = SCHEMA("the front", front_keys),
};

#define PORT \
	{ \
		"port", ZONE(port), "default 7001" \
	}
#define PEERS \
	{ \
		"peers", ZONE(peers), \
			"a list: addresses of Expressway-E as typed in the zone of Expressway-C" \
	}
#define VERIFY_NAME \
	{ \
		"tls-verify-name", ZONE(tls_verify_name), "what Expressway-E wants in C's certificate" \
	}
#define CREDENTIALS \
	{"username", ZONE(username), "left out: not judged"}, \
		{"password", ZONE(password), "left out: not judged"}, \
	{ \
		"password-file", ZONE(password_file), "in place of password: a file whose first line it is" \
	}

static const struct cw_key zone_keys[] = {
	{"name", ZONE(name), "for reports"},
	{"c", ZONE(c), "name of an expressway-c"},
	{"e", ZONE(e), "name of an expressway-e"},
	PORT,
	PEERS,
	VERIFY_NAME,
	CREDENTIALS,
};
const struct cw_schema cw_zone_schema = SCHEMA("a zone", zone_keys);

static const struct cw_key traversal_c_keys[] = {PEERS, PORT, CREDENTIALS};
const struct cw_schema cw_traversal_c_schema = SCHEMA("the traversal of expressway-c", traversal_c_keys);

static const struct cw_key traversal_e_keys[] = {VERIFY_NAME, PORT, CREDENTIALS};
const struct cw_schema cw_traversal_e_schema = SCHEMA("the traversal of expressway-e", traversal_e_keys);

static const struct cw_key endpoint_keys[] = {
	{"name", offsetof(struct cw_raw_endpoint, name), "for reports"},
	{"kind", offsetof(struct cw_raw_endpoint, kind),
		"jabber, webex, telepresence, phone-7800, phone-8800 or phone-9800"},
	{"profile", offsetof(struct cw_raw_endpoint, profile),
		"a phone profile, oauth or none; default: what the cluster has on"},
	{"trust", offsetof(struct cw_raw_endpoint, trust),
		"system, a file, a folder, {fingerprints: FILE}, a list of these, or unknown"},
	{"trust-password-file", offsetof(struct cw_raw_endpoint, trust_password), "for PKCS#12"},
	{"domains", offsetof(struct cw_raw_endpoint, domains), "those it signs in for; default: all"},
};
const struct cw_schema cw_endpoint_schema = SCHEMA("an endpoint", endpoint_keys);

static const struct cw_key trust_keys[] = {
	{"fingerprints", offsetof(struct cw_raw_trust, fingerprints), "a file with one SHA-256 a line"},
};
const struct cw_schema cw_trust_schema = SCHEMA("a trust list known by fingerprints", trust_keys);

const struct cw_schema *cw_deployment_keys_group(enum cw_node_kind kind)
{
	return &group_schemas[kind];
}

const struct cw_schema *cw_deployment_keys_node(enum cw_node_kind kind)
{
	return &node_schemas[kind];
}

const struct cw_schema *const *cw_deployment_keys_all(size_t *count)
{
	static const struct cw_schema *const all[] = {
		&cw_deployment_schema,
		&group_schemas[CW_NODE_EXPRESSWAY_C],
		&group_schemas[CW_NODE_EXPRESSWAY_E],
		&group_schemas[CW_NODE_CUCM],
		&group_schemas[CW_NODE_IMP],
		&group_schemas[CW_NODE_UNITY],
		&node_schemas[CW_NODE_EXPRESSWAY_C],
		&node_schemas[CW_NODE_EXPRESSWAY_E],
		&node_schemas[CW_NODE_CUCM],
		&node_schemas[CW_NODE_IMP],
		&node_schemas[CW_NODE_UNITY],
		&node_schemas[CW_NODE_FRONT],
		&cw_traversal_c_schema,
		&cw_traversal_e_schema,
		&cw_zone_schema,
		&cw_domain_schema,
		&cw_endpoint_schema,
		&cw_trust_schema,
	};
	*count = COUNT(all);
	return all;
}
