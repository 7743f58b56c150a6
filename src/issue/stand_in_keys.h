/**
 * Makes many private keys that look like given public keys: same kind, same size, same curve.
 *
 * For rehearsals only, where a key lives for seconds on the loopback interface and protects nothing. RSA keys
 * are products of pairs from one pool of primes, so that forty keys cost ten primes and not eighty. With
 * two of them both can be factored. Never use them for anything that leaves the machine.
 */
#ifndef CW_ISSUE_STAND_IN_KEYS_H
#define CW_ISSUE_STAND_IN_KEYS_H

#include "pki/key.h"

struct cw_stand_in_keys;

/** NULL: no memory. */
CW_MUST_USE struct cw_stand_in_keys *cw_stand_in_keys_new(void);
void cw_stand_in_keys_free(struct cw_stand_in_keys *keys);
CW_DEFINE_AUTO(struct cw_stand_in_keys *, cw_stand_in_keys_free)

/**
 * A fresh key of the kind of `like`: modulus size and public exponent, curve, or domain parameters are the
 * same. Never the same key twice. CW_E_CRYPTO where OpenSSL cannot make one. The caller frees it.
 */
CW_MUST_USE bool cw_stand_in_keys_like(
	struct cw_stand_in_keys *keys, EVP_PKEY *like, EVP_PKEY **ret, struct cw_error *error);

/** A fresh RSA key of `bits` with exponent 65537. */
CW_MUST_USE bool cw_stand_in_keys_rsa(
	struct cw_stand_in_keys *keys, unsigned bits, EVP_PKEY **ret, struct cw_error *error);

#endif
