/**
 * What a finding code means, from the one table of findings; and what there is to be explained.
 */
#ifndef CW_REPORT_EXPLAIN_H
#define CW_REPORT_EXPLAIN_H

#include "base/buffer.h"
#include "trust/finding.h"

/** Meaning, advice, the vendor's text, the TLS alert, the source. */
void cw_explain_code(struct cw_buffer *ret, enum cw_code code);

/** Every topic with what it is about, then every code with its severity and what it means. */
void cw_explain_all(struct cw_buffer *ret);

#endif
