#include "check/question_parts.h"

#include "check/handshake.h"
#include "check/wanted.h"
#include "model/presented.h"

#include <string.h>

/* docs/rules.md "Profiles": first-subject search is a fact about Expressway. */
static enum cw_profile judge_profile(const struct question_asking *asking)
{
	if (asking->link->kind == CW_LINK_TUNNEL)
		return CW_PROFILE_TUNNEL;
	if (asking->terms->force_profile)
		return asking->terms->profile;
	return cw_node_is_expressway(asking->judge->node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280;
}

/* The chain of an identity of the subject: what came over the wire, or what the files say would come. */
static size_t chain_shown(const struct question_asking *asking, enum cw_identity_kind kind,
	bool main_question, struct cw_cert *ret[CW_PATH_DEPTH_MAX])
{
	const struct cw_question_evidence *evidence = asking->evidence;
	size_t count = 0;
	if (evidence && main_question) {
		size_t most = asking->row->leaf_alone ? 1 : CW_PATH_DEPTH_MAX;
		for (; count < evidence->chain_count && count < most; count++)
			ret[count] = evidence->chain[count];
		return count;
	}
	count = asking->row->leaf_alone ? 0 : cw_presented_chain(asking->subject->node, kind, ret);
	if (!count)
		ret[count++] = asking->subject->node->identities[kind].leaf;
	for (size_t i = 0; evidence && evidence->stand_in && i < count; i++)
		ret[i] = evidence->stand_in(evidence->context, ret[i]);
	return count;
}

static bool keep_chain(
	struct cw_question *side, struct cw_cert *const *chain, size_t count, struct cw_error *error)
{
	side->chain = calloc(count, sizeof *side->chain);
	if (!side->chain)
		return cw_error_memory(error);
	for (size_t i = 0; i < count; i++)
		side->chain[i] = cw_cert_ref(chain[i]);
	side->chain_count = count;
	return true;
}

/* docs/rules.md: Expressway's revocation applies to its SIP TLS links. */
static struct cw_revocation revocation(const struct question_asking *asking)
{
	enum cw_link_kind kind = asking->link->kind;
	const struct cw_node *judge = asking->judge->node;
	bool sip = kind == CW_LINK_TRAVERSAL || kind == CW_LINK_SERVICE || kind == CW_LINK_SIP_OUT ||
		kind == CW_LINK_SIP_IN || kind == CW_LINK_SIP_OAUTH;
	if (!sip || !cw_node_is_expressway(judge))
		return (struct cw_revocation){0};
	const struct cw_crl_set *crls =
		asking->evidence && asking->evidence->crls ? asking->evidence->crls : &judge->crls;
	/* Where it is not known whether lists are looked at, those that are there may change the answer; without any,
	 * the doubts about the input say what the answer rests on. */
	bool doubtful = judge->group->revocation_unknown && crls->count;
	if (!judge->group->revocation && !doubtful)
		return (struct cw_revocation){0};
	return (struct cw_revocation){
		.on = true,
		.doubtful = doubtful,
		.missing_passes = judge->group->revocation_missing_passes,
		.crls = crls->items,
		.count = crls->count,
		.unknown = crls->unknown,
	};
}

/* The names in a CUCM, endpoint or front side are looked for by rules of no Expressway release. */
static bool common_name_counts(const struct question_asking *asking)
{
	return cw_node_is_expressway(asking->judge->node) &&
		cw_release_row(asking->judge->node->group->release)->common_name_counts;
}

static const struct cw_trust_list *trust_list(const struct question_asking *asking)
{
	static const struct cw_trust_list none;
	if (asking->store->state != CW_KNOWN)
		return &none;
	if (asking->list)
		return asking->list;
	const struct cw_question_evidence *evidence = asking->evidence;
	return evidence && evidence->lists[asking->row->store] ? evidence->lists[asking->row->store]
							       : &asking->store->list;
}

static bool judge_identity(const struct question_asking *asking, enum cw_identity_kind kind,
	enum cw_purpose purpose, const struct cw_wanted *wanted, struct cw_question *keep,
	struct cw_judgement *ret)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t count = chain_shown(asking, kind, kind == asking->kind, chain);
	struct cw_judge_question question = {
		.chain = chain,
		.chain_count = count,
		.list = trust_list(asking),
		.profile = judge_profile(asking),
		.purpose = purpose,
		.names = wanted->items,
		.name_count = wanted->count,
		.common_name_counts = common_name_counts(asking),
		.revocation = revocation(asking),
		.at = asking->terms->at,
		.known = asking->evidence && asking->evidence->known ? asking->evidence->known
								     : asking->terms->deployment->pool,
		.cache = asking->terms->cache,
	};
	if (keep && !keep_chain(keep, chain, count, asking->error))
		return false;
	return cw_judge(&question, ret, asking->error);
}

