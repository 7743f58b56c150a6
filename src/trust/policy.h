/**
 * Certificate policies beside OpenSSL's check of them: profile rfc5280.
 *
 * Private to the trust layer. Which policies hold for a path OpenSSL says (bound.c), but for paths with a
 * certificate that has none at all: none can hold for them, and OpenSSL 3.0 loses memory over such a
 * certificate.
 */
#ifndef CW_TRUST_POLICY_H
#define CW_TRUST_POLICY_H

#include "trust/path.h"

/**
 * Whether OpenSSL is to process the policies of this complete path with the default inputs (RFC 5280 §6.1.1):
 * something constrains them, and cw_policy_check_explicit does not do.
 */
bool cw_policy_wants_openssl(const struct cw_partial_path *partial);

/** Adds policy-unfit where a policy is demanded, and one certificate of the complete path has none at all. */
void cw_policy_check_explicit(struct cw_findings *findings, const struct cw_partial_path *partial);

/** Adds policy-unfit. It is the path as a whole, and so the leaf, that has no policy. */
void cw_policy_add_missing(struct cw_findings *findings, const struct cw_partial_path *partial);

/**
 * Adds critical-extension for each certificate below the anchor whose policies are critical and cannot be
 * interpreted: they are malformed, or have a qualifier that is neither the address of a practice statement
 * nor a notice.
 */
void cw_policy_check_qualifiers(struct cw_findings *findings, const struct cw_partial_path *partial);

#endif
