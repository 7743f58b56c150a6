/**
 * What each key takes that node.yaml has and a deployment file has not: type, default, where it comes from, an example.
 *
 * One row a key, beside the tables that read it (deployment_keys.h); a test holds that no key is without a row. The keys
 * that both files have are told in deployment_reference.h. Reads nothing.
 */
#ifndef CW_CONFIG_NODE_REFERENCE_H
#define CW_CONFIG_NODE_REFERENCE_H

#include "config/deployment_keys.h"

struct cw_node_reference {
	const struct cw_schema *schema;
	const char *key;
	const char *type;
	const char *fallback; /* what is taken where the key is left out */
	const char *example;  /* one line of YAML */
};

/** The maps of node.yaml's own, from the outside in; of the first one only the keys that have a row are its own. */
const struct cw_schema *const *cw_node_reference_maps(size_t *count);

/** NULL: a deployment file has the key too. */
const struct cw_node_reference *cw_node_reference(const struct cw_schema *schema, const char *key);

#endif
