/**
 * Which keys a map of the deployment file may have: one table for each kind of map.
 *
 * Reading a map by its table puts each value under the member of a struct of pointers (NULL: not given) and
 * reports every key that is not in the table, with the key that was probably meant, or the map that it
 * belongs in. What the values must be is the business of whoever reads them.
 */
#ifndef CW_CONFIG_SCHEMA_H
#define CW_CONFIG_SCHEMA_H

#include "config/yaml_tree.h"

#include <stddef.h>

struct cw_key {
	const char *name;
	size_t offset; /* of a `const struct cw_yaml *` */
	const char *help;
};

struct cw_schema {
	const char *what; /* "a node of expressway-c": for sentences */
	const struct cw_key *keys;
	size_t count;
};

/** False where `value` is no map (reported). `raw` is the struct that the table's offsets are into. */
bool cw_schema_read(
	struct cw_problems *problems, const struct cw_schema *schema, const struct cw_yaml *value, void *raw);

/** The map has an unknown key of which "did you mean KEY" was said: that KEY is missing is no more news. */
bool cw_schema_mistyped(const struct cw_schema *schema, const struct cw_yaml *map, const char *key);

/** Reports a key that must be there and is not. Returns whether it is. */
bool cw_schema_want(struct cw_problems *problems, const struct cw_schema *schema, const struct cw_yaml *map,
	const struct cw_yaml *value, const char *key);

#endif
