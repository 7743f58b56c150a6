#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const struct test_problem_row keys[] = {
	{"a typo in a key of the deployment",
		"causeway: 1\n"
		"domain: [acme.test]\n",
		"2:1: unknown key \"domain\"; did you mean \"domains\"?"},
	{"a typo in a key of expressway-c",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  cucm-tls-verfy: on\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:3: unknown key \"cucm-tls-verfy\"; did you mean \"cucm-tls-verify\"?"},
	{"a typo in a key of a node",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      trused-ca: root.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:7: unknown key \"trused-ca\"; did you mean \"trusted-ca\"?"},
	{"a typo in a key of expressway-e",
		"causeway: 1\n"
		"expressway-e: {realease: X14.2, nodes: [{fqdn: e1.acme.test}]}\n",
		"2:16: unknown key \"realease\"; did you mean \"release\"?"},
	{"a typo in a key of cucm",
		"causeway: 1\n"
		"cucm:\n"
		"  secure-registraton: on\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n",
		"3:3: unknown key \"secure-registraton\"; did you mean \"secure-registration\"?"},
	{"a typo in a key of a node of cucm",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      tomcat-trsut: root.pem\n",
		"5:7: unknown key \"tomcat-trsut\"; did you mean \"tomcat-trust\"?"},
	{"a typo in a key of imp",
		"causeway: 1\n"
		"imp: {node: [{fqdn: imp.acme.test}]}\n",
		"2:7: unknown key \"node\"; did you mean \"nodes\"?"},
	{"a typo in a key of a node of unity",
		"causeway: 1\n"
		"unity: {nodes: [{fqdn: cuc.acme.test, tomact: unknown}]}\n",
		"2:39: unknown key \"tomact\"; did you mean \"tomcat\"?"},
	{"a typo in a key of the front",
		"causeway: 1\n"
		"front: {fqdn: edge.acme.test, sever: front/server.pem}\n",
		"2:31: unknown key \"sever\"; did you mean \"server\"?"},
	{"a typo in a key of traversal",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], usename: x}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:38: unknown key \"usename\"; did you mean \"username\"?"},
	{"a typo in a key of a zone",
		"causeway: 1\n"
		"zones: [{name: z, prot: 7001}]\n",
		"2:9: key \"peers\" is missing in a zone\n"
		"2:9: a zone without expressway-c: there is none in this deployment\n"
		"2:9: a zone without expressway-e: there is none in this deployment\n"
		"2:19: unknown key \"prot\"; did you mean \"port\"?"},
	{"a typo in a key of an endpoint",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, turst: system}\n",
		"4:34: unknown key \"turst\"; did you mean \"trust\"?"},
	{"a typo in a key of a domain",
		"causeway: 1\n"
		"domains: [{name: acme.test, egde: dns}]\n",
		"2:29: unknown key \"egde\"; did you mean \"edge\"?"},
	{"a typo in the key of fingerprints",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, trust: {fingerprint: x.txt}}\n",
		"4:42: unknown key \"fingerprint\"; did you mean \"fingerprints\"?"},
	{"a typo in a password file",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server-pasword-file: secret.txt\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"6:7: unknown key \"server-pasword-file\"; did you mean \"server-password-file\"?"},
	{"a key like no other",
		"causeway: 1\n"
		"colour: blue\n",
		"2:1: unknown key \"colour\" in a deployment; wanted one of causeway, name, domains, "
		"chat-aliases, federation-domains, phone-profiles, expressway-c, expressway-e, cucm, imp, "
		"unity, front, zones, endpoints"},
	{"a key that belongs in another map",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      release: X14.2\n",
		"5:7: key \"release\" does not belong in a node of cucm but in expressway-c; wanted one of "
		"fqdn, address, sends, publisher, tomcat, tomcat-ecdsa, callmanager, callmanager-ecdsa, "
		"tomcat-trust, callmanager-trust, same-as"},
	{"keys of one side on the other",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], tls-verify-name: expc.acme.test}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:38: key \"tls-verify-name\" does not belong in the traversal of expressway-c but in the "
		"traversal of expressway-e; wanted one of peers, port, username, password, password-file"},
	{"a key in capitals",
		"causeway: 1\n"
		"CUCM: {nodes: []}\n",
		"2:1: unknown key \"CUCM\"; did you mean \"cucm\"?"},
	{"the key of a node that X15.5 does not have on cucm",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"      client: c1/server.pem\n",
		"5:7: key \"client\" does not belong in a node of cucm but in a node of expressway-c; wanted "
		"one of fqdn, address, sends, publisher, tomcat, tomcat-ecdsa, callmanager, "
		"callmanager-ecdsa, tomcat-trust, callmanager-trust, same-as"},
	{"a crl for the front",
		"causeway: 1\n"
		"front: {fqdn: edge.acme.test, crl: crl.pem}\n",
		"2:31: key \"crl\" does not belong in the front but in a node of expressway-c; wanted one of "
		"fqdn, address, sends, server, key, client, client-key, trusted-ca"},
	{"a repeated key of the deployment",
		"causeway: 1\n"
		"name: a\n"
		"name: b\n",
		"3:1: key \"name\" is repeated; it stands at 2:1 already"},
	{"a repeated key of a node",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"      server: c1/server.pem\n"
		"      server: c1/server.pem\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"7:7: key \"server\" is repeated; it stands at 6:7 already"},
	{"a repeated group",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: a.test}]}\n"
		"cucm: {nodes: [{fqdn: b.test}]}\n",
		"3:1: key \"cucm\" is repeated; it stands at 2:1 already"},
	{"a merge key",
		"causeway: 1\n"
		"<<: {name: a}\n",
		"2:1: unknown key \"<<\" in a deployment; wanted one of causeway, name, domains, "
		"chat-aliases, federation-domains, phone-profiles, expressway-c, expressway-e, cucm, imp, "
		"unity, front, zones, endpoints"},
	{"a typo in traversal",
		"causeway: 1\n"
		"expressway-c:\n"
		"  travesal: {peers: [e1.acme.test]}\n"
		"  nodes: [{fqdn: c1.acme.test}]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:3: unknown key \"travesal\"; did you mean \"traversal\"?"},
	{"a typo in peers",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peer: [e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:15: unknown key \"peer\"; did you mean \"peers\"?"},
	{"a key that is a list",
		"causeway: 1\n"
		"? [name]\n"
		": acme\n",
		"2:3: wanted a key, found a list"},
	{"a placeholder of a template",
		"causeway: 1\n"
		"name: {{ name }}\n",
		"2:7: wanted a name, found a map\n"
		"2:8: wanted a key, found a map"},
};

