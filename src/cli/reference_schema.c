#include "cli/reference.h"

#include "config/deployment_reference.h"
#include "report/json.h"

#include <string.h>

/* Every kind of map stands once under "definitions"; a value refers to it. */
static json_t *refer(struct cw_json *json, const struct cw_schema *schema)
{
	AUTO_BUFFER path = {0};
	json_t *object = json_object();
	cw_buffer_printf(&path, "#/definitions/%s", schema->what);
	json->failed |= path.failed;
	cw_json_put(json, object, "$ref", json_string(cw_buffer_string(&path)));
	return object;
}

static json_t *typed(struct cw_json *json, const char *type)
{
	json_t *object = json_object();
	cw_json_put(json, object, "type", json_string(type));
	return object;
}

static json_t *list_of(struct cw_json *json, json_t *items)
{
	json_t *object = typed(json, "array");
	cw_json_put(json, object, "items", items);
	return object;
}

static json_t *either(struct cw_json *json, json_t *one, json_t *other)
{
	json_t *object = json_object(), *any = json_array();
	cw_json_add(json, any, one);
	cw_json_add(json, any, other);
	cw_json_put(json, object, "anyOf", any);
	return object;
}

/* "on" and "off" are booleans to one reader of YAML and words to another. */
static json_t *choices(struct cw_json *json, const char *at)
{
	json_t *object = json_object(), *words = json_array();
	bool has_switch = false;
	while (*at) {
		size_t length = strcspn(at, "|");
		has_switch |= strncmp(at, "on", length) == 0 || strncmp(at, "off", length) == 0;
		cw_json_add(json, words, json_stringn(at, length));
		at += length + (at[length] == '|');
	}
	if (has_switch) {
		cw_json_add(json, words, json_true());
		cw_json_add(json, words, json_false());
	}
	cw_json_put(json, object, "enum", words);
	return object;
}

static json_t *number(struct cw_json *json, int least, int most)
{
	json_t *object = typed(json, "integer");
	cw_json_put(json, object, "minimum", json_integer(least));
	cw_json_put(json, object, "maximum", json_integer(most));
	return object;
}

static json_t *trust(struct cw_json *json, const struct cw_schema *child)
{
	json_t *one = either(json, typed(json, "string"), refer(json, child));
	json_t *item = either(json, typed(json, "string"), refer(json, child));
	return either(json, one, list_of(json, item));
}

static json_t *value(
	struct cw_json *json, const struct cw_deployment_reference *row, const struct cw_schema *child)
{
	switch (row->kind) {
	case CW_VALUE_VERSION:
		return number(json, 1, 1);
	case CW_VALUE_PORT:
		return number(json, 1, 65535);
	case CW_VALUE_HOSTS:
	case CW_VALUE_TEXTS:
		return list_of(json, typed(json, "string"));
	case CW_VALUE_HOST_OR_HOSTS:
	case CW_VALUE_FILES:
		return either(json, typed(json, "string"), list_of(json, typed(json, "string")));
	case CW_VALUE_SWITCH:
		return choices(json, "on|off|yes|no");
	case CW_VALUE_CHOICE:
		return choices(json, row->choices);
	case CW_VALUE_MAP:
		return refer(json, child);
	case CW_VALUE_MAP_OR_LIST:
		return either(json, refer(json, child), list_of(json, refer(json, child)));
	case CW_VALUE_LIST:
		return list_of(json, refer(json, child));
	case CW_VALUE_NAMES_OR_MAPS:
		return list_of(json, either(json, typed(json, "string"), refer(json, child)));
	case CW_VALUE_TRUST:
		return trust(json, child);
	case CW_VALUE_RELEASE: /* "14" is a number to YAML */
		return either(json, typed(json, "string"), typed(json, "number"));
	case CW_VALUE_TEXT:
	case CW_VALUE_HOST:
	case CW_VALUE_FILE:
	case CW_VALUE_FILE_OR_UNKNOWN:
	case CW_VALUE_KIND_COUNT:
		break;
	}
	return typed(json, "string");
}

static void describe(struct cw_json *json, json_t *object, const struct cw_key *key,
	const struct cw_deployment_reference *row)
{
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "%s. Left out: %s. Where: %s.", key->help, row->fallback, row->where);
	json->failed |= words.failed;
	cw_json_put(json, object, "description", json_string(cw_buffer_string(&words)));
}

static json_t *map(struct cw_json *json, const struct cw_schema *schema)
{
	json_t *object = typed(json, "object"), *properties = json_object(), *wanted = json_array();
	for (size_t i = 0; i < schema->count; i++) {
		const struct cw_key *key = &schema->keys[i];
		const struct cw_deployment_reference *row = cw_deployment_reference(schema, key->name);
		if (!row)
			continue;
		json_t *property = value(json, row, cw_deployment_reference_child(schema, key->name));
		describe(json, property, key, row);
		cw_json_put(json, properties, key->name, property);
		if (strcmp(row->fallback, "wanted") == 0)
			cw_json_add(json, wanted, json_string(key->name));
	}
	cw_json_put(json, object, "additionalProperties", json_false());
	cw_json_put(json, object, "properties", properties);
	cw_json_put(json, object, "required", wanted);
	return object;
}

void cw_reference_schema(struct cw_buffer *ret)
{
	struct cw_json json = {0};
	struct cw_error error;
	size_t count;
	const struct cw_schema *const *schemas = cw_deployment_keys_all(&count);
	AUTO(json_decref) json_t *root = map(&json, schemas[0]);
	json_t *definitions = json_object();
	for (size_t i = 1; i < count; i++)
		cw_json_put(&json, definitions, schemas[i]->what, map(&json, schemas[i]));
	cw_json_put(&json, root, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
	cw_json_put(&json, root, "title", json_string("causeway deployment"));
	cw_json_put(&json, root, "definitions", definitions);
	if (!cw_json_print(&json, root, false, ret, &error))
		ret->failed = true;
}
