#include "report/json.h"

#include "base/escape.h"

#include <string.h>

static void *allocate(size_t size)
{
	void *memory = malloc(size);
	if (!memory)
		cw_memory_count_failure();
	return memory;
}

void cw_json_start(void)
{
	json_set_alloc_funcs(allocate, free);
}

bool cw_json_read(const char *data, size_t length, json_t **ret, struct cw_error *error)
{
	json_error_t why;
	unsigned failures = cw_memory_failures();
	AUTO(json_decref) json_t *value = json_loadb(data, length, JSON_REJECT_DUPLICATES, &why);
	if (failures != cw_memory_failures())
		return cw_error_memory(error);
	if (!value)
		return cw_error_set(error, CW_E_FORMAT, "line %d: %s", why.line, why.text);
	*ret = TAKE(value);
	return true;
}

void cw_json_put(struct cw_json *json, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		json->failed = true;
}

void cw_json_add(struct cw_json *json, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		json->failed = true;
}

json_t *cw_json_text(const char *text)
{
	if (!text)
		return json_null();
	size_t length = strlen(text);
	if (cw_escape_is_utf8(text, length))
		return json_stringn_nocheck(text, length);
	AUTO(free) char *escaped = cw_escape_copy(text, length);
	return escaped ? json_string(escaped) : NULL;
}

json_t *cw_json_texts(const struct cw_strings *strings)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < strings->count; i++)
		cw_json_add(&json, array, cw_json_text(strings->items[i]));
	return json.failed ? NULL : TAKE(array);
}

json_t *cw_json_count(size_t count)
{
	return json_integer((json_int_t)count);
}

json_t *cw_json_time(cw_time time)
{
	char text[CW_TIME_TEXT_SIZE];
	return json_string(cw_time_format(time, text));
}

static int append(const char *data, size_t length, void *buffer)
{
	cw_buffer_append(buffer, data, length);
	return 0;
}

bool cw_json_print(const struct cw_json *json, const json_t *value, bool one_line, struct cw_buffer *ret,
	struct cw_error *error)
{
	size_t flags = JSON_PRESERVE_ORDER | (one_line ? JSON_COMPACT : JSON_INDENT(2));
	size_t before = ret->length;
	if (json->failed || !value)
		return cw_error_memory(error);
	if (json_dump_callback(value, append, ret, flags) != 0) {
		ret->length = before; /* half an object is of no use to anybody */
		if (ret->data)
			ret->data[before] = '\0';
		return cw_error_memory(error);
	}
	cw_buffer_char(ret, '\n');
	return cw_buffer_ok(ret, error);
}
