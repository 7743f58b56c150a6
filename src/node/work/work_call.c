#include "node/work/work_call.h"

#include "http/http_base64.h"

#include <string.h>

/* Against questions made of endless lists. */
#define TEXTS_MAX 1000
#define TEXT_MAX 4096

void cw_work_call_put(struct cw_work_call *call, const char *key, json_t *value)
{
	cw_json_put(&call->json, call->answer, key, value);
}

bool cw_work_call_refuse(struct cw_work_call *call, int status, const char *next, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(call->text, sizeof call->text, format, args);
	va_end(args);
	snprintf(call->next, sizeof call->next, "%s", next ? next : "");
	call->status = status;
	return false;
}

bool cw_work_call_failed(struct cw_work_call *call, int status, const char *next)
{
	if (call->error->code == CW_E_MEMORY || call->error->code == CW_E_IO)
		return false;
	return cw_work_call_refuse(call, status, next, "%s", call->error->message);
}

bool cw_work_call_memory(struct cw_work_call *call)
{
	return cw_error_memory(call->error);
}

/* --- what goes with it --- */

static const json_t *value_of(const struct cw_work_call *call, const char *key)
{
	const json_t *value = json_object_get(call->with, key);
	return json_is_null(value) ? NULL : value;
}

static const char *kind_of(const json_t *value)
{
	static const char *const names[] = {[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "a list",
		[JSON_STRING] = "a text",
		[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null"};
	return names[json_typeof(value)];
}

static bool wrong(struct cw_work_call *call, const char *key, const char *wanted, const json_t *value)
{
	return cw_work_call_refuse(
		call, 400, NULL, "%s: wanted %s, found %s", key, wanted, value ? kind_of(value) : "nothing");
}

static bool is_whole(const json_t *value)
{
	return strlen(json_string_value(value)) == json_string_length(value);
}

static bool is_one_line(const json_t *value)
{
	const unsigned char *text = (const unsigned char *)json_string_value(value);
	size_t length = json_string_length(value);
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] == 0x7f)
			return false;
	return length <= TEXT_MAX;
}

bool cw_work_call_lines(struct cw_work_call *call, const char *key, const char **ret)
{
	const json_t *value = value_of(call, key);
	*ret = NULL;
	if (!value)
		return true;
	if (!json_is_string(value) || !is_whole(value))
		return wrong(call, key, "a text", value);
	*ret = json_string_value(value);
	return true;
}

bool cw_work_call_text(struct cw_work_call *call, const char *key, const char **ret)
{
	const json_t *value = value_of(call, key);
	*ret = NULL;
	if (!value)
		return true;
	if (!json_is_string(value))
		return wrong(call, key, "a text", value);
	if (!is_one_line(value))
		return cw_work_call_refuse(call, 400, NULL,
			"%s: wanted a text of one line, of at most %d bytes, found one with control characters or a "
			"longer one",
			key, TEXT_MAX);
	*ret = json_string_value(value);
	return true;
}

bool cw_work_call_want(struct cw_work_call *call, const char *key, const char **ret)
{
	if (!cw_work_call_text(call, key, ret))
		return false;
	return (*ret && **ret) ||
		cw_work_call_refuse(call, 400, "Fill in this field.", "%s: wanted a text, found none", key);
}

bool cw_work_call_switch(struct cw_work_call *call, const char *key, bool *ret)
{
	const json_t *value = value_of(call, key);
	if (!value)
		return true;
	if (!json_is_boolean(value))
		return wrong(call, key, "true or false", value);
	*ret = json_is_true(value);
	return true;
}

bool cw_work_call_number(struct cw_work_call *call, const char *key, size_t least, size_t most, size_t *ret)
{
	const json_t *value = value_of(call, key);
	if (!value)
		return true;
	if (!json_is_integer(value))
		return wrong(call, key, "a whole number", value);
	json_int_t number = json_integer_value(value);
	if (number < (json_int_t)least || number > (json_int_t)most)
		return cw_work_call_refuse(call, 400, NULL, "%s: wanted a number from %zu to %zu, found %lld",
			key, least, most, (long long)number);
	*ret = (size_t)number;
	return true;
}

bool cw_work_call_texts(struct cw_work_call *call, const char *key, struct cw_strings *ret, bool *ret_given)
{
	const json_t *value = value_of(call, key);
	size_t i;
	json_t *item;
	*ret_given = value != NULL;
	if (!value)
		return true;
	if (json_is_string(value)) {
		if (!is_one_line(value))
			return wrong(call, key, "a text of one line", value);
		return cw_strings_add(ret, json_string_value(value)) || cw_work_call_memory(call);
	}
	if (!json_is_array(value) || json_array_size(value) > TEXTS_MAX)
		return wrong(call, key, "a list of at most 1000 texts", value);
	json_array_foreach(value, i, item)
	{
		if (!json_is_string(item) || !is_one_line(item))
			return wrong(call, key, "a list of texts of one line", item);
		if (!cw_strings_add(ret, json_string_value(item)))
			return cw_work_call_memory(call);
	}
	return true;
}

bool cw_work_call_word(
	struct cw_work_call *call, const char *key, const char *const *words, size_t count, size_t *ret)
{
	const char *text;
	AUTO_BUFFER wanted = {0};
	if (!cw_work_call_text(call, key, &text))
		return false;
	if (!text)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0) {
			*ret = i;
			return true;
		}
		cw_buffer_printf(&wanted, "%s%s", i ? ", " : "", words[i]);
	}
	if (wanted.failed)
		return cw_work_call_memory(call);
	return cw_work_call_refuse(call, 400, NULL, "%s: wanted one of %s; found \"%.100s\"", key,
		cw_buffer_string(&wanted), text);
}

