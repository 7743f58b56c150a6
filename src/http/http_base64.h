/**
 * Base64 (RFC 4648), decoded strictly: every byte string has one text, and no other is taken. No white space,
 * no bits behind the last byte, padding exactly where it belongs.
 */
#ifndef CW_HTTP_BASE64_H
#define CW_HTTP_BASE64_H

#include "http/http_text.h"

#include "base/buffer.h"

enum cw_http_base64_form {
	CW_HTTP_BASE64_PADDED, /* RFC 4648 4: + and /, with = */
	CW_HTTP_BASE64_URL     /* RFC 4648 5: - and _, without = */
};

/** The bytes go to `ret`, which has room for `size`. False: not the text of at most `size` bytes. */
bool cw_http_base64_decode(struct cw_http_text text, enum cw_http_base64_form form,
	struct cw_http_text *ret_bytes, char *ret, size_t size);

/** Appends the text of the bytes. */
void cw_http_base64_encode(
	struct cw_buffer *buffer, struct cw_http_text bytes, enum cw_http_base64_form form);

#endif
