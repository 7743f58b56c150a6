/**
 * Shadowed issuers: an entry of the list that hides the right one below it (the MRA certificates guide).
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_SHADOW_H
#define CW_TRUST_SHADOW_H

#include "trust/path.h"

/**
 * The place, from 1, of the entry that a first-subject search finds in place of this step: the first of its
 * name in the list. 0 where it finds the step itself, or where the step is not from the list.
 */
size_t cw_shadow_above(const struct cw_judge_question *question, const struct cw_step *step);

/** One issuer-shadowed for each step of the good path that another entry of the list stands before. */
CW_MUST_USE bool cw_shadow_explain(const struct cw_judge_question *question,
	const struct cw_partial_path *good, struct cw_findings *findings, struct cw_error *error);

/**
 * Index of the entry that OpenSSL's own search would have taken as issuer of `cert`: subject, then key
 * identifiers, then dates (measured, sources F10); `count` where it takes none.
 */
size_t cw_shadow_openssl_choice(const struct cw_trust_list *list, const struct cw_cert *cert, cw_time at);

#endif
