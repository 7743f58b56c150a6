#include "sip/sip_frame.h"

#include "base/forward.h"

#include <string.h>

#define FEED_MAX ((size_t)64 * 1024)
#define HELD_MAX (CW_SIP_HEAD_MAX + CW_SIP_BODY_MAX + FEED_MAX)

#define STUN_HEAD 20
#define STUN_COOKIE "\x21\x12\xa4\x42"

void cw_sip_frame_finish(struct cw_sip_frame *frame)
{
	cw_buffer_finish(&frame->in);
}

bool cw_sip_frame_feed(struct cw_sip_frame *frame, const char *data, size_t length, struct cw_error *error)
{
	size_t left = frame->in.length - frame->at;
	if (frame->broken)
		return true;
	if (length > HELD_MAX - left)
		return cw_error_set(
			error, CW_E_LIMIT, "more than %zu bytes of SIP wait to be read", HELD_MAX);
	if (frame->at) {
		memmove(frame->in.data, frame->in.data + frame->at, left);
		frame->in.length = left;
		frame->at = 0;
	}
	cw_buffer_append(&frame->in, data, length);
	return cw_buffer_ok(&frame->in, error);
}

bool cw_sip_frame_is_clean(const struct cw_sip_frame *frame)
{
	return !frame->broken && frame->at == frame->in.length;
}

static enum cw_sip_frame_kind break_off(struct cw_sip_frame *frame, unsigned status, const char *reason)
{
	frame->broken = true;
	frame->status = status;
	frame->reason = reason;
	return CW_SIP_FRAME_BROKEN;
}

/* Consumes `length` bytes as one thing. */
static enum cw_sip_frame_kind take(struct cw_sip_frame *frame, enum cw_sip_frame_kind kind, size_t length,
	struct cw_sip_frame_piece *ret)
{
	ret->data = frame->in.data + frame->at;
	ret->length = length;
	frame->at += length;
	frame->scanned = frame->wanted = 0;
	return kind;
}

/*
 * CR LF between messages. Whoever dialled takes each as a pong. The other side takes two of them as a ping,
 * and one before a start line as nothing (RFC 3261 §7.5); with the first alone it must wait for the next
 * byte.
 */
static enum cw_sip_frame_kind next_line_end(
	struct cw_sip_frame *frame, size_t left, struct cw_sip_frame_piece *ret, bool *again)
{
	const char *data = frame->in.data + frame->at;
	if (left < 2)
		return CW_SIP_FRAME_MORE;
	if (data[1] != '\n')
		return break_off(frame, 0, "wanted a SIP message, found a bare CR");
	if (frame->dialled)
		return take(frame, CW_SIP_FRAME_PONG, 2, ret);
	if (left < 3 || (data[2] == '\r' && left < 4))
		return CW_SIP_FRAME_MORE;
	if (data[2] == '\r' && data[3] == '\n')
		return take(frame, CW_SIP_FRAME_PING, 4, ret);
	*again = true;
	return take(frame, CW_SIP_FRAME_MORE, 2, ret);
}

static enum cw_sip_frame_kind next_stun(
	struct cw_sip_frame *frame, size_t left, struct cw_sip_frame_piece *ret)
{
	const uint8_t *data = (const uint8_t *)frame->in.data + frame->at;
	if (left < STUN_HEAD)
		return CW_SIP_FRAME_MORE;
	size_t length = ((size_t)data[2] << 8 | data[3]) + STUN_HEAD;
	if (memcmp(data + 4, STUN_COOKIE, 4) != 0)
		return break_off(frame, 0, "wanted SIP or STUN, found other bytes");
	if (length % 4 || length > CW_SIP_STUN_MAX)
		return break_off(frame, 0, "a STUN message of an unfit length");
	return left < length ? CW_SIP_FRAME_MORE : take(frame, CW_SIP_FRAME_STUN, length, ret);
}

