/**
 * Makes private keys: for the lab, for the small CA, for requests and for tests.
 *
 * Says nothing of whether a key is any good: the kinds that a judge refuses are what it is for.
 */
#ifndef CW_ISSUE_ISSUE_KEY_H
#define CW_ISSUE_ISSUE_KEY_H

#include "base/error.h"
#include "pki/key.h"

#include <openssl/evp.h>

#define CW_ISSUE_RSA_BITS_MIN 512   /* OpenSSL makes none below */
#define CW_ISSUE_RSA_BITS_MAX 16384 /* minutes of work for one key */

/**
 * Makes a key of a kind given as text: "rsa" (2048 bits), "rsa:1024", "ec" (P-256), "ec:P-384",
 * "ec:secp256k1" (any curve that OpenSSL names, P-192 and P-224 too), "ed25519", "ed448", "dsa" (1024 bits,
 * slow).
 *
 * An unknown kind is CW_E_USAGE. An RSA key of 2048 bits takes about a tenth of a second, the others a
 * hundredth of that: callers that can share a key should. The caller frees the key.
 */
CW_MUST_USE bool cw_issue_key(const char *kind, EVP_PKEY **ret, struct cw_error *error);

#endif
