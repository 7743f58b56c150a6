#include "base/buffer.h"
#include "base/file.h"
#include "config/load.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void an_identity_is_read_from_every_format(void **state)
{
	(void)state;
	static const struct {
		const char *yaml;
		enum cw_format format;
		size_t extra;
		enum cw_key_state key;
		const char *key_path;
	} rows[] = {
		{"server: c1/server.pem", CW_FORMAT_PEM, 0, CW_KEY_NOT_GIVEN, NULL},
		{"server: c1/server.pem, key: c1/key.pem", CW_FORMAT_PEM, 0, CW_KEY_FITS, "c1/key.pem"},
		{"server: c1/server.pem, key: other-key.pem", CW_FORMAT_PEM, 0, CW_KEY_DIFFERS,
			"other-key.pem"},
		{"server: c1/server.pem, key: locked-key.pem, key-password-file: secret.txt", CW_FORMAT_PEM,
			0, CW_KEY_FITS, "locked-key.pem"},
		{"server: both.pem", CW_FORMAT_PEM, 0, CW_KEY_FITS, NULL},
		{"server: both.pem, key: other-key.pem", CW_FORMAT_PEM, 0, CW_KEY_DIFFERS, "other-key.pem"},
		{"server: chain.pem", CW_FORMAT_PEM, 2, CW_KEY_NOT_GIVEN, NULL},
		{"server: c1.der", CW_FORMAT_DER, 0, CW_KEY_NOT_GIVEN, NULL},
		{"server: chain.p7b", CW_FORMAT_PKCS7, 1, CW_KEY_NOT_GIVEN, NULL},
		{"server: c1.p12, server-password-file: secret.txt", CW_FORMAT_PKCS12, 1, CW_KEY_FITS, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char yaml[512];
		snprintf(yaml, sizeof yaml,
			"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, %s}]}\n", rows[i].yaml);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), yaml);
		const struct cw_identity *server = &acme->groups[0]->nodes[0]->identities[CW_IDENTITY_SERVER];
		assert_int_equal(server->state, CW_KNOWN);
		assert_string_equal(cw_cert_common_name(server->leaf), "c1.acme.test");
		assert_int_equal(server->format, rows[i].format);
		assert_int_equal(server->extra, rows[i].extra);
		assert_int_equal(server->key, rows[i].key);
		if (rows[i].key_path)
			assert_string_equal(server->key_path, rows[i].key_path);
		else
			assert_null(server->key_path);
	}
}

static void every_identity_and_store_has_its_key(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\n"
		"expressway-e: {nodes: [{fqdn: e1.acme.test, server: c1.p12, server-password-file: "
		"secret.txt, "
		"client: both.pem, client-key: locked-key.pem, client-key-password-file: secret.txt, "
		"trusted-ca: c1.p12, trusted-ca-password-file: secret.txt}]}\n"
		"cucm: {nodes: [{fqdn: a.test, tomcat: c1.p12, tomcat-password-file: secret.txt, "
		"tomcat-ecdsa: c1.p12, tomcat-ecdsa-password-file: secret.txt, "
		"callmanager: c1.p12, callmanager-password-file: secret.txt, "
		"callmanager-ecdsa: c1.p12, callmanager-ecdsa-password-file: secret.txt, "
		"tomcat-trust: c1.p12, tomcat-trust-password-file: secret.txt, "
		"callmanager-trust: c1.p12, callmanager-trust-password-file: secret.txt}]}\n"
		"front: {fqdn: f.test, client: c1.p12, client-password-file: secret.txt, trusted-ca: "
		"root.pem}\n"
		"endpoints: [{name: x, kind: jabber, trust: c1.p12, trust-password-file: secret.txt}]\n");
	const struct cw_node *e1 = acme->groups[0]->nodes[0], *cucm = acme->groups[1]->nodes[0];
	assert_int_equal(e1->identities[CW_IDENTITY_CLIENT].key, CW_KEY_FITS);
	assert_string_equal(e1->identities[CW_IDENTITY_CLIENT].key_path, "locked-key.pem");
	assert_int_equal(e1->stores[CW_STORE_TRUSTED_CA].list.count, 2);
	assert_string_equal(e1->stores[CW_STORE_TRUSTED_CA].not_pem.items[0], "c1.p12 (PKCS#12)");
	for (size_t i = CW_IDENTITY_TOMCAT; i <= CW_IDENTITY_CALLMANAGER_ECDSA; i++)
		assert_int_equal(cucm->identities[i].state, CW_KNOWN);
	assert_int_equal(cucm->stores[CW_STORE_TOMCAT_TRUST].list.count, 2);
	assert_int_equal(cucm->stores[CW_STORE_CALLMANAGER_TRUST].list.count, 2);
	assert_int_equal(acme->front->identities[CW_IDENTITY_CLIENT].state, CW_KNOWN);
	assert_int_equal(acme->front->kind, CW_NODE_FRONT);
	assert_int_equal(acme->endpoints[0].trust.list.count, 2);
}

