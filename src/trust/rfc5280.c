#include "trust/rfc5280.h"

#include "trust/unfit.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

CW_DEFINE_AUTO(X509_STORE *, X509_STORE_free)
CW_DEFINE_AUTO(X509_STORE_CTX *, X509_STORE_CTX_free)

static void free_crl_stack(STACK_OF(X509_CRL) * crls)
{
	sk_X509_CRL_free(crls); /* the lists themselves are borrowed */
}
CW_DEFINE_AUTO(STACK_OF(X509_CRL) *, free_crl_stack)

/* What the callbacks below work on, hung into the X509_STORE_CTX. */
struct run {
	const struct cw_question *question;
	const struct cw_trail *trail;
	struct cw_findings *findings;
	bool no_memory;
};

static struct run *run_of(X509_STORE_CTX *context)
{
	X509_STORE_CTX *parent;
	while ((parent = X509_STORE_CTX_get0_parent_ctx(context)))
		context = parent; /* a CRL's own path is checked in a child */
	return X509_STORE_CTX_get_app_data(context);
}

static int issuer_on_trail(X509 **issuer, X509_STORE_CTX *context, X509 *cert)
{
	const struct cw_trail *trail = run_of(context)->trail;
	for (size_t i = 0; i < trail->count; i++) {
		if (cw_cert_x509(trail->steps[i].cert) != cert)
			continue;
		bool last = i + 1 == trail->count;
		if (last && trail->end != CW_TRAIL_COMPLETE)
			return 0;
		*issuer = cw_cert_x509(trail->steps[last ? i : i + 1].cert);
		return X509_up_ref(*issuer);
	}
	return 0;
}

static int issued_on_trail(X509_STORE_CTX *context, X509 *cert, X509 *issuer)
{
	const struct cw_trail *trail = run_of(context)->trail;
	for (size_t i = 0; i < trail->count; i++) {
		if (cw_cert_x509(trail->steps[i].cert) != cert)
			continue;
		size_t next = i + 1 < trail->count ? i + 1 : i;
		return cw_cert_x509(trail->steps[next].cert) == issuer;
	}
	return 0;
}

/* The search has verified the signatures of the trail; those of a CRL issuer's own path it has not. */
static int signatures_are_known(X509_STORE_CTX *context)
{
	if (!X509_STORE_CTX_get0_parent_ctx(context))
		return 1;
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
	for (int i = 0; i < sk_X509_num(chain); i++) {
		int issuer = i + 1 < sk_X509_num(chain) ? i + 1 : i;
		if (X509_verify(sk_X509_value(chain, i), X509_get0_pubkey(sk_X509_value(chain, issuer))) != 1)
			return 0;
	}
	return 1;
}

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

static bool is_crl_code(enum cw_code code)
{
	return code == CW_REVOKED || code == CW_CRL_MISSING || code == CW_CRL_EXPIRED;
}

static void add_mapped(struct run *run, enum cw_code code, unsigned depth, int error)
{
	bool last = depth + 1 == run->trail->count;
	if (is_crl_code(code) && last && run->trail->end != CW_TRAIL_COMPLETE)
		return; /* nobody can look for the CRL of an unknown CA */
	struct cw_cert *cert = run->trail->steps[depth].cert;
	struct cw_finding *finding = cw_unfit_add(run->findings, code, depth, cert);
	cw_finding_detail(run->findings, finding, "%s: OpenSSL says \"%s\"", cw_cert_label(cert),
		X509_verify_cert_error_string(error));
	if (code == CW_CRL_MISSING && run->question->revocation.missing_passes)
		cw_finding_severity(finding, CW_SEVERITY_INFO);
	if (code == CW_CRL_MISSING || code == CW_CRL_EXPIRED)
		cw_finding_name(run->findings, finding, cw_cert_issuer_text(cert));
}

static int collect_error(int ok, X509_STORE_CTX *context)
{
	struct run *run = run_of(context);
	int error = X509_STORE_CTX_get_error(context);
	int depth = X509_STORE_CTX_get_error_depth(context);
	if (ok)
		return 1;
	if (error == X509_V_ERR_OUT_OF_MEM) {
		run->no_memory = true;
		return 0;
	}
	if (X509_STORE_CTX_get0_parent_ctx(context))
		return 0; /* a CRL's own path must be good: its failure is reported as the CRL's */
	if (depth < 0 || (size_t)depth >= run->trail->count)
		return 1;
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		if (map[i].error != error)
			continue;
		if (map[i].mapping == UNFIT)
			cw_unfit_explain(
				run->findings, run->question->purpose, run->trail, (unsigned)depth, error);
		else if (map[i].mapping == AS_CODE)
			add_mapped(run, map[i].code, (unsigned)depth, error);
		return 1;
	}
	add_mapped(run, CW_OTHER_CHECK_FAILED, (unsigned)depth, error);
	return 1;
}

