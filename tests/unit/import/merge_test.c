/* What the pieces of several sources become: boxes, their certificates, clusters, zones; what is asked and told. */
#include "support/certs.h"
#include "support/cmocka.h"

#include "import/describe.h"
#include "import/merge.h"
#include "import/source/gather.h"
#include "pki/bundle/pem_write.h"

#include <stdlib.h>

#define SOURCES_MAX 12

/* A source: its name, and its text with {NAME} for the PEM of a certificate, {json NAME} for it in JSON. */
struct source {
	const char *name;
	const char *text;
	cw_time time;
};

struct row {
	const char *title;
	struct source sources[SOURCES_MAX];
	const char *want;     /* lines, each of which stands in the answer */
	const char *want_not; /* lines, none of which does; or NULL */
};

static const char *const names[] = {
	"root", "issuing", "c1", "c2", "e1", "pub", "old", "nameless", "own1", "own2", "multi"};

/* "{sha1 NAME}": as a trust list of phones tells a certificate. False: no such mark stands here. */
static bool expand_sha1(const char **text, struct cw_buffer *ret)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char mark[16];
		uint8_t sha1[CW_SHA1_SIZE];
		snprintf(mark, sizeof mark, "{sha1 %s}", names[i]);
		if (strncmp(*text, mark, strlen(mark)) != 0)
			continue;
		cw_cert_sha1(test_cert(names[i]), sha1);
		cw_buffer_hex(ret, sha1, sizeof sha1);
		*text += strlen(mark);
		return true;
	}
	return false;
}

static void expand(const char *text, struct cw_buffer *ret)
{
	struct cw_error error;
	while (*text) {
		size_t i = 0;
		char mark[16] = "";
		for (; i < 2 * (sizeof names / sizeof names[0]); i++) {
			snprintf(mark, sizeof mark, i % 2 ? "{json %s}" : "{%s}", names[i / 2]);
			if (strncmp(text, mark, strlen(mark)) == 0)
				break;
		}
		if (i < 2 * (sizeof names / sizeof names[0])) {
			AUTO_BUFFER pem = {0};
			assert_true(cw_pem_write_cert(&pem, test_cert(names[i / 2]), &error));
			for (size_t j = 0; j < pem.length; j++) {
				if (i % 2 && pem.data[j] == '\n')
					cw_buffer_text(ret, "\\n");
				else
					cw_buffer_char(ret, pem.data[j]);
			}
			text += strlen(mark);
		} else if (!expand_sha1(&text, ret)) {
			cw_buffer_char(ret, *text++);
		}
	}
}

/* The deployment file, then what was asked, contradicts and was not placed, a line each. */
static void answer(const struct cw_imported *imported, struct cw_buffer *ret)
{
	AUTO(cw_document_free) struct cw_document *document = NULL;
	AUTO_DESCRIBE_FILES files = {0};
	struct cw_error error;
	assert_true(cw_describe_run(imported, &document, &files, &error));
	cw_document_write(document, ret);
	for (size_t i = 0; i < imported->question_count; i++)
		cw_buffer_printf(ret, "asked %s: %s\n%s\n", imported->questions[i].key,
			imported->questions[i].text, imported->questions[i].where);
	for (size_t i = 0; i < imported->conflict_count; i++)
		cw_buffer_printf(ret, "conflict %s: %s, not %s\n", imported->conflicts[i].key,
			imported->conflicts[i].taken_at, imported->conflicts[i].left_at);
	for (size_t i = 0; i < imported->not_placed.count; i++)
		cw_buffer_printf(ret, "not placed %s: %s\n", imported->not_placed.items[i].file,
			imported->not_placed.items[i].text);
	for (size_t i = 0; i < files.count; i++)
		cw_buffer_printf(ret, "file %s\n", files.items[i].path);
}

/* Every line of `lines` stands in the answer, or none. */
static void look(const struct row *row, const char *lines, const struct cw_buffer *found, bool wanted)
{
	while (lines && *lines) {
		char line[400];
		size_t length = strcspn(lines, "\n");
		snprintf(line, sizeof line, "%.*s", (int)length, lines);
		if ((strstr(cw_buffer_string(found), line) != NULL) != wanted)
			fail_msg("%s: %s\n%s\nin\n%s", row->title, wanted ? "wanted" : "did not want", line,
				cw_buffer_string(found));
		lines += length + (lines[length] == '\n');
	}
}

