#include "trust/openssl_path.h"

#include "pki/error_mark.h"
#include "trust/policy.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

CW_DEFINE_AUTO(STACK_OF(X509) *, sk_X509_free)
CW_DEFINE_AUTO(STACK_OF(X509_CRL) *, sk_X509_CRL_free)

#define ANY_POLICY "2.5.29.32.0"

struct cw_openssl_path {
	X509_STORE *store; /* holds the callbacks, and no certificate */
	X509_STORE_CTX *openssl;
	STACK_OF(X509) * others; /* who may have signed a CRL, or NULL */
	const struct cw_judge_question *question;
	const struct cw_partial_path *trail;
	cw_openssl_path_report report;
	void *context;
	const struct cw_error_mark *mark; /* of this run */
	bool handed_over;		  /* OpenSSL has the trail for its chain */
	bool failed;
};

static struct cw_openssl_path *bound_of(X509_STORE_CTX *openssl)
{
	X509_STORE_CTX *parent;
	while ((parent = X509_STORE_CTX_get0_parent_ctx(openssl)))
		openssl = parent; /* the path of a CRL's own signer is checked in a child */
	return X509_STORE_CTX_get_app_data(openssl);
}

/* Its depth, or the number of steps where it is not on the trail. */
static size_t depth_of(const struct cw_partial_path *trail, const X509 *cert)
{
	size_t depth = 0;
	while (depth < trail->count && cw_cert_x509(trail->steps[depth].cert) != cert)
		depth++;
	return depth;
}

/* The CA on the trail that signed the signer of a CRL. */
static X509 *crl_signers_issuer(const struct cw_partial_path *trail, X509 *signer)
{
	for (size_t i = 1; i < trail->count; i++) {
		X509 *issuer = cw_cert_x509(trail->steps[i].cert);
		if (X509_check_issued(issuer, signer) == X509_V_OK &&
			X509_verify(signer, X509_get0_pubkey(issuer)) == 1)
			return issuer;
	}
	return NULL;
}

/* OpenSSL finds nobody, and is handed the whole trail when it complains of that. Only for a CRL's signer it
 * looks. */
static int issuer_on_trail(X509 **issuer, X509_STORE_CTX *openssl, X509 *cert)
{
	if (!X509_STORE_CTX_get0_parent_ctx(openssl))
		return 0;
	const struct cw_partial_path *trail = bound_of(openssl)->trail;
	size_t depth = depth_of(trail, cert);
	X509 *found = NULL;
	if (depth + 1 < trail->count)
		found = cw_cert_x509(trail->steps[depth + 1].cert);
	else if (depth == trail->count)
		found = crl_signers_issuer(trail, cert);
	if (!found || !X509_up_ref(found))
		return 0;
	*issuer = found;
	return 1;
}

static int issued_on_trail(X509_STORE_CTX *openssl, X509 *cert, X509 *issuer)
{
	const struct cw_partial_path *trail = bound_of(openssl)->trail;
	size_t depth = depth_of(trail, cert);
	if (depth == trail->count)
		return X509_check_issued(issuer, cert) == X509_V_OK;
	return depth + 1 < trail->count && cw_cert_x509(trail->steps[depth + 1].cert) == issuer;
}

/*
 * Gives OpenSSL the trail for the chain that it could not build. It cannot be led there step by step: it
 * stops at every self-issued certificate without an authority key identifier (a CA's rollover), takes that
 * for a root, and checks nothing above it.
 */
static bool hand_over(struct cw_openssl_path *bound)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(bound->openssl);
	for (size_t i = 1; i < bound->trail->count; i++) {
		X509 *cert = cw_cert_x509(bound->trail->steps[i].cert);
		if (!sk_X509_push(chain, cert))
			return false;
		X509_up_ref(cert);
	}
	if (bound->others)
		X509_STORE_CTX_set0_untrusted(bound->openssl, bound->others);
	bound->handed_over = true;
	return true;
}

static bool signer_is_good(X509_STORE_CTX *openssl, X509 *cert, X509 *issuer)
{
	return X509_verify(cert, X509_get0_pubkey(issuer)) == 1 &&
		X509_cmp_timeframe(X509_STORE_CTX_get0_param(openssl), X509_get0_notBefore(cert),
			X509_get0_notAfter(cert)) == 0;
}

/* The search has verified the signatures of the trail, and our own code its dates; of a CRL signer's path
 * nobody has. */
