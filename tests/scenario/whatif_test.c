/*
 * The overlay's answer, of which only what changed was asked again, is, byte for byte, that of a fresh check of the deployment that was written out with the
 * changes and read again: random changes of lists, identities, settings and releases, up to four at once. The sender's
 * own list and the pool of known certificates are inputs of a question; this is where one that is overlooked shows.
 * CAUSEWAY_CHANGES=10000 for a long run.
 */
#include "judged.h"

#include "edited.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"
#include "config/deployment_write.h"
#include "config/load.h"
#include "pki/bundle/pem_write.h"
#include "plan/remedies.h"
#include "plan/whatif.h"
#include "report/report_json.h"

#include <stdio.h>
#include <string.h>

#define CHANGES_DEFAULT 40
#define AT_ONCE 4
#define CERTS_MAX 512

struct world {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_cache *cache;
	struct cw_check *before;
	struct cw_cert *certs[CERTS_MAX];
	size_t cert_count;
	uint64_t random;
};

/* xorshift64: the same changes every time */
static size_t pick(struct world *world, size_t count)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (size_t)(world->random % count);
}

static void load(const char *folder, struct cw_pool **pool, struct cw_deployment **ret)
{
	AUTO_STRINGS problems = {0};
	*pool = cw_pool_new();
	assert_non_null(*pool);
	if (!cw_load_deployment(folder, *pool, ret, &problems))
		fail_msg("%s", problems.count ? problems.items[0] : "not loaded");
}

static struct cw_node *some_node(struct world *world)
{
	const struct cw_deployment *deployment = world->deployment;
	struct cw_group *group = deployment->groups[pick(world, deployment->group_count)];
	return group->nodes[pick(world, group->count)];
}

static struct cw_cert *some_cert(struct world *world)
{
	return world->certs[pick(world, world->cert_count)];
}

/* A list of a node or an endpoint, as it is in the changed deployment. */
static const struct cw_trust_list *some_list(
	struct world *world, const struct cw_deployment *changed, struct cw_whatif_change *change)
{
	if (pick(world, 6) == 0) {
		const struct cw_endpoint *endpoint =
			&changed->endpoints[pick(world, changed->endpoint_count)];
		change->node = endpoint->name;
		change->store = CW_STORE_TRUST;
		return &endpoint->trust.list;
	}
	const struct cw_node *node = cw_deployment_node(changed, some_node(world)->fqdn);
	do
		change->store = (enum cw_store_kind)pick(world, CW_STORE_KIND_COUNT);
	while (node->stores[change->store].state != CW_KNOWN);
	change->node = node->fqdn;
	return &node->stores[change->store].list;
}

static void change_list(
	struct world *world, const struct cw_deployment *changed, struct cw_whatif_change *change)
{
	const struct cw_trust_list *list = some_list(world, changed, change);
	change->kind = CW_WHATIF_APPEND;
	change->cert = some_cert(world);
	size_t how = pick(world, 4);
	if (how == 0 || list->count < 2)
		return;
	change->cert = list->entries[pick(world, list->count)].cert;
	change->kind = how == 1 ? CW_WHATIF_MOVE : CW_WHATIF_REMOVE;
	if (how == 3) {
		change->kind = CW_WHATIF_REPLACE;
		change->other = change->cert;
		change->cert = some_cert(world);
	}
}

static void change_identity(struct world *world, struct cw_whatif_change *change)
{
	const struct cw_node *node = some_node(world);
	change->kind = CW_WHATIF_IDENTITY;
	change->node = node->fqdn;
	do
		change->identity = (enum cw_identity_kind)pick(world, CW_IDENTITY_KIND_COUNT);
	while (node->identities[change->identity].state != CW_KNOWN);
	change->cert = some_cert(world);
}

static void change_setting(struct world *world, struct cw_whatif_change *change)
{
	static const char *const settings[][2] = {{"tls-verify-name", "c1.acme.test"},
		{"tls-verify-name", "nobody.acme.test"}, {"cucm-tls-verify", "off"}, {"eku-check", "off"},
		{"verify-origin-server", "off"}, {"prefer", "rsa"}, {"secure-registration", "off"},
		{"cluster-tls-verify", "on"}, {"release", "X15.5"}, {"release", "X12.5"},
		{"release", "X14.0.3"}};
	size_t which = pick(world, sizeof settings / sizeof settings[0]);
	change->kind = CW_WHATIF_SETTING;
	change->setting = settings[which][0];
	change->value = settings[which][1];
}

