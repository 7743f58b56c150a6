/*
 * Deployments as they are met in the field: settings and boxes that a lab does not have by itself, each with
 * its outcome in expected/.
 */
#include "edited.h"

#define SMALL CW_LAB_SMALL
#define LAPTOP "{name: laptop, kind: jabber,"
#define ROOM "{name: room, kind: telepresence,"
#define DESK "{name: desk, kind: phone-8800,"
#define PUBLIC "[ca/public-issuing/ca.pem, ca/public-root/ca.pem]"
#define SERVER_ONLY_CALLMANAGER \
	{ \
		{"pub/CallManager.pem", "private-issuing", "O=Acme, CN=pub.acme.test", "DNS:pub.acme.test", \
			"server"}, \
		{ \
			"sub1/CallManager.pem", "private-issuing", "O=Acme, CN=sub1.acme.test", \
				"DNS:sub1.acme.test", "server" \
		} \
	}

static const struct row rows[] = {
	/* SIP OAuth: 5091, with the tomcat certificate, whatever the mode */
	{"oauth-sound", NULL, SMALL,
		{{"secure-registration: on", "secure-registration: off\n  sip-oauth: on"}}, {{0}}, false},
	{"oauth-c-not-trusted", NULL, SMALL,
		{{"secure-registration: on", "sip-oauth: on"},
			{"tomcat-trust: pub/tomcat-trust.pem", "tomcat-trust: " PUBLIC},
			{"tomcat-trust: sub1/tomcat-trust.pem", "tomcat-trust: " PUBLIC},
			{"cucm-tls-verify: on", "cucm-tls-verify: off"}, {DESK, DESK " profile: none,"}},
		{{0}}, false},
	/* An endpoint's profile says which SIP links it needs */
	{"profiles-and-sip", NULL, SMALL,
		{{"secure-registration: on", "secure-registration: on\n  sip-oauth: on"},
			{LAPTOP, LAPTOP " profile: secure-jabber.acme.test,"},
			{ROOM, ROOM " profile: oauth,"}, {DESK, "{name: desk, kind: phone-9800,"}},
		SERVER_ONLY_CALLMANAGER, false},
	/* No source says whether Webex asks or refuses */
	{"webex-untrusted", "device-list-lacks-ca", SMALL,
		{{DESK, "{name: desk, kind: webex,"}, {LAPTOP, "{name: laptop, kind: webex,"}}, {{0}}, false},
	/* "each node must list the key types of both nodes' certificates" */
	{"tunnel-keys-of-c", NULL, SMALL,
		{{"expressway-c:\n", "expressway-c:\n  tunnel-key-algorithms: [RSA]\n"}}, {{0}}, false},
	{"tunnel-keys-of-both", NULL, SMALL,
		{{"expressway-c:\n", "expressway-c:\n  tunnel-key-algorithms: [RSA, nistp256]\n"},
			{"expressway-e:\n", "expressway-e:\n  tunnel-key-algorithms: [nistp384]\n"}},
		{{0}}, false},
	/* A front sends its file, and nothing of its CA list */
	{"front-sends-file", "extra-certificates", SMALL,
		{{"endpoints:\n",
			"front: {fqdn: edge.acme.test, server: e1/server.pem, trusted-ca: "
			"ca/public-root/ca.pem}\n\nendpoints:\n"}},
		{{0}}, false},
	{"front-sends-leaf", NULL, SMALL,
		{{"endpoints:\n",
			"front: {fqdn: edge.acme.test, server: e1/server.pem, trusted-ca: " PUBLIC
			"}\n\nendpoints:\n"}},
		{{0}}, false},
	/* A profile that no request can name is a fault of the deployment */
	{"phone-profile-with-spaces", NULL, SMALL,
		{{"phone-profiles: [secure-jabber.acme.test]", "phone-profiles: [Secure Jabber Profile]"}},
		{{0}}, false},
	/* What nobody has looked up */
	{"secure-registration-unknown", NULL, SMALL,
		{{"secure-registration: on", "secure-registration: unknown"}}, SERVER_ONLY_CALLMANAGER,
		false},
	{"cucm-tls-verify-unknown", NULL, SMALL,
		{{"cucm-tls-verify: on", "cucm-tls-verify: unknown"},
			{"tomcat-trust: pub/tomcat-trust.pem", "tomcat-trust: " PUBLIC},
			{"secure-registration: on", "secure-registration: off"}},
		{{0}}, false},
};

int main(void)
{
	return scenario_edited_main("field", rows, sizeof rows / sizeof rows[0]);
}
