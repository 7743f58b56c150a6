/**
 * The few lines of HTTP that the stand-ins speak: messages of a start line, headers and no body.
 *
 * Not an HTTP parser for use: the stand-ins hold fixed conversations of one or two requests. What does not look like
 * that is refused with a reason. Safe on any bytes.
 */
#ifndef CW_REHEARSE_MESSAGE_H
#define CW_REHEARSE_MESSAGE_H

#include "base/buffer.h"

/* Against a peer that sends headers for ever. */
#define CW_MESSAGE_MAX (8 * 1024)

struct cw_message {
	const char *start; /* the start line */
	size_t start_length;
	const char *headers;
	size_t headers_length;
	size_t length; /* of the whole message in the bytes given */
};

enum cw_message_state { CW_MESSAGE_PART, CW_MESSAGE_WHOLE, CW_MESSAGE_BROKEN };

/** Looks for one message at the start of the bytes. `*reason` is set where it is broken. */
enum cw_message_state cw_message_read(
	const char *data, size_t length, struct cw_message *ret, const char **reason);

/** The word at `place` of the start line, from 0, is this. */
bool cw_message_word(const struct cw_message *message, unsigned place, const char *word);
/** The status code of an answer; 0 where it is none. */
unsigned cw_message_status(const struct cw_message *message);

#endif
