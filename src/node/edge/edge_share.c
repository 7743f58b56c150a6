#include "node/edge/edge_share.h"

#include "report/json.h"

#include <stdio.h>
#include <string.h>

void cw_edge_share_finish(struct cw_edge_share *share)
{
	for (size_t i = 0; i < share->count; i++)
		cw_edge_told_finish(&share->sources[i].told);
	share->count = 0;
}

static bool same_strings(const struct cw_strings *a, const struct cw_strings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

static bool same(const struct cw_edge_told *a, const struct cw_edge_told *b)
{
	if (a->key_count != b->key_count || strcmp(a->allow, b->allow) != 0)
		return false;
	for (size_t i = 0; i < a->key_count; i++)
		if (a->keys[i].until != b->keys[i].until ||
			memcmp(a->keys[i].bytes, b->keys[i].bytes, sizeof a->keys[i].bytes) != 0)
			return false;
	return same_strings(&a->domains, &b->domains);
}

static struct cw_edge_share_source *find(struct cw_edge_share *share, const char *name)
{
	for (size_t i = 0; i < share->count; i++)
		if (strcmp(share->sources[i].node, name) == 0)
			return &share->sources[i];
	if (share->count == CW_EDGE_SHARE_SOURCES_MAX)
		return NULL;
	struct cw_edge_share_source *source = &share->sources[share->count++];
	*source = (struct cw_edge_share_source){0};
	snprintf(source->node, sizeof source->node, "%s", name);
	return source;
}

bool cw_edge_share_take(struct cw_edge_share *share, const char *node, struct cw_edge_told *told)
{
	char name[sizeof share->sources[0].node];
	snprintf(name, sizeof name, "%s", node);
	size_t before = share->count;
	struct cw_edge_share_source *source = find(share, name);
	if (!source || (share->count == before && same(&source->told, told))) {
		cw_edge_told_finish(told);
		return false;
	}
	cw_edge_told_finish(&source->told);
	source->told = *told;
	*told = (struct cw_edge_told){0};
	return true;
}

json_t *cw_edge_share_write(const struct cw_edge_share *share, const char *signer)
{
	struct cw_json json = {0};
	json_t *object = json_object(), *sources = json_array();
	for (size_t i = 0; i < share->count; i++) {
		const struct cw_edge_share_source *source = &share->sources[i];
		json_t *row = json_object();
		cw_json_put(&json, row, "node", cw_json_text(source->node));
		cw_json_put(&json, row, "domains", cw_json_texts(&source->told.domains));
		cw_json_put(&json, row, "cookies", cw_edge_told_write_keys(&source->told));
		cw_json_add(&json, sources, row);
	}
	cw_json_put(&json, object, "sources", sources);
	if (signer)
		cw_json_put(&json, object, "signer", cw_json_text(signer));
	if (!json.failed)
		return object;
	json_decref(object);
	return NULL;
}

static bool add_domains(const struct cw_strings *from, struct cw_strings *ret)
{
	for (size_t i = 0; ret && i < from->count; i++)
		if (!cw_strings_contain_name(ret, from->items[i]) && !cw_strings_add(ret, from->items[i]))
			return false;
	return true;
}

bool cw_edge_share_read(
	const json_t *shared, cw_time now, struct cw_edge_key_ring *ring, struct cw_strings *domains)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(shared, "sources"), i, row)
	{
		AUTO_EDGE_TOLD told = {0};
		const char *node = json_string_value(json_object_get(row, "node"));
		cw_edge_told_read_parts(
			json_object_get(row, "cookies"), json_object_get(row, "domains"), &told);
		(void)cw_edge_key_ring_take(ring, node ? node : "", told.keys, told.key_count, now);
		if (!add_domains(&told.domains, domains))
			return false;
	}
	return true;
}
