#include "admin/front/front_parts.h"

#include "http/http_base64.h"

#include <string.h>

/* Fields that are no text in an operation's `with`. What stands in no row is a text. `operation` NULL: everywhere. */
enum field_kind { FIELD_TEXT, FIELD_LIST, FIELD_NAMES, FIELD_NUMBER, FIELD_BOOL };

static const struct {
	const char *operation, *name;
	enum field_kind kind;
} rows[] = {
	{"trust/move", "sha256", FIELD_TEXT},
	{"certificate/delete", "sha256", FIELD_TEXT},
	{NULL, "sha256", FIELD_LIST},
	{NULL, "peers", FIELD_LIST},
	{NULL, "urls", FIELD_LIST},
	{NULL, "sans", FIELD_NAMES},
	{NULL, "port", FIELD_NUMBER},
	{NULL, "position", FIELD_NUMBER},
	{NULL, "count", FIELD_NUMBER},
	{NULL, "try", FIELD_BOOL},
	{NULL, "replace", FIELD_BOOL},
	{NULL, "tls_verify", FIELD_BOOL},
	{NULL, "enabled", FIELD_BOOL},
	{NULL, "discard", FIELD_BOOL},
	{NULL, "shared", FIELD_BOOL},
	{"client-test", "permanent", FIELD_BOOL},
	{"traversal-test", "again", FIELD_BOOL},
};

static enum field_kind kind_of(const char *operation, const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].name, name) == 0 &&
			(!rows[i].operation || strcmp(rows[i].operation, operation) == 0))
			return rows[i].kind;
	return FIELD_TEXT;
}

/* Not for an operation: against requests from elsewhere, and whether the effect was read. */
static bool is_ours(const char *name)
{
	return strcmp(name, CW_WEB_EXCHANGE_TOKEN_FIELD) == 0 || strcmp(name, "confirm") == 0;
}

static json_t *base64(struct cw_http_text bytes)
{
	AUTO_BUFFER text = {.secret = true};
	cw_http_base64_encode(&text, bytes, CW_HTTP_BASE64_PADDED);
	return text.failed ? NULL : json_string(cw_buffer_string(&text));
}

static bool is_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits && digits < 10 && !text[digits];
}

#define LINE_ENDS "\r\n"
/* "Additional alternative names (comma separated)" (Generate CSR); no name has a space in it. */
#define NAME_ENDS "\r\n\t ,"

/* One item or several, with any of `ends` between: a text area, or several fields of one name. */
static void add_items(
	struct cw_json *json, json_t *with, const char *name, const char *text, const char *ends)
{
	json_t *list = json_object_get(with, name);
	if (!list) {
		list = json_array();
		cw_json_put(json, with, name, list);
	}
	for (const char *at = text; *at;) { /* ends: each turn takes an item and its end */
		size_t length = strcspn(at, ends);
		if (length)
			cw_json_add(json, list, json_stringn(at, length));
		at += length;
		at += strspn(at, ends);
	}
}

static void put_field(struct cw_json *json, json_t *with, const char *operation,
	const struct cw_web_form_field *field, const char *text)
{
	switch (kind_of(operation, field->name)) {
	case FIELD_TEXT:
		cw_json_put(json, with, field->name, json_string(text));
		break;
	case FIELD_LIST:
		add_items(json, with, field->name, text, LINE_ENDS);
		break;
	case FIELD_NAMES:
		add_items(json, with, field->name, text, NAME_ENDS);
		break;
	case FIELD_NUMBER:
		if (is_number(text))
			json_object_set_new(with, field->name, json_integer(strtol(text, NULL, 10)));
		else if (*text)
			cw_json_put(json, with, field->name,
				json_string(text)); /* said to be none by who reads it */
		break;
	case FIELD_BOOL:
		cw_json_put(json, with, field->name,
			json_boolean(*text && strcmp(text, "false") != 0 && strcmp(text, "Off") != 0));
		break;
	}
}

json_t *cw_front_parts_with(const char *operation, const struct cw_web_form *form)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object();
	for (size_t i = 0; i < form->count; i++) {
		const struct cw_web_form_field *field = &form->fields[i];
		const char *text = form->bytes.data + field->at;
		if (is_ours(field->name) || (field->is_file && !field->length))
			continue; /* a file field that nothing was chosen for comes empty */
		if (field->is_file)
			cw_json_put(
				&json, with, field->name, base64((struct cw_http_text){text, field->length}));
		else
			put_field(&json, with, operation, field, text);
	}
	return json.failed ? NULL : TAKE(with);
}
