#include "http/http_head.h"

#include "base/forward.h"
#include "http/http_framing.h"
#include "http/http_line.h"

#include <string.h>

void cw_http_head_start(struct cw_http_head *head, enum cw_http_kind kind, enum cw_http_method asked)
{
	memset(head, 0, offsetof(struct cw_http_head, fields));
	head->kind = kind;
	head->asked = asked;
}

const char *cw_http_head_method_name(enum cw_http_method method)
{
	static const char *const names[] = {
#define X(name) [CW_HTTP_METHOD_##name] = #name,
		CW_HTTP_METHODS(X)
#undef X
	};
	return names[method];
}

bool cw_http_head_method_has_body(enum cw_http_method method)
{
	return method == CW_HTTP_METHOD_POST || method == CW_HTTP_METHOD_PUT ||
		method == CW_HTTP_METHOD_PATCH;
}

struct cw_http_field cw_http_head_field(const struct cw_http_head *head, size_t index)
{
	const struct cw_http_field_place *place = &head->fields[index];
	return (struct cw_http_field){
		.name = {head->bytes + place->name.at, place->name.length},
		.value = {head->bytes + place->value.at, place->value.length},
		.known = place->known,
	};
}

bool cw_http_head_known(const struct cw_http_head *head, enum cw_http_known known, struct cw_http_text *ret)
{
	if (known >= CW_HTTP_FIELD_OTHER || !head->first[known])
		return false;
	*ret = cw_http_head_field(head, head->first[known] - 1U).value;
	return true;
}

bool cw_http_head_find(const struct cw_http_head *head, const char *name, struct cw_http_text *ret)
{
	for (size_t i = 0; i < head->field_count; i++) {
		struct cw_http_field field = cw_http_head_field(head, i);
		if (cw_http_text_same_word(field.name, name)) {
			*ret = field.value;
			return true;
		}
	}
	return false;
}

static struct cw_http_place place(const char *bytes, struct cw_http_text text)
{
	return (struct cw_http_place){(uint16_t)(text.length ? text.at - bytes : 0), (uint16_t)text.length};
}

/* Other names than letters, digits and hyphens are dropped by some and kept by others; what a server behind
 * sends is read by nobody but its client. */
static enum cw_http_bytes name_bytes(enum cw_http_kind kind)
{
	return kind == CW_HTTP_REQUEST ? CW_HTTP_IN_NAME : CW_HTTP_IN_TOKEN;
}

static bool add_field(struct cw_http_head *head, struct cw_http_text line, enum cw_http_reason *ret_reason)
{
	struct cw_http_field field;
	if (head->field_count == CW_HTTP_FIELDS_MAX) {
		*ret_reason = CW_HTTP_BAD_FIELDS_MANY;
		return false;
	}
	if (!cw_http_line_field(line, name_bytes(head->kind), &field, ret_reason))
		return false;
	head->fields[head->field_count++] = (struct cw_http_field_place){
		place(head->bytes, field.name), place(head->bytes, field.value), (uint8_t)field.known};
	if (field.known == CW_HTTP_FIELD_OTHER)
		return true;
	if (!head->first[field.known])
		head->first[field.known] = (uint8_t)head->field_count;
	else if (cw_http_field_stands_once(field.known)) {
		*ret_reason = CW_HTTP_BAD_FIELD_TWICE;
		return false;
	}
	return true;
}

/* The texts of the start line point to where the bytes were when that line was read. */
static void move(struct cw_http_head *head, const char *bytes)
{
	struct cw_http_text *const texts[] = {&head->start.target_text, &head->start.target.path,
		&head->start.target.query, &head->start.phrase};
	for (size_t i = 0; head->bytes && head->bytes != bytes && i < sizeof texts / sizeof *texts; i++) {
		if (texts[i]->at)
			texts[i]->at = bytes + (texts[i]->at - head->bytes);
	}
	head->bytes = bytes;
}

static bool take_line(struct cw_http_head *head, struct cw_http_text line, enum cw_http_reason *ret_reason)
{
	if (head->parsed)
		return add_field(head, line, ret_reason);
	if (head->kind == CW_HTTP_REQUEST)
		return cw_http_line_request(line, &head->start, ret_reason);
	return cw_http_line_status(line, &head->start, ret_reason);
}

/* No end of line within what is there; is that still to come? */
static enum cw_http_progress wait_for_more(
	const struct cw_http_head *head, struct cw_http_text bytes, enum cw_http_reason *ret_reason)
{
	if (bytes.length < CW_HTTP_HEAD_MAX)
		return CW_HTTP_OPEN;
	bool first = !head->parsed && head->kind == CW_HTTP_REQUEST;
	*ret_reason = first ? CW_HTTP_BAD_TARGET_LONG : CW_HTTP_BAD_HEAD_LONG;
	return CW_HTTP_REFUSED;
}

enum cw_http_progress cw_http_head_parse(
	struct cw_http_head *head, struct cw_http_text bytes, enum cw_http_reason *ret_reason)
{
	if (bytes.length > CW_HTTP_HEAD_MAX)
		bytes.length = CW_HTTP_HEAD_MAX;
	move(head, bytes.at);
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_forward(&unread, bytes.length - head->parsed)) {
		struct cw_http_text line;
		size_t used = cw_http_line_next(bytes, head->parsed, &line);
		if (!used)
			return wait_for_more(head, bytes, ret_reason);
		if (!cw_http_line_check(line, &line, ret_reason))
			return CW_HTTP_REFUSED;
		if (!line.length && head->parsed) {
			head->parsed += used;
			return cw_http_framing_decide(head, ret_reason) ? CW_HTTP_WHOLE : CW_HTTP_REFUSED;
		}
		if (!take_line(head, line, ret_reason))
			return CW_HTTP_REFUSED;
		head->parsed += used;
	}
	return wait_for_more(head, bytes, ret_reason);
}