static void change_something(struct world *world, struct cw_whatif *whatif)
{
	struct cw_error error;
	struct cw_whatif_change change = {0};
	const struct cw_deployment *changed = cw_whatif_deployment(whatif);
	assert_non_null(changed);
	size_t how = pick(world, 8);
	if (how < 5)
		change_list(world, changed, &change);
	else if (how < 7)
		change_identity(world, &change);
	else
		change_setting(world, &change);
	scenario_must(cw_whatif_apply(whatif, &change, &error), &error);
}

static void write_pem(const char *folder, const char *path, const struct cw_trust_list *list)
{
	struct cw_error error;
	char file[600];
	AUTO_BUFFER pem = {0};
	for (size_t i = 0; i < list->count; i++)
		scenario_must(cw_pem_write_cert(&pem, list->entries[i].cert, &error), &error);
	snprintf(file, sizeof file, "%s/%s", folder, path);
	scenario_must(cw_file_write(file, cw_buffer_string(&pem), pem.length, 0644, &error), &error);
}

static void write_node(const char *folder, const struct cw_node *node)
{
	struct cw_error error;
	char name[600];
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (node->stores[i].state == CW_KNOWN)
			write_pem(folder, node->stores[i].paths.items[0], &node->stores[i].list);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		AUTO_BUFFER pem = {0};
		if (node->identities[i].state != CW_KNOWN)
			continue;
		scenario_must(cw_pem_write_cert(&pem, node->identities[i].leaf, &error), &error);
		snprintf(name, sizeof name, "%s/%s", folder, node->identities[i].path);
		scenario_must(cw_file_write(name, cw_buffer_string(&pem), pem.length, 0644, &error), &error);
	}
}

/* Over the files of the time before; all have the names that they had. */
static void write_out(const char *folder, const struct cw_deployment *deployment)
{
	struct cw_error error;
	char name[600];
	AUTO_BUFFER yaml = {0};
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			write_node(folder, deployment->groups[i]->nodes[k]);
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		write_pem(folder, deployment->endpoints[i].trust.paths.items[0],
			&deployment->endpoints[i].trust.list);
	scenario_must(cw_deployment_write(deployment, NULL, NULL, &yaml, &error), &error);
	snprintf(name, sizeof name, "%s/deployment.yaml", folder);
	scenario_must(cw_file_write(name, cw_buffer_string(&yaml), yaml.length, 0600, &error), &error);
}

static void judge(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	struct cw_error error;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	const struct cw_check_options options = {.at = TEST_AT};
	scenario_must(cw_remedies_check(deployment, &options, &check, &error), &error);
	scenario_must(cw_report_json(check, false, ret, &error), &error);
}

/* Only what changed is asked again. */
static void judge_beside(const struct world *world, struct cw_whatif *whatif, struct cw_buffer *ret)
{
	struct cw_error error;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	const struct cw_check_options options = {.at = TEST_AT, .cache = world->cache};
	scenario_must(cw_whatif_check_beside(whatif, world->before, &options, &check, &error), &error);
	scenario_must(cw_remedies_find(check, world->cache, &error), &error);
	scenario_must(cw_report_json(check, false, ret, &error), &error);
}

static void tell_difference(const char *overlay, const char *fresh, size_t round)
{
	size_t at = 0;
	while (overlay[at] && overlay[at] == fresh[at])
		at++;
	size_t from = at > 300 ? at - 300 : 0;
	fail_msg("change %zu: overlay\n%.700s\nfresh\n%.700s", round, overlay + from, fresh + from);
}

