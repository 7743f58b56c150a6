/**
 * The two halves of a conversation: HTTP, of a line or two, in conversation.c; SIP, by src/sip, in conversation_sip.c.
 */
#ifndef CW_REHEARSE_CONVERSATION_PARTS_H
#define CW_REHEARSE_CONVERSATION_PARTS_H

#include "rehearse/conversation.h"

/** What came does not belong here. */
void cw_conversation_break_off(struct cw_conversation *conversation, const char *reason);

/** The SIP client's next request. */
void cw_conversation_ask_sip(struct cw_conversation *conversation, struct cw_buffer *out);

/** As cw_conversation_take. */
bool cw_conversation_take_sip(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out);

#endif
