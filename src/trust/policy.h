/**
 * Certificate policies where OpenSSL's check of them is kinder than RFC 5280 §4.2.1.4: profile rfc5280.
 *
 * Private to the trust layer. Which policies hold for a path OpenSSL says (bound.c).
 */
#ifndef CW_TRUST_POLICY_H
#define CW_TRUST_POLICY_H

#include "trust/path.h"

/**
 * Adds critical-extension for each certificate below the anchor whose policies are critical and cannot be
 * interpreted: they are malformed, or have a qualifier that is neither the address of a practice statement
 * nor a notice.
 */
void cw_policy_check_qualifiers(struct cw_findings *findings, const struct cw_trail *trail);

#endif
