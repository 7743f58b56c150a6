#include "http/http_line.h"

#include <string.h>

size_t cw_http_line_next(struct cw_http_text bytes, size_t from, struct cw_http_text *ret)
{
	const char *end = from < bytes.length ? memchr(bytes.at + from, '\n', bytes.length - from) : NULL;
	if (!end)
		return 0;
	*ret = (struct cw_http_text){bytes.at + from, (size_t)(end - bytes.at) + 1 - from};
	return ret->length;
}

/* Sixteen bytes that are compared at once: one instruction on most processors, a loop on the others. */
typedef uint8_t octets __attribute__((vector_size(16)));

/*
 * Most lines have neither a tab nor a control byte, and this is what they cost; a line that has one is looked
 * at again, byte by byte, since tabs are allowed.
 */
static bool has_control(struct cw_http_text text)
{
	octets found = {0};
	size_t at = 0;
	for (octets next; text.length - at >= sizeof next; at += sizeof next) {
		memcpy(&next, text.at + at, sizeof next);
		found |= (octets)(next < 0x20) | (octets)(next == 0x7f);
	}
	uint64_t halves[2];
	memcpy(halves, &found, sizeof halves);
	size_t from = halves[0] | halves[1] ? 0 : at;
	return cw_http_text_run(text, from, CW_HTTP_IN_VALUE) != text.length - from;
}

bool cw_http_line_check(struct cw_http_text line, struct cw_http_text *ret, enum cw_http_reason *ret_reason)
{
	if (line.length < 2 || line.at[line.length - 2] != '\r')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_BARE_LF);
	line.length -= 2;
	if (has_control(line))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_CONTROL);
	*ret = line;
	return true;
}

/* Which of its faults a name has that is not followed by a colon. */
static enum cw_http_reason name_fault(struct cw_http_text line, size_t length)
{
	if (length == 0 && line.length && (line.at[0] == ' ' || line.at[0] == '\t'))
		return CW_HTTP_BAD_FIELD_FOLDED;
	if (cw_http_text_find(line, ':') == line.length)
		return CW_HTTP_BAD_FIELD_COLON;
	if (length && (line.at[length] == ' ' || line.at[length] == '\t'))
		return CW_HTTP_BAD_FIELD_SPACE;
	return CW_HTTP_BAD_FIELD_NAME;
}

static struct cw_http_text without_spaces(struct cw_http_text text)
{
	while (text.length && text.at[text.length - 1] == ' ')
		text.length--;
	size_t from = 0;
	while (from < text.length && text.at[from] == ' ')
		from++;
	return cw_http_text_part(text, from, CW_HTTP_REST);
}

bool cw_http_line_field(struct cw_http_text line, enum cw_http_bytes name, struct cw_http_field *ret,
	enum cw_http_reason *ret_reason)
{
	size_t length = cw_http_text_run(line, 0, name);
	if (!length || length == line.length || line.at[length] != ':')
		return cw_http_reason_refuse(ret_reason, name_fault(line, length));
	if (length > CW_HTTP_FIELD_NAME_MAX)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FIELD_NAME_LONG);
	struct cw_http_text value = without_spaces(cw_http_text_part(line, length + 1, CW_HTTP_REST));
	/* RFC 9112 5 allows it; nginx takes it for a part of the value */
	if (value.length && (value.at[0] == '\t' || value.at[value.length - 1] == '\t'))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FIELD_TAB);
	ret->name = cw_http_text_part(line, 0, length);
	ret->value = value;
	ret->known = cw_http_field_known(ret->name);
	return true;
}

/* "HTTP/1.1". Names of protocols are case-sensitive (RFC 9112 2.3). */
static bool parse_version(struct cw_http_text word, unsigned *ret, enum cw_http_reason *ret_reason)
{
	static const char form[] = "HTTP/";
	if (word.length != sizeof form + 2 || memcmp(word.at, form, sizeof form - 1) != 0 ||
		word.at[6] != '.')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_VERSION_FORM);
	char major = word.at[5], minor = word.at[7];
	if (major < '0' || major > '9' || minor < '0' || minor > '9')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_VERSION_FORM);
	if (major != '1' || minor > '1')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_VERSION_UNKNOWN);
	*ret = (unsigned)(minor - '0');
	return true;
}

static bool parse_method(struct cw_http_text word, enum cw_http_method *ret, enum cw_http_reason *ret_reason)
{
	if (word.length > CW_HTTP_METHOD_MAX || !cw_http_text_is(word, CW_HTTP_IN_TOKEN))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_METHOD_FORM);
	for (enum cw_http_method method = 0; method <= CW_HTTP_METHOD_OPTIONS; method++) {
		if (cw_http_text_equal(word, cw_http_head_method_name(method))) {
			*ret = method;
			return true;
		}
	}
	return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_METHOD_UNKNOWN);
}

/* Three words; a request of two is HTTP/0.9, which some answer. */
static bool split(struct cw_http_text line, struct cw_http_text words[3], enum cw_http_reason *ret_reason)
{
	size_t first = cw_http_text_find(line, ' ');
	struct cw_http_text rest = cw_http_text_part(line, first + 1, CW_HTTP_REST);
	size_t second = cw_http_text_find(rest, ' ');
	words[0] = cw_http_text_part(line, 0, first);
	words[1] = cw_http_text_part(rest, 0, second);
	words[2] = cw_http_text_part(rest, second + 1, CW_HTTP_REST);
	if (!words[0].length || !words[1].length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_START_LINE);
	if (second == rest.length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_VERSION_FORM);
	if (cw_http_text_find(words[2], ' ') < words[2].length)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_START_LINE);
	return true;
}

bool cw_http_line_request(
	struct cw_http_text line, struct cw_http_start *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_text words[3];
	if (!split(line, words, ret_reason) || !parse_version(words[2], &ret->version_minor, ret_reason) ||
		!parse_method(words[0], &ret->method, ret_reason))
		return false;
	if (words[1].length > CW_HTTP_TARGET_MAX)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_TARGET_LONG);
	ret->target_text = words[1];
	return cw_http_target_parse(words[1], &ret->target, ret_reason);
}

bool cw_http_line_status(struct cw_http_text line, struct cw_http_start *ret, enum cw_http_reason *ret_reason)
{
	uint64_t status = 0;
	if (line.length < 13 || line.at[8] != ' ' || line.at[12] != ' ')
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_START_LINE);
	if (!parse_version(cw_http_text_part(line, 0, 8), &ret->version_minor, ret_reason))
		return false;
	if (!cw_http_text_number(cw_http_text_part(line, 9, 3), &status) || status < 100 || status > 599)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_STATUS_FORM);
	ret->status = (unsigned)status;
	ret->phrase = cw_http_text_part(line, 13, CW_HTTP_REST);
	return true;
}
