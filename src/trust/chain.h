/**
 * From the leaf to the list: the path that counts, and what is wrong with it.
 *
 * Private to the trust layer. Puts together the search (path.h) and the checks (rfc5280.h) for each profile,
 * names what is missing or shadowed, and goes on behind a missing certificate as if it were there, so that
 * one question finds everything.
 */
#ifndef CW_TRUST_CHAIN_H
#define CW_TRUST_CHAIN_H

#include "trust/path.h"

/**
 * Adds all findings about the chain. `ret` is the path they are about: complete where the chain is trusted
 * or would be if the steps from elsewhere were in the list.
 */
CW_MUST_USE bool cw_chain_judge(const struct cw_judge_question *question, struct cw_partial_path *ret,
	struct cw_findings *findings, struct cw_error *error);

#endif
