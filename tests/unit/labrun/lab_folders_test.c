/*
 * The state folders of a lab's nodes: what the deployment says of a node, the node reads back from its own node.yaml.
 */
#include "labrun/lab_folders.h"

#include "base/file.h"
#include "lab/lab.h"
#include "labrun/lab_source.h"
#include "node/snapshot.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct edit {
	const char *old, *new;
};

/* A lab with its deployment changed, and the folders of its nodes. */
struct scene {
	struct cw_lab_source source;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
	struct cw_loopback network;
	struct cw_lab_folders folders;
	char path[600], into[600];
	bool copies_keys;
	struct cw_error error;
};

static void edit(const char *folder, const struct edit *edits)
{
	AUTO_BUFFER text = {0};
	AUTO(free) char *path = cw_file_path(folder, "deployment.yaml");
	struct cw_error error;
	if (!path || !cw_file_read(path, 1 << 20, &text, &error))
		fail_msg("%s", error.message);
	for (; edits && edits->old; edits++) {
		AUTO_BUFFER changed = {0};
		const char *whole = cw_buffer_string(&text), *at = strstr(whole, edits->old);
		if (!at)
			fail_msg("the lab has no \"%s\"", edits->old);
		cw_buffer_printf(
			&changed, "%.*s%s%s", (int)(at - whole), whole, edits->new, at + strlen(edits->old));
		cw_buffer_finish(&text);
		text = changed;
		changed = (struct cw_buffer){0};
	}
	FILE *file = fopen(path, "w");
	assert_true(file && fwrite(text.data, 1, text.length, file) == text.length);
	assert_int_equal(fclose(file), 0);
}

static bool make(struct scene *scene, const char *name, enum cw_lab_size size, const char *fault,
	const struct edit *edits)
{
	AUTO_STRINGS problems = {0};
	const struct cw_lab_options lab = {.folder = scene->path,
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = &fault,
		.fault_count = fault ? 1 : 0};
	scene->network.lock = -1;
	snprintf(scene->path, sizeof scene->path, "%s", test_folder_path(name));
	snprintf(scene->into, sizeof scene->into, "%s-nodes", scene->path);
	if (!cw_lab_new(&lab, &scene->error) || !cw_file_make_folder(scene->into, &scene->error))
		fail_msg("%s", scene->error.message);
	edit(scene->path, edits);
	if (!cw_lab_source_load(scene->path, &scene->source, &problems))
		fail_msg("%s", problems.items[0]);
	scene->keys = cw_stand_in_keys_new();
	const struct cw_stand_ins_more more = {NULL, scene->source.real, scene->source.real_count};
	if (!cw_stand_ins_anew(
		    scene->source.deployment, scene->keys, &more, &scene->stand_ins, &scene->error) ||
		!cw_loopback_take(&scene->network, &scene->error))
		fail_msg("%s", scene->error.message);
	const struct cw_lab_folders_setup setup = {.deployment = scene->source.deployment,
		.stand_ins = scene->stand_ins,
		.loopback = &scene->network,
		.folder = scene->into,
		.copies_keys = scene->copies_keys};
	return cw_lab_folders_make(&setup, &scene->folders, &scene->error);
}

static void finish(struct scene *scene)
{
	cw_lab_folders_finish(&scene->folders);
	cw_loopback_release(&scene->network);
	cw_stand_ins_free(scene->stand_ins);
	cw_stand_in_keys_free(scene->keys);
	cw_lab_source_finish(&scene->source);
}

#define AUTO_SCENE __attribute__((cleanup(finish))) struct scene

static const struct cw_lab_folder *folder_of(const struct scene *scene, const char *fqdn)
{
	for (size_t i = 0; i < scene->folders.count; i++)
		if (strcmp(scene->folders.items[i].node->fqdn, fqdn) == 0)
			return &scene->folders.items[i];
	fail_msg("there is no folder of %s", fqdn);
	return NULL;
}

/* What the node reads. */
static struct cw_snapshot *read_node(const struct scene *scene, const char *fqdn)
{
	struct cw_snapshot *snapshot;
	AUTO_STRINGS problems = {0};
	const struct cw_lab_folder *folder = folder_of(scene, fqdn);
	assert_string_equal(folder->trouble, "");
	if (!cw_snapshot_read(folder->path, 1, TEST_AT, &snapshot, &problems))
		fail_msg("%s: %s", fqdn, problems.items[0]);
	assert_string_equal(snapshot->node->fqdn, fqdn);
	return snapshot;
}