static void a_store_is_a_file_a_list_a_folder_or_unknown(void **state)
{
	(void)state;
	static const struct {
		const char *yaml;
		enum cw_knowledge state;
		const char *entries; /* "path#number", in order */
		const char *paths;
		const char *not_pem;
		size_t crls;
	} rows[] = {
		{"root.pem", CW_KNOWN, "root.pem#1 ", "root.pem ", "", 0},
		{"[issuing.pem, root.pem]", CW_KNOWN, "issuing.pem#1 root.pem#1 ", "issuing.pem root.pem ",
			"", 0},
		{"[root.pem, issuing.pem]", CW_KNOWN, "root.pem#1 issuing.pem#1 ", "root.pem issuing.pem ",
			"", 0},
		{"chain.pem", CW_KNOWN, "chain.pem#1 chain.pem#2 chain.pem#3 ", "chain.pem ", "", 0},
		{"store", CW_KNOWN, "store/a.pem#1 store/b.der#1 ", "store ", "store/b.der (DER) ", 0},
		{"store/", CW_KNOWN, "store/a.pem#1 store/b.der#1 ", "store/ ", "store/b.der (DER) ", 0},
		{"[c1.der, store]", CW_KNOWN, "c1.der#1 store/a.pem#1 store/b.der#1 ", "c1.der store ",
			"c1.der (DER) store/b.der (DER) ", 0},
		{"ca-and-crl.pem", CW_KNOWN, "ca-and-crl.pem#1 ", "ca-and-crl.pem ", "", 1},
		{"crl.pem", CW_KNOWN, "", "crl.pem ", "", 1},
		{"empty.pem", CW_KNOWN, "", "empty.pem ", "", 0},
		{"[]", CW_KNOWN, "", "", "", 0},
		{"unknown", CW_UNKNOWN, "", "", "", 0},
		{"\"unknown\"", CW_UNKNOWN, "", "", "", 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char yaml[256];
		snprintf(yaml, sizeof yaml,
			"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, trusted-ca: %s}]}\n",
			rows[i].yaml);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), yaml);
		const struct cw_node *node = acme->groups[0]->nodes[0];
		const struct cw_store *store = &node->stores[CW_STORE_TRUSTED_CA];
		AUTO_BUFFER entries = {0}, paths = {0}, not_pem = {0};
		for (size_t j = 0; j < store->list.count; j++)
			cw_buffer_printf(&entries, "%s#%zu ", store->list.entries[j].path,
				store->list.entries[j].number);
		for (size_t j = 0; j < store->paths.count; j++)
			cw_buffer_printf(&paths, "%s ", store->paths.items[j]);
		for (size_t j = 0; j < store->not_pem.count; j++)
			cw_buffer_printf(&not_pem, "%s ", store->not_pem.items[j]);
		assert_int_equal(store->state, rows[i].state);
		assert_string_equal(cw_buffer_string(&entries), rows[i].entries);
		assert_string_equal(cw_buffer_string(&paths), rows[i].paths);
		assert_string_equal(cw_buffer_string(&not_pem), rows[i].not_pem);
		assert_int_equal(node->crls.count, rows[i].crls);
	}
}

static void crls_come_from_their_own_files_and_from_the_trusted_ca(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, "
		"trusted-ca: ca-and-crl.pem, crl: [crl.pem, ca-and-crl.pem, empty.pem]}]}\n");
	assert_int_equal(acme->groups[0]->nodes[0]->crls.count, 3);
	assert_int_equal(acme->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA].list.count, 1);
}

