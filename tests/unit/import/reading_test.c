/* Each reader: what it takes out of its kind of source, with its place, and what it drops. */
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/evidence.h"

#include "import/source/gather.h"
#include "pki/bundle/pem_write.h"

#include <stdlib.h>

struct row {
	const char *title;
	const char *text; /* {name}: the PEM of that certificate; {json name}: with \n for line ends */
	const char *want;
};

static void add_pem(struct cw_buffer *ret, const char *name, bool json)
{
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	assert_true(cw_pem_write_cert(&pem, test_cert(name), &error));
	for (size_t i = 0; i < pem.length; i++) {
		if (pem.data[i] == '\n' && json)
			cw_buffer_text(ret, "\\n");
		else
			cw_buffer_char(ret, pem.data[i]);
	}
}

/* "{root}" and "{json root}" become PEM; every other brace stays. */
static void expand(const char *text, struct cw_buffer *ret)
{
	static const char *const names[] = {"root", "leaf", "other"};
	while (*text) {
		bool replaced = false;
		for (size_t i = 0; i < 6 && !replaced; i++) {
			char mark[32];
			snprintf(mark, sizeof mark, i % 2 ? "{json %s}" : "{%s}", names[i / 2]);
			if (strncmp(text, mark, strlen(mark)) == 0) {
				add_pem(ret, names[i / 2], i % 2);
				text += strlen(mark);
				replaced = true;
			}
		}
		if (!replaced)
			cw_buffer_char(ret, *text++);
	}
}

static void check_row(const struct row *row)
{
	AUTO_BUFFER data = {0};
	AUTO_BUFFER found = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	expand(row->text, &data);
	if (!cw_gather_bytes(&evidence, "f", cw_buffer_string(&data), data.length, &error))
		fail_msg("%s: %s", row->title, error.message);
	test_evidence_text(&evidence, test_cert_name, &found);
	if (strcmp(cw_buffer_string(&found), row->want) != 0)
		fail_msg("%s: wanted\n%s\nfound\n%s", row->title, row->want, cw_buffer_string(&found));
}

static const struct row settings[] = {
	{"a dump's lines are settings, with their line and their numbers",
		"*c xConfiguration Alternates Cluster Name: \"expc.acme.test\"\n"
		"*c xConfiguration Zones Zone 6 TraversalClient Peer 2 Address: \"e2.acme.test\"\r\n"
		"*c xConfiguration SIP Domain 1 Name: \"acme.test\"\n",
		"f:1 Alternates Cluster Name 0/0 = expc.acme.test\n"
		"f:2 Zones Zone.# TraversalClient Peer.# Address 6/2 = e2.acme.test\n"
		"f:3 SIP Domain.# Name 1/0 = acme.test\n"},
	{"nothing behind the colon, and what has no row, is no setting",
		"*c xConfiguration Alternates Peer 2 Address: \n*c xConfiguration Zones Zone 6 Name: \"\"\n"
		"*c xConfiguration SIP Port: \"5060\"\nxConfiguration Alternates Cluster Name: \"no\"\n",
		""},
	{"a pasted copy may join lines by blanks",
		"*c xConfiguration IP DNS Hostname: \"c1\" *c xConfiguration IP DNS Domain Name: "
		"\"a.test\"\n",
		"f:1 SystemUnit Hostname 0/0 = c1\nf:1 IP DNS Domain Name 0/0 = a.test\n"},
	{"a value may hold a colon, quotes keep their blanks",
		"*c xConfiguration Alternates Peer 1 Address: \"2001:db8::1\"\n"
		"*c xConfiguration Zones Zone 1 Name: \" a : b \"\n",
		"f:1 Alternates Peer.# Address 1/0 = 2001:db8::1\nf:2 Zones Zone.# Name 1/0 =  a : b \n"},
	{"passwords are dropped, by their name and by their mark",
		"*c xConfiguration Zones Zone 6 TraversalClient Authentication Password: "
		"\"{cipher}c2VjcmV0\"\n"
		"*c xConfiguration Zones Zone 7 Name: \"{cipher}c2VjcmV0\"\n"
		"*c xConfiguration Zones Zone 8 Name: \"fine\"\n",
		"f:3 Zones Zone.# Name 8/0 = fine\nf dropped password of a setting\n"},
	{"status lines", "*s SystemUnit Software Version: \"X14.2.5\"\n*s SystemUnit Uptime: 5\n** end\n",
		"f:1 SystemUnit Software Version 0/0 = X14.2.5\n"},
	{"control characters in a value are made safe",
		"*c xConfiguration Zones Zone 1 Name: \"a\033[31m\"\n",
		"f:1 Zones Zone.# Name 1/0 = a\\x1b[31m\n"},
	{"a number that is no position is no setting",
		"*c xConfiguration Zones Zone 99999999999 Name: \"a\"\n", ""},
};

