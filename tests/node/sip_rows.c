/*
 * The messages of RFC 4475 as JSON, for sip_test.py: the bytes, and what Expressway-E's port answers to each message in
 * them. A message that is refused is so with its own status (the table of support/sip_torture.h has it); what is good and no
 * REGISTER or OPTIONS is 501; 0 stands for an answer of whoever it is carried to. An answer, and an ACK, have none.
 */
#include "sip/sip_frame.h"
#include "sip/sip_message.h"
#include "support/sip_torture.h"

#include <stdio.h>
#include <string.h>

static unsigned carried(const struct cw_sip_message *message)
{
	if (!message->start.uri.sip)
		return 416;
	if (message->max_forwards == 0)
		return 483;
	if (!cw_sip_message_is(message, "REGISTER") && !cw_sip_message_is(message, "OPTIONS"))
		return 501;
	return 0;
}

static void add(
	const struct test_torture *torture, const struct cw_sip_frame_piece *piece, struct cw_buffer *ret)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_error error;
	unsigned status = piece->status;
	if (!piece->head ||
		!cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &error) ||
		message->start.status || cw_sip_message_is(message, "ACK"))
		return;
	if (piece->kind == CW_SIP_FRAME_MESSAGE)
		status = message->refusal.status ? torture->want_status : carried(message);
	if (message->via_count || piece->kind == CW_SIP_FRAME_MESSAGE)
		cw_buffer_printf(ret, "%s%u", ret->length ? "," : "", status);
}

static void print(const struct test_torture *torture, bool last)
{
	static const char *const frames[] = {"message", "more", "broken"};
	AUTO_BUFFER bytes = {0}, hex = {0}, wanted = {0};
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	enum cw_sip_frame_kind kind = CW_SIP_FRAME_MORE;
	test_torture_write(torture, &bytes);
	cw_buffer_hex(&hex, bytes.data, bytes.length);
	if (cw_sip_frame_feed(&frame, bytes.data, bytes.length, &error))
		do {
			kind = cw_sip_frame_next(&frame, &piece);
			if (kind == CW_SIP_FRAME_MESSAGE || kind == CW_SIP_FRAME_BROKEN)
				add(torture, &piece, &wanted);
		} while (kind != CW_SIP_FRAME_MORE && kind != CW_SIP_FRAME_BROKEN);
	printf("{\"section\":\"%s\",\"name\":\"%s\",\"frame\":\"%s\",\"wanted\":[%s],\"bytes\":\"%s\"}%s\n",
		torture->section, torture->name, frames[torture->want_frame], cw_buffer_string(&wanted),
		cw_buffer_string(&hex), last ? "" : ",");
	cw_sip_frame_finish(&frame);
}

int main(void)
{
	printf("[");
	for (size_t i = 0; i < test_torture_count; i++)
		print(&test_torture[i], i + 1 == test_torture_count);
	printf("]\n");
	return 0;
}
