#include "trust/openssl_path.h"

#include "pki/error_mark.h"
#include "trust/policy.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

CW_DEFINE_AUTO(STACK_OF(X509) *, sk_X509_free)
CW_DEFINE_AUTO(STACK_OF(X509_CRL) *, sk_X509_CRL_free)

#define ANY_POLICY "2.5.29.32.0"

/*
 * How one path is handed to OpenSSL. X509_verify_cert would search by itself, with its own clock and its own idea of an
 * issuer. So the store holds no certificate, and its callbacks are bound to the path: get_issuer knows no issuer but the
 * certificate above, check_issued says yes to exactly these pairs. OpenSSL complains that the leaf's chain is not whole; at
 * that first complaint the rest of the path is put into its chain, and it goes on as if it had built it (hand_over says why
 * so). The verification of signatures and dates is replaced, since the search has done the first and our own code does the
 * second; only of a CRL's signer they are done there. What is left are the checks of RFC 5280 §6 on extensions, names,
 * policies and revocation. Every later complaint is reported and answered with 1, so that all of them come; the return value
 * then says nothing but that OpenSSL itself did not fail.
 */

struct cw_openssl_path {
	X509_STORE *store; /* holds the callbacks, and no certificate */
	X509_STORE_CTX *openssl;
	STACK_OF(X509) * others; /* who may have signed a CRL, or NULL */
	const struct cw_judge_question *question;
	const struct cw_partial_path *partial;
	cw_openssl_path_report report;
	void *context;
	const struct cw_error_mark *mark; /* of this run */
	bool handed_over;		  /* OpenSSL has the path for its chain */
	bool failed;
};

static struct cw_openssl_path *checker_of(X509_STORE_CTX *openssl)
{
	X509_STORE_CTX *parent;
	while ((parent = X509_STORE_CTX_get0_parent_ctx(openssl)))
		openssl = parent; /* the path of a CRL's own signer is checked in a child */
	return X509_STORE_CTX_get_app_data(openssl);
}

/* Its depth, or the number of steps where it is not on the path. */
static size_t depth_of(const struct cw_partial_path *partial, const X509 *cert)
{
	size_t depth = 0;
	while (depth < partial->count && cw_cert_x509(partial->steps[depth].cert) != cert)
		depth++;
	return depth;
}

/* The CA on the path that signed the signer of a CRL. */
static X509 *crl_signers_issuer(const struct cw_partial_path *partial, X509 *signer)
{
	for (size_t i = 1; i < partial->count; i++) {
		X509 *issuer = cw_cert_x509(partial->steps[i].cert);
		if (X509_check_issued(issuer, signer) == X509_V_OK &&
			X509_verify(signer, X509_get0_pubkey(issuer)) == 1)
			return issuer;
	}
	return NULL;
}

/* OpenSSL finds nobody, and is handed the whole path when it complains of that. Only for a CRL's signer it
 * looks. */
static int issuer_on_path(X509 **issuer, X509_STORE_CTX *openssl, X509 *cert)
{
	if (!X509_STORE_CTX_get0_parent_ctx(openssl))
		return 0;
	const struct cw_partial_path *partial = checker_of(openssl)->partial;
	size_t depth = depth_of(partial, cert);
	X509 *found = NULL;
	if (depth + 1 < partial->count)
		found = cw_cert_x509(partial->steps[depth + 1].cert);
	else if (depth == partial->count)
		found = crl_signers_issuer(partial, cert);
	if (!found || !X509_up_ref(found))
		return 0;
	*issuer = found;
	return 1;
}

static int issued_on_path(X509_STORE_CTX *openssl, X509 *cert, X509 *issuer)
{
	const struct cw_partial_path *partial = checker_of(openssl)->partial;
	size_t depth = depth_of(partial, cert);
	if (depth == partial->count)
		return X509_check_issued(issuer, cert) == X509_V_OK;
	return depth + 1 < partial->count && cw_cert_x509(partial->steps[depth + 1].cert) == issuer;
}

/*
 * Gives OpenSSL the path for the chain that it could not build. It cannot be led there step by step: it
 * stops at every self-issued certificate without an authority key identifier (a CA's rollover), takes that
 * for a root, and checks nothing above it.
 */
static bool hand_over(struct cw_openssl_path *checker)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(checker->openssl);
	for (size_t i = 1; i < checker->partial->count; i++) {
		X509 *cert = cw_cert_x509(checker->partial->steps[i].cert);
		if (!sk_X509_push(chain, cert))
			return false;
		X509_up_ref(cert);
	}
	if (checker->others)
		X509_STORE_CTX_set0_untrusted(checker->openssl, checker->others);
	checker->handed_over = true;
	return true;
}

static bool signer_is_good(X509_STORE_CTX *openssl, X509 *cert, X509 *issuer)
{
	return X509_verify(cert, X509_get0_pubkey(issuer)) == 1 &&
		X509_cmp_timeframe(X509_STORE_CTX_get0_param(openssl), X509_get0_notBefore(cert),
			X509_get0_notAfter(cert)) == 0;
}

/* The search has verified the signatures of the path, and our own code its dates; of a CRL signer's path
 * nobody has. */
