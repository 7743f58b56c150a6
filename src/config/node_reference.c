#include "config/node_reference.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FILE_ (&cw_node_file_schema)
#define LISTEN (&cw_listen_schema)
#define HISTORY (&cw_history_schema)
#define CLIENT_CERTIFICATES (&cw_client_certificates_schema)
#define CRL_UPDATES (&cw_crl_updates_schema)
#define EDGE (&cw_edge_schema)
#define ALLOW (&cw_allow_schema)
#define TEST (&cw_allow_test_schema)
#define URL "a URL: http:// or https://, a host, perhaps a port and a path"
#define METHOD "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
#define ADDRESS "an IPv4 address, a port, or both"

static const struct cw_node_reference table[] = {
	{FILE_, "listen", "a map", "every address, and the vendor's ports", "listen: {zone: 192.0.2.1}"},
	{FILE_, "hosts", "a map: a name, and the IPv4 address that it stands for; at most 1000",
		"none: names are asked of DNS", "hosts: {e1.acme.test: 192.0.2.7}"},
	{FILE_, "user", "the name of an account", "this process's own; root takes causeway, else sshd",
		"user: causeway"},
	{FILE_, "apply", "one of at-once, restart", "at-once", "apply: restart"},
	{FILE_, "tls", "one of 1.2, 1.3", "what the release has: 1.2, from X15.0 on (CUCM: 15) 1.3 too",
		"tls: '1.2'"},
	{FILE_, "dns", "a list of DNS servers: an IPv4 address, or with its port; at most 4",
		"the system's, after its hosts file", "dns: ['192.0.2.53']"},
	{FILE_, "history", "a map", "90 days, 200 MB", "history: {days: 30}"},
	{FILE_, "workers", "a number from 1 to 64", "1", "workers: 2"},
	{FILE_, "security-password-file", "a text file of yours; its first line is the password",
		"none: a CUCM publisher tells its subscribers nothing",
		"security-password-file: secrets/security.txt"},
	{FILE_, "client-certificates", "a map", "nobody needs one",
		"client-certificates: {mode: validation}"},
	{FILE_, "crl-updates", "a map", "none", "crl-updates: {enabled: on}"},
	{FILE_, "edge", "a map", "sessions of 8 hours; 8 times in 5 minutes a user may sign in",
		"edge: {session-minutes: 240}"},
	{FILE_, "allow", "a list of maps; at most 1000",
		"none: CUCM's User Data Services and configuration files alone",
		"allow: [{url: 'https://web.acme.test/help', methods: [GET, HEAD]}]"},
	{FILE_, "allow-tests", "a list of maps; at most 1000", "none: the list is taken as it stands",
		"allow-tests: [{url: 'https://web.acme.test/admin', expect: block}]"},
	{LISTEN, "from", "an IPv4 address", "any", "from: 192.0.2.1"},
	{LISTEN, "zone", ADDRESS, "port 7001, or port: of the zone, of every address",
		"zone: 192.0.2.1:7001"},
	{LISTEN, "tunnels", ADDRESS, "port 2222 of every address", "tunnels: 192.0.2.1:2222"},
	{LISTEN, "streams", ADDRESS, "127.0.0.1, any port", "streams: 127.0.0.1"},
	{LISTEN, "https", ADDRESS, "port 8443 of every address", "https: 8443"},
	{LISTEN, "tftp", ADDRESS, "port 6972 of every address", "tftp: 6972"},
	{LISTEN, "sip", ADDRESS, "port 5061 of every address", "sip: 5061"},
	{LISTEN, "sip-oauth", ADDRESS, "port 5091 of every address", "sip-oauth: 5091"},
	{LISTEN, "cluster", ADDRESS, "port 4372 of every address; CUCM: 1515", "cluster: 4372"},
	{LISTEN, "admin", ADDRESS, "port 7443 of every address", "admin: 192.0.2.1:7443"},
	{LISTEN, "admin-certificate", ADDRESS, "port 7444 of every address", "admin-certificate: 7444"},
	{HISTORY, "days", "a number from 1 to 3650", "90", "days: 30"},
	{HISTORY, "megabytes", "a number from 1 to 10000", "200", "megabytes: 50"},
	{CLIENT_CERTIFICATES, "mode", "one of not-required, validation, authentication", "not-required",
		"mode: validation"},
	{CLIENT_CERTIFICATES, "pattern", "a regular expression between slashes",
		"the CN of the subject, as the page comes", "pattern: '/Subject:.*CN=(?<name>[^,]*)/m'"},
	{CLIENT_CERTIFICATES, "format", "a text with groups between number signs", "#captureCommonName#",
		"format: '#name#'"},
	{CRL_UPDATES, "enabled", "on or off", "off", "enabled: on"},
	{CRL_UPDATES, "daily", "a time of day, UTC", "03:00", "daily: '03:30'"},
	{CRL_UPDATES, "urls", "a list of HTTP(S) distribution points", "none",
		"urls: ['http://pki.acme.test/root.crl']"},
	{EDGE, "session-minutes", "a number from 1 to 720", "480", "session-minutes: 240"},
	{EDGE, "authorizations", "a number from 1 to 1000", "8", "authorizations: 20"},
	{EDGE, "period-seconds", "a number from 1 to 3600", "300", "period-seconds: 60"},
	{EDGE, "maintenance", "on or off", "off", "maintenance: on"},
	{ALLOW, "url", URL, "it must be there", "url: 'https://web.acme.test:8443/help'"},
	{ALLOW, "match", "one of prefix, exact", "prefix", "match: exact"},
	{ALLOW, "methods", "a list of " METHOD, "GET", "methods: [GET, POST]"},
	{ALLOW, "description", "a text", "none", "description: the help desk"},
	{TEST, "url", URL, "it must be there", "url: 'https://web.acme.test:8443/admin'"},
	{TEST, "expect", "one of allow, block", "it must be there", "expect: block"},
	{TEST, "method", "one of " METHOD, "GET", "method: PUT"},
	{TEST, "description", "a text", "none", "description: nobody administers from outside"},
};

const struct cw_schema *const *cw_node_reference_maps(size_t *count)
{
	static const struct cw_schema *const maps[] = {
		FILE_, LISTEN, HISTORY, CLIENT_CERTIFICATES, CRL_UPDATES, EDGE, ALLOW, TEST};
	*count = COUNT(maps);
	return maps;
}

const struct cw_node_reference *cw_node_reference(const struct cw_schema *schema, const char *key)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (table[i].schema == schema && strcmp(table[i].key, key) == 0)
			return &table[i];
	return NULL;
}
