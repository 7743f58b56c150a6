#include "node/admin/admin_frame.h"

#include <stdint.h>
#include <string.h>

#define HEAD ((size_t)4)

static size_t length_of(const char *head)
{
	size_t length = 0;
	for (size_t i = 0; i < HEAD; i++)
		length = length << 8 | (uint8_t)head[i];
	return length;
}

enum cw_admin_frame_step cw_admin_frame_take(struct cw_buffer *in, json_t **ret)
{
	json_error_t ignored;
	if (in->failed)
		return CW_ADMIN_FRAME_BROKEN;
	if (in->length < HEAD)
		return CW_ADMIN_FRAME_MORE;
	size_t length = length_of(in->data);
	if (!length || length > CW_ADMIN_FRAME_MAX)
		return CW_ADMIN_FRAME_BROKEN;
	if (in->length - HEAD < length)
		return CW_ADMIN_FRAME_MORE;
	json_t *object = json_loadb(in->data + HEAD, length, JSON_REJECT_DUPLICATES, &ignored);
	size_t rest = in->length - HEAD - length;
	memmove(in->data, in->data + HEAD + length, rest);
	explicit_bzero(in->data + rest, in->length - rest);
	in->length = rest;
	if (json_is_object(object)) {
		*ret = object;
		return CW_ADMIN_FRAME_WHOLE;
	}
	json_decref(object);
	return CW_ADMIN_FRAME_BROKEN;
}

bool cw_admin_frame_write(const json_t *object, struct cw_buffer *out, struct cw_error *error)
{
	size_t length = json_dumpb(object, NULL, 0, JSON_COMPACT);
	if (!length || length > CW_ADMIN_FRAME_MAX)
		return cw_error_set(error, CW_E_LIMIT, "an answer of %zu bytes: at most %zu can be sent",
			length, CW_ADMIN_FRAME_MAX);
	AUTO(free) char *text = malloc(length);
	if (!text || json_dumpb(object, text, length, JSON_COMPACT) != length)
		return cw_error_memory(error);
	for (unsigned shift = 32; shift; shift -= 8)
		cw_buffer_char(out, (char)(length >> (shift - 8) & 0xff));
	cw_buffer_append(out, text, length);
	explicit_bzero(text, length);
	return cw_buffer_ok(out, error);
}
