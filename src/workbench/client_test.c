#include "workbench/client_test.h"

#include "check/check.h"
#include "check/question.h"
#include "pki/error_mark.h"

#include <openssl/bio.h>
#include <openssl/x509_vfy.h>
#include <string.h>

CW_DEFINE_AUTO(BIO *, BIO_free_all)

/* The MRA certificates guide "Test to Know If A Certificate Is Trusted On The Expressway". */
#define NOT_TRUSTED "Invalid: The client certificate is not signed by a CA in the trusted CA list."
#define NO_CRL "Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL"

void cw_client_test_finish(struct cw_client_answer *answer)
{
	free(answer->page);
	cw_judge_finish(&answer->judgement);
	cw_pattern_result_finish(&answer->pattern);
	*answer = (struct cw_client_answer){0};
}

bool cw_client_test_decode(const struct cw_cert *cert, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(BIO_free_all) BIO *memory = BIO_new(BIO_s_mem());
	if (!memory || X509_print(memory, cw_cert_x509(cert)) != 1)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "cannot decode the certificate");
	char *text;
	long length = BIO_get_mem_data(memory, &text);
	cw_buffer_append(ret, text, (size_t)length);
	return cw_buffer_ok(ret, error);
}

static bool ask(const struct cw_client_question *question, bool revocation, struct cw_judgement *ret,
	struct cw_error *error)
{
	struct cw_cert *chain = question->cert;
	const struct cw_judge_question asked = {
		.chain = &chain,
		.chain_count = 1,
		.list = question->list,
		.revocation = {.on = revocation,
			.leaf_only = question->revocation == CW_CLIENT_REVOCATION_LEAF,
			.crls = question->crls,
			.count = question->crl_count},
		.at = question->at,
		.known = question->known,
	};
	return cw_question_ask_alone(CW_ALONE_CLIENT_TEST, &asked, ret, error);
}

/* The first reason, in the order of the judge: the most specific one. */
static const struct cw_finding *reason(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			return &judgement->findings.items[i];
	return NULL;
}

/* What the page has from OpenSSL, it passes on behind "Invalid: " (the seed's second text is such a one). */
static int openssl_code(enum cw_code code)
{
	static const struct {
		enum cw_code code;
		int error;
	} rows[] = {
		{CW_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED},
		{CW_NOT_YET_VALID, X509_V_ERR_CERT_NOT_YET_VALID},
		{CW_REVOKED, X509_V_ERR_CERT_REVOKED},
		{CW_CRL_EXPIRED, X509_V_ERR_CRL_HAS_EXPIRED},
		{CW_CLIENT_AUTH_MISSING, X509_V_ERR_INVALID_PURPOSE},
		{CW_KEY_USAGE_UNFIT, X509_V_ERR_INVALID_PURPOSE},
		{CW_NOT_A_CA, X509_V_ERR_INVALID_CA},
		{CW_PATH_TOO_LONG, X509_V_ERR_PATH_LENGTH_EXCEEDED},
		{CW_NAME_CONSTRAINT, X509_V_ERR_PERMITTED_VIOLATION},
		{CW_CRITICAL_EXTENSION, X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
		{CW_SIGNATURE_INVALID, X509_V_ERR_CERT_SIGNATURE_FAILURE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].code == code)
			return rows[i].error;
	return X509_V_ERR_UNSPECIFIED;
}

static bool set_page(struct cw_client_answer *answer, bool seed, const char *text)
{
	answer->seed_text = seed;
	answer->page = strdup(text);
	return answer->page;
}

static bool tell_reason(struct cw_client_answer *answer, const struct cw_finding *finding)
{
	if (finding->code != CW_SIGNATURE_INVALID && cw_check_code_is_about_list(finding->code))
		return set_page(answer, true, NOT_TRUSTED);
	if (finding->code == CW_CRL_MISSING)
		return set_page(answer, true, NO_CRL);
	AUTO_BUFFER text = {0};
	int error = openssl_code(finding->code);
	if (error == X509_V_ERR_UNSPECIFIED)
		cw_buffer_printf(&text, "Invalid: %s", cw_finding_row(finding->code)->sentence);
	else
		cw_buffer_printf(&text, "Invalid: %s", X509_verify_cert_error_string(error));
	return !text.failed && set_page(answer, false, cw_buffer_string(&text));
}

static bool judge(
	const struct cw_client_question *question, struct cw_client_answer *answer, struct cw_error *error)
{
	bool as_page = question->revocation == CW_CLIENT_REVOCATION_AS_PAGE;
	bool on = question->revocation != CW_CLIENT_REVOCATION_NONE && !(as_page && !question->crl_count);
	if (!ask(question, on, &answer->judgement, error))
		return false;
	const struct cw_finding *why = reason(&answer->judgement);
	answer->judged = true;
	answer->good = !why;
	answer->crl_only = !why && as_page && !on;
	const char *page = answer->crl_only ? NO_CRL : "Valid";
	bool told = why ? tell_reason(answer, why) : set_page(answer, answer->crl_only, page);
	return told || cw_error_memory(error);
}

bool cw_client_test(
	const struct cw_client_question *question, struct cw_client_answer *ret, struct cw_error *error)
{
	AUTO_CLIENT_ANSWER answer = {0};
	if (question->cert && !judge(question, &answer, error))
		return false;
	if (!question->cert && !set_page(&answer, false, "not tested: plain text carries no signature"))
		return cw_error_memory(error);
	if (!cw_pattern_match(question->pattern, question->format, question->text, question->text_length,
		    &answer.pattern, error))
		return false;
	*ret = answer;
	answer = (struct cw_client_answer){0};
	return true;
}
