/*
 * A snapshot on its way to a worker: the same certificates, lists, revocation lists, links and answers come out, and no
 * password is on the way.
 */
#include "node/worker/worker_snapshot.h"
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECRET "s3cr3t-of-the-zone"
#define KEY_SECRET "s3cr3t-of-the-key"

static void write_certs(const char *path, const char *names, const char *crl)
{
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	struct cw_cert *certs[8];
	size_t count = names ? test_certs(names, certs, 8) : 0;
	for (size_t i = 0; i < count; i++)
		assert_true(cw_pem_write_cert(&pem, certs[i], &error));
	if (crl) {
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(test_crl(crl)), &der);
		assert_true(length > 0 && cw_pem_write_block(&pem, "X509 CRL", der, (size_t)length, &error));
		OPENSSL_free(der);
	}
	test_folder_write(path, cw_buffer_string(&pem), pem.length);
}

static const struct {
	const char *name, *yaml;
} rows[] = {
	{"Expressway-C with CUCM, an encrypted key, a list of two files",
		"causeway: 1\nexpressway-c:\n"
		"  traversal: {peers: [e1.acme.test], username: traversal, password: " SECRET "}\n"
		"  nodes:\n"
		"    - {fqdn: c1.acme.test, server: c1.pem, key: c1.key, key-password-file: key.txt,\n"
		"       trusted-ca: [root.pem, more.pem], crl: crl.pem}\n"
		"cucm: {nodes: [{fqdn: cucm1.acme.test, tomcat: unknown, callmanager: unknown,\n"
		"  tomcat-trust: unknown, callmanager-trust: unknown}]}\n"
		"hosts: {e1.acme.test: 192.0.2.1}\nlisten: {from: 127.0.0.9, sip: 5062}\nworkers: 3\n"},
	{"Expressway-E, its list a folder, two zones",
		"causeway: 1\nexpressway-c:\n"
		"  - {name: a, nodes: [{fqdn: c1.acme.test, server: unknown, trusted-ca: unknown}]}\n"
		"  - {name: b, nodes: [{fqdn: c9.acme.test, server: unknown, trusted-ca: unknown}]}\n"
		"expressway-e:\n"
		"  - name: e\n    nodes: [{fqdn: e1.acme.test, server: e1.pem, key: e1.key, trusted-ca: list}]\n"
		"zones:\n"
		"  - {name: one, c: a, e: e, peers: [e1.acme.test], username: u, password: " SECRET "}\n"
		"  - {name: two, c: b, e: e, peers: [e1.acme.test], username: v, password: " SECRET
		", port: 7002}\n"},
};

static void make_files(void)
{
	struct cw_error error;
	test_make_certs("root ca; other ca; c1 by=root eku=server,client san=DNS:c1.acme.test;"
			"e1 by=root eku=server,client san=DNS:e1.acme.test; peer by=other eku=server,client");
	write_certs("c1.pem", "c1 root", NULL);
	write_certs("e1.pem", "e1", NULL);
	write_certs("root.pem", "root", NULL);
	write_certs("more.pem", "other root", NULL);
	write_certs("list/1.pem", "root", NULL);
	write_certs("list/2.pem", "other", NULL);
	write_certs("crl.pem", NULL, "by=root");
	test_folder_write("key.txt", KEY_SECRET "\n", strlen(KEY_SECRET) + 1);
	assert_true(cw_pem_write_key(test_folder_path("c1.key"), test_key("c1"), KEY_SECRET, &error));
	assert_true(cw_pem_write_key(test_folder_path("e1.key"), test_key("e1"), NULL, &error));
}

static void same_node(const struct cw_node *a, const struct cw_node *b)
{
	assert_string_equal(a->fqdn, b->fqdn);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->crls.count, b->crls.count);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_identity *one = &a->identities[i], *other = &b->identities[i];
		assert_int_equal(one->state, other->state);
		assert_int_equal(one->extra, other->extra);
		assert_true(
			!one->leaf == !other->leaf && (!one->leaf || cw_cert_same(one->leaf, other->leaf)));
		assert_true(!one->private_key == !other->private_key);
		if (one->private_key)
			assert_int_equal(EVP_PKEY_eq(one->private_key, other->private_key), 1);
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++) {
		const struct cw_trust_list *one = &a->stores[i].list, *other = &b->stores[i].list;
		assert_int_equal(a->stores[i].state, b->stores[i].state);
		assert_int_equal(one->count, other->count);
		for (size_t k = 0; k < one->count; k++)
			assert_true(cw_cert_same(one->entries[k].cert, other->entries[k].cert));
	}
}

