/**
 * The style sheet, the script and the signs of the reports, for whoever shows pages beside them: one look for both.
 */
#ifndef CW_REPORT_HTML_PAGE_STYLE_H
#define CW_REPORT_HTML_PAGE_STYLE_H

#include "base/buffer.h"

/* src/report/page, built in by cmake/embed.cmake. */
extern const char cw_page_style[];
extern const char cw_page_script[];

/** Appends the drawings that signs and arrows refer to ("#sign-pass", "#head-refused"): one hidden element, first in a body. */
void cw_page_style_signs(struct cw_buffer *ret);

#endif
