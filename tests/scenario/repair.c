#include "repair.h"
#include "plan/remedies.h"

#include "judged.h"
#include "support/cmocka.h"

#include "base/file.h"
#include "config/load.h"
#include "pki/bundle/pem_write.h"

#include <stdio.h>
#include <string.h>

#define ENTRIES_MAX 64
#define LIST_FILE_MAX (1024 * 1024)

void repair_finish(struct repair_world *world)
{
	cw_check_free(world->check);
	cw_deployment_free(world->deployment);
	cw_pool_free(world->pool);
	*world = (struct repair_world){0};
}

void repair_load(const char *folder, struct repair_world *ret)
{
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	struct cw_check_options options = {.at = TEST_AT};
	char file[512];
	*ret = (struct repair_world){.pool = cw_pool_new()};
	assert_non_null(ret->pool);
	snprintf(file, sizeof file, "%s/deployment.yaml", folder);
	if (!cw_load_deployment(file, ret->pool, &ret->deployment, &problems))
		fail_msg("%s", problems.count ? problems.items[0] : "not loaded");
	scenario_must(cw_remedies_check(ret->deployment, &options, &ret->check, &error), &error);
}

bool repair_is_possible(const struct cw_remedy *remedy)
{
	bool list = remedy->action == CW_ACTION_APPEND || remedy->action == CW_ACTION_REMOVE ||
		remedy->action == CW_ACTION_MOVE_BEFORE;
	return list && remedy->cert;
}

bool repair_is_same(const struct cw_remedy *a, const struct cw_remedy *b)
{
	return repair_is_possible(a) && repair_is_possible(b) && a->action == b->action &&
		strcmp(a->node, b->node) == 0 && strcmp(a->store, b->store) == 0 &&
		cw_cert_same(a->cert, b->cert);
}

static const struct cw_store *store_of(const struct repair_world *world, const struct cw_remedy *remedy)
{
	const struct cw_deployment *deployment = world->deployment;
	const struct cw_node *node = cw_deployment_node(deployment, remedy->node);
	for (unsigned kind = 0; node && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), remedy->store) == 0)
			return &node->stores[kind];
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, remedy->node) == 0)
			return &deployment->endpoints[i].trust;
	fail_msg("a remedy names the store %s of %s, which is not there", remedy->store, remedy->node);
	return NULL;
}

static void path_of(
	const char *folder, const struct repair_world *world, const struct cw_remedy *remedy, char path[512])
{
	const struct cw_store *store = store_of(world, remedy);
	assert_int_equal(store->paths.count, 1);
	snprintf(path, 512, "%s/%s", folder, store->paths.items[0]);
}

void repair_write_list(const char *folder, const char *file, struct cw_cert *const *certs, size_t count)
{
	struct cw_error error;
	char path[512];
	AUTO_BUFFER pem = {0};
	for (size_t i = 0; i < count; i++)
		scenario_must(cw_pem_write_cert(&pem, certs[i], &error), &error);
	snprintf(path, sizeof path, "%s/%s", folder, file);
	scenario_must(cw_file_write(path, pem.data, pem.length, 0644, &error), &error);
}

static size_t place(struct cw_cert *const *certs, size_t count, const struct cw_cert *cert)
{
	size_t i = count;
	while (i > 0 && !cw_cert_same(certs[i - 1], cert)) /* of two the lower */
		i--;
	if (i == 0)
		fail_msg("a remedy names %s, which does not stand in the list", cw_cert_label(cert));
	return i - 1;
}

static bool stands_in(struct cw_cert *const *certs, size_t count, const struct cw_cert *cert)
{
	size_t i = 0;
	while (i < count && !cw_cert_same(certs[i], cert))
		i++;
	return i < count;
}

static size_t take_out(struct cw_cert **certs, size_t count, const struct cw_cert *cert)
{
	size_t at = place(certs, count, cert);
	memmove(&certs[at], &certs[at + 1], (count - at - 1) * sizeof certs[0]);
	return count - 1;
}

static size_t put_in(struct cw_cert **certs, size_t count, size_t at, struct cw_cert *cert)
{
	memmove(&certs[at + 1], &certs[at], (count - at) * sizeof certs[0]);
	certs[at] = cert;
	return count + 1;
}

/* By another remedy of the same round. */
static bool repair_is_done(const struct cw_remedy *remedy, struct cw_cert *const *certs, size_t count)
{
	bool there = stands_in(certs, count, remedy->cert);
	return (remedy->action == CW_ACTION_REMOVE && !there) ||
		(remedy->action == CW_ACTION_APPEND && there);
}

void repair_apply(const char *folder, const struct repair_world *world, const struct cw_remedy *remedy,
	struct cw_buffer *old)
{
	struct cw_error error;
	char path[512];
	const struct cw_store *store = store_of(world, remedy);
	struct cw_cert *certs[ENTRIES_MAX];
	size_t count = store->list.count;
	assert_true(count + 1 < ENTRIES_MAX);
	path_of(folder, world, remedy, path);
	if (old)
		scenario_must(cw_file_read(path, LIST_FILE_MAX, old, &error), &error);
	for (size_t i = 0; i < count; i++)
		certs[i] = store->list.entries[i].cert;
	if (!old && repair_is_done(remedy, certs, count))
		return;
	if (remedy->action != CW_ACTION_APPEND)
		count = take_out(certs, count, remedy->cert);
	if (remedy->replaces && stands_in(certs, count, remedy->replaces))
		count = take_out(certs, count, remedy->replaces);
	if (remedy->action == CW_ACTION_APPEND)
		count = put_in(certs, count, count, remedy->cert);
	if (remedy->action == CW_ACTION_MOVE_BEFORE)
		count = put_in(certs, count, place(certs, count, remedy->before), remedy->cert);
	repair_write_list(folder, store->paths.items[0], certs, count);
}

void repair_undo(const char *folder, const struct repair_world *world, const struct cw_remedy *remedy,
	const struct cw_buffer *old)
{
	struct cw_error error;
	char path[512];
	path_of(folder, world, remedy, path);
	scenario_must(cw_file_write(path, old->data, old->length, 0644, &error), &error);
}
