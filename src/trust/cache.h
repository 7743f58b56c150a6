/**
 * What the judge may remember between questions: signatures already verified, by the bytes of both
 * certificates.
 *
 * Bounded: a fixed number of slots, a newer answer takes the slot of an older one. The owner passes it in; a
 * judgement is the same with and without it. Not for several threads at once.
 */
#ifndef CW_TRUST_CACHE_H
#define CW_TRUST_CACHE_H

#include "pki/cert.h"

struct cw_cache;

/** NULL: no memory. */
CW_MUST_USE struct cw_cache *cw_cache_new(void);
void cw_cache_free(struct cw_cache *cache);
CW_DEFINE_AUTO(struct cw_cache *, cw_cache_free)

/** Whether `issuer`'s key verifies `cert`; asks OpenSSL where `cache` (may be NULL) does not know. */
bool cw_cache_signed_by(struct cw_cache *cache, const struct cw_cert *cert, const struct cw_cert *issuer);

#endif
