/**
 * Shadowed issuers: an entry of the list that hides the right one below it (seed 000).
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_SHADOW_H
#define CW_TRUST_SHADOW_H

#include "trust/path.h"

/** One issuer-shadowed for each step of the good trail that is not the first entry of its name in the list.
 */
CW_MUST_USE bool cw_shadow_explain(const struct cw_question *question, const struct cw_trail *good,
	struct cw_findings *findings, struct cw_error *error);

/**
 * Index of the entry that OpenSSL's own search would have taken as issuer of `cert`: subject, then key
 * identifiers, then dates (measured, domain.md §10); `count` where it takes none.
 */
size_t cw_shadow_openssl_choice(const struct cw_trust_list *list, const struct cw_cert *cert, cw_time at);

#endif
