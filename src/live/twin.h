/**
 * The twin of a deployment: shadow certificates, keys, trust lists and CRLs for all that its links can meet.
 *
 * What a search for issuers could reach from any identity, by names, is shadowed; the rest of a list (a
 * system has 148 roots) stays what it is. Each distinct public key has one shadow key, so that cross-signed,
 * renewed and shared keys stay what they are. The signer of a certificate is found by verifying its original
 * signature: where a subject fits and no key verifies, the bad signature stays bad; where the issuer is not
 * known, a throwaway key signs. Private keys that the deployment names are used as they are.
 *
 * Does not judge. The shadows live in memory; who writes them down has to remove them.
 */
#ifndef CW_LIVE_TWIN_H
#define CW_LIVE_TWIN_H

#include "deploy/model.h"
#include "live/shadow_keys.h"

struct cw_twin;

/** Makes the shadows. `deployment` must outlive the twin. Fails where OpenSSL or memory does. */
CW_MUST_USE bool cw_twin_new(const struct cw_deployment *deployment, struct cw_shadow_keys *keys,
	struct cw_twin **ret, struct cw_error *error);
void cw_twin_free(struct cw_twin *twin);
CW_DEFINE_AUTO(struct cw_twin *, cw_twin_free)

/** What stands for a certificate of the deployment: its shadow, or itself where no link can meet it.
 * Borrowed.
 */
struct cw_cert *cw_twin_shadow(const struct cw_twin *twin, struct cw_cert *original);
/** What a certificate of the twin stands for; itself where it is no shadow. Borrowed. */
const struct cw_cert *cw_twin_original(const struct cw_twin *twin, const struct cw_cert *shadow);

/** The private key of an original's shadow. Borrowed; NULL where there is none. */
EVP_PKEY *cw_twin_key(const struct cw_twin *twin, const struct cw_cert *original);
/** That key is the original one, which the deployment names. */
bool cw_twin_key_is_given(const struct cw_twin *twin, const struct cw_cert *original);
/** Why the certificate could not be shadowed, or NULL. */
const char *cw_twin_trouble(const struct cw_twin *twin, const struct cw_cert *original);

/** The twin's copy of a store or of a node's CRLs. Borrowed. */
const struct cw_trust_list *cw_twin_list(const struct cw_twin *twin, const struct cw_store *store);
const struct cw_crl_set *cw_twin_crls(const struct cw_twin *twin, const struct cw_node *node);

/** The shadows, as the deployment's pool holds the originals. */
struct cw_pool *cw_twin_pool(const struct cw_twin *twin);

/** How many certificates were shadowed, and with how many keys. */
size_t cw_twin_count(const struct cw_twin *twin);
size_t cw_twin_key_count(const struct cw_twin *twin);

#endif
