/**
 * docs/findings.md, from the table of findings.
 */
#ifndef CW_REPORT_FINDINGS_MARKDOWN_H
#define CW_REPORT_FINDINGS_MARKDOWN_H

#include "base/buffer.h"

/** Appends the whole document. */
void cw_findings_markdown(struct cw_buffer *ret);

#endif
