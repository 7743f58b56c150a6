/**
 * Writes what other programs read: PEM.
 *
 * A certificate or CRL is written from its own bytes, never re-encoded. A private key goes to a file of mode
 * 0600 and nowhere else: there is no function here that hands its text out.
 */
#ifndef CW_PKI_BUNDLE_PEM_WRITE_H
#define CW_PKI_BUNDLE_PEM_WRITE_H

#include "base/buffer.h"
#include "base/draft.h"
#include "pki/cert.h"

#include <openssl/evp.h>

/** Appends one PEM block ("CERTIFICATE", "X509 CRL", "CERTIFICATE REQUEST") of these bytes. */
CW_MUST_USE bool cw_pem_write_block(
	struct cw_buffer *ret, const char *label, const void *der, size_t length, struct cw_error *error);

/** Appends a certificate. */
CW_MUST_USE bool cw_pem_write_cert(struct cw_buffer *ret, const struct cw_cert *cert, struct cw_error *error);

/**
 * Writes a private key as PKCS#8 PEM beside the file that it is to become, for its owner alone (0600): whoever
 * puts several files in their places makes them all first. With a `password` it is encrypted (AES-256, PBKDF2).
 * Errors name the path.
 */
CW_MUST_USE bool cw_pem_write_key_draft(const char *path, const EVP_PKEY *key, const char *password,
	struct cw_draft **ret, struct cw_error *error);

/** The same, put in its place at once. */
CW_MUST_USE bool cw_pem_write_key(
	const char *path, const EVP_PKEY *key, const char *password, struct cw_error *error);

#endif