#define TWO_ZONES \
	"\nzones:\n  - {name: one, c: expressway-c, e: expressway-e, peers: [e1.acme.test], " \
	"tls-verify-name: c1.acme.test, username: first, password: 'a \"secret\"'}\n" \
	"  - {name: two, c: expressway-c, e: expressway-e, port: 7003, peers: [e1.acme.test], " \
	"tls-verify-name: c1.acme.test}\n\nendpoints:"

static const struct edit two_zones[] = {
	{"  traversal:\n    peers: [e1.acme.test]\n    username: traversal\n    password: lab-password\n",
		""},
	{"  traversal:\n    tls-verify-name: c1.acme.test\n    username: traversal\n    password: lab-password\n",
		""},
	{"\nendpoints:", TWO_ZONES},
	{NULL, NULL},
};

static void several_zones_are_read_back_by_both_ends(void **state)
{
	(void)state;
	static const char *const ends[] = {"c1.acme.test", "e1.acme.test"};
	AUTO_SCENE scene = {0};
	if (!make(&scene, "zones", CW_LAB_SMALL, NULL, two_zones))
		fail_msg("%s", scene.error.message);
	for (size_t i = 0; i < 2; i++) {
		AUTO(cw_snapshot_free) struct cw_snapshot *snapshot = read_node(&scene, ends[i]);
		const struct cw_deployment *own = snapshot->check->deployment;
		assert_int_equal(own->zone_count, 2);
		assert_string_equal(own->zones[0].name, "one");
		assert_string_equal(own->zones[1].name, "two");
		assert_int_equal(own->zones[0].port, 7001);
		assert_int_equal(own->zones[1].port, 7003);
		assert_int_equal(own->zones[1].peer_count, 1);
		assert_string_equal(own->zones[1].peers[0].address, "e1.acme.test");
		const struct cw_credentials *first = i ? &own->zones[0].on_e : &own->zones[0].on_c;
		const struct cw_credentials *second = i ? &own->zones[1].on_e : &own->zones[1].on_c;
		assert_string_equal(first->username, "first");
		assert_string_equal(first->password, "a \"secret\"");
		assert_string_equal(second->username, "traversal"); /* none was given: both say the same */
		assert_string_equal(second->password, "traversal");
	}
}

static void settings_addresses_and_what_is_sent_are_read_back(void **state)
{
	(void)state;
	static const struct edit edits[] = {
		{"    - fqdn: c1.acme.test\n",
			"    - fqdn: c1.acme.test\n      sends: leaf\n"
			"      address: [c1-inside.acme.test, c1-old.acme.test]\n"},
		{"  cucm-tls-verify: on\n",
			"  cucm-tls-verify: off\n"
			"  tunnel-key-algorithms: [RSA, nistp256]\n"},
		{"    - fqdn: pub.acme.test\n", "    - fqdn: pub.acme.test\n      address: 10.0.0.5\n"},
		{NULL, NULL},
	};
	AUTO_SCENE scene = {0};
	if (!make(&scene, "settings", CW_LAB_SMALL, NULL, edits))
		fail_msg("%s", scene.error.message);
	AUTO(cw_snapshot_free) struct cw_snapshot *c = read_node(&scene, "c1.acme.test");
	const struct cw_node *of = folder_of(&scene, "c1.acme.test")->node;
	assert_int_equal(c->node->sends, CW_SENDS_LEAF);
	assert_int_equal(c->node->addresses.count, 2);
	assert_string_equal(c->node->addresses.items[1], "c1-old.acme.test");
	assert_int_equal(c->node->group->tunnel_keys, of->group->tunnel_keys);
	assert_int_equal(c->node->group->cucm_tls_verify, CW_SWITCH_OFF);
	assert_int_equal(cw_release_compare(c->node->group->release, of->group->release), 0);
	AUTO(cw_snapshot_free) struct cw_snapshot *cucm = read_node(&scene, "pub.acme.test");
	assert_string_equal(cucm->node->addresses.items[0], "10.0.0.5");
	assert_true(cucm->node->publisher);
	AUTO(cw_snapshot_free) struct cw_snapshot *subscriber = read_node(&scene, "sub1.acme.test");
	assert_false(subscriber->node->publisher);
	bool knows = false;
	for (size_t i = 0; i < subscriber->node->group->count; i++)
		knows |= subscriber->node->group->nodes[i]->publisher;
	assert_true(knows);
}

