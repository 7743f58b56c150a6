#include "admin/page/screen_json.h"

#include <string.h>

const char *cw_screen_json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

const char *cw_screen_json_text_or_null(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text && *text ? text : NULL;
}

long long cw_screen_json_count(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool cw_screen_json_has(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return value && !json_is_null(value);
}

bool cw_screen_json_is(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (json_is_string(value))
		return *json_string_value(value);
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	return json_is_true(value) || json_array_size(value) || json_object_size(value);
}

const char *cw_screen_json_item(const json_t *value, const char *name)
{
	if (json_is_string(value))
		return json_string_value(value);
	return cw_screen_json_text(value, name);
}

bool cw_screen_json_equals(const json_t *object, const char *key, const char *text)
{
	return strcmp(cw_screen_json_text(object, key), text) == 0;
}
