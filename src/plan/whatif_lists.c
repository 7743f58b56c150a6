#include "plan/whatif_parts.h"

#include <string.h>
#include <strings.h>

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
		bool noted = change->kind == CW_WHATIF_MOVE ? whatif_note_touched(whatif, entry.cert)
							    : whatif_note_taken_out(whatif, entry.cert);
		if (!noted)
			return cw_error_memory(error);
	}
	if (change->kind == CW_WHATIF_REMOVE) {
		number_again(place->store);
		return true;
	}
	if (adds) {
		const char *path = path_of(whatif, place->store);
		if (!path || !whatif_keep_cert(whatif, change->cert) ||
			!whatif_note_touched(whatif, change->cert))
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

bool whatif_apply_list(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error)
{
	size_t index = 0;
	struct whatif_node *node = whatif_node_named(whatif, change->node);
	struct cw_endpoint *endpoint = node ? NULL : endpoint_named(whatif, change->node, &index);
	whatif->pool_changed = true;
	if (node)
		return change_node_lists(whatif, node, change, error);
	if (!endpoint)
		return whatif_no_such_node(whatif, change, error);
	struct place place = {
		&endpoint->trust, &whatif->endpoints[index].owns_list, &whatif->changed_endpoints[index]};
	return change_list(whatif, &place, change, error);
}
