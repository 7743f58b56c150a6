#include "config/schema.h"

#include "base/buffer.h"
#include "config/deployment_keys.h"

#include <string.h>

#define KEYS_MAX 40 /* more than the longest table has */

static const struct cw_key *find(const struct cw_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->keys[i].name, name) == 0)
			return &schema->keys[i];
	return NULL;
}

static const char *suggest(const struct cw_schema *schema, const char *word)
{
	const char *names[KEYS_MAX];
	size_t count = 0;
	for (; count < schema->count && count < KEYS_MAX; count++)
		names[count] = schema->keys[count].name;
	return cw_problem_suggest_lower(word, names, count);
}

/* The first other kind of map that has this key. "name" stands in too many to be a hint,
 * and "c" is no word. */
static const char *elsewhere(const struct cw_schema *schema, const char *word)
{
	size_t count;
	if (strcmp(word, "name") == 0 || strlen(word) < 2)
		return NULL;
	const struct cw_schema *const *all = cw_deployment_keys_all(&count);
	for (size_t i = 0; i < count; i++)
		if (all[i] != schema && find(all[i], word))
			return all[i]->what;
	return NULL;
}

static void report_unknown(
	struct cw_problems *problems, const struct cw_schema *schema, const struct cw_yaml_entry *entry)
{
	char quoted[CW_QUOTED_SIZE];
	cw_problem_quote_key(entry->key, quoted);
	const char *other = elsewhere(schema, entry->key);
	const char *meant = other ? NULL : suggest(schema, entry->key);
	if (meant) {
		cw_problem_at(problems, entry->line, entry->column, "unknown key %s; did you mean \"%s\"?",
			quoted, meant);
		return;
	}
	if (strchr(entry->key, ':')) {
		cw_problem_at(problems, entry->line, entry->column,
			"unknown key %s in %s; a space is wanted behind the \":\" of a key", quoted,
			schema->what);
		return;
	}
	AUTO_BUFFER keys = {0};
	for (size_t i = 0; i < schema->count; i++)
		if (!strstr(schema->keys[i].name, "-password-file"))
			cw_buffer_printf(&keys, "%s%s", i ? ", " : "", schema->keys[i].name);
	if (other)
		cw_problem_at(problems, entry->line, entry->column,
			"key %s does not belong in %s but in %s; wanted one of %s", quoted, schema->what,
			other, cw_buffer_string(&keys));
	else
		cw_problem_at(problems, entry->line, entry->column, "unknown key %s in %s; wanted one of %s",
			quoted, schema->what, cw_buffer_string(&keys));
}

bool cw_schema_read(
	struct cw_problems *problems, const struct cw_schema *schema, const struct cw_yaml *value, void *raw)
{
	if (value->kind == CW_YAML_BROKEN)
		return false;
	if (value->kind != CW_YAML_MAP) {
		cw_problem(problems, value, "wanted %s, which is a map (\"key: value\"), found %s",
			schema->what, cw_yaml_tree_what(value));
		return false;
	}
	for (size_t i = 0; i < value->count; i++) {
		const struct cw_yaml_entry *entry = &value->entries[i];
		if (entry->repeated)
			continue;
		const struct cw_key *key = find(schema, entry->key);
		if (!key) {
			report_unknown(problems, schema, entry);
			continue;
		}
		const struct cw_yaml *found = &entry->value;
		memcpy((char *)raw + key->offset, &found, sizeof found);
	}
	return true;
}

bool cw_schema_mistyped(const struct cw_schema *schema, const struct cw_yaml *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *found = map->entries[i].key;
		const char *meant = found && !find(schema, found) ? suggest(schema, found) : NULL;
		if (meant && strcmp(meant, key) == 0)
			return true;
	}
	return false;
}

bool cw_schema_want(struct cw_problems *problems, const struct cw_schema *schema, const struct cw_yaml *map,
	const struct cw_yaml *value, const char *key)
{
	if (!value && !cw_schema_mistyped(schema, map, key))
		cw_problem(problems, map, "key \"%s\" is missing in %s", key, schema->what);
	return value;
}