static int signatures_are_known(X509_STORE_CTX *openssl)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(openssl);
	if (!X509_STORE_CTX_get0_parent_ctx(openssl)) {
		struct cw_openssl_path *checker = checker_of(openssl);
		checker->failed |= (size_t)sk_X509_num(chain) != checker->partial->count;
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

/* A list that a CA has yet to publish (pki/crl.h), in a plan. */
static bool crl_is_promised(const struct cw_openssl_path *bound, const X509_CRL *crl, X509 *issuer)
{
	const struct cw_revocation *revocation = &bound->question->revocation;
	for (size_t i = 0; i < revocation->count; i++)
		if (cw_crl_x509(revocation->crls[i]) == crl)
			return cw_crl_is_promised_by(revocation->crls[i], issuer);
	return false;
}

/* A second try tells a signature that does not verify from an allocation that failed deep in OpenSSL's
 * arithmetic. */
static bool crl_verifies_after_all(X509_STORE_CTX *openssl, int error)
{
	X509_CRL *crl = X509_STORE_CTX_get0_current_crl(openssl);
	X509 *issuer = X509_STORE_CTX_get0_current_issuer(openssl);
	if (error != X509_V_ERR_CRL_SIGNATURE_FAILURE || !crl || !issuer)
		return false;
	return X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1 ||
		crl_is_promised(checker_of(openssl), crl, issuer);
}

static int collect_error(int ok, X509_STORE_CTX *openssl)
{
	struct cw_openssl_path *checker = checker_of(openssl);
	int error = X509_STORE_CTX_get_error(openssl);
	int depth = X509_STORE_CTX_get_error_depth(openssl);
	if (ok)
		return 1;
	if (error == X509_V_ERR_OUT_OF_MEM ||
		(error == X509_V_ERR_UNSPECIFIED && cw_error_mark_out_of_memory(checker->mark)))
		return 0;
	if (crl_verifies_after_all(openssl, error))
		return 1;
	if (X509_STORE_CTX_get0_parent_ctx(openssl))
		return judge_crl_signer(error, depth);
	if (!checker->handed_over)
		return hand_over(checker);
	if (depth >= 0 && (size_t)depth < checker->partial->count)
		checker->report(error, (unsigned)depth, checker->context);
	return 1;
}

struct cw_openssl_path *cw_openssl_path_new(void)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_openssl_path_free) struct cw_openssl_path *checker = calloc(1, sizeof *checker);
	if (!checker)
		return NULL;
	checker->store = X509_STORE_new();
	checker->openssl = X509_STORE_CTX_new();
	if (!checker->store || !checker->openssl)
		return NULL;
	X509_STORE_set_get_issuer(checker->store, issuer_on_path);
	X509_STORE_set_check_issued(checker->store, issued_on_path);
	X509_STORE_set_verify(checker->store, signatures_are_known);
	X509_STORE_set_verify_cb(checker->store, collect_error);
	return TAKE(checker);
}

void cw_openssl_path_free(struct cw_openssl_path *checker)
{
	if (!checker)
		return;
	X509_STORE_CTX_free(checker->openssl);
	X509_STORE_free(checker->store);
	free(checker);
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
static bool wants_policies(const struct cw_judge_question *question, const struct cw_partial_path *partial)
{
	return question->policies.on ||
		(question->profile == CW_PROFILE_RFC5280 && cw_policy_wants_openssl(partial));
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
static bool start(struct cw_openssl_path *checker)
{
	const struct cw_judge_question *question = checker->question;
	X509 *leaf = cw_cert_x509(checker->partial->steps[0].cert);
	checker->handed_over = checker->failed = false;
	if (!X509_STORE_CTX_init(checker->openssl, checker->store, leaf, NULL) ||
		!X509_STORE_CTX_set_app_data(checker->openssl, checker))
		return false;
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(checker->openssl);
	X509_VERIFY_PARAM_set_purpose(parameters, openssl_purpose(question->purpose));
	X509_VERIFY_PARAM_set_time(parameters, question->at);
	X509_VERIFY_PARAM_set_depth(parameters, CW_PATH_DEPTH_MAX);
	if (question->profile == CW_PROFILE_RFC5280 && !question->common_name_counts)
		X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	/* weak keys and digests have findings of their own */
	X509_VERIFY_PARAM_set_auth_level(parameters, 0);
	return !wants_policies(question, checker->partial) || ask_policies(parameters, &question->policies);
}

/* collect_error lets everything pass: what is not positive is OpenSSL's own failure and no answer. */
static bool run(struct cw_openssl_path *checker, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	checker->mark = &mark;
	int result = X509_verify_cert(checker->openssl);
	bool memory = X509_STORE_CTX_get_error(checker->openssl) == X509_V_ERR_OUT_OF_MEM;
	X509_STORE_CTX_cleanup(checker->openssl); /* it borrows stacks that are about to go */
	if (result > 0 && checker->handed_over && !checker->failed)
		return true;
	if (memory)
		return cw_error_memory(error);
	return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "OpenSSL could not check the path");
}

static bool run_with_crls(struct cw_openssl_path *checker, struct cw_error *error)
{
	AUTO(sk_X509_free) STACK_OF(X509) *others = sk_X509_new_null();
	AUTO(sk_X509_CRL_free) STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	if (!others || !crls || !offer_crl_signers(checker->question, others) ||
		!offer_crls(checker->question, crls) || !start(checker))
		return cw_error_memory(error);
	checker->others = others;
	unsigned long whole = checker->question->revocation.leaf_only ? 0 : X509_V_FLAG_CRL_CHECK_ALL;
	X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(checker->openssl),
		X509_V_FLAG_CRL_CHECK | whole | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS);
	X509_STORE_CTX_set0_crls(checker->openssl, crls);
	bool worked = run(checker, error);
	checker->others = NULL;
	return worked;
}

bool cw_openssl_path_check(struct cw_openssl_path *checker, const struct cw_judge_question *question,
	const struct cw_partial_path *partial, cw_openssl_path_report report, void *context,
	struct cw_error *error)
{
	checker->question = question;
	checker->partial = partial;
	checker->report = report;
	checker->context = context;
	if (question->revocation.on)
		return run_with_crls(checker, error);
	return start(checker) ? run(checker, error) : cw_error_memory(error);
}
