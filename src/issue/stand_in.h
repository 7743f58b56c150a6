/**
 * Stand-in certificates and CRLs: copies of given ones, made with other keys.
 *
 * A stand-in is the original byte for byte, except its public key and its signature: names, dates, serial,
 * extensions (the key identifiers too) and both algorithm identifiers are kept. For rehearsals, where the
 * private keys of the real boxes cannot be had. Decides nothing about who signs what: see rehearse/stand_ins.h.
 */
#ifndef CW_ISSUE_STAND_IN_H
#define CW_ISSUE_STAND_IN_H

#include "pki/crl.h"
#include "pki/key.h"

/**
 * The stand-in for `original` with the public half of `key` (NULL: its own public key is kept), signed by
 * `signer` with the original's signature algorithm. CW_E_CRYPTO where that algorithm cannot be used or does
 * not fit the signer, CW_E_DER where the original is not plain DER.
 */
CW_MUST_USE bool cw_stand_in_cert(const struct cw_cert *original, EVP_PKEY *key, EVP_PKEY *signer,
	struct cw_cert **ret, struct cw_error *error);

/** The CRL with the same content, signed by `signer`. */
CW_MUST_USE bool cw_stand_in_crl(
	const struct cw_crl *original, EVP_PKEY *signer, struct cw_crl **ret, struct cw_error *error);

#endif