/* Gives a finding another code of the table: layer and severity follow. */
static void recode(struct cw_finding *finding, enum cw_code code)
{
	const struct cw_finding_row *row = cw_finding_row(code);
	finding->code = code;
	finding->layer = row->layer;
	finding->severity = row->severity;
	finding->own_severity = row->severity;
}

/* rules 14: on endpoint links the device's list is what lacks. */
static void name_device_list(const struct question_asking *asking, struct cw_findings *findings)
{
	if (!asking->judge->endpoint)
		return;
	for (size_t i = 0; i < findings->count; i++) {
		struct cw_finding *finding = &findings->items[i];
		if (finding->code == CW_ROOT_MISSING || finding->code == CW_SELF_SIGNED_UNTRUSTED)
			recode(finding, CW_DEVICE_LIST_LACKS_CA);
	}
}

static bool chain_is_trusted(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (cw_check_code_is_about_list(judgement->findings.items[i].code))
			return false;
	return true;
}

static enum cw_identity_kind rsa_counterpart(enum cw_identity_kind kind)
{
	return kind == CW_IDENTITY_TOMCAT_ECDSA ? CW_IDENTITY_TOMCAT : CW_IDENTITY_CALLMANAGER;
}

/* A wrong entry of the list is wrong for whoever is presented; appending its counterpart's CA would not help. */
static bool is_missing(enum cw_code code)
{
	return code == CW_ISSUER_MISSING || code == CW_ROOT_MISSING || code == CW_SELF_SIGNED_UNTRUSTED;
}

/* sources F3 "ECDSA trap": where the RSA identity would have been trusted, the ECDSA certificate is the reason. */
static bool name_ecdsa_counterpart(
	const struct question_asking *asking, enum cw_identity_kind kind, struct cw_judgement *judgement)
{
	if (kind != CW_IDENTITY_TOMCAT_ECDSA && kind != CW_IDENTITY_CALLMANAGER_ECDSA)
		return true;
	enum cw_identity_kind rsa = rsa_counterpart(kind);
	if (chain_is_trusted(judgement) || asking->subject->node->identities[rsa].state != CW_KNOWN)
		return true;
	AUTO_JUDGEMENT other = {0};
	static const struct cw_wanted no_names;
	if (!judge_identity(asking, rsa, CW_PURPOSE_ANY, &no_names, NULL, &other))
		return false;
	for (size_t i = 0; chain_is_trusted(&other) && i < judgement->findings.count; i++)
		if (is_missing(judgement->findings.items[i].code))
			recode(&judgement->findings.items[i], CW_ECDSA_TWIN_UNTRUSTED);
	return true;
}

/* With the list unknown, only what is wrong with the leaf itself is sure. */
static void keep_leaf_findings(struct cw_findings *findings)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		struct cw_finding *finding = &findings->items[i];
		if (finding->depth == 0 && !cw_check_code_is_about_list(finding->code))
			findings->items[kept++] = *finding;
		else
			cw_finding_finish(finding);
	}
	findings->count = kept;
}

/* A fingerprint is left that no certificate of the deployment has: what ends in no entry may end in that one. */
static bool fingerprint_decides(const struct question_asking *asking, const struct cw_judgement *judgement)
{
	if (!asking->store->has_fingerprints)
		return false;
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (is_missing(judgement->findings.items[i].code) ||
			judgement->findings.items[i].code == CW_DEVICE_LIST_LACKS_CA)
			return true;
	return false;
}

static bool same_findings(const struct cw_findings *a, const struct cw_findings *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = a->items[i].code == b->items[i].code && a->items[i].depth == b->items[i].depth &&
			a->items[i].severity == b->items[i].severity;
	return same;
}