/* As if the folder had been named, and not the file. */
static void put_into_folder(struct cw_evidence_source *source, cw_time time)
{
	const char *slash = strchr(source->shown, '/');
	source->time = time;
	if (!slash)
		return;
	free(source->container);
	source->container = strndup(source->shown, (size_t)(slash - source->shown));
}

static void check_row(const struct row *row)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	AUTO_IMPORTED imported = {0};
	AUTO_BUFFER found = {0};
	struct cw_error error;
	for (size_t i = 0; i < SOURCES_MAX && row->sources[i].name; i++) {
		AUTO_BUFFER text = {0};
		expand(row->sources[i].text, &text);
		size_t before = evidence.source_count;
		assert_true(cw_gather_bytes(
			&evidence, row->sources[i].name, cw_buffer_string(&text), text.length, &error));
		if (evidence.source_count > before)
			put_into_folder(&evidence.sources[before], row->sources[i].time);
	}
	assert_true(cw_merge_run(&evidence, &imported, &error));
	answer(&imported, &found);
	look(row, row->want, &found, true);
	look(row, row->want_not, &found, false);
}

#define XCONF(host, more) \
	"*c xConfiguration IP DNS Hostname: \"" host \
	"\"\n*c xConfiguration IP DNS Domain Name: \"a.test\"\n" more
#define CLIENT(peer) \
	"*c xConfiguration Zones Zone 2 Name: \"UC\"\n" \
	"*c xConfiguration Zones Zone 2 TraversalClient Collaboration Edge: \"On\"\n" \
	"*c xConfiguration Zones Zone 2 TraversalClient Peer 1 Address: \"" peer "\"\n"
#define SERVER(name) \
	"*c xConfiguration Zones Zone 2 Name: \"UC\"\n" \
	"*c xConfiguration Zones Zone 2 TraversalServer Collaboration Edge: \"On\"\n" \
	"*c xConfiguration Zones Zone 2 TraversalServer SIP TLS Verify Subject Name: \"" name "\"\n"