static void revocation_lists_come_along(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	if (!make(&scene, "revoked", CW_LAB_SMALL, "revoked", NULL))
		fail_msg("%s", scene.error.message);
	size_t wanted = 0, found = 0;
	for (size_t i = 0; i < scene.folders.count; i++) {
		const struct cw_lab_folder *folder = &scene.folders.items[i];
		AUTO(cw_snapshot_free) struct cw_snapshot *snapshot = read_node(&scene, folder->node->fqdn);
		assert_int_equal(snapshot->node->group->revocation, folder->node->group->revocation);
		assert_int_equal(snapshot->node->crls.count, folder->node->crls.count);
		wanted += folder->node->crls.count;
		found += snapshot->node->crls.count;
	}
	assert_true(wanted > 0);
	assert_int_equal(found, wanted);
}

static void a_node_whose_certificate_is_not_known_cannot_run(void **state)
{
	(void)state;
	static const struct edit edits[] = {
		{"server: e1/server.pem\n      key: e1/privkey.pem", "server: unknown"},
		{NULL, NULL},
	};
	AUTO_SCENE scene = {0};
	if (!make(&scene, "unknown", CW_LAB_SMALL, NULL, edits))
		fail_msg("%s", scene.error.message);
	assert_string_equal(folder_of(&scene, "e1.acme.test")->trouble, "its certificate is not known");
	AUTO(free) char *yaml = cw_file_path(folder_of(&scene, "e1.acme.test")->path, "node.yaml");
	struct stat status;
	assert_int_not_equal(stat(yaml, &status), 0);
	assert_string_equal(folder_of(&scene, "c1.acme.test")->trouble, "");
}

/* A deployment's own key is used where it stands; a lab's is copied. */
static void private_keys_are_copied_only_where_they_protect_nothing(void **state)
{
	(void)state;
	for (int copies = 0; copies < 2; copies++) {
		AUTO_SCENE scene = {.copies_keys = copies};
		struct stat status;
		if (!make(&scene, copies ? "copied" : "used", CW_LAB_SMALL, NULL, NULL))
			fail_msg("%s", scene.error.message);
		AUTO(free)
		char *key = cw_file_path(folder_of(&scene, "c1.acme.test")->path, "certs/server.key");
		assert_int_equal(stat(key, &status) == 0, copies);
		if (copies)
			assert_int_equal(status.st_mode & 0777, 0600);
		cw_snapshot_free(read_node(&scene, "c1.acme.test"));
	}
}

static void a_key_that_is_gone_by_now_is_told_with_its_node(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	static const struct edit edits[] = {{NULL, NULL}};
	assert_true(make(&scene, "gone", CW_LAB_SMALL, NULL, edits));
	AUTO(free) char *key = cw_file_path(scene.path, "c1/privkey.pem");
	assert_int_equal(remove(key), 0);
	cw_lab_folders_finish(&scene.folders);
	cw_file_remove_folder(scene.into);
	assert_true(cw_file_make_folder(scene.into, &scene.error));
	const struct cw_lab_folders_setup setup = {.deployment = scene.source.deployment,
		.stand_ins = scene.stand_ins,
		.loopback = &scene.network,
		.folder = scene.into};
	assert_false(cw_lab_folders_make(&setup, &scene.folders, &scene.error));
	assert_int_equal(scene.error.code, CW_E_IO);
	assert_string_equal(scene.error.message, "c1.acme.test: c1/privkey.pem: cannot be found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_zones_are_read_back_by_both_ends),
		cmocka_unit_test(settings_addresses_and_what_is_sent_are_read_back),
		cmocka_unit_test(revocation_lists_come_along),
		cmocka_unit_test(a_node_whose_certificate_is_not_known_cannot_run),
		cmocka_unit_test(private_keys_are_copied_only_where_they_protect_nothing),
		cmocka_unit_test(a_key_that_is_gone_by_now_is_told_with_its_node),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