static struct cw_trust_list turned_round(const struct cw_trust_list *list, struct cw_trust_entry *entries)
{
	for (size_t i = 0; i < list->count; i++)
		entries[i] = list->entries[list->count - 1 - i];
	return (struct cw_trust_list){.entries = entries, .count = list->count, .unordered = true};
}

/*
 * A judge that stops at the first entry of a name, and a list of which nobody knows the order: what comes out
 * the same from both ends does not hang on it. `*ret`: it does.
 */
static bool order_decides(struct question_asking *asking, const struct cw_wanted *wanted,
	const struct cw_question *side, bool *ret)
{
	const struct cw_store *store = asking->store;
	*ret = false;
	if (!store->unordered || judge_profile(asking) == CW_PROFILE_RFC5280)
		return true;
	AUTO_JUDGEMENT other = {0};
	AUTO(free) struct cw_trust_entry *entries = calloc(store->list.count + 1, sizeof *entries);
	if (!entries)
		return cw_error_memory(asking->error);
	const struct cw_trust_list list = turned_round(&store->list, entries);
	asking->list = &list;
	bool judged = judge_identity(asking, side->identity, cw_link_row_purpose(asking->row, &asking->ends),
		wanted, NULL, &other);
	asking->list = NULL;
	if (!judged)
		return false;
	*ret = !same_findings(&side->judgement.findings, &other.findings);
	return true;
}

/* A number of an entry that only the order of the files made says nothing of the box. */
static void forget_places(struct cw_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		findings->items[i].place = findings->items[i].better_place = 0;
}

static const char *why_unsure(bool fingerprints, bool order)
{
	if (fingerprints)
		return "holds entries that are known by fingerprints only, and one of them may be the issuer";
	return order
		? "is a folder whose order is not that of the box (no numbers, no order.txt), and the order decides"
		: "is not known";
}

static bool ask_known(
	struct question_asking *asking, const struct cw_wanted *wanted, struct cw_question *side)
{
	struct cw_judgement *judgement = &side->judgement;
	if (!judge_identity(asking, side->identity, cw_link_row_purpose(asking->row, &asking->ends), wanted,
		    side, judgement))
		return false;
	if (!name_ecdsa_counterpart(asking, side->identity, judgement))
		return false;
	name_device_list(asking, &judgement->findings);
	bool unsure = fingerprint_decides(asking, judgement), order;
	if (!order_decides(asking, wanted, side, &order))
		return false;
	if (asking->store->unordered)
		forget_places(&judgement->findings);
	if (asking->store->state != CW_KNOWN || unsure || order) {
		keep_leaf_findings(&judgement->findings);
		if (!question_complain_not_known(asking, side, "%s of %s %s",
			    cw_node_store_name(asking->row->store), asking->judge->name,
			    why_unsure(unsure, order)))
			return false;
	} else {
		side->judged = true;
	}
	return question_complain_all(asking, side, &judgement->findings) && question_tell_notes(asking, side);
}

/* One purpose a question: the second asks for the extended key usage alone. */
static bool ask_client_purpose(const struct question_asking *asking, const struct cw_question *side)
{
	static const struct cw_wanted no_names;
	AUTO_JUDGEMENT judgement = {0};
	if (!judge_identity(asking, side->identity, CW_PURPOSE_CLIENT, &no_names, NULL, &judgement))
		return false;
	for (size_t i = 0; i < judgement.findings.count; i++) {
		struct cw_finding *finding = &judgement.findings.items[i];
		if (finding->code == CW_CLIENT_AUTH_MISSING && !question_complain(asking, side, finding))
			return false;
	}
	return true;
}

static struct cw_question *add_side(const struct question_asking *asking, enum cw_identity_kind identity)
{
	struct cw_question *side = &asking->link->questions[asking->link->question_count++];
	*side = (struct cw_question){
		.by_client = asking->row->by_client,
		.judge = asking->judge,
		.subject = asking->subject,
		.identity = identity,
		.store = asking->row->store,
	};
	return side;
}

