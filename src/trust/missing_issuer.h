/**
 * What a broken chain lacks, by name, and where that very certificate can be found.
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_MISSING_ISSUER_H
#define CW_TRUST_MISSING_ISSUER_H

#include "trust/path.h"

/**
 * One finding for each certificate that the path lacks: issuer-missing, root-missing, self-signed-untrusted
 * or signature-invalid (rules 4, 5, 14).
 */
CW_MUST_USE bool cw_missing_issuer_explain(const struct cw_judge_question *question,
	const struct cw_partial_path *partial, struct cw_findings *findings, struct cw_error *error);

#endif
