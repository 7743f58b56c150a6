#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

static const struct test_problem_row names[] = {
	{"an fqdn twice in one group",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - fqdn: pub.acme.test\n"
		"    - fqdn: PUB.acme.test\n",
		"5:13: fqdn \"PUB.acme.test\" is repeated; it stands at 4:13 already"},
	{"an fqdn in two groups",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: pub.acme.test}]}\n"
		"imp: {nodes: [{fqdn: pub.acme.test}]}\n",
		"3:22: fqdn \"pub.acme.test\" is repeated; it stands at 2:23 already"},
	{"the fqdn of the front on a node",
		"causeway: 1\n"
		"front: {fqdn: pub.acme.test}\n"
		"cucm: {nodes: [{fqdn: pub.acme.test}]}\n",
		"3:23: fqdn \"pub.acme.test\" is repeated; it stands at 2:15 already"},
	{"a domain twice",
		"causeway: 1\n"
		"domains: [acme.test, b.test, {name: Acme.test}]\n",
		"2:37: domain \"Acme.test\" is repeated; it stands at 2:11 already"},
	{"an endpoint twice",
		"causeway: 1\n"
		"endpoints: [{name: a, kind: jabber}, {name: a, kind: jabber}]\n",
		"2:45: name \"a\" is repeated; it stands at 2:20 already"},
	{"a zone twice",
		"causeway: 1\n"
		"expressway-c: {nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{name: z, peers: [e1.acme.test]}, {name: z, peers: [e1.acme.test]}]\n",
		"4:50: name \"z\" is repeated; it stands at 4:16 already"},
	{"the name of a group twice",
		"causeway: 1\n"
		"cucm: [{name: a, nodes: [{fqdn: a.test}]}, {name: a, nodes: [{fqdn: b.test}]}]\n",
		"2:51: name \"a\" is repeated; it stands at 2:15 already"},
	{"a group in a list without a name",
		"causeway: 1\n"
		"cucm: [{nodes: [{fqdn: a.test}]}]\n",
		"2:8: key \"name\" is missing in cucm"},
	{"a peer twice",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: [e1.acme.test, e1.acme.test]}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:37: peer \"e1.acme.test\" is repeated"},
	{"two publishers",
		"causeway: 1\n"
		"cucm:\n"
		"  nodes:\n"
		"    - {fqdn: a.test, publisher: yes}\n"
		"    - {fqdn: b.test, publisher: yes}\n",
		"5:33: a second publisher; the first is at 4:33"},
	{"a peer that is like an fqdn",
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [e3.acme.test]}, nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}, {fqdn: e2.acme.test, address: 10.0.0.2}]}\n",
		"2:36: no node of expressway-e has the fqdn or address \"e3.acme.test\"; did you mean "
		"\"e1.acme.test\"?"},
	{"a peer that fits nobody",
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [192.168.77.1]}, nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}, {fqdn: e2.acme.test, address: 10.0.0.2}]}\n",
		"2:36: no node of expressway-e has the fqdn or address \"192.168.77.1\"; give the node that "
		"it reaches an \"address\""},
	{"peers without an expressway-e",
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [e1.acme.test]}, nodes: [{fqdn: c1.acme.test}]}\n",
		"2:35: these peers belong to no node: there is no expressway-e"},
	{"an empty list of peers",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {peers: []}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:22: wanted at least one peer, found an empty list"},
	{"no traversal",
		"causeway: 1\n"
		"expressway-c: {nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"2:15: nothing says how expressway-c reaches expressway-e; wanted \"traversal: {peers: "
		"[...]}\""},
	{"a traversal without peers",
		"causeway: 1\n"
		"expressway-c:\n"
		"  traversal: {username: x}\n"
		"  nodes:\n"
		"    - fqdn: c1.acme.test\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"3:14: key \"peers\" is missing in the traversal of expressway-c"},
	{"two groups without zones",
		"causeway: 1\n"
		"expressway-c:\n"
		"  - {name: a, nodes: [{fqdn: c1.acme.test}]}\n"
		"  - {name: b, nodes: [{fqdn: c2.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n",
		"4:5: a second expressway-c; then \"zones\" must say who talks to whom: zones: [{name: NAME, "
		"c: NAME, e: NAME, peers: [...]}]"},
	{"traversal beside zones",
		"causeway: 1\n"
		"expressway-c: {traversal: {peers: [e1.acme.test]}, nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{name: z, peers: [e1.acme.test]}]\n",
		"2:27: \"traversal\" stands for the one zone of a deployment without \"zones\"; move its "
		"keys into the zone"},
	{"an empty list of zones",
		"causeway: 1\n"
		"expressway-c: {nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: []\n",
		"4:8: wanted at least one zone, found an empty list"},
	{"a zone without name and peers",
		"causeway: 1\n"
		"expressway-c: {nodes: [{fqdn: c1.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{port: 7001}]\n",
		"4:9: key \"name\" is missing in a zone\n"
		"4:9: key \"peers\" is missing in a zone"},
	{"a zone that does not say which",
		"causeway: 1\n"
		"expressway-c:\n"
		"  - {name: west, nodes: [{fqdn: c1.acme.test}]}\n"
		"  - {name: east, nodes: [{fqdn: c2.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{name: z, peers: [e1.acme.test]}]\n",
		"6:9: key \"c\" is missing in a zone; there are 2 expressway-c: say which, by its name"},
	{"a zone with a name like that of a group",
		"causeway: 1\n"
		"expressway-c:\n"
		"  - {name: west, nodes: [{fqdn: c1.acme.test}]}\n"
		"  - {name: east, nodes: [{fqdn: c2.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{name: z, c: wset, peers: [e1.acme.test]}]\n",
		"6:22: no expressway-c has the name \"wset\"; did you mean \"west\"?"},
	{"a zone with a name of no group",
		"causeway: 1\n"
		"expressway-c:\n"
		"  - {name: west, nodes: [{fqdn: c1.acme.test}]}\n"
		"  - {name: east, nodes: [{fqdn: c2.acme.test}]}\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test}]}\n"
		"zones: [{name: z, c: west, e: north, peers: [e1.acme.test]}]\n",
		"6:31: no expressway-e has the name \"north\""},
	{"a zone without any expressway-e",
		"causeway: 1\n"
		"expressway-c: {nodes: [{fqdn: c1.acme.test}]}\n"
		"zones: [{name: z, peers: [e1.acme.test]}]\n",
		"3:9: a zone without expressway-e: there is none in this deployment"},
	{"same-as a node that is like another",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: pub.acme.test}, {fqdn: sub.acme.test, same-as: pup.acme.test}]}\n",
		"2:70: wanted the fqdn of a node of cucm, found \"pup.acme.test\"; did you mean "
		"\"pub.acme.test\"?"},
	{"same-as itself",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: pub.acme.test, same-as: pub.acme.test}]}\n",
		"2:47: \"same-as\" goes round in a circle: no node on it has stores of its own"},
	{"same-as in a circle",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: a.test, same-as: b.test}, {fqdn: b.test, same-as: a.test}]}\n",
		"2:40: \"same-as\" goes round in a circle: no node on it has stores of its own\n"
		"2:73: \"same-as\" goes round in a circle: no node on it has stores of its own"},
	{"same-as a node of another kind",
		"causeway: 1\n"
		"imp: {nodes: [{fqdn: imp.test}]}\n"
		"cucm: {nodes: [{fqdn: a.test, same-as: imp.test}]}\n",
		"3:40: wanted the fqdn of a node of cucm, found \"imp.test\""},
	{"same-as beside a store",
		"causeway: 1\n"
		"cucm: {nodes: [{fqdn: a.test}, {fqdn: b.test, same-as: a.test, tomcat-trust: root.pem}]}\n",
		"2:78: \"same-as\" (2:56) stands for both stores of this node; leave out one of them"},
	{"a domain of an endpoint that is none",
		"causeway: 1\n"
		"domains: [acme.test]\n"
		"endpoints:\n"
		"  - {name: laptop, kind: jabber, domains: [acme.tset, example.org]}\n",
		"4:44: \"acme.tset\" is not one of the \"domains\" of the deployment; did you mean "
		"\"acme.test\"?\n"
		"4:55: \"example.org\" is not one of the \"domains\" of the deployment"},
	{"several problems in the order of their lines",
		"causeway: 1\n"
		"nmae: x\n"
		"cucm: {nodes: [{fqdn: a b}]}\n"
		"endpoints: [{name: a, kind: fax}]\n"
		"domains: no\n",
		"2:1: unknown key \"nmae\"; did you mean \"name\"?\n"
		"3:23: wanted a host name or an IP address, found \"a b\": there is a space in it\n"
		"4:29: wanted jabber, telepresence, phone-7800, phone-8800, phone-9800 or webex, found \"fax\"\n"
		"5:10: wanted a list of domains, found text"},
};

static void names_are_there_once_and_lead_somewhere(void **state)
{
	(void)state;
	test_problem_rows(names, sizeof names / sizeof names[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_there_once_and_lead_somewhere),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