bool cw_work_call_file(struct cw_work_call *call, const char *key, struct cw_buffer *ret, bool *ret_given)
{
	const json_t *value = value_of(call, key);
	*ret_given = value != NULL;
	if (!value)
		return true;
	if (!json_is_string(value))
		return wrong(call, key, "a file in Base64", value);
	const struct cw_http_text text = {
		.at = json_string_value(value), .length = json_string_length(value)};
	struct cw_http_text bytes;
	size_t room = text.length / 4 * 3 + 3;
	if (room > CW_NODE_WORK_FILE_MAX)
		return cw_work_call_refuse(call, 400,
			"Upload the certificates alone, in a file of their own.",
			"%s: wanted a file of at most %d bytes, found a longer one", key,
			CW_NODE_WORK_FILE_MAX);
	AUTO(free) char *memory = malloc(room);
	if (!memory)
		return cw_work_call_memory(call);
	if (!cw_http_base64_decode(text, CW_HTTP_BASE64_PADDED, &bytes, memory, room))
		return cw_work_call_refuse(
			call, 400, NULL, "%s: wanted Base64 (RFC 4648 section 4), found another text", key);
	ret->secret = true;
	cw_buffer_append(ret, bytes.at, bytes.length);
	explicit_bzero(memory, room);
	return cw_buffer_ok(ret, call->error);
}

bool cw_work_call_file_name(struct cw_work_call *call, const char *other, const char **ret)
{
	if (!cw_work_call_text(call, "file_name", ret))
		return false;
	if (!*ret || !**ret || strlen(*ret) > 255)
		*ret = other;
	return true;
}

bool cw_work_call_tries(const struct cw_work_call *call)
{
	size_t length = strlen(call->operation);
	bool by_name = length > 4 && strcmp(call->operation + length - 4, "/try") == 0;
	return by_name || json_is_true(json_object_get(call->with, "try"));
}

bool cw_work_call_is_host(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t length = strlen(text);
	return length && length < 256 && strspn(text, letters) == length && *text != '-' && *text != '.';
}

void cw_work_call_tell(struct cw_work_call *call, const char *about, const char *before, const char *after)
{
	const struct cw_node_history_event event = {
		.kind = "change", .about = about, .who = call->who->user, .before = before, .after = after};
	if (call->core->history)
		cw_node_history_tell(call->core->history, &event);
}
