#include "trust/rfc5280.h"

#include "base/buffer.h"
#include "pki/cert_details.h"
#include "trust/cache_parts.h"
#include "trust/key_identifiers.h"
#include "trust/name_constraints.h"
#include "trust/openssl_path.h"
#include "trust/policy.h"
#include "trust/purpose_reason.h"

#include <openssl/opensslv.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

/* What OpenSSL's reports are turned into findings with. */
struct run {
	const struct cw_judge_question *question;
	const struct cw_partial_path *partial;
	struct cw_findings *findings;
};

/* Each X509_V_ERR_* that a path can cause, as a code. Those of the search itself are ours and pass. */
enum mapping { OURS, UNFIT, AS_CODE };
static const struct {
	int error;
	enum mapping mapping;
	enum cw_code code;
} map[] = {
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, OURS, 0},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, OURS, 0},
	{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, OURS, 0},
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, OURS, 0},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, OURS, 0},
	{X509_V_ERR_CERT_CHAIN_TOO_LONG, OURS, 0},
	{X509_V_ERR_CERT_UNTRUSTED, OURS, 0},
	{X509_V_ERR_INVALID_CA, UNFIT, 0},
	{X509_V_ERR_INVALID_NON_CA, UNFIT, 0},
	{X509_V_ERR_INVALID_PURPOSE, UNFIT, 0},
	{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, UNFIT, 0},
	{X509_V_ERR_PATH_LENGTH_EXCEEDED, AS_CODE, CW_PATH_TOO_LONG},
	{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, AS_CODE, CW_CRITICAL_EXTENSION},
	{X509_V_ERR_INVALID_EXTENSION, AS_CODE, CW_CRITICAL_EXTENSION},
	{X509_V_ERR_PERMITTED_VIOLATION, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_EXCLUDED_VIOLATION, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_SUBTREE_MINMAX, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, AS_CODE, CW_NAME_CONSTRAINT},
	{X509_V_ERR_NO_EXPLICIT_POLICY, AS_CODE, CW_POLICY_UNFIT},
	{X509_V_ERR_INVALID_POLICY_EXTENSION, AS_CODE, CW_POLICY_UNFIT},
	{X509_V_ERR_CERT_REVOKED, AS_CODE, CW_REVOKED},
	{X509_V_ERR_CRL_HAS_EXPIRED, AS_CODE, CW_CRL_EXPIRED},
	{X509_V_ERR_UNABLE_TO_GET_CRL, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_CRL_SIGNATURE_FAILURE, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_CRL_NOT_YET_VALID, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_DIFFERENT_CRL_SCOPE, AS_CODE, CW_CRL_MISSING},
	{X509_V_ERR_CRL_PATH_VALIDATION_ERROR, AS_CODE, CW_CRL_MISSING},
};

/* The CRL of one CA fails for the certificate below the CA and for the CA itself, if it is a root: one cause.
 */
static bool crl_is_told(const struct cw_findings *findings, const char *issuer)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct cw_finding *finding = &findings->items[i];
		if ((finding->code == CW_CRL_MISSING || finding->code == CW_CRL_EXPIRED) &&
			strcmp(finding->name, issuer) == 0)
			return true;
	}
	return false;
}

/* A whole list of the same issuer. */
static bool has_base(const struct cw_revocation *revocation, const struct cw_crl *delta)
{
	for (size_t i = 0; i < revocation->count; i++)
		if (cw_name_equal(cw_crl_issuer(revocation->crls[i]), cw_crl_issuer(delta)) &&
			X509_CRL_get_ext_by_NID(cw_crl_x509(revocation->crls[i]), NID_delta_crl, -1) < 0)
			return true;
	return false;
}

/* Why the lists that are there do not count for this certificate. */
static void describe_lists(struct cw_buffer *text, const struct run *run, unsigned depth)
{
	const struct cw_revocation *revocation = &run->question->revocation;
	const struct cw_cert *cert = run->partial->steps[depth].cert;
	const struct cw_cert *issuer =
		depth + 1 < run->partial->count ? run->partial->steps[depth + 1].cert : cert;
	EVP_PKEY *key = X509_get0_pubkey(cw_cert_x509(issuer));
	char date[CW_TIME_TEXT_SIZE];
	for (size_t i = 0; i < revocation->count; i++) {
		const struct cw_crl *crl = revocation->crls[i];
		if (!cw_name_equal(cw_crl_issuer(crl), cw_cert_issuer(cert)))
			continue;
		cw_time_format_date(cw_crl_this_update(crl), date);
		AUTO_BUFFER critical = {0}, algorithm = {0};
		cw_cert_details_crl_critical(cw_crl_x509(crl), &critical);
		cw_cert_details_crl_signature(cw_crl_x509(crl), &algorithm);
		text->failed |= critical.failed || algorithm.failed;
		if (critical.length)
			cw_buffer_printf(text,
				"; a list of that name is there (of %s), but it has a critical extension that OpenSSL does "
				"not know: %s",
				date, cw_buffer_string(&critical));
		else if (!cw_cert_details_crl_checkable(cw_crl_x509(crl)))
			cw_buffer_printf(text,
				"; a list of that name is there (of %s), signed with %s, which OpenSSL %s cannot check",
				date, cw_buffer_string(&algorithm), OPENSSL_VERSION_STR);
		else if (X509_CRL_get_ext_by_NID(cw_crl_x509(crl), NID_delta_crl, -1) >= 0 &&
			has_base(revocation, crl))
			continue;
		else if (X509_CRL_get_ext_by_NID(cw_crl_x509(crl), NID_delta_crl, -1) >= 0)
			cw_buffer_printf(text,
				"; a list of that name is there (of %s), but it is a delta, which counts together with its base "
				"list only",
				date);
		else if (cw_crl_this_update(crl) > run->question->at)
			cw_buffer_printf(text, "; a list of that name is there, and begins on %s only", date);
		else if (!key || X509_CRL_verify(cw_crl_x509(crl), key) != 1)
			cw_buffer_printf(text,
				"; a list of that name is there (of %s), but the key of this CA did not sign it: it "
				"belongs to another key of the CA",
				date);
		else if (X509_CRL_get_ext_by_NID(cw_crl_x509(crl), NID_issuing_distribution_point, -1) >= 0)
			cw_buffer_printf(text,
				"; a list of that name is there (of %s), but it is for another distribution point, or "
				"for CA or user certificates only",
				date);
		else
			continue;
		return;
	}
}

