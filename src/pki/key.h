/**
 * Private keys: read to be compared with a certificate or to be used; never printed.
 */
#ifndef CW_PKI_KEY_H
#define CW_PKI_KEY_H

#include "base/buffer.h"
#include "pki/cert.h"

#include <openssl/evp.h>

CW_DEFINE_AUTO(EVP_PKEY *, EVP_PKEY_free)

/* A 16384-bit RSA key in PEM is under 14 kB. */
#define CW_KEY_FILE_MAX (64 * 1024)

/**
 * Reads a private key in PEM or DER (PKCS#8, PKCS#1, SEC 1). `password` may be NULL; an encrypted key without
 * it, or with a wrong one, is CW_E_PASSWORD. Errors name the path. The caller frees the key.
 */
CW_MUST_USE bool cw_key_read(const char *path, const char *password, EVP_PKEY **ret, struct cw_error *error);

/** The same for the bytes of a file that was read already; errors name `path`. */
CW_MUST_USE bool cw_key_parse_file(const struct cw_buffer *file, const char *path, const char *password,
	EVP_PKEY **ret, struct cw_error *error);

/** The certificate carries the public half of this key. */
bool cw_key_fits(const EVP_PKEY *key, const struct cw_cert *cert);

/** SHA-256 of a certificate's SubjectPublicKeyInfo as 64 digits: tells which key it is for. */
CW_MUST_USE bool cw_key_id_of_cert(
	const struct cw_cert *cert, char ret[CW_SHA256_TEXT_SIZE], struct cw_error *error);

#endif
