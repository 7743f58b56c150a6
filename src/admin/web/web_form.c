#include "admin/web/web_form.h"

#include <stdint.h>
#include <string.h>

void cw_web_form_finish(struct cw_web_form *form)
{
	free(form->fields);
	cw_buffer_finish(&form->bytes);
	*form = (struct cw_web_form){0};
}

/* --- UTF-8 --- */

/* How many bytes follow the first one, and from where on the whole counts: less could have been written shorter. */
static bool lead(uint8_t byte, unsigned *ret_more, uint32_t *ret_point, uint32_t *ret_least)
{
	static const struct {
		uint8_t mask, value;
		unsigned more;
		uint32_t least;
	} rows[] = {
		{0x80, 0x00, 0, 1}, {0xe0, 0xc0, 1, 0x80}, {0xf0, 0xe0, 2, 0x800}, {0xf8, 0xf0, 3, 0x10000}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((byte & rows[i].mask) == rows[i].value) {
			*ret_more = rows[i].more;
			*ret_point = byte & (uint8_t)~rows[i].mask;
			*ret_least = rows[i].least;
			return true;
		}
	return false;
}

bool cw_web_form_is_text(struct cw_http_text bytes)
{
	unsigned more = 0;
	uint32_t point = 0, least = 0;
	for (size_t i = 0; i < bytes.length; i++) {
		uint8_t byte = (uint8_t)bytes.at[i];
		if (more) {
			if ((byte & 0xc0) != 0x80)
				return false;
			point = point << 6 | (byte & 0x3f);
			more--;
		} else if (!lead(byte, &more, &point, &least)) {
			return false;
		}
		if (!more && (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)))
			return false;
	}
	return !more;
}

/* --- fields --- */

static bool is_name(struct cw_http_text name)
{
	if (!name.length || name.length > CW_WEB_FORM_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!cw_http_text_byte_is(name.at[i], CW_HTTP_IN_NAME) && name.at[i] != '_' &&
			name.at[i] != '.')
			return false;
	return true;
}

bool cw_web_form_begin(struct cw_web_form *form, struct cw_http_text name, bool is_file)
{
	if (form->count == CW_WEB_FORM_FIELDS_MAX || !is_name(name) ||
		!cw_memory_grow(&form->fields, &form->capacity, form->count, sizeof *form->fields))
		return false;
	struct cw_web_form_field *field = &form->fields[form->count++];
	*field = (struct cw_web_form_field){.at = form->bytes.length, .is_file = is_file};
	memcpy(field->name, name.at, name.length);
	return true;
}

void cw_web_form_piece(struct cw_web_form *form, struct cw_http_text piece)
{
	cw_buffer_append(&form->bytes, piece.at, piece.length);
}

bool cw_web_form_end(struct cw_web_form *form)
{
	if (!form->count || form->bytes.failed)
		return false;
	struct cw_web_form_field *field = &form->fields[form->count - 1];
	field->length = form->bytes.length - field->at;
	const struct cw_http_text value = {
		field->length ? form->bytes.data + field->at : NULL, field->length};
	bool good = field->is_file || cw_web_form_is_text(value);
	cw_buffer_char(&form->bytes, '\0');
	return good && !form->bytes.failed;
}

static bool put_decoded(struct cw_web_form *form, struct cw_http_text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.at[i];
		if (byte == '+')
			byte = ' ';
		if (byte == '%') {
			int high = i + 2 < text.length ? cw_http_text_hex(text.at[i + 1]) : -1;
			int low = high >= 0 ? cw_http_text_hex(text.at[i + 2]) : -1;
			if (low < 0)
				return false;
			byte = (char)(high << 4 | low);
			i += 2;
		}
		cw_buffer_char(&form->bytes, byte);
	}
	return true;
}

bool cw_web_form_read(struct cw_web_form *form, struct cw_http_text text, enum cw_http_reason *ret_reason)
{
	size_t at = 0;
	while (at < text.length) { /* ends: each turn takes a pair and its "&" */
		struct cw_http_text pair = cw_http_text_part(text, at, CW_HTTP_REST);
		pair = cw_http_text_part(pair, 0, cw_http_text_find(pair, '&'));
		size_t sign = cw_http_text_find(pair, '=');
		if (!cw_web_form_begin(form, cw_http_text_part(pair, 0, sign), false) ||
			!put_decoded(form, cw_http_text_part(pair, sign + 1, CW_HTTP_REST)) ||
			!cw_web_form_end(form))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_FIELDS);
		at += pair.length + 1;
	}
	return true;
}

bool cw_web_form_find(const struct cw_web_form *form, const char *name, size_t nth, struct cw_http_text *ret)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct cw_web_form_field *field = &form->fields[i];
		if (strcmp(field->name, name) != 0 || nth--)
			continue;
		*ret = (struct cw_http_text){form->bytes.data + field->at, field->length};
		return true;
	}
	return false;
}

const char *cw_web_form_value(const struct cw_web_form *form, const char *name)
{
	struct cw_http_text value;
	return cw_web_form_find(form, name, 0, &value) ? value.at : "";
}
