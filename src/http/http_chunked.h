/**
 * The chunked transfer coding (RFC 9112 7.1), decoded piece by piece without a buffer.
 *
 * Sizes are 1 to 8 hexadecimal digits and CR LF: no extension (quoted ones end where each implementation
 * likes), no space, no sign, no prefix. The last chunk is followed by CR LF: no trailer. Does not count the
 * body (http_reader.h).
 */
#ifndef CW_HTTP_CHUNKED_H
#define CW_HTTP_CHUNKED_H

#include "http/http_head.h"

/* Against sizes that wrap: 8 digits, 4 GB a chunk, fit every integer that anybody keeps them in. */
#define CW_HTTP_CHUNK_DIGITS_MAX 8

enum cw_http_chunk_place {
	CW_HTTP_CHUNK_AT_SIZE,
	CW_HTTP_CHUNK_AT_SIZE_LF,
	CW_HTTP_CHUNK_AT_DATA,
	CW_HTTP_CHUNK_AT_DATA_CR,
	CW_HTTP_CHUNK_AT_DATA_LF,
	CW_HTTP_CHUNK_AT_END_CR,
	CW_HTTP_CHUNK_AT_END_LF,
	CW_HTTP_CHUNK_AT_END
};

/* All zero: before the first chunk. */
struct cw_http_chunked {
	enum cw_http_chunk_place place;
	unsigned digits;
	uint64_t size;	/* of the present chunk; after its size line: what is left of it */
	bool announced; /* a size was read to its end since this was last false: for whoever bounds the body
			 */
};

/**
 * Takes bytes from the front of `*input`. CW_HTTP_OPEN: either a piece of the body was met and is
 * `*ret_piece` (it points into the input), or all of the input is used and the piece is empty. After a size
 * line it returns once with an empty piece and `announced` set, so that a chunk that is too large is refused
 * before its data came; the caller takes that back. CW_HTTP_WHOLE: the body is over and the rest of the input
 * is not looked at.
 */
enum cw_http_progress cw_http_chunked_read(struct cw_http_chunked *chunked, struct cw_http_text *input,
	struct cw_http_text *ret_piece, enum cw_http_reason *ret_reason);

#endif