static const struct row xml[] = {
	{"status.xml of a box",
		"<!-- <?xml version=\"1.0\"?> -->\n<Status xmlns=\"http://www.tandberg.no/XML/CUIL/1.0\" "
		"product=\"TANDBERG VCS\" version=\"X14.2.5\">\n<SystemUnit item=\"1\"><Software item=\"1\">"
		"<Version item=\"1\">X14.2.5</Version></Software></SystemUnit></Status>",
		"f:3 SystemUnit Software Version 0/0 = X14.2.5\n"},
	{"a configuration dump, one word or several an element",
		"<Configuration><Zones item=\"1\"><Zone item=\"6\"><TraversalServer item=\"1\"><SIP><TLS>"
		"<VerifySubjectName>expc</VerifySubjectName></TLS></SIP></TraversalServer>\n"
		"<TraversalClient><Peer "
		"item=\"2\"><Address>e2</Address></Peer></TraversalClient></Zone></Zones>"
		"</Configuration>",
		"f:1 Zones Zone.# TraversalServer SIP TLS Verify Subject Name 6/0 = expc\n"
		"f:2 Zones Zone.# TraversalClient Peer.# Address 6/2 = e2\n"},
	{"passwords are dropped",
		"<Configuration><Zones><Zone item=\"6\"><Authentication><Password>secret</Password>"
		"</Authentication><Name>{cipher}x</Name></Zone></Zones></Configuration>",
		"f dropped password of a setting\n"},
	{"AXL: process nodes, phone security profiles and parameters",
		"<soapenv:Envelope xmlns:soapenv=\"s\"><ns:r xmlns:ns=\"n\"><return>"
		"<processNode uuid=\"1\"><name>pub</name><nodeUsage>Publisher</nodeUsage></processNode>\n"
		"<phoneSecurityProfile><name>sec.a.test</name><deviceSecurityMode>Encrypted</"
		"deviceSecurityMode>"
		"</phoneSecurityProfile>\n<row><paramname>ClusterSecurityMode</paramname><paramvalue>1</"
		"paramvalue>"
		"</row>\n<row><name>sub1</name><tknodeusage>1</tknodeusage></row></return></ns:r></"
		"soapenv:Envelope>",
		"f:1 process node 1/0 = pub\nf:1 nodeUsage 1/0 = Publisher\n"
		"f:2 phone security profile 1/0 = sec.a.test\nf:2 deviceSecurityMode 1/0 = Encrypted\n"
		"f:3 ClusterSecurityMode 0/0 = 1\n"
		"f:4 process node 2/0 = sub1\nf:4 nodeUsage 2/0 = Subscriber\n"},
	{"a document type is refused, so that no entity is ever expanded",
		"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b "
		"\"c\">]>\n<Status><Zones>&b;</Zones></Status>",
		"f unused line 2: a document type declaration; no box writes one, and entities are not "
		"read\n"},
	{"a file from outside is not read", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Status/>",
		"f unused line 1: a document type declaration; no box writes one, and entities are not "
		"read\n"},
	{"broken XML names its line", "<Status>\n<a></b></Status>",
		"f unused line 2: XML that cannot be read: mismatched tag\n"},
	{"a log-in page is no answer", "<html><body><p>Sign in</body></html>",
		"f unused line 1: XML that cannot be read: mismatched tag\n"},
};

