/**
 * The one walk over possible issuers: the certificates that bear a name, in a trust list and in a pool.
 *
 * Names decide who is a candidate (RFC 5280 §6.1.3 (a) (4): the issuer's subject equals the certificate's issuer);
 * signatures say which of them issued. Whether an issuer is any good (CA flag, dates, purposes) is not asked here:
 * that is the judge's question.
 */
#ifndef CW_TRUST_ISSUERS_H
#define CW_TRUST_ISSUERS_H

#include "pki/crl.h"
#include "pki/pool.h"
#include "trust/cache.h"
#include "trust/trust_list.h"

/** A walk: the entries of the list in their order, then the certificates of the pool. Either may be NULL. */
struct cw_issuers {
	const struct cw_name *name;
	const struct cw_trust_list *list;
	const struct cw_pool *pool;
	size_t next;	   /* in the list */
	const void *after; /* in the pool */
};

/** A walk over the bearers of a name. Everything borrowed, as long as the walk goes on. */
struct cw_issuers cw_issuers_named(
	const struct cw_name *name, const struct cw_trust_list *list, const struct cw_pool *pool);

/** The next bearer, or NULL. `*place`: its number in the list, from 1; 0: it is from the pool. `place` may be NULL. */
struct cw_cert *cw_issuers_next(struct cw_issuers *issuers, size_t *place);

/** The first bearer of the issuer's name whose key verifies `cert`; NULL where there is none. */
struct cw_cert *cw_issuers_signer(const struct cw_cert *cert, const struct cw_trust_list *list,
	const struct cw_pool *pool, struct cw_cache *cache);

/**
 * The first CA of the pool that signed this revocation list and may sign one: its key usage, where it has one, holds
 * cRLSign (RFC 5280 §6.3.3 (f)). NULL where there is none.
 */
struct cw_cert *cw_issuers_crl_signer(const struct cw_crl *crl, const struct cw_pool *pool);

#endif
