/**
 * What the trust layer itself asks of a cache, beyond what its owner sees.
 */
#ifndef CW_TRUST_CACHE_PARTS_H
#define CW_TRUST_CACHE_PARTS_H

#include "trust/bound.h"

/** OpenSSL's context, kept from question to question; made at the first. NULL: no memory. */
struct cw_bound *cw_cache_bound(struct cw_cache *cache);

#endif