static const struct row json[] = {
	{"the traversal zone of C",
		"[{\"Name\":\"UC\",\"Status\":\"Active\",\"PeerAddress\":[\"e1.a.test\",\"e2.a.test\"],"
		"\"SIPPort\":7001,\"AuthenticationUserName\":\"traversal\"}]",
		"f:0 Zones Zone.# Name 1/0 = UC\nf:0 Zones Zone.# TraversalClient Collaboration Edge 1/0 = "
		"On\n"
		"f:0 Zones Zone.# TraversalClient SIP Port 1/0 = 7001\n"
		"f:0 Zones Zone.# TraversalClient Authentication UserName 1/0 = traversal\n"
		"f:0 Zones Zone.# TraversalClient Peer.# Address 1/1 = e1.a.test\n"
		"f:0 Zones Zone.# TraversalClient Peer.# Address 1/2 = e2.a.test\n"},
	{"the traversal zone of E",
		"[{\"Name\":\"UC\",\"SIPPort\":7001,\"SIPTLSVerifySubjectName\":\"expc.a.test\"}]",
		"f:0 Zones Zone.# Name 1/0 = UC\nf:0 Zones Zone.# TraversalServer Collaboration Edge 1/0 = "
		"On\n"
		"f:0 Zones Zone.# TraversalServer SIP Port 1/0 = 7001\n"
		"f:0 Zones Zone.# TraversalServer SIP TLS Verify Subject Name 1/0 = expc.a.test\n"},
	{"CUCM servers; a password is dropped",
		"[{\"Publisher\":\"pub.a.test\",\"TlsVerify\":\"On\",\"AxlUsername\":\"axl\",\"AxlPassword\":"
		"\"s\","
		"\"AesGcm\":\"Off\"},{\"Publisher\":\"imp.a.test\",\"AxlUsername\":\"axl\",\"TlsVerify\":"
		"\"Off\"}]",
		"f:0 server/cucm Publisher 1/0 = pub.a.test\nf:0 server/cucm TlsVerify 1/0 = On\n"
		"f:0 server/imp Publisher 2/0 = imp.a.test\nf:0 server/imp TlsVerify 2/0 = Off\n"
		"f dropped password of a setting\n"},
	{"names, MRA, domains; SIP settings hold nothing of use",
		"[{\"SystemHostName\":\"c1\",\"DomainName\":\"a.test\"},{\"SSO\":\"Off\",\"Enabled\":\"On\"},"
		"{\"Name\":\"a.test\",\"EdgeSip\":\"On\"},{\"SipMode\":\"On\",\"TlsPort\":5061}]",
		"f:0 SystemUnit Hostname 0/0 = c1\nf:0 IP DNS Domain Name 0/0 = a.test\n"
		"f:0 CollaborationEdge Enabled 0/0 = On\nf:0 SIP Domain.# Name 3/0 = a.test\n"
		"f:0 SIP Domain.# Edgesip 3/0 = On\n"},
	{"a certificate snapshot: a service without a certificate is listed alone",
		"{\"trackingId\":\"1\",\"server\":\"pub.a.test\",\"identities\":[{\"service\":\"tomcat\","
		"\"certificate\":\"{json leaf}\",\"csr\":\"\"},{\"service\":\"ipsec\",\"certificate\":\"\"}],"
		"\"trusts\":[{\"service\":\"tomcat-trust\",\"certificate_data\":[{\"filename\":\"r.pem\","
		"\"certificate\":\"{json root}\"},{\"filename\":\"o.pem\",\"certificate\":\"{json "
		"other}\"}]}],"
		"\"revokedCertificates\":[]}",
		"f box pub.a.test\nf:0 show cert list 0/0 = ipsec/ipsec.pem\nf:0 own tomcat 1 leaf\nf:0 trust tomcat-trust 1 root\n"
		"f:0 trust tomcat-trust 2 other\n"},
	{"peers of a cluster are no zone, though both have addresses",
		"[{\"PeerAddress\":\"c1.a.test\"},{\"PeerAddress\":\"192.0.2.2\"}]",
		"f:0 Alternates Peer.# Address 1/0 = c1.a.test\nf:0 Alternates Peer.# Address 2/0 = 192.0.2.2\n"},
	{"single answers, in both shapes",
		"[{\"certificate\":\"{json root}\"},{\"certificate\":\"{json other}\"}]",
		"f:0 loose - 1 root\nf:0 loose - 1 other\n"},
	{"an answer of causeway probe: what each server presented",
		"{\"causeway\":1,\"servers\":[{\"host\":\"pub.a.test\",\"port\":8443,\"chain\":[{\"sha256\":\"x\","
		"\"pem\":\"{json leaf}\"},{\"pem\":\"{json root}\"}]},{\"host\":\"gone\",\"port\":0,\"chain\":[]}]}",
		"f:0 presented - 1 leaf @pub.a.test:8443\nf:0 presented - 2 root @pub.a.test:8443\n"},
	{"an answer to a command is no source", "{\"Message\":\"Root Certificate updated.\"}",
		"f unused the box's answer to a command, not to a question; fetch it again with GET\n"},
	{"JSON of others", "{\"a\":1}", "f unused JSON, but no answer of a box that is known here\n"},
	{"broken JSON names its line", "[\n{]", "f unused line 2: JSON that cannot be read\n"},
};

