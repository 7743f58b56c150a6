#include "pki/issue.h"

bool cw_issue(const struct cw_issue_spec *spec, EVP_PKEY *key, const struct cw_cert *issuer,
	EVP_PKEY *issuer_key, struct cw_cert **ret, struct cw_error *error)
{
	AUTO_BUFFER der = {0};
	if (!cw_issue_der(spec, key, issuer ? cw_cert_x509(issuer) : NULL, issuer_key, &der, error))
		return false;
	return cw_cert_parse((const uint8_t *)der.data, der.length, ret, error);
}
