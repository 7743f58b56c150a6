#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const struct test_problem_row files[] = {
	{"a file that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1/sever.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1/sever.pem: cannot open: No such file or directory; did you mean \"server.pem\"?"},
	{"a folder instead of a file",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1: is a folder; wanted a file"},
	{"a folder that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: nowhere/\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:19: nowhere/: cannot open: No such file or directory"},
	{"an identity file with only a CRL",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: crl.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: crl.pem: wanted a certificate, found a CRL"},
	{"an identity file with only a key",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1/key.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1/key.pem: a private key and no certificate; wanted the certificate to it"},
	{"an identity file that is empty",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: empty.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: empty.pem: wanted a certificate, found an empty file"},
	{"an identity file that is UTF-16",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: utf16.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: utf16.pem: UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; "
		"save it as plain text (ANSI or UTF-8)"},
	{"an identity file that is broken",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: broken.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: broken.pem:2: \"-----BEGIN CERTIFICATE-----\" has no \"-----END CERTIFICATE-----\"; "
		"the text ends with line 3"},
	{"an identity file of words",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: words.txt\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: words.txt: text without any PEM block; wanted a certificate between \"-----BEGIN "
		"…-----\" and \"-----END …-----\""},
	{"an identity that is a list",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: [c1/server.pem]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: wanted a certificate file or unknown, found a list"},
	{"PKCS#12 without a password",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1.p12\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1.p12: PKCS#12 protected by a password; wanted the password; the key "
		"\"server-password-file\" names the file that holds it"},
	{"PKCS#12 with a wrong password",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1.p12\n"
		"      server-password-file: wrong.txt\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1.p12: the password does not open the PKCS#12 file (or the file is damaged)"},
	{"a store in PKCS#12 without a password",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: c1.p12\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:19: c1.p12: PKCS#12 protected by a password; wanted the password; the key "
		"\"trusted-ca-password-file\" names the file that holds it"},
	{"a password file that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1.p12\n"
		"      server-password-file: sercet.txt\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"7:29: sercet.txt: cannot open: No such file or directory; did you mean \"secret.txt\"?"},
	{"a key file that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1/server.pem\n"
		"      key: c1/privkey.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"7:12: c1/privkey.pem: cannot open: No such file or directory; nothing in that folder has a name like it"},
	{"a key file that is missing where the identity is not known",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: unknown\n"
		"      key: c1/privkey.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"7:12: c1/privkey.pem: cannot open: No such file or directory; nothing in that folder has a name like it"},
	{"a store with only a key",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: c1/key.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:19: c1/key.pem: a private key and no certificate; wanted the certificate to it"},
	{"a store whose second file is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: [root.pem, isuing.pem]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:30: isuing.pem: cannot open: No such file or directory; did you mean \"issuing.pem\"?"},
	{"a store that is a map",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: {fingerprints: x.txt}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:19: wanted a file, a folder, a list of them, or unknown, found a map"},
	{"a store with a list in a list",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: [[root.pem]]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:20: wanted a file, a folder, a list of them, or unknown, found a list"},
	{"a store that is nothing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca:\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:18: wanted a file, a folder, a list of them, or unknown, found nothing"},
	{"unknown inside a list",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: [root.pem, unknown]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:30: \"unknown\" stands for the whole list, not in it"},
	{"a file of a list that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trusted-ca: odd/a.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:19: odd/a.pem: text without any PEM block; wanted a certificate between \"-----BEGIN "
		"…-----\" and \"-----END …-----\""},
	{"a CRL file with a certificate",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      crl: root.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:12: root.pem: wanted a CRL, found certificates"},
	{"a CRL file that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      crl: none.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:12: none.pem: cannot open: No such file or directory; nothing in that folder has a name like it"},
	{"a file of fingerprints with a line that is none",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, trust: {fingerprints: words.txt}}\n",
		"4:56: words.txt:1: wanted a SHA-256 fingerprint (64 hexadecimal digits), found fewer "
		"digits"},
	{"a file of fingerprints that is missing",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, trust: [system, {fingerprints: none.txt}]}\n",
		"4:65: none.txt: cannot open: No such file or directory; nothing in that folder has a name like it"},
	{"fingerprints without a file",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, trust: {}}\n",
		"4:41: key \"fingerprints\" is missing in a trust list known by fingerprints"},
	{"a SHA-1 among the fingerprints",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, trust: {fingerprints: odd-fingerprints.txt}}\n",
		"4:56: odd-fingerprints.txt:2: wanted a SHA-256 fingerprint (64 hexadecimal digits), found "
		"40 digits, which is a SHA-1\n"
		"4:56: odd-fingerprints.txt:3: wanted a SHA-256 fingerprint (64 hexadecimal digits), found "
		"fewer digits\n"
		"4:56: odd-fingerprints.txt:4: wanted a SHA-256 fingerprint (64 hexadecimal digits), found "
		"fewer digits\n"
		"4:56: odd-fingerprints.txt:5: wanted a SHA-256 fingerprint (64 hexadecimal digits), found "
		"more"},
	{"two hyphens for a file",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: \"-\"\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: -: cannot open: No such file or directory; nothing in that folder has a name like it"},
	{"a password glued to its key",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], password:secret}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:38: unknown key \"password:…\" in the traversal of expressway-c; a space is wanted behind "
		"the \":\" of a key"},
	{"a key file without its password file",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1/server.pem\n"
		"      key: locked-key.pem\n"
		"      key-password-file: sercet.txt\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"8:26: sercet.txt: cannot open: No such file or directory; did you mean \"secret.txt\"?"},
	{"an X15.5 client that is missing",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      client: c1/client.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:15: c1/client.pem: cannot open: No such file or directory; nothing in that folder has a name like it"},
};

static void a_file_that_cannot_be_used_is_named_where_it_is_named(void **state)
{
	(void)state;
	test_problem_rows(files, sizeof files / sizeof files[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_cannot_be_used_is_named_where_it_is_named),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