/* Every link of the node is asked about every chain, here and there. */
static void same_answers(const struct cw_snapshot *core, const struct cw_snapshot *worker)
{
	static const char *const chains[] = {"c1 root", "e1 root", "peer other", "peer"};
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	assert_int_equal(core->check->link_count, worker->check->link_count);
	for (size_t i = 0; i < core->check->link_count; i++) {
		const struct cw_link *link = core->check->links[i], *there = worker->check->links[i];
		assert_int_equal(link->kind, there->kind);
		assert_string_equal(link->address, there->address);
		if (link->client.node != core->node && link->server.node != core->node)
			continue;
		for (size_t k = 0; k < sizeof chains / sizeof chains[0]; k++) {
			struct cw_cert *chain[4];
			struct cw_error error;
			struct cw_snapshot_answer one = {0}, other = {0};
			const struct cw_snapshot_evidence evidence = {
				chain, test_certs(chains[k], chain, 4), cache, TEST_AT};
			assert_true(cw_snapshot_ask(core, link, &evidence, &one, &error));
			assert_true(cw_snapshot_ask(worker, there, &evidence, &other, &error));
			assert_int_equal(one.refuses, other.refuses);
			assert_int_equal(one.alert, other.alert);
			assert_string_equal(one.code, other.code);
			assert_string_equal(one.detail, other.detail);
		}
	}
}

static bool holds(int file, const char *text)
{
	static char bytes[200000];
	ssize_t got = pread(file, bytes, sizeof bytes, 0);
	return got > 0 && memmem(bytes, (size_t)got, text, strlen(text));
}

static void a_worker_asks_what_the_core_asks_and_has_no_password(void **state)
{
	(void)state;
	make_files();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_snapshot_free) struct cw_snapshot *core = NULL;
		AUTO(cw_snapshot_free) struct cw_snapshot *worker = NULL;
		AUTO_STRINGS problems = {0};
		struct cw_error error = {0};
		json_t *frame = NULL;
		int file = -1;
		test_folder_write("node.yaml", rows[i].yaml, strlen(rows[i].yaml));
		if (!cw_snapshot_read(test_folder_path(""), 7, TEST_AT, &core, &problems))
			fail_msg("%s: %s", rows[i].name, problems.items[0]);
		if (!cw_worker_snapshot_write(core, &frame, &file, &error))
			fail_msg("%s: %s", rows[i].name, error.message);
		if (!cw_worker_snapshot_read(frame, file, TEST_AT, &worker, &problems))
			fail_msg("%s: %s", rows[i].name, problems.items[0]);
		assert_false(holds(file, SECRET) || holds(file, KEY_SECRET));
		assert_true(holds(file, "BEGIN PRIVATE KEY"));
		assert_int_equal(worker->number, 7);
		same_node(core->node, worker->node);
		same_answers(core, worker);
		assert_memory_equal(&core->file->listen, &worker->file->listen, sizeof core->file->listen);
		assert_int_equal(core->file->host_count, worker->file->host_count);
		assert_int_equal(core->file->workers, worker->file->workers);
		json_decref(frame);
		close(file);
	}
}

static void a_frame_that_lies_is_no_snapshot(void **state)
{
	(void)state;
	static const char *const frames[] = {
		"{}",
		"{\"length\":10,\"yaml\":20,\"files\":[]}",
		"{\"length\":100000000,\"yaml\":1,\"files\":[]}",
		"{\"length\":-1,\"yaml\":-1,\"files\":[]}",
		"{\"length\":8,\"yaml\":4,\"files\":[{\"path\":\"a\",\"from\":99}]}",
		"{\"length\":8,\"yaml\":4,\"files\":[{\"path\":\"a\",\"from\":7},{\"path\":\"b\",\"from\":5}]}",
		"{\"length\":8,\"yaml\":4,\"files\":[{\"from\":4}]}",
		"{\"length\":8,\"yaml\":8,\"files\":[]}",
	};
	int file = memfd_create("frame", MFD_CLOEXEC);
	assert_int_equal(write(file, "a: b\n\n\n\n", 8), 8);
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		struct cw_snapshot *snapshot = NULL;
		AUTO_STRINGS problems = {0};
		json_t *frame = json_loads(frames[i], 0, NULL);
		assert_false(cw_worker_snapshot_read(frame, file, TEST_AT, &snapshot, &problems));
		assert_true(problems.count > 0);
		json_decref(frame);
	}
	close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_asks_what_the_core_asks_and_has_no_password),
		cmocka_unit_test(a_frame_that_lies_is_no_snapshot),
	};
	int failed = cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
	test_certs_finish();
	test_keys_finish();
	return failed;
}
