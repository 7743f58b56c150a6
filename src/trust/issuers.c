#include "trust/issuers.h"

#include "pki/error_mark.h"

#include <openssl/x509v3.h>

struct cw_issuers cw_issuers_named(
	const struct cw_name *name, const struct cw_trust_list *list, const struct cw_pool *pool)
{
	return (struct cw_issuers){.name = name, .list = list, .pool = pool};
}

struct cw_cert *cw_issuers_next(struct cw_issuers *issuers, size_t *place)
{
	if (place)
		*place = 0;
	if (issuers->list) {
		size_t index = cw_trust_list_search(issuers->list, issuers->name, issuers->next);
		if (index < issuers->list->count) {
			issuers->next = index + 1;
			if (place)
				*place = issuers->next;
			return issuers->list->entries[index].cert;
		}
		issuers->list = NULL;
	}
	return issuers->pool ? cw_pool_next(issuers->pool, issuers->name, &issuers->after) : NULL;
}

struct cw_cert *cw_issuers_signer(const struct cw_cert *cert, const struct cw_trust_list *list,
	const struct cw_pool *pool, struct cw_cache *cache)
{
	struct cw_issuers issuers = cw_issuers_named(cw_cert_issuer(cert), list, pool);
	struct cw_cert *issuer;
	while ((issuer = cw_issuers_next(&issuers, NULL)))
		if (cw_cache_signed_by(cache, cert, issuer))
			return issuer;
	return NULL;
}

static bool may_sign_crls(const struct cw_cert *cert)
{
	return cw_cert_is_ca(cert) &&
		(!cw_cert_has_key_usage(cert) || (cw_cert_key_usage(cert) & X509v3_KU_CRL_SIGN) != 0);
}

struct cw_cert *cw_issuers_crl_signer(const struct cw_crl *crl, const struct cw_pool *pool)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	struct cw_issuers issuers = cw_issuers_named(cw_crl_issuer(crl), NULL, pool);
	struct cw_cert *issuer;
	while ((issuer = cw_issuers_next(&issuers, NULL))) {
		EVP_PKEY *key = X509_get0_pubkey(cw_cert_x509(issuer));
		if (key && may_sign_crls(issuer) && X509_CRL_verify(cw_crl_x509(crl), key) == 1)
			return issuer;
	}
	return NULL;
}