static int signatures_are_known(X509_STORE_CTX *openssl)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(openssl);
	if (!X509_STORE_CTX_get0_parent_ctx(openssl)) {
		struct cw_openssl_path *bound = bound_of(openssl);
		bound->failed |= (size_t)sk_X509_num(chain) != bound->trail->count;
		return 1;
	}
	for (int i = 0; i < sk_X509_num(chain); i++)
		if (!signer_is_good(openssl, sk_X509_value(chain, i),
			    sk_X509_value(chain, i + 1 < sk_X509_num(chain) ? i + 1 : i)))
			return 0;
	return 1;
}

/* Of the path of a CRL's signer every fault is one of the CRL, but what TLS wants of a peer and that our path
 * has no anchor in OpenSSL's eyes. */
static int judge_crl_signer(int error, int depth)
{
	return error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
		(error == X509_V_ERR_INVALID_PURPOSE && depth == 0);
}

/* A second try tells a signature that does not verify from an allocation that failed deep in OpenSSL's
 * arithmetic. */
static bool crl_verifies_after_all(X509_STORE_CTX *openssl, int error)
{
	X509_CRL *crl = X509_STORE_CTX_get0_current_crl(openssl);
	X509 *issuer = X509_STORE_CTX_get0_current_issuer(openssl);
	return error == X509_V_ERR_CRL_SIGNATURE_FAILURE && crl && issuer &&
		X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
}

static int collect_error(int ok, X509_STORE_CTX *openssl)
{
	struct cw_openssl_path *bound = bound_of(openssl);
	int error = X509_STORE_CTX_get_error(openssl);
	int depth = X509_STORE_CTX_get_error_depth(openssl);
	if (ok)
		return 1;
	if (error == X509_V_ERR_OUT_OF_MEM ||
		(error == X509_V_ERR_UNSPECIFIED && cw_error_mark_out_of_memory(bound->mark)))
		return 0;
	if (crl_verifies_after_all(openssl, error))
		return 1;
	if (X509_STORE_CTX_get0_parent_ctx(openssl))
		return judge_crl_signer(error, depth);
	if (!bound->handed_over)
		return hand_over(bound);
	if (depth >= 0 && (size_t)depth < bound->trail->count)
		bound->report(error, (unsigned)depth, bound->context);
	return 1;
}

struct cw_openssl_path *cw_openssl_path_new(void)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_openssl_path_free) struct cw_openssl_path *bound = calloc(1, sizeof *bound);
	if (!bound)
		return NULL;
	bound->store = X509_STORE_new();
	bound->openssl = X509_STORE_CTX_new();
	if (!bound->store || !bound->openssl)
		return NULL;
	X509_STORE_set_get_issuer(bound->store, issuer_on_trail);
	X509_STORE_set_check_issued(bound->store, issued_on_trail);
	X509_STORE_set_verify(bound->store, signatures_are_known);
	X509_STORE_set_verify_cb(bound->store, collect_error);
	return TAKE(bound);
}

