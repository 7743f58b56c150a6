#include "observe/probed_judge.h"

#include "base/buffer.h"
#include "check/question.h"
#include "model/presented.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

static const struct cw_probed_role roles[] = {
	{"edge", 8443, CW_PROFILE_RFC5280, "an endpoint outside"},
	{"traversal", 7001, CW_PROFILE_EXPRESSWAY, "Expressway-C"},
	{"tomcat", 8443, CW_PROFILE_EXPRESSWAY, "Expressway-C"},
	{"tftp", 6972, CW_PROFILE_EXPRESSWAY, "Expressway-C"},
	{"sip", 5061, CW_PROFILE_EXPRESSWAY, "Expressway-C"},
};

const struct cw_probed_role *cw_probed_judge_role(const char *name)
{
	for (size_t i = 0; name && i < sizeof roles / sizeof roles[0]; i++)
		if (strcmp(roles[i].name, name) == 0)
			return &roles[i];
	return NULL;
}

bool cw_probed_judge_alone(struct cw_probed *probed, const struct cw_probed_role *role,
	const struct cw_trust_list *list, cw_time at, struct cw_error *error)
{
	const char *name = probed->sni ? probed->sni : probed->host;
	const struct cw_wanted_name wanted = {
		.names = {name, NULL}, .mismatch = CW_PEER_NAME_MISMATCH, .layer = CW_LAYER_TLS};
	const struct cw_judge_question question = {.chain = probed->chain,
		.chain_count = probed->chain_count,
		.list = list,
		.profile = role->profile,
		.purpose = CW_PURPOSE_SERVER,
		.names = &wanted,
		.name_count = 1,
		.at = at};
	AUTO_JUDGEMENT judgement = {0};
	if (!probed->chain_count)
		return true;
	if (!cw_question_ask_alone(CW_ALONE_VERIFY, &question, &judgement, error))
		return false;
	probed->judged = true;
	probed->verdict = judgement.verdict;
	probed->findings = judgement.findings;
	judgement.findings = (struct cw_findings){0};
	return true;
}

static bool CW_PRINTF(3, 4) remark(struct cw_probed *probed, struct cw_error *error, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	return cw_buffer_ok(&text, error) &&
		(cw_strings_add(&probed->remarks, cw_buffer_string(&text)) || cw_error_memory(error));
}

/* The file's certificate and the presented one are for the same box and use. */
static bool same_names(const struct cw_cert *a, const struct cw_cert *b)
{
	const char *one = cw_cert_common_name(a), *two = cw_cert_common_name(b);
	return one && two && strcasecmp(one, two) == 0;
}

/* The node of the deployment whose certificate this is, or NULL. */
static const struct cw_node *owner_of(const struct cw_check *check, const struct cw_cert *leaf)
{
	for (size_t i = 0; i < check->node_count; i++)
		for (size_t k = 0; k < CW_IDENTITY_KIND_COUNT; k++) {
			const struct cw_identity *identity = &check->nodes[i].node->identities[k];
			if (identity->state == CW_KNOWN && cw_cert_same(identity->leaf, leaf))
				return check->nodes[i].node;
		}
	return NULL;
}

static bool compare_other(struct cw_probed *probed, const struct cw_check *check,
	const struct cw_cert *wanted, struct cw_error *error)
{
	const struct cw_cert *leaf = probed->chain[0];
	const struct cw_node *owner = owner_of(check, leaf);
	probed->file = CW_PROBED_FILE_OTHER;
	if (owner && owner != probed->node)
		return remark(probed, error, "presents another box's certificate: that of %s", owner->fqdn);
	if (owner)
		return remark(probed, error,
			"presents another certificate of %s than the one for this service", owner->fqdn);
	if (!same_names(leaf, wanted))
		return remark(probed, error, "presents a certificate that the deployment does not hold: %s",
			cw_cert_subject_text(leaf));
	if (cw_cert_not_before(leaf) >= cw_cert_not_before(wanted))
		return remark(probed, error,
			"presents a newer certificate than the file of %s: export it again",
			probed->node->fqdn);
	probed->file = CW_PROBED_FILE_OLDER;
	return remark(probed, error, "still presents the old certificate: %s was not restarted",
		probed->node->fqdn);
}

/* The certificates behind the leaf: by the files the box has issuers in its own list, and sends them. */
static bool compare_chain(struct cw_probed *probed, size_t wanted, struct cw_error *error)
{
	if (probed->chain_count >= wanted)
		return true;
	if (probed->chain_count == 1)
		return remark(probed, error,
			"sends no intermediate though the list of %s has it: it was not restarted, or the list is "
			"another one by now",
			probed->node->fqdn);
	return remark(probed, error, "sends fewer certificates than its list on file lets it: %s",
		probed->node->fqdn);
}

static bool compare(struct cw_probed *probed, const struct cw_check *check, const struct cw_link *link,
	struct cw_error *error)
{
	const struct cw_link_ends ends = cw_link_ends(link);
	enum cw_identity_kind kind;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	if (!probed->node || !cw_presented_identity(&ends, true, &kind))
		return true;
	const struct cw_identity *identity = &probed->node->identities[kind];
	if (identity->state != CW_KNOWN)
		return true;
	if (!cw_cert_same(identity->leaf, probed->chain[0]))
		return compare_other(probed, check, identity->leaf, error);
	probed->file = CW_PROBED_FILE_SAME;
	return compare_chain(probed, cw_presented_chain(probed->node, kind, chain), error);
}

static bool leads_here(const struct cw_link *link, const struct cw_probed *probed)
{
	return link->kind != CW_LINK_TUNNEL && link->port && link->port == probed->port &&
		strcasecmp(link->address, probed->host) == 0;
}

static bool judge_link(struct cw_probed *probed, const struct cw_check *check, const struct cw_link *link,
	const struct cw_check_options *options, struct cw_error *error)
{
	const struct cw_question_terms terms = cw_check_terms(check->deployment, options);
	const struct cw_question_evidence evidence = {
		.chain = probed->chain, .chain_count = probed->chain_count};
	const struct cw_link_ends ends = cw_link_ends(link);
	bool refuses;
	if (!cw_memory_grow(
		    &probed->links, &probed->link_capacity, probed->link_count, sizeof *probed->links))
		return cw_error_memory(error);
	AUTO(cw_link_free) struct cw_link *seen = cw_link_bare(link);
	if (!seen)
		return cw_error_memory(error);
	if (cw_presented_asked(&ends, true) &&
		!cw_question_ask_end(&terms, seen, true, &evidence, &refuses, error))
		return false;
	probed->judged = true;
	if (seen->verdict > probed->verdict)
		probed->verdict = seen->verdict;
	probed->links[probed->link_count++] = (struct cw_probed_link){link, TAKE(seen)};
	/* What the server asks of a client, beside what its link says it judges. */
	if (!probed->asks && cw_presented_asked(&ends, false))
		return remark(
			probed, error, "asks for no client certificate, so it judges none, on %s", link->id);
	return true;
}

bool cw_probed_judge_links(struct cw_probed *probed, const struct cw_check *check,
	const struct cw_check_options *options, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (!leads_here(link, probed))
			continue;
		bool first = !probed->node;
		probed->node = link->server.node;
		if (!probed->chain_count)
			continue;
		if ((first && !compare(probed, check, link, error)) ||
			!judge_link(probed, check, link, options, error))
			return false;
	}
	return true;
}
