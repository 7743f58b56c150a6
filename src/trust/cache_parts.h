/**
 * What the trust layer itself asks of a cache, beyond what its owner sees.
 */
#ifndef CW_TRUST_CACHE_PARTS_H
#define CW_TRUST_CACHE_PARTS_H

#include "trust/openssl_path.h"

/** As cw_cache_signed_by, for a judge: false where there was no memory to find out, which is not remembered.
 */
CW_MUST_USE bool cw_cache_check_signed_by(
	struct cw_cache *cache, const struct cw_cert *cert, const struct cw_cert *issuer, bool *ret);

/** OpenSSL's context, kept from question to question; made at the first. NULL: no memory. */
struct cw_openssl_path *cw_cache_bound(struct cw_cache *cache);

#endif
