#include "config/load_parts.h"

#include <string.h>
#include <strings.h>

static const struct cw_value_word sends[] = {
	{"auto", CW_SENDS_AUTO}, {"leaf", CW_SENDS_LEAF}, {"file", CW_SENDS_FILE}};

static bool note_source(struct cw_loader *loader, struct cw_node *node, const struct cw_raw_node *raw)
{
	if (!cw_memory_grow(
		    &loader->nodes, &loader->node_capacity, loader->node_count, sizeof *loader->nodes)) {
		loader->problems.no_memory = true;
		return false;
	}
	loader->nodes[loader->node_count++] = (struct cw_node_source){node, raw->fqdn, raw->same_as};
	return true;
}

static void load_stores(struct cw_loader *loader, const struct cw_raw_node *raw, struct cw_node *node)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++) {
		if (raw->same_as && raw->stores[i])
			cw_problem(&loader->problems, raw->stores[i],
				"\"same-as\" (%zu:%zu) stands for both stores of this node; leave out one of "
				"them",
				raw->same_as->line, raw->same_as->column);
		cw_load_store(loader, raw->stores[i], raw->store_passwords[i], (enum cw_store_kind)i,
			i == CW_STORE_TRUSTED_CA ? &node->crls : NULL, &node->stores[i]);
	}
}

struct cw_node *cw_load_node(struct cw_loader *loader, const struct cw_yaml *value, enum cw_node_kind kind,
	struct cw_raw_node *raw)
{
	const struct cw_schema *schema = cw_deployment_keys_node(kind);
	if (!cw_schema_read(&loader->problems, schema, value, raw))
		return NULL;
	AUTO(cw_node_free) struct cw_node *node = calloc(1, sizeof *node);
	if (!node) {
		loader->problems.no_memory = true;
		return NULL;
	}
	node->kind = kind;
	node->line = value->line;
	cw_schema_want(&loader->problems, schema, value, raw->fqdn, "fqdn");
	cw_value_host_copy(&loader->problems, raw->fqdn, &node->fqdn);
	cw_value_hosts(&loader->problems, raw->address, true, &node->addresses);
	int what = CW_SENDS_AUTO;
	cw_value_choice(&loader->problems, raw->sends, sends, sizeof sends / sizeof sends[0], &what);
	node->sends = (enum cw_sends)what;
	cw_value_on_off(&loader->problems, raw->publisher, &node->publisher);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		cw_load_identity(loader, raw, (enum cw_identity_kind)i, &node->identities[i]);
	load_stores(loader, raw, node);
	cw_load_crls(loader, raw->crl, node);
	if (!node->fqdn || !note_source(loader, node, raw))
		return NULL;
	return TAKE(node);
}

void cw_load_front(struct cw_loader *loader, const struct cw_yaml *value)
{
	struct cw_raw_node raw = {0};
	if (value)
		loader->deployment->front = cw_load_node(loader, value, CW_NODE_FRONT, &raw);
}

/* --- same-as --- */

static bool copy_strings(const struct cw_strings *from, struct cw_strings *to)
{
	for (size_t i = 0; i < from->count; i++)
		if (!cw_strings_add(to, from->items[i]))
			return false;
	return true;
}

static bool copy_store(const struct cw_store *from, struct cw_store *to)
{
	to->state = from->state;
	to->has_fingerprints = from->has_fingerprints;
	to->unordered = to->list.unordered = from->unordered;
	for (size_t i = 0; i < from->list.count; i++) {
		const struct cw_trust_entry *entry = &from->list.entries[i];
		if (!cw_trust_list_add(&to->list, entry->cert, entry->path, entry->number))
			return false;
	}
	return copy_strings(&from->paths, &to->paths) && copy_strings(&from->not_pem, &to->not_pem);
}

static const struct cw_node_source *find_cucm(const struct cw_loader *loader, const char *fqdn)
{
	for (size_t i = 0; i < loader->node_count; i++)
		if (loader->nodes[i].node->kind == CW_NODE_CUCM &&
			strcasecmp(loader->nodes[i].node->fqdn, fqdn) == 0)
			return &loader->nodes[i];
	return NULL;
}

static const char *suggest_cucm(const struct cw_loader *loader, const char *word)
{
	const char *best = NULL;
	for (size_t i = 0; i < loader->node_count && !best; i++) {
		const char *fqdn = loader->nodes[i].node->fqdn;
		if (loader->nodes[i].node->kind == CW_NODE_CUCM && cw_strings_suggest(word, &fqdn, 1))
			best = fqdn;
	}
	return best;
}

/* One step of `same-as`; reports what it names if that is no CUCM node. */
static const struct cw_node_source *named_by(struct cw_loader *loader, const struct cw_node_source *source)
{
	char quoted[CW_QUOTED_SIZE], suggestion[CW_SUGGESTION_SIZE];
	const char *fqdn = cw_value_host(&loader->problems, source->same_as);
	const struct cw_node_source *found = fqdn ? find_cucm(loader, fqdn) : NULL;
	if (!fqdn || found)
		return found;
	const char *meant = suggest_cucm(loader, fqdn);
	cw_problem(&loader->problems, source->same_as, "wanted the fqdn of a node of cucm, found %s%s",
		cw_problem_quote(fqdn, quoted), cw_problem_did_you_mean(meant, suggestion));
	return NULL;
}

/* The node whose stores are written out; NULL where the way there is broken or goes round in circles. */
static const struct cw_node_source *end_of(struct cw_loader *loader, const struct cw_node_source *source)
{
	const struct cw_node_source *end = named_by(loader, source);
	for (size_t steps = 0; end && end->same_as; steps++) {
		if (end == source || steps > loader->node_count) {
			cw_problem(&loader->problems, source->same_as,
				"\"same-as\" goes round in a circle: no node on it has stores of its own");
			return NULL;
		}
		end = end->same_as->kind == CW_YAML_TEXT ? find_cucm(loader, end->same_as->text) : NULL;
	}
	return end;
}

void cw_load_same_as(struct cw_loader *loader)
{
	for (size_t i = 0; i < loader->node_count; i++) {
		const struct cw_node_source *source = &loader->nodes[i];
		const struct cw_node_source *end = source->same_as ? end_of(loader, source) : NULL;
		if (!end)
			continue;
		source->node->same_as = end->node;
		for (size_t kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
			if (source->node->stores[kind].state == CW_ABSENT &&
				!copy_store(&end->node->stores[kind], &source->node->stores[kind]))
				loader->problems.no_memory = true;
	}
}
