#include "trust/policy.h"

#include "trust/unfit.h"

#include <openssl/x509v3.h>

CW_DEFINE_AUTO(CERTIFICATEPOLICIES *, CERTIFICATEPOLICIES_free)

static bool is_known(const POLICYINFO *policy)
{
	for (int i = 0; i < sk_POLICYQUALINFO_num(policy->qualifiers); i++) {
		int nid = OBJ_obj2nid(sk_POLICYQUALINFO_value(policy->qualifiers, i)->pqualid);
		if (nid != NID_id_qt_cps && nid != NID_id_qt_unotice)
			return false;
	}
	return true;
}

static void check_cert(struct cw_findings *findings, const struct cw_trail *trail, unsigned depth)
{
	const struct cw_cert *cert = trail->steps[depth].cert;
	X509 *x509 = cw_cert_x509(cert);
	int place = X509_get_ext_by_NID(x509, NID_certificate_policies, -1);
	if (place < 0 || !X509_EXTENSION_get_critical(X509_get_ext(x509, place)))
		return;
	AUTO(CERTIFICATEPOLICIES_free)
	CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(x509, NID_certificate_policies, NULL, NULL);
	bool known = policies != NULL; /* no memory is told by the judge, who looks at the queue of errors */
	for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
		known = known && is_known(sk_POLICYINFO_value(policies, i));
	if (known)
		return;
	struct cw_finding *finding = cw_unfit_add(findings, CW_CRITICAL_EXTENSION, trail, depth);
	cw_finding_detail(findings, finding,
		"the certificate policies of %s are critical, and have a part that nobody here can interpret",
		cw_cert_label(cert));
}

void cw_policy_check_qualifiers(struct cw_findings *findings, const struct cw_trail *trail)
{
	size_t anchor = trail->end == CW_TRAIL_COMPLETE ? trail->count - 1 : trail->count;
	for (unsigned i = 0; i < anchor; i++)
		check_cert(findings, trail, i);
}