static void a_key_that_is_wrong_is_named_with_what_was_meant(void **state)
{
	(void)state;
	test_problem_rows(keys, sizeof keys / sizeof keys[0]);
}

static const struct test_problem_row types[] = {
	{"another version of the format", "causeway: 2\n",
		"1:11: format version \"2\" is not known here; wanted 1"},
	{"no version", "name: acme\n", "1:1: key \"causeway\" is missing in a deployment"},
	{"a version that is a list", "causeway: [1]\n",
		"1:11: wanted 1, the version of the format, found a list"},
	{"a version that is nothing", "causeway:\n",
		"1:10: wanted 1, the version of the format, found nothing"},
	{"a list instead of the deployment", "- causeway: 1\n",
		"1:1: wanted a deployment, which is a map (\"key: value\"), found a list"},
	{"a text instead of the deployment", "causeway:1\n",
		"1:1: wanted a deployment, which is a map (\"key: value\"), found text"},
	{"a certificate instead of a deployment",
		"-----BEGIN CERTIFICATE-----\n"
		"MIIB\n"
		"-----END CERTIFICATE-----\n",
		"1:1: wanted a deployment, which is a map (\"key: value\"), found text"},
	{"a text instead of a group",
		"causeway: 1\n"
		"cucm: pub.acme.test\n",
		"2:7: wanted a map, or a list of maps, found text"},
	{"nothing instead of a group",
		"causeway: 1\n"
		"cucm:\n",
		"2:6: wanted a map, or a list of maps, found nothing"},
	{"a text in a list of groups",
		"causeway: 1\n"
		"cucm: [pub.acme.test]\n",
		"2:8: wanted cucm, which is a map (\"key: value\"), found text"},
	{"a text instead of nodes",
		"causeway: 1\n"
		"cucm: {nodes: pub.acme.test}\n",
		"2:15: wanted a list of nodes, found text"},
	{"a text instead of a node",
		"causeway: 1\n"
		"cucm: {nodes: [pub.acme.test]}\n",
		"2:16: wanted a node of cucm, which is a map (\"key: value\"), found text"},
	{"a group without nodes",
		"causeway: 1\n"
		"cucm: {secure-registration: on}\n",
		"2:7: key \"nodes\" is missing in cucm"},
	{"an empty list of nodes",
		"causeway: 1\n"
		"cucm: {nodes: []}\n",
		"2:15: wanted at least one node, found an empty list"},
	{"a list instead of the front",
		"causeway: 1\n"
		"front: [{fqdn: edge.acme.test}]\n",
		"2:8: wanted the front, which is a map (\"key: value\"), found a list"},
	{"a node without fqdn",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - address: 10.0.0.1\n",
		"4:7: key \"fqdn\" is missing in a node of cucm"},
	{"a list instead of a host name",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: [pub.acme.test]}]}\n",
		"2:23: wanted a host name or an IP address, found a list"},
	{"a text instead of domains",
		"causeway: 1\n"
		"domains: acme.test\n",
		"2:10: wanted a list of domains, found text"},
	{"a map instead of chat-aliases",
		"causeway: 1\n"
		"chat-aliases: {a: b}\n",
		"2:15: wanted a list of names, found a map"},
	{"a list in a list of names",
		"causeway: 1\n"
		"phone-profiles: [[a.test]]\n",
		"2:18: wanted a name, found a list"},
	{"a map instead of endpoints",
		"causeway: 1\n"
		"endpoints: {laptop: {kind: jabber}}\n",
		"2:12: wanted a list of endpoints, found a map"},
	{"a text instead of traversal",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: e1.acme.test}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:22: wanted a list of addresses of Expressway-E, found text"},
	{"traversal as a text",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: e1.acme.test\n"
		"  nodes: [{fqdn: c1.acme.test}]\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:14: wanted the traversal of expressway-c, which is a map (\"key: value\"), found text"},
	{"a map instead of zones",
		"causeway: 1\n"
		"zones: {name: z}\n",
		"2:8: wanted a list of zones, found a map"},
	{"a name that is empty",
		"causeway: 1\n"
		"name: \"\"\n",
		"2:7: wanted a name, found an empty text"},
	{"a name that is nothing",
		"causeway: 1\n"
		"name: ~\n",
		"2:7: wanted a name, found nothing"},
	{"a name with a line break",
		"causeway: 1\n"
		"name: |\n"
		"  a\n"
		"  b\n",
		"2:7: wanted a name, found a text with a line break or another control character in it"},
	{"a name with an escape sequence",
		"causeway: 1\n"
		"name: \"\\e[31mred\"\n",
		"2:7: a control character inside a text (line ends and tabs are none)"},
	{"a password that is a list",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], password: [secret, sauce]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:48: wanted a password, found a list"},
	{"a password that is an alias",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test], password: *secret}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:48: an alias (*name), which is not read here; write the value out, or put it in quotes "
		"where it begins with \"*\""},
};

static void a_value_of_the_wrong_kind_is_named_with_what_was_wanted(void **state)
{
	(void)state;
	test_problem_rows(types, sizeof types / sizeof types[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_that_is_wrong_is_named_with_what_was_meant),
		cmocka_unit_test(a_value_of_the_wrong_kind_is_named_with_what_was_wanted),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
