#include "http/http_multipart.h"

#include "base/forward.h"
#include "http/http_part_head.h"

#include <string.h>

/* CR LF stand in front of every boundary but the first, which begins the body. */
#define LINE_END_LENGTH 2

bool cw_http_multipart_start(
	struct cw_http_multipart *form, struct cw_http_text content_type, enum cw_http_reason *ret_reason)
{
	struct cw_http_text boundary;
	if (!cw_http_part_head_boundary(content_type, &boundary))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_FORM_TYPE);
	memset(form, 0, sizeof *form);
	memcpy(form->boundary, "\r\n--", 4);
	memcpy(form->boundary + 4, boundary.at, boundary.length);
	form->boundary_length = boundary.length + 4;
	form->matched = LINE_END_LENGTH;
	return true;
}

static enum cw_http_form_step refuse(struct cw_http_multipart *form, enum cw_http_reason reason)
{
	form->place = CW_HTTP_FORM_AT_FAULT;
	form->reason = reason;
	return CW_HTTP_FORM_REFUSED;
}

static void skip(struct cw_http_text *input, size_t length)
{
	*input = cw_http_text_part(*input, length, CW_HTTP_REST);
}

/* Goes on with the boundary as far as the input agrees with it; how many bytes did. */
static size_t match(struct cw_http_multipart *form, struct cw_http_text input)
{
	size_t count = 0;
	/* ends: one byte a turn */
	while (count < input.length && form->matched < form->boundary_length &&
		input.at[count] == form->boundary[form->matched]) {
		count++;
		form->matched++;
	}
	return count;
}

static enum cw_http_form_step read_start(struct cw_http_multipart *form, struct cw_http_text *input)
{
	skip(input, match(form, *input));
	if (form->matched == form->boundary_length)
		form->place = CW_HTTP_FORM_AT_BOUNDARY_END;
	else if (input->length)
		return refuse(form, CW_HTTP_BAD_FORM_START);
	return CW_HTTP_FORM_MORE;
}

/*
 * Data of a part ends where CR LF, two hyphens and the boundary stand. A boundary that was only begun is data
 * after all, and may have been cut off from what came before: it is then given out of our own copy, which has
 * the same bytes. CR stands nowhere in it but in front, so that a new one can only begin at the byte that did
 * not agree.
 */
static enum cw_http_form_step read_data(
	struct cw_http_multipart *form, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	if (!form->matched) {
		size_t length = cw_http_text_find(*input, '\r');
		*ret_piece = cw_http_text_part(*input, 0, length);
		skip(input, length);
		if (length)
			return CW_HTTP_FORM_DATA;
	}
	skip(input, match(form, *input));
	if (form->matched == form->boundary_length) {
		form->place = CW_HTTP_FORM_AT_BOUNDARY_END;
	} else if (input->length) {
		*ret_piece = (struct cw_http_text){form->boundary, form->matched};
		form->matched = 0;
		return CW_HTTP_FORM_DATA;
	}
	return CW_HTTP_FORM_MORE;
}

static bool ends_head(const struct cw_http_multipart *form)
{
	static const char end[] = "\r\n\r\n";
	size_t length = form->head_length;
	if (length == 2)
		return memcmp(form->head, "\r\n", 2) == 0;
	return length >= 4 && memcmp(form->head + length - 4, end, 4) == 0;
}

static enum cw_http_form_step read_head(struct cw_http_multipart *form, struct cw_http_text *input)
{
	enum cw_http_reason reason;
	size_t unread = CW_FORWARD_BEGIN;
	while (input->length && cw_forward(&unread, input->length)) {
		if (form->head_length == CW_HTTP_PART_HEAD_MAX)
			return refuse(form, CW_HTTP_BAD_FORM_HEAD_LONG);
		form->head[form->head_length++] = input->at[0];
		skip(input, 1);
		if (!ends_head(form))
			continue;
		if (!cw_http_part_head_parse(form, &reason))
			return refuse(form, reason);
		form->place = CW_HTTP_FORM_AT_DATA;
		/* an empty part: its CR LF is that of its head already */
		form->matched = 0;
		return CW_HTTP_FORM_PART;
	}
	return CW_HTTP_FORM_MORE;
}

