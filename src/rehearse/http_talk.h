/**
 * What stand-ins say over an HTTPS link: one request, one answer, without a body.
 *
 * State and reason are those of the conversation (traversal/conversation.h), whose kind is CW_CONVERSATION_HTTP.
 */
#ifndef CW_REHEARSE_HTTP_TALK_H
#define CW_REHEARSE_HTTP_TALK_H

#include "traversal/conversation.h"

/** The client's request, into `out`. */
void cw_http_talk_ask(const struct cw_conversation *conversation, struct cw_buffer *out);

/** As cw_conversation_take. */
bool cw_http_talk_take(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out);

#endif
