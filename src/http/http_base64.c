#include "http/http_base64.h"

static const char *alphabet(enum cw_http_base64_form form)
{
	static const char padded[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	return form == CW_HTTP_BASE64_PADDED ? padded : url;
}

/* 0 to 63, or -1. */
static int digit(char byte, enum cw_http_base64_form form)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	const char *last = alphabet(form) + 62;
	if (byte == last[0])
		return 62;
	return byte == last[1] ? 63 : -1;
}

/* Without its padding; false where that is not what belongs there. */
static bool unpad(struct cw_http_text *text, enum cw_http_base64_form form)
{
	if (form == CW_HTTP_BASE64_URL)
		return text->length % 4 != 1;
	if (text->length % 4)
		return false;
	for (int i = 0; i < 2 && text->length && text->at[text->length - 1] == '='; i++)
		text->length--;
	return true;
}

bool cw_http_base64_decode(struct cw_http_text text, enum cw_http_base64_form form,
	struct cw_http_text *ret_bytes, char *ret, size_t size)
{
	uint32_t bits = 0;
	unsigned count = 0; /* of bits that wait for the rest of their byte */
	size_t length = 0;
	if (!unpad(&text, form) || text.length / 4 * 3 + text.length % 4 * 3 / 4 > size)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int value = digit(text.at[i], form);
		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			ret[length++] = (char)(bits >> count & 0xff);
		}
	}
	if (bits & ((1U << count) - 1))
		return false;
	*ret_bytes = (struct cw_http_text){ret, length};
	return true;
}

void cw_http_base64_encode(struct cw_buffer *buffer, struct cw_http_text bytes, enum cw_http_base64_form form)
{
	const char *digits = alphabet(form);
	for (size_t at = 0; at < bytes.length; at += 3) {
		struct cw_http_text group = cw_http_text_part(bytes, at, 3);
		uint32_t bits = 0;
		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < group.length ? (uint8_t)group.at[i] : 0U);
		for (size_t i = 0; i <= group.length; i++)
			cw_buffer_char(buffer, digits[bits >> (18 - 6 * i) & 63]);
		for (size_t i = group.length; form == CW_HTTP_BASE64_PADDED && i < 3; i++)
			cw_buffer_char(buffer, '=');
	}
}