void cw_openssl_path_free(struct cw_openssl_path *bound)
{
	if (!bound)
		return;
	X509_STORE_CTX_free(bound->openssl);
	X509_STORE_free(bound->store);
	free(bound);
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

/* Who may have signed a CRL: RFC 5280 §6.3.3 (f) lets it be another certificate than the one that signs
 * below. */
static bool offer_crl_signers(const struct cw_judge_question *question, STACK_OF(X509) * others)
{
	for (size_t i = 1; i < question->chain_count; i++)
		if (!sk_X509_push(others, cw_cert_x509(question->chain[i])))
			return false;
	for (size_t i = 0; i < question->list->count; i++)
		if (!sk_X509_push(others, cw_cert_x509(question->list->entries[i].cert)))
			return false;
	return true;
}

static bool offer_crls(const struct cw_judge_question *question, STACK_OF(X509_CRL) * crls)
{
	for (size_t i = 0; i < question->revocation.count; i++)
		if (!sk_X509_CRL_push(crls, cw_crl_x509(question->revocation.crls[i])))
			return false;
	return true;
}

/*
 * RFC 5280 §6.1 processes policies always. Expressway nodes, being OpenSSL's, do not; and where no
 * certificate below the anchor constrains them, nothing can come of it.
 */
static bool wants_policies(const struct cw_judge_question *question, const struct cw_partial_path *trail)
{
	return question->policies.on ||
		(question->profile == CW_PROFILE_RFC5280 && cw_policy_wants_openssl(trail));
}

static bool allow_policy(X509_VERIFY_PARAM *parameters, const char *oid)
{
	ASN1_OBJECT *policy = OBJ_txt2obj(oid, 1);
	if (policy && X509_VERIFY_PARAM_add0_policy(parameters, policy))
		return true;
	ASN1_OBJECT_free(policy);
	return false;
}

/* RFC 5280 §6.1.1 (c), (e)-(g). For OpenSSL no user policy at all is none that is good. */
static bool ask_policies(X509_VERIFY_PARAM *parameters, const struct cw_policies *policies)
{
	unsigned long flags = X509_V_FLAG_POLICY_CHECK;
	if (policies->explicit)
		flags |= X509_V_FLAG_EXPLICIT_POLICY;
	if (policies->inhibit_mapping)
		flags |= X509_V_FLAG_INHIBIT_MAP;
	if (policies->inhibit_any)
		flags |= X509_V_FLAG_INHIBIT_ANY;
	X509_VERIFY_PARAM_set_flags(parameters, flags);
	if (policies->count == 0)
		return allow_policy(parameters, ANY_POLICY);
	for (size_t i = 0; i < policies->count; i++)
		if (!allow_policy(parameters, policies->oids[i]))
			return false;
	return true;
}

/*
 * NEVER_CHECK_SUBJECT: where the common name is no host name for the judge, it is none for the name
 * constraints either (RFC 5280 §4.2.1.10 knows host names in the SAN only; OpenSSL looks at the CN of a leaf
 * without any).
 */
static bool start(struct cw_openssl_path *bound)
{
	const struct cw_judge_question *question = bound->question;
	X509 *leaf = cw_cert_x509(bound->trail->steps[0].cert);
	bound->handed_over = bound->failed = false;
	if (!X509_STORE_CTX_init(bound->openssl, bound->store, leaf, NULL) ||
		!X509_STORE_CTX_set_app_data(bound->openssl, bound))
		return false;
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(bound->openssl);
	X509_VERIFY_PARAM_set_purpose(parameters, openssl_purpose(question->purpose));
	X509_VERIFY_PARAM_set_time(parameters, question->at);
	X509_VERIFY_PARAM_set_depth(parameters, CW_PATH_DEPTH_MAX);
	if (question->profile == CW_PROFILE_RFC5280 && !question->common_name_counts)
		X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	/* weak keys and digests have findings of their own */
	X509_VERIFY_PARAM_set_auth_level(parameters, 0);
	return !wants_policies(question, bound->trail) || ask_policies(parameters, &question->policies);
}

/* collect_error lets everything pass: what is not positive is OpenSSL's own failure and no answer. */
static bool run(struct cw_openssl_path *bound, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	bound->mark = &mark;
	int result = X509_verify_cert(bound->openssl);
	bool memory = X509_STORE_CTX_get_error(bound->openssl) == X509_V_ERR_OUT_OF_MEM;
	X509_STORE_CTX_cleanup(bound->openssl); /* it borrows stacks that are about to go */
	if (result > 0 && bound->handed_over && !bound->failed)
		return true;
	if (memory)
		return cw_error_memory(error);
	return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "OpenSSL could not check the path");
}

static bool run_with_crls(struct cw_openssl_path *bound, struct cw_error *error)
{
	AUTO(sk_X509_free) STACK_OF(X509) *others = sk_X509_new_null();
	AUTO(sk_X509_CRL_free) STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	if (!others || !crls || !offer_crl_signers(bound->question, others) ||
		!offer_crls(bound->question, crls) || !start(bound))
		return cw_error_memory(error);
	bound->others = others;
	unsigned long whole = bound->question->revocation.leaf_only ? 0 : X509_V_FLAG_CRL_CHECK_ALL;
	X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(bound->openssl),
		X509_V_FLAG_CRL_CHECK | whole | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS);
	X509_STORE_CTX_set0_crls(bound->openssl, crls);
	bool worked = run(bound, error);
	bound->others = NULL;
	return worked;
}

bool cw_openssl_path_check(struct cw_openssl_path *bound, const struct cw_judge_question *question,
	const struct cw_partial_path *trail, cw_openssl_path_report report, void *context,
	struct cw_error *error)
{
	bound->question = question;
	bound->trail = trail;
	bound->report = report;
	bound->context = context;
	if (question->revocation.on)
		return run_with_crls(bound, error);
	return start(bound) ? run(bound, error) : cw_error_memory(error);
}
