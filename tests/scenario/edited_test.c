/*
 * Deployments that a person would write, by release and by rule of design.md. Each row says what is changed
 * and why it is worth a look. Those that the seeds tell of are in seeds_test.c.
 */
#include "edited.h"

#define E_SERVER_ONLY \
	{ \
		"e1/server.pem", "public-issuing", "O=Acme, CN=e1.acme.test", E_NAMES, "server" \
	}
#define BOTH(release) \
	{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: " release}, \
	{ \
		"expressway-e:\n  release: X14.2", "expressway-e:\n  release: " release \
	}
#define SUBSCRIBER_SELF_SIGNED \
	{ \
		"sub1/tomcat.pem", NULL, "O=Acme, CN=sub1.acme.test", "DNS:sub1.acme.test", "client, server" \
	}
#define TWINS \
	{ \
		"      tomcat: pub/tomcat.pem\n", \
			"      tomcat: pub/tomcat.pem\n      tomcat-ecdsa: pub/tomcat-ec.pem\n      " \
			"callmanager-ecdsa: pub/CallManager-ec.pem\n" \
	}
#define TWIN(file) \
	{ \
		file, NULL, "O=Acme, CN=pub-EC", "DNS:pub.acme.test", "client, server" \
	}
#define ENFORCING \
	{"expressway-e:\n", "expressway-e:\n  cluster-tls-verify: on\n"}, \
	{ \
		"      key: e2/privkey.pem\n", "" \
	}
#define E2_SERVER_ONLY \
	{ \
		"e2/server.pem", "public-issuing", "O=Acme, CN=expe.acme.test", \
			"DNS:expe.acme.test, DNS:e2.acme.test, DNS:acme.test, DNS:im.acme.test, " \
			"DNS:conference.acme.test", \
			"server" \
	}
#define C_NO_ZONE \
	{ \
		"  traversal:\n    peers: [e1.acme.test]\n    username: traversal\n    password: " \
		"lab-password\n", \
			"" \
	}
#define E_NO_ZONE \
	{ \
		"  traversal:\n    tls-verify-name: c1.acme.test\n    username: traversal\n    password: " \
		"lab-password\n", \
			"" \
	}
#define TWO_ZONES \
	"\nzones:\n  - {name: one, c: expressway-c, e: expressway-e, peers: [e1.acme.test], " \
	"tls-verify-name: c1.acme.test}\n  - {name: two, c: expressway-c, e: expressway-e, port: 7003, " \
	"peers: [e1.acme.test], tls-verify-name: other.acme.test}\n\nendpoints:"
#define FRONT \
	"\nfront:\n  {fqdn: edge.acme.test, server: front/server.pem, trusted-ca: e1/ca.pem}\n\nendpoints:"

static const struct row rows[] = {
	/* the MRA certificates guide: the intermediate that nobody uploaded, both halves */
	{"seed-leaf-only", "issuer-missing", CW_LAB_SMALL,
		{{"- fqdn: e1.acme.test", "- fqdn: e1.acme.test\n      sends: leaf"}}, {{0}}, false},
	{"seed-chain-sent", "issuer-missing", CW_LAB_SMALL, {{"sends: nothing-to-edit", NULL}}, {{0}}, false},
	/* sources F9: the three acceptance cases of S11 */
	{"s11-check-on", "client-auth-missing", CW_LAB_SMALL, {X15_5}, {{0}}, false},
	{"s11-check-off", "client-auth-missing", CW_LAB_SMALL,
		{X15_5, {"expressway-e:\n", "expressway-e:\n  eku-check: off\n"}}, {{0}}, false},
	{"s11-client-certificate", "client-auth-missing", CW_LAB_SMALL,
		{X15_5, {"server: c1/server.pem", "server: c1/server.pem\n      client: c1/client.pem"},
			E_NO_KEY},
		{{"c1/client.pem", "private-issuing", "O=Acme, CN=c1.acme.test", C_NAMES, "client, server"},
			E_SERVER_ONLY},
		false},
	/* sources F9: E's serverAuth-only certificate by release */
	{"e-server-only-x14.2", NULL, CW_LAB_SMALL, {E_NO_KEY}, {E_SERVER_ONLY}, false},
	{"e-server-only-x15.4", NULL, CW_LAB_SMALL,
		{E_NO_KEY, {"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X15.4"},
			{"expressway-e:\n  release: X14.2",
				"expressway-e:\n  release: X15.4\n  server-eku-upload: on"}},
		{E_SERVER_ONLY}, false},
	/* sources F3: discovery only before X14.0.8, and with VerifyOriginServer off */
	{"discovery-publisher", "self-signed-untrusted", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"}}, {{0}}, false},
	{"discovery-subscriber", "server-auth-missing", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"}}, {{0}}, false},
	{"verify-off-x12.5", "self-signed-untrusted", CW_LAB_SMALL,
		{{"expressway-c:\n  release: X14.2", "expressway-c:\n  release: X12.5"},
			{"cucm-tls-verify: on", "cucm-tls-verify: off"}},
		{{0}}, false},
	{"verify-off-x14.2", "self-signed-untrusted", CW_LAB_SMALL,
		{{"cucm-tls-verify: on", "cucm-tls-verify: off"}}, {{0}}, false},
	{"origin-off-verify-off", "self-signed-untrusted", CW_LAB_SMALL,
		{{"cucm-tls-verify: on", "cucm-tls-verify: off\n  verify-origin-server: off"}}, {{0}}, false},
	/* sources F3: from X14.0.8 on every server is verified, and VerifyOriginServer comes with X14.2
	   only */
	{"subscriber-x14.0.7", NULL, CW_LAB_SMALL, {BOTH("X14.0.7")}, {SUBSCRIBER_SELF_SIGNED}, false},
	{"subscriber-x14.0.8", NULL, CW_LAB_SMALL, {BOTH("X14.0.8")}, {SUBSCRIBER_SELF_SIGNED}, false},
	{"origin-off-x14.0.8", "self-signed-untrusted", CW_LAB_SMALL,
		{BOTH("X14.0.8"),
			{"cucm-tls-verify: on", "cucm-tls-verify: off\n  verify-origin-server: off"}},
		{{0}}, false},
	/* sources F3 "ECDSA trap": X14.2 may prefer ECDSA */
	{"twin-x14.0.8", "ecdsa-twin-untrusted", CW_LAB_SMALL, {BOTH("X14.0.8"), {"  prefer: ecdsa\n", ""}},
		{{0}}, false},
	{"twin-x14.2", "ecdsa-twin-untrusted", CW_LAB_SMALL, {{"  prefer: ecdsa\n", ""}}, {{0}}, false},
	/* the twins have one subject too, as tomcat and CallManager have: uploading both would not do */
	{"both-twins-self-signed", NULL, CW_LAB_SMALL, {TWINS},
		{TWIN("pub/tomcat-ec.pem"), TWIN("pub/CallManager-ec.pem")}, false},
	{"both-twins-listed", NULL, CW_LAB_SMALL,
		{TWINS,
			{"trusted-ca: c1/ca.pem",
				"trusted-ca: [c1/ca.pem, pub/tomcat-ec.pem, pub/CallManager-ec.pem]"}},
		{TWIN("pub/tomcat-ec.pem"), TWIN("pub/CallManager-ec.pem")}, false},
	/* sources F9: the upload switch of X15.4, and the cluster database before it and with it */
	{"upload-off-x15.4", NULL, CW_LAB_SMALL, {BOTH("X15.4"), E_NO_KEY}, {E_SERVER_ONLY}, false},
	{"cluster-server-only-x14.2", NULL, CW_LAB_CLUSTER, {ENFORCING}, {E2_SERVER_ONLY}, false},
	{"cluster-server-only-x15.4", NULL, CW_LAB_CLUSTER, {BOTH("X15.4"), ENFORCING}, {E2_SERVER_ONLY},
		false},
	/* rules 8: the client certificate of X15.5 is looked at as the server certificate is */
	{"client-temporary", NULL, CW_LAB_SMALL,
		{X15_5, {"server: c1/server.pem", "server: c1/server.pem\n      client: c1/client.pem"}},
		{{"c1/client.pem", "private-issuing",
			"O=Temporary Certificate 8f1f4a3e-6d2b-4c57-9a1e-2b7c0d4e5f60, OU=Temporary "
			"Certificate 8f1f4a3e-6d2b-4c57-9a1e-2b7c0d4e5f60, CN=cisco",
			C_NAMES, "client, server"}},
		false},
	/* rules 19: one pair in two zones; §3: the lists of a subscriber are the publisher's */
	{"two-zones", NULL, CW_LAB_SMALL, {C_NO_ZONE, E_NO_ZONE, {"\nendpoints:", TWO_ZONES}}, {{0}}, false},
	{"same-as", NULL, CW_LAB_SMALL,
		{{"      tomcat-trust: sub1/tomcat-trust.pem\n      callmanager-trust: "
		  "sub1/CallManager-trust.pem\n",
			 "      same-as: pub.acme.test\n"},
			{"tomcat-trust: pub/tomcat-trust.pem", "tomcat-trust: ca/public-root/ca.pem"}},
		{{0}}, false},
	/* docs/rules.md: unknown is never pass, though before X14.0.8 nobody looks at a subscriber */
	{"unknown-subscriber-x12.5", NULL, CW_LAB_SMALL,
		{BOTH("X12.5"), {"tomcat: sub1/tomcat.pem", "tomcat: unknown"}}, {{0}}, false},
	/* docs/rules.md: unknown is never pass */
	{"unknown-store", NULL, CW_LAB_SMALL, {{"trusted-ca: c1/ca.pem", "trusted-ca: unknown"}}, {{0}},
		false},
	{"unknown-store-expired-leaf", "expired", CW_LAB_SMALL,
		{{"trusted-ca: c1/ca.pem", "trusted-ca: unknown"}}, {{0}}, false},
	{"unknown-identity", NULL, CW_LAB_SMALL, {{"server: e1/server.pem", "server: unknown"}, E_NO_KEY},
		{{0}}, false},
	/* the MRA certificates guide: secure signalling is not required */
	{"no-secure-registration", "phone-profile-missing", CW_LAB_SMALL,
		{{"secure-registration: on", "secure-registration: off"}}, {{0}}, false},
	{"prefer-rsa", "ecdsa-twin-untrusted", CW_LAB_SMALL, {{"prefer: ecdsa", "prefer: rsa"}}, {{0}},
		false},
	{"cluster-enforcing", "peer-name-missing", CW_LAB_CLUSTER,
		{{"expressway-c:\n", "expressway-c:\n  cluster-tls-verify: on\n"}}, {{0}}, false},
	{"crl-missing-ignored", "crl-missing", CW_LAB_SMALL,
		{{"revocation: crl", "revocation: crl\n  revocation-fallback: ignore"}}, {{0}}, false},
	/* docs/rules.md: the box has lists that nobody handed over */
	{"crl-unknown", "crl-missing", CW_LAB_SMALL, {{"crl: c1/crl.pem", "crl: unknown"}}, {{0}}, false},
	/* docs/rules.md: whether revocation is checked is not known; the list that is there refuses, if it is */
	{"revocation-unknown", "revoked", CW_LAB_SMALL, {{"revocation: crl", "revocation: unknown"}}, {{0}},
		false},
	{"revocation-unknown-no-list", "revoked", CW_LAB_SMALL,
		{{"revocation: crl", "revocation: unknown"}, {"crl: c1/crl.pem", "crl: unknown"}}, {{0}},
		false},
	/* the MRA certificates guide, the NetScaler note */
	{"front", NULL, CW_LAB_SMALL, {{"\nendpoints:", FRONT}},
		{{"front/server.pem", "public-issuing", "O=Acme, CN=edge.acme.test",
			"DNS:edge.acme.test, DNS:acme.test, DNS:collab-edge.acme.test", "client, server"}},
		false},
	{"front-untrusted", NULL, CW_LAB_SMALL,
		{{"\nendpoints:", FRONT}, {"trusted-ca: e1/ca.pem}", "trusted-ca: pub/tomcat-trust.pem}"}},
		{{"front/server.pem", "private-issuing", "O=Acme, CN=edge.acme.test",
			"DNS:edge.acme.test, DNS:acme.test", "server"}},
		false},
	/* rules 18 */
	{"domain-collab-edge", "edge-domain-missing", CW_LAB_SMALL,
		{{"domains: [acme.test]", "domains: [{name: acme.test, edge: none}]"}}, {{0}}, false},
	{"two-domains", NULL, CW_LAB_SMALL, {{"domains: [acme.test]", "domains: [acme.test, other.test]"}},
		{{0}}, false},
	/* Expressway's search and OpenSSL's differ (sources F10) */
	{"shadowed-rfc5280", "issuer-shadowed", CW_LAB_SMALL, {{"sends: nothing-to-edit", NULL}}, {{0}},
		true},
};

int main(void)
{
	return scenario_edited_main("edited", rows, sizeof rows / sizeof rows[0]);
}
