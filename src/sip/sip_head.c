#include "sip/sip_head.h"

#include "base/forward.h"

#include <string.h>

struct known {
	const char *name;
	char compact;
};

static const struct known known[CW_SIP_FIELD_COUNT] = {
#define X(id, name, compact) [id] = {name, compact[0]},
	CW_SIP_FIELD_LIST(X)
#undef X
};

const char *cw_sip_head_name(enum cw_sip_field_id id)
{
	return known[id].name;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

enum cw_sip_field_id cw_sip_head_id(struct cw_sip_text name)
{
	if (!name.length)
		return CW_SIP_OTHER;
	char first = lower(name.data[0]);
	for (unsigned i = 1; i < CW_SIP_FIELD_COUNT; i++) {
		if (name.length == 1
				? first == known[i].compact
				: first == lower(known[i].name[0]) && cw_sip_text_is(name, known[i].name))
			return (enum cw_sip_field_id)i;
	}
	return CW_SIP_OTHER;
}

unsigned cw_sip_head_count(const struct cw_sip_head *head, enum cw_sip_field_id id)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < head->count; i++)
		count += head->fields[i].id == id;
	return count;
}

/*
 * A control byte may stand behind a backslash of a quoted string (RFC 3261 §25.1, quoted-pair); whether there
 * is one around it is seen by whoever reads the value. `*control` remembers that it was there.
 */
static bool bytes_fit(const char *data, size_t length, bool *control)
{
	*control = false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];
		if ((c >= ' ' && c != 0x7f) || c == '\t')
			continue;
		if (i == 0 || data[i - 1] != '\\')
			return false;
		*control = true;
	}
	return true;
}

/* Where the line that begins at `at` ends: the place of its CR. `length` where there is no clean line end. */
static size_t line_end(const char *bytes, size_t length, size_t at)
{
	const char *feed = memchr(bytes + at, '\n', length - at);
	if (!feed || feed == bytes + at || feed[-1] != '\r')
		return length;
	size_t end = (size_t)(feed - bytes) - 1;
	return memchr(bytes + at, '\r', end - at) ? length : end;
}

/* The end of a field that begins at `at`, its continuation lines with it: their line ends become spaces. */
static size_t field_end(char *bytes, size_t length, size_t at)
{
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t end = line_end(bytes, length, at);
		end + 2 < length && cw_forward(&unread, length - end);) {
		if (bytes[end + 2] != ' ' && bytes[end + 2] != '\t')
			return end;
		size_t next = line_end(bytes, length, end + 2);
		if (next >= length)
			return length;
		bytes[end] = bytes[end + 1] = ' ';
		end = next;
	}
	return length;
}

static bool read_field(
	const char *bytes, size_t at, size_t end, struct cw_sip_field *ret, const char **reason)
{
	struct cw_sip_text line = {bytes + at, end - at};
	const char *colon = memchr(line.data, ':', line.length);
	if (!colon) {
		*reason = "wanted a header field, found a line without a colon";
		return false;
	}
	struct cw_sip_text name = {line.data, (size_t)(colon - line.data)};
	while (name.length && (name.data[name.length - 1] == ' ' || name.data[name.length - 1] == '\t'))
		name.length--;
	struct cw_sip_text value = cw_sip_text_trim(
		(struct cw_sip_text){colon + 1, line.length - (size_t)(colon + 1 - line.data)});
	if (!cw_sip_text_is_token(name)) {
		*reason = "wanted a header field's name, found other bytes";
		return false;
	}
	*ret = (struct cw_sip_field){cw_sip_head_id(name), (uint32_t)at, (uint32_t)name.length,
		(uint32_t)(value.data - bytes), (uint32_t)value.length, false};
	if (!bytes_fit(value.data, value.length, &ret->control)) {
		*reason = "a control byte stands in a header field's value";
		return false;
	}
	return true;
}

static bool read_fields(char *bytes, size_t length, struct cw_sip_head *head, const char **reason)
{
	size_t at = head->start_length + 2U;
	size_t unread = CW_FORWARD_BEGIN;
	while (at + 2 < length && cw_forward(&unread, length - at)) {
		size_t end = field_end(bytes, length, at);
		if (end >= length) {
			*reason = "wanted lines that end in CR and LF";
			return false;
		}
		if (head->count == CW_SIP_FIELDS_MAX) {
			*reason = "more than 100 header fields";
			return false;
		}
		if (!read_field(bytes, at, end, &head->fields[head->count], reason))
			return false;
		head->count++;
		at = end + 2;
	}
	if (at + 2 != length || bytes[at] != '\r' || bytes[at + 1] != '\n') {
		*reason = "wanted an empty line at the end of the header fields";
		return false;
	}
	return true;
}

bool cw_sip_head_parse(char *bytes, size_t length, struct cw_sip_head *ret, const char **reason)
{
	bool control;
	if (length > CW_SIP_HEAD_MAX || length < 4) {
		*reason = "start line and header fields of more than 16 KB";
		return false;
	}
	size_t end = line_end(bytes, length, 0);
	if (end >= length || end == 0 || bytes[0] == ' ' || bytes[0] == '\t') {
		*reason = "wanted a start line that ends in CR and LF";
		return false;
	}
	if (bytes[end + 2] == ' ' || bytes[end + 2] == '\t') {
		*reason = "the start line goes on in a second line";
		return false;
	}
	if (!bytes_fit(bytes, end, &control) || control) {
		*reason = "a control byte stands in the start line";
		return false;
	}
	ret->start_length = (uint32_t)end;
	ret->length = (uint32_t)length;
	ret->count = 0;
	return read_fields(bytes, length, ret, reason);
}