static int openssl_purpose(enum cw_purpose purpose)
{
	switch (purpose) {
	case CW_PURPOSE_SERVER:
		return X509_PURPOSE_SSL_SERVER;
	case CW_PURPOSE_CLIENT:
		return X509_PURPOSE_SSL_CLIENT;
	case CW_PURPOSE_ANY:
	case CW_PURPOSE_EITHER:
		return X509_PURPOSE_ANY;
	}
	return X509_PURPOSE_ANY;
}

static X509_STORE *bound_store(void)
{
	X509_STORE *store = X509_STORE_new();
	if (!store)
		return NULL;
	X509_STORE_set_get_issuer(store, issuer_on_trail);
	X509_STORE_set_check_issued(store, issued_on_trail);
	X509_STORE_set_verify(store, signatures_are_known);
	X509_STORE_set_verify_cb(store, collect_error);
	return store;
}

static bool configure(X509_STORE_CTX *context, const struct cw_question *question, STACK_OF(X509_CRL) * crls)
{
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_purpose(parameters, openssl_purpose(question->purpose));
	X509_VERIFY_PARAM_set_time(parameters, question->at);
	X509_VERIFY_PARAM_set_depth(parameters, CW_PATH_DEPTH_MAX);
	X509_VERIFY_PARAM_set_auth_level(
		parameters, 0); /* weak keys and digests have findings of their own */
	if (!question->revocation.on)
		return true;
	X509_VERIFY_PARAM_set_flags(parameters,
		X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT |
			X509_V_FLAG_USE_DELTAS);
	for (size_t i = 0; i < question->revocation.count; i++)
		if (!sk_X509_CRL_push(crls, cw_crl_x509(question->revocation.crls[i])))
			return false;
	X509_STORE_CTX_set0_crls(context, crls);
	return true;
}

static bool run_openssl(struct run *run, struct cw_error *error)
{
	AUTO(X509_STORE_free) X509_STORE *store = bound_store();
	AUTO(X509_STORE_CTX_free) X509_STORE_CTX *context = X509_STORE_CTX_new();
	AUTO(free_crl_stack) STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	if (!store || !context || !crls ||
		!X509_STORE_CTX_init(context, store, cw_cert_x509(run->trail->steps[0].cert), NULL) ||
		!X509_STORE_CTX_set_app_data(context, run) || !configure(context, run->question, crls))
		return cw_error_memory(error);
	/* The callback returns 1, so the result says nothing: every error has gone through it. */
	X509_verify_cert(context);
	return run->no_memory ? cw_error_memory(error) : true;
}

/* RFC 5280 §4.1.2.5: from notBefore through notAfter, inclusive. */
static void check_dates(
	const struct cw_question *question, const struct cw_trail *trail, struct cw_findings *findings)
{
	char wanted[CW_TIME_TEXT_SIZE], found[CW_TIME_TEXT_SIZE];
	cw_time_format(question->at, wanted);
	for (unsigned i = 0; i < trail->count; i++) {
		struct cw_cert *cert = trail->steps[i].cert;
		if (question->at > cw_cert_not_after(cert)) {
			struct cw_finding *finding = cw_findings_add(findings, CW_EXPIRED, i, cert);
			cw_finding_detail(findings, finding, "%s was valid until %s; judged at %s",
				cw_cert_label(cert), cw_time_format(cw_cert_not_after(cert), found), wanted);
		}
		if (question->at < cw_cert_not_before(cert)) {
			struct cw_finding *finding = cw_findings_add(findings, CW_NOT_YET_VALID, i, cert);
			cw_finding_detail(findings, finding, "%s is valid from %s on; judged at %s",
				cw_cert_label(cert), cw_time_format(cw_cert_not_before(cert), found), wanted);
		}
	}
}

bool cw_rfc5280_check(const struct cw_question *question, const struct cw_trail *trail,
	struct cw_findings *findings, struct cw_error *error)
{
	struct run run = {.question = question, .trail = trail, .findings = findings};
	check_dates(question, trail, findings);
	ERR_set_mark(); /* an error left in the queue makes the next SSL_get_error lie */
	bool worked = run_openssl(&run, error);
	ERR_pop_to_mark();
	if (!worked)
		return false;
	if (question->purpose == CW_PURPOSE_EITHER)
		cw_unfit_check_either(findings, trail);
	return cw_findings_ok(findings, error);
}
