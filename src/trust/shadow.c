#include "trust/shadow.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

size_t cw_shadow_openssl_choice(const struct cw_trust_list *list, const struct cw_cert *cert, cw_time at)
{
	size_t best = list->count;
	for (size_t i = cw_trust_list_search(list, cw_cert_issuer(cert), 0); i < list->count;
		i = cw_trust_list_search(list, cw_cert_issuer(cert), i + 1)) {
		const struct cw_cert *entry = list->entries[i].cert;
		if (X509_check_issued(cw_cert_x509(entry), cw_cert_x509(cert)) != X509_V_OK)
			continue;
		if (at >= cw_cert_not_before(entry) && at <= cw_cert_not_after(entry))
			return i;
		if (best == list->count ||
			cw_cert_not_after(entry) > cw_cert_not_after(list->entries[best].cert))
			best = i; /* none is valid: the one that expires last */
	}
	return best;
}

static bool self_signed(const struct cw_cert *cert)
{
	return cw_cert_self_issued(cert) && cw_cert_self_signed(cert);
}

/* Why the upper entry does not do. */
static const char *difference(const struct cw_cert *upper, const struct cw_cert *right, cw_time at)
{
	if (!cw_cert_same_key(upper, right))
		return "has another key";
	if (at > cw_cert_not_after(upper))
		return "has expired";
	if (at < cw_cert_not_before(upper))
		return "is not yet valid";
	return "has the same key but leads to no trusted root";
}

static void add_shadow(const struct cw_question *question, const struct cw_trail *good, unsigned depth,
	size_t upper, struct cw_findings *findings)
{
	const struct cw_trust_list *list = question->list;
	const struct cw_step *right = &good->steps[depth];
	struct cw_cert *wrong = list->entries[upper].cert;
	struct cw_finding *finding = cw_findings_add(findings, CW_ISSUER_SHADOWED, depth, wrong);
	if (!finding)
		return;
	finding->place = upper + 1;
	finding->better = cw_cert_ref(right->cert);
	finding->better_place = right->place;

	const struct cw_cert *child = depth ? good->steps[depth - 1].cert : right->cert;
	size_t openssl = cw_shadow_openssl_choice(list, child, question->at);
	bool openssl_differs =
		openssl < list->count && cw_cert_same(list->entries[openssl].cert, right->cert);
	const char *seed = self_signed(wrong) && self_signed(right->cert) && depth == 0
		? ". Two self-signed certificates of one subject cannot both be trusted here"
		: "";
	cw_finding_detail(findings, finding,
		"entry %zu of the list (%s, sha256 %.16s…) %s and hides entry %zu of the same subject "
		"(sha256 %.16s…), which "
		"is the right one%s%s",
		upper + 1, cw_cert_label(wrong), cw_cert_sha256_text(wrong),
		difference(wrong, right->cert, question->at), right->place, cw_cert_sha256_text(right->cert),
		seed,
		openssl_differs ? ". OpenSSL's own search, by key identifiers and dates, would have found "
				  "the right one"
				: "");
}

bool cw_shadow_explain(const struct cw_question *question, const struct cw_trail *good,
	struct cw_findings *findings, struct cw_error *error)
{
	for (unsigned depth = 0; depth < good->count; depth++) {
		const struct cw_step *step = &good->steps[depth];
		if (step->origin != CW_FROM_LIST)
			continue;
		size_t first = cw_trust_list_search(question->list, cw_cert_subject(step->cert), 0);
		if (first + 1 < step->place)
			add_shadow(question, good, depth, first, findings);
	}
	return cw_findings_ok(findings, error);
}
