#include "trust/shadow.h"

#include "trust/issuers.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

size_t cw_shadow_openssl_choice(const struct cw_trust_list *list, const struct cw_cert *cert, cw_time at)
{
	size_t best = list->count;
	struct cw_issuers issuers = cw_issuers_named(cw_cert_issuer(cert), list, NULL);
	const struct cw_cert *entry;
	size_t place;
	while ((entry = cw_issuers_next(&issuers, &place))) {
		if (X509_check_issued(cw_cert_x509(entry), cw_cert_x509(cert)) != X509_V_OK)
			continue;
		if (at >= cw_cert_not_before(entry) && at <= cw_cert_not_after(entry))
			return place - 1;
		if (best == list->count ||
			cw_cert_not_after(entry) > cw_cert_not_after(list->entries[best].cert))
			best = place - 1; /* none is valid: the one that expires last */
	}
	return best;
}

size_t cw_shadow_above(const struct cw_judge_question *question, const struct cw_step *step)
{
	if (question->profile == CW_PROFILE_RFC5280 || step->origin != CW_FROM_LIST)
		return 0;
	size_t first = cw_trust_list_search(question->list, cw_cert_subject(step->cert), 0);
	return first + 1 < step->place ? first + 1 : 0;
}

/* Why the upper entry does not do. */
static const char *difference(
	const struct cw_cert *upper, const struct cw_cert *right, unsigned depth, cw_time at)
{
	if (!cw_cert_same_key(upper, right))
		return "has another key";
	if (at > cw_cert_not_after(upper))
		return "has expired";
	if (at < cw_cert_not_before(upper))
		return "is not yet valid";
	if (depth == 0)
		return "has the same key and is another certificate";
	return "has the same key but leads to no trusted root";
}

static const char *remark(
	const struct cw_judge_question *question, const struct cw_partial_path *good, unsigned depth)
{
	const struct cw_step *right = &good->steps[depth];
	if (depth == 0)
		return ". Two self-signed certificates of one subject cannot both be trusted here";
	const struct cw_cert *child = good->steps[depth - 1].cert;
	size_t openssl = cw_shadow_openssl_choice(question->list, child, question->at);
	if (openssl < question->list->count &&
		cw_cert_same(question->list->entries[openssl].cert, right->cert))
		return ". OpenSSL's own search, by key identifiers and dates, would have found the right one";
	return "";
}

static void add_shadow(const struct cw_judge_question *question, const struct cw_partial_path *good,
	unsigned depth, size_t upper, struct cw_findings *findings)
{
	const struct cw_step *right = &good->steps[depth];
	struct cw_cert *wrong = question->list->entries[upper - 1].cert;
	struct cw_finding *finding = cw_findings_add(findings, CW_ISSUER_SHADOWED, depth, wrong);
	if (!finding)
		return;
	finding->place = upper;
	finding->better = cw_cert_ref(right->cert);
	finding->better_place = right->place;
	cw_finding_detail(findings, finding,
		"wanted entry %zu of the list (%s, sha256 %.16s…), which is the right one; entry %zu of the "
		"same "
		"subject stands above it and is found first (sha256 %.16s…), and it %s%s",
		right->place, cw_cert_label(right->cert), cw_cert_sha256_text(right->cert), upper,
		cw_cert_sha256_text(wrong), difference(wrong, right->cert, depth, question->at),
		remark(question, good, depth));
}

bool cw_shadow_explain(const struct cw_judge_question *question, const struct cw_partial_path *good,
	struct cw_findings *findings, struct cw_error *error)
{
	for (unsigned depth = 0; depth < good->count; depth++) {
		size_t upper = cw_shadow_above(question, &good->steps[depth]);
		if (upper)
			add_shadow(question, good, depth, upper, findings);
	}
	return cw_findings_ok(findings, error);
}
