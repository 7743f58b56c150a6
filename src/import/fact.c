#include "import/fact.h"

#include <ctype.h>
#include <string.h>

/* A number is wanted behind a word with ".#"; elsewhere one is passed over. */
static const struct {
	const char *words;
	enum cw_fact_key key;
} rows[] = {
	{"SystemUnit Software Version", CW_FACT_RELEASE},
	{"SystemUnit Hostname", CW_FACT_HOST_NAME},
	{"IP DNS Hostname", CW_FACT_HOST_NAME},
	{"IP DNS Domain Name", CW_FACT_DOMAIN_NAME},
	{"Ethernet.# IP V4 Address", CW_FACT_ADDRESS},
	{"Ethernet.# IP V6 Address", CW_FACT_ADDRESS},
	{"Network FQDN", CW_FACT_FQDN},
	{"Alternates Cluster Name", CW_FACT_CLUSTER_NAME},
	{"Alternates Peer.# Address", CW_FACT_CLUSTER_PEER},
	{"Zones Zone.# Name", CW_FACT_ZONE_NAME},
	{"Zones Zone.# Type", CW_FACT_ZONE_TYPE},
	{"Zones Zone.# TraversalClient Peer.# Address", CW_FACT_ZONE_C_PEER},
	{"Zones Zone.# TraversalClient SIP Port", CW_FACT_ZONE_C_PORT},
	{"Zones Zone.# TraversalClient Authentication UserName", CW_FACT_ZONE_C_USER},
	{"Zones Zone.# TraversalClient Collaboration Edge", CW_FACT_ZONE_C_EDGE},
	{"Zones Zone.# TraversalClient SIP TLS Verify Mode", CW_FACT_ZONE_C_VERIFY},
	{"Zones Zone.# TraversalServer SIP Port", CW_FACT_ZONE_E_PORT},
	{"Zones Zone.# TraversalServer Authentication UserName", CW_FACT_ZONE_E_USER},
	{"Zones Zone.# TraversalServer Collaboration Edge", CW_FACT_ZONE_E_EDGE},
	{"Zones Zone.# TraversalServer SIP TLS Verify Mode", CW_FACT_ZONE_E_VERIFY},
	{"Zones Zone.# TraversalServer SIP TLS Verify Subject Name", CW_FACT_ZONE_E_VERIFY_NAME},
	{"Zones Zone.# Neighbor Peer.# Address", CW_FACT_ZONE_NEIGHBOR_PEER},
	{"SIP Domain.# Name", CW_FACT_DOMAIN},
	{"SIP Domain.# Edgesip", CW_FACT_DOMAIN_EDGE},
	{"SIP Domain.# XmppFederation", CW_FACT_DOMAIN_FEDERATION},
	{"SIP TLS Certificate Revocation Checking Mode", CW_FACT_REVOCATION},
	{"SIP TLS Certificate Revocation Checking CRL Mode", CW_FACT_REVOCATION_CRL},
	{"SIP TLS Certificate Revocation Checking Source Inaccessibility Behavior",
		CW_FACT_REVOCATION_FALLBACK},
	{"SIP TLS Certificate ExtendedKeyUsage Checking Mode", CW_FACT_EKU_CHECK},
	{"XCP TLS Certificate CVS EnableServerEkuUpload", CW_FACT_SERVER_EKU_UPLOAD},
	{"Ciphers sshd_pfwd_pubkeyalgorithms Value", CW_FACT_TUNNEL_KEYS},
	{"Ciphers sshd_pfwd_pubkeyalgorithms", CW_FACT_TUNNEL_KEYS},
	{"EdgeConfigServer VerifyOriginServer", CW_FACT_VERIFY_ORIGIN},
	{"clusterConfiguration tls_verify", CW_FACT_CLUSTER_VERIFY},
	{"CollaborationEdge Enabled", CW_FACT_MRA},
};

/* For comments, where a source is not an xConfiguration dump. */
static const struct {
	enum cw_fact_key key;
	const char *words;
} other_words[] = {
	{CW_FACT_CUCM_ADDRESS, "server/cucm Publisher"},
	{CW_FACT_CUCM_VERIFY, "server/cucm TlsVerify"},
	{CW_FACT_IMP_ADDRESS, "server/imp Publisher"},
	{CW_FACT_IMP_VERIFY, "server/imp TlsVerify"},
	{CW_FACT_SECURITY_MODE, "ClusterSecurityMode"},
	{CW_FACT_VOICE_NODE, "process node"},
	{CW_FACT_VOICE_USAGE, "nodeUsage"},
	{CW_FACT_VOICE_ROLE, "processNodeRole"},
	{CW_FACT_VOICE_RELEASE, "version active"},
	{CW_FACT_PROFILE, "phone security profile"},
	{CW_FACT_PROFILE_MODE, "deviceSecurityMode"},
	{CW_FACT_PHONE_MODEL, "typemodel"},
	{CW_FACT_LIST_NAME, "show cert list"},
	{CW_FACT_SIGNED_HOST, "trust list of phones"},
	{CW_FACT_SIGNED_SHA1, "trust list of phones"},
};

/* The number behind a word (".6") with its dot; `*length` 0 where there is none. False: no position at all.
 */
static bool read_number(const char *at, unsigned *number, size_t *length)
{
	*number = 0;
	*length = 0;
	if (at[0] != '.' || !isdigit((unsigned char)at[1]))
		return true;
	for (size_t i = 1;; i++) {
		if (!isdigit((unsigned char)at[i])) {
			*length = i;
			return true;
		}
		*number = *number * 10 + (unsigned)(at[i] - '0');
		if (*number > CW_FACT_NUMBER_MAX)
			return false;
	}
}

/*
 * Walks a row and a path side by side. Spaces count in neither: an XML dump may write as one element what the
 * text dump writes as two words. Every turn moves one of them forward.
 */
static bool match_row(const char *row, const char *path, unsigned numbers[2])
{
	size_t count = 0;
	numbers[0] = numbers[1] = 0;
	while (*row || *path) {
		if (*row == ' ' || *path == ' ') {
			row += *row == ' ';
			path += *path == ' ';
			continue;
		}
		unsigned number;
		size_t length;
		if (!read_number(path, &number, &length))
			return false;
		path += length;
		if (strncmp(row, ".#", 2) == 0) {
			numbers[count++ % 2] = number ? number : 1;
			row += 2;
		} else if (!length) {
			if (tolower((unsigned char)*row) != tolower((unsigned char)*path) || !*row)
				return false;
			row++;
			path++;
		}
	}
	return true;
}

bool cw_fact_find(const char *words, enum cw_fact_key *ret, unsigned *ret_a, unsigned *ret_b)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned numbers[2];
		if (!match_row(rows[i].words, words, numbers))
			continue;
		*ret = rows[i].key;
		*ret_a = numbers[0];
		*ret_b = numbers[1];
		return true;
	}
	return false;
}

const char *cw_fact_words(enum cw_fact_key key)
{
	for (size_t i = 0; i < sizeof other_words / sizeof other_words[0]; i++)
		if (other_words[i].key == key)
			return other_words[i].words;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].key == key)
			return rows[i].words;
	return "";
}

bool cw_fact_is_secret(const char *word)
{
	static const char *const parts[] = {"password", "passwd", "passphrase", "privatekey", "private_key",
		"secret", "token", "cookie", "community", "sharedkey", "credential"};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strcasestr(word, parts[i]))
			return true;
	return false;
}
