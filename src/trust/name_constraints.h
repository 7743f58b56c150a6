/**
 * Name constraints where OpenSSL's check of them is kinder than RFC 5280 §4.2.1.10: profile rfc5280.
 *
 * Private to the trust layer. Adds to that check, never takes from it. An Expressway node, which has
 * OpenSSL's alone, is not asked.
 */
#ifndef CW_TRUST_NAME_CONSTRAINTS_H
#define CW_TRUST_NAME_CONSTRAINTS_H

#include "trust/path.h"

/**
 * Adds name-constraint for each certificate that bears a name which a CA above it constrains, and which
 * OpenSSL lets pass: a host name or e-mail address that is none, so that it lies in no permitted subtree, and
 * a wildcard that stands for an excluded host.
 */
void cw_name_constraints_check(struct cw_findings *findings, const struct cw_partial_path *partial);

/**
 * Adds what OpenSSL's `error` about the certificate at this depth means: which of its names, and which CA may
 * not issue for it. The finding's name is that name.
 */
void cw_name_constraints_explain(
	struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth, int error);

#endif
