/**
 * A growing run of bytes, always followed by a NUL that does not count: text and binary alike.
 *
 * Appending cannot fail for the caller: after an allocation failed the buffer stays as it is and remembers
 * it (`failed`). A caller that hands the result on tests it once, at the end (cw_buffer_ok).
 */
#ifndef CW_BASE_BUFFER_H
#define CW_BASE_BUFFER_H

#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct cw_buffer {
	char *data; /* NULL until the first append */
	size_t length;
	size_t capacity;
	bool failed;
	/* Keys and passwords: growing leaves no copy behind, and the bytes are overwritten before they are released.
	 * Set before the first append: "= {.secret = true}". */
	bool secret;
};

/** Releases the bytes and makes the buffer empty again. */
void cw_buffer_finish(struct cw_buffer *buffer);

/** For AUTO_BUFFER: the buffer itself is a local. */
#define AUTO_BUFFER __attribute__((cleanup(cw_buffer_finish))) struct cw_buffer

void cw_buffer_append(struct cw_buffer *buffer, const void *data, size_t length);
void cw_buffer_text(struct cw_buffer *buffer, const char *text);
void cw_buffer_char(struct cw_buffer *buffer, char c);
void cw_buffer_printf(struct cw_buffer *buffer, const char *format, ...) CW_PRINTF(2, 3);
void cw_buffer_vprintf(struct cw_buffer *buffer, const char *format, va_list args) CW_PRINTF(2, 0);

/** Lower-case hexadecimal, two digits a byte. */
void cw_buffer_hex(struct cw_buffer *buffer, const void *data, size_t length);

/** The text so far; "" for an empty buffer. */
const char *cw_buffer_string(const struct cw_buffer *buffer);

/** False with CW_E_MEMORY where any append failed. */
CW_MUST_USE bool cw_buffer_ok(const struct cw_buffer *buffer, struct cw_error *error);

/** Moves the text out (the caller frees it); NULL where an append failed. The buffer is empty afterwards. */
CW_MUST_USE char *cw_buffer_steal(struct cw_buffer *buffer);

#endif