/* What is missing may be there, and may hold the certificate: whatever the fallback, nothing is known. */
static void add_lists_unknown(struct run *run, struct cw_finding *finding, const char *issuer)
{
	cw_finding_severity(finding, CW_SEVERITY_UNKNOWN);
	cw_finding_detail(run->findings, finding,
		"revocation is checked with lists that are not known here: whether there is a good one of %s, and "
		"what stands in it, is not known",
		issuer);
}

/* Where nobody knows whether lists are looked at, what they say is no refusal yet. */
static const char *soften(const struct run *run, struct cw_finding *finding)
{
	if (!run->question->revocation.doubtful)
		return "";
	cw_finding_severity(finding, CW_SEVERITY_UNKNOWN);
	return "whether revocation is checked here is not known; where it is, this is a refusal: ";
}

static void add_crl_trouble(struct run *run, enum cw_code code, unsigned depth, int error)
{
	const struct cw_cert *cert = run->partial->steps[depth].cert;
	const char *issuer = cw_cert_issuer_text(cert);
	bool doubtful = run->question->revocation.doubtful;
	if (run->findings->failed || (doubtful && code == CW_CRL_MISSING) ||
		crl_is_told(run->findings, issuer))
		return;
	struct cw_finding *finding = cw_purpose_reason_add(run->findings, code, run->partial, depth);
	cw_finding_name(run->findings, finding, issuer);
	if (code == CW_CRL_MISSING && run->question->revocation.unknown) {
		add_lists_unknown(run, finding, issuer);
		return;
	}
	if (code == CW_CRL_MISSING && run->question->revocation.missing_passes)
		cw_finding_severity(finding, CW_SEVERITY_INFO);
	const struct cw_strings *urls = cw_cert_crl_urls(cert);
	AUTO_BUFFER source = {0};
	if (urls->count)
		cw_buffer_printf(&source, "; the certificate says it can be had at %s", urls->items[0]);
	if (code == CW_CRL_MISSING)
		describe_lists(&source, run, depth);
	cw_finding_detail(run->findings, finding,
		"%swanted a good revocation list of %s, which issued %s; OpenSSL says \"%s\"%s",
		soften(run, finding), issuer, cw_cert_label(cert), X509_verify_cert_error_string(error),
		cw_buffer_string(&source));
	run->findings->failed |= source.failed;
}

static void add_revoked(struct run *run, unsigned depth)
{
	const struct cw_cert *cert = run->partial->steps[depth].cert;
	struct cw_finding *finding = cw_purpose_reason_add(run->findings, CW_REVOKED, run->partial, depth);
	cw_finding_detail(run->findings, finding,
		"%s%s stands in the revocation list of %s; wanted it not revoked", soften(run, finding),
		cw_cert_label(cert), cw_cert_issuer_text(cert));
}

static void add_path_too_long(struct run *run, unsigned depth)
{
	const struct cw_cert *cert = run->partial->steps[depth].cert;
	struct cw_finding *finding =
		cw_purpose_reason_add(run->findings, CW_PATH_TOO_LONG, run->partial, depth);
	cw_finding_detail(run->findings, finding,
		"%s allows a path length of %ld below it; found %u CA%s between it and the leaf (self-issued "
		"ones do not count)",
		cw_cert_label(cert), cw_cert_path_length(cert), depth - 1, depth == 2 ? "" : "s");
}

/* Nobody can look for the CRL of an unknown CA. An anchor is no part of the path (RFC 5280 §6.1, §6.3), and
 * so needs none; OpenSSL, and so a box, wants one of it all the same. */
