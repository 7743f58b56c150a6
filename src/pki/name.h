/**
 * Distinguished names: the subject and the issuer of a certificate.
 *
 * Two names are equal when OpenSSL's canonical encodings are (RFC 5280 §7.1: case and white space of
 * printable values do not count). The text is for people and reports; nothing is decided by it.
 */
#ifndef CW_PKI_NAME_H
#define CW_PKI_NAME_H

#include "base/error.h"
#include "base/strings.h"

#include <openssl/x509.h>
#include <stdint.h>

struct cw_name {
	const X509_NAME *x509; /* belongs to the certificate or the CRL */
	uint64_t hash;	       /* of the canonical bytes: unequal hash, unequal name */
};

/** A view of `x509`, which must outlive it. False: no memory. */
CW_MUST_USE bool cw_name_init(struct cw_name *name, const X509_NAME *x509);

bool cw_name_equal(const struct cw_name *a, const struct cw_name *b);

/**
 * "C=US, O=Acme, CN=Acme Issuing CA", UTF-8; "" for an empty name. An attribute type without a name stands as
 * numbers, a value that is no text as # and hexadecimal. A comma inside a value is "\,", a control character
 * "\x0a" (base/escape.h). The caller frees it; NULL: no memory.
 */
CW_MUST_USE char *cw_name_text(const X509_NAME *name);

/** The last commonName, UTF-8, control characters escaped (a NUL is "\x00"); NULL where the name
 * has none. The caller frees it. False: no memory. */
CW_MUST_USE bool cw_name_common_name(const X509_NAME *name, char **ret);

/**
 * The attribute types that OpenSSL has no name for ("1.3.6.1.4.1.6449.1.2.1.5.1"); they break SSH
 * tunnels. False: no memory.
 */
CW_MUST_USE bool cw_name_unknown_oids(const X509_NAME *name, struct cw_strings *oids);

#endif
