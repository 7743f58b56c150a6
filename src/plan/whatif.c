#include "plan/whatif_parts.h"

#include <string.h>
#include <strings.h>

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

static bool note_touched(struct cw_whatif *whatif, const struct cw_cert *cert)
{
	if (!cw_memory_grow(&whatif->touched, &whatif->touched_capacity, whatif->touched_count,
		    sizeof *whatif->touched))
		return false;
	whatif->touched[whatif->touched_count++] = cert;
	return true;
}

static bool note_taken_out(struct cw_whatif *whatif, const struct cw_cert *cert)
{
	if (!note_touched(whatif, cert))
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

/* ---------------------------------------------------------------- lists */

/* One list of the changed deployment, and who owns its array. */
struct place {
	struct cw_store *store;
	bool *owned;
	bool *changed;
};

static bool own(const struct place *place, size_t more)
{
	struct cw_trust_list *list = &place->store->list;
	*place->changed = true;
	if (*place->owned && list->capacity >= list->count + more)
		return true;
	struct cw_trust_entry *entries = calloc(list->count + more + 1, sizeof *entries);
	if (!entries)
		return false;
	if (list->count)
		memcpy(entries, list->entries, list->count * sizeof *entries);
	if (*place->owned)
		free(list->entries);
	list->entries = entries;
	list->capacity = list->count + more + 1;
	*place->owned = true;
	return true;
}

/* Of two the lower: it is the one that is never found. */
static size_t last_of(const struct cw_trust_list *list, const struct cw_cert *cert)
{
	for (size_t i = list->count; i-- > 0;)
		if (cw_cert_same(list->entries[i].cert, cert))
			return i;
	return list->count;
}

static void take_out(struct cw_trust_list *list, size_t index)
{
	memmove(list->entries + index, list->entries + index + 1,
		(list->count - index - 1) * sizeof *list->entries);
	list->count--;
}

static void put_in(struct cw_trust_list *list, size_t index, struct cw_trust_entry entry)
{
	memmove(list->entries + index + 1, list->entries + index,
		(list->count - index) * sizeof *list->entries);
	list->entries[index] = entry;
	list->count++;
}

static bool not_in_list(
	const struct cw_whatif_change *change, const struct cw_cert *cert, struct cw_error *error)
{
	return cw_error_set(error, CW_E_USAGE,
		"%s: %s (sha256 %.16s...) does not stand in that list; causeway trust list shows what does",
		change->node, cw_cert_label(cert), cw_cert_sha256_text(cert));
}

/* As if the file had been written and read again: places in it follow the list. A list of several files keeps
 * them apart. */
static void number_again(struct cw_store *store)
{
	struct cw_trust_list *list = &store->list;
	for (size_t i = 0; i < list->count; i++) {
		size_t number = 1;
		for (size_t k = i; k-- > 0 && number == 1;)
			if (strcmp(list->entries[k].path, list->entries[i].path) == 0)
				number = list->entries[k].number + 1;
		list->entries[i].number = number;
	}
}

static const char *path_of(struct cw_whatif *whatif, const struct cw_store *store)
{
	const char *path = store->paths.count ? store->paths.items[0] : "";
	return whatif_keep_text(whatif, path);
}

static bool change_list(struct cw_whatif *whatif, const struct place *place,
	const struct cw_whatif_change *change, struct cw_error *error)
{
	struct cw_trust_list *list = &place->store->list;
	bool adds = change->kind == CW_WHATIF_APPEND || change->kind == CW_WHATIF_REPLACE;
	const struct cw_cert *goes = adds ? NULL : change->cert;
	if (change->kind == CW_WHATIF_REPLACE)
		goes = change->other;
	if (!own(place, 1))
		return cw_error_memory(error);
	struct cw_trust_entry entry = {0};
	if (goes) {
		size_t index = last_of(list, goes);
		if (index == list->count)
			return not_in_list(change, goes, error);
		entry = list->entries[index];
		take_out(list, index);
		bool noted = change->kind == CW_WHATIF_MOVE ? note_touched(whatif, entry.cert)
							    : note_taken_out(whatif, entry.cert);
		if (!noted)
			return cw_error_memory(error);
	}
	if (change->kind == CW_WHATIF_REMOVE) {
		number_again(place->store);
		return true;
	}
	if (adds) {
		const char *path = path_of(whatif, place->store);
		if (!path || !whatif_keep_cert(whatif, change->cert) || !note_touched(whatif, change->cert))
			return cw_error_memory(error);
		entry = (struct cw_trust_entry){change->cert, (char *)path, 0};
		place->store->state = CW_KNOWN;
	}
	size_t at = adds ? list->count : 0;
	if (change->other && change->kind != CW_WHATIF_REPLACE) {
		at = cw_trust_list_find(list, change->other);
		if (at == list->count)
			return not_in_list(change, change->other, error);
	}
	put_in(list, at, entry);
	number_again(place->store);
	return true;
}

static struct cw_endpoint *endpoint_named(struct cw_whatif *whatif, const char *name, size_t *index)
{
	for (size_t i = 0; name && i < whatif->changed.endpoint_count; i++) {
		*index = i;
		if (strcmp(whatif->changed.endpoints[i].name, name) == 0)
			return &whatif->changed.endpoints[i];
	}
	return NULL;
}

static bool change_node_lists(struct cw_whatif *whatif, struct whatif_node *node,
	const struct cw_whatif_change *change, struct cw_error *error)
{
	const struct cw_node *owner = node->node.same_as ? node->node.same_as : &node->node;
	for (size_t i = 0; i < whatif->node_count; i++) {
		struct whatif_node *other = &whatif->nodes[i];
		if (&other->node != owner && other->node.same_as != owner)
			continue;
		struct place place = {&other->node.stores[change->store], &other->owns_list[change->store],
			&whatif_changed_of(whatif, other)->stores[change->store]};
		if (!change_list(whatif, &place, change, error))
			return false;
	}
	return true;
}

static bool no_such_node(
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

static bool apply_list(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	size_t index = 0;
	struct whatif_node *node = whatif_node_named(whatif, change->node);
	struct cw_endpoint *endpoint = node ? NULL : endpoint_named(whatif, change->node, &index);
	whatif->pool_changed = true;
	if (node)
		return change_node_lists(whatif, node, change, error);
	if (!endpoint)
		return no_such_node(whatif, change, error);
	struct place place = {
		&endpoint->trust, &whatif->endpoints[index].owns_list, &whatif->changed_endpoints[index]};
	return change_list(whatif, &place, change, error);
}

/* ---------------------------------------------------------------- the rest */

static bool apply_identity(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	struct whatif_node *node = whatif_node_named(whatif, change->node);
	if (!node)
		return no_such_node(whatif, change, error);
	struct cw_identity *identity = &node->node.identities[change->identity];
	if (identity->leaf && !note_taken_out(whatif, identity->leaf))
		return cw_error_memory(error);
	const char *former = identity->path ? identity->path : "";
	char *path = whatif_keep_text(whatif, change->from ? change->from : former);
	if (!path || !whatif_keep_cert(whatif, change->cert) || !note_touched(whatif, change->cert))
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
		return no_such_node(whatif, change, error);
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
		return apply_list(whatif, change, error);
	case CW_WHATIF_CRL:
		return apply_crl(whatif, change, error);
	case CW_WHATIF_SETTING:
	case CW_WHATIF_RELEASE:
		break;
	}
	whatif->settings_changed = true;
	return whatif_set(whatif, change, error);
}

/* ---------------------------------------------------------------- what is known */

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
