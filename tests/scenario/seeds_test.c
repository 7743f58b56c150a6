/*
 * What the seeds tell of and no single planted fault shows: a sentence, a deployment, an outcome. Which row
 * stands for which sentence is in docs/seed-coverage.md.
 */
#include "edited.h"

#define SMALL CW_LAB_SMALL
#define X12_5 \
	{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"}, \
	{ \
		"expressway-e:\n  release: X14.2", "expressway-e:\n  release: X12.5" \
	}
#define C_OF_PUBLIC_CA \
	{ \
		"c1/server.pem", "public-issuing", "O=Acme, CN=c1.acme.test", C_NAMES, "client, server" \
	}
#define PUBLIC "ca/public-issuing/ca.pem, ca/public-root/ca.pem"
#define PRIVATE "ca/private-issuing/ca.pem, ca/private-root/ca.pem"
/* 25 names of 39 characters and more: what stands behind them is behind character 999. */
#define LONG(n) "DNS:a-long-alias-of-the-box-" n ".acme.test, "
#define LONG_5(n) LONG(n "1") LONG(n "2") LONG(n "3") LONG(n "4") LONG(n "5")
#define OVER_999 LONG_5("1") LONG_5("2") LONG_5("3") LONG_5("4") LONG_5("5")

static const struct row rows[] = {
	/* "The Expressway-E can work with an internal CA-signed certificate, but …" */
	{"e-of-internal-ca", NULL, SMALL, {E_NO_KEY, {"trusted-ca: e1/ca.pem", "trusted-ca: [" PRIVATE "]"}},
		{{"e1/server.pem", "private-issuing", "O=Acme, CN=e1.acme.test", E_NAMES, "client, server"}},
		false},
	/* "If the Expressway-C certificate is signed by the same CA that signed the Expressway-E" */
	{"one-ca-for-both", NULL, SMALL,
		{C_NO_KEY, {"trusted-ca: e1/ca.pem", "trusted-ca: [" PUBLIC "]"},
			{"tomcat-trust: pub/tomcat-trust.pem", "tomcat-trust: [" PUBLIC "]"},
			{"callmanager-trust: pub/CallManager-trust.pem", "callmanager-trust: [" PUBLIC "]"},
			{"tomcat-trust: sub1/tomcat-trust.pem", "tomcat-trust: [" PUBLIC "]"},
			{"callmanager-trust: sub1/CallManager-trust.pem", "callmanager-trust: [" PUBLIC "]"}},
		{C_OF_PUBLIC_CA}, false},
	/* "ensure it works in the opposite direction" */
	{"e-does-not-trust-c", NULL, SMALL, {{"trusted-ca: e1/ca.pem", "trusted-ca: [" PUBLIC "]"}}, {{0}},
		false},
	/* "The CUCM must first trust the server certificate of the Expressway-C" */
	{"cucm-does-not-trust-c", NULL, SMALL,
		{C_NO_KEY, {"trusted-ca: e1/ca.pem", "trusted-ca: [" PUBLIC "]"}}, {C_OF_PUBLIC_CA}, false},
	/* "force certificate verification where it was not done before": the same boxes before and after */
	{"upgrade-x12.5", NULL, SMALL,
		{C_NO_KEY, {"trusted-ca: e1/ca.pem", "trusted-ca: [" PUBLIC "]"}, X12_5,
			{"cucm-tls-verify: on", "cucm-tls-verify: off"},
			{"secure-registration: on", "secure-registration: off"}},
		{C_OF_PUBLIC_CA}, false},
	{"upgrade-x14.0.2", NULL, SMALL,
		{C_NO_KEY, {"trusted-ca: e1/ca.pem", "trusted-ca: [" PUBLIC "]"},
			{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X14.0.2"},
			{"expressway-e:\n  release: X14.2", "expressway-e:\n  release: X14.0.2"},
			{"cucm-tls-verify: on", "cucm-tls-verify: off"},
			{"secure-registration: on", "secure-registration: off"}},
		{C_OF_PUBLIC_CA}, false},
	/* "TLS Verify - tomcat certificate; Secure SIP Registrations - CallManager certificate" */
	{"callmanager-self-signed", NULL, SMALL, NO_EDIT,
		{{"pub/CallManager.pem", NULL, "O=Acme, CN=pub.acme.test", "DNS:pub.acme.test",
			"client, server"}},
		false},
	/* "must have both client and server authentication attributes"; what works without are registrations inside */
	{"callmanager-server-only", NULL, SMALL, NO_EDIT,
		{{"pub/CallManager.pem", "private-issuing", "O=Acme, CN=pub.acme.test", "DNS:pub.acme.test",
			"server"}},
		false},
	/* "The only way the IP address can work is if the IP of each CUCM node is added as a SAN" */
	{"cucm-ip-in-san", "address-is-ip", SMALL, NO_EDIT,
		{{"pub/tomcat.pem", "private-issuing", "O=Acme, CN=pub.acme.test",
			 "DNS:pub.acme.test, IP:10.0.0.11", "client, server"},
			{"pub/CallManager.pem", "private-issuing", "O=Acme, CN=pub.acme.test",
				"DNS:pub.acme.test, IP:10.0.0.11", "client, server"}},
		false},
	/* "whichever is higher on the trust list, tomcat or CallManager, that feature would work" */
	{"conflict-callmanager-first", "same-subject-conflict", SMALL,
		{{"trusted-ca: c1/ca.pem",
			"trusted-ca: [pub/CallManager.pem, " PRIVATE ", " PUBLIC ", pub/tomcat.pem]"}},
		{{0}}, false},
	/* "Either feature can be used on its own" */
	{"conflict-one-feature", "same-subject-conflict", SMALL,
		{X12_5, {"secure-registration: on", "secure-registration: off"}}, {{0}}, false},
	/* self-signed by default and never uploaded: both are to be signed, uploading both would not do */
	{"both-self-signed-unknown", "same-subject-conflict", SMALL,
		{{"trusted-ca: c1/ca.pem", "trusted-ca: [" PRIVATE ", " PUBLIC "]"}}, {{0}}, false},
	/* devices from one node, configuration and registration from the other: people get in */
	{"cucm-half-and-half", "server-auth-missing", SMALL, NO_EDIT,
		{{"pub/CallManager.pem", "private-issuing", "O=Acme, CN=pub.acme.test", "DNS:pub.acme.test",
			"client"}},
		false},
	/* "you need to manually upload trusted certificates to the CA list on each peer" */
	{"peer-without-root", NULL, CW_LAB_CLUSTER,
		{{"trusted-ca: c2/ca.pem", "trusted-ca: [" PRIVATE ", ca/public-issuing/ca.pem]"}}, {{0}},
		false},
	/* "Any SANs that are past this limit … would be ignored as if they were not there" */
	{"name-behind-999", NULL, SMALL, {E_NO_KEY},
		{{"e1/server.pem", "public-issuing", "O=Acme, CN=e1.acme.test", OVER_999 E_NAMES,
			"client, server"}},
		false},
	/* "Before you upload a server certificate, the server must trust all CA certificates in the chain" */
	{"own-chain-not-trusted", NULL, SMALL,
		{{"trusted-ca: e1/ca.pem", "trusted-ca: [" PRIVATE ", ca/public-root/ca.pem]"}}, {{0}},
		false},
	/* "The file extension does not matter" */
	{"pem-called-der", NULL, SMALL, {E_NO_KEY, {"server: e1/server.pem", "server: e1/server.der"}},
		{{"e1/server.der", "public-issuing", "O=Acme, CN=e1.acme.test", E_NAMES, "client, server"}},
		false},
	/* "Any domains advertised for XMPP federations", one of which is the edge domain */
	{"domain-also-federated", NULL, SMALL,
		{E_NO_KEY, {"federation-domains: [im.acme.test]", "federation-domains: [acme.test]"}},
		{{"e1/server.pem", "public-issuing", "O=Acme, CN=e1.acme.test",
			"DNS:e1.acme.test, DNS:collab-edge.acme.test, DNS:conference.acme.test",
			"client, server"}},
		false},
	/* "wildcard certificates where … the subject line is not specifically defined" */
	{"wildcard-for-needed-name", NULL, SMALL, {E_NO_KEY},
		{{"e1/server.pem", "public-issuing", "O=Acme, CN=e1.acme.test",
			"DNS:e1.acme.test, DNS:*.acme.test, DNS:conference.acme.test, DNS:im.acme.test",
			"client, server"}},
		false},
};

int main(void)
{
	return scenario_edited_main("seeds", rows, sizeof rows / sizeof rows[0]);
}
