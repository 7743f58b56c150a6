/**
 * Authority key identifiers (RFC 5280 §4.2.1.1) as OpenSSL looks at them when it takes an issuer
 * (X509_check_akid): by key identifier, by issuer and serial number, or both.
 *
 * Private to the trust layer. For RFC 5280 they are a hint in the search and forbid nothing; an Expressway
 * node, whose TLS and SSH sides are OpenSSL's, takes no certificate for an issuer that they do not name
 * (errors 20, 18 and 2). Its XMPP side logs NSS's words and may well be kinder: it is no link here.
 */
#ifndef CW_TRUST_KEY_IDENTIFIERS_H
#define CW_TRUST_KEY_IDENTIFIERS_H

#include "trust/path.h"

/**
 * Adds key-identifier-differs for each certificate of the path whose authority key identifier names another
 * one than the certificate above it, and for a root that by its own names another one than itself. What
 * either side lacks differs from nothing.
 */
void cw_key_identifiers_check(struct cw_findings *findings, const struct cw_partial_path *partial);

#endif
