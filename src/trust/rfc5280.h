/**
 * The RFC 5280 checks on one given path: OpenSSL's, with our path, our signatures and our clock.
 *
 * Private to the trust layer. OpenSSL neither searches nor asks the time: get_issuer and check_issued are
 * bound to the path, `internal_verify` is replaced (the search has verified every signature already), dates
 * are compared here. A path that ends early is judged as far as it goes.
 */
#ifndef CW_TRUST_RFC5280_H
#define CW_TRUST_RFC5280_H

#include "trust/path.h"

/** Adds what is wrong with the path's certificates: dates, CA flags, EKU, key usage, constraints,
 * revocation. */
CW_MUST_USE bool cw_rfc5280_check(const struct cw_judge_question *question,
	const struct cw_partial_path *partial, struct cw_findings *findings, struct cw_error *error);

#endif