static bool ask_row(struct question_asking *asking)
{
	struct cw_link *link = asking->link;
	asking->weight = cw_link_row_weight(asking->row, &asking->ends);
	if (asking->weight == CW_WEIGHT_NONE)
		return true;
	asking->judge = asking->row->by_client ? &link->client : &link->server;
	asking->subject = asking->row->by_client ? &link->server : &link->client;
	asking->store = asking->judge->node ? &asking->judge->node->stores[asking->row->store]
					    : &asking->judge->endpoint->trust;
	enum cw_identity_kind kind = cw_link_row_identity(asking->row, &asking->ends);
	asking->kind = kind;
	asking->identity = &asking->subject->node->identities[kind];
	struct cw_question *side = add_side(asking, kind);
	/* what came over the wire is known, whatever the files say */
	if (!asking->evidence && asking->identity->state != CW_KNOWN)
		return question_complain_not_known(asking, side, "the %s certificate of %s is not known",
			cw_node_identity_name(kind), asking->subject->name);
	struct cw_wanted wanted __attribute__((cleanup(cw_wanted_finish))) = {0};
	if (!cw_wanted_names(asking->terms->deployment, &asking->ends, asking->row->names, &wanted))
		return cw_error_memory(asking->error);
	if (!ask_known(asking, &wanted, side))
		return false;
	return cw_link_row_wants_client_too(asking->row, &asking->ends) ? ask_client_purpose(asking, side)
									: true;
}

static bool ask_rows(struct question_asking *asking, bool of_client, bool of_server)
{
	size_t count;
	const struct cw_link_row *rows = cw_link_rows(&count);
	for (size_t i = 0; i < count; i++) {
		asking->row = &rows[i];
		bool wanted = rows[i].by_client ? of_client : of_server;
		if (rows[i].kind == asking->link->kind && wanted && !ask_row(asking))
			return false;
	}
	return true;
}

bool cw_question_ask_link(const struct cw_question_terms *terms, struct cw_link *link, struct cw_error *error)
{
	struct question_asking asking = {
		.terms = terms, .link = link, .ends = cw_link_ends(link), .error = error};
	return ask_rows(&asking, true, true);
}

/* A complaint of another layer is for what runs on top of TLS. */
static bool refuses_in_tls(const struct cw_link *link, const struct cw_party *judge)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (complaint->judge == judge->name && complaint->finding.layer == CW_LAYER_TLS &&
			complaint->finding.severity == CW_SEVERITY_REFUSED)
			return true;
	}
	return false;
}

bool cw_question_ask_end(const struct cw_question_terms *terms, struct cw_link *link, bool by_client,
	const struct cw_question_evidence *evidence, bool *ret, struct cw_error *error)
{
	struct question_asking asking = {.terms = terms,
		.link = link,
		.ends = cw_link_ends(link),
		.evidence = evidence,
		.error = error};
	if (!ask_rows(&asking, by_client, !by_client))
		return false;
	cw_handshake_settle(link);
	*ret = refuses_in_tls(link, by_client ? &link->client : &link->server);
	return true;
}

bool cw_question_ask_alone(enum cw_link_alone kind, const struct cw_judge_question *given,
	struct cw_judgement *ret, struct cw_error *error)
{
	const struct cw_link_alone_row *row = cw_link_alone_row(kind);
	struct cw_judge_question question = *given;
	if (!row->purpose_given)
		question.purpose = row->purpose;
	if (!row->profile_given)
		question.profile = row->profile;
	return cw_judge(&question, ret, error);
}

bool cw_question_ask_unordered(enum cw_link_alone kind, const struct cw_judge_question *given,
	struct cw_judgement *ret, struct cw_error *error)
{
	AUTO_JUDGEMENT one = {0}, other = {0};
	AUTO(free) struct cw_trust_entry *entries = calloc(given->list->count + 1, sizeof *entries);
	if (!entries)
		return cw_error_memory(error);
	const struct cw_trust_list list = turned_round(given->list, entries);
	struct cw_judge_question turned = *given;
	turned.list = &list;
	if (!cw_question_ask_alone(kind, given, &one, error) ||
		!cw_question_ask_alone(kind, &turned, &other, error))
		return false;
	forget_places(&one.findings);
	if (!same_findings(&one.findings, &other.findings)) {
		keep_leaf_findings(&one.findings);
		struct cw_finding *finding = cw_findings_add(&one.findings, CW_NOT_KNOWN, 0, NULL);
		cw_finding_detail(&one.findings, finding, "the list %s", why_unsure(false, true));
		if (!cw_findings_ok(&one.findings, error))
			return false;
		one.verdict = cw_findings_verdict(&one.findings);
	}
	*ret = one;
	one = (struct cw_judgement){0};
	return true;
}
