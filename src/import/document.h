/**
 * A deployment file in the making: keys in the order in which a person reads them, each value with a comment
 * that says where it was found.
 *
 * Values have paths ("/cucm/nodes[pub.acme.test]/tomcat"), by which two versions of a file are compared. An
 * allocation that fails is remembered, as in a struct cw_buffer.
 */
#ifndef CW_IMPORT_DOCUMENT_H
#define CW_IMPORT_DOCUMENT_H

#include "base/buffer.h"
#include "base/strings.h"
#include "config/yaml_tree.h"

enum cw_document_kind { CW_DOCUMENT_MAP, CW_DOCUMENT_ITEMS, CW_DOCUMENT_TEXT, CW_DOCUMENT_TEXTS };

struct cw_document {
	enum cw_document_kind kind;
	char *key;		 /* in a map; among items: the name or FQDN of the item */
	char *text;		 /* CW_DOCUMENT_TEXT */
	struct cw_strings texts; /* CW_DOCUMENT_TEXTS: a list of values */
	char *comment;		 /* behind the value, without "#"; or NULL */
	struct cw_document **children;
	size_t count;
	size_t capacity;
	bool failed; /* of the root */
};

/** NULL: no memory. */
CW_MUST_USE struct cw_document *cw_document_new(void);
void cw_document_free(struct cw_document *document);
CW_DEFINE_AUTO(struct cw_document *, cw_document_free)

/** The child of this kind and key, made where it is not there. Never NULL: without memory it is a stray one
 * that `parent` forgets. `key` of an item of CW_DOCUMENT_ITEMS is its name. */
struct cw_document *cw_document_child(
	struct cw_document *parent, const char *key, enum cw_document_kind kind);

/** Sets a value. `text` NULL: nothing is set. */
void cw_document_set(struct cw_document *map, const char *key, const char *text, const char *comment);
/** Adds to a list of values. */
void cw_document_add(struct cw_document *map, const char *key, const char *text, const char *comment);

bool cw_document_has(const struct cw_document *map, const char *key);

/** Of a YAML file: lists of maps become items by their `fqdn`, `name`, else their number. */
CW_MUST_USE struct cw_document *cw_document_of_yaml(const struct cw_yaml *tree);

/** As YAML, with comments. */
void cw_document_write(const struct cw_document *document, struct cw_buffer *ret);

/** A value's path and text; a list's texts are separated by ", ". */
struct cw_document_value {
	char *path;
	char *text;
};

struct cw_document_values {
	struct cw_document_value *items;
	size_t count;
	size_t capacity;
};

void cw_document_values_finish(struct cw_document_values *values);
#define AUTO_DOCUMENT_VALUES __attribute__((cleanup(cw_document_values_finish))) struct cw_document_values

/** All values, in their order. False: no memory. */
CW_MUST_USE bool cw_document_list(const struct cw_document *document, struct cw_document_values *ret);
CW_MUST_USE bool cw_document_values_add(
	struct cw_document_values *values, const char *path, const char *text);
/** The text at this path, or NULL. */
const char *cw_document_values_find(const struct cw_document_values *values, const char *path);

/**
 * What a person changed since `written` was written by an import is taken over into `document`, the new one:
 * values of `current` that are not in `written` or differ from it, and those of `written` that are gone. Adds
 * the path of each to `kept`. False: no memory.
 */
CW_MUST_USE bool cw_document_keep(struct cw_document *document, const struct cw_document *current,
	const struct cw_document_values *written, struct cw_strings *kept);

#endif