static void a_certificate_in_many_lists_is_one_object(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {nodes: ["
		"{fqdn: e1.acme.test, trusted-ca: root.pem}, "
		"{fqdn: e2.acme.test, trusted-ca: chain.pem}]}\n");
	const struct cw_group *e = acme->groups[0];
	assert_ptr_equal(e->nodes[0]->stores[CW_STORE_TRUSTED_CA].list.entries[0].cert,
		e->nodes[1]->stores[CW_STORE_TRUSTED_CA].list.entries[2].cert);
}

static void same_as_copies_both_stores_along_the_way(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\ncucm:\n  nodes:\n"
		"    - {fqdn: s2.test, same-as: S1.test}\n"
		"    - {fqdn: s1.test, same-as: pub.test}\n"
		"    - {fqdn: pub.test, publisher: yes, tomcat-trust: [root.pem, store],\n"
		"       callmanager-trust: unknown}\n");
	const struct cw_group *cucm = acme->groups[0];
	for (size_t i = 0; i < 2; i++) {
		const struct cw_node *node = cucm->nodes[i];
		assert_ptr_equal(node->same_as, cucm->nodes[2]);
		assert_int_equal(node->stores[CW_STORE_TOMCAT_TRUST].list.count, 3);
		assert_string_equal(node->stores[CW_STORE_TOMCAT_TRUST].list.entries[1].path, "store/a.pem");
		assert_string_equal(node->stores[CW_STORE_TOMCAT_TRUST].paths.items[1], "store");
		assert_string_equal(
			node->stores[CW_STORE_TOMCAT_TRUST].not_pem.items[0], "store/b.der (DER)");
		assert_int_equal(node->stores[CW_STORE_CALLMANAGER_TRUST].state, CW_UNKNOWN);
	}
	assert_null(cucm->nodes[2]->same_as);
}

static void the_system_list_is_what_openssl_says_or_empty(void **state)
{
	(void)state;
	static const struct {
		const char *file;
		size_t want;
	} rows[] = {{"chain.pem", 3}, {"nowhere.pem", 0}, {"empty.pem", 0}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		setenv("SSL_CERT_FILE", test_folder_path(rows[i].file), 1);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(),
			"causeway: 1\nendpoints: [{name: x, kind: jabber, trust: [system, root.pem]}]\n");
		const struct cw_store *trust = &acme->endpoints[0].trust;
		assert_int_equal(trust->state, CW_KNOWN);
		assert_int_equal(trust->list.count, rows[i].want + 1);
		assert_string_equal(trust->paths.items[0], "system");
		assert_false(trust->has_fingerprints);
	}
	unsetenv("SSL_CERT_FILE");
}

/* Whether it fits is then not known; nothing else hangs on it. */
static void a_key_that_cannot_be_read_is_told_and_stops_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *key, *want;
	} rows[] = {
		{"root.pem", "no private key in it"},
		{"locked-key.pem", "no \"key-password-file\" names the file that holds its password"},
		{"words.txt", "whether this key fits its certificate is not judged"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(&yaml,
			"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, server: e1/server.pem, key: %s}]}\n",
			rows[i].key);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), cw_buffer_string(&yaml));
		assert_int_equal(acme->notes.count, 1);
		assert_non_null(strstr(acme->notes.items[0], "deployment.yaml:2:"));
		assert_non_null(strstr(acme->notes.items[0], rows[i].want));
		assert_int_equal(
			acme->groups[0]->nodes[0]->identities[CW_IDENTITY_SERVER].key, CW_KEY_NOT_GIVEN);
	}
}

static void a_release_of_the_future_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *expressway, *cucm, *want;
	} rows[] = {
		{"X15.5", "15.0.1", NULL},
		{"X15.5.1", "15", NULL},
		{"X99.9", "15", ":2:25: release X99.9 is newer than X15.5, the newest one known here"},
		{"X15.6", "15", ":2:25: release X15.6 is newer than X15.5"},
		{"X14.2", "16", ":3:17: release 16 is newer than 15, the newest one known here"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER yaml = {0};
		cw_buffer_printf(&yaml,
			"causeway: 1\nexpressway-e: {release: %s, nodes: [{fqdn: e1.acme.test}]}\n"
			"cucm: {release: %s, nodes: [{fqdn: pub.acme.test}]}\n",
			rows[i].expressway, rows[i].cucm);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), cw_buffer_string(&yaml));
		assert_int_equal(acme->notes.count, rows[i].want ? 1 : 0);
		assert_true(!rows[i].want || strstr(acme->notes.items[0], rows[i].want));
	}
}

