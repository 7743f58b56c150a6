/**
 * All distinct certificates that a run has met, each parsed once, found by their bytes or by their subject.
 *
 * The loader reads every file through one pool, so that a root that stands in forty lists is one object. The
 * judge searches here for what is missing ("you have it in e1/ca.pem"); it never trusts anything for being here.
 */
#ifndef CW_PKI_POOL_H
#define CW_PKI_POOL_H

#include "pki/cert.h"

struct cw_pool;

/** NULL: no memory. */
CW_MUST_USE struct cw_pool *cw_pool_new(void);
void cw_pool_free(struct cw_pool *pool);
CW_DEFINE_AUTO(struct cw_pool *, cw_pool_free)

/**
 * The certificate with these bytes: parsed if it is new, one more reference to the known one if not. The
 * caller owns the reference.
 */
CW_MUST_USE bool cw_pool_parse(struct cw_pool *pool, const uint8_t *der, size_t length, struct cw_cert **ret,
	struct cw_error *error);

/** Notes that `cert` can be found at `path` (as a person typed it).
 * The first path noted is kept. False: no memory. */
CW_MUST_USE bool cw_pool_note(struct cw_pool *pool, struct cw_cert *cert, const char *path);

/** Where the certificate was first read, or NULL. */
const char *cw_pool_path(const struct cw_pool *pool, const struct cw_cert *cert);

/** The certificates with this subject, in the order they were met;
 * `*after` starts NULL and holds the place. NULL: no more. */
struct cw_cert *cw_pool_next(const struct cw_pool *pool, const struct cw_name *subject, const void **after);

/** All certificates, in the order they were met; `*after` starts NULL and holds the place. NULL: no more. */
struct cw_cert *cw_pool_each(const struct cw_pool *pool, const void **after);

/** The certificate with this SHA-256, or NULL. Borrowed. */
struct cw_cert *cw_pool_find(const struct cw_pool *pool, const uint8_t sha256[CW_SHA256_SIZE]);

#endif