static bool needs_no_crl(const struct run *run, enum cw_code code, unsigned depth)
{
	if (depth + 1 < run->partial->count)
		return false;
	return run->partial->end != CW_PATH_END_COMPLETE ||
		(run->question->profile == CW_PROFILE_RFC5280 && code != CW_REVOKED && depth > 0);
}

static void add_mapped(struct run *run, enum cw_code code, unsigned depth, int error)
{
	const struct cw_partial_path *partial = run->partial;
	bool crl = code == CW_REVOKED || code == CW_CRL_MISSING || code == CW_CRL_EXPIRED;
	if (crl && needs_no_crl(run, code, depth))
		return;
	if (code == CW_REVOKED) {
		add_revoked(run, depth);
	} else if (crl) {
		add_crl_trouble(run, code, depth, error);
	} else if (code == CW_PATH_TOO_LONG) {
		add_path_too_long(run, depth);
	} else if (error == X509_V_ERR_NO_EXPLICIT_POLICY) {
		cw_policy_add_missing(run->findings, partial);
	} else if (code == CW_NAME_CONSTRAINT) {
		cw_name_constraints_explain(run->findings, partial, depth, error);
	} else {
		struct cw_finding *finding = cw_purpose_reason_add(run->findings, code, partial, depth);
		AUTO_BUFFER which = {0};
		if (error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION)
			cw_cert_details_critical(partial->steps[depth].cert, &which);
		run->findings->failed |= which.failed;
		cw_finding_detail(run->findings, finding, "%s: OpenSSL says \"%s\"%s%s",
			cw_cert_label(partial->steps[depth].cert), X509_verify_cert_error_string(error),
			which.length ? ": " : "", cw_buffer_string(&which));
	}
}

static void take_report(int error, unsigned depth, void *context)
{
	struct run *run = context;
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		if (map[i].error != error)
			continue;
		if (map[i].mapping == UNFIT)
			cw_purpose_reason_explain(run->findings, run->question, run->partial, depth, error);
		else if (map[i].mapping == AS_CODE)
			add_mapped(run, map[i].code, depth, error);
		return;
	}
	add_mapped(run, CW_OTHER_CHECK_FAILED, depth, error);
}

/* RFC 5280 §4.1.2.5: from notBefore through notAfter, inclusive. */
static void check_dates(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings)
{
	char wanted[CW_TIME_TEXT_SIZE], found[CW_TIME_TEXT_SIZE];
	for (unsigned i = 0; i < partial->count; i++) {
		struct cw_cert *cert = partial->steps[i].cert;
		const char *odd = cw_cert_odd_date(cert);
		if (odd) {
			struct cw_finding *finding =
				cw_purpose_reason_add(findings, CW_DATE_UNFIT, partial, i);
			cw_finding_detail(findings, finding,
				"%s of %s is not written as X.509 wants it; wanted seconds, \"Z\" and no fraction",
				odd, cw_cert_label(cert));
		}
		if (question->at > cw_cert_not_after(cert)) {
			struct cw_finding *finding = cw_purpose_reason_add(findings, CW_EXPIRED, partial, i);
			cw_finding_detail(findings, finding, "%s was valid until %s; judged at %s",
				cw_cert_label(cert), cw_time_format(cw_cert_not_after(cert), found),
				cw_time_format(question->at, wanted));
		}
		if (question->at < cw_cert_not_before(cert)) {
			struct cw_finding *finding =
				cw_purpose_reason_add(findings, CW_NOT_YET_VALID, partial, i);
			cw_finding_detail(findings, finding, "%s is valid from %s on; judged at %s",
				cw_cert_label(cert), cw_time_format(cw_cert_not_before(cert), found),
				cw_time_format(question->at, wanted));
		}
	}
}

/* Without a cache there is nobody to keep OpenSSL's context. */
static bool check_by_openssl(struct run *run, struct cw_error *error)
{
	AUTO(cw_openssl_path_free) struct cw_openssl_path *own = NULL;
	struct cw_openssl_path *checker = run->question->cache ? cw_cache_bound(run->question->cache) : NULL;
	if (!checker && !(checker = own = cw_openssl_path_new()))
		return cw_error_memory(error);
	return cw_openssl_path_check(checker, run->question, run->partial, take_report, run, error);
}

bool cw_rfc5280_check(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings, struct cw_error *error)
{
	struct run run = {question, partial, findings};
	check_dates(question, partial, findings);
	if (question->profile != CW_PROFILE_RFC5280)
		cw_key_identifiers_check(findings, partial);
	if (cw_purpose_reason_check_readable(findings, partial)) {
		if (!check_by_openssl(&run, error))
			return false;
		if (question->profile == CW_PROFILE_RFC5280) {
			cw_name_constraints_check(findings, partial);
			if (question->purpose == CW_PURPOSE_SERVER)
				cw_purpose_reason_check_server(findings, partial);
			cw_policy_check_qualifiers(findings, partial);
			if (!question->policies.on)
				cw_policy_check_explicit(findings, partial);
		}
	}
	if (question->purpose == CW_PURPOSE_EITHER)
		cw_purpose_reason_check_either(findings, partial);
	return cw_findings_ok(findings, error);
}