static enum cw_http_form_step begin_part(struct cw_http_multipart *form)
{
	if (form->part_count == CW_HTTP_PARTS_MAX)
		return refuse(form, CW_HTTP_BAD_FORM_MANY);
	form->part_count++;
	form->head_length = 0;
	form->place = CW_HTTP_FORM_AT_HEAD;
	return CW_HTTP_FORM_MORE;
}

/* One byte of what stands behind a boundary: CR LF and a part, or two hyphens, perhaps CR LF, and the end. */
static enum cw_http_form_step read_behind(struct cw_http_multipart *form, struct cw_http_text *input)
{
	char byte = input->at[0];
	char wanted = '\r';
	skip(input, 1);
	enum cw_http_form_place next = CW_HTTP_FORM_AT_BOUNDARY_LF;
	switch (form->place) {
	case CW_HTTP_FORM_AT_BOUNDARY_END:
		if (byte == '-') {
			wanted = '-';
			next = CW_HTTP_FORM_AT_LAST_HYPHEN;
		}
		break;
	case CW_HTTP_FORM_AT_BOUNDARY_LF:
		if (byte == '\n')
			return begin_part(form);
		return refuse(form, CW_HTTP_BAD_FORM_BOUNDARY);
	case CW_HTTP_FORM_AT_LAST_HYPHEN:
		wanted = '-';
		next = CW_HTTP_FORM_AT_LAST_CR;
		break;
	case CW_HTTP_FORM_AT_LAST_CR:
		next = CW_HTTP_FORM_AT_LAST_LF;
		break;
	case CW_HTTP_FORM_AT_LAST_LF:
		wanted = '\n';
		next = CW_HTTP_FORM_AT_END;
		break;
	case CW_HTTP_FORM_AT_START:
	case CW_HTTP_FORM_AT_HEAD:
	case CW_HTTP_FORM_AT_DATA:
	case CW_HTTP_FORM_AT_END:
	case CW_HTTP_FORM_AT_FAULT:
		return refuse(form, CW_HTTP_BAD_FORM_AFTER);
	}
	bool is_last = form->place >= CW_HTTP_FORM_AT_LAST_CR;
	if (byte != wanted)
		return refuse(form, is_last ? CW_HTTP_BAD_FORM_AFTER : CW_HTTP_BAD_FORM_BOUNDARY);
	form->place = next;
	return CW_HTTP_FORM_MORE;
}

static enum cw_http_form_step read_some(
	struct cw_http_multipart *form, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	switch (form->place) {
	case CW_HTTP_FORM_AT_START:
		return read_start(form, input);
	case CW_HTTP_FORM_AT_DATA:
		return read_data(form, input, ret_piece);
	case CW_HTTP_FORM_AT_HEAD:
		return read_head(form, input);
	case CW_HTTP_FORM_AT_BOUNDARY_END:
	case CW_HTTP_FORM_AT_BOUNDARY_LF:
	case CW_HTTP_FORM_AT_LAST_HYPHEN:
	case CW_HTTP_FORM_AT_LAST_CR:
	case CW_HTTP_FORM_AT_LAST_LF:
	case CW_HTTP_FORM_AT_END:
		return read_behind(form, input);
	case CW_HTTP_FORM_AT_FAULT:
		break;
	}
	return CW_HTTP_FORM_REFUSED;
}

enum cw_http_form_step cw_http_multipart_read(
	struct cw_http_multipart *form, struct cw_http_text *input, struct cw_http_text *ret_piece)
{
	*ret_piece = (struct cw_http_text){0};
	if (form->place == CW_HTTP_FORM_AT_FAULT)
		return CW_HTTP_FORM_REFUSED;
	size_t unread = CW_FORWARD_BEGIN;
	while (input->length && cw_forward(&unread, input->length)) {
		enum cw_http_form_step step = read_some(form, input, ret_piece);
		if (step != CW_HTTP_FORM_MORE)
			return step;
	}
	return CW_HTTP_FORM_MORE;
}

bool cw_http_multipart_end(struct cw_http_multipart *form, enum cw_http_reason *ret_reason)
{
	if (form->place == CW_HTTP_FORM_AT_END || form->place == CW_HTTP_FORM_AT_LAST_CR)
		return true;
	if (form->place != CW_HTTP_FORM_AT_FAULT)
		refuse(form, CW_HTTP_BAD_CUT_SHORT);
	return cw_http_reason_refuse(ret_reason, form->reason);
}