static const struct row loose[] = {
	{"files of one flat folder are placed by their names and by those in the certificates",
		{{"x/c1_server.pem", "{c1}", 0}, {"x/c1.a.test-ca.pem", "{issuing}{root}", 0},
			{"x/e1_server.pem", "{e1}", 0}, {"x/ca_e1_2026.pem", "{root}{issuing}", 0},
			{"x/pub_tomcat.pem", "{pub}", 0}, {"x/pub/tomcat-trust/1.pem", "{root}", 0},
			{"x/pub/tomcat-trust/2.pem", "{issuing}", 0}, {"x/pub-CallManager.pem", "{pub}", 0},
			{"x/pub-CallManager-trust.pem", "{root}", 0}},
		"expressway-c:\n    - fqdn: c1.a.test\n      server: c1.a.test/server.pem\n"
		"      trusted-ca: c1.a.test/ca.pem\nexpressway-e:\n    - fqdn: e1.a.test\n"
		"      trusted-ca: e1.a.test/ca.pem\ncucm:\n    - fqdn: pub.a.test\n      tomcat: pub.a.test/tomcat.pem\n"
		"      callmanager: pub.a.test/CallManager.pem\n      tomcat-trust: pub.a.test/tomcat-trust.pem\n"
		"      callmanager-trust: pub.a.test/CallManager-trust.pem",
		"not placed"},
	{"whether revocation is checked is in no loose file: unknown, and asked of each cluster",
		{{"x/c1_server.pem", "{c1}", 0}, {"x/c2_server.pem", "{c2}", 0},
			{"x/e1_server.pem", "{e1}", 0}},
		"  revocation: unknown\nasked revocation: Is revocation checked on c1.a.test, e1.a.test?",
		"revocation: off  "},
	{"a CA alone, and a list that nothing names, are not placed",
		{{"x/c1_server.pem", "{c1}", 0}, {"x/Root.pem", "{root}", 0},
			{"y/list.pem", "{root}{issuing}", 0}},
		"not placed x/Root.pem: a CA certificate, and nothing says in which list it stands\n"
		"not placed y/list.pem: a list of certificates, and nothing says of which box",
		NULL},
	{"a certificate of a host without a word of its kind is not placed",
		{{"x/pub.a.test.pem", "{pub}", 0}, {"x/e1_server.pem", "{e1}", 0}},
		"not placed x/pub.a.test.pem: a certificate of a host", NULL},
	{"a folder for each box needs no names",
		{{"a/server.pem", "{c1}", 0}, {"a/ca.pem", "{root}", 0}, {"b/server.pem", "{e1}", 0},
			{"b/ca.pem", "{root}", 0}},
		"expressway-c:\n      trusted-ca: expc.a.test/ca.pem\nexpressway-e:\n      trusted-ca: e1.a.test/ca.pem",
		"not placed"},
	{"single files of a list of an Expressway have no order",
		{{"x/c1/server.pem", "{c1}", 0}, {"x/c1/ca/1.pem", "{root}", 0},
			{"x/c1/ca/2.pem", "{issuing}", 0}, {"x/e1/server.pem", "{e1}", 0}},
		"trusted-ca: c1.a.test/ca  \ntheir order on the box is not known",
		"trusted-ca: c1.a.test/ca.pem"},
	{"a common name of two peers that is no peer's own is the cluster's",
		{{"x/c1_server.pem", "{c1}", 0}, {"x/c2_server.pem", "{c2}", 0},
			{"x/e1_server.pem", "{e1}", 0}},
		"  cluster: expc.a.test\n    - fqdn: c1.a.test\n    - fqdn: c2.a.test", "asked cluster"},
	{"peers whose certificates do not say the cluster's name are asked for it",
		{{"x/c8_server.pem", "{own1}", 0}, {"x/c9_server.pem", "{own2}", 0},
			{"x/e1_server.pem", "{e1}", 0}},
		"    - fqdn: c8.a.test\n    - fqdn: c9.a.test\n"
		"asked cluster: Which cluster FQDN has each of c8.a.test, c9.a.test?",
		"  cluster: "},
	{"what no source is of and none names is asked for, since its links would be missing",
		{{"x/c8_server.pem", "{own1}", 0}, {"x/e1_server.pem", "{e1}", 0}},
		"asked boxes: Which boxes of cucm are there?", NULL},
	{"where a box is not known the missing ones may be it",
		{{"x/c8_server.pem", "{own1}", 0}, {"x/c9_server.pem", "{own2}", 0},
			{"x/pub_tomcat.pem", "{pub}", 0}},
		"asked role: What is c8.a.test, c9.a.test?", "asked boxes"},
	{"a box by itself with another host's common name is asked for its cluster",
		{{"x/c1_server.pem", "{c1}", 0}, {"x/e1_server.pem", "{e1}", 0}},
		"    - fqdn: c1.a.test\nasked cluster: Which cluster FQDN has each of c1.a.test?",
		"  cluster: "},
	{"in a flat folder a certificate that names another host is not of the box whose file lies there",
		{{"x/CallManager (1).pem", "{pub}", 0}, {"x/server.cer", "{own1}", 0},
			{"x/c8_ca.p7b.pem", "{root}{issuing}", 0}, {"x/decoded of c8.txt", "{own1}", 0},
			{"x/e1_server.pem", "{e1}", 0}},
		"    - fqdn: c8.a.test\n      server: c8.a.test/server.pem\n      trusted-ca: c8.a.test/ca.pem\n"
		"    - fqdn: pub.a.test\n      callmanager: pub.a.test/CallManager.pem",
		"not placed\nconflict\n      server: pub"},
	{"a domain beside the hosts of a certificate is no host, though every file mentions it",
		{{"x/c1.a.test_server.pem", "{c1}", 0}, {"x/c2.a.test_server.pem", "{nameless}", 0},
			{"x/e1.a.test_server.pem", "{e1}", 0}, {"x/c2.a.test_ca.pem", "{root}", 0},
			{"x/pub.a.test_tomcat.pem", "{multi}", 0}},
		"    - fqdn: c1.a.test\n    - fqdn: c2.a.test\n      server: c2.a.test/server.pem\n"
		"      trusted-ca: c2.a.test/ca.pem\n    - fqdn: e1.a.test\n    - fqdn: pub.a.test",
		"fqdn: a.test\nconflict\nnot placed"},
};

