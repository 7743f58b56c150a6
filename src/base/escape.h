/**
 * Text out of certificates, made safe to show: what a certificate's maker wrote must not control the
 * reader's terminal, page or log.
 *
 * Control characters (C0, DEL, C1) and bytes that are no UTF-8 become \xNN, byte by byte; what turns the writing
 * direction or is not to be seen (direction marks, zero width, tags) becomes <U+200B>; everything else stays. A host
 * name holds neither a backslash nor "<", so an escaped name matches none.
 */
#ifndef CW_BASE_ESCAPE_H
#define CW_BASE_ESCAPE_H

#include "base/buffer.h"

/** Appends the bytes; a character of `special` (may be "") gets a backslash in front. */
void cw_escape(struct cw_buffer *buffer, const void *data, size_t length, const char *special);

/** The same for text of several lines, made here out of what strangers wrote: line ends stay. */
void cw_escape_lines(struct cw_buffer *buffer, const char *text, size_t length);

/** All of it is characters (RFC 3629). */
bool cw_escape_is_utf8(const void *data, size_t length);

/** What cw_escape appends, as a new string. NULL: no memory. */
CW_MUST_USE char *cw_escape_copy(const void *data, size_t length);

#endif