static void try_changes(struct world *world, const char *written, size_t round)
{
	struct cw_error error;
	AUTO(cw_whatif_free) struct cw_whatif *whatif = NULL;
	AUTO(cw_pool_free) struct cw_pool *pool = NULL;
	AUTO(cw_deployment_free) struct cw_deployment *fresh = NULL;
	AUTO_BUFFER overlaid = {0};
	AUTO_BUFFER read_again = {0};
	scenario_must(cw_whatif_new(world->deployment, &whatif, &error), &error);
	for (size_t i = 0, count = 1 + pick(world, AT_ONCE); i < count; i++)
		change_something(world, whatif);
	const struct cw_deployment *changed = cw_whatif_deployment(whatif);
	assert_non_null(changed);
	judge_beside(world, whatif, &overlaid);
	write_out(written, changed);
	load(written, &pool, &fresh);
	judge(fresh, &read_again);
	if (strcmp(cw_buffer_string(&overlaid), cw_buffer_string(&read_again)) != 0)
		tell_difference(cw_buffer_string(&overlaid), cw_buffer_string(&read_again), round);
}

static void judge_before(struct world *world)
{
	struct cw_error error;
	world->cache = cw_cache_new();
	assert_non_null(world->cache);
	const struct cw_check_options options = {.at = TEST_AT, .cache = world->cache};
	scenario_must(cw_check_run(world->deployment, &options, &world->before, &error), &error);
}

/* Keys are no change of these: without them no file of a key has to follow a certificate. */
static void make_lab(const char *folder, enum cw_lab_size size, const char *fault)
{
	scenario_make_lab(folder, size, fault);
	static const char *const nodes[] = {"c1", "e1", "c2", "e2"};
	for (size_t i = 0; i < (size == CW_LAB_SMALL ? 2u : 4u); i++) {
		char key[64];
		snprintf(key, sizeof key, "      key: %s/privkey.pem\n", nodes[i]);
		scenario_edit(folder, key, "");
	}
}

static void random_changes_answer_as_the_deployment_written_out(enum cw_lab_size size, const char *fault)
{
	const char *given = getenv("CAUSEWAY_CHANGES");
	size_t rounds = given ? strtoul(given, NULL, 10) : CHANGES_DEFAULT;
	struct world world = {.random = 88172645463325252u + size + (fault ? strlen(fault) : 0)};
	char folder[512], written[512], name[64];
	snprintf(name, sizeof name, "%d%s", (int)size, fault ? fault : "");
	snprintf(folder, sizeof folder, "%s", test_folder_path(name));
	snprintf(written, sizeof written, "%s2", folder);
	make_lab(folder, size, fault);
	make_lab(written, size, fault);
	load(folder, &world.pool, &world.deployment);
	const void *after = NULL;
	struct cw_cert *cert;
	while ((cert = cw_pool_each(world.pool, &after)) && world.cert_count < CERTS_MAX)
		world.certs[world.cert_count++] = cert;
	judge_before(&world);
	for (size_t i = 0; i < rounds; i++)
		try_changes(&world, written, i);
	cw_check_free(world.before);
	cw_cache_free(world.cache);
	cw_deployment_free(world.deployment);
	cw_pool_free(world.pool);
}

static void small(void **state)
{
	(void)state;
	random_changes_answer_as_the_deployment_written_out(CW_LAB_SMALL, NULL);
}

static void cluster(void **state)
{
	(void)state;
	random_changes_answer_as_the_deployment_written_out(CW_LAB_CLUSTER, NULL);
}

/* Where a search ended badly, what is known elsewhere is an input. */
static void an_issuer_is_missing(void **state)
{
	(void)state;
	random_changes_answer_as_the_deployment_written_out(CW_LAB_SMALL, "issuer-missing");
}

static void a_root_is_missing(void **state)
{
	(void)state;
	random_changes_answer_as_the_deployment_written_out(CW_LAB_CLUSTER, "root-missing");
}

static void an_issuer_is_shadowed(void **state)
{
	(void)state;
	random_changes_answer_as_the_deployment_written_out(CW_LAB_SMALL, "issuer-shadowed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(small), cmocka_unit_test(cluster),
		cmocka_unit_test(an_issuer_is_missing), cmocka_unit_test(a_root_is_missing),
		cmocka_unit_test(an_issuer_is_shadowed)};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
