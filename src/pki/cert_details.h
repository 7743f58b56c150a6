/**
 * What a certificate says beside what a judge asks for, in words for people: the algorithm of its signature, critical
 * extensions that nobody knows, name constraints.
 *
 * Everything is read when it is asked for, and appended to a buffer as text that is safe to print. Judges nothing.
 */
#ifndef CW_PKI_CERT_DETAILS_H
#define CW_PKI_CERT_DETAILS_H

#include "base/buffer.h"
#include "pki/cert.h"

/** The algorithm by name, or by OID where it has none: "SHA256", "RSASSA-PSS with SHA256", "Ed25519", "ML-DSA-65
 * (2.16.840.1.101.3.4.3.18)", "1.2.3.4". */
void cw_cert_details_signature(const struct cw_cert *cert, struct cw_buffer *ret);

/** The same of a CRL. */
void cw_cert_details_crl_signature(const X509_CRL *crl, struct cw_buffer *ret);

/** False: OpenSSL has no code for this algorithm (ECDSA with SHA-3, ML-DSA, an unknown OID), so that nothing can be said of
 * who signed. */
bool cw_cert_details_checkable(const struct cw_cert *cert);
bool cw_cert_details_crl_checkable(const X509_CRL *crl);

/** The public key's algorithm of a kind that OpenSSL does not know, by name or OID. */
void cw_cert_details_key(const struct cw_cert *cert, struct cw_buffer *ret);

/** Critical extensions that OpenSSL does not know, which it therefore refuses: "1.2.3.4", "the poison of a
 * precertificate (1.3.6.1.4.1.11129.2.4.3)". Nothing where there is none. */
void cw_cert_details_critical(const struct cw_cert *cert, struct cw_buffer *ret);
/** The same of a CRL. */
void cw_cert_details_crl_critical(const X509_CRL *crl, struct cw_buffer *ret);

/** RFC 6962 §3.1: a certificate that was made for a log and is refused by everybody. */
bool cw_cert_details_is_precertificate(const struct cw_cert *cert);

/** RFC 5280 §4.2.1.10: "permitted acme.test, 10.0.0.0/255.0.0.0; excluded lab.acme.test". Nothing where there are none;
 * long ones are cut and counted. */
void cw_cert_details_constraints(const struct cw_cert *cert, struct cw_buffer *ret);

#endif