/* A private key, words, a request: none of them stops the rest of the folder. */
static void what_is_no_certificate_is_left_out_of_a_folder(void **state)
{
	(void)state;
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, trusted-ca: [odd, root.pem]}]}\n");
	const struct cw_store *store = &acme->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
	assert_int_equal(store->list.count, 1);
	assert_int_equal(store->notes.count, 1);
	assert_non_null(strstr(store->notes.items[0], "odd/a.pem: text without any PEM block"));
	assert_non_null(strstr(store->notes.items[0], "left out of the list"));
}

static void a_folder_has_the_order_of_its_order_file_or_none(void **state)
{
	(void)state;
	static const char yaml[] =
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, trusted-ca: ordered}]}\n";
	AUTO_BUFFER root = {0};
	AUTO_BUFFER leaf = {0};
	struct cw_error error;
	assert_true(cw_file_read(test_folder_path("root.pem"), 100000, &root, &error));
	assert_true(cw_file_read(test_folder_path("c1/server.pem"), 100000, &leaf, &error));
	test_folder_write("ordered/a.pem", root.data, root.length);
	test_folder_write("ordered/b.pem", leaf.data, leaf.length);
	AUTO(cw_deployment_free) struct cw_deployment *without = test_deployment_load(test_load_pool(), yaml);
	assert_true(without->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA].unordered);
	test_folder_write("ordered/order.txt", "b.pem\r\na.pem\r\n", 14);
	AUTO(cw_deployment_free) struct cw_deployment *with = test_deployment_load(test_load_pool(), yaml);
	const struct cw_store *store = &with->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
	assert_false(store->unordered);
	assert_int_equal(store->list.count, 2);
	assert_string_equal(store->list.entries[0].path, "ordered/b.pem");
}

/* What is no certificate has no say; order.txt wins; in a store whose order decides nothing a number is a name. */
static void numbers_are_the_order_of_an_expressway_folder_alone(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *root, *leaf, *odd, *order;
		bool unordered, note;
		const char *first;
	} rows[] = {
		{"n1", "10.pem", "2-leaf.pem", NULL, NULL, false, false, "n1/2-leaf.pem"},
		{"n2", "01 root.pem", "00002_leaf.cer", NULL, NULL, false, false, "n2/01 root.pem"},
		{"n3", "10.pem", "2.pem", "desktop.ini", NULL, false, true, "n3/2.pem"},
		{"n4", "10.pem", "2.pem", NULL, "10.pem\n2.pem\n", false, false, "n4/10.pem"},
		{"n5", "10.pem", "leaf.pem", NULL, NULL, true, true, "n5/10.pem"},
		{"n6", "1-root.pem", "01-leaf.pem", NULL, NULL, true, true, "n6/01-leaf.pem"},
		{"n7", "3a4f.pem", "1234567812345678.pem", NULL, NULL, true, false,
			"n7/1234567812345678.pem"},
	};
	AUTO_BUFFER root = {0}, leaf = {0};
	struct cw_error error;
	assert_true(cw_file_read(test_folder_path("root.pem"), 100000, &root, &error));
	assert_true(cw_file_read(test_folder_path("c1/server.pem"), 100000, &leaf, &error));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER yaml = {0};
		char name[80];
		snprintf(name, sizeof name, "%s/%s", rows[i].folder, rows[i].root);
		test_folder_write(name, root.data, root.length);
		snprintf(name, sizeof name, "%s/%s", rows[i].folder, rows[i].leaf);
		test_folder_write(name, leaf.data, leaf.length);
		snprintf(name, sizeof name, "%s/%s", rows[i].folder, rows[i].odd ? rows[i].odd : "order.txt");
		const char *text = rows[i].odd ? "[.ShellClassInfo]\n" : rows[i].order;
		if (text)
			test_folder_write(name, text, strlen(text));
		cw_buffer_printf(&yaml,
			"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, trusted-ca: %s}]}\n"
			"cucm: {nodes: [{fqdn: pub.acme.test, tomcat-trust: %s}]}\n"
			"endpoints: [{name: x, kind: jabber, trust: %s}]\n",
			rows[i].folder, rows[i].folder, rows[i].folder);
		AUTO(cw_deployment_free)
		struct cw_deployment *acme = test_deployment_load(test_load_pool(), cw_buffer_string(&yaml));
		const struct cw_store *store = &acme->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
		assert_int_equal(store->unordered, rows[i].unordered);
		assert_int_equal(store->list.unordered, rows[i].unordered);
		assert_int_equal(store->notes.count, rows[i].note ? 1 : 0);
		assert_int_equal(store->list.count, 2);
		assert_string_equal(store->list.entries[0].path, rows[i].first);
		const struct cw_store *others[] = {
			&acme->groups[1]->nodes[0]->stores[CW_STORE_TOMCAT_TRUST], &acme->endpoints[0].trust};
		for (size_t at = 0; at < 2; at++) {
			assert_int_equal(others[at]->unordered, !rows[i].order);
			assert_int_equal(others[at]->notes.count, rows[i].odd ? 1 : 0);
		}
	}
}