static const struct row dumps[] = {
	{"a peer that is typed as an address belongs to the only box that is left",
		{{"c/x.txt", XCONF("c1", CLIENT("192.0.2.7")), 0},
			{"e/x.txt", XCONF("e1", SERVER("c1.a.test")), 0}},
		"    peers: [192.0.2.7]\n    - fqdn: e1.a.test\n      address: [192.0.2.7]\n"
		"    tls-verify-name: c1.a.test",
		"asked peers"},
	{"of two addresses and two boxes nobody knows which is whose",
		{{"c/x.txt",
			 XCONF("c1",
				 CLIENT("192.0.2.7") "*c xConfiguration Zones Zone 2 TraversalClient Peer 2 Address: "
						     "\"192.0.2.8\"\n*c xConfiguration Zones Zone 2 TraversalClient Peer 3 "
						     "Address: \"e1.a.test\"\n"),
			 0},
			{"e/x.txt", XCONF("e1", SERVER("c1.a.test")), 0},
			{"f/x.txt", XCONF("e2", SERVER("c1.a.test")), 0},
			{"g/x.txt", XCONF("e3", SERVER("c1.a.test")), 0}},
		"    peers: [e1.a.test]\nasked address: Which Expressway-E has the address 192.0.2.7, 192.0.2.8?",
		"peers: [192"},
	{"only C is there: its peers are boxes of which nothing is known",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0}},
		"expressway-e:\n    - fqdn: e1.a.test\n      server: unknown\n      trusted-ca: unknown\n"
		"asked archive: Which certificate and which list of trusted CAs has c1.a.test, e1.a.test?",
		NULL},
	{"only E is there: C has the name that E verifies",
		{{"e/x.txt", XCONF("e1", SERVER("expc.a.test")), 0}},
		"expressway-c:\n    - fqdn: expc.a.test", NULL},
	{"a peer that only another peer's dump names is in the cluster, and its archive is asked for",
		{{"c/x.txt",
			 XCONF("c1",
				 CLIENT("e1.a.test") "*c xConfiguration Alternates Cluster Name: \"expc.a.test\"\n"
						     "*c xConfiguration Alternates Peer 1 Address: \"c1.a.test\"\n"
						     "*c xConfiguration Alternates Peer 2 Address: \"c2.a.test\"\n"
						     "*c xConfiguration Alternates Peer 3 Address: \"192.0.2.3\"\n"),
			 0},
			{"e/x.txt", XCONF("e1", SERVER("expc.a.test")), 0}},
		"    - fqdn: c1.a.test\n    - fqdn: c2.a.test\n"
		"asked archive: Which certificate and which list of trusted CAs has 192.0.2.3, ",
		"fqdn: 192"},
	{"peers of one cluster contradict each other: told with both places, the newer stands for both",
		{{"c/x.txt",
			 XCONF("c1",
				 CLIENT("e1.a.test") "*c xConfiguration Alternates Cluster Name: \"expc.a.test\"\n"
						     "*c xConfiguration SIP TLS Certificate Revocation Checking Mode: "
						     "\"Off\"\n*c xConfiguration Zones Zone 2 TraversalClient SIP Port: "
						     "\"7001\"\n"),
			 10},
			{"d/y.txt",
				XCONF("c2",
					CLIENT("e1.a.test") "*c xConfiguration Alternates Cluster Name: \"expc.a.test\"\n"
							    "*c xConfiguration SIP TLS Certificate Revocation Checking "
							    "Mode: \"On\"\n*c xConfiguration Zones Zone 2 TraversalClient SIP "
							    "Port: \"7002\"\n"),
				20},
			{"e/x.txt", XCONF("e1", SERVER("expc.a.test")), 0}},
		"    port: 7002  \n  revocation: crl  \n"
		"conflict c1.a.test and c2.a.test: SIP TLS Certificate Revocation Checking Mode: d/y.txt:7 "
		"(1970-01-01T00:00:20Z), not c/x.txt:7\n"
		"conflict c1.a.test and c2.a.test: SIP port of the zone: d/y.txt:8\n"
		"asked crl: Which CRLs has c1.a.test, c2.a.test?",
		NULL},
	{"what lies beside a dump is of its box",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0}, {"c/one.pem", "{c1}", 0},
			{"c/ca.pem", "{root}", 0},
			{"c/status.xml",
				"<Status><SystemUnit><Software><Version>X14.2.5 (Test SW)</Version></Software>"
				"</SystemUnit></Status>",
				0}},
		"  release: X14.2.5\n      server: c1.a.test/server.pem\n      trusted-ca: c1.a.test/ca.pem",
		NULL},
	{"revocation by OCSP alone is in no file: unknown and asked, neither off nor by CRLs",
		{{"c/x.txt",
			 XCONF("c1",
				 CLIENT("e1.a.test")) "*c xConfiguration SIP TLS Certificate Revocation Checking Mode: \"On\"\n"
						      "*c xConfiguration SIP TLS Certificate Revocation Checking CRL Mode: \"Off\"\n"
						      "*c xConfiguration SIP TLS Certificate Revocation Checking OCSP Mode: \"On\"\n",
			 0},
			{"e/x.txt",
				XCONF("e1",
					SERVER("c1.a.test")) "*c xConfiguration SIP TLS Certificate Revocation Checking Mode: \"Off\"\n"
							     "*c xConfiguration SIP TLS Certificate Revocation Checking CRL Mode: \"Off\"\n",
				0}},
		"  revocation: unknown \n: on without CRLs, by OCSP alone\n  revocation: off \n"
		"asked revocation: What do the OCSP responders say to c1.a.test?",
		"revocation: crl\ncrl: unknown\nasked crl\nIs revocation checked on"},
	{"revocation by CRLs that are in no source: asked for the lists",
		{{"c/x.txt",
			XCONF("c1",
				CLIENT("e1.a.test")) "*c xConfiguration SIP TLS Certificate Revocation Checking Mode: \"On\"\n",
			0}},
		"  revocation: crl \n      crl: unknown \nasked crl: Which CRLs has c1.a.test?", "OCSP"},
	{"two dumps contradict each other: the newer is taken, both are told",
		{{"c/old.txt",
			 XCONF("c1",
				 CLIENT("e1.a.test") "*c xConfiguration Alternates Cluster Name: \"a\"\n"),
			 10},
			{"c/new.txt",
				XCONF("c1",
					CLIENT("e1.a.test") "*c xConfiguration Alternates Cluster Name: \"b\"\n"),
				20}},
		"  cluster: b\nconflict c1.a.test Alternates Cluster Name: c/new.txt:6 (1970-01-01T00:00:20Z), not "
		"c/old.txt:6 (1970-01-01T00:00:10Z)",
		NULL},
	{"zones that C makes by itself name the CUCM nodes, and say whether they are secure",
		{{"c/x.txt",
			XCONF("c1",
				CLIENT("e1.a.test") "*c xConfiguration Zones Zone 3 Name: \"CEtls-pub.a.test\"\n"),
			0}},
		"cucm:\n  secure-registration: on\n    - fqdn: pub.a.test\n      tomcat: unknown\n"
		"show cert own tomcat\nshow cert own CallManager\nshow cert list trust",
		NULL},
	{"the kinds of devices that CUCM has come in from outside, as far as they can",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0},
			{"axl.xml",
				"<a><row><model>Cisco 8845</model></row><row><model>Cisco 8861</model></row><row><model>"
				"Cisco Dual Mode for iPhone</model></row><row><model>Cisco 7962</model></row></a>",
				0}},
		"    kind: phone-8800\n    kind: jabber\n    trust: unknown\nasked endpoints: Which of phone-8800, jabber",
		"7962"},
	{"the phones' trust list tells whose a loose certificate is",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0}, {"loose.pem", "{old}", 0},
			{"s.log",
				"$ ssh admin@pub.a.test\nadmin:show itl\nITL Record #:1\n2 DNSNAME 10 pub.a.test\n"
				"4 FUNCTION 2 CCM+TFTP\n9 CERTIFICATE 868 {sha1 old} (SHA1 Hash HEX)\n",
				0}},
		"      callmanager-ecdsa: pub.a.test/CallManager-ECDSA.pem", "conflict"},
	{"the phones' trust list has another CallManager certificate than the node",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0},
			{"s.log",
				"$ ssh admin@pub.a.test\nadmin:show cert own CallManager\n{pub}"
				"admin:show itl\nITL Record #:1\n2 DNSNAME 10 pub.a.test\n4 FUNCTION 2 CCM+TFTP\n"
				"9 CERTIFICATE 868 00112233445566778899aabbccddeeff00112233 (SHA1 Hash HEX)\n",
				0}},
		"conflict pub.a.test callmanager: ", NULL},
	{"switches that no source says are unknown, and asked",
		{{"c/x.txt", XCONF("c1", CLIENT("e1.a.test")), 0},
			{"s.log",
				"$ ssh admin@pub.a.test\nadmin:show version active\nActive Master Version: 12.5.1.11900-146\n"
				"admin:show cert own CallManager\n{pub}",
				0}},
		"  cucm-tls-verify: unknown\n  secure-registration: unknown\n  release: 12.5\n"
		"asked secure-registration\nasked cucm-tls-verify",
		NULL},
	{"the keys of tunnels by the names of the deployment file",
		{{"c/x.txt",
			XCONF("c1",
				CLIENT("e1.a.test") "*c xConfiguration Ciphers sshd_pfwd_pubkeyalgorithms Value: "
						    "\"x509v3-ecdsa-sha2-nistp384,x509v3-rsa2048-sha256\"\n"),
			0}},
		"  tunnel-key-algorithms: [RSA, nistp384]", NULL},
	{"a dump says whether revocation is checked; of a box that others name nobody asks it",
		{{"c/x.txt",
			XCONF("c1",
				CLIENT("e1.a.test") "*c xConfiguration SIP TLS Certificate Revocation Checking Mode: "
						    "\"Off\"\n"),
			0}},
		"  revocation: off", "revocation: unknown\nasked revocation"},
	{"switches, revocation without a CRL, a release that is too old",
		{{"c/x.txt",
			 XCONF("c1",
				 CLIENT("e1.a.test") "*c xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking "
						     "Mode: \"Off\"\n*c xConfiguration SIP TLS Certificate "
						     "Revocation Checking Mode: \"On\"\n"),
			 0},
			{"c/s.txt", "*s SystemUnit Software Version: \"X8.11.4\"\n", 0}},
		"  eku-check: off\n  revocation: crl\n      crl: unknown\nasked crl: Which CRLs has c1.a.test?",
		"release: X8"},
	{"domains that MRA does not use are no edge domains",
		{{"c/x.txt",
			XCONF("c1",
				CLIENT("e1.a.test") "*c xConfiguration SIP Domain 1 Name: \"a.test\"\n"
						    "*c xConfiguration SIP Domain 1 Edgesip: \"On\"\n"
						    "*c xConfiguration SIP Domain 2 Name: \"b.test\"\n"
						    "*c xConfiguration SIP Domain 2 Edgesip: \"Off\"\n"),
			0}},
		"domains: [a.test]", "b.test"},
	{"a box whose name is no host name is left out, and no folder is made for it",
		{{"c/x.txt",
			 "*c xConfiguration IP DNS Hostname: \"../../tmp\"\n*c xConfiguration IP DNS Domain Name: \"x\"\n" CLIENT(
				 "e1.a.test"),
			 0},
			{"c/server.pem", "{c1}", 0}},
		"asked role: What is ../../tmp?", "file ..\nfile /"},
};

