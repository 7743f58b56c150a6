/**
 * Client certificate testing: the page of that name as a question to the judge.
 *
 * Says first what the page says, word for word where the seeds have it, and then what that means: the page's
 * sentence about a missing CRL means that everything else is in order.
 */
#ifndef CW_WORKBENCH_CLIENT_TEST_H
#define CW_WORKBENCH_CLIENT_TEST_H

#include "report/json.h"
#include "trust/judge.h"
#include "workbench/pattern.h"

/* How revocation is looked at. AS_PAGE is what the page does if nobody set anything: every CA's CRL is
 * wanted, and where there is none at all, the page says so of a certificate that is good otherwise. */
enum cw_client_revocation {
	CW_CLIENT_REVOCATION_AS_PAGE,
	CW_CLIENT_REVOCATION_NONE,
	CW_CLIENT_REVOCATION_LEAF,
	CW_CLIENT_REVOCATION_ALL
};

struct cw_client_question {
	struct cw_cert *cert; /* NULL: plain text, which nobody can verify */
	const char *text;     /* decoded, what the pattern is matched with */
	size_t text_length;
	const struct cw_trust_list *list;
	struct cw_crl *const *crls;
	size_t crl_count;
	enum cw_client_revocation revocation;
	const char *pattern;
	const char *format;
	const struct cw_pool *known;
	cw_time at;
};

struct cw_client_answer {
	char *page;	/* what the page shows behind "Valid certificate:" */
	bool seed_text; /* word for word from the seeds; else OpenSSL's words, which the page passes on */
	bool good;	/* it would be let in */
	bool crl_only;	/* only a CRL is missing, and revocation is not in use */
	bool judged;	/* false: plain text */
	struct cw_judgement judgement;
	struct cw_pattern_result pattern;
};

void cw_client_test_finish(struct cw_client_answer *answer);
#define AUTO_CLIENT_ANSWER __attribute__((cleanup(cw_client_test_finish))) struct cw_client_answer

CW_MUST_USE bool cw_client_test(
	const struct cw_client_question *question, struct cw_client_answer *ret, struct cw_error *error);

/** The answer in a line, the page's words, what they mean and every reason. */
void cw_client_test_text(struct cw_buffer *ret, const struct cw_client_question *question,
	const struct cw_client_answer *answer);
/** What the page's words mean, in a sentence or two. */
const char *cw_client_test_meaning(
	const struct cw_client_question *question, const struct cw_client_answer *answer);
/** What the page shows below: the certificate's text, which patterns are matched with. Eighty lines. */
void cw_client_test_decoded(struct cw_buffer *ret, const struct cw_client_question *question);
/** NULL: no memory. */
json_t *cw_client_test_json(const struct cw_client_answer *answer);

/** The certificate as "Show decoded" has it, which is what the pattern sees. */
CW_MUST_USE bool cw_client_test_decode(
	const struct cw_cert *cert, struct cw_buffer *ret, struct cw_error *error);

#endif
