#include "http/http_part_head.h"

#include "base/forward.h"
#include "http/http_line.h"

#include <string.h>

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct cw_http_text skip_blanks(struct cw_http_text text)
{
	while (text.length && is_blank(text.at[0]))
		text = cw_http_text_part(text, 1, CW_HTTP_REST);
	return text;
}

/* Takes text up to its closing quote off the front. Backslashes are what senders mean two things by. */
static bool take_quoted(struct cw_http_text *rest, struct cw_http_text *ret)
{
	*rest = cw_http_text_part(*rest, 1, CW_HTTP_REST);
	size_t end = cw_http_text_find(*rest, '"');
	if (end == rest->length)
		return false;
	*ret = cw_http_text_part(*rest, 0, end);
	*rest = cw_http_text_part(*rest, end + 1, CW_HTTP_REST);
	return cw_http_text_find(*ret, '\\') == ret->length;
}

struct part_parameter {
	struct cw_http_text name, value;
};

/* "; name=value" or "; name="value"" off the front. */
static bool take_parameter(struct cw_http_text *rest, struct part_parameter *ret)
{
	if (!rest->length || rest->at[0] != ';')
		return false;
	*rest = skip_blanks(cw_http_text_part(*rest, 1, CW_HTTP_REST));
	size_t length = cw_http_text_run(*rest, 0, CW_HTTP_IN_TOKEN);
	ret->name = cw_http_text_part(*rest, 0, length);
	if (!length || length == rest->length || rest->at[length] != '=')
		return false;
	*rest = cw_http_text_part(*rest, length + 1, CW_HTTP_REST);
	if (rest->length && rest->at[0] == '"')
		return take_quoted(rest, &ret->value);
	length = cw_http_text_run(*rest, 0, CW_HTTP_IN_TOKEN);
	ret->value = cw_http_text_part(*rest, 0, length);
	*rest = cw_http_text_part(*rest, length, CW_HTTP_REST);
	return length > 0;
}

/* The word before the first parameter. */
static struct cw_http_text take_word(struct cw_http_text *rest)
{
	size_t end = cw_http_text_find(*rest, ';');
	struct cw_http_text word = cw_http_text_part(*rest, 0, end);
	*rest = cw_http_text_part(*rest, end, CW_HTTP_REST);
	return word;
}

bool cw_http_part_head_boundary(struct cw_http_text content_type, struct cw_http_text *ret)
{
	struct part_parameter parameter;
	struct cw_http_text word = take_word(&content_type);
	if (!cw_http_text_same_word(word, "multipart/form-data") ||
		!take_parameter(&content_type, &parameter))
		return false;
	if (content_type.length || !cw_http_text_same_word(parameter.name, "boundary"))
		return false;
	*ret = parameter.value;
	return ret->length <= CW_HTTP_BOUNDARY_MAX && cw_http_text_is(*ret, CW_HTTP_IN_BOUNDARY);
}

static bool is_name_byte(char byte)
{
	return cw_http_text_byte_is(byte, CW_HTTP_IN_HOST);
}

static bool is_name(struct cw_http_text name)
{
	size_t at = 0;
	while (at < name.length && is_name_byte(name.at[at]))
		at++;
	return name.length && name.length <= CW_HTTP_PART_NAME_MAX && at == name.length;
}

static bool take_disposition(
	struct cw_http_multipart *form, struct cw_http_text value, enum cw_http_reason *ret_reason)
{
	if (form->name.at || !cw_http_text_same_word(take_word(&value), "form-data"))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_HEAD);
	size_t unread = CW_FORWARD_BEGIN;
	while (value.length && cw_forward(&unread, value.length)) {
		struct part_parameter parameter;
		if (!take_parameter(&value, &parameter))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_HEAD);
		bool *file = &form->has_file_name;
		if (cw_http_text_same_word(parameter.name, "name") && !form->name.at)
			form->name = parameter.value;
		else if (cw_http_text_same_word(parameter.name, "filename") && !*file)
			*file = true;
		else
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_HEAD);
	}
	if (!is_name(form->name))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_NAME);
	return true;
}

static bool take_field(
	struct cw_http_multipart *form, struct cw_http_text line, enum cw_http_reason *ret_reason)
{
	struct cw_http_field field;
	if (!cw_http_line_field(line, CW_HTTP_IN_NAME, &field, ret_reason))
		return false;
	if (cw_http_text_same_word(field.name, "Content-Disposition"))
		return take_disposition(form, field.value, ret_reason);
	if (field.known != CW_HTTP_FIELD_CONTENT_TYPE || form->has_type)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_HEAD);
	form->has_type = true;
	return true;
}

bool cw_http_part_head_parse(struct cw_http_multipart *form, enum cw_http_reason *ret_reason)
{
	const struct cw_http_text bytes = {form->head, form->head_length};
	struct cw_http_text line;
	form->name = (struct cw_http_text){0};
	form->has_file_name = form->has_type = false;
	for (size_t at = 0, used = 0; (used = cw_http_line_next(bytes, at, &line)) > 0; at += used) {
		if (!cw_http_line_check(line, &line, ret_reason))
			return false;
		if (line.length && !take_field(form, line, ret_reason))
			return false;
	}
	if (!form->name.at)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_HEAD);
	return true;
}
