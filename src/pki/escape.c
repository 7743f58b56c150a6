#include "pki/escape.h"

#include <stdint.h>
#include <string.h>

/* The length of the UTF-8 sequence that `lead` opens, with the payload bits of `lead`; 0 for none. */
static size_t sequence_length(uint8_t lead, uint32_t *bits)
{
	static const struct {
		uint8_t mask, lead;
	} forms[] = {{0x80, 0x00}, {0xe0, 0xc0}, {0xf0, 0xe0}, {0xf8, 0xf0}};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if ((lead & forms[i].mask) == forms[i].lead) {
			*bits = lead & (uint8_t)~forms[i].mask;
			return i + 1;
		}
	}
	return 0;
}

/* One character (RFC 3629: no overlong form, no surrogate, none above U+10FFFF); its length, or 0. */
static size_t decode(const uint8_t *text, size_t length, uint32_t *character)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t value = 0;
	size_t count = sequence_length(text[0], &value);
	if (!count || count > length)
		return 0;
	for (size_t i = 1; i < count; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text[i] & 0x3f);
	}
	if (value < smallest[count] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return count;
}

static bool is_harmless(uint32_t character)
{
	static const struct {
		uint32_t from, to;
	} harmful[] = {
		{0x00, 0x1f},	  /* C0: terminal control, new lines in logs */
		{0x7f, 0x9f},	  /* DEL and C1: terminal control */
		{0x200e, 0x200f}, /* direction marks */
		{0x2028, 0x202e}, /* line and paragraph separators, direction overrides */
		{0x2066, 0x2069}, /* direction isolates */
		{0xfeff, 0xfeff}, /* byte order mark: not to be seen */
	};
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (character >= harmful[i].from && character <= harmful[i].to)
			return false;
	return true;
}

void cw_escape(struct cw_buffer *buffer, const void *data, size_t length, const char *special)
{
	const uint8_t *text = data;
	for (size_t i = 0; i < length;) {
		uint32_t character = 0;
		size_t count = decode(text + i, length - i, &character);
		if (count && is_harmless(character)) {
			if (count == 1 && strchr(special, (int)character))
				cw_buffer_char(buffer, '\\');
			cw_buffer_append(buffer, text + i, count);
		} else {
			count = count ? count : 1;
			for (size_t j = 0; j < count; j++)
				cw_buffer_printf(buffer, "\\x%02x", text[i + j]);
		}
		i += count;
	}
}

char *cw_escape_copy(const void *data, size_t length)
{
	AUTO_BUFFER buffer = {0};
	cw_escape(&buffer, data, length, "");
	return cw_buffer_steal(&buffer);
}