static void fingerprints_stand_for_what_the_deployment_has(void **state)
{
	(void)state;
	AUTO_BUFFER list = {0};
	AUTO(cw_deployment_free)
	struct cw_deployment *first = test_deployment_load(test_load_pool(),
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, trusted-ca: chain.pem}]}\n");
	const struct cw_trust_list *chain = &first->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA].list;
	const char *leaf = cw_cert_sha256_text(chain->entries[0].cert);
	const char *issuing = cw_cert_sha256_text(chain->entries[1].cert);
	const char *root = cw_cert_sha256_text(chain->entries[2].cert);
	cw_buffer_printf(
		&list, "\xef\xbb\xbf# what the phone trusts\r\n\r\n%s  Acme Root # by hand\r\n", root);
	cw_buffer_printf(&list, "sha256 Fingerprint=");
	for (size_t i = 0; i < 64; i += 2)
		cw_buffer_printf(&list, "%s%c%c", i ? ":" : "", toupper(issuing[i]), issuing[i + 1]);
	cw_buffer_printf(&list, "\n");
	for (size_t i = 0; i < 64; i += 4)
		cw_buffer_printf(&list, " %.4s", leaf + i);
	cw_buffer_printf(&list, "\n%064d nobody has this one", 0);
	test_folder_write("list.txt", list.data, list.length);
	AUTO(cw_deployment_free)
	struct cw_deployment *acme = test_deployment_load(test_load_pool(),
		"causeway: 1\nendpoints:\n  - {name: x, kind: phone-8800, trust: [root.pem, "
		"{fingerprints: list.txt}]}\n"
		"  - {name: y, kind: phone-8800, trust: {fingerprints: list.txt}}\n");
	const struct cw_store *x = &acme->endpoints[0].trust, *y = &acme->endpoints[1].trust;
	assert_true(x->has_fingerprints);
	assert_int_equal(x->paths.count, 1);
	assert_int_equal(x->list.count, 3);
	assert_string_equal(x->list.entries[0].path, "root.pem");
	assert_ptr_equal(x->list.entries[1].cert, chain->entries[1].cert);
	assert_string_equal(x->list.entries[1].path, "list.txt");
	assert_int_equal(x->list.entries[1].number, 2);
	assert_int_equal(y->list.count, 3);
	assert_ptr_equal(y->list.entries[2].cert, chain->entries[0].cert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_identity_is_read_from_every_format),
		cmocka_unit_test(every_identity_and_store_has_its_key),
		cmocka_unit_test(a_store_is_a_file_a_list_a_folder_or_unknown),
		cmocka_unit_test(crls_come_from_their_own_files_and_from_the_trusted_ca),
		cmocka_unit_test(a_certificate_in_many_lists_is_one_object),
		cmocka_unit_test(same_as_copies_both_stores_along_the_way),
		cmocka_unit_test(the_system_list_is_what_openssl_says_or_empty),
		cmocka_unit_test(a_key_that_cannot_be_read_is_told_and_stops_nothing),
		cmocka_unit_test(a_release_of_the_future_is_told),
		cmocka_unit_test(what_is_no_certificate_is_left_out_of_a_folder),
		cmocka_unit_test(a_folder_has_the_order_of_its_order_file_or_none),
		cmocka_unit_test(numbers_are_the_order_of_an_expressway_folder_alone),
		cmocka_unit_test(fingerprints_stand_for_what_the_deployment_has),
	};
	return cmocka_run_group_tests(tests, test_load_setup, test_load_teardown);
}
