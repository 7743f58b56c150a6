#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const struct test_problem_row values[] = {
	{"a boolean that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  eku-check: maybe\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:14: wanted on or off, found \"maybe\""},
	{"a boolean that is a number",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  verify-origin-server: 1\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:25: wanted on or off, found \"1\""},
	{"a boolean that is a list",
		"causeway: 1\n"
		"cucm:\n"
		"  secure-registration: [on]\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n",
		"3:24: wanted on, off or unknown, found a list"},
	{"a switch that is none",
		"causeway: 1\n"
		"cucm:\n"
		"  cucm-tls-verify: permissive\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n",
		"3:20: wanted on, off or unknown, found \"permissive\""},
	{"a revocation that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  revocation: on\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:15: wanted off, crl or unknown, found \"on\""},
	{"a revocation in capitals",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  revocation: CRL\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:15: wanted off, crl or unknown, found \"CRL\"; did you mean \"crl\"?"},
	{"a fallback that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  revocation-fallback: fial\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:24: wanted fail or ignore, found \"fial\"; did you mean \"fail\"?"},
	{"a cluster mode that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  cluster-tls-verify: permisive\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:23: wanted on or permissive, found \"permisive\"; did you mean \"permissive\"?"},
	{"a preference that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  prefer: edcsa\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:11: wanted rsa or ecdsa, found \"edcsa\"; did you mean \"ecdsa\"?"},
	{"a publisher that is none",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      publisher: first\n",
		"5:18: wanted on or off, found \"first\""},
	{"a way of sending that is none",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      sends: chain\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:14: wanted auto, leaf or file, found \"chain\""},
	{"an edge that is none",
		"causeway: 1\n"
		"domains: [{name: acme.test, edge: srv}]\n",
		"2:35: wanted dns, collab-edge or none, found \"srv\""},
	{"a kind of endpoint that is none",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: desk, kind: phone-8000}\n",
		"4:24: wanted jabber, telepresence, phone-7800, phone-8800, phone-9800 or webex, found \"phone-8000\"; did you "
		"mean \"phone-8800\"?"},
	{"a kind of endpoint in capitals",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: Jabber}\n",
		"4:26: wanted jabber, telepresence, phone-7800, phone-8800, phone-9800 or webex, found \"Jabber\"; did you mean "
		"\"jabber\"?"},
	{"an endpoint without kind and name",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {trust: system}\n",
		"4:5: key \"name\" is missing in an endpoint\n"
		"4:5: key \"kind\" is missing in an endpoint"},
	{"a release without X",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  release: 14.2\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:12: \"14.2\" is no release; wanted X<major>.<minor>[.<patch>] like X14.2 or X14.0.8"},
	{"a release before the first known",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  release: X8.11\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:12: release \"X8.11\" is older than X12.5, the oldest one known"},
	{"a release that is a word",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  release: latest\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:12: \"latest\" is no release; wanted X<major>.<minor>[.<patch>] like X14.2 or X14.0.8"},
	{"port 0",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], port: 0}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:44: wanted a port from 1 to 65535, found \"0\""},
	{"port 65536",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], port: 65536}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:44: wanted a port from 1 to 65535, found \"65536\""},
	{"a port that is a word",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], port: default}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:44: wanted a port from 1 to 65535, found \"default\""},
	{"a negative port",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], port: -1}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:44: wanted a port from 1 to 65535, found \"-1\""},
	{"ports that differ",
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [e1.acme.test], port: 7001}, nodes: [{fqdn: "
		"c1.acme.test}]}\n"
		"expressway-e: {traversal: {port: 7002}, nodes: [{fqdn: e1.acme.test}]}\n",
		"3:34: port 7002 here, but port 7001 on expressway-c (2:57)"},
	{"a host name with a URL",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: https://pub.acme.test/\n",
		"5:16: wanted a host name or an IP address, found \"https://pub.acme.test/\": leave out the "
		"scheme (\"https://\") and everything after the name"},
	{"a host name with a port",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: pub.acme.test:8443\n",
		"5:16: wanted a host name or an IP address, found \"pub.acme.test:8443\": leave out the "
		"port"},
	{"a host name with a space",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: \"pub acme.test\"\n",
		"5:16: wanted a host name or an IP address, found \"pub acme.test\": there is a space in it"},
	{"a host name with a wildcard",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: \"*.acme.test\"\n",
		"5:16: wanted a host name or an IP address, found \"*.acme.test\": a wildcard is no name of "
		"a host"},
	{"a host name with two names in one text",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: \"a.test, b.test\"\n",
		"5:16: wanted a host name or an IP address, found \"a.test, b.test\": write several as a "
		"list: [a, b]"},
	{"a host name with two dots",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: pub..test\n",
		"5:16: wanted a host name or an IP address, found \"pub..test\": two dots or a dot at an "
		"end"},
	{"a host name with two dots at the end",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: pub.acme.test..\n",
		"5:16: wanted a host name or an IP address, found \"pub.acme.test..\": two dots or a dot at "
		"an end"},
	{"a host name with a hyphen at the start",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: -pub.acme.test\n",
		"5:16: wanted a host name or an IP address, found \"-pub.acme.test\": a \"-\" beside a dot "
		"or at an end"},
	{"a host name with a label of 64 characters",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test\n",
		"5:16: wanted a host name or an IP address, found "
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test\": more than 63 "
		"characters between two dots"},
	{"a host name with a name of 254 characters",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.abcd\n",
		"5:16: wanted a host name or an IP address, found "
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaa…\": it is longer than 253 "
		"characters"},
	{"a host name with an IPv4 address out of range",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: 10.0.0.256\n",
		"5:16: wanted a host name or an IP address, found \"10.0.0.256\": it looks like an IP "
		"address and is none"},
	{"a host name with brackets",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: \"[2001:db8::1]\"\n",
		"5:16: wanted a host name or an IP address, found \"[2001:db8::1]\": write an IPv6 address "
		"without brackets and port"},
	{"a host name with letters that are not ASCII",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: bücher.test\n",
		"5:16: wanted a host name or an IP address, found \"bücher.test\": write other than English "
		"letters in their ASCII form (\"xn--…\")"},
	{"a host name with a slash",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      address: pub.acme.test/x\n",
		"5:16: wanted a host name or an IP address, found \"pub.acme.test/x\": a character that no "
		"host name has"},
};

static void a_value_that_means_nothing_is_named_with_what_was_wanted(void **state)
{
	(void)state;
	test_problem_rows(values, sizeof values / sizeof values[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_means_nothing_is_named_with_what_was_wanted),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
