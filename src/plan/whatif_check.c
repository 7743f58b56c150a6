#include "plan/whatif_parts.h"

#include <string.h>

static bool note_list(struct cw_pool *pool, const struct cw_trust_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!cw_pool_note(pool, list->entries[i].cert, list->entries[i].path))
			return false;
	return true;
}

static bool note_node(struct cw_pool *pool, const struct cw_node *node)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (node->identities[i].leaf &&
			!cw_pool_note(pool, node->identities[i].leaf, node->identities[i].path))
			return false;
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && !node->same_as; i++)
		if (!note_list(pool, &node->stores[i].list))
			return false;
	return true;
}

static bool was_taken_out(const struct cw_whatif *whatif, const struct cw_cert *cert)
{
	for (size_t i = 0; i < whatif->taken_count; i++)
		if (cw_cert_same(whatif->taken_out[i], cert))
			return true;
	return false;
}

/* In the order in which the loader would meet them; then what stands in no list and is nobody's certificate: further
 * certificates of the files. What was taken out of all is known no more. */
static struct cw_pool *make_pool(struct cw_whatif *whatif)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	if (!pool)
		return NULL;
	for (size_t i = 0; i < whatif->node_count; i++)
		if (!note_node(pool, &whatif->nodes[i].node))
			return NULL;
	for (size_t i = 0; i < whatif->changed.endpoint_count; i++)
		if (!note_list(pool, &whatif->changed.endpoints[i].trust.list))
			return NULL;
	const void *after = NULL;
	struct cw_cert *cert;
	while ((cert = cw_pool_each(whatif->original->pool, &after))) {
		const char *path = cw_pool_path(whatif->original->pool, cert);
		if (!cw_pool_find(pool, cw_cert_sha256(cert)) && !was_taken_out(whatif, cert) &&
			!cw_pool_note(pool, cert, path ? path : ""))
			return NULL;
	}
	return TAKE(pool);
}

const struct cw_deployment *cw_whatif_deployment(struct cw_whatif *whatif)
{
	if (whatif->pool_changed && !whatif->pool && !(whatif->pool = make_pool(whatif)))
		return NULL;
	whatif->changed.pool = whatif->pool ? whatif->pool : whatif->original->pool;
	return &whatif->changed;
}

/* Whoever looks for bearers of this name finds others, in another order or in another file. */
static bool is_known_otherwise(const struct cw_whatif *whatif, const struct cw_name *name)
{
	const struct cw_pool *old = whatif->original->pool, *new = whatif->pool;
	const void *after_old = NULL, *after_new = NULL;
	const struct cw_cert *a, *b;
	do {
		a = cw_pool_next(old, name, &after_old);
		b = cw_pool_next(new, name, &after_new);
		if (!a || !b)
			return a != b;
		const char *path_a = cw_pool_path(old, a), *path_b = cw_pool_path(new, b);
		bool same_path = path_a && path_b ? strcmp(path_a, path_b) == 0 : path_a == path_b;
		if (!cw_cert_same(a, b) || !same_path)
			return true;
	} while (a);
	return false;
}

static bool others_are_known(const struct cw_whatif *whatif)
{
	for (size_t i = 0; whatif->pool && i < whatif->touched_count; i++)
		if (is_known_otherwise(whatif, cw_cert_subject(whatif->touched[i])))
			return true;
	return false;
}

bool cw_whatif_check_beside(struct cw_whatif *whatif, const struct cw_check *before,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error)
{
	const struct cw_deployment *deployment = cw_whatif_deployment(whatif);
	if (!deployment)
		return cw_error_memory(error);
	if (whatif->others_changed || before->deployment != whatif->original || before->at != options->at)
		return cw_check_run(deployment, options, ret, error);
	const struct cw_again again = {.former = before,
		.nodes = whatif->changed_nodes,
		.endpoints = whatif->changed_endpoints,
		.groups = whatif->changed_groups,
		.zones = whatif->changed_zones,
		.settings = whatif->settings_changed,
		.known = others_are_known(whatif)};
	return cw_again_run(deployment, &again, options, ret, error);
}

bool cw_whatif_check(struct cw_whatif *whatif, const struct cw_check_options *options, struct cw_check **ret,
	struct cw_error *error)
{
	const struct cw_deployment *deployment = cw_whatif_deployment(whatif);
	return deployment ? cw_check_run(deployment, options, ret, error) : cw_error_memory(error);
}
