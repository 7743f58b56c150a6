#include "trust/policy.h"

#include "trust/purpose_reason.h"

#include <openssl/x509v3.h>

CW_DEFINE_AUTO(CERTIFICATEPOLICIES *, CERTIFICATEPOLICIES_free)
CW_DEFINE_AUTO(POLICY_CONSTRAINTS *, POLICY_CONSTRAINTS_free)

/* A certificate below the anchor of a complete path has this extension. */
static bool any_has(const struct cw_partial_path *partial, int extension)
{
	for (size_t i = 0; i + 1 < partial->count; i++)
		if (X509_get_ext_by_NID(cw_cert_x509(partial->steps[i].cert), extension, -1) >= 0)
			return true;
	return false;
}

static bool one_has_none(const struct cw_partial_path *partial)
{
	for (size_t i = 0; i + 1 < partial->count; i++)
		if (X509_get_ext_by_NID(cw_cert_x509(partial->steps[i].cert), NID_certificate_policies, -1) <
			0)
			return true;
	return false;
}

/* §6.1.4 (a) looks at mappings, which is OpenSSL's to do. */
static bool is_simple(const struct cw_partial_path *partial)
{
	return one_has_none(partial) && !any_has(partial, NID_policy_mappings);
}

bool cw_policy_wants_openssl(const struct cw_partial_path *partial)
{
	return partial->end == CW_PATH_END_COMPLETE && !is_simple(partial) &&
		(any_has(partial, NID_policy_constraints) || any_has(partial, NID_policy_mappings) ||
			any_has(partial, NID_inhibit_any_policy));
}

/* requireExplicitPolicy, or -1. One that cannot be read demands a policy at once. */
static long required(const struct cw_cert *cert)
{
	int critical;
	AUTO(POLICY_CONSTRAINTS_free)
	POLICY_CONSTRAINTS *constraints =
		X509_get_ext_d2i(cw_cert_x509(cert), NID_policy_constraints, &critical, NULL);
	if (!constraints)
		return critical == -1 ? -1 : 0;
	if (!constraints->requireExplicitPolicy)
		return -1;
	long value = ASN1_INTEGER_get(constraints->requireExplicitPolicy);
	return value < 0 ? 0 : value;
}

/* §6.1.4 (h), (i) and §6.1.5 (a), (b), from the anchor down: 0 where a policy must hold. */
static size_t explicit_policy(const struct cw_partial_path *partial)
{
	size_t left = partial->count;
	for (size_t i = partial->count - 1; i-- > 0;) {
		const struct cw_cert *cert = partial->steps[i].cert;
		if (left && (i == 0 || !cw_cert_self_issued(cert)))
			left--;
		long demand = required(cert);
		if (demand == 0 || (i > 0 && demand > 0 && (size_t)demand < left))
			left = (size_t)demand;
	}
	return left;
}

void cw_policy_add_missing(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_POLICY_UNFIT, partial, 0);
	cw_finding_detail(findings, finding,
		"wanted a certificate policy that holds from the root down to %s, and is one of those asked "
		"for; found none",
		cw_cert_label(partial->steps[0].cert));
}

void cw_policy_check_explicit(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	if (partial->end == CW_PATH_END_COMPLETE && any_has(partial, NID_policy_constraints) &&
		is_simple(partial) && explicit_policy(partial) == 0)
		cw_policy_add_missing(findings, partial);
}

static bool is_known(const POLICYINFO *policy)
{
	for (int i = 0; i < sk_POLICYQUALINFO_num(policy->qualifiers); i++) {
		int nid = OBJ_obj2nid(sk_POLICYQUALINFO_value(policy->qualifiers, i)->pqualid);
		if (nid != NID_id_qt_cps && nid != NID_id_qt_unotice)
			return false;
	}
	return true;
}

static void check_cert(struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
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
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_CRITICAL_EXTENSION, partial, depth);
	cw_finding_detail(findings, finding,
		"the certificate policies of %s are critical, and have a part that nobody here can interpret",
		cw_cert_label(cert));
}

void cw_policy_check_qualifiers(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	size_t anchor = partial->end == CW_PATH_END_COMPLETE ? partial->count - 1 : partial->count;
	for (unsigned i = 0; i < anchor; i++)
		check_cert(findings, partial, i);
}