static const struct row sessions[] = {
	{"own and trust certificates of a session with prompts, pages and line breaks of a terminal",
		"$ ssh admin@pub.acme.test\r\r\nCommand Line Interface is starting up, please wait ...\r\n"
		"\033[0madmin:set cli pagination off\r\nadmin:show cert own tomcat\r\n[\r\n  Version: V3\r\n"
		"  Serial Number: 7A\r\n{leaf}]\r\nadmin:show cert trust tomcat-trust/Root_with_a_long_na\r\n"
		"me_01fd6d30.pem\r\n{root}\r\nadmin:\r\n",
		"f:1 Network FQDN 0/0 = pub.acme.test\nf:8 own tomcat 1 leaf @pub.acme.test:0\n"
		"f:22 trust tomcat-trust 1 root @pub.acme.test:0\n"},
	{"the pager's question in the middle of a certificate",
		"admin:show cert own CallManager/CallManager.pem\n-----BEGIN CERTIFICATE-----\n"
		"Press <enter> for 1 line, <space> for one page, or <q> to quit\r           \r"
		"-----END CERTIFICATE-----\n",
		"f unused a certificate that cannot be read: no bytes at all; wanted a DER certificate\n"},
	{"lists name what there is to ask for",
		"admin:show cert list trust\ntomcat-trust/Acme_Root_01.pem: Trust Certificate\n"
		"CallManager-trust/CAPF-36205338.pem: Self-signed certificate\n",
		"f:2 show cert list 0/0 = tomcat-trust/Acme_Root_01.pem\n"
		"f:3 show cert list 0/0 = CallManager-trust/CAPF-36205338.pem\n"},
	{"tables of run sql",
		"admin:run sql select paramname,paramvalue from processconfig where "
		"paramname='ClusterSecurityMode'\n"
		"paramname           paramvalue\n=================== ==========\nClusterSecurityMode 1\n"
		"admin:run sql select name,tknodeusage from processnode\nname               tknodeusage\n"
		"================== ===========\nEnterpriseWideData 0\npub.acme.test      0\nsub1.acme.test  "
		"   1\n",
		"f:4 ClusterSecurityMode 0/0 = 1\nf:9 process node 1/0 = pub.acme.test\nf:9 nodeUsage 1/0 = "
		"Publisher\n"
		"f:10 process node 2/0 = sub1.acme.test\nf:10 nodeUsage 2/0 = Subscriber\n"},
	{"names and the release of the box",
		"admin:show status\nHost Name          : pub\nadmin:show network eth0\nDomain : acme.test\n"
		"admin:show version active\nActive Master Version: 14.0.1.12900-161\n",
		"f:2 SystemUnit Hostname 0/0 = pub\nf:4 IP DNS Domain Name 0/0 = acme.test\n"
		"f:6 version active 0/0 = 14.0.1.12900-161\n"},
	{"the trust list of phones as text: the CallManager certificates of its records, by their hashes",
		"The ITL File was last modified on Fri Nov 20 12:00:00 UTC 2026\n\n    ITL Record #:1\n      ----\n"
		"BYTEPOS TAG             LENGTH  VALUE\n------- ---             ------  -----\n"
		"1       RECORDLENGTH    2       1115\n2       DNSNAME         10      pub.a.test\n"
		"3       SUBJECTNAME     60      CN=pub.a.test;O=Acme\n"
		"4       FUNCTION        2       CCM+TFTP\n6       SERIALNUMBER    16      21:BD\n"
		"9       CERTIFICATE     868     8E 9D 10 54 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 (SHA1 Hash "
		"HEX)\n10      IPADDRESS       4\n    ITL Record #:2\n2       DNSNAME         10      pub.a.test\n"
		"4       FUNCTION        2       TVS\n"
		"9       CERTIFICATE     868     00112233445566778899aabbccddeeff00112233\n"
		"    ITL Record #:3\n2       DNSNAME         11      sub1.a.test\n4       FUNCTION        2       CCM\n"
		"9       CERTIFICATE     868     00 11 22 33 44 55 66 77 88 99 AA BB\nCC DD EE FF 00 11 22 33 (SHA1 Hash "
		"HEX)\n",
		"f:12 trust list of phones 1/0 = pub.a.test\n"
		"f:12 trust list of phones 1/0 = 8e9d10540102030405060708090a0b0c0d0e0f10\n"
		"f:22 trust list of phones 2/0 = sub1.a.test\n"
		"f:22 trust list of phones 2/0 = 00112233445566778899aabbccddeeff00112233\n"},
	{"a private key pasted along is dropped",
		"admin:show cert own tomcat\n-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE "
		"KEY-----\n",
		"f dropped private key\n"},
};