static const struct row voice[] = {
	{"of a list that was pasted in part only the entries that are some issuer are asked for",
		{{"s.log",
			"$ ssh admin@pub.a.test\nadmin:show cert own tomcat\n{pub}admin:show cert own CallManager\n{pub}"
			"admin:show cert list trust\ntomcat-trust/root_0a.pem: x\ntomcat-trust/issuing_0b.pem: x\n"
			"tomcat-trust/Cisco_Root_CA_2048_5ff8.pem: x\nCallManager-trust/Other_01.pem: x\n",
			0}},
		"asked node: What has pub.a.test? Import the text of a session with its command line:\n"
		"set cli pagination off\n"
		"show cert trust tomcat-trust/issuing_0b.pem\n      tomcat-trust: unknown",
		"Cisco_Root_CA\nshow cert own\nshow cert trust tomcat-trust/root"},
	{"s_client shows another certificate than the file: the box was not restarted",
		{{"x/pub_tomcat.pem", "{pub}", 20},
			{"x/seen.txt",
				"$ openssl s_client -connect pub.a.test:8443 -showcerts\nCONNECTED(3)\nCertificate chain\n"
				" 0 s:CN = pub\n{old}",
				10}},
		"conflict pub.a.test tomcat: x/pub_tomcat.pem (1970-01-01T00:00:20Z), not x/seen.txt:5",
		NULL},
	{"a snapshot with cup is of IM and Presence, one without CallManager of Unity Connection",
		{{"i.json",
			 "{\"server\":\"i1.a.test\",\"identities\":[{\"service\":\"tomcat\",\"certificate\":"
			 "\"{json pub}\"},{\"service\":\"cup-xmpp\",\"certificate\":\"{json c1}\"}],\"trusts\":[]}",
			 0},
			{"u.json",
				"{\"server\":\"u1.a.test\",\"identities\":[{\"service\":\"tomcat\","
				"\"certificate\":\"{json pub}\"}],\"trusts\":[]}",
				0}},
		"imp:\n    - fqdn: i1.a.test\nunity:\n    - fqdn: u1.a.test\n"
		"      tomcat-trust: u1.a.test/tomcat-trust.pem",
		"cucm:"},
	{"a publisher of another domain is none of the boxes that are left, and no cluster is empty",
		{{"c/zone.json", "[{\"Name\":\"UC\",\"SIPPort\":7001,\"PeerAddress\":[\"e1.b.test\"]}]", 0},
			{"c/dns.json", "[{\"SystemHostName\":\"c1\",\"DomainName\":\"b.test\"}]", 0},
			{"c/server_cucm.json", "[{\"Publisher\":\"pub.b.test\",\"TlsVerify\":\"On\"}]", 0},
			{"pub.json",
				"{\"server\":\"pub.a.test\",\"identities\":[{\"service\":\"CallManager\","
				"\"certificate\":\"{json pub}\"}],\"trusts\":[]}",
				0},
			{"sub.json",
				"{\"server\":\"sub.a.test\",\"identities\":[{\"service\":\"CallManager\","
				"\"certificate\":\"{json pub}\"}],\"trusts\":[]}",
				0},
			{"axl.xml",
				"<e><processNode><name>pub.a.test</name><nodeUsage>Publisher</nodeUsage></processNode>"
				"<processNode><name>sub.a.test</name><nodeUsage>Subscriber</nodeUsage></processNode></e>",
				0}},
		"      - fqdn: pub.a.test\n      - fqdn: sub.a.test\n      - fqdn: pub.b.test",
		"address:\nname: cluster"},
	{"a service without a certificate tells what the node is, and so does the list of process nodes",
		{{"i.json",
			 "{\"server\":\"i1.a.test\",\"identities\":[{\"service\":\"tomcat\",\"certificate\":"
			 "\"{json pub}\"},{\"service\":\"cup-xmpp\",\"certificate\":\"\"}],\"trusts\":[]}",
			 0},
			{"j.json",
				"{\"server\":\"i2.a.test\",\"identities\":[{\"service\":\"tomcat\","
				"\"certificate\":\"{json pub}\"}],\"trusts\":[]}",
				0},
			{"axl.xml",
				"<e><processNode><name>i2.a.test</name><nodeUsage>Subscriber</nodeUsage>"
				"<processNodeRole>CUCM IM and Presence</processNodeRole></processNode></e>",
				0}},
		"imp:\n    - fqdn: i1.a.test\n    - fqdn: i2.a.test", "unity:"},
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void loose_files_find_their_place(void **state)
{
	(void)state;
	CHECK(loose);
}

static void dumps_become_clusters_and_zones(void **state)
{
	(void)state;
	CHECK(dumps);
}

static void voice_nodes_are_asked_for_no_more_than_needed(void **state)
{
	(void)state;
	CHECK(voice);
}

static int make(void **state)
{
	(void)state;
	test_make_certs(
		"root ca; issuing ca by=root; "
		"c1 by=issuing cn=expc.a.test san=DNS:c1.a.test,DNS:expc.a.test eku=server,client; "
		"c2 by=issuing cn=expc.a.test san=DNS:c2.a.test,DNS:expc.a.test eku=server,client; "
		"e1 by=issuing cn=e1.a.test san=DNS:e1.a.test,DNS:collab-edge.a.test eku=server,client; "
		"pub by=issuing cn=pub.a.test san=DNS:pub.a.test eku=server,client; "
		"old by=root cn=pub.a.test san=DNS:pub.a.test eku=server,client; "
		"nameless by=issuing cn=expc.a.test san=DNS:expc.a.test,DNS:a.test eku=server,client; "
		"own1 by=issuing cn=c8.a.test san=DNS:c8.a.test,DNS:alias.a.test eku=server,client; "
		"own2 by=issuing cn=c9.a.test san=DNS:c9.a.test,DNS:alias.a.test eku=server,client; "
		"multi by=issuing cn=ms.a.test san=DNS:a.test,DNS:pub.a.test,DNS:sub.a.test eku=server,client");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loose_files_find_their_place),
		cmocka_unit_test(dumps_become_clusters_and_zones),
		cmocka_unit_test(voice_nodes_are_asked_for_no_more_than_needed),
	};
	return cmocka_run_group_tests(tests, make, test_certs_teardown);
}
