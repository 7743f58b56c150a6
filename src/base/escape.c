#include "base/escape.h"

#include "base/forward.h"

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

bool cw_escape_is_utf8(const void *data, size_t length)
{
	const uint8_t *text = data;
	uint32_t character;
	size_t taken = 1;
	for (size_t i = 0; i < length && taken; i += taken)
		taken = decode(text + i, length - i, &character);
	return taken != 0;
}

static bool is_harmless(uint32_t character)
{
	static const struct {
		uint32_t from, to;
	} harmful[] = {
		{0x00, 0x1f}, /* C0: terminal control, new lines in logs */
		{0x7f, 0x9f}, /* DEL and C1: terminal control */
	};
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (character >= harmful[i].from && character <= harmful[i].to)
			return false;
	return true;
}

/* What turns the writing direction or is not to be seen, so that two texts look like one (Unicode 15). */
static bool is_visible(uint32_t character)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {
		{0x00ad, 0x00ad},   /* soft hyphen */
		{0x034f, 0x034f},   /* combining grapheme joiner */
		{0x061c, 0x061c},   /* Arabic letter mark */
		{0x115f, 0x1160},   /* Hangul fillers */
		{0x17b4, 0x17b5},   /* Khmer inherent vowels */
		{0x180b, 0x180f},   /* Mongolian variation selectors and vowel separator */
		{0x200b, 0x200f},   /* zero width, direction marks */
		{0x2028, 0x202e},   /* line and paragraph separators, direction overrides */
		{0x2060, 0x206f},   /* word joiner, invisible operators, direction isolates */
		{0x3164, 0x3164},   /* Hangul filler */
		{0xfe00, 0xfe0f},   /* variation selectors */
		{0xfeff, 0xfeff},   /* byte order mark */
		{0xffa0, 0xffa0},   /* half-width Hangul filler */
		{0xfff9, 0xfffb},   /* interlinear annotation */
		{0x1bca0, 0x1bca3}, /* shorthand format controls */
		{0x1d173, 0x1d17a}, /* musical beams and slurs */
		{0xe0000, 0xe0fff}, /* tags, variation selectors */
	};
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (character >= hidden[i].from && character <= hidden[i].to)
			return false;
	return true;
}

void cw_escape(struct cw_buffer *buffer, const void *data, size_t length, const char *special)
{
	const uint8_t *text = data;
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t i = 0; i < length && cw_forward(&unread, length - i);) {
		uint32_t character = 0;
		size_t count = decode(text + i, length - i, &character);
		if (count && !is_visible(character)) {
			cw_buffer_printf(buffer, "<U+%04X>", (unsigned)character);
		} else if (count && is_harmless(character)) {
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

void cw_escape_lines(struct cw_buffer *buffer, const char *text, size_t length)
{
	const char *end = text + length;
	size_t unread = CW_FORWARD_BEGIN;
	while (text < end && cw_forward(&unread, (size_t)(end - text))) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		cw_escape(buffer, text, (size_t)((stop ? stop : end) - text), "");
		if (stop)
			cw_buffer_char(buffer, '\n');
		text = stop ? stop + 1 : end;
	}
}

char *cw_escape_copy(const void *data, size_t length)
{
	AUTO_BUFFER buffer = {0};
	cw_escape(&buffer, data, length, "");
	return cw_buffer_steal(&buffer);
}
