/*
 * Twins: given keys are used as they are, everything else gets one shadow key for each public key.
 */
#include "rehearse/stand_ins.h"

#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/deployment_load.h"
#include "support/folder.h"

#include <stdio.h>
#include <string.h>

struct scene {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
};

static void open_scene(struct scene *scene, const char *yaml)
{
	struct cw_error error;
	scene->pool = cw_pool_new();
	scene->deployment = test_deployment_load(scene->pool, yaml);
	scene->keys = cw_stand_in_keys_new();
	if (!cw_stand_ins_new(scene->deployment, scene->keys, &scene->stand_ins, &error))
		fail_msg("%s", error.message);
}

static void close_scene(struct scene *scene)
{
	cw_stand_ins_free(scene->stand_ins);
	cw_stand_in_keys_free(scene->keys);
	cw_deployment_free(scene->deployment);
	cw_pool_free(scene->pool);
}

static const struct cw_identity *server_of(const struct scene *scene, size_t node)
{
	return &scene->deployment->groups[0]->nodes[node]->identities[CW_IDENTITY_SERVER];
}

/* The part that is signed is the same byte for byte. */
static bool same_content(const struct cw_cert *a, const struct cw_cert *b)
{
	unsigned char *first = NULL, *second = NULL;
	int length = i2d_re_X509_tbs(cw_cert_x509(a), &first);
	int other = i2d_re_X509_tbs(cw_cert_x509(b), &second);
	bool same = length > 0 && length == other && memcmp(first, second, (size_t)length) == 0;
	OPENSSL_free(first);
	OPENSSL_free(second);
	return same;
}

static void a_given_key_is_used_however_it_is_given(void **state)
{
	(void)state;
	static const struct {
		const char *yaml;
		bool want_given;
	} rows[] = {
		{"server: c1/server.pem, key: c1/key.pem", true},
		{"server: c1/server.pem, key: locked-key.pem, key-password-file: secret.txt", true},
		{"server: both.pem", true},
		{"server: c1.p12, server-password-file: secret.txt", true},
		{"server: c1/server.pem", false},
		{"server: c1/server.pem, key: other-key.pem", false}, /* of another certificate */
		{"server: both.pem, key: other-key.pem", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct scene scene;
		char yaml[512];
		snprintf(yaml, sizeof yaml,
			"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, %s, trusted-ca: "
			"root.pem}]}\n",
			rows[i].yaml);
		open_scene(&scene, yaml);
		const struct cw_identity *server = server_of(&scene, 0);
		EVP_PKEY *key = cw_stand_ins_key(scene.stand_ins, server->leaf);
		const struct cw_cert *shadow = cw_stand_ins_of(scene.stand_ins, server->leaf);
		assert_non_null(key);
		assert_true(cw_key_fits(key, shadow));
		assert_int_equal(
			cw_stand_ins_key_is_given(scene.stand_ins, server->leaf), rows[i].want_given);
		assert_int_equal(cw_key_fits(key, server->leaf), rows[i].want_given);
		assert_int_equal(cw_cert_same_key(shadow, server->leaf), rows[i].want_given);
		assert_int_equal(same_content(shadow, server->leaf), rows[i].want_given);
		assert_int_equal(server->private_key && EVP_PKEY_eq(key, server->private_key) == 1,
			rows[i].want_given);
		close_scene(&scene);
	}
}

/* The one whose key is given lends it to the other: both have one public key. */
static void a_shared_key_stays_shared(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene,
		"causeway: 1\nexpressway-e:\n  nodes:\n"
		"    - {fqdn: e1.acme.test, server: c1/server.pem, trusted-ca: root.pem}\n"
		"    - {fqdn: e2.acme.test, server: both.pem, trusted-ca: root.pem}\n");
	assert_true(cw_stand_ins_key_is_given(scene.stand_ins, server_of(&scene, 0)->leaf));
	assert_ptr_equal(cw_stand_ins_key(scene.stand_ins, server_of(&scene, 0)->leaf),
		cw_stand_ins_key(scene.stand_ins, server_of(&scene, 1)->leaf));
	close_scene(&scene);
}

/* The root's key is nobody's: it gets a shadow, and the leaf's signature is that shadow's. */
static void the_twins_chain_verifies_as_the_original_did(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene,
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, server: c1/server.pem, "
		"key: c1/key.pem, trusted-ca: [issuing.pem, root.pem]}]}\n");
	const struct cw_store *store = &scene.deployment->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
	const struct cw_trust_list *list = cw_stand_ins_list(scene.stand_ins, store);
	const struct cw_cert *leaf = cw_stand_ins_of(scene.stand_ins, server_of(&scene, 0)->leaf);
	assert_int_equal(list->count, store->list.count);
	for (size_t i = 0; i < list->count; i++) {
		const struct cw_cert *original = store->list.entries[i].cert, *shadow = list->entries[i].cert;
		assert_int_equal(cw_cert_signed_by(leaf, shadow),
			cw_cert_signed_by(server_of(&scene, 0)->leaf, original));
		assert_int_equal(cw_cert_signed_by(shadow, shadow), cw_cert_signed_by(original, original));
		assert_ptr_equal(cw_stand_ins_original(scene.stand_ins, shadow), original);
	}
	close_scene(&scene);
}

/* As a root of the same name would be told: whole or in short, and nothing but fingerprints of stand-ins. */
static void sentences_about_stand_ins_are_about_the_originals(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene,
		"causeway: 1\nexpressway-e: {nodes: [{fqdn: e1.acme.test, server: c1/server.pem, "
		"trusted-ca: [issuing.pem, root.pem]}]}\n");
	const struct cw_store *store = &scene.deployment->groups[0]->nodes[0]->stores[CW_STORE_TRUSTED_CA];
	const struct cw_cert *root = store->list.entries[1].cert;
	const char *own = cw_cert_sha256_text(root);
	const char *other =
		cw_cert_sha256_text(cw_stand_ins_of(scene.stand_ins, store->list.entries[1].cert));
	assert_string_not_equal(own, other);
	char detail[512], wanted[512];
	struct cw_complaint items[] = {{.finding = {.detail = detail}}, {.finding = {.detail = NULL}}};
	const struct cw_complaints complaints = {.items = items, .count = 2};
	snprintf(detail, sizeof detail, "a root (sha256 %.16s…) and %s, face %.15s, feed%s", other, other,
		other, other);
	snprintf(wanted, sizeof wanted, "a root (sha256 %.16s…) and %s, face %.15s, feed%s", own, own, other,
		other);
	cw_stand_ins_say_originals(scene.stand_ins, &complaints);
	assert_string_equal(detail, wanted);
	close_scene(&scene);
}

static int make_files(void **state)
{
	(void)state;
	test_deployment_files();
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	test_folder_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_given_key_is_used_however_it_is_given),
		cmocka_unit_test(a_shared_key_stays_shared),
		cmocka_unit_test(the_twins_chain_verifies_as_the_original_did),
		cmocka_unit_test(sentences_about_stand_ins_are_about_the_originals),
	};
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