/* Looks at each line once, whole ones only. The length of the head, or 0: not whole yet, or broken. */
static size_t head_length(struct cw_sip_frame *frame, size_t left)
{
	const char *data = frame->in.data + frame->at;
	size_t limit = left < CW_SIP_HEAD_MAX ? left : CW_SIP_HEAD_MAX;
	size_t unread = CW_FORWARD_BEGIN;
	while (frame->scanned < limit && cw_forward(&unread, limit - frame->scanned)) {
		const char *line = data + frame->scanned;
		const char *feed = memchr(line, '\n', limit - frame->scanned);
		if (!feed)
			break;
		if (feed == line || feed[-1] != '\r' || memchr(line, '\r', (size_t)(feed - 1 - line))) {
			break_off(frame, 0, "wanted lines that end in CR and LF");
			return 0;
		}
		frame->scanned = (size_t)(feed - data) + 1;
		if (feed - line == 1)
			return frame->scanned;
	}
	if (limit == CW_SIP_HEAD_MAX)
		break_off(frame, 0, "start line and header fields of more than 16 KB");
	return 0;
}

/* How long the body is says one Content-Length and nothing else (RFC 3261 §18.3, RFC 4475 §3.3.9). */
static bool read_body_length(struct cw_sip_frame *frame, size_t *ret)
{
	const struct cw_sip_field *found = NULL;
	for (uint32_t i = 0; i < frame->head.count; i++) {
		const struct cw_sip_field *field = &frame->head.fields[i];
		if (field->id != CW_SIP_CONTENT_LENGTH)
			continue;
		if (found) {
			break_off(frame, 400, "Content-Length stands there twice");
			return false;
		}
		found = field;
	}
	if (!found) {
		break_off(frame, 400, "a stream needs Content-Length");
		return false;
	}
	struct cw_sip_text value = {frame->in.data + frame->at + found->value_at, found->value_length};
	uint64_t length;
	if (!cw_sip_text_number(value, UINT32_MAX, &length)) {
		break_off(frame, 400, "Content-Length is no number of bytes");
		return false;
	}
	if (length > CW_SIP_BODY_MAX) {
		break_off(frame, 413, "a body of more than 64 KB");
		return false;
	}
	*ret = (size_t)length;
	return true;
}

static bool read_head(struct cw_sip_frame *frame, size_t length)
{
	const char *reason;
	size_t body;
	if (!cw_sip_head_parse(frame->in.data + frame->at, length, &frame->head, &reason)) {
		frame->head.length = 0;
		break_off(frame, 0, reason);
		return false;
	}
	if (!read_body_length(frame, &body))
		return false;
	frame->wanted = length + body;
	return true;
}

static enum cw_sip_frame_kind next_message(
	struct cw_sip_frame *frame, size_t left, struct cw_sip_frame_piece *ret)
{
	if (!frame->wanted) {
		frame->head.length = 0;
		size_t length = head_length(frame, left);
		if (length)
			read_head(frame, length);
		if (frame->broken)
			return CW_SIP_FRAME_BROKEN;
		if (!length)
			return CW_SIP_FRAME_MORE;
	}
	if (left < frame->wanted)
		return CW_SIP_FRAME_MORE;
	ret->head = &frame->head;
	return take(frame, CW_SIP_FRAME_MESSAGE, frame->wanted, ret);
}

static enum cw_sip_frame_kind next(struct cw_sip_frame *frame, struct cw_sip_frame_piece *ret, bool *again)
{
	size_t left = frame->in.length - frame->at;
	if (!left)
		return CW_SIP_FRAME_MORE;
	char first = frame->in.data[frame->at];
	if (first == '\r')
		return next_line_end(frame, left, ret, again);
	if ((unsigned char)first <= 3) /* the two most significant bits of a STUN message are zeros */
		return next_stun(frame, left, ret);
	if (!cw_sip_text_token_byte(first))
		return break_off(frame, 0, "wanted SIP or STUN, found other bytes");
	return next_message(frame, left, ret);
}

enum cw_sip_frame_kind cw_sip_frame_next(struct cw_sip_frame *frame, struct cw_sip_frame_piece *ret)
{
	bool again;
	do {
		*ret = (struct cw_sip_frame_piece){0};
		again = false;
		ret->kind = frame->broken ? CW_SIP_FRAME_BROKEN : next(frame, ret, &again);
	} while (again);
	if (ret->kind == CW_SIP_FRAME_BROKEN) {
		ret->status = frame->status;
		ret->reason = frame->reason;
		if (frame->head.length && frame->status) {
			ret->head = &frame->head;
			ret->data = frame->in.data + frame->at;
			ret->length = frame->head.length;
		}
	}
	return ret->kind;
}
