#include "trust/missing_issuer.h"

#include "base/buffer.h"
#include "pki/cert_details.h"
#include "trust/issuers.h"

#include <openssl/opensslv.h>

/* The list's entry of this name, which is the wrong one: its place from 1, or 0. */
static size_t wrong_place(const struct cw_judge_question *question, const struct cw_name *name)
{
	size_t index = cw_trust_list_search(question->list, name, 0);
	return index < question->list->count ? index + 1 : 0;
}

/* First-subject judges stop at a wrong entry: appending the right one would not help. */
static bool stops_at_first(const struct cw_judge_question *question)
{
	return question->profile != CW_PROFILE_RFC5280;
}

static const char *found_at(const struct cw_judge_question *question, const struct cw_cert *cert)
{
	const char *path = question->known ? cw_pool_path(question->known, cert) : NULL;
	return path ? path : "the other side's own chain";
}

/* Key identifiers tell a damaged certificate from one that a namesake of the entry signed. */
static const char *other_key_id(
	const struct cw_judge_question *question, const struct cw_cert *cert, size_t place)
{
	return cw_path_key_id_rank(cert, question->list->entries[place - 1].cert) == 2
		? "; by its key identifiers another CA of that name signed it"
		: "";
}

/* Nobody can say who signed: "another key" would be a guess. */
static void tell_uncheckable(
	const struct cw_cert *cert, struct cw_findings *findings, struct cw_finding *finding)
{
	AUTO_BUFFER algorithm = {0};
	cw_cert_details_signature(cert, &algorithm);
	findings->failed |= algorithm.failed;
	cw_finding_detail(findings, finding,
		"%s is signed with %s, which OpenSSL %s cannot check, so that nothing is known of who signed it",
		cw_cert_label(cert), cw_buffer_string(&algorithm), OPENSSL_VERSION_STR);
}

static void add_signature_invalid(const struct cw_judge_question *question,
	const struct cw_partial_path *partial, unsigned depth, struct cw_cert *right,
	struct cw_findings *findings)
{
	struct cw_cert *cert = partial->steps[depth].cert;
	struct cw_finding *finding = cw_findings_add(findings, CW_SIGNATURE_INVALID, depth, cert);
	if (!finding)
		return;
	if (!cw_cert_details_checkable(cert)) {
		tell_uncheckable(cert, findings, finding);
		return;
	}
	finding->place = wrong_place(question, cw_cert_issuer(cert));
	if (right)
		finding->better = cw_cert_ref(right);
	const char *label = cw_cert_label(cert), *issuer = cw_cert_issuer_text(cert);
	AUTO_BUFFER entry = {0};
	if (finding->place)
		cw_trust_list_call(question->list, finding->place, &entry);
	findings->failed |= entry.failed;
	if (right)
		cw_finding_detail(findings, finding,
			"%s bears the name %s, but its key did not sign %s; the one that did is in %s",
			cw_buffer_string(&entry), issuer, label, found_at(question, right));
	else if (finding->place)
		cw_finding_detail(findings, finding,
			"%s bears the name %s, but the signature of %s does not verify with its key%s",
			cw_buffer_string(&entry), issuer, label,
			other_key_id(question, cert, finding->place));
	else
		cw_finding_detail(findings, finding,
			"the signature of %s does not verify with the key of %s, which came with it", label,
			issuer);
}

/* A certificate that would have to be in the list, known from elsewhere. */
static void add_known_missing(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	unsigned depth, struct cw_findings *findings)
{
	struct cw_cert *cert = partial->steps[depth].cert;
	if (depth > 0 && stops_at_first(question) && wrong_place(question, cw_cert_subject(cert))) {
		add_signature_invalid(question, partial, depth - 1, cert, findings);
		return;
	}
	bool root = cw_cert_self_signed(cert);
	struct cw_finding *finding =
		cw_findings_add(findings, root ? CW_ROOT_MISSING : CW_ISSUER_MISSING, depth, cert);
	cw_finding_detail(findings, finding, "wanted %s %s in the list; it is not there (it is in %s)",
		root ? "the root" : "the CA", cw_cert_label(cert), found_at(question, cert));
}

/* The chain ends in a self-signed certificate that the other side sent. */
static void add_unlisted_root(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings)
{
	unsigned depth = (unsigned)partial->count - 1;
	struct cw_cert *cert = partial->steps[depth].cert;
	struct cw_finding *finding =
		cw_findings_add(findings, depth ? CW_ROOT_MISSING : CW_SELF_SIGNED_UNTRUSTED, depth, cert);
	if (!finding)
		return;
	finding->place = wrong_place(question, cw_cert_subject(cert));
	AUTO_BUFFER entry = {0};
	if (finding->place)
		cw_trust_list_call(question->list, finding->place, &entry);
	findings->failed |= entry.failed;
	if (finding->place)
		cw_finding_detail(findings, finding,
			"wanted %s (sha256 %.16s…) in the list; %s has its subject and is another "
			"certificate",
			cw_cert_label(cert), cw_cert_sha256_text(cert), cw_buffer_string(&entry));
	else if (depth)
		cw_finding_detail(findings, finding,
			"wanted the root %s in the list; it came over the wire, which proves nothing",
			cw_cert_label(cert));
	else
		cw_finding_detail(findings, finding,
			"%s is signed by itself; wanted it in the list, and it is not there",
			cw_cert_label(cert));
	finding->place = 0; /* the culprit itself is not in the list */
}

