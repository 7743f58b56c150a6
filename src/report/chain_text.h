/**
 * Chains as the seeds draw them (the MRA certificates guide "Configure the Expressway-C and Expressway-E to Trust Each Other"):
 * the root on top, the leaf last, "- Not Trusted!" behind the issuer that the judge does not find.
 */
#ifndef CW_REPORT_CHAIN_TEXT_H
#define CW_REPORT_CHAIN_TEXT_H

#include "base/buffer.h"
#include "trust/judge.h"

/** A finding of this code is easier to see in a drawing of the chain. */
bool cw_chain_text_matters(enum cw_code code);

/**
 * Draws the path, `indent` columns to the right. Certificates that the judge has not got are left out, and
 * keep their number. `finding` (may be NULL) is why the path is not trusted, or what is wrong with one
 * certificate of it, which is then told behind its subject.
 */
void cw_chain_text(
	struct cw_buffer *ret, size_t indent, const struct cw_path *path, const struct cw_finding *finding);

#endif