static const struct row others[] = {
	{"what s_client shows is what the host presented",
		"$ openssl s_client -connect e1.acme.test:5061 -showcerts "
		"</dev/null\nCONNECTED(00000003)\n---\n"
		"Certificate chain\n 0 s:CN = e1\n   i:CN = root\n{leaf} 1 s:CN = root\n   i:CN = "
		"root\n{root}---\n"
		"Server certificate\n",
		"f:7 presented - 1 leaf @e1.acme.test:5061\nf:20 presented - 2 root @e1.acme.test:5061\n"},
	{"PEM files: certificates with their lines, keys dropped",
		"text\n{leaf}-----BEGIN PRIVATE "
		"KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ\n"
		"GhscHR4f\n-----END PRIVATE KEY-----\n{root}",
		"f:2 loose - 1 leaf\nf:17 loose - 2 root\nf dropped private key\n"},
	{"a key alone", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"f dropped private key\n"},
	{"a broken block is told", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
		"f unused 2: column 1: \"!\" is no base64 character\n"},
	{"words", "hello\n",
		"f unused neither an archive, a dump, a session, a capture nor certificates; nothing in it "
		"is known\n"},
	{"nothing", "", "f unused empty\n"},
	{"an encrypted backup", "Salted__12345678",
		"f unused an encrypted backup; its format is not public. Import a diagnostic archive of the "
		"box "
		"instead (Maintenance > Diagnostics > Diagnostic logging)\n"},
	{"a log is a source without settings",
		"2026-11-20T12:00:00+00:00 c1 tvcs: Event=\"System Start\" Level=\"1\" UTCTime=\"x\"\n", ""},
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void dumps_give_settings_and_drop_secrets(void **state)
{
	(void)state;
	CHECK(settings);
}

static void xml_is_read_without_entities(void **state)
{
	(void)state;
	CHECK(xml);
}

static void answers_are_known_by_their_shape(void **state)
{
	(void)state;
	CHECK(json);
}

static void sessions_are_read_as_a_person_saw_them(void **state)
{
	(void)state;
	CHECK(sessions);
}

static void other_sources_and_what_is_none(void **state)
{
	(void)state;
	CHECK(others);
}

static void json_ten_thousand_deep_ends(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	for (int i = 0; i < 10000; i++)
		cw_buffer_char(&text, '[');
	check_row(&(struct row){
		"deep", cw_buffer_string(&text), "f unused line 1: JSON that cannot be read\n"});
}

static void xml_a_thousand_deep_ends(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	for (int i = 0; i < 1000; i++)
		cw_buffer_text(&text, "<a>");
	check_row(&(struct row){
		"deep", cw_buffer_string(&text), "f unused line 1: more than 64 elements deep\n"});
}

static void element(struct cw_buffer *ret, unsigned tag, const void *value, size_t length)
{
	cw_buffer_char(ret, (char)tag);
	cw_buffer_char(ret, (char)(length >> 8));
	cw_buffer_char(ret, (char)(length & 0xff));
	cw_buffer_append(ret, value, length);
}

static void record(struct cw_buffer *ret, const char *name, unsigned role, const struct cw_cert *cert)
{
	AUTO_BUFFER body = {0};
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	element(&body, 2, name, strlen(name) + 1);
	element(&body, 4, (char[]){(char)(role >> 8), (char)role}, 2);
	element(&body, 9, der, length);
	size_t size = body.length + 5;
	element(ret, 1, (char[]){(char)(size >> 8), (char)size}, 2);
	cw_buffer_append(ret, body.data, body.length);
}

static void trust_lists_of_phones_give_their_certificates(void **state)
{
	(void)state;
	AUTO_BUFFER file = {0};
	AUTO_BUFFER found = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	element(&file, 1, "\1\2", 2);
	element(&file, 2, "\0\x16", 2);
	element(&file, 3, "", 0); /* a container's length is not skipped */
	cw_buffer_append(&file, "\4\0\4abc\0\15", 8);
	cw_buffer_append(&file, "\15", 1);
	file.length = 22;
	record(&file, "pub.acme.test", 2, test_cert("leaf"));
	record(&file, "", 0, test_cert("root"));
	assert_true(cw_gather_bytes(&evidence, "f", file.data, file.length, &error));
	test_evidence_text(&evidence, test_cert_name, &found);
	assert_string_equal(cw_buffer_string(&found),
		"f:0 list CallManager 1 leaf @pub.acme.test:0\nf:0 list SAST 2 root\n");
	file.length -= 100;
	AUTO_EVIDENCE cut = {.pool = pool};
	assert_true(cw_gather_bytes(&cut, "f", file.data, file.length, &error));
	assert_int_equal(cut.cert_count, 1);
	assert_string_equal(cut.unused.items[0].text, "record 2: is cut off");
}

static int make(void **state)
{
	(void)state;
	test_make_certs("root ca; leaf by=root san=DNS:pub.acme.test eku=server,client; other ca");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dumps_give_settings_and_drop_secrets),
		cmocka_unit_test(xml_is_read_without_entities),
		cmocka_unit_test(answers_are_known_by_their_shape),
		cmocka_unit_test(sessions_are_read_as_a_person_saw_them),
		cmocka_unit_test(other_sources_and_what_is_none),
		cmocka_unit_test(json_ten_thousand_deep_ends),
		cmocka_unit_test(xml_a_thousand_deep_ends),
		cmocka_unit_test(trust_lists_of_phones_give_their_certificates),
	};
	return cmocka_run_group_tests(tests, make, test_certs_teardown);
}
