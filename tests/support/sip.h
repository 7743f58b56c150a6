/**
 * One SIP message for a test: text in, message out.
 */
#ifndef TEST_SUPPORT_SIP_H
#define TEST_SUPPORT_SIP_H

#include "sip/sip_frame.h"
#include "sip/sip_message.h"
#include "support/cmocka.h"

/** The first message of these bytes, which must have one; the caller frees it. */
static inline struct cw_sip_message *test_sip_bytes(const char *data, size_t length)
{
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_sip_message *message = NULL;
	struct cw_error error;
	assert_true(cw_sip_frame_feed(&frame, data, length, &error));
	cw_sip_frame_next(&frame, &piece);
	if (piece.kind == CW_SIP_FRAME_BROKEN)
		print_error("%s\n", piece.reason);
	assert_int_equal(piece.kind, CW_SIP_FRAME_MESSAGE);
	assert_true(cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error));
	cw_sip_frame_finish(&frame);
	return message;
}

static inline struct cw_sip_message *test_sip(const char *text)
{
	return test_sip_bytes(text, strlen(text));
}

/** The text of a slice equals this. */
static inline void test_sip_equal(struct cw_sip_text text, const char *want)
{
	if (!cw_sip_text_same(text, cw_sip_text_of(want)))
		fail_msg("wanted \"%s\", found \"%.*s\"", want, (int)text.length, text.data ? text.data : "");
}

#endif
