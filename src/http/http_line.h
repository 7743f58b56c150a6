/**
 * Single lines of a head, for http_head.h and http_multipart.h.
 */
#ifndef CW_HTTP_LINE_H
#define CW_HTTP_LINE_H

#include "http/http_head.h"

/** The line that begins at `from`, with its CR and LF; how many bytes it takes. 0: its LF is not there yet.
 */
size_t cw_http_line_next(struct cw_http_text bytes, size_t from, struct cw_http_text *ret);

/** Takes CR LF off; refuses a bare LF and every control byte but the tab. */
bool cw_http_line_check(struct cw_http_text line, struct cw_http_text *ret, enum cw_http_reason *ret_reason);

/** A field line; `name` says which bytes its name may have. */
bool cw_http_line_field(struct cw_http_text line, enum cw_http_bytes name, struct cw_http_field *ret,
	enum cw_http_reason *ret_reason);

/** "GET /path HTTP/1.1" */
bool cw_http_line_request(
	struct cw_http_text line, struct cw_http_start *ret, enum cw_http_reason *ret_reason);

/** "HTTP/1.1 200 OK"; the phrase may be empty, the space before it not (RFC 9112 4). */
bool cw_http_line_status(
	struct cw_http_text line, struct cw_http_start *ret, enum cw_http_reason *ret_reason);

#endif
