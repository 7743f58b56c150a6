/**
 * Messages written: start line, fields, framing, end of the head, chunks.
 *
 * What is written is what http_head.h takes: a name, a value or a target that would not be read back as it is
 * makes the whole message an error (CW_E_HTTP names it), so that nothing that came from outside becomes a
 * line of its own. The framing has functions of its own and cannot be written as a field. In this order: one
 * start line, fields, framing, cw_http_write_head_end. Appends to the buffer; where false came back, what
 * stands in the buffer is to be thrown away. Whether memory was there is asked once, by
 * cw_http_write_head_end.
 */
#ifndef CW_HTTP_WRITE_H
#define CW_HTTP_WRITE_H

#include "http/http_head.h"

#include "base/buffer.h"

/* Room for a chunk's size line and its NUL. */
#define CW_HTTP_CHUNK_LINE_SIZE 16
/* What follows the data of a chunk, and what follows the last chunk. */
#define CW_HTTP_CHUNK_TAIL "\r\n"
#define CW_HTTP_CHUNK_LAST "0\r\n\r\n"

/** "GET /path HTTP/1.1" */
CW_MUST_USE bool cw_http_write_request(struct cw_buffer *buffer, enum cw_http_method method,
	struct cw_http_text target, struct cw_error *error);

/** "HTTP/1.1 502 Next Hop Connection Failed"; `phrase` NULL: the usual one for the status, or none. */
CW_MUST_USE bool cw_http_write_status(
	struct cw_buffer *buffer, unsigned status, const char *phrase, struct cw_error *error);

/** "Name: value". Content-Length, Transfer-Encoding and what is refused when it is read are errors. */
CW_MUST_USE bool cw_http_write_field(struct cw_buffer *buffer, struct cw_http_text name,
	struct cw_http_text value, struct cw_error *error);

/** The same for C strings. */
CW_MUST_USE bool cw_http_write_named(
	struct cw_buffer *buffer, const char *name, const char *value, struct cw_error *error);

/**
 * Every field of a message that was read, in its order, but those for one connection
 * (cw_http_field_is_for_connection) and those in `without`, which ends with CW_HTTP_FIELD_OTHER (NULL: none).
 */
CW_MUST_USE bool cw_http_write_fields(struct cw_buffer *buffer, const struct cw_http_head *head,
	const enum cw_http_known *without, struct cw_error *error);

/** The framing of a body of `length` bytes. */
void cw_http_write_length(struct cw_buffer *buffer, uint64_t length);
/** The framing of a body of unknown length; never to HTTP/1.0. */
void cw_http_write_chunked(struct cw_buffer *buffer);
/** The framing that the message had when it was read; nothing where it had none or lasts until the connection
 * ends. */
void cw_http_write_framing(struct cw_buffer *buffer, const struct cw_http_head *head);
/** "Connection: close" */
void cw_http_write_close(struct cw_buffer *buffer);

/**
 * The empty line behind the head that begins at `head_from` in the buffer. False: no memory for some of it, or
 * CW_E_LIMIT, where it has more bytes or fields than are taken when it is read.
 */
CW_MUST_USE bool cw_http_write_head_end(struct cw_buffer *buffer, size_t head_from, struct cw_error *error);

/** The size line of a chunk (1 byte to 4 GB less one); its data and CW_HTTP_CHUNK_TAIL follow. Returns its
 * length. */
size_t cw_http_write_chunk(uint32_t length, char ret[CW_HTTP_CHUNK_LINE_SIZE]);

/** "Bad Request"; "" for a status without a usual phrase. */
const char *cw_http_write_phrase(unsigned status);

#endif
