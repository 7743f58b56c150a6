/**
 * One side of a connection as a row of messages: head, body in pieces, end; then the next.
 *
 * The caller hands in what came, cut in any way: the answers are the same. Nothing but the head is kept here;
 * a piece of a body points into what was handed in, so that whoever forwards it hands in only what the other
 * side can take. Bytes behind the end of a message are left to the caller, who goes on with
 * cw_http_reader_next when the answer is out: two requests of one client never stand side by side, and no
 * server behind is sent a second one before it answered. Surplus bytes behind a response mean that its sender
 * and we do not agree: close that connection. After a refusal the connection is of no more use: where the
 * next message would begin is unknown.
 *
 *     struct cw_http_text input = {bytes, length}, piece;
 *     for (;;)
 *         switch (cw_http_reader_read(reader, &input, &piece)) {
 *         case CW_HTTP_READ_MORE: return;    // all of the input is used
 *         case CW_HTTP_READ_HEAD: look at cw_http_reader_head, perhaps set cw_http_reader_limit; break;
 *         case CW_HTTP_READ_BODY: forward(piece); break;
 *         case CW_HTTP_READ_END: answer; cw_http_reader_next(reader, …); break;
 *         case CW_HTTP_READ_REFUSED: answer the reason's status and close; return;
 *         }
 */
#ifndef CW_HTTP_READER_H
#define CW_HTTP_READER_H

#include "http/http_head.h"

#include "base/memory.h"

enum cw_http_read {
	CW_HTTP_READ_MORE,
	CW_HTTP_READ_HEAD,
	CW_HTTP_READ_BODY,
	CW_HTTP_READ_END,
	CW_HTTP_READ_REFUSED
};

struct cw_http_reader;

/** Reads requests or responses with bodies of at most `body_max` bytes. NULL: no memory. */
CW_MUST_USE struct cw_http_reader *cw_http_reader_new(enum cw_http_kind kind, uint64_t body_max);

void cw_http_reader_free(struct cw_http_reader *reader);
CW_DEFINE_AUTO(struct cw_http_reader *, cw_http_reader_free)

/** What the next response answers: a response to HEAD has no body whatever its fields say. GET until this is
 * called. */
void cw_http_reader_asked(struct cw_http_reader *reader, enum cw_http_method method);

/**
 * Another bound for the body of this message, after its head was met and before the next byte is read: by
 * what is asked for, and by whom. It holds until cw_http_reader_next.
 */
void cw_http_reader_limit(struct cw_http_reader *reader, uint64_t body_max);

/**
 * Reads on. `*input` becomes what is left of it. Each message gives HEAD once, BODY any number of times with
 * a piece that is not empty, END once (and again until cw_http_reader_next); a refusal stays one. HEAD and
 * END may come without input.
 */
enum cw_http_read cw_http_reader_read(
	struct cw_http_reader *reader, struct cw_http_text *input, struct cw_http_text *ret_piece);

/**
 * The other side sends no more. READ_MORE: between two messages, all is well. READ_END: a response that lasts
 * until then is complete, or the message had ended. READ_REFUSED: cut short.
 */
enum cw_http_read cw_http_reader_close(struct cw_http_reader *reader);

/** The head, from HEAD until cw_http_reader_next. */
const struct cw_http_head *cw_http_reader_head(const struct cw_http_reader *reader);

/** Why it was refused; CW_HTTP_BAD_NOTHING where it was not. */
enum cw_http_reason cw_http_reader_reason(const struct cw_http_reader *reader);

/** Begins the next message after END; an interim response (100) is one of its own. Anywhere else it does
 * nothing. */
void cw_http_reader_next(struct cw_http_reader *reader);

/** No byte of a message was read yet: an idle connection. */
bool cw_http_reader_is_idle(const struct cw_http_reader *reader);

#endif
