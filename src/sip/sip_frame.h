/**
 * Cuts a stream of bytes (TCP, TLS) into what SIP sends over it: messages by their Content-Length (RFC 3261
 * §18.3), keep-alives of CR and LF (RFC 5626 §4.4.1), and STUN messages, told by their first byte (RFC 5626
 * §8, RFC 8489 §5).
 *
 * No I/O, no clock. However the stream is cut into pieces, the same things come out. It judges a message's
 * head only as far as its end depends on it; the rest is sip_message.h's.
 */
#ifndef CW_SIP_SIP_FRAME_H
#define CW_SIP_SIP_FRAME_H

#include "base/buffer.h"
#include "sip/sip_head.h"

enum cw_sip_frame_kind {
	CW_SIP_FRAME_MORE,    /* feed more bytes */
	CW_SIP_FRAME_PING,    /* CR LF CR LF came: answer CW_SIP_FRAME_PONG_TEXT */
	CW_SIP_FRAME_PONG,    /* the answer to our CR LF CR LF came */
	CW_SIP_FRAME_STUN,    /* a whole STUN message: sip_stun.h */
	CW_SIP_FRAME_MESSAGE, /* a whole SIP message: sip_message.h */
	CW_SIP_FRAME_BROKEN,  /* nobody knows where the next message begins: answer, if a head came, and close
			       */
};

#define CW_SIP_FRAME_PING_TEXT "\r\n\r\n"
#define CW_SIP_FRAME_PONG_TEXT "\r\n"

/* A stream; zeros are a new one. Whoever dialled sends pings and gets pongs (RFC 5626 §4.4.1). */
struct cw_sip_frame {
	bool dialled;
	bool broken;
	struct cw_buffer in;
	size_t at;	/* of the first byte that nothing was made of */
	size_t scanned; /* of the line, from `at`, whose end was not seen yet */
	size_t wanted;	/* length of the message, once its head was read; else 0 */
	struct cw_sip_head head;
	const char *reason;
	unsigned status;
};

/* Lives until the next call for the same stream. */
struct cw_sip_frame_piece {
	enum cw_sip_frame_kind kind;
	const char *data; /* message: folds are undone; broken: the head, if one came */
	size_t length;
	const struct cw_sip_head *head; /* message; broken: where one came, else NULL */
	unsigned status;		/* broken: the answer to the head, 400, 413 or 513 */
	const char *reason;		/* broken */
};

void cw_sip_frame_finish(struct cw_sip_frame *frame);

/**
 * Adds bytes that came. Take all pieces (cw_sip_frame_next until CW_SIP_FRAME_MORE) before the next ones.
 * CW_E_MEMORY; CW_E_LIMIT where more is held than one message and a read of 64 KB.
 */
CW_MUST_USE bool cw_sip_frame_feed(
	struct cw_sip_frame *frame, const char *data, size_t length, struct cw_error *error);

/** The next thing in the stream. A broken stream stays broken. */
enum cw_sip_frame_kind cw_sip_frame_next(struct cw_sip_frame *frame, struct cw_sip_frame_piece *ret);

/** The stream may end here: nothing was begun. */
bool cw_sip_frame_is_clean(const struct cw_sip_frame *frame);

#endif
