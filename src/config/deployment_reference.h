/**
 * What each key of a deployment file takes: kind of value, default, where the value is found on the box, an example.
 *
 * One row a key, beside the tables that read it (deployment_keys.h); a test holds that no key is without a row.
 * The manual page causeway-deployment(5) and the JSON schema for editors are made of both. Reads nothing.
 */
#ifndef CW_CONFIG_DEPLOYMENT_REFERENCE_H
#define CW_CONFIG_DEPLOYMENT_REFERENCE_H

#include "config/deployment_keys.h"

enum cw_value_kind {
	CW_VALUE_VERSION, /* the number 1 */
	CW_VALUE_TEXT,
	CW_VALUE_HOST,
	CW_VALUE_HOSTS,		/* a list of them */
	CW_VALUE_HOST_OR_HOSTS, /* one, or a list */
	CW_VALUE_TEXTS,
	CW_VALUE_SWITCH, /* any boolean */
	CW_VALUE_CHOICE, /* one of `choices` */
	CW_VALUE_PORT,
	CW_VALUE_RELEASE,
	CW_VALUE_FILE,
	CW_VALUE_FILE_OR_UNKNOWN,
	CW_VALUE_FILES,		/* a file, a list of files, a folder, or unknown */
	CW_VALUE_MAP,		/* of the child's keys */
	CW_VALUE_MAP_OR_LIST,	/* one such map, or a list */
	CW_VALUE_LIST,		/* of such maps */
	CW_VALUE_NAMES_OR_MAPS, /* a list of names or such maps */
	CW_VALUE_TRUST,		/* CW_VALUE_FILES, "system", or a map of the child's keys */
	CW_VALUE_KIND_COUNT
};

struct cw_deployment_reference {
	const char *key;
	const struct cw_schema *schema; /* whose key it is; NULL: wherever the key stands */
	enum cw_value_kind kind;
	const char *choices;  /* "on|off", or NULL */
	const char *fallback; /* what is taken where the key is left out; "wanted": it must be there */
	const char *where;    /* on the box, or how it is got */
	const char *example;  /* one line of YAML; of a map or list without its own keys */
};

/** The row of this key in a map of this kind; NULL: there is none (a mistake that a test finds). */
const struct cw_deployment_reference *cw_deployment_reference(
	const struct cw_schema *schema, const char *key);

/** "a file, a list of files, a folder, or unknown". */
const char *cw_deployment_reference_type(enum cw_value_kind kind);

/** The keys of the map, or of the maps in the list, under this key; NULL where it has none. */
const struct cw_schema *cw_deployment_reference_child(const struct cw_schema *schema, const char *key);

#endif
