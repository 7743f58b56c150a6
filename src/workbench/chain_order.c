#include "workbench/chain_order.h"

#include "trust/issuers.h"

static bool is_in(const struct cw_chain_order *chain, const struct cw_cert *cert)
{
	for (size_t i = 0; i < chain->count; i++)
		if (cw_cert_same(chain->steps[i], cert))
			return true;
	return false;
}

void cw_chain_order_follow(const struct cw_pool *pool, struct cw_cert *leaf, struct cw_chain_order *ret)
{
	*ret = (struct cw_chain_order){.steps = {leaf}, .count = 1};
	while (ret->count < CW_PATH_DEPTH_MAX) {
		struct cw_cert *top = ret->steps[ret->count - 1], *issuer;
		struct cw_issuers issuers = cw_issuers_named(cw_cert_issuer(top), NULL, pool);
		ret->complete = cw_cert_self_signed(top);
		if (ret->complete)
			return;
		while ((issuer = cw_issuers_next(&issuers, NULL)))
			if (!is_in(ret, issuer) && cw_cert_signed_by(top, issuer))
				break;
		if (!issuer)
			return;
		ret->steps[ret->count++] = issuer;
	}
}

static bool issued_another(const struct cw_bundle *bundle, size_t index)
{
	const struct cw_cert *cert = bundle->entries[index].cert;
	for (size_t i = 0; i < bundle->count; i++) {
		const struct cw_cert *other = bundle->entries[i].cert;
		if (!cw_cert_same(cert, other) &&
			cw_name_equal(cw_cert_subject(cert), cw_cert_issuer(other)) &&
			cw_cert_signed_by(other, cert))
			return true;
	}
	return false;
}

size_t cw_chain_order_leaf(const struct cw_bundle *bundle)
{
	for (size_t i = 0; i < bundle->count; i++)
		if (!cw_cert_is_ca(bundle->entries[i].cert) && !issued_another(bundle, i))
			return i;
	for (size_t i = 0; i < bundle->count; i++)
		if (!issued_another(bundle, i))
			return i;
	return 0;
}
