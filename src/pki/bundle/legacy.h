/**
 * A library context of OpenSSL in which the old ciphers work (RC2, RC4, DES): for what was exported years
 * ago.
 *
 * Its own, so that nothing else in the process ever finds these ciphers.
 */
#ifndef CW_PKI_BUNDLE_LEGACY_H
#define CW_PKI_BUNDLE_LEGACY_H

#include "base/memory.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>

struct cw_legacy {
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *modern;
	OSSL_PROVIDER *old; /* NULL where the machine does not have it */
};

/** False: no memory. */
CW_MUST_USE bool cw_legacy_open(struct cw_legacy *ret);
void cw_legacy_close(struct cw_legacy *legacy);
#define AUTO_LEGACY __attribute__((cleanup(cw_legacy_close))) struct cw_legacy

#endif
