/**
 * YAML as a tree of values, each with its line and column: libyaml's events, put together.
 *
 * Knows nothing of deployments. Only what a configuration file needs is read: one document of maps, lists and
 * texts. Anchors, aliases and tags are problems (nothing is ever expanded, so a few lines cannot become a
 * billion), and so are repeated keys. A value that was reported already is CW_YAML_BROKEN: whoever meets it
 * says nothing.
 */
#ifndef CW_CONFIG_YAML_TREE_H
#define CW_CONFIG_YAML_TREE_H

#include "config/problems.h"

/* Against a stack overflow by "[[[[…"; a deployment is 6 deep. */
#define CW_YAML_DEPTH_MAX 24
/* Against memory exhaustion by "[,,,,…": CW_NODES_MAX nodes with everything written out are a third of it. */
#define CW_YAML_VALUES_MAX 1000000
/* Against quadratic work in the search for repeated keys; the largest map of a deployment has 25. */
#define CW_YAML_KEYS_MAX 200

enum cw_yaml_kind { CW_YAML_NOTHING, CW_YAML_TEXT, CW_YAML_LIST, CW_YAML_MAP, CW_YAML_BROKEN };

struct cw_yaml_entry;

struct cw_yaml {
	enum cw_yaml_kind kind;
	size_t line; /* from 1 */
	size_t column;
	char *text;		       /* CW_YAML_TEXT: without quotes and escapes; no NUL inside */
	struct cw_yaml_entry *entries; /* CW_YAML_LIST, CW_YAML_MAP: in the order of the file */
	size_t count;
	size_t capacity;
};

struct cw_yaml_entry {
	char *key; /* CW_YAML_MAP */
	size_t line;
	size_t column;
	bool repeated; /* an earlier entry has this key; reported */
	struct cw_yaml value;
};

void cw_yaml_tree_finish(struct cw_yaml *tree);
#define AUTO_YAML __attribute__((cleanup(cw_yaml_tree_finish))) struct cw_yaml

/**
 * Reads UTF-8 text (a byte order mark is fine). False: there is no tree, and `problems` says why. True: there
 * is one; it may have problems all the same.
 */
CW_MUST_USE bool cw_yaml_tree_read(
	const char *data, size_t length, struct cw_yaml *ret, struct cw_problems *problems);

/** "nothing", "text", "a list", "a map": what was found, for a sentence. */
const char *cw_yaml_tree_what(const struct cw_yaml *value);

#endif
