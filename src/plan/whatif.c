#include "plan/whatif_parts.h"

#include <string.h>

void cw_whatif_free(struct cw_whatif *whatif)
{
	if (!whatif)
		return;
	for (size_t i = 0; i < whatif->node_count; i++) {
		struct whatif_node *node = &whatif->nodes[i];
		for (size_t kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
			if (node->owns_list[kind])
				free(node->node.stores[kind].list.entries);
		if (node->owns_crls)
			free(node->node.crls.items);
	}
	for (size_t i = 0; whatif->endpoints && i < whatif->changed.endpoint_count; i++)
		if (whatif->endpoints[i].owns_list)
			free(whatif->changed.endpoints[i].trust.list.entries);
	for (size_t i = 0; i < whatif->cert_count; i++)
		cw_cert_free(whatif->certs[i]);
	for (size_t i = 0; i < whatif->crl_count; i++)
		cw_crl_free(whatif->crls[i]);
	for (size_t i = 0; i < whatif->block_count; i++)
		free(whatif->blocks[i]);
	free(whatif->blocks);
	free(whatif->certs);
	free(whatif->crls);
	free(whatif->taken_out);
	free(whatif->touched);
	cw_strings_finish(&whatif->texts);
	cw_pool_free(whatif->pool);
	free(whatif);
}

char *whatif_keep_text(struct cw_whatif *whatif, const char *text)
{
	return cw_strings_add(&whatif->texts, text) ? whatif->texts.items[whatif->texts.count - 1] : NULL;
}

void *whatif_keep_block(struct cw_whatif *whatif, size_t count, size_t size)
{
	if (!cw_memory_grow(
		    &whatif->blocks, &whatif->block_capacity, whatif->block_count, sizeof *whatif->blocks))
		return NULL;
	void *block = calloc(count ? count : 1, size);
	if (block)
		whatif->blocks[whatif->block_count++] = block;
	return block;
}

bool whatif_keep_cert(struct cw_whatif *whatif, struct cw_cert *cert)
{
	if (!cw_memory_grow(
		    &whatif->certs, &whatif->cert_capacity, whatif->cert_count, sizeof *whatif->certs))
		return false;
	whatif->certs[whatif->cert_count++] = cw_cert_ref(cert);
	return true;
}

struct cw_again_node *whatif_changed_of(struct cw_whatif *whatif, const struct whatif_node *node)
{
	return &whatif->changed_nodes[node - whatif->nodes];
}

bool whatif_note_touched(struct cw_whatif *whatif, const struct cw_cert *cert)
{
	if (!cw_memory_grow(&whatif->touched, &whatif->touched_capacity, whatif->touched_count,
		    sizeof *whatif->touched))
		return false;
	whatif->touched[whatif->touched_count++] = cert;
	return true;
}

bool whatif_note_taken_out(struct cw_whatif *whatif, const struct cw_cert *cert)
{
	if (!whatif_note_touched(whatif, cert))
		return false;
	if (!cw_memory_grow(&whatif->taken_out, &whatif->taken_capacity, whatif->taken_count,
		    sizeof *whatif->taken_out))
		return false;
	whatif->taken_out[whatif->taken_count++] = cert;
	return true;
}

/* ---------------------------------------------------------------- the copy */

static struct cw_node *copy_of(const struct cw_whatif *whatif, const struct cw_node *original)
{
	for (size_t i = 0; original && i < whatif->node_count; i++)
		if (whatif->nodes[i].original == original)
			return &whatif->nodes[i].node;
	return NULL;
}

static struct cw_group *group_copy_of(const struct cw_whatif *whatif, const struct cw_group *original)
{
	for (size_t i = 0; original && i < whatif->original->group_count; i++)
		if (whatif->original->groups[i] == original)
			return &whatif->groups[i];
	return NULL;
}

static void copy_node(struct cw_whatif *whatif, const struct cw_node *original, struct cw_group *group)
{
	struct whatif_node *copy = &whatif->nodes[whatif->node_count++];
	*copy = (struct whatif_node){.node = *original, .original = original};
	copy->node.group = group;
}

static bool copy_groups(struct cw_whatif *whatif)
{
	const struct cw_deployment *original = whatif->original;
	size_t nodes = 1;
	for (size_t i = 0; i < original->group_count; i++)
		nodes += original->groups[i]->count;
	whatif->nodes = whatif_keep_block(whatif, nodes, sizeof *whatif->nodes);
	whatif->changed_nodes = whatif_keep_block(whatif, nodes, sizeof *whatif->changed_nodes);
	whatif->changed_groups = whatif_keep_block(whatif, original->group_count, sizeof(bool));
	whatif->groups = whatif_keep_block(whatif, original->group_count, sizeof *whatif->groups);
	whatif->changed.groups =
		whatif_keep_block(whatif, original->group_count, sizeof *whatif->changed.groups);
	if (!whatif->nodes || !whatif->changed_nodes || !whatif->changed_groups || !whatif->groups ||
		!whatif->changed.groups)
		return false;
	for (size_t i = 0; i < original->group_count; i++) {
		struct cw_group *group = &whatif->groups[i];
		*group = *original->groups[i];
		group->nodes = whatif_keep_block(whatif, group->count, sizeof *group->nodes);
		if (!group->nodes)
			return false;
		for (size_t k = 0; k < group->count; k++) {
			copy_node(whatif, original->groups[i]->nodes[k], group);
			group->nodes[k] = &whatif->nodes[whatif->node_count - 1].node;
		}
		whatif->changed.groups[i] = group;
	}
	if (original->front) {
		copy_node(whatif, original->front, NULL);
		whatif->changed.front = &whatif->nodes[whatif->node_count - 1].node;
	}
	for (size_t i = 0; i < whatif->node_count; i++)
		whatif->nodes[i].node.same_as = copy_of(whatif, whatif->nodes[i].node.same_as);
	return true;
}

static bool copy_zones(struct cw_whatif *whatif)
{
	const struct cw_deployment *original = whatif->original;
	whatif->changed.zones = whatif_keep_block(whatif, original->zone_count, sizeof(struct cw_zone));
	whatif->changed_zones = whatif_keep_block(whatif, original->zone_count, sizeof(bool));
	if (!whatif->changed.zones || !whatif->changed_zones)
		return false;
	for (size_t i = 0; i < original->zone_count; i++) {
		struct cw_zone *zone = &whatif->changed.zones[i];
		*zone = original->zones[i];
		zone->c = group_copy_of(whatif, zone->c);
		zone->e = group_copy_of(whatif, zone->e);
		zone->peers = whatif_keep_block(whatif, zone->peer_count, sizeof *zone->peers);
		if (!zone->peers)
			return false;
		for (size_t k = 0; k < zone->peer_count; k++)
			zone->peers[k] = (struct cw_peer){original->zones[i].peers[k].address,
				copy_of(whatif, original->zones[i].peers[k].node)};
	}
	return true;
}

static bool copy_endpoints(struct cw_whatif *whatif)
{
	size_t count = whatif->original->endpoint_count;
	whatif->endpoints = whatif_keep_block(whatif, count, sizeof *whatif->endpoints);
	whatif->changed_endpoints = whatif_keep_block(whatif, count, sizeof(bool));
	whatif->changed.endpoints = whatif_keep_block(whatif, count, sizeof(struct cw_endpoint));
	if (!whatif->endpoints || !whatif->changed_endpoints || !whatif->changed.endpoints)
		return false;
	if (count)
		memcpy(whatif->changed.endpoints, whatif->original->endpoints,
			count * sizeof(struct cw_endpoint));
	return true;
}

bool cw_whatif_new(const struct cw_deployment *deployment, struct cw_whatif **ret, struct cw_error *error)
{
	AUTO(cw_whatif_free) struct cw_whatif *whatif = calloc(1, sizeof *whatif);
	if (!whatif)
		return cw_error_memory(error);
	whatif->original = deployment;
	whatif->changed = *deployment;
	if (!copy_groups(whatif) || !copy_zones(whatif) || !copy_endpoints(whatif))
		return cw_error_memory(error);
	*ret = TAKE(whatif);
	return true;
}

struct whatif_node *whatif_node_named(struct cw_whatif *whatif, const char *name)
{
	for (size_t i = 0; name && i < whatif->node_count; i++)
		if (strcasecmp(whatif->nodes[i].node.fqdn, name) == 0)
			return &whatif->nodes[i];
	return NULL;
}

bool whatif_no_such_node(
	const struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	const char *names[64];
	size_t count = 0;
	for (size_t i = 0; i < whatif->node_count && count < 64; i++)
		names[count++] = whatif->nodes[i].node.fqdn;
	const char *meant = change->node ? cw_strings_suggest(change->node, names, count) : NULL;
	const char *typed = change->node ? change->node : "";
	if (meant)
		return cw_error_set(error, CW_E_USAGE, "no node of %s is called \"%s\"; did you mean \"%s\"?",
			whatif->original->name, typed, meant);
	return cw_error_set(
		error, CW_E_USAGE, "no node of %s is called \"%s\"", whatif->original->name, typed);
}

/* ---------------------------------------------------------------- the rest */

static bool apply_identity(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	struct whatif_node *node = whatif_node_named(whatif, change->node);
	if (!node)
		return whatif_no_such_node(whatif, change, error);
	struct cw_identity *identity = &node->node.identities[change->identity];
	if (identity->leaf && !whatif_note_taken_out(whatif, identity->leaf))
		return cw_error_memory(error);
	const char *former = identity->path ? identity->path : "";
	char *path = whatif_keep_text(whatif, change->from ? change->from : former);
	if (!path || !whatif_keep_cert(whatif, change->cert) || !whatif_note_touched(whatif, change->cert))
		return cw_error_memory(error);
	*identity = (struct cw_identity){
		.state = CW_KNOWN, .leaf = change->cert, .path = path, .format = CW_FORMAT_PEM};
	whatif_changed_of(whatif, node)->identities = whatif->pool_changed = true;
	return true;
}

static bool apply_crl(struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	struct whatif_node *node = whatif_node_named(whatif, change->node);
	if (!node)
		return whatif_no_such_node(whatif, change, error);
	struct cw_crl_set *set = &node->node.crls;
	struct cw_crl **items = calloc(set->count + 1, sizeof(struct cw_crl *));
	if (!items ||
		!cw_memory_grow(
			&whatif->crls, &whatif->crl_capacity, whatif->crl_count, sizeof(struct cw_crl *))) {
		free(items);
		return cw_error_memory(error);
	}
	size_t count = 0;
	for (size_t i = 0; i < set->count; i++)
		if (!cw_name_equal(cw_crl_issuer(set->items[i]), cw_crl_issuer(change->crl)))
			items[count++] = set->items[i];
	items[count++] = whatif->crls[whatif->crl_count++] = cw_crl_ref(change->crl);
	if (node->owns_crls)
		free(set->items);
	*set = (struct cw_crl_set){items, count, count, set->unknown};
	node->owns_crls = whatif_changed_of(whatif, node)->rest = true;
	return true;
}

bool cw_whatif_apply(struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	cw_pool_free(whatif->pool);
	whatif->pool = NULL;
	switch (change->kind) {
	case CW_WHATIF_IDENTITY:
		return apply_identity(whatif, change, error);
	case CW_WHATIF_APPEND:
	case CW_WHATIF_REMOVE:
	case CW_WHATIF_MOVE:
	case CW_WHATIF_REPLACE:
		return whatif_apply_list(whatif, change, error);
	case CW_WHATIF_CRL:
		return apply_crl(whatif, change, error);
	case CW_WHATIF_SETTING:
	case CW_WHATIF_RELEASE:
		break;
	}
	whatif->settings_changed = true;
	return whatif_set(whatif, change, error);
}
