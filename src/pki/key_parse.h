/**
 * Private keys out of bytes, for the readers of key files and bundles.
 */
#ifndef CW_PKI_KEY_PARSE_H
#define CW_PKI_KEY_PARSE_H

#include "pki/bundle/pem.h"
#include "pki/key.h"

/** The label is that of a private key ("EC PRIVATE KEY"), readable or not. */
bool cw_key_parse_knows_label(const char *label);

/**
 * A key in DER: PKCS#8, encrypted PKCS#8, PKCS#1, SEC 1. `*spent` counts password iterations (pki/bundle/kdf.h).
 * CW_E_PASSWORD where it is encrypted and `password` is NULL or wrong; the message says which.
 */
CW_MUST_USE bool cw_key_parse_der(const uint8_t *data, size_t length, const char *password, uint64_t *spent,
	EVP_PKEY **ret, struct cw_error *error);

/** The same for a PEM block with a key label. */
CW_MUST_USE bool cw_key_parse_block(const struct cw_pem_block *block, const char *password, uint64_t *spent,
	EVP_PKEY **ret, struct cw_error *error);

#endif