/* A root whose own signature is broken (or whose successor of the same name signed it) leads to itself. */
static bool is_broken_root(const struct cw_partial_path *partial)
{
	const struct cw_cert *last = partial->steps[partial->count - 1].cert;
	return partial->end == CW_PATH_END_CIRCLE && cw_cert_self_issued(last) &&
		cw_path_key_id_rank(last, last) != 2;
}

static void add_broken_root(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings)
{
	unsigned depth = (unsigned)partial->count - 1;
	const struct cw_step *step = &partial->steps[depth];
	struct cw_finding *finding = cw_findings_add(findings, CW_SIGNATURE_INVALID, depth, step->cert);
	size_t index = cw_trust_list_find(question->list, step->cert);
	if (finding && index < question->list->count)
		finding->place = index + 1;
	if (!cw_cert_details_checkable(step->cert)) {
		tell_uncheckable(step->cert, findings, finding);
		return;
	}
	cw_finding_detail(findings, finding,
		"%s names itself as its issuer, and wanted is a signature by its own key; the one it bears "
		"does "
		"not verify with it",
		cw_cert_label(step->cert));
}

/* Why the search ended where it did. */
static void describe_end(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_buffer *text)
{
	const struct cw_cert *last = partial->steps[partial->count - 1].cert;
	struct cw_issuers issuers = cw_issuers_named(cw_cert_issuer(last), NULL, question->known);
	const struct cw_cert *namesake = cw_issuers_next(&issuers, NULL);
	if (partial->end == CW_PATH_END_CIRCLE)
		cw_buffer_text(text, "the chain runs in a circle and never reaches a root");
	else if (partial->end == CW_PATH_END_TOO_DEEP)
		cw_buffer_printf(text, "the chain is longer than %d certificates", CW_PATH_DEPTH_MAX);
	else if (partial->end == CW_PATH_END_GAVE_UP)
		cw_buffer_printf(text, "the search was given up after %d candidates", CW_PATH_CANDIDATES_MAX);
	else if (namesake)
		cw_buffer_printf(text,
			"it is neither in the list nor sent; %s has one of that name, with another key",
			found_at(question, namesake));
	else
		cw_buffer_text(
			text, "it is neither in the list nor sent, and in no other file that was read");
}

static void add_unknown_issuer(const struct cw_judge_question *question,
	const struct cw_partial_path *partial, struct cw_findings *findings)
{
	const struct cw_cert *last = partial->steps[partial->count - 1].cert;
	struct cw_finding *finding =
		cw_findings_add(findings, CW_ISSUER_MISSING, (unsigned)partial->count, NULL);
	cw_finding_subject(findings, finding, cw_cert_issuer_text(last));
	AUTO_BUFFER why = {0};
	describe_end(question, partial, &why);
	const struct cw_strings *urls = cw_cert_issuer_urls(last);
	if (urls->count)
		cw_buffer_printf(&why, "; the certificate says it can be had at %s", urls->items[0]);
	findings->failed |= why.failed;
	cw_finding_detail(findings, finding, "wanted the CA %s, which issued %s; %s",
		cw_cert_issuer_text(last), cw_cert_label(last), cw_buffer_string(&why));
}

bool cw_missing_issuer_explain(const struct cw_judge_question *question,
	const struct cw_partial_path *partial, struct cw_findings *findings, struct cw_error *error)
{
	for (unsigned depth = 1; depth < partial->count; depth++)
		if (partial->steps[depth].origin == CW_FROM_ELSEWHERE)
			add_known_missing(question, partial, depth, findings);
	switch (partial->end) {
	case CW_PATH_END_COMPLETE:
		break;
	case CW_PATH_END_ROOT_NOT_LISTED:
		add_unlisted_root(question, partial, findings);
		break;
	case CW_PATH_END_BAD_SIGNATURE:
		add_signature_invalid(question, partial, (unsigned)partial->count - 1, NULL, findings);
		break;
	case CW_PATH_END_CIRCLE:
		if (is_broken_root(partial)) {
			add_broken_root(question, partial, findings);
			break;
		}
		add_unknown_issuer(question, partial, findings);
		break;
	case CW_PATH_END_NO_ISSUER:
	case CW_PATH_END_TOO_DEEP:
	case CW_PATH_END_GAVE_UP:
		add_unknown_issuer(question, partial, findings);
		break;
	}
	return cw_findings_ok(findings, error);
}
