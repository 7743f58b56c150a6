/**
 * Text for HTML and XML documents: nothing out of a certificate or a deployment file can be markup there.
 *
 * Control characters and marks that turn the writing direction are shown as \xNN (base/escape.h); what XML 1.0
 * cannot hold is not let through.
 */
#ifndef CW_REPORT_MARKUP_H
#define CW_REPORT_MARKUP_H

#include "base/buffer.h"

/** Appends the text; safe between tags and inside a quoted attribute. NULL is nothing. */
void cw_markup_text(struct cw_buffer *ret, const char *text);

/** As printf, then cw_markup_text. */
void cw_markup_printf(struct cw_buffer *ret, const char *format, ...) CW_PRINTF(2, 3);

/**
 * Appends marked text (report/text/layout.h): its colours become <b class="good"> and the like, its lines stay
 * lines.
 */
void cw_markup_marked(struct cw_buffer *ret, const char *marked);

/** Appends marked text with its marks dropped. */
void cw_markup_plain(struct cw_buffer *ret, const char *marked);

#endif
